use expect_test::expect;

use super::check;

#[test]
fn german() {
    check(
        "de-DE",
        &[
            "Die Fracht kostet 2.200 USD, also 6,50 €/kg.",
            "Das sind 0,45 EUR pro Palette und Tag, 1,00 € oder 5 Mio. €.",
            "Es dauert 18–20 Tage, 18 bis 20 Tage oder 2-3 Wochen.",
            "Wir öffnen um 9:00 Uhr und schließen um 14:30 Uhr, am Mo–Fr 9:00–18:00 Uhr.",
            "Die Hotline ist 24/7 erreichbar: +49 30 1234567.",
            "Am 23.11.2026 oder 2026-11-23, am 3. November",
            "z. B. Obst, z.B. Fisch, d. h. ca. 5 kg bzw. 3 m³ inkl. Zoll",
            "Nr. 5 & Co., 5 % mehr, -18 °C, § 7",
            "Schreiben Sie an support@supplychainco.com oder portal.supplychainco.com/track.",
            "1 t, 20 t und 40 ft, 80 km/h, per kg, pro kg",
        ],
        expect![[r#"
            Die Fracht kostet 2.200 USD, also 6,50 €/kg. => Die Fracht kostet 2.200 US-Dollar, also 6 Euro 50 pro Kilogramm.
            Das sind 0,45 EUR pro Palette und Tag, 1,00 € oder 5 Mio. €. => Das sind 45 Cent pro Palette und Tag, 1 Euro oder 5 Millionen Euro.
            Es dauert 18–20 Tage, 18 bis 20 Tage oder 2-3 Wochen. => Es dauert 18 bis 20 Tage, 18 bis 20 Tage oder 2 bis 3 Wochen.
            Wir öffnen um 9:00 Uhr und schließen um 14:30 Uhr, am Mo–Fr 9:00–18:00 Uhr. => Wir öffnen um 9 Uhr und schließen um 14 Uhr 30, am Montag bis Freitag 9 Uhr bis 18 Uhr.
            Die Hotline ist 24/7 erreichbar: +49 30 1234567. => Die Hotline ist rund um die Uhr erreichbar: plus 4 9, 3 0, 1 2 3 4 5 6 7.
            Am 23.11.2026 oder 2026-11-23, am 3. November => Am 23. November 2026 oder 23. November 2026, am 3. November
            z. B. Obst, z.B. Fisch, d. h. ca. 5 kg bzw. 3 m³ inkl. Zoll => zum Beispiel Obst, zum Beispiel Fisch, das heißt circa 5 Kilogramm beziehungsweise 3 Kubikmeter inklusive Zoll
            Nr. 5 & Co., 5 % mehr, -18 °C, § 7 => Nummer 5 und Co., 5 Prozent mehr, minus 18 Grad Celsius, Paragraf 7
            Schreiben Sie an support@supplychainco.com oder portal.supplychainco.com/track. => Schreiben Sie an support at supplychainco Punkt com oder portal Punkt supplychainco Punkt com Schrägstrich track.
            1 t, 20 t und 40 ft, 80 km/h, per kg, pro kg => 1 Tonne, 20 Tonnen und 40 Fuß, 80 Kilometer pro Stunde, per Kilogramm, pro Kilogramm
        "#]],
    );
}

#[test]
fn spanish() {
    check(
        "es-ES",
        &[
            "El flete cuesta 2.200 USD o 6,50 €/kg.",
            "Son 0,45 USD por palé, 1 € o $5.",
            "Tarda 18–20 días, de 18 a 20 días.",
            "¿Abren de 9:00 a 18:00? ¡Sí, 24/7!",
            "El 2026-11-23 o el 23/11/2026",
            "p. ej. fruta, aprox. 5 kg y 3 m³, n.º 5",
            "5 % más, −18 °C, Ana & Luis, y/o",
            "Escriba a soporte@supplychainco.com",
        ],
        expect![[r#"
            El flete cuesta 2.200 USD o 6,50 €/kg. => El flete cuesta 2.200 dólares estadounidenses o 6 euros con 50 por kilogramo.
            Son 0,45 USD por palé, 1 € o $5. => Son 45 centavos por palé, 1 euro o 5 dólares.
            Tarda 18–20 días, de 18 a 20 días. => Tarda 18 a 20 días, de 18 a 20 días.
            ¿Abren de 9:00 a 18:00? ¡Sí, 24/7! => ¿Abren de 9 a 18? ¡Sí, las 24 horas!
            El 2026-11-23 o el 23/11/2026 => El 23 de noviembre de 2026 o el 23 de noviembre de 2026
            p. ej. fruta, aprox. 5 kg y 3 m³, n.º 5 => por ejemplo fruta, aproximadamente 5 kilogramos y 3 metros cúbicos, número 5
            5 % más, −18 °C, Ana & Luis, y/o => 5 por ciento más, menos 18 grados Celsius, Ana y Luis, y o
            Escriba a soporte@supplychainco.com => Escriba a soporte arroba supplychainco punto com
        "#]],
    );
}

#[test]
fn french() {
    check(
        "fr-FR",
        &[
            "Le fret coûte 2 200 USD, soit 6,50 €/kg.",
            "C'est 0,45 € par palette, 1 € ou 2\u{202f}500,50 €.",
            "Il faut 18–20 jours, 18 à 20 jours.",
            "Ouvert de 9h30 à 18h, ou 14:30, 24/7\u{a0}!",
            "Le 2026-11-23 ou le 23/11/2026",
            "p. ex. des fruits, env. 5 kg, n° 5, c.-à-d. 3 m³",
            "« Bonjour », dit-il : 5 % de plus",
            "Écrivez à support@supplychainco.com",
        ],
        expect![[r#"
            Le fret coûte 2 200 USD, soit 6,50 €/kg. => Le fret coûte 2200 dollars américains, soit 6 euros 50 par kilogramme.
            C'est 0,45 € par palette, 1 € ou 2 500,50 €. => C'est 45 centimes par palette, 1 euro ou 2500 euros 50.
            Il faut 18–20 jours, 18 à 20 jours. => Il faut 18 à 20 jours, 18 à 20 jours.
            Ouvert de 9h30 à 18h, ou 14:30, 24/7 ! => Ouvert de 9 heures 30 à 18 heures, ou 14 heures 30, 24 heures sur 24, 7 jours sur 7!
            Le 2026-11-23 ou le 23/11/2026 => Le 23 novembre 2026 ou le 23 novembre 2026
            p. ex. des fruits, env. 5 kg, n° 5, c.-à-d. 3 m³ => par exemple des fruits, environ 5 kilogrammes, numéro 5, c'est-à-dire 3 mètres cubes
            « Bonjour », dit-il : 5 % de plus => « Bonjour», dit-il: 5 pour cent de plus
            Écrivez à support@supplychainco.com => Écrivez à support arobase supplychainco point com
        "#]],
    );
}

#[test]
fn an_unknown_language_loses_marks_and_keeps_its_words() {
    check(
        "sv-SE",
        &[
            "**Hej** 😀! Det kostar USD 2,200 (5 %), 18–20 dagar.",
            "- Ring +1-800-555-LOGI\n- Mejla support@supplychainco.com",
            "R&D & #7 e.g. <5",
        ],
        expect![[r#"
            **Hej** 😀! Det kostar USD 2,200 (5 %), 18–20 dagar. => Hej! Det kostar USD 2,200 (5 %), 18–20 dagar.
            - Ring +1-800-555-LOGI⏎- Mejla support@supplychainco.com => Ring +1-800-555-LOGI. Mejla support@supplychainco.com.
            R&D & #7 e.g. <5 => R&D & #7 e.g. <5
        "#]],
    );
    check(
        "zh-CN",
        &[
            "海运需要**18–20**天，费用为2,200美元。😀好的",
            "ใช้เวลา 18 วัน",
        ],
        expect![[r#"
            海运需要**18–20**天，费用为2,200美元。😀好的 => 海运需要18–20天，费用为2,200美元。 好的
            ใช้เวลา 18 วัน => ใช้เวลา 18 วัน
        "#]],
    );
}

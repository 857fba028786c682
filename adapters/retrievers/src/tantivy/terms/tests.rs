use std::collections::BTreeSet;

use expect_test::{Expect, expect};
use voicera::words::Language;

use super::*;

/// Each line of a script is a question; the trace shows its terms, those of one place joined by
/// `=`, and words without meaning in brackets.
fn check(language: &str, script: &str, expected: Expect) {
    let protected = BTreeSet::from(["Demurrage".to_owned()]);
    let analysis = Analysis::new(&protected);
    let language = Language::new(language);
    let mut trace = String::new();
    for line in script.trim().lines() {
        let asked = analysis.of_question(line.trim(), &language);
        let mut last = None;
        for Asked { term, role, .. } in &asked {
            match last {
                None => {}
                Some(position) if position == term.position => trace.push('='),
                Some(_) => trace.push(' '),
            }
            match role {
                Role::Stop => trace.push_str(&format!("({})", term.text)),
                Role::Meaning | Role::Whole => trace.push_str(&term.text),
            }
            last = Some(term.position);
        }
        trace.push('\n');
        // What is asked and what is indexed are cut alike.
        let terms = analysis.of_text(line.trim(), &language);
        assert_eq!(
            terms,
            asked
                .into_iter()
                .map(|asked| asked.term)
                .collect::<Vec<_>>()
        );
    }
    expected.assert_eq(&trace);
}

#[test]
fn word_forms_case_and_accents_are_one() {
    check(
        "en-US",
        "
        Shipments shipped SHIPPING
        the company's offices, customers’ offices
        naïve café Zürich ŁÓDŹ
        don't won't it's
        cut-off times / last‑mile delivery
        ",
        expect![[r#"
            shipment ship ship
            (the) compani offic custom offic
            naiv cafe zurich lodz
            (dont) (wont) (it)
            cutoff=cut (off) time lastmile=last mile deliveri
        "#]],
    );
}

#[test]
fn what_people_say_around_a_question_carries_no_meaning() {
    check(
        "en-US",
        "
        hello, please, can you tell me, I want to know about customs
        okay um how do you think, I mean, about insurance?
        hi um I was wondering where is your company actually based
        what is the US duty?
        ",
        expect![[r#"
            (hello) (pleas) (can) (you) (tell) (me) (i) (want) (to) (know) (about) custom
            (okay) (um) (how) (do) (you) (think) (i) (mean) (about) insur
            (hi) (um) (i) (was) (wonder) (where) (is) (your) compani (actual) base
            (what) (is) (the) us duti
        "#]],
    );
}

#[test]
fn numbers_are_one_as_spoken_and_as_written() {
    check(
        "en-US",
        "
        twenty one, twenty-one, 21
        one thousand two hundred, 1,200, 1200
        two hundred and fifty kilos, 250 kg, 250kg
        nineteen ninety eight, 1998, twenty twenty six
        one two three four five
        five oh nine
        2 thousand
        which one is it, one of them, one and two
        3.5 percent, 3.5%, 3.5 per cent
        5 hundred dollars, $500, 500 USD
        20 30 40
        the 21st of May
        a hundred, thousands
        six to nine days, 6-9 days, 6 – 9 days
        ",
        expect![[r#"
            21 21 21
            1200 1200 1200
            250 kg 250 kg 250 kg
            1998 1998 2026
            12345
            509
            2000
            (which) (one) (is) (it) (one) (of) (them) (one) (and) 2
            3.5 percent 3.5 percent 3.5 percent
            500 usd usd 500 500 usd
            20 30 40
            (the) 21 (of) (may)
            (a) 100 thousand
            6 (to) 9 day 6 9 day 6 9 day
        "#]],
    );
}

#[test]
fn units_are_one_as_spoken_and_as_written() {
    check(
        "en-US",
        "
        forty foot container
        40 ft container
        40' container
        40-foot container
        40ft container
        forty-foot container
        forty feet in 2020 in Rotterdam
        two pounds, 2 lbs
        ten cubic meters, 10 m3, 10cbm
        66 -- in '98
        ",
        expect![[r#"
            40 foot contain
            40 foot contain
            40 foot contain
            40foot=40 foot contain
            40 foot contain
            40 foot contain
            40 foot (in) 2020 (in) rotterdam
            2 pound 2 pound
            10 cbm 10 cbm 10 cbm
            66 (in) 98
        "#]],
    );
}

#[test]
fn letters_spoken_one_by_one_are_a_word() {
    check(
        "en-US",
        "
        I S F filing
        the h s code
        U.S.A. and U S A, p.m., R&D, AT&T
        do I a
        plan b
        B L number
        ",
        expect![[r#"
            isf file
            (the) hs code
            usa (and) usa pm rd att=at t
            (do) (i) (a)
            plan b
            bl number
        "#]],
    );
}

#[test]
fn identifiers_are_found_whole_and_in_parts() {
    check(
        "en-US",
        "
        MSKU1234567
        MSKU 1234567
        HS code 8471.30
        ISO-9001, ISO 9001, iso9001
        A-12/3
        support@supplychainco.com
        portal.supplychainco.com
        18:00 or 9:00
        H1B
        version 1.2.3
        ",
        expect![[r#"
            msku1234567=msku 1234567
            msku 1234567
            hs code 847130=8471 30
            iso9001=iso 9001 iso 9001 iso9001=iso 9001
            a123=(a) 12 3
            support@supplychainco.com=support supplychainco com
            portal.supplychainco.com=portal supplychainco com
            18:00=18 00 (or) 9:00=9 00
            h1b
            version 1.2.3=1 2 3
        "#]],
    );
}

#[test]
fn words_of_the_trade_keep_their_form() {
    check(
        "en-US",
        "
        demurrage DEMURRAGE Demurrages
        DDP CIF FAS fas
        INTERNATIONAL SHIPPING RATES
        ",
        expect![[r#"
            demurrage demurrage demurrag
            ddp cif fas fas
            intern ship rates
        "#]],
    );
}

#[test]
fn german_is_read_as_german() {
    check(
        "de-DE",
        "
        Guten Tag, können Sie mir bitte sagen, wie lange die Verschiffung dauert?
        einundzwanzig Container, 21 Container, zweihundertfünfzig Kilo
        fünf Prozent, vierzig Fuß, Straße STRASSE
        die Häfen, der Hafen
        hundert Hunde und der Mund
        ",
        expect![[r#"
            (gut) (tag) (konn) (sie) (mir) (bitt) (sag) (wie) lang (die) verschiff dauert
            21 contain 21 contain 250 kg
            5 percent 40 foot strass strass
            (die) haf (der) haf
            100 hund (und) (der) mund
        "#]],
    );
}

#[test]
fn spanish_is_read_as_spanish() {
    check(
        "es-ES",
        "
        Hola, buenos días, quisiera saber cuánto cuesta el envío
        treinta y cinco kilos, cuarenta pies, diez por ciento
        dos mil quinientos dólares
        ",
        expect![[r#"
            (hol) (buen) (dias) (quis) (sab) (cuant) cuest (el) envi
            35 kg 40 foot 10 percent
            2500 usd
        "#]],
    );
}

#[test]
fn french_is_read_as_french() {
    check(
        "fr-FR",
        "
        Bonjour, est-ce que vous pouvez m'expliquer l'assurance s'il vous plaît
        quatre-vingt-dix kilos, vingt et un jours, soixante-douze
        l'envoi, aujourd'hui, dix pour cent
        ",
        expect![[r#"
            (bonjour) estce=(est) (ce) (que) (vous) (pouv) (m) (expliqu) (l) assur (s) (il) (vous) (plait)
            90 kg 21 jour 72
            (l) envoi aujourd hui 10 percent
        "#]],
    );
}

#[test]
fn scripts_without_spaces_are_cut_into_letters_and_pairs() {
    check(
        "zh-CN",
        "
        海运费用多少 USD
        空
        コンテナ追跡
        ค่าขนส่ง
        ",
        expect![[r#"
            海运=海 运费=运 费用=费 用多=用 多少=多 少 usd
            空
            コン=コ ンテ=ン テナ=テ ナ追=ナ 追跡=追 跡
            ค่=ค ่า=่ าข=า ขน=ข นส=น ส่=ส ่ง=่ ง
        "#]],
    );
}

#[test]
fn other_scripts_and_odd_texts_are_cut() {
    check(
        "ru-RU",
        "
        Сроки доставки контейнеров
        شحن بحري
        हिन्दी में
        🚢🚢 !!! ... --- '' @ .a. -b-
        e\u{301}te\u{301}
        ",
        expect![[r#"
            срок доставк контейнер
            شحن بحري
            हिन्दी में
            ab
            ete
        "#]],
    );
}

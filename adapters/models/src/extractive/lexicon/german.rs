//! German.

use rust_stemmers::Algorithm;

use super::{Data, Demand, Figures};

pub(super) const DATA: Data = Data {
    algorithm: Algorithm::German,
    stop: "aber alle als also am an auch auf aus außerdem bei beim bin bis da dabei damit dann das dass \
           dein deine dem den denn der des die dies diese diesem diesen dieser dieses doch dort du durch \
           ein eine einem einen einer eines er es etwa euch euer eure für gibt haben hat hatte hier ich \
           ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist ja jede jeder jedes kann können könnte \
           könnten lange man mein meine meinem meinen meiner mir mich mit muss müssen nach nicht noch nur \
           nun ob oder ohne per pro sein seine sich sie sind so soll sollen über um und uns unser unsere \
           unserem unseren unter viel viele vom von vor wann war waren warum was wem wen wenn wer werden \
           wie wieso wird wir wo woher wohin worden würde würden zu zum zur zwischen äh ähm hallo guten \
           tag bitte gern gerne mal denn eigentlich",
    common: "allgemein anbieten ander bekommen benötigen beste bieten brauchen bringen dauern dauert denken \
             ding dinge erfahren erhalten finden frage fragen funktionieren geben gehen gern genau gut \
             gleich groß heute helfen hilfe idee informationen interessieren jemand jetzt kennen klein \
             kommen kunde lassen lieber machen mehr meinen möchte möchten möglich nehmen neu nötig normal \
             normalerweise ort person problem rufen sache sagen schnell sehen sicher sprechen stadt suchen \
             tun verstehen weiß welch wissen wissen wollen will wünschen zeigen leute firma unternehmen \
             ungefähr später spät früh arten sorten",
    before_names: "nach von aus in bis zwischen bei über via",
    negations: "nicht",
    conjunctions: "und oder sowie",
    plural: "en",
    means: "per mit über durch mittels",
    copulas: "ist sind bedeutet heißt war waren",
    definitions: &[
        "was ist",
        "was sind",
        "was bedeutet",
        "was heißt",
        "wofür steht",
    ],
    capitals_are_names: false,
    numbers: &[
        ("null", 0),
        ("zwei", 2),
        ("drei", 3),
        ("vier", 4),
        ("fünf", 5),
        ("sechs", 6),
        ("sieben", 7),
        ("acht", 8),
        ("neun", 9),
        ("zehn", 10),
        ("elf", 11),
        ("zwölf", 12),
        ("zwanzig", 20),
        ("dreißig", 30),
        ("vierzig", 40),
        ("fünfzig", 50),
        ("sechzig", 60),
        ("siebzig", 70),
        ("achtzig", 80),
        ("neunzig", 90),
        ("hundert", 100),
        ("tausend", 1000),
    ],
    same: &[
        "e mail|e mails|mail|mails|emails = email",
        "kg|kilo|kilos|kilogramm = kilogramm",
        "euro|euros|eur = eur",
        "handy|handys = mobiltelefon",
        "rund um die uhr|24 7 = aroundtheclock",
        "vereinigte staaten|vereinigten staaten|amerika = usa",
    ],
    related: &[
        "telefon telefonnummer hotline rufnummer anrufen",
        "email schreiben mail",
        "webseite website internet online portal",
        "preis kosten kostet gebühr tarif bezahlen teuer zahlen",
        "zahlen bezahlen zahlung rechnung",
        "öffnungszeiten geöffnet öffnen offen schließen uhr",
        "adresse straße anschrift standort sitz",
        "lieferung liefern versand versenden zustellung",
        "termin vereinbaren buchen buchung reservieren reservierung",
        "ändern änderung stornieren absagen",
        "schaden beschädigt kaputt reklamation",
        "unterlagen dokument dokumente papiere",
        "sonntag wochenende feiertag",
        "dauer lieferzeit laufzeit",
    ],
    within: &[
        "europa: deutschland frankreich spanien italien österreich polen niederlande belgien",
    ],
    time_units: "sekunde minute stunde tag tage woche monat jahr werktag",
    currencies: "eur usd chf euro dollar franken cent",
    cues: &[
        ("wie lange", Figures::PERIOD, Demand::Firm),
        ("wie viele tage", Figures::PERIOD, Demand::Firm),
        ("wie viele stunden", Figures::PERIOD, Demand::Firm),
        ("wie schnell", Figures::PERIOD, Demand::Firm),
        ("bis wann", Figures::WHEN, Demand::Firm),
        ("um wie viel uhr", Figures::WHEN, Demand::Firm),
        ("wann", Figures::WHEN, Demand::Soft),
        ("wie teuer", Figures::MONEY, Demand::Firm),
        ("was kostet", Figures::MONEY, Demand::Firm),
        ("was kosten", Figures::MONEY, Demand::Firm),
        ("wie viel kostet", Figures::MONEY, Demand::Firm),
        ("wie viel kosten", Figures::MONEY, Demand::Firm),
        ("preis", Figures::MONEY, Demand::Soft),
        ("wie viele", Figures::NUMBER, Demand::Firm),
        ("email", Figures::EMAIL, Demand::Soft),
        ("telefonnummer", Figures::PHONE, Demand::Soft),
        ("öffnungszeiten", Figures::CLOCK, Demand::Soft),
        ("wo", Figures::PLACE, Demand::Hint),
        ("wie kann ich", Figures::MEANS, Demand::Hint),
    ],
    lead_ins: &[
        "und",
        "oder",
        "aber",
        "was ist mit",
        "wie ist es mit",
        "auch",
    ],
    pointers: "das dies dieser diese dieses er sie es dort davon dafür damit",
    dangling: "er sie es dies dieser diese dieses dort dabei dafür ferner solche",
    references: &[
        "siehe",
        "beschrieben unter",
        "unten",
        "folgende",
        "folgenden",
    ],
    focusing: "was welche welcher welches welchen wer wem wessen wie wann wo",
    question_words: "was welche welcher welches welchen wer wem wen wie wann wo warum kann können \
                     könnte ist sind hat haben muss müssen gibt darf",
    small_talk: &[
        (
            "hallo|guten tag|guten morgen|guten abend|grüß gott|moin|servus",
            "Guten Tag! Wie kann ich Ihnen helfen?",
        ),
        (
            "danke|vielen dank|danke schön|dankeschön|besten dank|nein danke|das war alles",
            "Gern geschehen.",
        ),
        (
            "wer sind sie|wer bist du|wie heißen sie|mit wem spreche ich|sind sie ein roboter|sind sie ein mensch|was können sie",
            "Ich bin der automatische Assistent und beantworte Fragen aus unseren Dokumenten.",
        ),
        (
            "wie geht es ihnen|wie geht's|wie geht es dir",
            "Danke, gut. Wie kann ich Ihnen helfen?",
        ),
        (
            "tschüss|auf wiedersehen|auf wiederhören|schönen tag noch",
            "Auf Wiederhören und danke für Ihren Anruf.",
        ),
        (
            "ja|okay|ja bitte|ich habe eine frage|können sie mir helfen",
            "Ja, bitte fragen Sie.",
        ),
    ],
    fillers: "äh ähm also bitte so ja dann nun mal okay",
    nothing_more: "Mehr kann ich dazu nicht sagen.",
};

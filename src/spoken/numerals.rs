//! What number words mean, in English, German, Spanish and French: data.

use std::sync::LazyLock;

use super::lexicon::Lexicon;
use super::{ROOM, lower};

/// What a word is among digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numeral {
    /// 0 to 9.
    Unit(u8),
    /// 10 to 19, and from 21 on what is one word: "einundzwanzig", "veintiuno".
    Pair(u8),
    /// 20, 30 … 90: a unit may follow.
    Tens(u8),
    /// Twenty, and after "quatre" eighty.
    Vingt,
    /// "double", "triple": the digit that follows, so many times.
    Times(u8),
    Hundred,
    /// A thousand and more: what is counted so is an amount, not a number that is read out.
    Thousands,
    /// Between tens and a unit: "treinta y uno"; between digits it says nothing.
    And,
    /// Says nothing between digits.
    Filler,
}

/// What a word is, in any of the languages.
pub(crate) fn numeral(word: &str) -> Option<Numeral> {
    TABLE.get(word).copied().or_else(|| german(word))
}

/// "einundzwanzig".
fn german(word: &str) -> Option<Numeral> {
    if word.len() < "einundachtzig".len() {
        return None;
    }
    let mut room = [0; ROOM];
    let (unit, tens) = lower(word, &mut room)?.split_once("und")?;
    let unit = match (unit, TABLE.get(unit)) {
        ("ein", _) => 1,
        (_, Some(Numeral::Unit(unit))) => *unit,
        _ => return None,
    };
    let (_, tens) = GERMAN_TENS.iter().find(|(known, _)| *known == tens)?;
    Some(Numeral::Pair(tens + unit))
}

static TABLE: LazyLock<Lexicon<Numeral>> = LazyLock::new(|| {
    let units = UNITS
        .iter()
        .flat_map(|(value, words)| words.iter().map(|word| (*word, Numeral::Unit(*value))));
    let pairs = PAIRS
        .iter()
        .flat_map(|(value, words)| words.iter().map(|word| (*word, Numeral::Pair(*value))));
    let tens = TENS
        .iter()
        .flat_map(|(value, words)| words.iter().map(|word| (*word, Numeral::Tens(*value))));
    let german = GERMAN_TENS
        .iter()
        .map(|(word, value)| (*word, Numeral::Tens(*value)));
    let others = OTHERS.iter().copied();
    Lexicon::new(units.chain(pairs).chain(tens).chain(german).chain(others))
});

const UNITS: [(u8, &[&str]); 10] = [
    (
        0,
        &[
            "zero", "oh", "o", "nought", "naught", "null", "cero", "zéro",
        ],
    ),
    (1, &["one", "eins", "uno", "un", "une"]),
    (2, &["two", "zwei", "zwo", "dos", "deux"]),
    (3, &["three", "drei", "tres", "trois"]),
    (4, &["four", "vier", "cuatro", "quatre"]),
    (5, &["five", "fünf", "cinco", "cinq"]),
    (6, &["six", "sechs", "seis"]),
    (7, &["seven", "sieben", "siete", "sept"]),
    (8, &["eight", "acht", "ocho", "huit"]),
    (9, &["nine", "niner", "neun", "nueve", "neuf"]),
];

const PAIRS: [(u8, &[&str]); 19] = [
    (10, &["ten", "zehn", "diez", "dix"]),
    (11, &["eleven", "elf", "once", "onze"]),
    (12, &["twelve", "zwölf", "doce", "douze"]),
    (13, &["thirteen", "dreizehn", "trece", "treize"]),
    (14, &["fourteen", "vierzehn", "catorce", "quatorze"]),
    (15, &["fifteen", "fünfzehn", "quince", "quinze"]),
    (16, &["sixteen", "sechzehn", "dieciséis", "seize"]),
    (17, &["seventeen", "siebzehn", "diecisiete"]),
    (18, &["eighteen", "achtzehn", "dieciocho"]),
    (19, &["nineteen", "neunzehn", "diecinueve"]),
    (21, &["veintiuno", "veintiún"]),
    (22, &["veintidós"]),
    (23, &["veintitrés"]),
    (24, &["veinticuatro"]),
    (25, &["veinticinco"]),
    (26, &["veintiséis"]),
    (27, &["veintisiete"]),
    (28, &["veintiocho"]),
    (29, &["veintinueve"]),
];

const TENS: [(u8, &[&str]); 8] = [
    (20, &["twenty", "veinte"]),
    (30, &["thirty", "treinta", "trente"]),
    (40, &["forty", "fourty", "cuarenta", "quarante"]),
    (50, &["fifty", "cincuenta", "cinquante"]),
    (60, &["sixty", "sesenta", "soixante"]),
    (70, &["seventy", "setenta", "septante"]),
    (80, &["eighty", "ochenta", "huitante"]),
    (90, &["ninety", "noventa", "nonante"]),
];

const GERMAN_TENS: [(&str, u8); 8] = [
    ("zwanzig", 20),
    ("dreißig", 30),
    ("vierzig", 40),
    ("fünfzig", 50),
    ("sechzig", 60),
    ("siebzig", 70),
    ("achtzig", 80),
    ("neunzig", 90),
];

const OTHERS: &[(&str, Numeral)] = &[
    ("vingt", Numeral::Vingt),
    ("vingts", Numeral::Vingt),
    ("double", Numeral::Times(2)),
    ("doppelt", Numeral::Times(2)),
    ("doble", Numeral::Times(2)),
    ("triple", Numeral::Times(3)),
    ("treble", Numeral::Times(3)),
    ("dreifach", Numeral::Times(3)),
    ("quadruple", Numeral::Times(4)),
    ("hundred", Numeral::Hundred),
    ("hundert", Numeral::Hundred),
    ("cien", Numeral::Hundred),
    ("ciento", Numeral::Hundred),
    ("cent", Numeral::Hundred),
    ("thousand", Numeral::Thousands),
    ("million", Numeral::Thousands),
    ("billion", Numeral::Thousands),
    ("tausend", Numeral::Thousands),
    ("mil", Numeral::Thousands),
    ("mille", Numeral::Thousands),
    ("and", Numeral::And),
    ("und", Numeral::And),
    ("y", Numeral::And),
    ("et", Numeral::And),
    ("okay", Numeral::Filler),
    ("ok", Numeral::Filler),
    ("so", Numeral::Filler),
    ("like", Numeral::Filler),
    ("yeah", Numeral::Filler),
    ("yep", Numeral::Filler),
    ("right", Numeral::Filler),
    ("well", Numeral::Filler),
    ("next", Numeral::Filler),
    ("uhh", Numeral::Filler),
    ("umm", Numeral::Filler),
    ("em", Numeral::Filler),
    ("ehm", Numeral::Filler),
    ("mhm", Numeral::Filler),
    ("uh", Numeral::Filler),
    ("um", Numeral::Filler),
    ("uhm", Numeral::Filler),
    ("er", Numeral::Filler),
    ("erm", Numeral::Filler),
    ("ah", Numeral::Filler),
    ("eh", Numeral::Filler),
    ("hm", Numeral::Filler),
    ("hmm", Numeral::Filler),
    ("mm", Numeral::Filler),
    ("then", Numeral::Filler),
    ("dash", Numeral::Filler),
    ("hyphen", Numeral::Filler),
    ("space", Numeral::Filler),
    ("dot", Numeral::Filler),
    ("comma", Numeral::Filler),
    ("äh", Numeral::Filler),
    ("ähm", Numeral::Filler),
    ("dann", Numeral::Filler),
    ("strich", Numeral::Filler),
    ("bindestrich", Numeral::Filler),
    ("eeh", Numeral::Filler),
    ("este", Numeral::Filler),
    ("luego", Numeral::Filler),
    ("guion", Numeral::Filler),
    ("guión", Numeral::Filler),
    ("euh", Numeral::Filler),
    ("puis", Numeral::Filler),
    ("tiret", Numeral::Filler),
];

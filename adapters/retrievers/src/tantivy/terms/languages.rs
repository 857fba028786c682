//! What the analysis knows of languages: stems, stop words, numbers and units.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use rust_stemmers::{Algorithm, Stemmer};
use voicera::words::Language;

mod stops;

/// A language, as far as the analysis knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Tongue {
    Arabic,
    Danish,
    Dutch,
    English,
    Finnish,
    French,
    German,
    Greek,
    Hungarian,
    Italian,
    Norwegian,
    Portuguese,
    Romanian,
    Russian,
    Spanish,
    Swedish,
    Tamil,
    Turkish,
    Other,
}

/// A word of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Value(u64),
    Hundred,
    Scale(u64),
    And,
}

impl Tongue {
    pub(super) fn of(language: &Language) -> Self {
        match language.primary().as_str() {
            "ar" => Self::Arabic,
            "da" => Self::Danish,
            "de" => Self::German,
            "el" => Self::Greek,
            "en" => Self::English,
            "es" => Self::Spanish,
            "fi" => Self::Finnish,
            "fr" => Self::French,
            "hu" => Self::Hungarian,
            "it" => Self::Italian,
            "nb" | "nn" | "no" => Self::Norwegian,
            "nl" => Self::Dutch,
            "pt" => Self::Portuguese,
            "ro" => Self::Romanian,
            "ru" => Self::Russian,
            "sv" => Self::Swedish,
            "ta" => Self::Tamil,
            "tr" => Self::Turkish,
            _ => Self::Other,
        }
    }

    pub(super) fn stemmer(self) -> Option<Stemmer> {
        let algorithm = match self {
            Self::Arabic => Algorithm::Arabic,
            Self::Danish => Algorithm::Danish,
            Self::Dutch => Algorithm::Dutch,
            Self::English => Algorithm::English,
            Self::Finnish => Algorithm::Finnish,
            Self::French => Algorithm::French,
            Self::German => Algorithm::German,
            Self::Greek => Algorithm::Greek,
            Self::Hungarian => Algorithm::Hungarian,
            Self::Italian => Algorithm::Italian,
            Self::Norwegian => Algorithm::Norwegian,
            Self::Portuguese => Algorithm::Portuguese,
            Self::Romanian => Algorithm::Romanian,
            Self::Russian => Algorithm::Russian,
            Self::Spanish => Algorithm::Spanish,
            Self::Swedish => Algorithm::Swedish,
            Self::Tamil => Algorithm::Tamil,
            Self::Turkish => Algorithm::Turkish,
            Self::Other => return None,
        };
        Some(Stemmer::create(algorithm))
    }

    /// Whether a folded word carries no meaning in a question.
    pub(super) fn stops(self, word: &str) -> bool {
        static ENGLISH: OnceLock<HashSet<&str>> = OnceLock::new();
        static GERMAN: OnceLock<HashSet<&str>> = OnceLock::new();
        static SPANISH: OnceLock<HashSet<&str>> = OnceLock::new();
        static FRENCH: OnceLock<HashSet<&str>> = OnceLock::new();
        let (set, words) = match self {
            Self::English => (&ENGLISH, stops::ENGLISH),
            Self::German => (&GERMAN, stops::GERMAN),
            Self::Spanish => (&SPANISH, stops::SPANISH),
            Self::French => (&FRENCH, stops::FRENCH),
            _ => return false,
        };
        set.get_or_init(|| words.split_whitespace().collect())
            .contains(word)
    }

    /// Whether articles and pronouns lose their vowel before another.
    pub(super) fn elides(self) -> bool {
        matches!(self, Self::French | Self::Italian)
    }

    /// `quatre-vingt-dix`.
    pub(super) fn counts_by_twenties(self) -> bool {
        self == Self::French
    }

    /// `nineteen ninety`.
    pub(super) fn reads_years_in_pairs(self) -> bool {
        self == Self::English
    }

    /// A word that counts and, more often, does not.
    pub(super) fn is_one(self, word: &str) -> bool {
        matches!(
            word,
            "one" | "ein" | "eins" | "eine" | "un" | "uno" | "una" | "une" | "cent" | "mil"
        )
    }

    pub(super) fn number(self, word: &str) -> Option<Number> {
        match self {
            Self::English => english(word),
            Self::German => german(word),
            Self::Spanish => spanish(word),
            Self::French => french(word),
            _ => None,
        }
    }

    /// The one name of a unit.
    pub(super) fn unit(self, word: &str) -> Option<&'static str> {
        let unit = match word {
            "ft" | "feet" | "foot" => "foot",
            "inch" | "inches" => "inch",
            "kg" | "kgs" | "kilo" | "kilos" | "kilogram" | "kilograms" | "kilogramm"
            | "kilogramo" | "kilogramos" | "kilogramme" | "kilogrammes" => "kg",
            "lb" | "lbs" => "pound",
            "cbm" => "cbm",
            "km" | "kms" | "kilometer" | "kilometers" | "kilometre" | "kilometres"
            | "kilometro" | "kilometros" => "km",
            "usd" | "dollar" | "dollars" | "dolares" => "usd",
            "eur" | "euro" | "euros" => "eur",
            "gbp" => "gbp",
            "percent" | "percentage" | "prozent" | "pct" => "percent",
            "hrs" | "hr" => "hour",
            "mins" => "minut",
            _ => return None,
        };
        // In another language a word may be another word; numbers before them tell.
        let own =
            matches!(self, Self::English) || !matches!(unit, "hour" | "minut" | "inch" | "foot");
        own.then_some(unit)
    }

    /// The same after a number, where shorter names are clear.
    pub(super) fn unit_after_number(self, word: &str) -> Option<&'static str> {
        let unit = match (self, word) {
            (_, "ft" | "feet" | "foot") => "foot",
            (Self::German, "fuss") | (Self::Spanish, "pie" | "pies") => "foot",
            (Self::French, "pied" | "pieds") => "foot",
            (_, "inch" | "inches") => "inch",
            (_, "m3" | "cbm") => "cbm",
            (Self::English, "h" | "hrs" | "hr") => "hour",
            (Self::English, "min" | "mins") => "minut",
            _ => return self.unit(word),
        };
        Some(unit)
    }

    pub(super) fn unit_of_two(self, first: &str, second: &str) -> Option<&'static str> {
        match (first, second) {
            ("per" | "pro", "cent") | ("por", "ciento") | ("pour", "cent") => Some("percent"),
            ("cubic", "meter" | "meters" | "metre" | "metres" | "m") => Some("cbm"),
            ("metros" | "metro", "cubicos" | "cubico") | ("metres" | "metre", "cubes" | "cube") => {
                Some("cbm")
            }
            ("us", "dollar" | "dollars") => Some("usd"),
            _ => None,
        }
    }
}

/// Words of numbers by their value: from zero to nineteen, then the tens from twenty.
type Values = OnceLock<HashMap<&'static str, u64>>;

fn listed(values: &Values, list: &'static str, word: &str) -> Option<Number> {
    let values = values.get_or_init(|| {
        let tens = (2..).map(|ten| ten * 10);
        list.split_whitespace().zip((0..20).chain(tens)).collect()
    });
    values.get(word).copied().map(Number::Value)
}

fn english(word: &str) -> Option<Number> {
    static VALUES: Values = OnceLock::new();
    match word {
        "hundred" => Some(Number::Hundred),
        "thousand" => Some(Number::Scale(1_000)),
        "million" => Some(Number::Scale(1_000_000)),
        "and" => Some(Number::And),
        word => listed(
            &VALUES,
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen \
             fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy \
             eighty ninety",
            word,
        ),
    }
}

fn german(word: &str) -> Option<Number> {
    match word {
        "hundert" => return Some(Number::Hundred),
        "tausend" => return Some(Number::Scale(1_000)),
        "million" | "millionen" => return Some(Number::Scale(1_000_000)),
        _ => {}
    }
    german_value(word).map(Number::Value)
}

/// German writes a number as one word: `zweihundertfunfundzwanzig`.
fn german_value(word: &str) -> Option<u64> {
    static VALUES: Values = OnceLock::new();
    for (scale, value) in [("tausend", 1_000), ("hundert", 100)] {
        if let Some((times, rest)) = word.split_once(scale) {
            let times = if times.is_empty() {
                1
            } else {
                german_value(times)?
            };
            let rest = if rest.is_empty() {
                0
            } else {
                german_value(rest)?
            };
            return Some(times * value + rest);
        }
    }
    if let Some((ones, tens)) = word.split_once("und") {
        let ones = if ones == "ein" {
            1
        } else {
            german_value(ones)?
        };
        let tens = german_value(tens)?;
        return (ones < 10 && tens >= 20 && tens % 10 == 0).then_some(tens + ones);
    }
    let listed = listed(
        &VALUES,
        "null eins zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn \
         funfzehn sechzehn siebzehn achtzehn neunzehn zwanzig dreissig vierzig funfzig sechzig \
         siebzig achtzig neunzig",
        word,
    );
    match listed {
        Some(Number::Value(value)) => Some(value),
        _ => None,
    }
}

fn spanish(word: &str) -> Option<Number> {
    static VALUES: Values = OnceLock::new();
    let value = match word {
        "y" => return Some(Number::And),
        "cien" | "ciento" => 100,
        "doscientos" | "doscientas" => 200,
        "trescientos" | "trescientas" => 300,
        "cuatrocientos" | "cuatrocientas" => 400,
        "quinientos" | "quinientas" => 500,
        "seiscientos" | "seiscientas" => 600,
        "setecientos" | "setecientas" => 700,
        "ochocientos" | "ochocientas" => 800,
        "novecientos" | "novecientas" => 900,
        "mil" => return Some(Number::Scale(1_000)),
        "millon" | "millones" => return Some(Number::Scale(1_000_000)),
        "veintiun" | "veintiuno" => 21,
        "veintidos" => 22,
        "veintitres" => 23,
        "veinticuatro" => 24,
        "veinticinco" => 25,
        "veintiseis" => 26,
        "veintisiete" => 27,
        "veintiocho" => 28,
        "veintinueve" => 29,
        word => {
            return listed(
                &VALUES,
                "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce \
                 quince dieciseis diecisiete dieciocho diecinueve veinte treinta cuarenta cincuenta \
                 sesenta setenta ochenta noventa",
                word,
            );
        }
    };
    Some(Number::Value(value))
}

fn french(word: &str) -> Option<Number> {
    static VALUES: Values = OnceLock::new();
    match word {
        "et" => Some(Number::And),
        "cent" | "cents" => Some(Number::Hundred),
        "mille" => Some(Number::Scale(1_000)),
        "million" | "millions" => Some(Number::Scale(1_000_000)),
        "vingts" => Some(Number::Value(20)),
        word => listed(
            &VALUES,
            "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze \
             quinze seize dixsept dixhuit dixneuf vingt trente quarante cinquante soixante",
            word,
        ),
    }
}

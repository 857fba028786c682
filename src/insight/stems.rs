//! Words without their endings, so that `ships`, `shipped` and `shipping` are one.

use std::borrow::Cow;

use rust_stemmers::{Algorithm, Stemmer};

use super::lines::Spoken;
use crate::words::Language;

/// Stemmers of the languages of a company, the first for lines whose language nobody knows.
pub(super) struct Stems(Vec<(String, Stemmer)>);

impl std::fmt::Debug for Stems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(language, _)| language))
            .finish()
    }
}

impl Stems {
    /// Languages without a stemmer keep their words as they are.
    pub(super) fn new(languages: &[Language]) -> Self {
        let languages = languages.iter().filter_map(|language| {
            let primary = language.primary();
            let stemmer = Stemmer::create(algorithm(&primary)?);
            Some((primary, stemmer))
        });
        Self(languages.collect())
    }

    /// The stem of a word in lower case.
    pub(super) fn stem<'a>(&self, word: &'a str, language: Option<&Language>) -> Cow<'a, str> {
        let primary = language.map(Language::primary);
        let of_line = self
            .0
            .iter()
            .find(|(known, _)| Some(known) == primary.as_ref());
        match of_line.or(self.0.first()) {
            Some((_, stemmer)) => stemmer.stem(word),
            None => Cow::Borrowed(word),
        }
    }

    /// The stems of a word in every language, without repetition.
    pub(super) fn all(&self, word: &str) -> Vec<String> {
        let mut stems: Vec<String> = self
            .0
            .iter()
            .map(|(_, stemmer)| stemmer.stem(word).into_owned())
            .collect();
        stems.push(word.to_owned());
        stems.sort_unstable();
        stems.dedup();
        stems
    }

    /// The words of a line that carry meaning, as stems in order.
    pub(super) fn content(&self, line: &Spoken<'_>) -> Vec<String> {
        let words = line.words().map(|(_, word)| word);
        let words = words.filter(|word| !is_function_word(word));
        words
            .map(|word| self.stem(word, line.language).into_owned())
            .collect()
    }
}

fn algorithm(primary: &str) -> Option<Algorithm> {
    let algorithm = match primary {
        "ar" => Algorithm::Arabic,
        "da" => Algorithm::Danish,
        "nl" => Algorithm::Dutch,
        "en" => Algorithm::English,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "hu" => Algorithm::Hungarian,
        "it" => Algorithm::Italian,
        "no" | "nb" => Algorithm::Norwegian,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "es" => Algorithm::Spanish,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        _ => return None,
    };
    Some(algorithm)
}

/// Words that hold a sentence together and say little alone, and the courtesies of a call.
pub(super) fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.binary_search(&word).is_ok()
}

#[rustfmt::skip]
const FUNCTION_WORDS: [&str; 419] = [
    "a", "aber", "about", "actually", "again", "ah", "ai", "al", "algo", "all", "alright", "als",
    "also", "am", "an", "and", "any", "anything", "are", "as", "at", "au", "auch", "auf", "aus",
    "aux", "avec", "back", "be", "because", "been", "before", "bei", "being", "bin", "bis",
    "bitte", "bonjour", "but", "by", "bye", "c", "can", "cannot", "cant", "ce", "ces", "cest",
    "cette", "combien", "comment", "con", "could", "couldnt", "course", "cual", "cuando",
    "cuanto", "cuál", "cuándo", "cuánto", "d", "da", "danke", "dans", "das", "dass", "de", "dein",
    "del", "dem", "den", "der", "des", "did", "didnt", "die", "dies", "diese", "do", "doch",
    "does", "doesnt", "doing", "donc", "donde", "dont", "du", "dónde", "each", "ein", "eine",
    "einem", "einen", "einer", "eines", "el", "ella", "elle", "else", "en", "er", "es", "ese",
    "est", "esta", "este", "esto", "está", "et", "etwas", "even", "ever", "every", "faut", "fine",
    "for", "from", "für", "gerne", "get", "give", "go", "goes", "going", "good", "goodbye", "got",
    "gracias", "great", "guten", "ha", "hab", "habe", "haben", "had", "hallo", "has", "hasnt",
    "hat", "have", "havent", "hay", "he", "hello", "her", "here", "hey", "hi", "hier", "him",
    "his", "hm", "hmm", "hola", "how", "i", "ich", "id", "if", "ihr", "ihre", "ihren", "il",
    "ill", "ils", "im", "in", "into", "is", "isnt", "ist", "it", "its", "ive", "j", "ja", "jai",
    "je", "jetzt", "just", "kann", "kind", "know", "können", "l", "la", "las", "le", "les", "let",
    "lets", "leur", "like", "lo", "look", "los", "ma", "made", "mais", "make", "man", "many",
    "maybe", "me", "mean", "mein", "meine", "meinen", "merci", "mes", "mhm", "mi", "mich",
    "might", "mine", "mir", "mis", "mit", "moi", "mon", "more", "morgen", "most", "much", "muss",
    "must", "muy", "my", "möchte", "nach", "name", "ne", "need", "needed", "needs", "nein",
    "never", "nice", "nicht", "no", "noch", "nochmal", "nos", "not", "nous", "now", "nur", "o",
    "ob", "oder", "of", "off", "oh", "ok", "okay", "on", "one", "only", "or", "other", "ou",
    "oui", "our", "out", "over", "own", "où", "par", "para", "pas", "perhaps", "pero", "peux",
    "please", "plus", "por", "porque", "pour", "pouvez", "puede", "puedo", "puis", "quand", "que",
    "quel", "quelle", "quelles", "quels", "question", "qui", "quiero", "quoi", "qué", "really",
    "right", "sa", "said", "same", "say", "se", "see", "sehr", "ser", "ses", "shall", "she",
    "should", "si", "sich", "sie", "sin", "sind", "so", "some", "something", "son", "sont",
    "sorry", "still", "su", "such", "sur", "sure", "sus", "sí", "ta", "tag", "take", "también",
    "te", "tell", "tengo", "thank", "thanks", "that", "thats", "the", "their", "them", "then",
    "there", "theres", "these", "they", "thing", "this", "those", "through", "to", "too",
    "tschüss", "tu", "uh", "um", "un", "una", "und", "une", "uns", "unser", "until", "up", "us",
    "usted", "very", "vom", "von", "vor", "vos", "votre", "vous", "wann", "want", "wanted", "war",
    "was", "we", "well", "wer", "were", "weve", "what", "whats", "when", "where", "wheres",
    "which", "while", "who", "whom", "whos", "whose", "why", "wie", "wieder", "will", "wir",
    "wird", "with", "wo", "wont", "would", "wozu", "würde", "y", "ya", "yeah", "yes", "yet", "yo",
    "you", "your", "youre", "yours", "zu", "zum", "zur", "être",
];

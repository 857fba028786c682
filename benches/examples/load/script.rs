//! What callers ask and what the vendor answers, different for every turn of every call.

use memchr::memmem;

/// Where in a load one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) call: usize,
    pub(crate) turn: usize,
}

/// What stands before the numbers of a question.
const MARK: &str = "Question number ";

/// Plain words, so that no formatter has a reason to change them.
const WORDS: [&str; 41] = [
    "vessel",
    "price",
    "harbour",
    "freight",
    "train",
    "carrier",
    "customs",
    "wagon",
    "insurance",
    "pallet",
    "weekly",
    "invoice",
    "shipment",
    "later",
    "container",
    "storage",
    "quickly",
    "terminal",
    "booking",
    "cargo",
    "before",
    "delivery",
    "packing",
    "rates",
    "often",
    "weight",
    "import",
    "export",
    "officer",
    "during",
    "schedule",
    "truck",
    "papers",
    "depot",
    "claim",
    "route",
    "careful",
    "broker",
    "loading",
    "arrival",
    "journey",
];

/// Names the call and the turn, in letters.
const SYLLABLES: [&str; 10] = ["ba", "ke", "mi", "no", "su", "da", "fe", "gi", "lo", "ru"];

/// What replies begin with, as models write it.
const BEGINNINGS: [&str; 12] = [
    "Yes",
    "Ocean",
    "The",
    "Shipping",
    "For",
    "Transit",
    "You",
    "Typically",
    "We",
    "Standard",
    "Certainly",
    "Thanks",
];

/// A sentence has so many words.
const SENTENCE: usize = 10;

pub(crate) fn question(place: Place) -> String {
    let Place { call, turn } = place;
    format!("{MARK}{call}-{turn}, how long does ocean freight to Los Angeles take?")
}

/// The question that a request asks: the last one in it, after those of the turns before.
pub(crate) fn place_in(request: &[u8]) -> Option<Place> {
    let at = memmem::rfind(request, MARK.as_bytes())? + MARK.len();
    let numbers = std::str::from_utf8(request.get(at..(at + 24).min(request.len()))?).ok()?;
    let (call, rest) = numbers.split_once('-')?;
    let (turn, _) = rest.split_once(',')?;
    Some(Place {
        call: call.parse().ok()?,
        turn: turn.parse().ok()?,
    })
}

/// The tokens of a reply, with spaces before words as models write them.
pub(crate) fn reply(place: Place, words: usize) -> Vec<String> {
    let Place { call, turn } = place;
    let beginning = BEGINNINGS.get((call + turn) % BEGINNINGS.len());
    let mut tokens = vec![
        beginning.copied().unwrap_or_default().to_owned(),
        format!(" {}", name(place)),
    ];
    tokens.truncate(words);
    for number in tokens.len()..words {
        let choice = (call * 7 + turn * 13 + number * (1 + call % 40)) % WORDS.len();
        let word = WORDS.get(choice).copied().unwrap_or_default();
        let mut token = match number % SENTENCE {
            0 => format!(" {}", capital(word)),
            _ => format!(" {word}"),
        };
        if number % SENTENCE == SENTENCE - 1 || number + 1 == words {
            token.push('.');
        }
        tokens.push(token);
    }
    tokens
}

/// Of how many tokens the first `bytes` of a reply consist, the last perhaps in part.
pub(crate) fn tokens_within(tokens: &[String], bytes: usize) -> usize {
    let mut length = 0;
    let begun = tokens.iter().take_while(|token| {
        let begins = length;
        length += token.len();
        begins < bytes
    });
    begun.count()
}

fn name(place: Place) -> String {
    let digits = |number: usize| {
        let number = number.to_string();
        let syllable = |digit: char| SYLLABLES.get(digit.to_digit(10)? as usize).copied();
        number.chars().filter_map(syllable).collect::<String>()
    };
    capital(&format!("{}x{}", digits(place.call), digits(place.turn)))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

#[cfg(test)]
mod tests;

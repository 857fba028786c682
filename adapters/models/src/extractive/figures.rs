//! The kinds of figures a sentence holds and a question asks for.

use std::ops::BitOr;

use super::lexicon::Lexicon;
use super::words::{Case, Role, Word};

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Figures(u16);

impl Figures {
    pub(super) const NONE: Self = Self(0);
    /// "18 to 20 days".
    pub(super) const PERIOD: Self = Self(1);
    /// "9:00", "24/7", "Sunday".
    pub(super) const CLOCK: Self = Self(1 << 1);
    pub(super) const MONEY: Self = Self(1 << 2);
    pub(super) const EMAIL: Self = Self(1 << 3);
    pub(super) const LINK: Self = Self(1 << 4);
    pub(super) const PHONE: Self = Self(1 << 5);
    pub(super) const NUMBER: Self = Self(1 << 6);
    /// "by card", "through the portal".
    pub(super) const MEANS: Self = Self(1 << 7);
    /// "in Singapore".
    pub(super) const PLACE: Self = Self(1 << 8);
    /// A point in time, told by a clock or by a period before something.
    pub(super) const WHEN: Self = Self(Self::PERIOD.0 | Self::CLOCK.0);

    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// What a sentence holds.
    pub(super) fn of(text: &str, words: &[Word], lexicon: &Lexicon) -> Self {
        let pieces = text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>'));
        let pieces = pieces.map(|piece| piece.trim_matches(['.', ',', ';', ':', '"', '!', '?']));
        let written = pieces.map(of_piece);
        let spoken = (0..words.len()).map(|at| of_word(words, at, lexicon));
        written.chain(spoken).fold(Self::NONE, Self::bitor)
    }
}

impl BitOr for Figures {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

fn of_word(words: &[Word], at: usize, lexicon: &Lexicon) -> Figures {
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    let mut rest = words.iter().skip(at);
    let Some(word) = rest.next() else {
        return Figures::NONE;
    };
    let after: Vec<&Word> = rest.take(3).collect();
    let next = after.first();
    let unit = |word: &&Word| lexicon.is_time_unit(&word.stem);
    let mut found = Figures::NONE;
    if word.role == Role::Number {
        found = found | Figures::NUMBER;
        if after.iter().any(unit) {
            found = found | Figures::PERIOD;
        }
        let beside = before.into_iter().chain(next.copied());
        if beside
            .into_iter()
            .any(|word| lexicon.is_currency(&word.stem))
        {
            found = found | Figures::MONEY;
        }
        if next.is_some_and(|next| matches!(next.plain.as_str(), "am" | "pm" | "uhr")) {
            found = found | Figures::CLOCK;
        }
    }
    if lexicon.is_one(&word.plain) && next.is_some_and(unit) {
        found = found | Figures::PERIOD;
    }
    if word.plain == "aroundtheclock" || lexicon.is_day(&word.stem) {
        found = found | Figures::CLOCK;
    }
    if lexicon.is_means(&word.plain) {
        found = found | Figures::MEANS;
    }
    let named = before.is_some_and(|before| lexicon.stands_before_names(&before.plain));
    if named && word.case == Case::Capital {
        found = found | Figures::PLACE;
    }
    found
}

/// Where three things or more are named in a row, "air, ocean, rail and road", the place of the
/// word that ends the first of them.
pub(super) fn list(words: &[Word], lexicon: &Lexicon) -> Option<usize> {
    let (mut start, mut items, mut length) = (None, 1, 0);
    let mut opens = false;
    for (word, before) in words.iter().skip(1).zip(0..) {
        let joined = words
            .get(before)
            .is_some_and(|word| lexicon.joins(&word.plain));
        opens |= word.apart || joined;
        if word.role == Role::Stop {
            // "the packing list" is an item, "who receives it" is a clause.
            if lexicon.asks(&word.plain) {
                (start, items, opens) = (None, 1, false);
            }
            continue;
        }
        if !opens {
            length += 1;
            continue;
        }
        if start.is_some() && length > 3 {
            (start, items) = (None, 1);
        }
        start = start.or(Some(before));
        (items, length, opens) = (items + 1, 1, false);
        if items > 2 {
            return start;
        }
    }
    None
}

fn of_piece(piece: &str) -> Figures {
    let digits = piece.chars().filter(char::is_ascii_digit).count();
    let letters = |part: &str| part.len() > 1 && part.chars().all(char::is_alphabetic);
    let has_domain = piece.rsplit_once('.').is_some_and(|(_, end)| letters(end));
    if piece.contains('@') && has_domain {
        Figures::EMAIL
    } else if piece.starts_with("http") || has_domain && digits == 0 {
        Figures::LINK
    } else if piece.contains(['$', '€', '£', '¥']) && digits > 0 {
        Figures::MONEY
    } else if piece.split_once(':').is_some_and(|(hour, _)| is_hour(hour)) {
        Figures::CLOCK
    } else if piece.starts_with('+') && digits > 3 || digits > 6 && !piece.contains(',') {
        Figures::PHONE
    } else {
        Figures::NONE
    }
}

fn is_hour(text: &str) -> bool {
    (1..=2).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit())
}

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
    /// "9:00", "24/7".
    pub(super) const CLOCK: Self = Self(1 << 1);
    pub(super) const MONEY: Self = Self(1 << 2);
    pub(super) const EMAIL: Self = Self(1 << 3);
    pub(super) const LINK: Self = Self(1 << 4);
    pub(super) const PHONE: Self = Self(1 << 5);
    pub(super) const NUMBER: Self = Self(1 << 6);
    /// "by card", "through the portal".
    pub(super) const MEANS: Self = Self(1 << 7);
    /// Three things or more.
    pub(super) const LIST: Self = Self(1 << 8);
    /// "in Singapore".
    pub(super) const PLACE: Self = Self(1 << 9);
    /// A point in time, told by a clock or by a period before something.
    pub(super) const WHEN: Self = Self(Self::PERIOD.0 | Self::CLOCK.0);

    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// What a sentence holds.
    pub(super) fn of(text: &str, words: &[Word], lexicon: &Lexicon) -> Self {
        let mut found = Self::NONE;
        for piece in text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>')) {
            found = found | of_piece(piece.trim_matches(['.', ',', ';', ':', '"', '!', '?']));
        }
        for (word, at) in words.iter().zip(0_usize..) {
            if word.role != Role::Number {
                continue;
            }
            found = found | Self::NUMBER;
            let near =
                |from: usize, to: usize| words.get(from.min(words.len())..to.min(words.len()));
            let after = near(at + 1, at + 4).unwrap_or_default();
            if after.iter().any(|next| lexicon.is_time_unit(&next.stem)) {
                found = found | Self::PERIOD;
            }
            let around = near(at.saturating_sub(1), at + 2).unwrap_or_default();
            if around.iter().any(|next| lexicon.is_currency(&next.stem)) {
                found = found | Self::MONEY;
            }
            if after
                .first()
                .is_some_and(|next| matches!(next.plain.as_str(), "am" | "pm" | "uhr"))
            {
                found = found | Self::CLOCK;
            }
        }
        if words.iter().any(|word| word.plain == "aroundtheclock") {
            found = found | Self::CLOCK;
        }
        if words.iter().any(|word| lexicon.is_means(&word.plain)) {
            found = found | Self::MEANS;
        }
        let place = |pair: &[Word]| match pair {
            [before, place] => {
                lexicon.stands_before_names(&before.plain) && place.case == Case::Capital
            }
            _ => false,
        };
        if words.windows(2).any(place) {
            found = found | Self::PLACE;
        }
        if has_list(words, lexicon) {
            found = found | Self::LIST;
        }
        found
    }
}

impl BitOr for Figures {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Whether three things or more are named in a row: "air, ocean, rail and road".
fn has_list(words: &[Word], lexicon: &Lexicon) -> bool {
    let mut run = 0;
    let mut since = 0;
    for (word, at) in words.iter().zip(0_usize..) {
        let after_joint = words
            .get(at.saturating_sub(1))
            .is_some_and(|before| at > 0 && lexicon.joins(&before.plain));
        let opens = at > 0 && word.apart || after_joint;
        if opens && word.role != Role::Stop && (since < 4 || run == 0) {
            run += 1;
            since = 0;
        } else if opens && !lexicon.joins(&word.plain) {
            run = 0;
        } else if word.role != Role::Stop {
            since += 1;
        }
        if run > 1 {
            return true;
        }
    }
    false
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

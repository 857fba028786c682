use std::borrow::Cow;

use proptest::prelude::*;

use super::{strict, usual};
use crate::spoken::checks::luhn;

const UNITS: [&str; 10] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
];

/// A valid card number of 13 to 19 digits.
fn card() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(0u8..10, 12..=18).prop_map(|mut digits| {
        digits.push(0);
        let last = digits.len() - 1;
        digits[last] = (0..10)
            .find(|check| {
                digits[last] = *check;
                luhn(&digits)
            })
            .unwrap();
        digits
    })
}

/// The digits, cut into pieces at will, each written or spoken.
fn separated() -> impl Strategy<Value = String> {
    let separators = prop::sample::select(vec![
        " ",
        "-",
        ".",
        ", ",
        " uh ",
        " - ",
        "  ",
        " um, ",
        " and then ",
    ]);
    let pieces = prop::collection::vec((1usize..9, any::<bool>(), separators), 19);
    (card(), pieces).prop_map(|(digits, pieces)| {
        let mut text = String::new();
        let mut rest = digits.as_slice();
        for (length, spoken, separator) in pieces {
            if rest.is_empty() {
                break;
            }
            let (piece, more) = rest.split_at(length.min(rest.len()));
            rest = more;
            if !text.is_empty() {
                text.push_str(if spoken { " " } else { separator });
            }
            let words = piece.iter().map(|digit| UNITS[usize::from(*digit)]);
            let digits = piece.iter().map(ToString::to_string);
            text.push_str(&if spoken {
                words.collect::<Vec<_>>().join(" ")
            } else {
                digits.collect()
            });
        }
        text
    })
}

proptest! {
    #[test]
    fn no_valid_card_number_survives(
        separated in separated(),
        before in "(my card is |booking 12345, |[a-z ]{0,20} |)",
        after in "( thanks| expires 12/27|, 12 27| [a-z ]{0,20}|)",
    ) {
        let text = format!("{before}{separated}{after}");
        let masked = usual().mask(&text).into_owned();
        let is_masked = masked.contains("[card ") || masked.contains("[id ");
        prop_assert!(is_masked, "{text} -> {masked}");
        prop_assert!(!masked.contains(&separated));
    }

    #[test]
    fn a_masked_text_masks_to_itself(
        text in "((my|card|is|social|booking|at|dot|com|x|AB|uh|and|one|four|double|forty|eleven|hundred|[0-9]{1,20}|[+,.-]|\\[card 12ab\\]) ?){0,40}",
    ) {
        for masker in [usual(), strict()] {
            let once = masker.mask(&text).into_owned();
            prop_assert_eq!(masker.mask(&once), once.as_str());
        }
    }

    #[test]
    fn any_text_is_taken(text in any::<String>()) {
        let once = strict().mask(&text).into_owned();
        prop_assert_eq!(strict().mask(&once), once.as_str());
    }

    #[test]
    fn a_text_without_digits_is_not_touched(text in "([^0-9@]|(port|the|please|may) ){0,60}") {
        let numbers = crate::spoken::tokens(&text).any(|token| crate::spoken::numerals::numeral(token.text).is_some());
        prop_assume!(!numbers);
        prop_assert!(matches!(usual().mask(&text), Cow::Borrowed(_)));
    }
}

//! Makes one of what is spoken and what is written: numbers, letters one by one, units.

use super::Lexeme;
use super::languages::Tongue;
use super::numbers;

pub(super) fn normalise(lexemes: Vec<Lexeme>, tongue: Tongue) -> Vec<Lexeme> {
    let mut normal: Vec<Lexeme> = Vec::with_capacity(lexemes.len());
    let mut rest = lexemes.as_slice();
    while let Some((first, tail)) = rest.split_first() {
        if let Some((number, words)) = numbers::leading(rest, tongue) {
            normal.push(Lexeme::exact(number));
            rest = rest.get(words..).unwrap_or_default();
            continue;
        }
        let letters = rest
            .iter()
            .take_while(|lexeme| is_single_letter(lexeme))
            .count();
        if letters >= 2 && spells(rest.get(..letters).unwrap_or_default()) {
            let (spelt, after) = rest.split_at_checked(letters).unwrap_or((rest, &[]));
            let joined: String = spelt.iter().map(|lexeme| lexeme.text.as_str()).collect();
            normal.push(Lexeme::exact(joined));
            rest = after;
            continue;
        }
        if let Some((unit, words)) = unit(rest, normal.last(), tongue) {
            let whole = first.whole.clone();
            normal.push(Lexeme {
                whole,
                ..Lexeme::exact(unit)
            });
            rest = rest.get(words..).unwrap_or_default();
            continue;
        }
        normal.push(first.clone());
        rest = tail;
    }
    normal
}

/// The unit these words begin with, and how many they are.
fn unit(rest: &[Lexeme], before: Option<&Lexeme>, tongue: Tongue) -> Option<(&'static str, usize)> {
    let (first, tail) = rest.split_first()?;
    if first.exact || first.capital && first.text.len() > 3 {
        return None;
    }
    if let Some(second) = tail.first()
        && let Some(unit) = tongue.unit_of_two(&first.text, &second.text)
    {
        return Some((unit, 2));
    }
    let counted = before.is_some_and(|before| before.text.ends_with(|c: char| c.is_ascii_digit()));
    let unit = match counted {
        true => tongue.unit_after_number(&first.text),
        false => tongue.unit(&first.text),
    };
    unit.map(|unit| (unit, 1))
}

fn is_single_letter(lexeme: &Lexeme) -> bool {
    let mut letters = lexeme.text.chars();
    let first = letters.next().is_some_and(char::is_alphabetic);
    first && letters.next().is_none() && !lexeme.exact && lexeme.whole.is_none()
}

/// Two letters that are words themselves, as in `do I a`, spell nothing.
fn spells(letters: &[Lexeme]) -> bool {
    letters.len() > 2
        || !letters
            .iter()
            .all(|letter| ["a", "i", "o", "y", "e"].contains(&letter.text.as_str()))
}

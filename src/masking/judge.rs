//! Decides what of the digits in a text is masked, and as what.

use super::cues::{self, Cue};
use super::runs::{Digit, Run, Way, runs};
use super::{Context, LEAST, Masker, Tail};
use crate::spoken::{Kind, Token, checks};

/// Something to be masked, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) number: Number,
    pub(super) start: usize,
    pub(super) end: usize,
    /// What the tag is made of.
    pub(super) normal: String,
}

/// What is masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Card,
    Id,
    Digits,
    Phone,
    Email,
}

impl Number {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Id => "id",
            Self::Digits => "digits",
            Self::Phone => "phone",
            Self::Email => "email",
        }
    }
}

impl Masker {
    /// Adds what is found among the digits, and tells what the last of them leave open.
    pub(super) fn judge(
        &self,
        tokens: &[Token<'_>],
        context: &Context<'_>,
        found: &mut Vec<Found>,
    ) -> Tail {
        let runs = runs(tokens);
        let mut tail = Tail {
            digits: Vec::new(),
            is_silent: runs.is_empty() && tokens.len() <= MOST_WORDS_OF_NOTHING,
        };
        let last = runs.len().saturating_sub(1);
        for (place, run) in runs.iter().enumerate() {
            let known = found.len();
            let mut digits = run.digits.as_slice();
            let open = if place == 0 && leads(tokens, run) {
                context.open
            } else {
                &[]
            };
            let (continued, rest) = digits.split_at(self.continuation(open, digits));
            if !continued.is_empty() {
                let whole = open.iter().copied().chain(values(continued));
                found.extend(made(Number::Card, continued, normal(whole)));
            }
            digits = rest;
            let cue = cues::around(tokens, run.first, run.last).or(context.asked);
            if let Some(id) = self.lettered(tokens, run) {
                found.push(id);
            } else {
                let keys = context.keys;
                let plus = run.plus;
                let part = Part {
                    digits,
                    cue,
                    keys,
                    plus,
                };
                let is_container = continued.is_empty() && container(tokens, run).is_some();
                let container = if is_container { 7 } else { 0 };
                let is_card = |(start, _)| start < container;
                let kept = if self.card(&part).is_some_and(is_card) {
                    0
                } else {
                    container
                };
                let digits = digits.get(kept..).unwrap_or_default();
                self.part(&Part { digits, ..part }, found);
            }
            let closed = found
                .iter()
                .skip(known)
                .any(|found| found.number == Number::Card);
            if place == last && !closed && trails(tokens, run) {
                tail.digits
                    .extend(open.iter().copied().chain(values(&run.digits)));
                tail.digits.truncate(LONGEST_CARD);
            }
        }
        tail
    }

    /// How many digits that a line begins with complete the card of the line before.
    fn continuation(&self, open: &[u8], digits: &[Digit]) -> usize {
        if !self.rules.cards || open.is_empty() {
            return 0;
        }
        let whole: Vec<u8> = open.iter().copied().chain(values(digits)).collect();
        let completes = |end: &usize| {
            let cards = |start: usize| whole.get(start..open.len() + end).is_some_and(is_card);
            cards(0)
                || (0..open.len()).any(|start| {
                    let card = whole.get(start..open.len() + end).unwrap_or_default();
                    is_card(card) && is_issued(card)
                })
        };
        ends(digits).rev().find(completes).unwrap_or(0)
    }

    /// A run, or what masking left of it.
    fn part(&self, part: &Part<'_>, found: &mut Vec<Found>) {
        if part.digits.len() < LEAST.min(self.rules.digits.unwrap_or(LEAST)) {
            return;
        }
        let card = self.card(part).filter(|_| !self.is_nir(part));
        if let Some((start, end)) = card {
            let (before, rest) = part.digits.split_at(start);
            let (card, after) = rest.split_at(end - start);
            found.extend(made(Number::Card, card, normal(values(card))));
            self.part(
                &Part {
                    digits: before,
                    ..*part
                },
                found,
            );
            return self.part(
                &Part {
                    digits: after,
                    plus: false,
                    ..*part
                },
                found,
            );
        }
        if part.is_waybill() {
            return;
        }
        if let Some((start, end)) = self.social_security(part) {
            let id = part.digits.get(start..end).unwrap_or_default();
            return found.extend(made(Number::Id, id, normal(values(id))));
        }
        let number = if self.rules.national_ids && part.is_national_id() {
            Number::Id
        } else if self.is_ours(&values(part.digits).collect::<Vec<_>>()) {
            return;
        } else if self.rules.phones && part.is_phone() {
            Number::Phone
        } else if self
            .rules
            .digits
            .is_some_and(|least| part.is_read_out(least))
        {
            Number::Digits
        } else {
            return;
        };
        found.extend(made(number, part.digits, normal(values(part.digits))));
    }

    /// The first card among the digits; one of a known issuer rather than one that only has a
    /// valid check digit.
    fn card(&self, part: &Part<'_>) -> Option<(usize, usize)> {
        let is_phone = part.plus && part.digits.len() <= LONGEST_PHONE;
        if !self.rules.cards || is_phone || part.is_years() {
            return None;
        }
        let digits: Vec<u8> = values(part.digits).collect();
        let mut fallback: Option<(usize, usize)> = None;
        for start in 0..digits.len().saturating_sub(SHORTEST_CARD - 1) {
            if fallback.is_some_and(|(_, end)| start >= end) {
                break;
            }
            let cards = (SHORTEST_CARD..=LONGEST_CARD).rev().filter_map(|length| {
                let end = start + length;
                let card = digits.get(start..end)?;
                let issued = is_issued(card);
                let whole = is_edge(part.digits, start) && is_edge(part.digits, end);
                let may_be = whole || (issued && is_written(part.digits.get(start..end)?));
                (may_be && checks::luhn(card)).then_some((issued, end))
            });
            match cards.max_by_key(|(issued, end)| (*issued, *end)) {
                Some((true, end)) => return Some((start, end)),
                Some((false, end)) => fallback = fallback.or(Some((start, end))),
                None => {}
            }
        }
        fallback
    }

    /// A French number passes for a card now and then, and says more by its form.
    fn is_nir(&self, part: &Part<'_>) -> bool {
        let digits: Vec<u8> = values(part.digits).collect();
        self.rules.national_ids && checks::nir(&digits) && part.cue != Some(Cue::Reference)
    }

    /// Three, two and four digits; or nine, where the words around say what they are.
    fn social_security(&self, part: &Part<'_>) -> Option<(usize, usize)> {
        if !self.rules.national_ids || part.plus {
            return None;
        }
        let is_valid = |start: usize, end: usize| {
            let digits = part.digits.get(start..end);
            digits
                .is_some_and(|digits| checks::social_security(&values(digits).collect::<Vec<_>>()))
        };
        let mut starts = (0..part.digits.len()).filter(|start| is_edge(part.digits, *start));
        let shaped = starts.find(|start| {
            let edges = [*start, start + 3, start + 5, start + 9];
            let inside = part.digits.get(*start..start + 9);
            let pieces = inside.map(|inside| ends(inside).count());
            pieces == Some(3)
                && edges.iter().all(|edge| is_edge(part.digits, *edge))
                && is_valid(*start, start + 9)
                && part.cue != Some(Cue::Reference)
        });
        let named =
            part.cue == Some(Cue::SocialSecurity) && part.digits.len() == 9 && is_valid(0, 9);
        shaped
            .or(named.then_some(0))
            .map(|start| (start, start + 9))
    }

    /// An id with letters before or after its digits.
    fn lettered(&self, tokens: &[Token<'_>], run: &Run) -> Option<Found> {
        if !self.rules.national_ids {
            return None;
        }
        let last = tokens.get(run.last)?;
        let after = tokens.iter().skip(run.last + 1);
        let mut after = after.skip_while(|token| matches!(token.kind, Kind::Sign('-' | '.')));
        let suffix = after.next().filter(|token| token.kind == Kind::Word)?;
        let letter = single(suffix)?;
        let written = letter.is_ascii_uppercase() || last.touches(suffix);
        let digits: Vec<u8> = values(&run.digits).collect();
        let before = tokens.get(..run.first).unwrap_or_default();
        let mut before = before
            .iter()
            .rev()
            .filter(|token| token.kind != Kind::Sign('-'));
        let (nearest, next) = (before.next(), before.next());
        let first = run.digits.first()?;
        let found = |start: usize, prefix: &str| {
            let digits = normal(digits.iter().copied());
            let normal = format!("{prefix}{digits}{letter}").to_ascii_uppercase();
            let (number, end) = (Number::Id, suffix.end());
            Some(Found {
                number,
                start,
                end,
                normal,
            })
        };
        if written && checks::dni(None, &digits, letter) {
            return found(first.start, "");
        }
        let nearest = nearest.filter(|token| token.kind == Kind::Word)?;
        let prefix = single(nearest);
        if prefix.is_some() && checks::dni(prefix, &digits, letter) {
            return found(nearest.start, nearest.text);
        }
        if digits.len() != 6 {
            return None;
        }
        if nearest.text.chars().all(|c| c.is_ascii_uppercase())
            && checks::national_insurance(nearest.text, letter)
        {
            return found(nearest.start, nearest.text);
        }
        let next = next.filter(|token| single(token).is_some())?;
        let prefix = format!("{}{}", next.text, prefix?);
        checks::national_insurance(&prefix, letter).then(|| found(next.start, &prefix))?
    }
}

/// Digits in a row, and what is known of them.
#[derive(Clone, Copy, Debug)]
struct Part<'a> {
    digits: &'a [Digit],
    cue: Option<Cue>,
    /// They were pressed, one by one.
    keys: bool,
    plus: bool,
}

impl Part<'_> {
    fn is_waybill(&self) -> bool {
        let digits: Vec<u8> = values(self.digits).collect();
        let shaped = is_edge(self.digits, 3) && is_written(self.digits);
        (shaped || self.cue == Some(Cue::Reference)) && checks::waybill(&digits) && !self.plus
    }

    /// "in 2024, 2025, 2026": no card begins like a year of these centuries.
    fn is_years(&self) -> bool {
        let digits: Vec<u8> = values(self.digits).collect();
        let year = |(place, year): (usize, &[u8])| {
            is_edge(self.digits, 4 * place) && matches!(year, [1, 9, _, _] | [2, 0, _, _])
        };
        is_written(self.digits) && digits.chunks(4).enumerate().all(year)
    }

    fn is_national_id(&self) -> bool {
        let digits: Vec<u8> = values(self.digits).collect();
        let fours = [0, 4, 8].into_iter().all(|edge| is_edge(self.digits, edge));
        let alone = !is_written(self.digits);
        let named = matches!(self.cue, Some(Cue::Secret));
        self.cue != Some(Cue::Reference)
            && !self.plus
            && (checks::nir(&digits)
                || checks::steuer_id(&digits)
                || checks::cpf(&digits)
                || (checks::aadhaar(&digits) && !self.is_years() && (fours || alone || named)))
    }

    fn is_phone(&self) -> bool {
        let length = self.digits.len();
        let zero = self.digits.first().is_some_and(|digit| digit.value == 0);
        let shaped = length == 10 && is_edge(self.digits, 3) && is_edge(self.digits, 6);
        let groups = ends(self.digits).count() > 1;
        let trunk = zero && (9..=14).contains(&length);
        let named = self.cue == Some(Cue::Phone) && (groups || length > 8);
        (7..=LONGEST_PHONE).contains(&length)
            && (self.plus || (self.cue != Some(Cue::Reference) && (shaped || trunk || named)))
    }

    /// Spoken as words, or written digit by digit, for the most part; and no list of numbers that
    /// count upwards.
    fn is_read_out(&self, least: usize) -> bool {
        let digits = || self.digits.iter().filter(|digit| digit.way != Way::Round);
        let alone = digits().filter(|digit| digit.way == Way::Alone).count();
        let written = digits().filter(|digit| digit.way == Way::Written).count();
        let counts = alone == 0 && {
            let values: Vec<u8> = values(self.digits).collect();
            let pairs: Vec<&[u8]> = values.chunks(2).collect();
            pairs.windows(2).all(|two| two.first() < two.last())
        };
        digits().count() >= least
            && (self.keys || 2 * written < self.digits.len())
            && !counts
            && self.cue != Some(Cue::Reference)
    }
}

/// The four letters of the container whose number a run begins with, and where they begin.
pub(crate) fn container(tokens: &[Token<'_>], run: &Run) -> Option<(String, usize)> {
    let number: Vec<u8> = values(run.digits.get(..7)?).collect();
    if !is_edge(&run.digits, 7) {
        return None;
    }
    let before = tokens.get(..run.first)?.iter().rev();
    let before = before.filter(|token| !matches!(token.kind, Kind::Sign('-' | ',' | '.')));
    let mut letters: Vec<char> = Vec::with_capacity(4);
    let mut start = run.first;
    for token in before.take_while(|token| token.kind == Kind::Word).take(4) {
        match initial(token) {
            Some(letter) => letters.push(letter),
            None if letters.is_empty() && token.text.len() == 4 => {
                letters.extend(token.text.chars().rev());
            }
            None => break,
        }
        start = token.start;
        if letters.len() == 4 {
            break;
        }
    }
    let letters: String = letters.into_iter().rev().collect();
    let letters = letters.to_ascii_uppercase();
    checks::container(&letters, &number).then_some((letters, start))
}

/// The letter that a word is, or stands for when it is spelled out.
pub(crate) fn initial(token: &Token<'_>) -> Option<char> {
    single(token).or_else(|| {
        let word = token.text.to_ascii_lowercase();
        let is_spelling = SPELLING.contains(&word.as_str());
        word.chars().next().filter(|_| is_spelling)
    })
}

fn single(token: &Token<'_>) -> Option<char> {
    let mut chars = token.text.chars();
    let letter = chars.next().filter(char::is_ascii_alphabetic)?;
    chars.next().is_none().then_some(letter)
}

/// Nothing but a few words stands before the run.
fn leads(tokens: &[Token<'_>], run: &Run) -> bool {
    let before = tokens.get(..run.first).unwrap_or_default();
    before.len() <= MOST_WORDS_OF_NOTHING
}

/// Nothing but a few words stands after the run.
fn trails(tokens: &[Token<'_>], run: &Run) -> bool {
    tokens.len() <= run.last + 1 + MOST_WORDS_OF_NOTHING
}

fn made(number: Number, digits: &[Digit], normal: String) -> Option<Found> {
    let (start, end) = (digits.first()?.start, digits.last()?.end);
    Some(Found {
        number,
        start,
        end,
        normal,
    })
}

fn values(digits: &[Digit]) -> impl Iterator<Item = u8> + '_ {
    digits.iter().map(|digit| digit.value)
}

fn normal(digits: impl Iterator<Item = u8>) -> String {
    digits.map(|digit| char::from(b'0' + digit)).collect()
}

/// The positions at which a piece ends.
fn ends(digits: &[Digit]) -> impl DoubleEndedIterator<Item = usize> + '_ {
    (1..=digits.len()).filter(|end| is_edge(digits, *end))
}

/// Whether a piece begins or ends there.
fn is_edge(digits: &[Digit], at: usize) -> bool {
    let piece = |at: usize| digits.get(at).map(|digit| digit.piece);
    at == 0 || piece(at) != piece(at - 1)
}

fn is_written(digits: &[Digit]) -> bool {
    digits.iter().all(|digit| digit.way == Way::Written)
}

fn is_card(digits: &[u8]) -> bool {
    (SHORTEST_CARD..=LONGEST_CARD).contains(&digits.len()) && checks::luhn(digits)
}

/// Whether the beginning and the length are those of an issuer of cards.
fn is_issued(digits: &[u8]) -> bool {
    let Some([a, b, c, d]) = digits.first_chunk() else {
        return false;
    };
    let (two, four) = (
        10 * a + b,
        100 * u16::from(10 * a + b) + u16::from(10 * c + d),
    );
    match two {
        40..=49 => matches!(digits.len(), 13 | 16 | 19),
        51..=55 => digits.len() == 16,
        34 | 37 => digits.len() == 15,
        22..=27 => (2221..=2720).contains(&four) && digits.len() == 16,
        35 => (3528..=3589).contains(&four) && digits.len() >= 16,
        30 | 36 | 38 | 39 => (14..=19).contains(&digits.len()),
        60 | 62 | 64 | 65 => digits.len() >= 16,
        50 | 56..=59 | 61 | 63 | 66..=69 => digits.len() >= 13,
        _ => false,
    }
}

const SHORTEST_CARD: usize = 13;
const LONGEST_CARD: usize = 19;
const LONGEST_PHONE: usize = 15;

/// How many pieces may stand before digits that go on from the line before, or after those that
/// do.
const MOST_WORDS_OF_NOTHING: usize = 4;

/// Words that letters are spelled with.
const SPELLING: [&str; 27] = [
    "alpha", "alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india",
    "juliet", "kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra",
    "tango", "uniform", "victor", "whiskey", "x-ray", "yankee", "zulu",
];

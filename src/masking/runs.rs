//! Digits in a row, written or spoken, whatever stands between them.

use crate::spoken::numerals::{Numeral, numeral};
use crate::spoken::{Kind, Token};

/// Digits in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) digits: Vec<Digit>,
    /// The positions of its first and last piece among those of the text.
    pub(crate) first: usize,
    pub(crate) last: usize,
    /// A plus stands before it.
    pub(crate) plus: bool,
}

/// One digit, and the bytes that say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Digit {
    pub(crate) value: u8,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Counts what was said or written in one: "41", "forty one", "double four".
    pub(crate) piece: usize,
    pub(crate) way: Way,
}

/// How a digit was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// In a row of digits.
    Written,
    /// Alone: "4" or "four".
    Alone,
    /// Spoken together with another: "forty one".
    Paired,
    /// The zeros of a "hundred".
    Round,
}

/// All runs of a text, in order.
pub(crate) fn runs(tokens: &[Token<'_>]) -> Vec<Run> {
    let mut reader = Reader::default();
    for (at, token) in tokens.iter().enumerate() {
        reader.read(at, token);
    }
    reader.close();
    reader.runs
}

#[derive(Debug, Default)]
struct Reader {
    runs: Vec<Run>,
    run: Run,
    piece: usize,
    /// "forty", to which a unit may be added.
    tens: bool,
    /// "quatre", which makes eighty of "vingt".
    four: bool,
    /// "soixante" and "quatre-vingt" take units up to nineteen.
    score: bool,
    /// "double": how often, and where it began.
    times: Option<(u8, usize, usize)>,
    plus: bool,
    /// How many words stood since the last digit.
    gap: usize,
}

impl Reader {
    fn read(&mut self, at: usize, token: &Token<'_>) {
        match token.kind {
            Kind::Digits => self.written(at, token),
            Kind::Word => match numeral(token.text) {
                Some(numeral) => self.spoken(at, token, numeral),
                None => {
                    self.close();
                    self.plus = matches!(token.text, "plus" | "Plus");
                }
            },
            Kind::Sign('+') => {
                self.close();
                self.plus = true;
            }
            Kind::Sign(sign) if between(sign) => {
                if !matches!(sign, '-' | '‐' | '‑') {
                    self.tens = false;
                }
            }
            Kind::Sign(_) | Kind::Mark => self.close(),
        }
    }

    fn written(&mut self, at: usize, token: &Token<'_>) {
        let alone = token.text.len() == 1;
        let (times, start) = match self.times.take() {
            Some((times, start, _)) if alone => (times, start),
            _ => (1, token.start),
        };
        self.begin(at);
        for (place, byte) in token.text.bytes().enumerate() {
            let start = if alone { start } else { token.start + place };
            let end = token.start + place + 1;
            let way = if alone { Way::Alone } else { Way::Written };
            for _ in 0..times {
                self.push(byte.wrapping_sub(b'0'), start, end, way);
            }
        }
    }

    fn spoken(&mut self, at: usize, token: &Token<'_>, numeral: Numeral) {
        let (start, end) = (token.start, token.end());
        match numeral {
            Numeral::Unit(unit) if self.tens && unit > 0 && self.gap <= 1 => {
                self.add(at, unit, end)
            }
            Numeral::Unit(unit) => {
                let (times, start, first) = self.times.take().unwrap_or((1, start, at));
                self.begin(first);
                for _ in 0..times {
                    self.push(unit, start, end, Way::Alone);
                }
                self.run.last = at;
                self.four = token.text.eq_ignore_ascii_case("quatre");
            }
            Numeral::Pair(pair) if self.score && pair < 20 && self.gap <= 1 => {
                self.add(at, pair, end)
            }
            Numeral::Pair(pair) => self.pair(at, start, end, pair),
            Numeral::Tens(tens) => {
                self.pair(at, start, end, tens);
                self.tens = true;
                self.score = token.text.eq_ignore_ascii_case("soixante");
            }
            Numeral::Vingt if self.four && self.gap == 0 => {
                self.add(at, 0, end);
                self.tens = true;
                self.score = true;
            }
            Numeral::Vingt => {
                self.pair(at, start, end, 20);
                self.tens = true;
            }
            Numeral::Times(times) => {
                self.tens = false;
                self.times = Some((times, start, at));
            }
            Numeral::Hundred if self.run.digits.is_empty() || self.gap > 0 => self.close(),
            Numeral::Hundred => {
                self.run.last = at;
                for _ in 0..2 {
                    self.push(0, start, end, Way::Round);
                }
                self.tens = false;
            }
            Numeral::Thousands => self.close(),
            Numeral::And | Numeral::Filler => {
                self.gap += 1;
                self.tens &= numeral == Numeral::And;
                if self.gap > MOST_WORDS_BETWEEN {
                    self.close();
                }
            }
        }
    }

    /// A number of two digits.
    fn pair(&mut self, at: usize, start: usize, end: usize, pair: u8) {
        self.times = None;
        self.begin(at);
        self.push(pair / 10, start, end, Way::Paired);
        self.push(pair % 10, start, end, Way::Paired);
    }

    /// Adds to the tens that were said before; where there was only the "quatre" of
    /// "quatre-vingt", makes tens of it.
    fn add(&mut self, at: usize, more: u8, end: usize) {
        if self.four && more == 0 {
            if let Some(four) = self.run.digits.last_mut() {
                (four.value, four.way) = (8, Way::Paired);
                let zero = Digit {
                    value: 0,
                    end,
                    ..*four
                };
                self.run.digits.push(zero);
            }
        } else if let [.., tens, unit] = self.run.digits.as_mut_slice() {
            tens.value += more / 10;
            unit.value = more % 10;
            unit.end = end;
        }
        self.run.last = at;
        self.forget();
    }

    fn begin(&mut self, at: usize) {
        if self.run.digits.is_empty() {
            self.run.first = at;
            self.run.plus = std::mem::take(&mut self.plus);
        }
        self.run.last = at;
        self.piece += 1;
        self.forget();
    }

    fn push(&mut self, value: u8, start: usize, end: usize, way: Way) {
        let piece = self.piece;
        self.run.digits.push(Digit {
            value,
            start,
            end,
            piece,
            way,
        });
    }

    fn forget(&mut self) {
        (self.tens, self.four, self.score) = (false, false, false);
        self.gap = 0;
    }

    fn close(&mut self) {
        self.forget();
        self.times = None;
        self.plus = false;
        let run = std::mem::take(&mut self.run);
        if !run.digits.is_empty() {
            self.runs.push(run);
        }
    }
}

/// Signs that may stand between the digits of one number.
fn between(sign: char) -> bool {
    matches!(
        sign,
        '-' | '‐'
            | '‑'
            | '–'
            | '—'
            | '.'
            | ','
            | '_'
            | '·'
            | '('
            | ')'
            | '"'
            | '…'
            | '\u{ad}'
            | '\u{200b}'
            | '\u{2060}'
    )
}

/// How many words such as "uh" may stand between the digits of one number.
const MOST_WORDS_BETWEEN: usize = 4;

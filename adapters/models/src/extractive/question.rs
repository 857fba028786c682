//! What a caller wants to know, as terms with weights.

use super::document::sentences;
use super::figures::Figures;
use super::index::{Index, Term};
use super::lexicon::{Demand, Lexicon};
use super::words::{Case, Role, Word, words};

/// A question in the terms of the evidence.
#[derive(Clone, Debug, Default)]
pub(super) struct Question {
    pub(super) asked: Vec<Asked>,
    /// What kind of figure the answer holds, and how firmly it is asked for.
    pub(super) demand: Option<Wanted>,
    /// It asks what something is: "what does FCL mean?"
    pub(super) definition: bool,
    /// It asks for several things: "which papers do I need?"
    pub(super) list: bool,
}

/// A kind of figure that a question asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) figures: Figures,
    pub(super) demand: Demand,
    /// The words that ask for it.
    cue: &'static str,
}

/// One thing that a question names.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    stem: String,
    /// The terms that cover it, and how well, best first. Empty: the evidence does not know it.
    pub(super) ways: Vec<(Term, f32)>,
    /// How much it counts.
    pub(super) weight: f32,
    /// It says little about what is asked: "want", "find", "thing".
    pub(super) common: bool,
    /// A name: an answer that leaves it out is about something else.
    pub(super) name: bool,
    /// The word before it: "from", "to".
    slot: String,
    /// It is what the question word asks for: "which papers".
    pub(super) focus: bool,
    /// The number right before it.
    pub(super) count: Option<String>,
    /// A sentence with such a figure covers it: an amount of money covers "price".
    pub(super) figures: Figures,
}

/// How well a word covers another of about the same meaning.
const RELATED: f32 = 0.75;

/// How well what is said of Europe covers Germany.
const WIDER: f32 = 0.8;

/// What "want", "find" and "thing" count, next to words that say something.
const COMMON: f32 = 0.2;

/// What a word that the evidence does not know counts, next to the rarest word it knows.
const UNKNOWN: f32 = 0.5;

/// What the second word of something that the evidence does not know counts.
const REST_OF_UNKNOWN: f32 = 0.3;

/// How much more counts what the question word asks for.
const FOCUS: f32 = 1.3;
const UNKNOWN_FOCUS: f32 = 2.0;

/// How well a word after one that the evidence does not know is covered.
const MODIFIED: f32 = 0.85;

/// What a word counts that only tells more about the next one: "extra documents".
const MODIFIER: f32 = 0.5;

/// What the circumstances of a question count.
const ASIDE: f32 = 0.5;

/// What was asked before counts less than what is asked now.
const CARRIED: f32 = 0.8;

impl Question {
    /// Reads an utterance, and where it only makes sense after another one, those before it too.
    pub(super) fn new(utterance: &str, earlier: &[&str], index: &Index, lexicon: &Lexicon) -> Self {
        let question = Self::of(utterance, index, lexicon);
        if !is_elliptical(&words(utterance, lexicon), &question, lexicon) {
            return question;
        }
        match earlier.split_last() {
            Some((last, before)) => {
                let before = Self::new(last, before, index, lexicon);
                question.after(before, index)
            }
            None => question,
        }
    }

    fn of(utterance: &str, index: &Index, lexicon: &Lexicon) -> Self {
        let all = words(utterance, lexicon);
        let mut question = Self {
            demand: demand(&all, lexicon),
            definition: has_cue(&all, lexicon.data.definitions),
            ..Self::default()
        };
        let asking = sentences(utterance).filter(|sentence| sentence.contains('?'));
        let asking: usize = asking.map(|sentence| says(&words(sentence, lexicon))).sum();
        for sentence in sentences(utterance) {
            let aside = asking > 1 && !sentence.contains('?');
            question.read(&words(sentence, lexicon), aside, index, lexicon);
        }
        question
    }

    /// Takes in a sentence; one that stands aside tells the circumstances of the question.
    fn read(&mut self, words: &[Word], aside: bool, index: &Index, lexicon: &Lexicon) {
        let mut before: Option<&Word> = None;
        let mut focus = false;
        for (word, at) in words.iter().zip(1_usize..) {
            if word.role != Role::Stop && self.asked.iter().all(|a| a.stem != word.stem) {
                let mut asked = Asked::new(word, before, index, lexicon);
                if self.cues(&word.plain) {
                    asked.figures = self.demand.map_or(Figures::NONE, |d| d.figures);
                }
                let said = before.filter(|before| before.says_something() && !word.apart);
                let last = self
                    .asked
                    .last()
                    .filter(|a| said.is_some_and(|w| w.stem == a.stem));
                if last.is_some_and(Asked::is_unknown) {
                    asked.follow_unknown();
                }
                if focus {
                    asked.take_focus();
                    self.list |= word.plain.ends_with(lexicon.data.plural);
                }
                let next = words
                    .get(at)
                    .filter(|next| next.role == Role::Content && !next.apart);
                if next.is_some() {
                    asked.stand_before(index);
                }
                if aside {
                    asked.stand_aside();
                }
                focus &= word.role == Role::Common;
                if asked.weight > 0.0 {
                    self.asked.push(asked);
                }
            }
            focus |= lexicon.focuses(&word.plain);
            before = Some(word);
        }
    }

    /// Whether the question speaks of the term itself and not of something near it.
    pub(super) fn means(&self, term: Term) -> bool {
        self.asked
            .iter()
            .any(|asked| asked.meant().any(|meant| meant == term))
    }

    /// Whether the word is one of those that ask for the kind of figure.
    fn cues(&self, word: &str) -> bool {
        self.demand
            .is_some_and(|wanted| wanted.cue.split(' ').any(|cue| cue == word))
    }

    /// This question where `before` was asked: what it leaves open is as it was.
    fn after(mut self, before: Self, index: &Index) -> Self {
        let names = before.asked.iter().filter(|asked| asked.name).count();
        for mut old in before.asked {
            if !self
                .asked
                .iter()
                .any(|new| new.replaces(&old, names, index))
            {
                old.weight *= CARRIED;
                self.asked.push(old);
            }
        }
        self.demand = self.demand.or(before.demand);
        self.definition |= before.definition;
        self
    }
}

impl Asked {
    fn new(word: &Word, before: Option<&Word>, index: &Index, lexicon: &Lexicon) -> Self {
        let negated = before.is_some_and(|w| lexicon.negates(&w.plain));
        let opposite = lexicon.stem(&format!("non{}", word.plain));
        let opposite = index.spoken(&opposite).filter(|_| negated);
        let exact = opposite.or_else(|| index.spoken(&word.stem));
        let spoken = |stems: &[String], share| -> Vec<(Term, f32)> {
            let terms = stems.iter().filter_map(|stem| index.spoken(stem));
            terms.map(|term| (term, share)).collect()
        };
        let mut ways: Vec<(Term, f32)> = exact.iter().map(|term| (*term, 1.0)).collect();
        ways.extend(spoken(lexicon.wider(&word.stem), WIDER));
        ways.extend(spoken(lexicon.related(&word.stem), RELATED));
        let unknown_capital = lexicon.data.capitals_are_names && word.case == Case::Capital;
        let name = exact.map_or(unknown_capital, |term| index.is_name(term));
        let slot = before.filter(|w| lexicon.stands_before_names(&w.plain));
        Self {
            stem: word.stem.clone(),
            weight: weight(word, exact, &ways, index),
            ways,
            common: word.role == Role::Common,
            name: name && word.role == Role::Content,
            slot: slot.map_or_else(String::new, |w| w.plain.clone()),
            focus: false,
            count: before.filter(|w| w.counts(word)).map(|w| w.stem.clone()),
            figures: Figures::NONE,
        }
    }

    /// The terms that mean it, where those that only come near are left out.
    fn meant(&self) -> impl Iterator<Item = Term> {
        let exact = self.ways.first().is_some_and(|(_, share)| *share > WIDER);
        let count = if exact { 1 } else { self.ways.len() };
        self.ways.iter().take(count).map(|(term, _)| *term)
    }

    /// The term among the given that covers it best, and how well.
    pub(super) fn best_in(&self, terms: &[Term]) -> Option<(Term, f32)> {
        let mut ways = self.ways.iter();
        ways.find(|(term, _)| terms.contains(term)).copied()
    }

    fn is_unknown(&self) -> bool {
        self.ways.is_empty()
    }

    /// Comes right after a word that the evidence does not know: "Sao Paulo" is one thing, and
    /// "live animals" are something else than animals.
    fn follow_unknown(&mut self) {
        if self.is_unknown() {
            self.weight *= REST_OF_UNKNOWN;
        }
        for (_, share) in &mut self.ways {
            *share *= MODIFIED;
        }
    }

    /// Is what the question word asks for: "which papers", "what is your price".
    fn take_focus(&mut self) {
        self.weight *= if self.is_unknown() {
            UNKNOWN_FOCUS
        } else {
            FOCUS
        };
        self.focus = true;
    }

    /// Comes right before another word, and only tells more about it, unless it says which of
    /// several kinds is meant.
    fn stand_before(&mut self, index: &Index) {
        let mut ways = self.ways.iter();
        let contrasts = ways.any(|(way, _)| index.has_alternatives(*way));
        if !self.is_unknown() && !self.name && !self.common && !contrasts {
            self.weight *= MODIFIER;
        }
    }

    /// Belongs to the circumstances: who calls, say.
    fn stand_aside(&mut self) {
        self.weight *= ASIDE;
        self.name &= !self.is_unknown();
    }

    /// Whether this takes the place of what was asked before: another mode, another place.
    fn replaces(&self, old: &Self, names: usize, index: &Index) -> bool {
        if self.stem == old.stem {
            return true;
        }
        let one_kind = |new: &(Term, f32)| {
            let mut old = old.ways.iter();
            old.any(|old| index.are_alternatives(new.0, old.0))
        };
        let same_slot = !self.slot.is_empty() && self.slot == old.slot;
        self.ways.iter().any(one_kind) || self.name && old.name && (same_slot || names == 1)
    }
}

/// A word counts by how rare it and what means the same are; words that say little count little.
fn weight(word: &Word, exact: Option<Term>, ways: &[(Term, f32)], index: &Index) -> f32 {
    let lightest = ways
        .iter()
        .map(|(term, _)| index.weight(*term))
        .reduce(f32::min);
    let full = match (exact, lightest) {
        (Some(term), Some(lightest)) => f32::midpoint(index.weight(term), lightest),
        (None, Some(lightest)) => lightest,
        (_, None) => index.weight_of_unknown() * UNKNOWN,
    };
    match word.role {
        Role::Content | Role::Number => full,
        Role::Common | Role::Stop if ways.is_empty() => 0.0,
        Role::Common | Role::Stop => full * COMMON,
    }
}

/// How many words say something.
fn says(words: &[Word]) -> usize {
    words.iter().filter(|word| word.says_something()).count()
}

/// Whether an utterance only makes sense after another one.
fn is_elliptical(words: &[Word], question: &Question, lexicon: &Lexicon) -> bool {
    let content = says(words);
    let plain: Vec<&str> = words.iter().map(|word| word.plain.as_str()).collect();
    let fillers = plain.iter().take_while(|word| lexicon.is_filler(word));
    let plain = plain.get(fillers.count()..).unwrap_or_default();
    let leads = lexicon.data.lead_ins.iter().any(|lead| {
        let lead: Vec<&str> = lead.split_whitespace().collect();
        plain.starts_with(&lead)
    });
    let points = plain.iter().any(|word| lexicon.points_back(word));
    let stands = plain.iter().any(|word| lexicon.asks(word));
    let open = question.demand.is_none() || content < 2;
    leads && content <= 3 || points && content <= 1 || !stands && content <= 2 && open
}

/// The kind of figure that the question asks for: most firmly, and of those first.
fn demand(words: &[Word], lexicon: &Lexicon) -> Option<Wanted> {
    let text = spaced(words);
    let cues = lexicon.data.cues.iter();
    let found = cues.filter_map(|&(cue, figures, demand)| {
        let place = text.find(&format!(" {cue} "))?;
        // "How will I know when ..." does not ask when.
        let mut first = words.iter().filter(|word| lexicon.focuses(&word.plain));
        if lexicon.focuses(cue) && first.next().is_some_and(|word| word.plain != cue) {
            return None;
        }
        let wanted = Wanted {
            figures,
            demand,
            cue,
        };
        Some((wanted, place))
    });
    let best = found.reduce(|best, next| {
        let (firmer, earlier) = (next.0.demand.cmp(&best.0.demand), best.1.cmp(&next.1));
        if firmer.then(earlier).is_gt() {
            next
        } else {
            best
        }
    });
    best.map(|(wanted, _)| wanted)
}

pub(super) fn has_cue(words: &[Word], cues: &[&str]) -> bool {
    let text = spaced(words);
    cues.iter().any(|cue| text.contains(&format!(" {cue} ")))
}

fn spaced(words: &[Word]) -> String {
    let words: Vec<&str> = words.iter().map(|word| word.plain.as_str()).collect();
    format!(" {} ", words.join(" "))
}

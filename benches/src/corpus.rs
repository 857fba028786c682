//! A made-up knowledge base of any size: the same words every time, as often as words are in
//! documents, and questions that one of its passages answers.

/// How many different words there are.
const WORDS: usize = 30_000;

/// Makes the same numbers every time (xorshift64*).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// From 0 to 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, most: usize) -> usize {
        (self.share() * most as f64) as usize
    }

    /// A word of Zipf's law: the second is half as frequent as the first.
    fn word(&mut self) -> String {
        let rank = (WORDS as f64).powf(self.share());
        spell(rank as usize)
    }
}

/// One document of a corpus: a title, and paragraphs under headings.
pub fn document(number: usize, passages: usize) -> String {
    let mut dice = Dice::new(number as u64 + 1);
    let mut text = format!("# {} {}\n", dice.word(), dice.word());
    for _ in 0..passages {
        text.push_str(&format!("\n## {} {}\n\n", dice.word(), dice.word()));
        for _ in 0..6 {
            let words: Vec<_> = (0..8 + dice.below(10)).map(|_| dice.word()).collect();
            text.push_str(&format!(
                "{} {} {}. ",
                words.join(" "),
                dice.below(5000),
                dice.word()
            ));
        }
        text.push('\n');
    }
    text
}

/// What somebody asks who wants a passage of this document: some of its words, and some of no
/// document. Each number is another question.
pub fn question(number: usize, document: &str) -> String {
    let mut dice = Dice::new(number as u64 + 7_000_003);
    let words: Vec<&str> = document
        .split_whitespace()
        .filter(|w| w.len() > 4)
        .collect();
    let mut asked = vec!["how", "long", "does"];
    for _ in 0..5 {
        asked.extend(words.get(dice.below(words.len())));
    }
    asked.push("take");
    asked.join(" ")
}

/// A word for a number: syllables, the more the rarer.
fn spell(mut rank: usize) -> String {
    const SYLLABLES: [&str; 24] = [
        "ta", "ri", "mo", "len", "sho", "ka", "ver", "ni", "pol", "gra", "du", "fes", "bar", "sil",
        "ton", "wi", "cha", "rem", "os", "pli", "ul", "jet", "hy", "zan",
    ];
    let mut word = String::new();
    loop {
        word.extend(SYLLABLES.get(rank % SYLLABLES.len()).copied());
        rank /= SYLLABLES.len();
        if rank == 0 {
            return word + "e";
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_the_same_every_time_and_no_other() {
        assert_eq!(document(3, 2), document(3, 2));
        assert_ne!(document(3, 2), document(4, 2));
        assert_eq!(document(0, 10).matches("\n## ").count(), 10);
    }

    #[test]
    fn a_question_has_words_of_its_document() {
        let document = document(5, 10);
        let question = question(5, &document);
        let known = question.split(' ').filter(|word| document.contains(word));
        assert!(known.count() >= 5, "{question}");
        assert_ne!(question, super::question(6, &document));
    }
}

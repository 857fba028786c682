//! Keeps what a model thinks in `<think>` or `<thinking>` tags out of what it says.

const OPEN: [&str; 2] = ["<think>", "<thinking>"];
const CLOSE: [&str; 2] = ["</think>", "</thinking>"];

/// Lets through what is said; holds back at most the beginning of a tag.
#[derive(Debug)]
pub(super) struct Aloud {
    held: String,
    thinking: bool,
    /// Whitespace before the first word is no word, unless the reply goes on from words.
    begun: bool,
}

impl Aloud {
    /// For a reply that goes on from `said`.
    pub(super) fn after(said: &str) -> Self {
        Self {
            held: String::new(),
            thinking: false,
            begun: !said.is_empty(),
        }
    }

    /// What of `text`, and of what was held, is said; may be empty.
    pub(super) fn hear(&mut self, text: &str) -> String {
        if !self.thinking && self.held.is_empty() && !text.contains('<') {
            return self.begin(text);
        }
        self.held.push_str(text);
        let mut aloud = String::new();
        loop {
            // One that closes what was never opened is not said either.
            let opening = OPEN.iter().filter(|_| !self.thinking);
            let tags = opening.chain(&CLOSE);
            let held = &self.held;
            let found = tags.clone().filter_map(|tag| Some((held.find(tag)?, *tag)));
            let found = found.min();
            let (end, next) = match found {
                Some((at, tag)) => (at, at + tag.len()),
                None => {
                    let begun = tags.map(|tag| begun(held, tag)).max();
                    let end = held.len() - begun.unwrap_or(0);
                    (end, end)
                }
            };
            let passed: String = self.held.drain(..next).collect();
            if !self.thinking {
                aloud.push_str(passed.get(..end).unwrap_or_default());
            }
            let Some((_, tag)) = found else {
                return self.begin(&aloud);
            };
            self.thinking = OPEN.contains(&tag);
        }
    }

    /// What was held for the rest of a tag that never came.
    pub(super) fn rest(&mut self) -> String {
        let held = std::mem::take(&mut self.held);
        if self.thinking {
            return String::new();
        }
        self.begin(&held)
    }

    fn begin(&mut self, text: &str) -> String {
        let text = match self.begun {
            true => text,
            false => text.trim_start(),
        };
        self.begun |= !text.is_empty();
        text.to_owned()
    }
}

/// How many bytes at the end of `text` may be the beginning of `tag`.
fn begun(text: &str, tag: &str) -> usize {
    let lengths = (1..tag.len()).rev();
    let mut begun = lengths.filter(|&length| tag.get(..length).is_some_and(|t| text.ends_with(t)));
    begun.next().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thoughts_are_not_said() {
        check(
            "<think>Hm, 18?</think>\n\nIt takes 18 days.",
            "It takes 18 days.",
        );
        check(
            "It<think>…</think> takes<think></think> 18.",
            "It takes 18.",
        );
        check("  <think>no end", "");
        check("<think>a < b </thin </think>So.", "So.");
        check("<thinking>18?</thinking> It takes 18.", "It takes 18.");
        check("<think>a <think> b</thinking>So.", "So.");
    }

    #[test]
    fn a_tag_that_closes_nothing_is_not_said() {
        check("</think>\n\nIt takes 18.", "It takes 18.");
        check("It takes</thinking> 18.", "It takes 18.");
    }

    #[test]
    fn what_only_looks_like_a_tag_is_said() {
        check("a < b <thinker> <", "a < b <thinker> <");
        check("\n 1 <thin", "1 <thin");
        check("<<think>x</think>>", "<>");
    }

    #[test]
    fn whitespace_is_kept_where_the_reply_goes_on() {
        let mut aloud = Aloud::after("It takes");
        assert_eq!(aloud.hear(" 18 days."), " 18 days.");
    }

    #[test]
    fn a_word_is_not_held() {
        assert_eq!(Aloud::after("").hear("It"), "It");
    }

    /// However the text is cut, the same is said.
    fn check(text: &str, expected: &str) {
        let chars: Vec<char> = text.chars().collect();
        for size in 1..=chars.len() {
            let mut aloud = Aloud::after("");
            let pieces = chars
                .chunks(size)
                .map(|piece| piece.iter().collect::<String>());
            let mut said: String = pieces.map(|piece| aloud.hear(&piece)).collect();
            said.push_str(&aloud.rest());
            assert_eq!(said, expected, "by {size}");
        }
    }
}

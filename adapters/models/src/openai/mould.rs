//! The events of one reply differ in their words and in nothing else. Whoever knows one of them
//! takes the words out of the next without reading the rest again, which is most of the work.

/// What stands before and after the words of an event, as it is written.
#[derive(Debug, Default)]
pub(super) struct Mould {
    before: String,
    after: String,
}

impl Mould {
    /// The words of an event that has this form, where they are written as they are.
    pub(super) fn words<'a>(&self, event: &'a str) -> Option<&'a str> {
        let words = event.strip_prefix(&*self.before)?;
        let words = words.strip_suffix(&*self.after)?;
        let is_plain = |byte| !matches!(byte, b'"' | b'\\' | b'\0'..b' ');
        (!self.after.is_empty() && words.bytes().all(is_plain)).then_some(words)
    }

    /// Takes the form of an event in which `words`, borrowed from it, are all that matters.
    pub(super) fn form(&mut self, event: &str, words: &str) {
        let place = words.as_ptr().addr().wrapping_sub(event.as_ptr().addr());
        let after = event.get(place..).and_then(|e| e.strip_prefix(words));
        if let (Some(before), Some(after)) = (event.get(..place), after) {
            before.clone_into(&mut self.before);
            after.clone_into(&mut self.after);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"id":"7","delta":{"content":" days"},"end":null}"#;

    #[test]
    fn an_event_of_the_same_form_gives_its_words() {
        let mould = mould();
        let words = |event: &'static str| mould.words(event);
        let same = r#"{"id":"7","delta":{"content":" und für €5"},"end":null}"#;
        assert_eq!(words(EVENT), Some(" days"));
        assert_eq!(words(same), Some(" und für €5"));
        assert_eq!(
            words(r#"{"id":"7","delta":{"content":""},"end":null}"#),
            Some("")
        );
    }

    #[test]
    fn an_event_of_another_form_is_read() {
        let mould = mould();
        for event in [
            r#"{"id":"8","delta":{"content":" days"},"end":null}"#,
            r#"{"id":"7","delta":{"content":" days"},"end":"stop"}"#,
            r#"{"id":"7","delta":{"content":null},"end":null}"#,
            r#"{"id":"7","delta":{"content":"}"#,
            "",
        ] {
            assert_eq!(mould.words(event), None, "{event}");
        }
    }

    #[test]
    fn what_is_written_otherwise_is_read() {
        let mould = mould();
        for words in [r"a\nb", r"\u00fc", r#"a\"b"#, r#"a","b":"c"#, "a\nb"] {
            let event = EVENT.replace(" days", words);
            assert_eq!(mould.words(&event), None, "{event}");
        }
    }

    #[test]
    fn before_the_first_event_nothing_is_known() {
        assert_eq!(Mould::default().words("days"), None);
    }

    #[test]
    fn words_from_elsewhere_change_nothing() {
        let mut mould = mould();
        mould.form("{}", "days");
        assert_eq!(mould.words(EVENT), Some(" days"));
    }

    fn mould() -> Mould {
        let mut mould = Mould::default();
        let at = EVENT.find(" days").unwrap_or_default();
        mould.form(EVENT, &EVENT[at..at + " days".len()]);
        mould
    }
}

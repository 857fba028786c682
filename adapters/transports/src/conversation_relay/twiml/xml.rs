//! Writes XML that any parser reads back as it was meant.

/// One document, written from its beginning to its end.
#[derive(Debug)]
pub(super) struct Xml {
    text: String,
    /// The elements that are open, the innermost last.
    open: Vec<&'static str>,
    /// The innermost one's start tag still takes attributes.
    in_tag: bool,
}

/// What an attribute may hold.
pub(super) trait Value {
    /// Appends the value, not escaped. Appending nothing means that there is none.
    fn write(&self, to: &mut String);
}

impl Xml {
    pub(super) fn new() -> Self {
        Self {
            text: String::from(r#"<?xml version="1.0" encoding="UTF-8"?>"#),
            open: Vec::new(),
            in_tag: false,
        }
    }

    /// Begins an element inside the one that is open.
    pub(super) fn open(&mut self, name: &'static str) {
        self.end_tag();
        self.text.push('<');
        self.text.push_str(name);
        self.open.push(name);
        self.in_tag = true;
    }

    /// Adds an attribute to the element just opened. One without a value, or with an empty one,
    /// is left out: the carrier refuses an empty attribute.
    pub(super) fn attribute(&mut self, name: &str, value: impl Value) {
        let (mut written, mut escaped) = (String::new(), String::new());
        value.write(&mut written);
        escape(&written, Place::Attribute, &mut escaped);
        if escaped.is_empty() {
            return;
        }
        self.text.push(' ');
        self.text.push_str(name);
        self.text.push_str("=\"");
        self.text.push_str(&escaped);
        self.text.push('"');
    }

    /// Adds text to the element that is open.
    pub(super) fn text(&mut self, text: &str) {
        self.end_tag();
        escape(text, Place::Content, &mut self.text);
    }

    /// Ends the element that is open.
    pub(super) fn close(&mut self) {
        let Some(name) = self.open.pop() else { return };
        if self.in_tag {
            self.text.push_str("/>");
            self.in_tag = false;
        } else {
            self.text.push_str("</");
            self.text.push_str(name);
            self.text.push('>');
        }
    }

    /// Ends everything that is open.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.text
    }

    fn end_tag(&mut self) {
        if self.in_tag {
            self.text.push('>');
            self.in_tag = false;
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Attribute,
    Content,
}

fn escape(text: &str, place: Place, to: &mut String) {
    for character in text.chars() {
        match character {
            '&' => to.push_str("&amp;"),
            '<' => to.push_str("&lt;"),
            '>' => to.push_str("&gt;"),
            '"' => to.push_str("&quot;"),
            // A parser turns these into a space within an attribute, and this one into a newline
            // anywhere, unless they are written as references.
            '\r' => to.push_str("&#13;"),
            '\n' if place == Place::Attribute => to.push_str("&#10;"),
            '\t' if place == Place::Attribute => to.push_str("&#9;"),
            '\n' | '\t' => to.push(character),
            // No XML can hold these, escaped or not.
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {}
            _ => to.push(character),
        }
    }
}

impl Value for &str {
    fn write(&self, to: &mut String) {
        to.push_str(self);
    }
}

impl Value for bool {
    fn write(&self, to: &mut String) {
        to.push_str(if *self { "true" } else { "false" });
    }
}

impl Value for f64 {
    fn write(&self, to: &mut String) {
        to.push_str(&self.to_string());
    }
}

impl<T: Value> Value for Option<T> {
    fn write(&self, to: &mut String) {
        if let Some(value) = self {
            value.write(to);
        }
    }
}

//! Cuts documents into sentences, each with the headings it stands under.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use voicera::ports::retriever::Passage;

/// A sentence of a document, or what can be said like one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    pub(super) text: String,
    pub(super) form: Form,
    /// What a row of a table tells, without the heads of its columns; else empty.
    pub(super) cells: String,
    /// Counts paragraphs, lists and tables: what stands together.
    pub(super) block: usize,
    /// Counts headings: what stands under one.
    pub(super) section: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Prose,
    /// A list with the line that opens it, or a row of a table with the heads of its columns.
    Assembled,
}

/// The headings that stand above a section, outermost first.
pub(super) type Headings = Vec<String>;

/// The first cells of a table's rows: things of one kind.
pub(super) type Column = Vec<String>;

/// Everything that was read, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Material {
    pub(super) statements: Vec<Statement>,
    pub(super) sections: Vec<Headings>,
    pub(super) columns: Vec<Column>,
    blocks: usize,
}

/// A list is put together where it is not longer than this, in words.
const LIST_WORDS: usize = 40;

/// A line as short as this that another follows is a line of its own, and not wrapped prose.
const SHORT_LINE: usize = 50;

impl Material {
    /// Reads a briefing: documents between `<document path="...">` and `</document>`.
    pub(super) fn add_briefing(&mut self, briefing: &str) {
        let mut document = String::new();
        let mut name = String::new();
        for line in briefing.lines() {
            let opening = line.strip_prefix("<document path=\"");
            let opening = opening.and_then(|rest| rest.strip_suffix("\">"));
            if opening.is_some() || line == "</document>" {
                self.add_document(&document, &spoken(&name));
                document.clear();
                opening.unwrap_or_default().clone_into(&mut name);
            } else {
                document.push_str(line);
                document.push('\n');
            }
        }
        self.add_document(&document, &spoken(&name));
    }

    /// Reads what was found for a turn.
    pub(super) fn add_passage(&mut self, passage: &Passage) {
        let mut above = spoken(&passage.source.document);
        above.extend_from_slice(&passage.source.headings);
        self.add_document(&passage.text, &above);
    }

    /// Reads Markdown that stands under the given headings.
    fn add_document(&mut self, markdown: &str, above: &[String]) {
        if markdown.trim().is_empty() {
            return;
        }
        self.sections.push(above.to_vec());
        let mut reader = Reader {
            above: above.len(),
            material: self,
            headings: above.iter().map(|h| (0, h.clone())).collect(),
            text: String::new(),
            line: 0,
            intro: String::new(),
            items: Vec::new(),
            in_list: 0,
            heads: Vec::new(),
            cells: Vec::new(),
            firsts: Vec::new(),
        };
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        for event in Parser::new_ext(markdown, options) {
            reader.read(event);
        }
        reader.end_of_text();
    }
}

/// `rates/ocean-freight.md` as a heading.
fn spoken(path: &str) -> Headings {
    let path = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let heading = path.replace(['/', '-', '_'], " ");
    if heading.is_empty() {
        Vec::new()
    } else {
        vec![heading]
    }
}

struct Reader<'a> {
    material: &'a mut Material,
    /// How many headings were there before the document's own.
    above: usize,
    /// With their levels, outermost first.
    headings: Vec<(usize, String)>,
    text: String,
    /// Where the line began in `text`.
    line: usize,
    /// A line that ends with a colon, waiting for its list.
    intro: String,
    items: Vec<String>,
    in_list: usize,
    heads: Vec<String>,
    cells: Vec<String>,
    firsts: Column,
}

impl Reader<'_> {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.text.push_str(&text),
            Event::SoftBreak => self.break_line(),
            Event::HardBreak => {
                self.text.push('\n');
                self.line = self.text.len();
            }
            Event::Start(Tag::Heading { .. } | Tag::MetadataBlock(_)) => self.end_of_text(),
            Event::End(TagEnd::Heading(level)) => self.heading(level as usize),
            Event::End(TagEnd::MetadataBlock(_)) => self.text.clear(),
            Event::End(TagEnd::Paragraph | TagEnd::CodeBlock | TagEnd::BlockQuote(_)) => {
                self.end_of_text();
            }
            Event::Start(Tag::List(_)) => {
                self.end_of_item();
                self.in_list += 1;
            }
            Event::End(TagEnd::List(_)) => {
                self.in_list = self.in_list.saturating_sub(1);
                if self.in_list == 0 {
                    self.end_of_list();
                }
            }
            Event::End(TagEnd::Item) => self.end_of_item(),
            Event::End(TagEnd::TableCell) => {
                let cell = std::mem::take(&mut self.text);
                self.cells.push(cell.trim().to_owned());
            }
            Event::End(TagEnd::TableHead) => self.heads = std::mem::take(&mut self.cells),
            Event::End(TagEnd::TableRow) => self.row(),
            Event::End(TagEnd::Table) => {
                let firsts = std::mem::take(&mut self.firsts);
                self.material.columns.push(firsts);
                self.material.blocks += 1;
            }
            _ => {}
        }
    }

    fn break_line(&mut self) {
        let line = self.text.get(self.line..).unwrap_or_default();
        let short = line.chars().count() < SHORT_LINE;
        self.text.push(if short { '\n' } else { ' ' });
        self.line = self.text.len();
    }

    fn heading(&mut self, level: usize) {
        let text = std::mem::take(&mut self.text).trim().to_owned();
        self.line = 0;
        let outer = |(at, (outer, _)): (usize, &(usize, String))| at < self.above || *outer < level;
        let keep = self.headings.iter().enumerate().take_while(|h| outer(*h));
        let keep = keep.count();
        self.headings.truncate(keep);
        self.headings.push((level, text));
        let headings = self.headings.iter().map(|(_, text)| text.clone());
        self.material.sections.push(headings.collect());
        self.material.blocks += 1;
    }

    fn end_of_text(&mut self) {
        if self.in_list > 0 {
            return;
        }
        let text = std::mem::take(&mut self.text);
        self.line = 0;
        let mut last = "";
        for sentence in sentences(&text) {
            self.say(sentence.to_owned(), Form::Prose);
            last = sentence;
        }
        if last.ends_with(':') {
            self.intro = last.to_owned();
        } else if !last.is_empty() {
            self.intro.clear();
        }
        if !last.is_empty() {
            self.material.blocks += 1;
        }
    }

    fn end_of_item(&mut self) {
        let text = std::mem::take(&mut self.text);
        self.line = 0;
        let item = text.trim();
        if item.is_empty() {
            return;
        }
        for sentence in sentences(item) {
            self.say(sentence.to_owned(), Form::Prose);
        }
        self.items.push(item.trim_end_matches('.').to_owned());
    }

    /// "We bake:" and its items become one sentence, where it can be said in one breath.
    fn end_of_list(&mut self) {
        self.end_of_item();
        let items = std::mem::take(&mut self.items);
        let intro = std::mem::take(&mut self.intro);
        let whole = format!("{intro} {}.", items.join(", "));
        if !intro.is_empty() && whole.split_whitespace().count() <= LIST_WORDS {
            self.say(whole, Form::Assembled);
        }
        self.material.blocks += 1;
    }

    /// "Frankfurt to New York, 40-foot: rate USD 2,200."
    fn row(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        let Some((first, rest)) = cells.split_first() else {
            return;
        };
        self.firsts.push(first.clone());
        if !cells
            .iter()
            .any(|cell| cell.contains(char::is_alphanumeric))
        {
            return;
        }
        let told = rest.iter().zip(self.heads.iter().skip(1));
        let told = told.filter(|(cell, _)| !cell.is_empty());
        let told: Vec<String> = told.map(|(cell, head)| format!("{head} {cell}")).collect();
        let text = match told.is_empty() {
            true => first.clone(),
            false => format!("{first}: {}.", told.join(", ")),
        };
        self.say(text, Form::Assembled);
        if let Some(row) = self.material.statements.last_mut() {
            row.cells = cells.join(" ");
        }
    }

    fn say(&mut self, text: String, form: Form) {
        if !text.chars().any(char::is_alphanumeric) {
            return;
        }
        self.material.statements.push(Statement {
            text,
            form,
            cells: String::new(),
            block: self.material.blocks,
            section: self.material.sections.len().saturating_sub(1),
        });
    }
}

/// Cuts a paragraph into sentences.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let (sentence, after) = rest.split_at(end_of_sentence(rest));
            rest = after;
            let sentence = sentence.trim();
            if !sentence.is_empty() {
                return Some(sentence);
            }
        }
        None
    })
}

fn end_of_sentence(text: &str) -> usize {
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let after = text.get(end..).unwrap_or_default();
        let ends = match c {
            '\n' | '。' | '！' | '？' => true,
            '.' => is_full_stop(text.get(..at).unwrap_or_default(), after),
            '!' | '?' => after.starts_with(char::is_whitespace),
            _ => false,
        };
        if ends {
            return end;
        }
    }
    text.len()
}

/// Whether the dot between the two texts ends a sentence: the one in "e.g. two" or "Dr. No" does not.
fn is_full_stop(before: &str, after: &str) -> bool {
    if !after.starts_with(char::is_whitespace) {
        return false;
    }
    let word = before
        .rsplit(|c: char| c.is_whitespace() || c == '(')
        .next();
    let word = word.unwrap_or_default();
    let next = after.trim_start().chars().next();
    let short =
        word.contains('.') || word.chars().count() == 1 && !word.starts_with(char::is_numeric);
    let title = TITLES.contains(&word.to_lowercase().as_str());
    !title && !short && !next.is_some_and(char::is_lowercase)
        || short && next.is_some_and(char::is_uppercase) && word.len() > 3
}

const TITLES: [&str; 15] = [
    "approx", "ca", "dr", "fr", "hr", "max", "min", "mr", "mrs", "ms", "nr", "prof", "sr", "sra",
    "st",
];

#[cfg(test)]
mod tests;

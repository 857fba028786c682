//! Word's documents as Markdown: headings, lists, tables and paragraphs.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Cursor, Read as _};

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;
use zip::result::ZipError;

/// What a part of the file may hold once it is unpacked: a small file can claim to hold anything.
const MAX_UNPACKED: u64 = 128 * 1024 * 1024;

/// What Word writes where a password is needed, and what it wrote before DOCX.
const COMPOUND_FILE: [u8; 4] = [0xd0, 0xcf, 0x11, 0xe0];

type Archive = ZipArchive<Cursor<Vec<u8>>>;

/// Markdown, or why there is none.
pub(super) fn markdown(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(&COMPOUND_FILE) {
        return Err(
            "it needs a password, or is an old DOC; save it as DOCX without one".to_owned(),
        );
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let levels = match part(&mut archive, "word/styles.xml", levels) {
        Err(Failure::Missing) => HashMap::new(),
        levels => levels.map_err(Failure::reason)?,
    };
    let mut writer = Writer {
        levels,
        ..Writer::default()
    };
    part(&mut archive, "word/document.xml", |reader| {
        each(reader, |event| writer.take(event))
    })
    .map_err(Failure::reason)?;
    Ok(writer.text)
}

enum Failure {
    Missing,
    Other(String),
}

impl Failure {
    fn reason(self) -> String {
        match self {
            Self::Missing => "it is not a DOCX file: it has no text part".to_owned(),
            Self::Other(reason) => reason,
        }
    }
}

fn broken(error: impl std::fmt::Display) -> String {
    format!("it is not a whole DOCX file ({error})")
}

fn part<T>(
    archive: &mut Archive,
    name: &str,
    read: impl FnOnce(Reader<&mut dyn BufRead>) -> Result<T, String>,
) -> Result<T, Failure> {
    let file = archive.by_name(name).map_err(|error| match error {
        ZipError::FileNotFound => Failure::Missing,
        error => Failure::Other(broken(error)),
    })?;
    let too_large = || Failure::Other(format!("it unpacks to more than {MAX_UNPACKED} bytes"));
    if file.size() > MAX_UNPACKED {
        return Err(too_large());
    }
    // What it says of its size may be a lie.
    let mut file = BufReader::new(file.take(MAX_UNPACKED + 1));
    let done = read(Reader::from_reader(&mut file as &mut dyn BufRead));
    match file.get_ref().limit() {
        0 => Err(too_large()),
        _ => done.map_err(Failure::Other),
    }
}

fn each(
    mut reader: Reader<&mut dyn BufRead>,
    mut take: impl FnMut(Event<'_>),
) -> Result<(), String> {
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).map_err(broken)? {
            Event::Eof => return Ok(()),
            // One event for each that begins: an empty element ends, too.
            Event::Empty(start) => {
                let end = start.to_end().into_owned();
                take(Event::Start(start.borrow()));
                take(Event::End(end));
            }
            event => take(event),
        }
        buffer.clear();
    }
}

/// The headings among the styles: their ids are in Word's language, their names are not.
fn levels(reader: Reader<&mut dyn BufRead>) -> Result<HashMap<String, usize>, String> {
    let mut levels = HashMap::new();
    let mut style = String::new();
    each(reader, |event| {
        let Event::Start(start) = event else {
            return;
        };
        match start.local_name().as_ref() {
            "style" => style = value(&start, "w:styleId"),
            "name" => {
                let name = value(&start, "w:val").to_ascii_lowercase();
                let level = match name.strip_prefix("heading ") {
                    Some(level) => level.parse().ok(),
                    None => (name == "title").then_some(1),
                };
                if let Some(level) = level {
                    levels.insert(style.clone(), level);
                }
            }
            "outlineLvl" => {
                if let Ok(level @ 0..6) = value(&start, "w:val").parse::<usize>() {
                    levels.entry(style.clone()).or_insert(level + 1);
                }
            }
            _ => {}
        }
    })?;
    Ok(levels)
}

fn value(start: &BytesStart<'_>, name: &str) -> String {
    let attribute = start.try_get_attribute(name).ok().flatten();
    let value = attribute.and_then(|attribute| {
        Some(
            attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .ok()?
                .into_owned(),
        )
    });
    value.unwrap_or_default()
}

/// Writes Markdown while it is told what the document has.
#[derive(Default)]
struct Writer {
    levels: HashMap<String, usize>,
    text: String,
    /// The words of the paragraph that is being read.
    words: String,
    /// Whether words are read: between other elements are spaces that nobody wrote.
    reading: bool,
    heading: Option<usize>,
    /// How deep the paragraph is in a list.
    item: Option<usize>,
    after_item: bool,
    /// How many elements with a second version of what has been read are open.
    passing_over: usize,
    /// How many tables are open; one in another is words of its cell.
    tables: usize,
    cells: Vec<String>,
    rows: usize,
}

impl Writer {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(start) => self.start(&start),
            Event::End(end) => self.end(end.local_name().as_ref()),
            Event::Text(text) if self.reading => self.words.push_str(&text),
            Event::CData(text) if self.reading => self.words.push_str(&text),
            Event::GeneralRef(reference) if self.reading => match reference.resolve_char_ref() {
                Ok(Some(c)) => self.words.push(c),
                Ok(None) | Err(_) => {
                    let known = resolve_predefined_entity(&reference);
                    self.words.push_str(known.unwrap_or_default());
                }
            },
            _ => {}
        }
    }

    fn start(&mut self, start: &BytesStart<'_>) {
        match start.local_name().as_ref() {
            "Fallback" => self.passing_over += 1,
            _ if self.passing_over > 0 => {}
            "t" => self.reading = true,
            "tab" => self.words.push(' '),
            "br" | "cr" => self.words.push('\n'),
            "noBreakHyphen" => self.words.push('-'),
            "pStyle" => self.heading = self.levels.get(&value(start, "w:val")).copied(),
            "ilvl" => self.item = value(start, "w:val").parse().ok(),
            "numId" if value(start, "w:val") != "0" => self.item = self.item.or(Some(0)),
            "numId" => self.item = None,
            "tbl" => {
                self.tables += 1;
                self.rows = match self.tables {
                    1 => 0,
                    _ => self.rows,
                };
            }
            "tc" if self.tables == 1 => self.cells.push(String::new()),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "Fallback" => self.passing_over = self.passing_over.saturating_sub(1),
            _ if self.passing_over > 0 => {}
            "t" => self.reading = false,
            "p" => self.paragraph(),
            "tr" if self.tables == 1 => self.row(),
            "tbl" => {
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    self.text.push('\n');
                }
            }
            _ => {}
        }
    }

    fn paragraph(&mut self) {
        let words = std::mem::take(&mut self.words);
        let (heading, item) = (self.heading.take(), self.item.take());
        let words = words.trim();
        if words.is_empty() {
            return;
        }
        if self.tables > 0 {
            if let Some(cell) = self.cells.last_mut() {
                cell.push(' ');
                cell.push_str(words);
            }
            return;
        }
        if self.after_item && (item.is_none() || heading.is_some()) {
            self.text.push('\n');
        }
        self.after_item = item.is_some() && heading.is_none();
        match (heading, item) {
            (Some(level), _) => {
                let words = words.replace('\n', " ");
                self.text.push_str(&"#".repeat(level.clamp(1, 6)));
                self.text.push_str(&format!(" {words}\n\n"));
            }
            (None, Some(depth)) => {
                let indent = "  ".repeat(depth.min(8));
                let words = words.replace('\n', &format!("\n{indent}  "));
                self.text.push_str(&format!("{indent}- {words}\n"));
            }
            (None, None) => {
                self.text.push_str(words);
                self.text.push_str("\n\n");
            }
        }
    }

    fn row(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        if std::mem::take(&mut self.after_item) {
            self.text.push('\n');
        }
        self.text.push('|');
        for cell in &cells {
            let words: Vec<_> = cell.split_whitespace().collect();
            let words = words.join(" ").replace('|', "\\|");
            self.text.push_str(&format!(" {words} |"));
        }
        self.text.push('\n');
        if self.rows == 0 {
            self.text.push('|');
            self.text.push_str(&"---|".repeat(cells.len()));
            self.text.push('\n');
        }
        self.rows += 1;
    }
}

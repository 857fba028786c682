//! Turns a file's bytes into text that models read well.

use std::path::Path;

use htmd::HtmlToMarkdown;
use htmd::options::{BulletListMarker, Options};
use pulldown_cmark::{Event, HeadingLevel, Options as Extensions, Parser, Tag};

#[cfg(feature = "pdf")]
use super::pdf;
use super::{Markup, csv, docx, faq};
use crate::chunks;

/// How a document is written, by its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Markdown,
    Plain,
    Html,
    Pdf,
    Docx,
    Csv,
    Faq,
}

impl Format {
    pub(super) fn of(path: &Path) -> Option<Self> {
        if path.file_name()?.eq_ignore_ascii_case(QUESTIONS) {
            return None;
        }
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "md" | "markdown" => Some(Self::Markdown),
            "txt" => Some(Self::Plain),
            "html" | "htm" => Some(Self::Html),
            "pdf" => Some(Self::Pdf),
            "docx" => Some(Self::Docx),
            "csv" => Some(Self::Csv),
            "jsonl" => Some(Self::Faq),
            _ => None,
        }
    }
}

/// Holds questions that the knowledge base must answer, and is no part of it.
const QUESTIONS: &str = "questions.jsonl";

/// Elements may lie in each other this deep: the conversion recurses, and no page of words is
/// deeper.
const MAX_DEPTH: usize = 256;

/// What a file says.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) title: Option<String>,
    pub(super) text: String,
    pub(super) markup: Markup,
}

/// The words of a file, or why there are none.
pub(super) fn decode(bytes: Vec<u8>, format: Format) -> Result<Written, String> {
    let written = match format {
        Format::Markdown => marked(unicode(bytes)?),
        Format::Plain => nameless(unicode(bytes)?, Markup::Plain),
        Format::Html => marked(markdown(&unicode(bytes)?)?),
        #[cfg(feature = "pdf")]
        Format::Pdf => nameless(pdf::markdown(bytes)?, Markup::Markdown),
        #[cfg(not(feature = "pdf"))]
        Format::Pdf => {
            return Err(
                "this program is built without PDF; build it with the feature `pdf`".to_owned(),
            );
        }
        Format::Docx => marked(docx::markdown(bytes)?),
        Format::Csv => nameless(csv::paragraphs(&unicode(bytes)?)?, Markup::Plain),
        Format::Faq => nameless(faq::markdown(&unicode(bytes)?)?, Markup::Markdown),
    };
    match written.text.trim_end() {
        text if text.trim().is_empty() => Err("it has no text".to_owned()),
        text => Ok(Written {
            text: text.trim_start_matches('\n').to_owned(),
            ..written
        }),
    }
}

/// Text as its writer saw it: without marks, lines ended as everywhere.
fn unicode(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("it is UTF-16; save it as UTF-8".to_owned());
    }
    if bytes.contains(&0) {
        return Err("it is binary".to_owned());
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        format!("it is not UTF-8 (at byte {place}); save it as UTF-8")
    })?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    match text.contains('\r') {
        true => Ok(text.replace("\r\n", "\n").replace('\r', "\n")),
        false => Ok(text),
    }
}

fn marked(text: String) -> Written {
    Written {
        title: title(&text),
        text,
        markup: Markup::Markdown,
    }
}

/// A file whose name says what it is about.
fn nameless(text: String, markup: Markup) -> Written {
    Written {
        title: None,
        text,
        markup,
    }
}

/// The heading above all others, else the title that the front matter names.
fn title(text: &str) -> Option<String> {
    // A title stands near the top.
    let top = text.get(..text.floor_char_boundary(64 * 1024))?;
    let mut events = Parser::new_ext(top, Extensions::ENABLE_YAML_STYLE_METADATA_BLOCKS);
    let mut headings = Vec::new();
    while let Some(event) = events.next() {
        if let Event::Start(Tag::Heading { level, .. }) = event {
            headings.push((level, chunks::heading_words(&mut events)));
        }
    }
    let first = headings.split_first().filter(|((level, words), others)| {
        let above = others.iter().all(|(other, _)| other > level);
        !words.is_empty() && (above || *level == HeadingLevel::H1)
    });
    match first {
        Some(((_, words), _)) => Some(words.clone()),
        None => front_title(top),
    }
}

fn front_title(text: &str) -> Option<String> {
    let front = text.strip_prefix("---\n")?;
    let mut lines = front.lines().take_while(|line| line.trim_end() != "---");
    let title = lines.find_map(|line| line.strip_prefix("title:"))?;
    let title = title.trim().trim_matches(['"', '\'']);
    (!title.is_empty()).then(|| title.to_owned())
}

fn markdown(html: &str) -> Result<String, String> {
    if depth(html) > MAX_DEPTH {
        return Err(format!(
            "its elements are nested more than {MAX_DEPTH} deep"
        ));
    }
    let options = Options {
        bullet_list_marker: BulletListMarker::Dash,
        ul_bullet_spacing: 1,
        ol_number_spacing: 1,
        ..Options::default()
    };
    let converter = HtmlToMarkdown::builder()
        .options(options)
        .skip_tags(vec![
            "head", "script", "style", "template", "noscript", "svg", "iframe",
        ])
        .build();
    converter.convert(html).map_err(|error| error.to_string())
}

/// How deep elements lie in each other at most, elements without an end tag left out.
fn depth(html: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    // Programs and style sheets are no elements up to their end tag; only in drawings may an
    // element end itself.
    let (mut program, mut drawings) = (None::<String>, 0_usize);
    for tag in html.split('<').skip(1) {
        let (closing, tag) = match tag.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        match &program {
            Some(open) if !closing || *open != name => continue,
            _ => program = None,
        }
        if !closing && matches!(name.as_str(), "script" | "style") {
            program = Some(name.clone());
        }
        let ends_itself = tag.split('>').next().is_some_and(|tag| tag.ends_with('/'));
        let is_drawing = name == "svg";
        if name.is_empty()
            || END_OPTIONAL.contains(&name.as_str())
            || ends_itself && (is_drawing || drawings > 0)
        {
            continue;
        }
        if is_drawing {
            drawings = match closing {
                true => drawings.saturating_sub(1),
                false => drawings + 1,
            };
        }
        if closing {
            depth = depth.saturating_sub(1);
        } else {
            depth += 1;
            deepest = deepest.max(depth);
        }
    }
    deepest
}

/// Elements that never nest in themselves without another one between, and often lack their end.
const END_OPTIONAL: [&str; 32] = [
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html",
    "img", "input", "li", "link", "meta", "optgroup", "option", "p", "path", "rp", "rt", "source",
    "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
];

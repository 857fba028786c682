//! Turns a file's bytes into text that models read well.

use std::path::Path;

use htmd::HtmlToMarkdown;
use htmd::options::{BulletListMarker, Options};
use pulldown_cmark::{Event, Options as Extensions, Parser, Tag, TagEnd};

/// How a document is written, by its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Markdown,
    Plain,
    Html,
}

impl Format {
    pub(super) fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "md" | "markdown" => Some(Self::Markdown),
            "txt" => Some(Self::Plain),
            "html" | "htm" => Some(Self::Html),
            _ => None,
        }
    }
}

/// Elements may lie in each other this deep: the conversion recurses, and no page of words is
/// deeper.
const MAX_DEPTH: usize = 256;

/// The text of a file, or why there is none.
pub(super) fn decode(bytes: Vec<u8>, format: Format) -> Result<String, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("it is UTF-16; save it as UTF-8".to_owned());
    }
    if bytes.contains(&0) {
        return Err("it is binary".to_owned());
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        format!("it is not UTF-8 (at byte {place}); save it as UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = match format {
        Format::Markdown | Format::Plain => text,
        Format::Html => markdown(&text)?,
    };
    match text.trim_end() {
        text if text.trim().is_empty() => Err("it has no text".to_owned()),
        text => Ok(text.trim_start_matches('\n').to_owned()),
    }
}

/// The first heading.
pub(super) fn title(text: &str, format: Format) -> Option<String> {
    if format == Format::Plain {
        return None;
    }
    let mut events = Parser::new_ext(text, Extensions::ENABLE_YAML_STYLE_METADATA_BLOCKS);
    events.find(|event| matches!(event, Event::Start(Tag::Heading { .. })))?;
    let inside = events.take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    let words = inside.filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.into_string()),
        Event::SoftBreak => Some(" ".to_owned()),
        _ => None,
    });
    let title = words.collect::<String>().trim().to_owned();
    (!title.is_empty()).then_some(title)
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
    for tag in html.split('<').skip(1) {
        let (closing, tag) = match tag.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        if name.is_empty() || END_OPTIONAL.contains(&name.as_str()) {
            continue;
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

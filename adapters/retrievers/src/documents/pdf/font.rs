//! What the codes of a font mean, and how wide they are.

use std::collections::HashMap;

use lopdf::{Dictionary, Document, Encoding, Object};

use super::MAX_UNPACKED;

/// Where a font does not say how wide its letters are, in thousandths of its size.
const USUAL_WIDTH: f32 = 500.0;

/// A font of a page.
#[derive(Debug)]
pub(super) enum Font<'a> {
    /// A byte is a letter.
    Simple(Vec<(String, f32)>),
    /// Two bytes are a letter, of any script.
    Composite {
        encoding: Option<Encoding<'a>>,
        widths: HashMap<u16, f32>,
        usual: f32,
    },
}

/// What a string of codes says.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) words: String,
    /// In sizes of the font.
    pub(super) width: f32,
    pub(super) letters: usize,
    pub(super) spaces: usize,
}

impl<'a> Font<'a> {
    pub(super) fn read(document: &'a Document, font: &'a Dictionary) -> Self {
        let named = font
            .get_font_encoding_with_limit(document, MAX_UNPACKED)
            .ok();
        let mapped = mapped(document, font);
        match font.get(b"Subtype").and_then(Object::as_name) {
            Ok(b"Type0") => composite(document, font, mapped, named),
            _ => simple(document, font, mapped.as_ref(), named.as_ref()),
        }
    }

    pub(super) fn show(&self, codes: &[u8]) -> Shown {
        match self {
            Self::Simple(letters) => {
                let shown = codes
                    .iter()
                    .filter_map(|code| letters.get(usize::from(*code)));
                let width = shown.clone().map(|(_, width)| width).sum::<f32>();
                Shown {
                    words: shown.map(|(letter, _)| letter.as_str()).collect(),
                    width: width / 1000.0,
                    letters: codes.len(),
                    spaces: codes.iter().filter(|code| **code == b' ').count(),
                }
            }
            Self::Composite {
                encoding,
                widths,
                usual,
            } => {
                let pairs = codes.as_chunks().0.iter();
                let pairs = pairs.map(|pair| widths.get(&u16::from_be_bytes(*pair)));
                let words = encoding
                    .as_ref()
                    .and_then(|e| e.bytes_to_string(codes).ok());
                Shown {
                    words: words.unwrap_or_default(),
                    width: pairs.map(|width| width.unwrap_or(usual)).sum::<f32>() / 1000.0,
                    letters: codes.len() / 2,
                    spaces: 0,
                }
            }
        }
    }
}

/// What the font itself says its codes mean: names of its letters may mean anything.
fn mapped(document: &Document, font: &Dictionary) -> Option<Encoding<'static>> {
    let map = font.get(b"ToUnicode").ok()?.clone();
    let only = Dictionary::from_iter([("Type", "Font".into()), ("ToUnicode", map)]);
    match only.get_font_encoding_with_limit(document, MAX_UNPACKED) {
        Ok(Encoding::UnicodeMapEncoding(map)) => Some(Encoding::UnicodeMapEncoding(map)),
        Ok(_) | Err(_) => None,
    }
}

fn simple<'a>(
    document: &Document,
    font: &Dictionary,
    mapped: Option<&Encoding<'_>>,
    named: Option<&Encoding<'_>>,
) -> Font<'a> {
    let widths = array(document, font, b"Widths").unwrap_or_default();
    let first = number(document, font, b"FirstChar").unwrap_or_default() as usize;
    let letters = (0..=u8::MAX).map(|code| {
        let letter = |encoding: Option<&Encoding<'_>>| {
            let letter = encoding?.bytes_to_string(&[code]).ok()?;
            let known = !letter.is_empty() && !letter.contains(char::REPLACEMENT_CHARACTER);
            known.then_some(letter)
        };
        let place = usize::from(code).checked_sub(first);
        let width = place.and_then(|place| widths.get(place));
        let width = width.and_then(|width| float(document, width));
        let letter = letter(mapped).or_else(|| letter(named));
        (letter.unwrap_or_default(), width.unwrap_or(USUAL_WIDTH))
    });
    Font::Simple(letters.collect())
}

fn composite<'a>(
    document: &Document,
    font: &Dictionary,
    mapped: Option<Encoding<'static>>,
    named: Option<Encoding<'a>>,
) -> Font<'a> {
    let named = named.filter(|encoding| matches!(encoding, Encoding::SimpleEncoding(_)));
    let below = array(document, font, b"DescendantFonts").unwrap_or_default();
    let below = below
        .first()
        .and_then(|font| resolved(document, font).as_dict().ok());
    let widths = below.and_then(|font| array(document, font, b"W"));
    let usual = below.and_then(|font| number(document, font, b"DW"));
    Font::Composite {
        encoding: mapped.or(named),
        widths: by_code(document, widths.unwrap_or_default()),
        usual: usual.unwrap_or(1000.0),
    }
}

/// `first [width ...]` and `first last width`, in any order.
fn by_code(document: &Document, widths: &[Object]) -> HashMap<u16, f32> {
    let mut by_code = HashMap::new();
    let mut rest = widths.iter().map(|object| resolved(document, object));
    while let (Some(first), Some(next)) = (rest.next(), rest.next()) {
        let Ok(first) = first.as_float() else {
            break;
        };
        let first = first as u16;
        if let Ok(widths) = next.as_array() {
            let widths = widths.iter().filter_map(|width| float(document, width));
            by_code.extend((first..=u16::MAX).zip(widths));
        } else if let (Ok(last), Some(Ok(width))) =
            (next.as_float(), rest.next().map(Object::as_float))
        {
            by_code.extend((first..=last as u16).map(|code| (code, width)));
        }
    }
    by_code
}

fn array<'a>(document: &'a Document, font: &'a Dictionary, key: &[u8]) -> Option<&'a [Object]> {
    let array = font.get_deref(key, document).ok()?.as_array().ok()?;
    Some(array.as_slice())
}

fn number(document: &Document, font: &Dictionary, key: &[u8]) -> Option<f32> {
    font.get_deref(key, document).ok()?.as_float().ok()
}

fn float(document: &Document, object: &Object) -> Option<f32> {
    resolved(document, object).as_float().ok()
}

fn resolved<'a>(document: &'a Document, object: &'a Object) -> &'a Object {
    document
        .dereference(object)
        .map_or(object, |(_, object)| object)
}

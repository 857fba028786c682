//! The words of a page, in the order in which they are drawn: where they stand on it tells lines
//! and spaces apart.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId};

use super::font::{Font, Shown};
use super::{MAX_TEXT, MAX_UNPACKED};

/// Forms draw forms, this deep, and so many on a page: those that draw nothing could go on for ever.
const MAX_DEPTH: usize = 8;
const MAX_FORMS: usize = 10_000;

/// A gap of this share of the size is a space.
const SPACE: f32 = 0.18;

/// The fonts of a document, each read once, by where its dictionary lies.
pub(super) type Fonts<'a> = HashMap<*const Dictionary, Rc<Font<'a>>>;

/// The words of a page, line by line; an empty line is a gap on the page.
pub(super) fn words<'a>(
    document: &'a Document,
    page: ObjectId,
    fonts: &mut Fonts<'a>,
) -> lopdf::Result<String> {
    let content = document.get_page_content_with_limit(page, MAX_UNPACKED)?;
    let mut pen = Pen {
        document,
        fonts,
        text: String::new(),
        place: None,
        forms: 0,
    };
    let named = document.get_page_fonts(page)?;
    let (own, inherited) = document.get_page_resources(page)?;
    let inherited = inherited
        .into_iter()
        .filter_map(|id| document.get_dictionary(id).ok());
    let resources = own.into_iter().chain(inherited).collect();
    pen.draw(&content, &named, resources, IDENTITY, MAX_DEPTH)?;
    Ok(tidy(&pen.text))
}

/// `[a b c d e f]`, as PDF writes them.
type Matrix = [f32; 6];

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn times([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix) -> Matrix {
    [
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + l,
    ]
}

fn moved(x: f32, y: f32) -> Matrix {
    [1.0, 0.0, 0.0, 1.0, x, y]
}

/// What the operators of a page set.
#[derive(Clone)]
struct State<'a> {
    page: Matrix,
    line: Matrix,
    text: Matrix,
    font: Option<Rc<Font<'a>>>,
    size: f32,
    leading: f32,
    letter_space: f32,
    word_space: f32,
    stretch: f32,
}

struct Pen<'a, 'f> {
    document: &'a Document,
    fonts: &'f mut Fonts<'a>,
    text: String,
    /// Where the last word ended.
    place: Option<(f32, f32)>,
    /// How many have been drawn.
    forms: usize,
}

impl<'a> Pen<'a, '_> {
    fn draw(
        &mut self,
        content: &[u8],
        named: &BTreeMap<Vec<u8>, &'a Dictionary>,
        resources: Vec<&'a Dictionary>,
        page: Matrix,
        depth: usize,
    ) -> lopdf::Result<()> {
        let mut state = State {
            page,
            line: IDENTITY,
            text: IDENTITY,
            font: None,
            size: 0.0,
            leading: 0.0,
            letter_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
        };
        let mut kept = Vec::new();
        for operation in &Content::decode(content)?.operations {
            match operation.operator.as_str() {
                "q" => kept.push(state.clone()),
                "Q" => state = kept.pop().unwrap_or(state),
                "cm" => state.page = times(matrix(operation), state.page),
                "Tf" => {
                    let name = operation
                        .operands
                        .first()
                        .and_then(|name| name.as_name().ok());
                    let font = name.and_then(|name| named.get(name)).copied();
                    state.font = font.map(|font| self.font(font));
                    state.size = operand(operation, 1);
                }
                "Do" if depth > 0 && self.text.len() <= MAX_TEXT => {
                    let name = operation
                        .operands
                        .first()
                        .and_then(|name| name.as_name().ok());
                    if let Some(name) = name {
                        self.form(name, named, &resources, state.page, depth - 1)?;
                    }
                }
                _ => self.write(operation, &mut state),
            }
        }
        Ok(())
    }

    fn font(&mut self, font: &'a Dictionary) -> Rc<Font<'a>> {
        let read = || Rc::new(Font::read(self.document, font));
        self.fonts
            .entry(std::ptr::from_ref(font))
            .or_insert_with(read)
            .clone()
    }

    fn form(
        &mut self,
        name: &[u8],
        named: &BTreeMap<Vec<u8>, &'a Dictionary>,
        resources: &[&'a Dictionary],
        page: Matrix,
        depth: usize,
    ) -> lopdf::Result<()> {
        self.forms += 1;
        if self.forms > MAX_FORMS {
            return Ok(());
        }
        let document = self.document;
        let find = |resources: &&'a Dictionary| {
            let forms = resources
                .get_deref(b"XObject", document)
                .ok()?
                .as_dict()
                .ok()?;
            forms.get_deref(name, document).ok()?.as_stream().ok()
        };
        let Some(form) = resources.iter().find_map(find) else {
            return Ok(());
        };
        if form.dict.get(b"Subtype").and_then(Object::as_name).ok() != Some(b"Form") {
            return Ok(());
        }
        let content = form.get_plain_content_with_limit(MAX_UNPACKED)?;
        let own = form.dict.get_deref(b"Resources", document);
        let own = own.and_then(Object::as_dict).ok();
        let mut fonts = named.clone();
        let below = own.and_then(|own| own.get_deref(b"Font", document).ok()?.as_dict().ok());
        for (name, font) in below.into_iter().flatten() {
            let font = document
                .dereference(font)
                .and_then(|(_, font)| font.as_dict());
            if let Ok(font) = font {
                fonts.insert(name.clone(), font);
            }
        }
        let resources = own.map_or_else(|| resources.to_vec(), |own| vec![own]);
        self.draw(&content, &fonts, resources, page, depth)
    }

    /// What concerns text alone.
    fn write(&mut self, operation: &Operation, state: &mut State<'a>) {
        let first = operand(operation, 0);
        match operation.operator.as_str() {
            "BT" => (state.line, state.text) = (IDENTITY, IDENTITY),
            "Tm" => (state.line, state.text) = (matrix(operation), matrix(operation)),
            "Td" => next_line(state, first, operand(operation, 1)),
            "TD" => {
                state.leading = -operand(operation, 1);
                next_line(state, first, operand(operation, 1));
            }
            "T*" => next_line(state, 0.0, -state.leading),
            "TL" => state.leading = first,
            "Tc" => state.letter_space = first,
            "Tw" => state.word_space = first,
            "Tz" => state.stretch = first / 100.0,
            "Tj" => self.show(operation.operands.first(), state),
            "'" => {
                next_line(state, 0.0, -state.leading);
                self.show(operation.operands.first(), state);
            }
            "\"" => {
                state.word_space = first;
                state.letter_space = operand(operation, 1);
                next_line(state, 0.0, -state.leading);
                self.show(operation.operands.get(2), state);
            }
            "TJ" => {
                let parts = operation
                    .operands
                    .first()
                    .and_then(|parts| parts.as_array().ok());
                for part in parts.into_iter().flatten() {
                    match part.as_float() {
                        Ok(back) => {
                            let by = -back / 1000.0 * state.size * state.stretch;
                            state.text = times(moved(by, 0.0), state.text);
                        }
                        Err(_) => self.show(Some(part), state),
                    }
                }
            }
            _ => {}
        }
    }

    fn show(&mut self, codes: Option<&Object>, state: &mut State<'a>) {
        let codes = codes.and_then(|codes| codes.as_str().ok());
        let (Some(codes), Some(font)) = (codes, &state.font) else {
            return;
        };
        let Shown {
            words,
            width,
            letters,
            spaces,
        } = font.show(codes);
        self.separate(times(state.text, state.page), state.size);
        self.text.push_str(&words);
        let by = width * state.size
            + letters as f32 * state.letter_space
            + spaces as f32 * state.word_space;
        state.text = times(moved(by * state.stretch, 0.0), state.text);
        let [.., x, y] = times(state.text, state.page);
        self.place = Some((x, y));
    }

    /// Begins a new line, or a new word, where the next letters do not follow the last ones.
    fn separate(&mut self, [a, b, c, d, x, y]: Matrix, size: f32) {
        let Some((last_x, last_y)) = self.place else {
            return;
        };
        let across = a.hypot(b);
        let height = c.hypot(d) * size.abs();
        if across <= f32::EPSILON || height <= f32::EPSILON {
            return;
        }
        // Along the line and away from it, whichever way the line runs.
        let (x, y) = (x - last_x, y - last_y);
        let along = (x * a + y * b) / across / height;
        let away = ((y * a - x * b) / across / height).abs();
        let end = self.text.trim_end_matches(' ').len();
        if away > 0.4 || along < -1.0 {
            self.text.truncate(end);
            self.text.push_str(if away > 1.8 { "\n\n" } else { "\n" });
        } else if along > SPACE && !self.text.ends_with([' ', '\n']) {
            self.text.push(' ');
        }
    }
}

fn next_line(state: &mut State<'_>, x: f32, y: f32) {
    state.line = times(moved(x, y), state.line);
    state.text = state.line;
}

fn operand(operation: &Operation, index: usize) -> f32 {
    let operand = operation.operands.get(index);
    operand
        .and_then(|operand| operand.as_float().ok())
        .unwrap_or_default()
}

fn matrix(operation: &Operation) -> Matrix {
    let mut matrix = IDENTITY;
    for (number, operand) in matrix.iter_mut().zip(&operation.operands) {
        *number = operand.as_float().unwrap_or_default();
    }
    matrix
}

/// Lines without what Markdown would take for something else, words that a line's end has cut put
/// together again.
fn tidy(text: &str) -> String {
    let text = text
        .replace('\u{a0}', " ")
        .replace(['\0', '\u{ad}', '\r'], "");
    let text = text
        .replace('ﬁ', "fi")
        .replace('ﬂ', "fl")
        .replace('ﬀ', "ff");
    let text = text.replace('ﬃ', "ffi").replace('ﬄ', "ffl");
    let mut tidy = String::with_capacity(text.len());
    for line in text.lines() {
        let line = line.trim();
        let ruler = line.len() > 2 && line.chars().all(|c| "-=_*~ ".contains(c));
        let line = if ruler { "" } else { line };
        let cut = tidy
            .strip_suffix("-\n")
            .is_some_and(|before| before.ends_with(char::is_alphabetic));
        if cut && line.starts_with(char::is_lowercase) {
            tidy.truncate(tidy.len() - 2);
        }
        if line.is_empty() && (tidy.is_empty() || tidy.ends_with("\n\n")) {
            continue;
        }
        if line.starts_with(['#', '>', '`', '~']) {
            tidy.push('\\');
        }
        tidy.push_str(line);
        tidy.push('\n');
    }
    tidy.trim().to_owned()
}

//! What the terminal shows: both sides' words, wrapped, and the line being typed below them.
//!
//! What is complete is written once and scrolls away. Only the last row of the agent's words and
//! the line being typed are drawn again.

use std::io;
use std::ops::Range;

use crossterm::cursor::{MoveToColumn, MoveUp};
use crossterm::queue;
use crossterm::style::{Attribute, Print, SetAttribute};
use crossterm::terminal::{Clear, ClearType};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Longer rows are hard to read.
const WIDEST: usize = 80;

/// Rows are at least this wide, whatever the terminal says.
const NARROWEST: usize = 20;

/// What stands between a name and what is said.
const SAYS: &str = "> ";

#[derive(Debug)]
pub(super) struct Screen {
    agent: String,
    look: Look,
    width: usize,
    /// Rows that are complete and not yet drawn.
    complete: Vec<Row>,
    /// What the agent is saying.
    paragraph: Option<Paragraph>,
    /// On which of the redrawn rows the cursor stands.
    cursor_row: usize,
}

/// Whether names and notes are dim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Dim,
    Plain,
}

/// What stands below the agent's words.
#[derive(Clone, Copy, Debug)]
pub(super) enum Below<'a> {
    Nothing,
    /// The reply lets the caller wait.
    Waiting,
    /// The line being typed, with the cursor at a byte position.
    Line(&'a str, usize),
}

#[derive(Debug, Default)]
struct Row {
    dim: String,
    text: String,
}

#[derive(Debug)]
struct Paragraph {
    prefix: String,
    /// What is not complete yet.
    text: String,
}

impl Screen {
    pub(super) fn new(agent: &str, columns: u16, look: Look) -> Self {
        let mut screen = Self {
            agent: agent.to_owned(),
            look,
            width: 0,
            complete: Vec::new(),
            paragraph: None,
            cursor_row: 0,
        };
        screen.resize(columns);
        screen
    }

    pub(super) fn resize(&mut self, columns: u16) {
        // A row that fills the terminal leaves the cursor in a place that terminals disagree on.
        let columns = usize::from(columns).saturating_sub(1);
        self.width = columns.clamp(NARROWEST, WIDEST);
    }

    /// The agent says one more word.
    pub(super) fn agent_says(&mut self, word: &str) {
        let prefix = format!("{}{SAYS}", self.agent);
        let paragraph = self.paragraph.get_or_insert_with(|| Paragraph {
            prefix,
            text: String::new(),
        });
        paragraph.push(word);
        let rows = paragraph.complete_rows(self.width);
        self.complete.extend(rows);
    }

    /// The agent was cut off.
    pub(super) fn agent_cut(&mut self) {
        if self.paragraph.is_some() {
            self.agent_says("—");
            self.agent_done();
        }
    }

    /// The agent has nothing more to say.
    pub(super) fn agent_done(&mut self) {
        if let Some(paragraph) = self.paragraph.take() {
            self.complete.extend(paragraph.rows(self.width));
        }
    }

    /// The caller said this.
    pub(super) fn caller_said(&mut self, text: &str) {
        self.agent_done();
        self.complete.extend(caller(text).rows(self.width));
    }

    /// Something that nobody says.
    pub(super) fn note(&mut self, text: &str) {
        self.agent_done();
        let mut note = Paragraph {
            prefix: String::new(),
            text: String::new(),
        };
        note.push(text);
        let dim = |row: Row| Row {
            dim: row.text,
            text: String::new(),
        };
        self.complete
            .extend(note.rows(self.width).into_iter().map(dim));
    }

    /// Draws what has changed.
    pub(super) fn draw(&mut self, out: &mut impl io::Write, below: Below<'_>) -> io::Result<()> {
        up(out, self.cursor_row)?;
        queue!(out, MoveToColumn(0), Clear(ClearType::FromCursorDown))?;
        for row in self.complete.drain(..) {
            row.print(out, self.look)?;
            queue!(out, Print("\r\n"))?;
        }
        let (rows, cursor) = self.redrawn(below);
        let last = rows.len().saturating_sub(1);
        for (row, number) in rows.iter().zip(0..) {
            row.print(out, self.look)?;
            if number < last {
                queue!(out, Print("\r\n"))?;
            }
        }
        if let Some((row, column)) = cursor {
            up(out, last - row)?;
            queue!(out, MoveToColumn(u16::try_from(column).unwrap_or(u16::MAX)))?;
        }
        self.cursor_row = cursor.map_or(last, |(row, _)| row);
        out.flush()
    }

    /// The rows that are drawn again, and the cursor where it is not at their end.
    fn redrawn(&self, below: Below<'_>) -> (Vec<Row>, Option<(usize, usize)>) {
        let speaking = self.paragraph.as_ref();
        let mut rows = speaking.map_or_else(Vec::new, |p| p.rows(self.width));
        let mut cursor = None;
        match below {
            Below::Nothing => {}
            Below::Waiting => rows.push(Row {
                dim: "…".to_owned(),
                text: String::new(),
            }),
            Below::Line(text, at) => {
                let line = caller(text);
                let (row, column) = line.place(at, self.width);
                cursor = Some((rows.len() + row, column));
                rows.extend(line.rows(self.width));
            }
        }
        (rows, cursor)
    }
}

impl Row {
    fn print(&self, out: &mut impl io::Write, look: Look) -> io::Result<()> {
        match look {
            _ if self.dim.is_empty() => {}
            Look::Plain => queue!(out, Print(&self.dim))?,
            Look::Dim => queue!(
                out,
                SetAttribute(Attribute::Dim),
                Print(&self.dim),
                SetAttribute(Attribute::Reset)
            )?,
        }
        queue!(out, Print(&self.text))
    }
}

impl Paragraph {
    /// Adds text with its spaces evened out and without what a terminal would obey.
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                _ if c.is_whitespace() => {
                    if !self.text.is_empty() && !self.text.ends_with(' ') {
                        self.text.push(' ');
                    }
                }
                _ if c.is_control() => {}
                _ => self.text.push(c),
            }
        }
    }

    fn rows(&self, width: usize) -> Vec<Row> {
        let row = |(range, number)| Row {
            dim: self.margin(number),
            text: cut(&self.text, &range).trim_end().to_owned(),
        };
        self.wrapped(width).into_iter().zip(0..).map(row).collect()
    }

    /// All rows but the last, which are gone from the paragraph.
    fn complete_rows(&mut self, width: usize) -> Vec<Row> {
        let mut rows = self.rows(width);
        rows.pop();
        if let Some(last) = self.wrapped(width).last()
            && !rows.is_empty()
        {
            self.text.replace_range(..last.start, "");
            self.prefix = " ".repeat(self.prefix.width());
        }
        rows
    }

    /// On which row and column a byte position stands.
    fn place(&self, at: usize, width: usize) -> (usize, usize) {
        let wrapped = self.wrapped(width);
        let row = wrapped.iter().rposition(|range| range.start <= at);
        let row = row.unwrap_or(0);
        let start = wrapped.get(row).map_or(0, |range| range.start);
        let column = cut(&self.text, &(start..at)).width();
        (row, self.prefix.width() + column)
    }

    fn margin(&self, row: usize) -> String {
        match row {
            0 => self.prefix.clone(),
            _ => " ".repeat(self.prefix.width()),
        }
    }

    fn wrapped(&self, width: usize) -> Vec<Range<usize>> {
        let width = width.saturating_sub(self.prefix.width());
        wrap(&self.text, width.max(NARROWEST / 2))
    }
}

fn caller(text: &str) -> Paragraph {
    Paragraph {
        prefix: format!("you{SAYS}"),
        text: text.to_owned(),
    }
}

/// Cuts a text into rows, between words where it can. A space that does not fit hangs over.
fn wrap(text: &str, width: usize) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let (mut start, mut column, mut gap) = (0, 0, None);
    for (at, c) in text.char_indices() {
        let wide = c.width().unwrap_or(0);
        let next = at + c.len_utf8();
        if column + wide > width {
            let end = match gap {
                _ if c == ' ' => next,
                Some(gap) => gap,
                None => at,
            };
            rows.push(start..end);
            (start, gap) = (end, None);
            column = cut(text, &(start..next)).width();
        } else {
            column += wide;
        }
        if c == ' ' && next > start {
            gap = Some(next);
        }
    }
    rows.push(start..text.len());
    rows
}

/// A slice that is empty where the range is none.
fn cut<'a>(text: &'a str, range: &Range<usize>) -> &'a str {
    text.get(range.clone()).unwrap_or_default()
}

fn up(out: &mut impl io::Write, rows: usize) -> io::Result<()> {
    match u16::try_from(rows) {
        Ok(0) | Err(_) => Ok(()),
        Ok(rows) => queue!(out, MoveUp(rows)),
    }
}

#[cfg(test)]
mod tests;

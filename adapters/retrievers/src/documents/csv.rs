//! Tables as spreadsheets export them: each record becomes a paragraph that names its columns, so
//! that it is understood wherever it is cut out.

use ::csv::{Position, Reader, ReaderBuilder, StringRecord};

/// What separates columns, by frequency of use.
const DELIMITERS: [u8; 4] = *b",;\t|";

/// How many records show what separates columns.
const SAMPLE: usize = 16;

/// The records, one a paragraph, the first line taken as the names of the columns.
pub(super) fn paragraphs(table: &str) -> Result<String, String> {
    let mut reader = reader(table, delimiter(table));
    let names = reader.headers().map_err(|error| error.to_string())?.clone();
    let mut text = String::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, Position::line);
        let mut values = record.iter().skip(names.len());
        if values.any(|value| !value.trim().is_empty()) {
            let (most, least) = (record.len(), names.len());
            return Err(format!(
                "line {line} has {most} columns, and the first line names {least}"
            ));
        }
        let mut first = true;
        for (name, value) in names.iter().zip(&record) {
            if value.trim().is_empty() {
                continue;
            }
            text.push_str(match (first, text.is_empty()) {
                (_, true) => "",
                (true, false) => "\n\n",
                (false, false) => "; ",
            });
            first = false;
            if !name.trim().is_empty() {
                push_words(&mut text, name);
                text.push_str(": ");
            }
            push_words(&mut text, value);
        }
    }
    match text.is_empty() {
        true => Err("it has no records below the names of its columns".to_owned()),
        false => Ok(text),
    }
}

fn push_words(text: &mut String, words: &str) {
    for (word, place) in words.split_whitespace().zip(0_usize..) {
        if place > 0 {
            text.push(' ');
        }
        text.push_str(word);
    }
}

/// The one that cuts most of the first records as it cuts the names of the columns.
fn delimiter(table: &str) -> u8 {
    let fitness = |delimiter: &u8| {
        let mut reader = reader(table, *delimiter);
        let names = reader.headers().map_or(0, StringRecord::len);
        let records = reader.records().take(SAMPLE).flatten();
        let alike = records.filter(|record| record.len() == names).count();
        (names > 1, alike, names)
    };
    let best = DELIMITERS.into_iter().rev().max_by_key(fitness);
    best.unwrap_or(b',')
}

fn reader(table: &str, delimiter: u8) -> Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    builder.flexible(true).delimiter(delimiter);
    builder.from_reader(table.as_bytes())
}

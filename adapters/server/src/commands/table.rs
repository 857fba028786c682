//! A table of text: the first column to the left, the others to the right.

use std::fmt::Write as _;

use crate::layout::Ink;

/// Lays rows out under their heads.
pub(super) fn table(heads: &[&str], rows: &[Vec<String>], ink: Ink) -> String {
    let width = |column: usize, head: &&str| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let widest = cells.map(|cell| cell.chars().count()).max();
        widest.unwrap_or_default().max(head.chars().count())
    };
    let widths: Vec<_> = heads
        .iter()
        .enumerate()
        .map(|(column, head)| width(column, head))
        .collect();
    let line = |cells: &[String]| {
        let mut line = String::new();
        for ((cell, width), column) in cells.iter().zip(&widths).zip(0..) {
            // Writing to a string cannot fail.
            let _ = match column {
                0 => write!(line, "{cell:width$}"),
                _ => write!(line, "  {cell:>width$}"),
            };
        }
        line.trim_end().to_owned() + "\n"
    };
    let heads: Vec<_> = heads.iter().map(|head| (*head).to_owned()).collect();
    let mut text = ink.bold(line(&heads).trim_end()) + "\n";
    text.extend(rows.iter().map(|row| line(row)));
    text
}

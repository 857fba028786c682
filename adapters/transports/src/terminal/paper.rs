//! A terminal on paper: shows what is written to it, for the tests.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use unicode_width::UnicodeWidthChar as _;

/// Clones show the same sheet. Knows the codes that the screen writes, and no others.
#[derive(Clone, Debug, Default)]
pub(super) struct Paper(Rc<RefCell<Sheet>>);

#[derive(Debug, Default)]
struct Sheet {
    /// One string a column; the second column of a wide character is empty.
    rows: Vec<Vec<String>>,
    row: usize,
    column: usize,
    rest: Vec<u8>,
}

impl Paper {
    /// The rows, with the cursor as `▏`.
    pub(super) fn show(&self) -> String {
        let sheet = self.0.borrow();
        let mut rows: Vec<Vec<String>> = sheet.rows.clone();
        rows.resize(rows.len().max(sheet.row + 1), Vec::new());
        let row = &mut rows[sheet.row];
        row.resize(row.len().max(sheet.column), " ".to_owned());
        row.insert(sheet.column, "▏".to_owned());
        let rows: Vec<String> = rows.iter().map(|row| row.concat()).collect();
        rows.join("\n")
    }
}

impl Sheet {
    fn put(&mut self, c: char) {
        self.rows
            .resize(self.rows.len().max(self.row + 1), Vec::new());
        let row = &mut self.rows[self.row];
        let end = self.column + c.width().unwrap();
        row.resize(row.len().max(end), " ".to_owned());
        row[self.column] = c.to_string();
        row[self.column + 1..end].fill(String::new());
        self.column = end;
    }

    fn obey(&mut self, code: &str) {
        let (number, kind) = code.split_at(code.len() - 1);
        let number = number.parse().unwrap_or(1);
        match kind {
            "A" => self.row -= number,
            "G" => self.column = number - 1,
            "J" => {
                self.rows.truncate(self.row + 1);
                if let Some(row) = self.rows.get_mut(self.row) {
                    row.truncate(self.column);
                }
            }
            "m" => {}
            _ => panic!("the paper does not know the code {code:?}"),
        }
    }
}

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().rest.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut sheet = self.0.borrow_mut();
        let text = String::from_utf8(std::mem::take(&mut sheet.rest)).unwrap();
        let mut text = text.chars();
        while let Some(c) = text.next() {
            match c {
                '\r' => sheet.column = 0,
                '\n' => sheet.row += 1,
                '\u{1b}' => {
                    assert_eq!(text.next(), Some('['));
                    let mut code = String::new();
                    while !code.ends_with(|c: char| c.is_ascii_alphabetic()) {
                        code.push(text.next().unwrap());
                    }
                    sheet.obey(&code);
                }
                c => sheet.put(c),
            }
        }
        Ok(())
    }
}

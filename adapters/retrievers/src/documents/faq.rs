//! Questions and their answers, one JSON object a line: each question becomes a heading.

use serde_json::{Map, Value};

/// What questions and answers are called.
const NAMES: [(&str, &str); 4] = [
    ("question", "answer"),
    ("q", "a"),
    ("prompt", "response"),
    ("title", "text"),
];

/// Markdown; empty lines of the file are passed over.
pub(super) fn markdown(lines: &str) -> Result<String, String> {
    let mut text = String::new();
    let lines = lines.lines().zip(1_usize..);
    for (line, number) in lines.filter(|(line, _)| !line.trim().is_empty()) {
        let record: Map<String, Value> = serde_json::from_str(line).map_err(|error| {
            let column = error.column();
            format!("line {number} is not a JSON object (column {column})")
        })?;
        let (question, answer) = pair(&record).ok_or_else(|| reason(&record, number))?;
        text.push_str("## ");
        for word in question.split_whitespace() {
            text.push_str(word);
            text.push(' ');
        }
        text.truncate(text.trim_end().len());
        text.push_str("\n\n");
        text.push_str(&answer.replace("\r\n", "\n").replace('\r', "\n"));
        text.truncate(text.trim_end().len());
        text.push_str("\n\n");
    }
    Ok(text)
}

fn pair(record: &Map<String, Value>) -> Option<(&str, &str)> {
    let words = |name: &str| {
        let words = record.get(name)?.as_str()?;
        (!words.trim().is_empty()).then_some(words)
    };
    let mut names = NAMES.into_iter();
    names.find_map(|(question, answer)| Some((words(question)?, words(answer)?)))
}

fn reason(record: &Map<String, Value>, line: usize) -> String {
    match record.contains_key("facts") {
        true => format!(
            "line {line} is a question to evaluate answers with; name the file questions.jsonl, or move it away"
        ),
        false => format!(
            "line {line} has no question with its answer; name them \"question\" and \"answer\""
        ),
    }
}

use serde_json::Value;

use super::usual;

/// Lines with what is to be masked in them.
const LINES: &str = include_str!("../../../benches/operators/masking.jsonl");

#[test]
fn labelled_lines_are_masked() {
    for set in ["tuning", "held_out"] {
        let lines = LINES
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let lines: Vec<_> = lines.filter(|line| line["set"] == set).collect();
        let wrong: Vec<_> = lines.iter().filter_map(wrong).collect();
        let right = 1.0 - wrong.len() as f64 / lines.len() as f64;
        assert!(right >= 0.98, "{set}: {right:.2}\n{}", wrong.join("\n"));
    }
}

/// What is masked, where that is not what it should be.
fn wrong(line: &Value) -> Option<String> {
    let mut expected = line["text"].as_str().unwrap().to_owned();
    for masked in line["masked"].as_array().unwrap() {
        let mark = format!("[{} ....]", masked["kind"].as_str().unwrap());
        expected = expected.replacen(masked["text"].as_str().unwrap(), &mark, 1);
    }
    let masked = usual().mask(line["text"].as_str().unwrap()).into_owned();
    let same = masked.len() == expected.len()
        && masked
            .bytes()
            .zip(expected.bytes())
            .all(|(m, e)| m == e || e == b'.');
    (!same).then(|| format!("{masked} instead of {expected}"))
}

use std::path::Path;

use expect_test::expect;

use super::*;

#[test]
fn the_sample_questions_are_questions() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../knowledge_base/questions.jsonl");
    let questions = parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    let answerable = questions.iter().filter(|q| q.answerable).count();
    assert!(answerable >= 50, "{answerable} answerable questions");
    assert!(questions.len() - answerable >= 10);
    assert!(questions.iter().all(|q| q.answerable != q.facts.is_empty()));
}

#[test]
fn a_bad_line_is_named() {
    let good = r#"{"id": "1", "question": "?", "facts": []}"#;
    let bad = format!("{good}\n\n{{\"id\": \"2\"}}\n");
    let error = parse(&bad).unwrap_err();
    expect!["line 3 is not a question"].assert_eq(&error.to_string());
    assert_eq!(parse(good).unwrap().len(), 1);
}

#[test]
fn facts_are_whole_words_in_any_wording() {
    for (answer, facts, expected) in [
        ("It takes 18 to 20 days.", &["18", "20"][..], true),
        ("It takes 18 to 20 days.", &["8"], false),
        ("It takes 18 days.", &["18", "20"], false),
        ("Open until 18:00.", &["18"], false),
        ("Open until 18:00.", &["18:00|6 pm"], true),
        ("USD 2,200", &["USD 2"], false),
        ("It costs USD 2.", &["USD 2|$2"], true),
        ("Last\u{2013}Mile  delivery", &["last-mile"], true),
        ("Write to OPS@x.com.", &["ops@x.com"], true),
        ("Write to devops@x.com.", &["ops@x.com"], false),
        ("It pays $2,200 now", &["$2,200"], true),
        ("Übergrößen", &["größen"], false),
        ("Anything", &[], true),
        ("Anything", &[""], false),
    ] {
        let question = Question {
            id: "1".to_owned(),
            question: "?".to_owned(),
            facts: facts.iter().map(|f| (*f).to_owned()).collect(),
            source: None,
            answerable: true,
        };
        assert_eq!(
            facts_in(answer, &question),
            expected,
            "{answer:?} {facts:?}"
        );
    }
}

use expect_test::{Expect, expect};

use super::*;

/// A set of two questions; the second has two relevant documents.
fn set() -> (tempfile::TempDir, Set) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    fs::create_dir(folder.path().join("docs")).unwrap();
    write(
        "qrels.tsv",
        "query-id\tdoc-id\tgrade\nq1\ta\t1\nq2\ta\t1\nq2\tb\t2\nq2\tc\t0\nq3\td\t0\n",
    );
    write(
        "queries.jsonl",
        "{\"id\":\"q1\",\"text\":\"How long?\"}\n\n{\"id\":\"q2\",\"text\":\"By air?\"}\n",
    );
    write(
        "queries.context.jsonl",
        r#"{"id":"q2","text":"By sea? By air?","turns":[{"speaker":"user","text":"By sea?"},{"speaker":"agent","text":"Yes."},{"speaker":"user","text":"By air?"}]}"#,
    );
    let set = open(folder.path()).unwrap();
    (folder, set)
}

fn check(run: &[(&str, &[&str])], expected: Expect) {
    let (_folder, set) = set();
    let run = run.iter().map(|(question, documents)| {
        let documents = documents.iter().map(|name| (*name).to_owned());
        ((*question).to_owned(), documents.collect())
    });
    let Scores {
        ndcg_10,
        recall_5,
        recall_20,
        mrr_10,
    } = set.score(&run.collect());
    expected.assert_eq(&format!(
        "{ndcg_10:.4} {recall_5:.4} {recall_20:.4} {mrr_10:.4}"
    ));
}

#[test]
fn scores_are_those_of_the_reference_program() {
    check(
        &[("q1", &["a"]), ("q2", &["b", "a"])],
        expect!["1.0000 1.0000 1.0000 1.0000"],
    );
    check(
        &[("q1", &["x", "a"]), ("q2", &["a", "c", "b"])],
        expect!["0.6956 1.0000 1.0000 0.7500"],
    );
    check(
        &[("q2", &["u", "v", "w", "x", "y", "b", "a"])],
        expect!["0.1987 0.0000 0.5000 0.0833"],
    );
    check(&[], expect!["0.0000 0.0000 0.0000 0.0000"]);
}

#[test]
fn a_view_with_turns_is_asked_in_both_ways() {
    let (_folder, set) = set();
    let views = set.views.iter().map(|view| {
        let asked = view.questions.iter();
        let asked: Vec<_> = asked
            .map(|q| format!("{:?} + {:?}", q.earlier, q.utterance))
            .collect();
        format!("{}: {}\n", view.name, asked.join(", "))
    });
    expect![[r#"
        queries: [] + "How long?", [] + "By air?"
        context: [] + "By sea? By air?"
        context turns: ["By sea?"] + "By air?"
    "#]]
    .assert_eq(&views.collect::<String>());
}

#[test]
fn a_ranking_names_each_document_once() {
    assert_eq!(ranking(["a.md", "b.c.md", "a.md"]), ["a", "b.c"]);
}

#[test]
fn what_is_wrong_with_a_set_is_said() {
    let (folder, _) = set();
    fs::write(folder.path().join("qrels.tsv"), "h\th\th\nq1\ta\n").unwrap();
    let error = open(folder.path()).unwrap_err();
    assert!(
        matches!(error, SetError::Judgement { line: 2, .. }),
        "{error}"
    );
    fs::write(folder.path().join("qrels.tsv"), "q1\ta\t0\n").unwrap();
    assert!(matches!(open(folder.path()), Err(SetError::Unjudged(_))));
    fs::remove_dir(folder.path().join("docs")).unwrap();
    fs::write(folder.path().join("qrels.tsv"), "q1\ta\t1\n").unwrap();
    let error = open(folder.path()).unwrap_err();
    assert!(error.to_string().contains("docs"), "{error}");
}

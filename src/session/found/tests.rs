use super::*;
use crate::ports::retriever::{Source, Span};
use crate::testing::call::profile;

#[test]
fn what_a_wider_passage_says_already_is_not_recalled() {
    let bounds = profile().bounds;
    let mut found = Found::default();
    found.add(
        Turn(1),
        vec![passage("3-5", 300, 600), passage("9", 900, 1000)],
        &bounds,
    );
    found.add(Turn(2), vec![passage("4-6", 400, 700)], &bounds);
    let ids = found.for_prompt(&bounds).into_iter();
    let ids: Vec<_> = ids.map(|(turn, p)| (turn.0, p.id.as_str())).collect();
    assert_eq!(ids, [(2, "4-6"), (1, "9")]);
}

fn passage(id: &str, start: usize, end: usize) -> Passage {
    Passage {
        id: id.to_owned(),
        text: id.to_owned(),
        source: Source {
            document: "a.md".to_owned(),
            headings: Vec::new(),
            span: Some(Span { start, end }),
        },
        score: 1.0,
    }
}

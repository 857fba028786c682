//! The contract of [`Search`] as a suite.

use std::collections::HashSet;

use voicera::words::Language;

use crate::search::{Said, Search, Wanted};

/// Asks the questions with several limits, alone and after one another, and holds each answer
/// against the contract.
///
/// # Panics
///
/// When the contract is broken; the message says where.
pub async fn search_conforms(search: &dyn Search, questions: &[&str]) {
    assert!(!search.name().is_empty(), "a search has no name");
    let mut said = Vec::new();
    for question in questions.iter().copied().chain(["", "?!", "∅ zzzz qqqq"]) {
        let now = Said {
            text: question.to_owned(),
            weight: 1.0,
        };
        said.push(now.clone());
        for said in [vec![now], said.clone()] {
            for limit in [0, 1, 3, 1000] {
                let wanted = Wanted {
                    said: said.clone(),
                    language: Language::default(),
                    limit,
                };
                holds(search, &wanted).await;
            }
        }
        for earlier in &mut said {
            earlier.weight *= 0.5;
        }
    }
}

async fn holds(search: &dyn Search, wanted: &Wanted) {
    let hits = match search.search(wanted).await {
        Ok(hits) => hits,
        Err(error) => panic!("{wanted:?}: a healthy search fails: {error:?}"),
    };
    assert!(hits.len() <= wanted.limit, "{wanted:?}: {}", hits.len());
    for pair in hits.windows(2) {
        assert!(pair[0].score >= pair[1].score, "{wanted:?}: not best first");
    }
    let mut seen = HashSet::new();
    for hit in &hits {
        assert!(hit.score.is_finite(), "{wanted:?}: a score is not finite");
        assert!(seen.insert(hit.chunk.id), "{wanted:?}: a chunk twice");
    }
    let again = search.search(wanted).await.expect("it answered just now");
    assert_eq!(hits, again, "{wanted:?}: asked again, another answer");
}

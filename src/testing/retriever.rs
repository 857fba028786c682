//! The contract of [`Retriever`] as a suite, and a fake.

use std::collections::HashSet;

use async_trait::async_trait;

use crate::ports::Retriever;
use crate::ports::retriever::{Findings, Outcome, Passage, Query, RetrieveError, Search, Source};
use crate::words::Language;

/// Asks the questions with several limits and holds each answer against the contract.
///
/// # Panics
///
/// When the contract is broken; the message says where.
pub async fn conforms(retriever: &dyn Retriever, questions: &[&str]) {
    let briefing = retriever.briefing().to_owned();
    for question in questions
        .iter()
        .copied()
        .chain(["", " ", "?!", "∅ zzzz qqqq"])
    {
        for limit in [0, 1, 3, 1000] {
            let query = Query {
                utterance: question.to_owned(),
                earlier: vec!["and what about ocean freight?".to_owned()],
                language: Language::default(),
                limit,
            };
            match retriever.retrieve(&query).await {
                Ok(findings) => holds(&findings, &query),
                Err(error) => panic!("{question:?}: a healthy retriever fails: {error}"),
            }
            assert_eq!(retriever.briefing(), briefing, "the briefing changed");
        }
    }
}

fn holds(findings: &Findings, query: &Query) {
    let Findings { passages, searches } = findings;
    let asked = &query.utterance;
    assert!(
        !searches.is_empty(),
        "{asked:?}: nothing says what searched"
    );
    for search in searches {
        let strategy = &search.strategy;
        assert!(!strategy.is_empty(), "{asked:?}: a search has no name");
        assert!(
            matches!(search.outcome, Outcome::Found(_)),
            "{asked:?}: a healthy retriever leaves {strategy} out"
        );
    }
    assert!(
        passages.len() <= query.limit,
        "{asked:?}: {} passages where {} are the limit",
        passages.len(),
        query.limit
    );
    for pair in passages.windows(2) {
        assert!(
            pair[0].score >= pair[1].score,
            "{asked:?}: passages are not best first"
        );
    }
    let mut seen = HashSet::new();
    let mut ids = HashSet::new();
    for passage in passages {
        assert!(
            passage.score.is_finite(),
            "{asked:?}: a score is not finite"
        );
        assert!(
            !passage.text.trim().is_empty(),
            "{asked:?}: an empty passage"
        );
        assert!(
            !passage.source.document.is_empty(),
            "{asked:?}: a passage without a document"
        );
        assert!(
            seen.insert((&passage.source, &passage.text)),
            "{asked:?}: a passage comes twice"
        );
        assert!(
            !passage.id.is_empty() && ids.insert(&passage.id),
            "{asked:?}: a passage has no name of its own"
        );
        if let Some(span) = passage.source.span {
            assert!(span.start < span.end, "{asked:?}: a passage has no length");
        }
    }
}

/// Answers what it was given, whatever is asked.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    pub briefing: String,
    pub passages: Vec<Passage>,
    /// Fails instead of answering.
    pub broken: bool,
    /// How long every search takes.
    pub delay: std::time::Duration,
}

impl Shelf {
    /// A shelf with one passage a text, best first.
    pub fn of(texts: &[&str]) -> Self {
        let passages = texts.iter().zip(0_u8..).map(|(text, place)| Passage {
            id: place.to_string(),
            text: (*text).to_owned(),
            source: Source {
                document: format!("{place}.md"),
                headings: Vec::new(),
                span: None,
            },
            score: 1.0 / (1.0 + f32::from(place)),
        });
        Self {
            passages: passages.collect(),
            ..Self::default()
        }
    }
}

#[async_trait]
impl Retriever for Shelf {
    fn briefing(&self) -> &str {
        &self.briefing
    }

    async fn retrieve(&self, query: &Query) -> Result<Findings, RetrieveError> {
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        if self.broken {
            return Err(RetrieveError::Unavailable("the shelf is broken".into()));
        }
        let passages: Vec<_> = self.passages.iter().take(query.limit).cloned().collect();
        Ok(Findings {
            searches: vec![Search {
                strategy: "shelf".into(),
                outcome: Outcome::Found(passages.len()),
                took: self.delay,
            }],
            passages,
        })
    }
}

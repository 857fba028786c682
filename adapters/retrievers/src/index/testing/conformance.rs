//! What every index has to hold to, whatever it is made of.

use voicera::ports::retriever::Span;
use voicera::words::Language;

use crate::chunks::{Chunk, ChunkId};
use crate::embedding::Embedder as _;
use crate::index::testing::Contents;
use crate::index::{Catalogue, ContentHash, Filed, IndexError, Indexed, Recipe, Start, Store};
use crate::testing::BagOfWords;

/// An index that is put to the test.
pub trait Subject {
    fn store(&self) -> &dyn Store;

    /// A recipe it takes; with an embedding where it wants vectors.
    fn recipe(&self) -> Recipe;

    /// Every chunk, with its vector, that a search opened now would find; in any order.
    fn contents(&self) -> Vec<Indexed>;
}

/// Panics unless the index honours the contract of [`Store`]. `empty` makes another index, in
/// which nothing is, each time.
///
/// # Errors
///
/// The first error where the contract allows none.
pub fn conforms(empty: &dyn Fn() -> Box<dyn Subject>) -> Result<(), IndexError> {
    nothing_is_there_at_first(&*empty())?;
    a_commit_shows_everything_at_once(&*empty())?;
    a_document_is_taken_in_parts(&*empty())?;
    a_dropped_writer_changes_nothing(&*empty())?;
    a_document_is_replaced(&*empty())?;
    what_is_written_afresh_replaces_all(&*empty())?;
    an_update_is_worth_a_fresh_build(&*empty(), &*empty())?;
    one_writes_at_a_time(&*empty())
}

fn nothing_is_there_at_first(subject: &dyn Subject) -> Result<(), IndexError> {
    assert_eq!(subject.store().catalogue()?, None);
    for start in [Start::Update, Start::Afresh] {
        drop(subject.store().begin(start)?);
        assert_eq!(subject.store().catalogue()?, None, "nothing was committed");
    }
    Ok(())
}

fn a_commit_shows_everything_at_once(subject: &dyn Subject) -> Result<(), IndexError> {
    let (store, recipe) = (subject.store(), subject.recipe());
    let mut writer = store.begin(Start::Update)?;
    for (filed, chunks) in [duties(&recipe), fees(&recipe)] {
        writer.add(&filed, chunks)?;
        assert_eq!(store.catalogue()?, None, "seen before the commit");
    }
    writer.add(&filed("empty.md", "nothing in it"), Vec::new())?;
    writer.remove("never.md")?;
    writer.commit(&recipe)?;
    holds(subject, &[duties(&recipe), fees(&recipe)])
}

fn a_document_is_taken_in_parts(subject: &dyn Subject) -> Result<(), IndexError> {
    let recipe = subject.recipe();
    let (filed, chunks) = duties(&recipe);
    let mut writer = subject.store().begin(Start::Update)?;
    for chunk in chunks {
        writer.add(&filed, vec![chunk])?;
    }
    writer.commit(&recipe)?;
    holds(subject, &[duties(&recipe)])
}

fn a_dropped_writer_changes_nothing(subject: &dyn Subject) -> Result<(), IndexError> {
    let recipe = subject.recipe();
    fill(subject, &[duties(&recipe)])?;
    for start in [Start::Update, Start::Afresh] {
        let mut writer = subject.store().begin(start)?;
        writer.remove("duties.md")?;
        let (filed, chunks) = fees(&recipe);
        writer.add(&filed, chunks)?;
        holds(subject, &[duties(&recipe)])?;
        drop(writer);
        holds(subject, &[duties(&recipe)])?;
    }
    let mut writer = subject.store().begin(Start::Update)?;
    let (filed, chunks) = fees(&recipe);
    writer.add(&filed, chunks)?;
    writer.commit(&recipe)?;
    holds(subject, &[duties(&recipe), fees(&recipe)])
}

fn a_document_is_replaced(subject: &dyn Subject) -> Result<(), IndexError> {
    let recipe = subject.recipe();
    fill(subject, &[duties(&recipe), fees(&recipe)])?;
    let mended = document(&recipe, "duties.md", &["Duty is 7 %.", "Nothing is free."]);
    let mut writer = subject.store().begin(Start::Update)?;
    writer.remove("duties.md")?;
    writer.add(&mended.0, mended.1.clone())?;
    writer.remove(&fees(&recipe).0.path)?;
    writer.commit(&recipe)?;
    holds(subject, &[mended])
}

fn what_is_written_afresh_replaces_all(subject: &dyn Subject) -> Result<(), IndexError> {
    let recipe = subject.recipe();
    fill(subject, &[duties(&recipe)])?;
    let other = Recipe {
        chunking: "another".to_owned(),
        ..recipe.clone()
    };
    let mut writer = subject.store().begin(Start::Afresh)?;
    let (filed, chunks) = fees(&recipe);
    writer.add(&filed, chunks)?;
    holds(subject, &[duties(&recipe)])?;
    writer.commit(&other)?;
    let catalogue = subject.store().catalogue()?;
    assert_eq!(catalogue.map(|catalogue| catalogue.recipe), Some(other));
    same(subject, &[fees(&recipe)]);
    Ok(())
}

fn an_update_is_worth_a_fresh_build(
    updated: &dyn Subject,
    fresh: &dyn Subject,
) -> Result<(), IndexError> {
    let recipe = updated.recipe();
    let step = |number: usize| {
        let text = format!("Step {number} is new.");
        document(&recipe, &format!("{}.md", number % 4), &[&text, "The end."])
    };
    for number in 0..20 {
        let mut writer = updated.store().begin(Start::Update)?;
        let (filed, chunks) = step(number);
        writer.remove(&filed.path)?;
        writer.add(&filed, chunks)?;
        writer.commit(&recipe)?;
    }
    let last: Vec<_> = (16..20).map(step).collect();
    fill(fresh, &last)?;
    holds(updated, &last)?;
    holds(fresh, &last)
}

fn one_writes_at_a_time(subject: &dyn Subject) -> Result<(), IndexError> {
    let (store, recipe) = (subject.store(), subject.recipe());
    let refused = || {
        for start in [Start::Update, Start::Afresh] {
            let second = store.begin(start).err();
            assert!(
                matches!(second, Some(IndexError::Locked)),
                "a second writer is {second:?}"
            );
        }
    };
    for start in [Start::Update, Start::Afresh] {
        let first = store.begin(start)?;
        refused();
        drop(first);
        let mut first = store.begin(start)?;
        refused();
        let (filed, chunks) = duties(&recipe);
        first.remove(&filed.path)?;
        first.add(&filed, chunks)?;
        first.commit(&recipe)?;
    }
    holds(subject, &[duties(&recipe)])
}

type Document = (Filed, Vec<Indexed>);

fn fill(subject: &dyn Subject, documents: &[Document]) -> Result<(), IndexError> {
    let mut writer = subject.store().begin(Start::Afresh)?;
    for (filed, chunks) in documents {
        writer.add(filed, chunks.clone())?;
    }
    writer.commit(&subject.recipe())?;
    holds(subject, documents)
}

/// The index holds these documents and nothing else, made with the subject's recipe.
fn holds(subject: &dyn Subject, documents: &[Document]) -> Result<(), IndexError> {
    let catalogue = subject.store().catalogue()?;
    let hashes = documents
        .iter()
        .map(|(filed, _)| (filed.path.clone(), filed.hash));
    assert_eq!(
        catalogue,
        Some(Catalogue {
            recipe: subject.recipe(),
            documents: hashes.collect(),
            chunks: documents.iter().map(|(_, chunks)| chunks.len()).sum(),
        })
    );
    same(subject, documents);
    Ok(())
}

fn same(subject: &dyn Subject, documents: &[Document]) {
    let wanted = documents.iter().flat_map(|(_, chunks)| chunks.clone());
    let wanted = Contents::sorted(wanted.collect());
    let there = Contents::sorted(subject.contents());
    assert_eq!(there.len(), wanted.len(), "chunks in the index");
    for (there, wanted) in there.iter().zip(&wanted) {
        assert_eq!(there.chunk, wanted.chunk);
        match (&there.vector, &wanted.vector) {
            (None, None) => {}
            (Some(there), Some(wanted)) => {
                // An index may make vectors of length 1 once more.
                let close = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-5;
                assert!(
                    there.len() == wanted.len() && there.iter().zip(wanted).all(close),
                    "the vector is {there:?} and was {wanted:?}"
                );
            }
            (there, wanted) => assert_eq!(there, wanted),
        }
    }
}

fn duties(recipe: &Recipe) -> Document {
    let texts = [
        "| Shoes | 12 % |",
        "Zölle für Straße und Schiff: 40′ — 5 %.",
        "関税は5パーセントです。",
    ];
    document(recipe, "duties.md", &texts)
}

fn fees(recipe: &Recipe) -> Document {
    document(
        recipe,
        "offices/Über uns/fees.md",
        &["A filing is 40 dollars."],
    )
}

fn filed(path: &str, text: &str) -> Filed {
    let mut hash = [0; 32];
    for (byte, of) in hash.iter_mut().zip(text.bytes()) {
        *byte = of;
    }
    Filed {
        path: path.to_owned(),
        hash: ContentHash(hash),
    }
}

fn document(recipe: &Recipe, path: &str, texts: &[&str]) -> Document {
    let mut start = 0;
    let chunks = texts.iter().zip(0..).map(|(text, place)| {
        let headings = vec!["Import".to_owned(), "Duty & tax".to_owned()];
        let lead = "| Goods | Rate |".to_owned();
        let span = Span {
            start,
            end: start + text.len(),
        };
        start = span.end + 2;
        Chunk {
            id: ChunkId::of(path, &headings, &lead, text, 0),
            document: path.to_owned(),
            title: format!("About {path}"),
            headings,
            lead,
            text: (*text).to_owned(),
            span,
            place,
            language: Language::new("de-CH"),
        }
    });
    let indexed = chunks.map(|chunk| Indexed {
        vector: vector(recipe, &chunk),
        chunk,
    });
    (filed(path, &texts.concat()), indexed.collect())
}

fn vector(recipe: &Recipe, chunk: &Chunk) -> Option<Vec<f32>> {
    let (_, dimension) = recipe.embedding.as_ref()?;
    let vectors = BagOfWords::new(*dimension).passages(&[chunk.whole()]);
    vectors.ok()?.pop()
}

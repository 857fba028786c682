//! The contract of [`Embedder`] as a suite.

use crate::embedding::Embedder;

/// Embeds the texts as passages and as questions and holds each vector against the contract.
///
/// # Panics
///
/// When the contract is broken; the message says where.
pub async fn embedder_conforms(embedder: &dyn Embedder, texts: &[&str]) {
    assert!(!embedder.name().is_empty(), "an embedder has no name");
    assert!(embedder.dimension() > 0, "vectors have no components");
    let long = "freight ".repeat(5000);
    let texts: Vec<String> = texts
        .iter()
        .copied()
        .chain(["", " ", "?!", "∅ zzzz qqqq", "\u{0}", &long])
        .map(str::to_owned)
        .collect();
    let together = embedder.passages(&texts).expect("texts can be embedded");
    assert_eq!(together.len(), texts.len(), "one vector for each text");
    for (text, vector) in texts.iter().zip(&together) {
        holds(embedder, text, vector);
        let alone = embedder.passages(std::slice::from_ref(text));
        let alone = alone.expect("a text can be embedded alone");
        close(text, vector, &alone[0]);
        let question = embedder.question(text).await.expect("it can be asked");
        holds(embedder, text, &question);
        let again = embedder.question(text).await.expect("it was asked before");
        assert_eq!(question, again, "{text:.40}: asked again, another vector");
    }
    assert_eq!(embedder.passages(&[]).expect("nothing is fine").len(), 0);
}

fn holds(embedder: &dyn Embedder, text: &str, vector: &[f32]) {
    assert_eq!(vector.len(), embedder.dimension(), "{text:.40}: dimension");
    assert!(
        vector.iter().all(|c| c.is_finite()),
        "{text:.40}: {vector:?}"
    );
    close(text, vector, vector);
}

/// Beside other texts a model rounds a little differently.
fn close(text: &str, a: &[f32], b: &[f32]) {
    let cosine: f32 = a.iter().zip(b).map(|(a, b)| a * b).sum();
    assert!((cosine - 1.0).abs() < 1e-4, "{text:.40}: cosine {cosine}");
}

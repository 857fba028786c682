//! What is found, and in which order.

use std::collections::BTreeSet;

use super::*;

#[tokio::test]
async fn hits_come_best_first_at_most_so_many_none_twice_all_finite() {
    let index = in_memory();
    let texts: Vec<(String, String)> = (0..50)
        .map(|n| {
            (
                format!("{n}.md"),
                format!(
                    "{} vessel {}",
                    "cargo ".repeat(n % 7),
                    "rate ".repeat(n % 3)
                ),
            )
        })
        .collect();
    let texts: Vec<(&str, &str)> = texts
        .iter()
        .map(|(p, t)| (p.as_str(), t.as_str()))
        .collect();
    write(&index, Start::Update, &texts);
    let lexical = index.open().unwrap().lexical;
    assert_eq!(lexical.name(), "tantivy");
    for question in [
        "vessel",
        "cargo rate",
        "cargo cargo cargo vessel rate",
        "the",
        "",
        "!?",
        "nowhere",
    ] {
        for limit in [0, 1, 5, 20, 1_000] {
            let wanted = Wanted {
                limit,
                ..wanted(&[question])
            };
            let hits = lexical.search(&wanted).await.unwrap();
            assert!(hits.len() <= limit);
            assert!(
                hits.iter()
                    .all(|hit| hit.score.is_finite() && hit.score > 0.0)
            );
            assert!(hits.is_sorted_by(|a, b| a.score >= b.score));
            let ids: BTreeSet<_> = hits.iter().map(|hit| hit.chunk.id).collect();
            assert_eq!(ids.len(), hits.len());
            assert_eq!(hits, lexical.search(&wanted).await.unwrap());
        }
    }
}

#[test]
fn nothing_is_found_in_an_empty_index_or_for_no_words() {
    let index = in_memory();
    write(&index, Start::Update, &[]);
    assert_eq!(find(&index, "vessel").len(), 0);
    write(
        &index,
        Start::Update,
        &[("a.md", ""), ("b.md", "the vessel")],
    );
    assert_eq!(find(&index, "").len(), 0);
    assert_eq!(find(&index, "🚢").len(), 0);
}

#[test]
fn a_question_of_words_without_meaning_is_looked_for_all_the_same() {
    let index = in_memory();
    write(
        &index,
        Start::Update,
        &[("a.md", "Who are we?"), ("b.md", "the vessel")],
    );
    assert_eq!(find(&index, "who are you"), ["a.md"]);
    let opened = index.open().unwrap();
    let hits = opened
        .lexical
        .find(&wanted(&["the vessel", "and what about it"]))
        .unwrap();
    assert_eq!(hits[0].chunk.document, "b.md");
}

#[test]
fn what_is_spoken_finds_what_is_written() {
    let index = in_memory();
    write(
        &index,
        Start::Update,
        &[
            ("isf.md", "The ISF filing is due before loading."),
            ("soncap.md", "A SONCAP certificate is needed for Nigeria."),
            ("invoice.md", "Send the invoice by e-mail."),
            ("box.md", "A 40' box holds 26,500 kg."),
            ("hs.md", "The HS code 8471.30 is for laptops."),
            ("id.md", "Track MSKU1234567 in the portal."),
            ("duty.md", "The duty is 12% of the value."),
            ("zh.md", "海运费用每周更新。"),
        ],
    );
    for (question, document) in [
        ("when is the i s f due", "isf.md"),
        ("do I need son cap", "soncap.md"),
        ("where do I send the in voice", "invoice.md"),
        ("how much fits in a forty foot", "box.md"),
        ("twenty six thousand five hundred kilos", "box.md"),
        ("eight four seven one three zero", "hs.md"),
        ("what is 8471", "hs.md"),
        ("where is msku 1234567", "id.md"),
        ("twelve percent", "duty.md"),
        ("运费", "zh.md"),
    ] {
        let found = find(&index, question);
        assert_eq!(
            found.first().map(String::as_str),
            Some(document),
            "{question}"
        );
    }
}

#[test]
fn a_title_counts_more_than_a_heading_and_a_heading_more_than_the_body() {
    let index = in_memory();
    let mut writer = index.begin(Start::Update).unwrap();
    let other = "some other words that say nothing";
    for (path, title, heading, body) in [
        (
            "body.md",
            other,
            other,
            "insurance of goods at sea and on land",
        ),
        ("heading.md", other, "insurance", other),
        ("title.md", "insurance", other, other),
    ] {
        let mut indexed = indexed(path, 0, body);
        indexed.chunk.title = title.to_owned();
        indexed.chunk.headings = vec![heading.to_owned()];
        writer.add(&filed(path), vec![indexed]).unwrap();
    }
    writer.commit(&recipe()).unwrap();
    assert_eq!(
        find(&index, "insurance"),
        ["title.md", "heading.md", "body.md"]
    );
}

#[test]
fn words_that_stand_side_by_side_count_more() {
    let index = in_memory();
    write(
        &index,
        Start::Update,
        &[
            ("apart.md", "the freight goes by air and by sea"),
            ("together.md", "by sea goes the air freight and so"),
        ],
    );
    assert_eq!(find(&index, "air freight"), ["together.md", "apart.md"]);
}

#[test]
fn what_is_asked_now_counts_more_than_what_was_asked_before() {
    let index = in_memory();
    write(
        &index,
        Start::Update,
        &[("sea.md", "sea"), ("air.md", "air")],
    );
    let lexical = index.open().unwrap().lexical;
    let mut wanted = wanted(&["sea", "air"]);
    wanted.said[0].weight = 0.4;
    let hits = lexical.find(&wanted).unwrap();
    let documents: Vec<_> = hits.iter().map(|hit| hit.chunk.document.as_str()).collect();
    assert_eq!(documents, ["air.md", "sea.md"]);
}

#[test]
fn documents_in_another_language_are_found_by_its_words() {
    let index = in_memory();
    let mut writer = index.begin(Start::Update).unwrap();
    let mut german = indexed("de.md", 0, "Die Versicherungen für Container");
    german.chunk.language = Language::new("de-DE");
    writer.add(&filed("de.md"), vec![german]).unwrap();
    writer.commit(&recipe()).unwrap();
    assert_eq!(find(&index, "Versicherung"), ["de.md"]);
}

#[test]
fn vectors_lie_in_the_order_of_the_chunks() {
    let index = in_memory();
    let mut writer = index.begin(Start::Update).unwrap();
    for n in 0..5_u8 {
        let path = format!("{n}.md");
        let vector = Some(vec![f32::from(n), -1.5]);
        let indexed = Indexed {
            vector,
            ..indexed(&path, 0, "the vessel")
        };
        writer.add(&filed(&path), vec![indexed]).unwrap();
    }
    writer.remove("2.md").unwrap();
    writer.commit(&dense(2)).unwrap();
    let opened = index.open().unwrap();
    let vectors = opened.vectors.unwrap();
    assert_eq!(vectors.dimension, 2);
    let of = |chunk: &Chunk| {
        chunk
            .document
            .trim_end_matches(".md")
            .parse::<f32>()
            .unwrap()
    };
    let expected: Vec<f32> = opened
        .chunks
        .iter()
        .flat_map(|chunk| [of(chunk), -1.5])
        .collect();
    assert_eq!(vectors.components, expected);
    assert_eq!(opened.chunks.len(), 4);
}

#[tokio::test]
async fn neighbours_stand_around_a_chunk_in_its_document() {
    let index = in_memory();
    let mut writer = index.begin(Start::Update).unwrap();
    for path in ["a.md", "b.md"] {
        let chunks = (0..6).map(|place| indexed(path, place, &format!("part {place}")));
        writer.add(&filed(path), chunks.collect()).unwrap();
    }
    writer.commit(&recipe()).unwrap();
    let opened = index.open().unwrap();
    for (place, reach, expected) in [
        (3, 1, vec![2, 4]),
        (0, 2, vec![1, 2]),
        (5, 9, vec![0, 1, 2, 3, 4]),
        (2, 0, vec![]),
    ] {
        let chunk = chunk("b.md", place, &format!("part {place}"));
        let around = opened.neighbours.around(&chunk, reach).await;
        assert!(around.iter().all(|chunk| chunk.document == "b.md"));
        assert_eq!(
            around.iter().map(|chunk| chunk.place).collect::<Vec<_>>(),
            expected
        );
    }
    let stranger = chunk("c.md", 0, "part 0");
    assert_eq!(opened.neighbours.around(&stranger, 1).await.len(), 0);
}

#[tokio::test]
async fn an_index_too_large_to_be_searched_in_place_answers_alike() {
    let index = in_memory();
    let mut writer = index.begin(Start::Update).unwrap();
    let chunks = (0..10_001).map(|place| indexed("a.md", place, "vessel"));
    writer.add(&filed("a.md"), chunks.collect()).unwrap();
    writer.commit(&recipe()).unwrap();
    let lexical = index.open().unwrap().lexical;
    let wanted = wanted(&["vessel"]);
    let hits = lexical.search(&wanted).await.unwrap();
    assert_eq!(hits.len(), wanted.limit);
    assert_eq!(hits, lexical.find(&wanted).unwrap());
}

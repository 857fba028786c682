use std::fs;
use std::path::Path;

use expect_test::{Expect, expect};
use voicera::ports::retriever::{Passage, Source};
use voicera::testing::language_model::{conforms, may_be_dropped, prompt};
use voicera::words::{Language, Line, Speaker};

use super::*;

const FALLBACK: &str = "I'm sorry, I don't know that. Please write to us.";

#[tokio::test]
async fn it_holds_the_contract() {
    for utterance in [
        "How much is a rye loaf?",
        "Who won?",
        "hello",
        "",
        "?!",
        "\u{1F6A2}",
    ] {
        let mut prompt = prompt(utterance);
        prompt.briefing = BAKERY.into();
        let reply = conforms(&model(), prompt.clone()).await;
        assert_eq!(may_be_dropped(&model(), prompt).await, reply);
    }
}

#[tokio::test]
async fn without_evidence_there_is_the_fallback() {
    assert_eq!(
        conforms(&model(), prompt("How much is it?")).await,
        FALLBACK
    );
}

#[tokio::test]
async fn a_model_without_anything_to_say_fails() {
    let silent = Extractive::new("", 40);
    let reply = voicera::testing::language_model::fails(&silent, prompt("How much is it?"));
    assert!(matches!(reply.await, (text, ModelError::Empty) if text.is_empty()));
}

#[tokio::test]
async fn a_bakery_is_answered_for_from_its_page() {
    check(
        BAKERY,
        "
        when do you open on saturday
        How much is a rye loaf?
        What does a baguette cost?
        uh are there nuts in your cakes
        How far ahead do I need to order a birthday cake?
        Are you open on Sundays?
        what kinds of bread do you bake
        how long does delivery take
        What's your email?
        How much is a wedding cake?
        Do you sell coffee?
        do you deliver to Berlin
        who is the owner",
        expect![[r#"
            when do you open on saturday
              We are open Monday to Friday from 6:30 to 18:00 and on Saturday from 7:00 to 13:00.
            How much is a rye loaf?
              Rye loaf: Price 4.20 euros.
            What does a baguette cost?
              Baguette: Price 2.10 euros.
            uh are there nuts in your cakes
              The cakes contain nuts, milk and eggs.
            How far ahead do I need to order a birthday cake?
              Birthday cakes must be ordered two days in advance.
            Are you open on Sundays?
              We are closed on Sunday.
            what kinds of bread do you bake
              We bake: rye bread, wholegrain bread, baguettes.
            how long does delivery take
              Delivery takes one hour.
            What's your email?
              Orders are placed by phone on 555-0134-22 or by e-mail to hello@millers.example.
            How much is a wedding cake?
              (fallback)
            Do you sell coffee?
              (fallback)
            do you deliver to Berlin
              (fallback)
            who is the owner
              (fallback)
        "#]],
    )
    .await;
}

#[tokio::test]
async fn small_talk_is_met_with_small_talk() {
    check(
        BAKERY,
        "
        Hello?
        hi there, good morning!
        um, thank you very much
        Who are you?
        okay, what's your name
        hello how much is a baguette
        Thanks, and how much is a baguette?",
        expect![[r#"
            Hello?
              Hello! How can I help you?
            hi there, good morning!
              Hello! How can I help you?
            um, thank you very much
              You're welcome.
            Who are you?
              I'm the automated assistant, and I answer questions from our documents.
            okay, what's your name
              I'm the automated assistant, and I answer questions from our documents.
            hello how much is a baguette
              Baguette: Price 2.10 euros.
            Thanks, and how much is a baguette?
              Baguette: Price 2.10 euros.
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_follow_up_is_understood_from_what_was_asked_before() {
    talk(
        SHIPPER,
        "
        How long does ocean freight from Shanghai to Los Angeles take?
        what about Mumbai to Hamburg
        Thank you.
        And by air?
        How much is air freight from Shanghai to Los Angeles?
        and how long does it take?
        Okay, and how long by ocean?",
        expect![[r#"
            How long does ocean freight from Shanghai to Los Angeles take?
              Ocean freight from Shanghai to Los Angeles takes 18 to 20 days.
            what about Mumbai to Hamburg
              Ocean freight from Mumbai to Hamburg takes 21 to 24 days.
            Thank you.
              You're welcome.
            And by air?
              (fallback)
            How much is air freight from Shanghai to Los Angeles?
              Air freight from Shanghai to Los Angeles costs USD 6.50 per kilogram.
            and how long does it take?
              (fallback)
            Okay, and how long by ocean?
              Ocean freight from Shanghai to Los Angeles takes 18 to 20 days.
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_question_that_stands_alone_is_not_mixed_with_those_before() {
    talk(
        BAKERY,
        "
        How much is a rye loaf?
        And when are you open on Saturday?
        Do the cakes contain eggs?
        And how much is a wedding cake?",
        expect![[r#"
            How much is a rye loaf?
              Rye loaf: Price 4.20 euros.
            And when are you open on Saturday?
              We are open Monday to Friday from 6:30 to 18:00 and on Saturday from 7:00 to 13:00.
            Do the cakes contain eggs?
              The cakes contain nuts, milk and eggs.
            And how much is a wedding cake?
              (fallback)
        "#]],
    )
    .await;
}

#[tokio::test]
async fn other_languages_have_their_own_words() {
    let mut told = String::new();
    for (language, briefing, utterance) in [
        ("de-DE", DENTIST, "Was kostet eine Zahnreinigung?"),
        ("de-DE", DENTIST, "Bis wann muss ich einen Termin absagen?"),
        ("de-DE", DENTIST, "Haben Sie Parkplätze?"),
        ("de-DE", DENTIST, "Guten Tag"),
        ("es-ES", HOTEL, "¿A qué hora es el desayuno?"),
        ("es-ES", HOTEL, "¿Cuánto cuesta una habitación doble?"),
        ("es-ES", HOTEL, "¿Tienen piscina?"),
        ("es-ES", HOTEL, "Muchas gracias"),
        ("fr-FR", GARAGE, "Combien coûte une vidange ?"),
        ("fr-FR", GARAGE, "À quelle heure fermez-vous le samedi ?"),
        ("fr-FR", GARAGE, "Vendez-vous des vélos ?"),
        ("fr-FR", GARAGE, "Qui êtes-vous ?"),
    ] {
        let mut prompt = prompt(utterance);
        prompt.briefing = briefing.into();
        prompt.language = Language::new(language);
        let reply = conforms(&model(), prompt).await;
        told.push_str(&format!("{utterance}\n  {reply}\n"));
    }
    expect![[r#"
        Was kostet eine Zahnreinigung?
          Eine Zahnreinigung dauert 45 Minuten und kostet 95 Euro.
        Bis wann muss ich einen Termin absagen?
          Ein Termin muss 24 Stunden vorher abgesagt werden.
        Haben Sie Parkplätze?
          I'm sorry, I don't know that. Please write to us.
        Guten Tag
          Guten Tag! Wie kann ich Ihnen helfen?
        ¿A qué hora es el desayuno?
          El desayuno se sirve de 7:00 a 10:30.
        ¿Cuánto cuesta una habitación doble?
          Una habitación doble cuesta 90 euros por noche.
        ¿Tienen piscina?
          I'm sorry, I don't know that. Please write to us.
        Muchas gracias
          De nada.
        Combien coûte une vidange ?
          Une vidange coûte 79 euros.
        À quelle heure fermez-vous le samedi ?
          Le garage ferme à 18:00 en semaine et à 12:00 le samedi.
        Vendez-vous des vélos ?
          I'm sorry, I don't know that. Please write to us.
        Qui êtes-vous ?
          Je suis l'assistant automatique et je réponds à partir de nos documents.
    "#]]
    .assert_eq(&told);
}

#[tokio::test]
async fn what_was_said_is_not_said_again() {
    let mut told = String::new();
    for said in [
        "",
        "We are open Monday to",
        "We are open Monday to Friday from 6:30 to 18:00 and on Saturday from 7:00 to 13:00.",
        "We are open Monday to Friday from 6:30 to 18:00 and on Saturday from 7:00 to 13:00. \
         We are closed on Sunday. ",
    ] {
        let mut prompt = prompt("When are you open?");
        prompt.briefing = BAKERY.into();
        prompt.said = said.to_owned();
        let reply = conforms(&model(), prompt).await;
        told.push_str(&format!("{said:?}\n  {reply:?}\n"));
    }
    expect![[r#"
        ""
          "We are open Monday to Friday from 6:30 to 18:00 and on Saturday from 7:00 to 13:00."
        "We are open Monday to"
          ". We are open Monday to Friday from 6:30 to 18:00 and on Saturday from 7:00 to 13:00."
        "We are open Monday to Friday from 6:30 to 18:00 and on Saturday from 7:00 to 13:00."
          " That is all I can say about it."
        "We are open Monday to Friday from 6:30 to 18:00 and on Saturday from 7:00 to 13:00. We are closed on Sunday. "
          "That is all I can say about it."
    "#]].assert_eq(&told);
}

#[tokio::test]
async fn passages_are_asked_before_the_briefing() {
    let mut prompt = prompt("How much is a rye loaf?");
    prompt.briefing = BAKERY.into();
    prompt.passages = vec![Passage {
        id: "p".to_owned(),
        text: "| Bread | Price |\n|---|---|\n| Rye loaf | 5 euros |\n".to_owned(),
        source: Source {
            document: "prices.md".to_owned(),
            headings: vec!["Prices from May".to_owned()],
            span: None,
        },
        score: 1.0,
    }];
    assert_eq!(
        conforms(&model(), prompt.clone()).await,
        "Rye loaf: Price 5 euros."
    );
    prompt.utterance = "Are you open on Sundays?".to_owned();
    assert_eq!(conforms(&model(), prompt).await, "We are closed on Sunday.");
}

#[tokio::test]
async fn a_reply_keeps_to_the_word_limit() {
    for limit in 1..40 {
        let model = Extractive::new("Sorry.", limit);
        let mut prompt = prompt("When are you open on Saturday?");
        prompt.briefing = BAKERY.into();
        let reply = conforms(&model, prompt).await;
        let words = reply.split_whitespace().count();
        assert!(
            words <= limit,
            "{words} words where {limit} are the limit: {reply}"
        );
    }
}

#[tokio::test]
async fn a_briefing_is_read_once_and_forgotten_when_others_crowd_it_out() {
    let model = model();
    let briefings: Vec<Arc<str>> = (0..6)
        .map(|n| format!("Room {n} is blue.").into())
        .collect();
    for briefing in briefings.iter().chain(&briefings) {
        let mut prompt = prompt("Which colour is the room?");
        prompt.briefing = Arc::clone(briefing);
        assert_eq!(conforms(&model, prompt).await, &**briefing);
    }
    let language = Language::default();
    let last = briefings.last().unwrap();
    let read = model.shelf.read(last, &language).await;
    let again = model.shelf.read(&Arc::from(&**last), &language).await;
    assert!(Arc::ptr_eq(&read, &again), "the same words were read twice");
    assert!(
        format!("{:?}", model.shelf).len() < 20_000,
        "the shelf keeps everything"
    );
}

#[tokio::test]
async fn one_sentence_is_found_among_many() {
    let mut briefing = String::new();
    for n in 0..20_000 {
        briefing.push_str(&format!(
            "Parcel {n} of the shipment costs {n} euros to send.\n\n"
        ));
    }
    let mut prompt = prompt("How much does parcel 1234 cost?");
    prompt.briefing = briefing.into();
    let model = model();
    let answer = "Parcel 1234 of the shipment costs 1234 euros to send.";
    assert_eq!(conforms(&model, prompt).await, answer);
}

#[tokio::test]
async fn no_words_are_too_strange() {
    let strange = "what's \u{0} 12,3. 4:5 '' n't a b c <document path=\"\"> | x | \n|---|\n| y |\n- \n1. ß İ 東京 \
                   \u{1F6A2}\u{200d} non twenty hundred thousand and or, or, or how many";
    for language in ["en", "de", "es", "fr", "ja", ""] {
        for (end, _) in strange.char_indices() {
            let mut prompt = prompt(&strange[..end]);
            prompt.briefing = strange[end..].into();
            prompt.language = Language::new(language);
            prompt.said = strange[..end / 2 * usize::from(end.is_multiple_of(4))].to_owned();
            if !strange.is_char_boundary(prompt.said.len()) {
                continue;
            }
            prompt.history = vec![line(Speaker::Caller, strange)];
            conforms(&model(), prompt).await;
        }
    }
}

/// The questions file of the sample knowledge base: 80 % answered with all facts, 9 of 10 of the
/// others met with the fallback.
#[tokio::test]
async fn the_sample_knowledge_base_is_answered_for() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../knowledge_base");
    let mut documents: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    documents.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    documents.sort();
    let documents = documents.iter().map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(path).unwrap();
        format!("<document path=\"{name}\">\n{text}\n</document>\n")
    });
    let briefing: Arc<str> = documents.collect::<String>().into();
    let model = model();
    let (mut answered, mut answerable, mut declined, mut others) = (0, 0, 0, 0);
    let mut missed = Vec::new();
    for line in fs::read_to_string(folder.join("questions.jsonl"))
        .unwrap()
        .lines()
    {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let mut prompt = prompt(line["question"].as_str().unwrap());
        prompt.briefing = Arc::clone(&briefing);
        let reply = conforms(&model, prompt).await.to_lowercase();
        let mut facts = line["facts"].as_array().unwrap().iter();
        if facts.len() == 0 {
            others += 1;
            declined += usize::from(reply == FALLBACK.to_lowercase());
            continue;
        }
        answerable += 1;
        let told = |way: &str| reply.contains(&way.to_lowercase());
        if facts.all(|fact| fact.as_str().unwrap().split('|').any(told)) {
            answered += 1;
        } else {
            missed.push(line["id"].to_string());
        }
    }
    assert!(
        answered * 100 >= answerable * 85,
        "{answered} of {answerable}: {missed:?}"
    );
    assert!(
        declined * 10 >= others * 9,
        "{declined} of {others} declined"
    );
}

#[tokio::test]
async fn words_that_every_passage_holds_are_rare_where_the_passages_come_from() {
    check_passages(
        &[
            "Ocean shipments to the United States need an ISF filing 24 hours before loading.",
            "An ISF filing names the seller and the buyer. An ISF filing is made in the portal.",
            "The broker checks each ISF filing. A wrong ISF filing is sent back.",
        ],
        "
        When is the ISF filing due?
        What is the deadline for an ISF filing?
        When does the importer have to hand in the ISF filing?
        When is the VAT filing due?",
        expect![[r#"
            When is the ISF filing due?
              Ocean shipments to the United States need an ISF filing 24 hours before loading.
            What is the deadline for an ISF filing?
              Ocean shipments to the United States need an ISF filing 24 hours before loading.
            When does the importer have to hand in the ISF filing?
              Ocean shipments to the United States need an ISF filing 24 hours before loading.
            When is the VAT filing due?
              (fallback)
        "#]],
    )
    .await;
}

#[tokio::test]
async fn another_kind_of_the_same_thing_is_no_answer_and_a_row_is_not_told_twice() {
    check_passages(
        &[
            "Air freight from Shanghai to Los Angeles costs USD 6.50 per kilogram.",
            "| Route | Transit time |\n|---|---|\n| Shanghai to Los Angeles | 18 to 20 days |\n\n\
             Ocean freight from Shanghai to Los Angeles takes 18 to 20 days.",
        ],
        "
        How long does ocean freight from Shanghai to Los Angeles take?
        What is the transit time from Shanghai to Los Angeles?
        How many days is it from Shanghai to Los Angeles?
        How long does air freight from Shanghai to Los Angeles take?
        What does air freight from Shanghai to Los Angeles cost?",
        expect![[r#"
            How long does ocean freight from Shanghai to Los Angeles take?
              Ocean freight from Shanghai to Los Angeles takes 18 to 20 days.
            What is the transit time from Shanghai to Los Angeles?
              Shanghai to Los Angeles: Transit time 18 to 20 days.
            How many days is it from Shanghai to Los Angeles?
              Ocean freight from Shanghai to Los Angeles takes 18 to 20 days.
            How long does air freight from Shanghai to Los Angeles take?
              (fallback)
            What does air freight from Shanghai to Los Angeles cost?
              Air freight from Shanghai to Los Angeles costs USD 6.50 per kilogram.
        "#]],
    )
    .await;
}

/// Asks each line on its own.
async fn check(briefing: &str, questions: &str, expected: Expect) {
    let model = model();
    let briefing: Arc<str> = briefing.into();
    let mut told = String::new();
    for utterance in questions
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let mut prompt = prompt(utterance);
        prompt.briefing = Arc::clone(&briefing);
        let reply = conforms(&model, prompt).await;
        told.push_str(&format!("{utterance}\n  {}\n", shown(&reply)));
    }
    expected.assert_eq(&told);
}

/// Asks the lines one by one, each with the passages.
async fn check_passages(passages: &[&str], questions: &str, expected: Expect) {
    let model = model();
    let mut told = String::new();
    for utterance in questions.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let mut prompt = prompt(utterance);
        prompt.passages = passages.iter().map(|text| passage(text)).collect();
        let reply = conforms(&model, prompt).await;
        told.push_str(&format!("{utterance}\n  {}\n", shown(&reply)));
    }
    expected.assert_eq(&told);
}

/// Asks the lines in one call.
async fn talk(briefing: &str, questions: &str, expected: Expect) {
    let model = model();
    let mut prompt = prompt("");
    prompt.briefing = briefing.into();
    let mut told = String::new();
    for utterance in questions
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        prompt.utterance = utterance.to_owned();
        let reply = conforms(&model, prompt.clone()).await;
        told.push_str(&format!("{utterance}\n  {}\n", shown(&reply)));
        prompt.history.push(line(Speaker::Caller, utterance));
        prompt.history.push(line(Speaker::Agent, &reply));
    }
    expected.assert_eq(&told);
}

fn passage(text: &str) -> Passage {
    Passage {
        id: text.to_owned(),
        text: text.to_owned(),
        source: Source {
            document: "found.md".to_owned(),
            headings: Vec::new(),
            span: None,
        },
        score: 1.0,
    }
}

fn shown(reply: &str) -> &str {
    if reply == FALLBACK {
        "(fallback)"
    } else {
        reply
    }
}

fn line(speaker: Speaker, text: &str) -> Line {
    Line {
        speaker,
        text: text.into(),
        cut_off: false,
    }
}

fn model() -> Extractive {
    Extractive::new(FALLBACK, 40)
}

const BAKERY: &str = r#"<document path="shop.md">
# Miller's Bakery

Miller's Bakery has been baking bread on Station Road since 1962.

## Opening hours

We are open Monday to Friday from 6:30 to 18:00 and on Saturday from 7:00 to 13:00. We are closed
on Sunday.

## Bread

| Bread | Price |
|---|---|
| Rye loaf | 4.20 euros |
| Wholegrain loaf | 4.80 euros |
| Baguette | 2.10 euros |

All our loaves keep for three days. We bake:

- rye bread
- wholegrain bread
- baguettes

## Cakes

Birthday cakes must be ordered two days in advance. A birthday cake for ten people costs 38 euros.
The cakes contain nuts, milk and eggs.

## Delivery

We deliver within the city for 5 euros. Delivery takes one hour. Orders are placed by phone on
555-0134-22 or by e-mail to hello@millers.example.
</document>
"#;

const SHIPPER: &str = r#"<document path="transit.md">
# Transit times

We move goods by ocean, air and rail. Prices differ for ocean, air and rail.

- Ocean freight from Shanghai to Los Angeles takes 18 to 20 days.
- Ocean freight from Mumbai to Hamburg takes 21 to 24 days.
- Air freight from Frankfurt to New York takes 1 to 2 days.
- Air freight from Shanghai to Los Angeles costs USD 6.50 per kilogram.
</document>
"#;

const DENTIST: &str = r#"<document path="praxis.md">
# Zahnarztpraxis Dr. Weber

Die Praxis liegt in der Lindenstraße 12 in Köln.

## Behandlungen

Eine Zahnreinigung dauert 45 Minuten und kostet 95 Euro. Ein Implantat kostet ab 1.800 Euro.

## Termine

Ein Termin muss 24 Stunden vorher abgesagt werden. In Notfällen rufen Sie bitte 0221 5550134 an.
</document>
"#;

const HOTEL: &str = r#"<document path="hotel.md">
# Hotel Sol

El desayuno se sirve de 7:00 a 10:30. Una habitación doble cuesta 90 euros por noche.
El aparcamiento es gratuito.
</document>
"#;

const GARAGE: &str = r#"<document path="garage.md">
# Garage Martin

Une vidange coûte 79 euros. Le garage ferme à 18:00 en semaine et à 12:00 le samedi.
Les pneus sont changés sans rendez-vous.
</document>
"#;

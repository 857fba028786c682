mod labelled;

use std::time::{Duration, SystemTime};

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::ports::transcript_sink::Content;
use crate::testing::transcript_sink::call;

/// A Monday: 2026-11-23, in the morning.
const MONDAY: Duration = Duration::from_secs(1_795_428_000);

/// The lines, and under each what it names.
fn check(lines: &str, expected: Expect) {
    let recogniser = Recogniser::default();
    let mut trace = String::new();
    for line in lines.lines().map(str::trim) {
        trace.push_str(&format!("{line}\n"));
        for entity in recogniser.recognise(line, SystemTime::UNIX_EPOCH + MONDAY) {
            let value = entity
                .value
                .map(|value| format!(" = {value}"))
                .unwrap_or_default();
            trace.push_str(&format!(
                "  {}: {}{value}\n",
                entity.kind.name(),
                entity.text
            ));
        }
    }
    expected.assert_eq(&trace);
}

#[test]
fn goods_are_counted_and_are_none_in_idioms_and_on_the_companys_side() {
    check(
        "i bought sixty bicycles
        apples and oranges mate
        is there a fuel surcharge
        which delivery windows do you have
        i hate talking to machines
        what brand are your trucks
        after three days of waiting the cargo is stuck
        twelve drums of glycerol
        the doors were open
        we ship doors
        can i send didgeridoos to bremen
        can i send invoices to bremen",
        expect![[r#"
            i bought sixty bicycles
              quantity: sixty
              consumer_good: bicycles
            apples and oranges mate
            is there a fuel surcharge
            which delivery windows do you have
            i hate talking to machines
            what brand are your trucks
            after three days of waiting the cargo is stuck
              quantity: three days = 3 days
            twelve drums of glycerol
              quantity: twelve drums = 12 drums
              consumer_good: glycerol
            the doors were open
            we ship doors
              consumer_good: doors
            can i send didgeridoos to bremen
              consumer_good: didgeridoos
              location: bremen
            can i send invoices to bremen
              location: bremen
        "#]],
    );
}

#[test]
fn who_works_at_a_company_names_both() {
    check(
        "it's gemma at hargreaves paint
        it's gemma at the gate",
        expect![[r#"
            it's gemma at hargreaves paint
              person: gemma
              organization: hargreaves paint
            it's gemma at the gate
              person: gemma
        "#]],
    );
}

#[test]
fn spoken_numbers_and_days_have_their_usual_form() {
    check(
        "next friday, this thursday, last monday and the day after tomorrow
        two thousand two hundred dollars or one point five million euros
        half past three, quarter to four in the afternoon, five o'clock
        a forty foot container in two weeks
        the fifth of december at ten thirty",
        expect![[r#"
            next friday, this thursday, last monday and the day after tomorrow
              date: next friday = 2026-11-27
              date: this thursday = 2026-11-26
              date: last monday = 2026-11-16
              date: the day after tomorrow = 2026-11-25
            two thousand two hundred dollars or one point five million euros
              money: two thousand two hundred dollars = USD 2200
              money: one point five million euros = EUR 1500000
            half past three, quarter to four in the afternoon, five o'clock
              time: half past three = 03:30
              time: quarter to four in the afternoon = 15:45
              time: five o'clock = 05:00
            a forty foot container in two weeks
              quantity: forty foot container = 40 foot
              date: in two weeks = 2026-12-07
            the fifth of december at ten thirty
              date: the fifth of december = 2026-12-05
              time: ten thirty = 10:30
        "#]],
    );
}

#[test]
fn what_was_masked_is_known_for_what_it_is_and_for_nothing_else() {
    check(
        "[phone 1b2c] or [email 77aa] or [card 3f2a] or [id 77c0]
        booking number [digits 9b1e]",
        expect![[r#"
            [phone 1b2c] or [email 77aa] or [card 3f2a] or [id 77c0]
              phone: [phone 1b2c]
              email: [email 77aa]
            booking number [digits 9b1e]
        "#]],
    );
}

#[test]
fn words_that_only_look_like_names_are_left_alone() {
    check(
        "this is urgent, i may book it and you will call me
        it is open 24/7 and certified to ISO 9001 and ISPM-15
        one moment please, i am reading a book about the transfer of my goods",
        expect![[r#"
            this is urgent, i may book it and you will call me
            it is open 24/7 and certified to ISO 9001 and ISPM-15
            one moment please, i am reading a book about the transfer of my goods
        "#]],
    );
}

#[test]
fn entities_of_a_call_tell_their_entry() {
    let mut entries = call("CA-1");
    if let Content::Caller(line) = &mut entries[1].content {
        line.text = "from Los Angeles, please".to_owned();
    }
    let found = entities(&entries, &Recogniser::default());
    let place = found[0].place.unwrap();
    assert_eq!((found[0].kind, place.entry), (EntityKind::Location, 1));
    let said = entries[1].said().unwrap().1;
    assert_eq!(&said[place.start..place.end], found[0].text);
}

#[test]
fn a_gazetteer_reads_the_names_of_a_document() {
    let document = "# About\n\nAcmeFreight offers road freight. The hub of AcmeFreight is in Zwolle.\n\
        Trucks leave from Zwolle to Ghent. Trucks stop in Ghent. Rail is cheap, and rail is slow.";
    let gazetteer = Gazetteer::read(document);
    let names: Vec<_> = gazetteer
        .names()
        .map(|(kind, name)| format!("{}: {name}", kind.name()))
        .collect();
    expect![[r#"
        organization: acmefreight
        location: ghent
        location: zwolle"#]]
    .assert_eq(&names.join("\n"));
    let found = Recogniser::new(&gazetteer)
        .recognise("does acmefreight go to zwolle", SystemTime::UNIX_EPOCH);
    assert_eq!(found.len(), 2);
}

proptest! {
    #[test]
    fn any_text_is_taken_and_places_are_true(
        text in any::<String>(),
        words in "((next|half|past|two|twenty|the|of|may|friday|third|hundred|thousand|point|million|am|at|dot|com|to|b l|MSCU|[0-9]{1,12}|[$€.,:/-]|[a-z]{1,9}) ?){0,25}",
        seconds in any::<u32>(),
    ) {
        let recogniser = Recogniser::default();
        let started = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(seconds) * 50);
        for text in [text, words] {
            let mut end = 0;
            for entity in recogniser.recognise(&text, started) {
                let place = entity.place.unwrap();
                prop_assert!(end <= place.start && place.start < place.end);
                prop_assert_eq!(&text[place.start..place.end], entity.text);
                end = place.end;
            }
        }
    }
}

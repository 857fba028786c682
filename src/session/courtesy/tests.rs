use super::*;

#[test]
fn listening_is_not_asking() {
    check("Uh-huh.", Courtesy::Backchannel);
    check("yeah, okay", Courtesy::Backchannel);
    check("I see", Courtesy::Backchannel);
    check("okay but how much is it", Courtesy::None);
    check("", Courtesy::None);
    check("?!", Courtesy::None);
}

#[test]
fn wondering_whether_somebody_is_there_is_not_asking() {
    check("Hello?", Courtesy::Waiting);
    check("hello hello are you there", Courtesy::Waiting);
    check("hello, how long is it", Courtesy::None);
}

#[test]
fn a_farewell_ends_what_is_said() {
    check("Thanks, bye!", Courtesy::Farewell);
    check("okay goodbye then bye", Courtesy::Farewell);
    check("bye bye", Courtesy::Farewell);
    check(
        "how much is it to say goodbye to my old carrier",
        Courtesy::None,
    );
}

#[test]
fn a_person_is_asked_for_unless_denied() {
    check("Can I talk to a human please", Courtesy::Handoff);
    check("I don't want a human", Courtesy::None);
    check("humanitarian freight", Courtesy::None);
}

fn check(utterance: &str, expected: Courtesy) {
    let list = |phrases: &[&str]| phrases.iter().map(|p| (*p).to_owned()).collect();
    let phrases = Phrases {
        backchannel: list(&["uh-huh", "yeah", "okay", "I see"]),
        waiting: list(&["hello", "are you there"]),
        farewell: list(&["bye", "goodbye"]),
        handoff: list(&["a human"]),
    };
    assert_eq!(of(utterance, &phrases), expected, "{utterance:?}");
}

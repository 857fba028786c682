use expect_test::expect;
use voicera::insight::Sentiment;

use super::*;

fn detection(detected: bool) -> Option<Detection> {
    Some(Detection {
        detected,
        ..Detection::default()
    })
}

fn entity(kind: EntityKind, text: &str) -> Entity {
    Entity {
        kind,
        text: text.to_owned(),
        value: None,
        confidence: 1.0,
        place: None,
    }
}

fn services(labels: &[&str]) -> Option<Vec<Service>> {
    let service = |label: &&str| Service {
        label: (*label).to_owned(),
        confidence: 1.0,
        evidence: Vec::new(),
    };
    Some(labels.iter().map(service).collect())
}

fn mood(overall: Mood) -> Option<Sentiment> {
    Some(Sentiment {
        overall,
        confidence: 1.0,
        lines: Vec::new(),
    })
}

#[test]
fn what_one_has_not_answered_is_not_compared() {
    let ours = Insights {
        escalation: detection(true),
        summary: Some("booked".to_owned()),
        ..Insights::default()
    };
    assert_eq!(compare(&ours, &Insights::default()), Comparison::default());
}

#[test]
fn each_operator_is_compared_in_its_own_way() {
    let ours = Insights {
        escalation: detection(true),
        transfer: detection(false),
        entities: Some(vec![
            entity(EntityKind::Location, "Hamburg"),
            entity(EntityKind::Location, "Mumbai"),
            entity(EntityKind::Phone, "4155550100"),
        ]),
        sentiment: mood(Mood::Neutral),
        summary: Some("The caller booked a box.".to_owned()),
        services: services(&["booking", "tracking"]),
        ..Insights::default()
    };
    let theirs = Insights {
        escalation: detection(true),
        transfer: detection(true),
        entities: Some(vec![
            entity(EntityKind::Location, "hamburg,"),
            entity(EntityKind::Location, "Hamburg"),
            entity(EntityKind::Date, "May 4th"),
        ]),
        sentiment: mood(Mood::Mixed),
        summary: Some("a caller asked for a box".to_owned()),
        services: services(&["Booking"]),
        ..Insights::default()
    };
    expect![[r#"
        Comparison {
            escalation: Some(
                Pair {
                    ours: true,
                    theirs: true,
                },
            ),
            introduction: None,
            transfer: Some(
                Pair {
                    ours: false,
                    theirs: true,
                },
            ),
            entities: Some(
                {
                    Date: Overlap {
                        both: 0,
                        ours_only: 0,
                        theirs_only: 1,
                    },
                    Location: Overlap {
                        both: 1,
                        ours_only: 1,
                        theirs_only: 0,
                    },
                    Phone: Overlap {
                        both: 0,
                        ours_only: 1,
                        theirs_only: 0,
                    },
                },
            ),
            sentiment: Some(
                Pair {
                    ours: Neutral,
                    theirs: Mixed,
                },
            ),
            services: Some(
                Overlap {
                    both: 1,
                    ours_only: 1,
                    theirs_only: 0,
                },
            ),
            summary: Some(
                Overlap {
                    both: 3,
                    ours_only: 2,
                    theirs_only: 2,
                },
            ),
        }"#]]
    .assert_eq(&format!("{:#?}", compare(&ours, &theirs)));
}

#[test]
fn rates_are_shares_of_what_is_there() {
    let overlap = Overlap {
        both: 3,
        ours_only: 1,
        theirs_only: 2,
    };
    assert_eq!(overlap.precision(), Some(0.75));
    assert_eq!(overlap.recall(), Some(0.6));
    assert_eq!(overlap.f1(), Some(6.0 / 9.0));
    assert_eq!(overlap.jaccard(), 0.5);
    assert_eq!(Overlap::default().precision(), None);
    assert_eq!(Overlap::default().jaccard(), 1.0);
}

/// Many calls, by how often the two say what: yes and yes, yes and no, no and yes, no and no.
fn calls(counts: [usize; 4]) -> Agreement {
    let answers = [(true, true), (true, false), (false, true), (false, false)];
    let pairs = answers.into_iter().zip(counts);
    let comparisons = pairs.flat_map(|((ours, theirs), count)| {
        let comparison = Comparison {
            escalation: Some(Pair { ours, theirs }),
            ..Comparison::default()
        };
        vec![comparison; count]
    });
    Agreement::of(&comparisons.collect::<Vec<_>>())
}

#[test]
fn kappa_is_how_much_better_than_chance() {
    // The textbook's grants: 20 and 15 of 50 the same, kappa 0.4.
    let agreement = calls([20, 5, 10, 15]);
    assert_eq!(agreement.escalation.accuracy(), Some(0.7));
    assert!((agreement.escalation.kappa.unwrap() - 0.4).abs() < 1e-9);
    assert_eq!(agreement.transfer, Rate::default());
}

#[test]
fn kappa_says_nothing_where_there_is_nothing_to_say() {
    assert_eq!(calls([3, 0, 0, 3]).escalation.kappa, None);
    assert_eq!(calls([30, 0, 0, 0]).escalation.kappa, None);
    assert_eq!(calls([30, 0, 0, 30]).escalation.kappa, Some(1.0));
}

#[test]
fn many_calls_are_added_up() {
    let one = |both, ours_only| Comparison {
        entities: Some(BTreeMap::from([(
            EntityKind::Date,
            Overlap {
                both,
                ours_only,
                theirs_only: 0,
            },
        )])),
        summary: Some(Overlap {
            both,
            ours_only,
            theirs_only: 0,
        }),
        ..Comparison::default()
    };
    let agreement = Agreement::of(&[one(1, 0), one(1, 3), Comparison::default()]);
    let dates = agreement.entities[&EntityKind::Date];
    assert_eq!((agreement.calls, dates.both, dates.ours_only), (3, 2, 3));
    assert_eq!(agreement.summary, Some(0.625));
}

use std::sync::Arc;

use super::*;
use crate::digest::Findings;
use crate::digest::price::Price;
use crate::ports::language_model::Usage;
use crate::ports::transcript_sink::EndedLine;
use crate::testing::call::call;
use crate::words::{Call, Ending};

#[test]
fn spans_begin_in_utc_and_weeks_on_monday() {
    // 2026-11-23 is a Monday.
    let monday = 1_795_392_000;
    let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let sunday_late = at(monday - 1);
    assert_eq!(Every::Hour.start(at(monday + 3601)), at(monday + 3600));
    assert_eq!(Every::Day.start(at(monday + 86_399)), at(monday));
    assert_eq!(Every::Week.start(at(monday + 6 * 86_400)), at(monday));
    assert_eq!(Every::Week.start(sunday_late), at(monday - 7 * 86_400));
    assert_eq!(Every::Week.start(SystemTime::UNIX_EPOCH), at(0));
}

#[test]
fn calls_are_added_up_where_they_began() {
    let mut timeline = Timeline::new(Every::Hour);
    let ended = |ending| EndedLine {
        ending,
        turns: 3,
        duration: Duration::from_secs(90),
    };
    timeline.add(&Digest {
        ended: Some(ended(Ending::HungUp)),
        interruptions: 2,
        findings: Findings {
            sentiment: Some(Mood::Negative),
            escalated: true,
            services: vec!["ocean".to_owned()],
            summary: None,
        },
        ..digest(10)
    });
    timeline.add(&Digest {
        ended: Some(ended(Ending::Goodbye)),
        findings: Findings {
            services: vec!["ocean".to_owned(), "air".to_owned()],
            ..Findings::default()
        },
        ..digest(3599)
    });
    timeline.add(&Digest {
        apologies: 1,
        ..digest(3600)
    });
    let (start, first) = timeline.spans().next().unwrap();
    assert_eq!(start, SystemTime::UNIX_EPOCH);
    assert_eq!((first.calls, first.open, first.turns), (2, 0, 6));
    assert_eq!(first.duration, Duration::from_secs(180));
    let whole = timeline.whole();
    assert_eq!((whole.calls, whole.open, whole.turns), (3, 1, 6));
    assert_eq!(
        (whole.interruptions, whole.apologies, whole.escalated),
        (2, 1, 1)
    );
    assert_eq!(
        format!("{:?} {:?}", whole.endings, whole.services),
        r#"{"goodbye": 1, "hung_up": 1} {"air": 1, "ocean": 2}"#
    );
    assert_eq!(whole.sentiments, BTreeMap::from([(Mood::Negative, 1)]));
}

#[test]
fn percentiles_are_right_to_a_hundredth_over_all_spans() {
    let mut timeline = Timeline::new(Every::Hour);
    for millis in 1..=1000 {
        timeline.add(&Digest {
            waits: vec![Duration::from_millis(millis)],
            ..digest(millis * 10)
        });
    }
    let waits = timeline.whole().waits;
    assert_eq!(waits.count(), 1000);
    for (percent, exact) in [(50.0, 500.0), (95.0, 950.0), (99.0, 990.0)] {
        let millis = waits.percentile(percent).unwrap().as_secs_f64() * 1000.0;
        assert!(
            (millis / exact - 1.0).abs() <= 0.01,
            "p{percent} is {millis}"
        );
    }
    assert_eq!(Waits::default().percentile(50.0), None);
}

#[test]
fn endless_waits_are_counted_as_an_hour() {
    let mut totals = Totals::default();
    totals.add(&Digest {
        waits: vec![Duration::MAX],
        ..digest(0)
    });
    let longest = totals.waits.percentile(100.0).unwrap().as_secs();
    assert!((3560..=3640).contains(&longest), "{longest}");
}

#[test]
fn a_cost_is_known_when_all_of_its_parts_are() {
    let prices: Prices = [("m".to_owned(), PRICE)].into_iter().collect();
    let mut totals = Totals::default();
    for _ in 0..2 {
        totals.add(&spent("m", Some(u32::MAX)));
    }
    let tokens = totals.models["m"].tokens;
    assert_eq!(tokens.prompt, 2 * u64::from(u32::MAX));
    assert_eq!(totals.cost(&prices), Some(2.0 * f64::from(u32::MAX)));
    totals.add(&spent("m", None));
    assert_eq!((totals.models["m"].untold, totals.cost(&prices)), (1, None));
    let mut totals = Totals::default();
    totals.add(&spent("unpriced", Some(1)));
    assert_eq!(totals.cost(&prices), None);
}

/// A dollar a token.
const PRICE: Price = Price {
    input: 1_000_000.0,
    cached_input: 1_000_000.0,
    output: 0.0,
};

fn spent(model: &str, tokens: Option<u32>) -> Digest {
    Digest {
        usage: vec![Usage {
            model: model.to_owned(),
            prompt_tokens: tokens,
            cached_tokens: None,
            reply_tokens: tokens,
        }],
        ..digest(0)
    }
}

/// A call that goes on, begun so many seconds after the epoch.
fn digest(seconds: u64) -> Digest {
    let started = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    Digest {
        call: Arc::new(Call { started, ..call() }),
        ended: None,
        waits: Vec::new(),
        interruptions: 0,
        apologies: 0,
        usage: Vec::new(),
        findings: Findings::default(),
    }
}

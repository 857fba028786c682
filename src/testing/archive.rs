//! The contract of [`Archive`] and of the [`TranscriptSink`] of the same store as a suite, and a
//! fake.
//!
//! Times are whole milliseconds and latencies whole microseconds, which every format keeps. Each
//! part of the suite has callers of its own, so that the store need not be empty.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::transcript_sink::call;
use crate::digest::Digest;
use crate::insight::{Analysis, Insights, Mood, Origin};
use crate::ports::archive::{Cursor, State, Transcript, Wanted, Which};
use crate::ports::transcript_sink::{Entry, SinkError};
use crate::ports::{Archive, TranscriptSink};
use crate::words::{Call, CallId};

mod calls;

mod shelf;

pub use calls::analysis;
pub use shelf::Shelf;

use calls::{minute, service, told};

/// The whole suite.
///
/// # Panics
///
/// When the contract is broken.
pub async fn conforms(sink: &dyn TranscriptSink, archive: &dyn Archive) {
    keeps_calls_whole(sink, archive).await;
    keeps_a_repeat_once(sink, archive).await;
    keeps_sessions_in_the_order_they_began(sink, archive).await;
    lists_the_latest_first_page_by_page(sink, archive).await;
    finds_by_every_condition(sink, archive).await;
    finds_words_in_any_form(sink, archive).await;
    tells_how_far_a_call_is(sink, archive).await;
    keeps_one_analysis_of_each_kind_of_origin(sink, archive).await;
    forgets_all_but_calls_that_go_on(sink, archive).await;
}

/// What was appended comes back as it was, from calls that interleave, too.
///
/// # Panics
///
/// When it does not.
pub async fn keeps_calls_whole(sink: &dyn TranscriptSink, archive: &dyn Archive) {
    let (one, other) = (call("CA-whole-1"), call("CA-whole-2"));
    for (one, other) in one.iter().zip(&other) {
        append(sink, &[one.clone(), other.clone()]).await;
    }
    for (id, entries) in [("CA-whole-1", one), ("CA-whole-2", other)] {
        let kept = read(archive, id).await.unwrap();
        assert_eq!(kept.entries, entries);
        assert_eq!(kept.analyses, Vec::new());
        let call = Arc::ptr_eq(&kept.entries[0].call, &kept.entries[3].call);
        assert!(call, "the entries of a session share their call");
    }
    assert_eq!(read(archive, "CA-whole-3").await, None);
}

/// # Panics
///
/// When an entry that was appended again is there twice.
pub async fn keeps_a_repeat_once(sink: &dyn TranscriptSink, archive: &dyn Archive) {
    let entries = call("CA-repeat");
    for count in 1..=entries.len() {
        append(sink, &entries[..count]).await;
        let kept = read(archive, "CA-repeat").await.unwrap();
        assert_eq!(kept.entries, entries[..count]);
    }
    append(sink, &entries).await;
    let kept = read(archive, "CA-repeat").await.unwrap();
    assert_eq!(kept.entries, entries);
}

/// # Panics
///
/// When sessions are mixed up, or a call that goes on after an ending is told as ended.
pub async fn keeps_sessions_in_the_order_they_began(
    sink: &dyn TranscriptSink,
    archive: &dyn Archive,
) {
    // The order in which they began is not that of their names.
    let names = [Some("VX-2"), Some("VX-1"), None];
    let id = "CA-sessions";
    let mut all = Vec::new();
    for name in names {
        let mut entries = call(id);
        let mut call = Call::clone(&entries[0].call);
        call.session = name.map(str::to_owned);
        call.from = Some("+1 sessions".to_owned());
        let call = Arc::new(call);
        for entry in &mut entries {
            entry.call = Arc::clone(&call);
        }
        append(sink, &entries[..1]).await;
        all.push(entries[0].clone());
        assert_eq!(read(archive, id).await.unwrap().entries, all);
        let digest = list(archive, &from("+1 sessions")).await.remove(0);
        assert_eq!(digest.ended, None, "the call goes on");
        append(sink, &entries[1..]).await;
        all.extend_from_slice(&entries[1..]);
    }
    assert_eq!(read(archive, id).await.unwrap().entries, all);
    let digests = list(archive, &from("+1 sessions")).await;
    assert_eq!(digests, [Digest::of(&all, &[]).unwrap()]);
}

/// # Panics
///
/// When a list is out of order, or a page misses a call or repeats one.
pub async fn lists_the_latest_first_page_by_page(sink: &dyn TranscriptSink, archive: &dyn Archive) {
    // Two pairs began in the same millisecond.
    let begun = [("3", 3), ("1", 1), ("5", 5), ("4", 3), ("2", 1)];
    for (number, minute) in begun {
        append(
            sink,
            &told(&format!("CA-list-{number}"), "+1 list", minute, &["hi"]),
        )
        .await;
    }
    let everything = list(archive, &from("+1 list")).await;
    let times = everything.iter().map(|digest| digest.call.started);
    assert!(
        times.is_sorted_by(|one, next| one >= next),
        "the latest first"
    );
    for digest in &everything {
        let kept = read(archive, digest.call.id.as_str()).await.unwrap();
        assert_eq!(
            Some(digest),
            Digest::of(&kept.entries, &kept.analyses).as_ref()
        );
    }
    let all = ids(archive, &from("+1 list")).await;
    assert_eq!(all.len(), begun.len());

    let mut paged = Vec::new();
    let mut after = None;
    for minute in 10.. {
        let page = Wanted {
            after,
            limit: 2,
            ..from("+1 list")
        };
        let page = list(archive, &page).await;
        let Some(last) = page.last() else { break };
        assert!(page.len() <= 2, "more than the limit");
        after = Some(Cursor {
            started: last.call.started,
            call: last.call.id.clone(),
        });
        paged.extend(page.iter().map(|digest| digest.call.id.to_string()));
        append(
            sink,
            &told(&format!("CA-list-new-{minute}"), "+1 list", minute, &[]),
        )
        .await;
    }
    assert_eq!(paged, all, "page by page it is the same list");
    let none = Wanted {
        limit: 0,
        ..from("+1 list")
    };
    assert_eq!(list(archive, &none).await, []);
}

/// # Panics
///
/// When a condition lets a wrong call through or keeps a right one out.
pub async fn finds_by_every_condition(sink: &dyn TranscriptSink, archive: &dyn Archive) {
    let caller = "+1 conditions";
    for (id, minute) in [("CA-find-1", 1), ("CA-find-2", 2), ("CA-find-3", 3)] {
        append(sink, &told(id, caller, minute, &["hello"])).await;
    }
    let mut handed = told("CA-find-4", caller, 4, &["a person, please"]);
    handed.pop();
    let last = call("CA-find-4").pop().unwrap();
    handed.push(Entry {
        sequence: handed.len().try_into().unwrap(),
        call: Arc::clone(&handed[0].call),
        ..last
    });
    append(sink, &handed).await;
    append(
        sink,
        &told("CA-find-5", "+1 conditions more", 3, &["hello"]),
    )
    .await;

    let analysis = |mood, labels: &[&str]| {
        let mut analysis = analysis(Origin::Operators);
        analysis.insights.sentiment.as_mut().unwrap().overall = mood;
        analysis.insights.services = Some(labels.iter().map(|label| service(label)).collect());
        analysis
    };
    let moods = [
        (
            "CA-find-1",
            analysis(Mood::Negative, &["Air", "Sea freight"]),
        ),
        ("CA-find-2", analysis(Mood::Positive, &["Sea"])),
        ("CA-find-3", analysis(Mood::Negative, &[])),
    ];
    for (id, analysis) in &moods {
        sink.conclude(&CallId::new(id), analysis).await.unwrap();
    }

    let check = async |wanted: Wanted, expected: &[&str]| {
        let expected = expected.iter().map(|number| format!("CA-find-{number}"));
        let expected = expected.collect::<Vec<_>>();
        assert_eq!(ids(archive, &wanted).await, expected, "{wanted:?}");
    };
    let all = || from(caller);
    check(all(), &["4", "3", "2", "1"]).await;
    check(from("+1 conditions more"), &["5"]).await;
    check(from("+1 condition"), &[]).await;
    let (second, third) = (Some(minute(2)), Some(minute(3)));
    #[rustfmt::skip]
    let cases: [(Wanted, &[&str]); 13] = [
        (Wanted { since: second, ..all() }, &["4", "3", "2"]),
        (Wanted { until: third, ..all() }, &["2", "1"]),
        (Wanted { since: second, until: third, ..all() }, &["2"]),
        (Wanted { sentiment: Some(Mood::Negative), ..all() }, &["3", "1"]),
        (Wanted { sentiment: Some(Mood::Mixed), ..all() }, &[]),
        (Wanted { service: Some("Sea freight".to_owned()), ..all() }, &["1"]),
        (Wanted { service: Some("Sea".to_owned()), ..all() }, &["2"]),
        (Wanted { service: Some("%".to_owned()), ..all() }, &[]),
        (Wanted { ending: Some("handed_off".to_owned()), ..all() }, &["4"]),
        (Wanted { ending: Some("hung_up".to_owned()), ..all() }, &["3", "2", "1"]),
        (Wanted { ending: Some("goodbye".to_owned()), ..all() }, &[]),
        (Wanted { text: Some("hello".to_owned()), ..all() }, &["3", "2", "1"]),
        (
            Wanted {
                since: second,
                text: Some("hello".to_owned()),
                sentiment: Some(Mood::Negative),
                ending: Some("hung_up".to_owned()),
                ..all()
            },
            &["3"],
        ),
    ];
    for (wanted, expected) in cases {
        check(wanted, expected).await;
    }
}

/// # Panics
///
/// When words are not found, or taken for more than words.
pub async fn finds_words_in_any_form(sink: &dyn TranscriptSink, archive: &dyn Archive) {
    let caller = "+1 words";
    let said = [
        "Two Containers, please",
        "shipped to M\u{FC}nchen",
        "\u{6D1B}\u{6749}\u{77F6}",
    ];
    append(sink, &told("CA-words-1", caller, 1, &said)).await;
    // It goes on, and what was said in it is found all the same.
    let mut open = told("CA-words-2", caller, 2, &["containers OR nothing"]);
    open.pop();
    append(sink, &open).await;
    // What was written and not said is not found.
    let mut unheard = call("CA-words-3");
    let mut call = Call::clone(&unheard[0].call);
    call.from = Some(caller.to_owned());
    let call = Arc::new(call);
    for entry in &mut unheard {
        entry.call = Arc::clone(&call);
    }
    append(sink, &unheard).await;

    let cases: [(&str, &[&str]); 17] = [
        ("container", &["2", "1"]),
        ("CONTAINERS", &["2", "1"]),
        ("please two", &["1"]),
        ("two nothing", &[]),
        ("ships", &["1"]),
        ("m\u{FC}nchen", &["1"]),
        ("\u{6D1B}\u{6749}\u{77F6}", &["3", "1"]),
        ("\u{6D1B}\u{77F6}", &[]),
        ("18 days", &["3"]),
        ("anything else", &[]),
        ("\"two containers\"", &["1"]),
        ("container OR nothing", &["2"]),
        ("two NOT containers", &[]),
        ("contai*", &[]),
        ("two) AND (please; --", &[]),
        ("text:two", &[]),
        // No word is no condition.
        ("\"* ( ", &["3", "2", "1"]),
    ];
    for (text, expected) in cases {
        let wanted = Wanted {
            text: Some(text.to_owned()),
            ..from(caller)
        };
        let expected = expected.iter().map(|number| format!("CA-words-{number}"));
        let mut expected = expected.collect::<Vec<_>>();
        let mut found = ids(archive, &wanted).await;
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{text}");
    }
}

/// # Panics
///
/// When a call is told to be further, or less far, than it is.
pub async fn tells_how_far_a_call_is(sink: &dyn TranscriptSink, archive: &dyn Archive) {
    let caller = "+1 far";
    let id = "CA-far";
    let entries = told(id, caller, 1, &["hello"]);
    let check = async |open: bool, unanalysed: bool| {
        let states = [
            (State::Any, true),
            (State::Open, open),
            (State::Unanalysed, unanalysed),
        ];
        for (state, there) in states {
            let wanted = Wanted {
                state,
                ..from(caller)
            };
            let found = ids(archive, &wanted).await;
            assert_eq!(found.len(), usize::from(there), "{state:?}");
        }
    };
    append(sink, &entries[..2]).await;
    check(true, false).await;
    append(sink, &entries[2..]).await;
    check(false, true).await;
    let others = [
        Origin::Carrier("GT1".to_owned()),
        Origin::Model("m".to_owned()),
    ];
    for origin in others {
        sink.conclude(&CallId::new(id), &analysis(origin))
            .await
            .unwrap();
        check(false, true).await;
    }
    let operators = analysis(Origin::Operators);
    sink.conclude(&CallId::new(id), &operators).await.unwrap();
    check(false, false).await;
    // A call that went on after its ending has more to look at.
    let mut more = told(id, caller, 2, &["hello again"]);
    let mut call = Call::clone(&more[0].call);
    call.session = Some("VX-2".to_owned());
    let call = Arc::new(call);
    for entry in &mut more {
        entry.call = Arc::clone(&call);
    }
    append(sink, &more[..1]).await;
    check(true, false).await;
    append(sink, &more[1..]).await;
    check(false, true).await;
    sink.conclude(&CallId::new(id), &operators).await.unwrap();
    check(false, false).await;
    // A repeat changes nothing.
    append(sink, &entries).await;
    append(sink, &more).await;
    check(false, false).await;
}

/// # Panics
///
/// When an analysis is changed, missing or doubled.
pub async fn keeps_one_analysis_of_each_kind_of_origin(
    sink: &dyn TranscriptSink,
    archive: &dyn Archive,
) {
    let id = CallId::new("CA-analyses");
    let caller = "+1 analyses";
    append(sink, &told(id.as_str(), caller, 1, &["hello"])).await;
    let newer = |origin| Analysis {
        at: minute(9),
        insights: Insights::default(),
        ..analysis(origin)
    };
    let steps = [
        (analysis(Origin::Operators), 1),
        (analysis(Origin::Model("a/model".to_owned())), 2),
        (analysis(Origin::Carrier("GT1".to_owned())), 3),
        (newer(Origin::Operators), 3),
        (newer(Origin::Model("another/model".to_owned())), 3),
        (analysis(Origin::Operators), 3),
    ];
    for (analysis, count) in steps {
        sink.conclude(&id, &analysis).await.unwrap();
        let kept = read(archive, id.as_str()).await.unwrap();
        assert_eq!(kept.analyses.len(), count);
        assert!(kept.analyses.contains(&analysis), "{kept:?}");
        let digest = Digest::of(&kept.entries, &kept.analyses).unwrap();
        assert_eq!(list(archive, &from(caller)).await, [digest]);
    }
    let unknown = CallId::new("CA-analyses-unknown");
    let refused = sink.conclude(&unknown, &analysis(Origin::Operators)).await;
    assert!(matches!(refused, Err(SinkError::Refused(_))), "{refused:?}");
}

/// # Panics
///
/// When something stays that was to go, or goes that was to stay.
pub async fn forgets_all_but_calls_that_go_on(sink: &dyn TranscriptSink, archive: &dyn Archive) {
    // These began long before all others of the suite.
    let days = |days: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(days * 86_400);
    let begun = |id: &str, caller: &str, started| {
        let mut entries = told(id, caller, 0, &["forgettable words"]);
        let mut call = Call::clone(&entries[0].call);
        call.started = started;
        let call = Arc::new(call);
        for entry in &mut entries {
            entry.call = Arc::clone(&call);
        }
        entries
    };
    let calls = [
        ("CA-forget-1", "+1 forget", days(1)),
        ("CA-forget-2", "+1 forget", days(2)),
        ("CA-forget-3", "+1 forget", days(3)),
        ("CA-forget-4", "+1 forget too", days(3)),
    ];
    for (id, caller, started) in calls {
        append(sink, &begun(id, caller, started)).await;
        sink.conclude(&CallId::new(id), &analysis(Origin::Operators))
            .await
            .unwrap();
    }
    // It goes on: it cannot have begun long ago.
    let open = begun("CA-forget-open", "+1 forget", days(40_000));
    append(sink, &open[..2]).await;

    let check = async |which: Which, count: u64, left: &[&str]| {
        let forgotten = archive.forget(&which).await.unwrap();
        assert_eq!(forgotten, count, "{which:?}");
        for (id, caller, _) in calls {
            let there = left.contains(&id);
            assert_eq!(
                read(archive, id).await.is_some(),
                there,
                "{id} after {which:?}"
            );
            let found = Wanted {
                text: Some("forgettable".to_owned()),
                ..from(caller)
            };
            let found = ids(archive, &found).await;
            assert_eq!(
                found.iter().any(|found| found == id),
                there,
                "{id} after {which:?}"
            );
        }
        assert_eq!(
            read(archive, "CA-forget-open").await.unwrap().entries,
            open[..2]
        );
    };
    let [first, second, third, fourth] = calls.map(|(id, ..)| id);
    check(Which::Before(days(1)), 0, &[first, second, third, fourth]).await;
    check(Which::Before(days(2)), 1, &[second, third, fourth]).await;
    check(Which::Call(CallId::new(second)), 1, &[third, fourth]).await;
    check(Which::Call(CallId::new(second)), 0, &[third, fourth]).await;
    check(
        Which::Call(CallId::new("CA-forget-open")),
        0,
        &[third, fourth],
    )
    .await;
    check(Which::Caller("+1 forget".to_owned()), 1, &[fourth]).await;
    check(Which::Caller("+1 forget too".to_owned()), 1, &[]).await;
    append(sink, &open).await;
    let gone = archive.forget(&Which::Caller("+1 forget".to_owned())).await;
    assert_eq!(gone.unwrap(), 1, "it has ended");
    assert_eq!(read(archive, "CA-forget-open").await, None);
}

fn from(caller: &str) -> Wanted {
    Wanted {
        caller: Some(caller.to_owned()),
        ..Wanted::latest(100)
    }
}

async fn append(sink: &dyn TranscriptSink, entries: &[Entry]) {
    for entry in entries {
        if let Err(error) = sink.append(entry).await {
            panic!("{entry:?} is not taken: {error}");
        }
    }
}

async fn read(archive: &dyn Archive, id: &str) -> Option<Transcript> {
    archive.call(&CallId::new(id)).await.unwrap()
}

async fn list(archive: &dyn Archive, wanted: &Wanted) -> Vec<Digest> {
    archive.calls(wanted).await.unwrap()
}

async fn ids(archive: &dyn Archive, wanted: &Wanted) -> Vec<String> {
    let digests = list(archive, wanted).await;
    digests
        .iter()
        .map(|digest| digest.call.id.to_string())
        .collect()
}

#[cfg(test)]
mod tests;

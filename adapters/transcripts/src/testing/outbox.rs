//! The contract of [`Outbox`] as a suite.

use std::time::{Duration, SystemTime};

use voicera::insight::Origin;
use voicera::ports::archive::Which;
use voicera::ports::{Archive, TranscriptSink};
use voicera::testing::archive::analysis;
use voicera::testing::transcript_sink::call;
use voicera::words::CallId;

use crate::outbox::{Claim, Outbox, Outcome, Parcel, State, Subject, Subscription, Wants};

const ENTRIES: &str = "entries";
const CALLS: &str = "calls";
const MINUTE: Duration = Duration::from_secs(60);

/// What the store has to be opened with.
pub fn subscriptions() -> Vec<Subscription> {
    let subscription = |destination: &str, wants| Subscription {
        destination: destination.to_owned(),
        wants,
    };
    vec![
        subscription(ENTRIES, Wants::Entries),
        subscription(CALLS, Wants::Calls),
    ]
}

/// The whole suite, for a store in which nothing waits.
///
/// # Panics
///
/// When the contract is broken.
pub async fn conforms(sink: &dyn TranscriptSink, archive: &dyn Archive, outbox: &dyn Outbox) {
    writes_a_parcel_for_each_destination_that_wants_it(sink, outbox).await;
    hands_a_parcel_to_one_at_a_time(outbox).await;
    settles_as_it_is_told(outbox).await;
    retries_what_was_given_up(outbox).await;
    gives_up_and_discards_what_is_for_one_destination(outbox).await;
    forgets_with_the_call(archive, outbox).await;
}

async fn writes_a_parcel_for_each_destination_that_wants_it(
    sink: &dyn TranscriptSink,
    outbox: &dyn Outbox,
) {
    let before = SystemTime::now();
    for entry in call("CA-1").iter().chain(&call("CA-1")) {
        sink.append(entry).await.unwrap();
    }
    let id = CallId::new("CA-1");
    let model = analysis(Origin::Model("a/model".to_owned()));
    for _ in 0..2 {
        let operators = analysis(Origin::Operators);
        sink.conclude(&id, &operators).await.unwrap();
        sink.conclude(&id, &model).await.unwrap();
    }
    let at = model.at.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let analysed = format!("analysis:CA-1:model:{}", at.as_millis());
    let entry = |sequence: u32| {
        let subject = Subject::Entry {
            call: id.clone(),
            session: Some("VX-1".to_owned()),
            sequence,
        };
        (format!("entry:CA-1:VX-1:{sequence}"), subject)
    };
    let finished = (
        "call:CA-1:4".to_owned(),
        Subject::Finished { call: id.clone() },
    );
    let origin = "model".to_owned();
    let analysed = (
        analysed,
        Subject::Analysed {
            call: id.clone(),
            origin,
        },
    );
    let entries = [
        entry(0),
        entry(1),
        entry(2),
        entry(3),
        finished.clone(),
        analysed.clone(),
    ];
    for (destination, expected) in [(ENTRIES, &entries[..]), (CALLS, &[finished, analysed])] {
        let waiting = of(&list(outbox, None).await, destination);
        let told = waiting
            .iter()
            .map(|parcel| (parcel.id.clone(), parcel.subject.clone()));
        assert_eq!(told.collect::<Vec<_>>(), expected, "{destination}");
        for parcel in waiting {
            assert_eq!((parcel.state, parcel.attempts), (State::Waiting, 0));
            assert_eq!(parcel.trouble, None);
            assert!(parcel.written + Duration::from_millis(1) > before);
            assert_eq!(parcel.due, parcel.written, "it is due at once");
        }
    }
    assert_eq!(outbox.parcels(None, 3).await.unwrap().len(), 3);
}

async fn hands_a_parcel_to_one_at_a_time(outbox: &dyn Outbox) {
    let now = SystemTime::now() + MINUTE;
    let first = claim(outbox, ENTRIES, now, 2).await;
    assert_eq!(ids(&first), ["entry:CA-1:VX-1:0", "entry:CA-1:VX-1:1"]);
    let rest = claim(outbox, ENTRIES, now, 10).await;
    assert_eq!(rest.len(), 4, "what is claimed is kept from others");
    assert_eq!(claim(outbox, ENTRIES, now, 10).await, []);
    assert_eq!(
        claim(outbox, CALLS, now, 10).await.len(),
        2,
        "of its destination only"
    );
    assert_eq!(claim(outbox, "nobody", now, 10).await, []);
    assert_eq!(claim(outbox, ENTRIES, now + MINUTE / 2, 10).await, []);
    let again = claim(outbox, ENTRIES, now + MINUTE, 10).await;
    assert_eq!(again.len(), 6, "the lease is over");
    assert_eq!(list(outbox, None).await.len(), 8);
}

async fn settles_as_it_is_told(outbox: &dyn Outbox) {
    let now = SystemTime::now() + 10 * MINUTE;
    let claimed = claim(outbox, ENTRIES, now, 3).await;
    let [delivered, later, dead] = &claimed[..] else {
        panic!("three of six are due: {claimed:?}");
    };
    let trouble = || "it rains".to_owned();
    outbox.settle(delivered, &Outcome::Delivered).await.unwrap();
    let due = now + 5 * MINUTE;
    let outcome = Outcome::Later {
        due,
        trouble: trouble(),
    };
    outbox.settle(later, &outcome).await.unwrap();
    let outcome = Outcome::Dead { trouble: trouble() };
    outbox.settle(dead, &outcome).await.unwrap();

    let left = list(outbox, None).await;
    assert!(!ids(&of(&left, ENTRIES)).contains(&delivered.id));
    let buried = list(outbox, Some(State::Dead)).await;
    assert_eq!(ids(&buried), [dead.id.as_str()]);
    assert_eq!(
        (buried[0].attempts, &buried[0].trouble),
        (1, &Some(trouble()))
    );
    assert_eq!(
        list(outbox, Some(State::Waiting)).await.len(),
        left.len() - 1
    );

    assert_eq!(claim(outbox, ENTRIES, due - MINUTE, 10).await.len(), 3);
    let due_again = claim(outbox, ENTRIES, due, 10).await;
    let again = due_again
        .iter()
        .find(|parcel| parcel.id == later.id)
        .unwrap();
    assert_eq!((again.attempts, &again.trouble), (1, &Some(trouble())));
    assert!(!ids(&due_again).contains(&dead.id), "it was given up");
}

async fn retries_what_was_given_up(outbox: &dyn Outbox) {
    let claimed = claim(outbox, CALLS, SystemTime::now() + 60 * MINUTE, 10).await;
    let trouble = || "it rains".to_owned();
    for parcel in &claimed {
        let outcome = Outcome::Dead { trouble: trouble() };
        outbox.settle(parcel, &outcome).await.unwrap();
    }
    assert_eq!(outbox.retry(Some("entry:unknown")).await.unwrap(), 0);
    assert_eq!(outbox.retry(Some(&claimed[1].id)).await.unwrap(), 1);
    let due = claim(outbox, CALLS, SystemTime::now() + MINUTE, 10).await;
    assert_eq!(ids(&due), [claimed[1].id.as_str()]);
    // One of the entries was given up, too.
    assert_eq!(outbox.retry(None).await.unwrap(), 2);
    assert_eq!(outbox.retry(None).await.unwrap(), 0);
    assert_eq!(list(outbox, Some(State::Dead)).await, []);
}

async fn gives_up_and_discards_what_is_for_one_destination(outbox: &dyn Outbox) {
    let left = list(outbox, None).await;
    let waiting = |destination: &str| {
        let count = of(&left, destination).len() as u64;
        (destination.to_owned(), count)
    };
    let (calls, entries) = (waiting(CALLS), waiting(ENTRIES));
    assert_eq!(
        outbox.waiting().await.unwrap(),
        [calls.clone(), entries.clone()]
    );
    assert_eq!(outbox.give_up("nobody", "gone").await.unwrap(), 0);
    assert_eq!(outbox.give_up(CALLS, "gone").await.unwrap(), calls.1);
    assert_eq!(outbox.give_up(CALLS, "gone again").await.unwrap(), 0);
    assert_eq!(outbox.waiting().await.unwrap(), [entries]);
    let dead = list(outbox, Some(State::Dead)).await;
    assert_eq!(ids(&dead), ids(&of(&left, CALLS)));
    for (parcel, before) in dead.iter().zip(of(&left, CALLS)) {
        assert_eq!(parcel.trouble.as_deref(), Some("gone"));
        assert_eq!(parcel.attempts, before.attempts, "it was not tried");
    }
    // Nobody fetches what is given up, until it is to be tried again.
    let later = SystemTime::now() + 60 * MINUTE;
    assert_eq!(claim(outbox, CALLS, later, 10).await, []);
    assert_eq!(outbox.retry(None).await.unwrap(), calls.1);
    assert_eq!(outbox.discard(CALLS).await.unwrap(), 0, "it waits");
    assert_eq!(claim(outbox, CALLS, later, 10).await.len() as u64, calls.1);
    assert_eq!(outbox.give_up(CALLS, "gone").await.unwrap(), calls.1);
    assert_eq!(outbox.discard(ENTRIES).await.unwrap(), 0, "it waits");
    assert_eq!(outbox.discard(CALLS).await.unwrap(), calls.1);
    assert_eq!(list(outbox, None).await, of(&left, ENTRIES));
}

async fn forgets_with_the_call(archive: &dyn Archive, outbox: &dyn Outbox) {
    let parcel = list(outbox, None).await.remove(0);
    let which = Which::Call(CallId::new("CA-1"));
    assert_eq!(archive.forget(&which).await.unwrap(), 1);
    assert_eq!(list(outbox, None).await, []);
    // Somebody may have it in hand.
    outbox.settle(&parcel, &Outcome::Delivered).await.unwrap();
}

async fn claim(
    outbox: &dyn Outbox,
    destination: &str,
    now: SystemTime,
    limit: usize,
) -> Vec<Parcel> {
    let claim = Claim {
        destination: destination.to_owned(),
        now,
        lease: MINUTE,
        limit,
    };
    outbox.claim(&claim).await.unwrap()
}

async fn list(outbox: &dyn Outbox, state: Option<State>) -> Vec<Parcel> {
    outbox.parcels(state, 100).await.unwrap()
}

fn of(parcels: &[Parcel], destination: &str) -> Vec<Parcel> {
    let parcels = parcels
        .iter()
        .filter(|parcel| parcel.destination == destination);
    parcels.cloned().collect()
}

fn ids(parcels: &[Parcel]) -> Vec<String> {
    parcels.iter().map(|parcel| parcel.id.clone()).collect()
}

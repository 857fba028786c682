use std::future::poll_fn;

use voicera::words::Turn;

use super::*;

const SOON: Duration = Duration::from_secs(1);
const STAYS: Rival = Rival::Stays;

#[tokio::test]
async fn calls_are_admitted_up_to_the_bound() {
    let board = board(2);
    let first = board.admit(&id("CA1"), STAYS).await.unwrap();
    let _second = board.admit(&id("CA2"), STAYS).await.unwrap();
    assert!(!board.has_room());
    assert!(!board.has_room_for(&id("CA3")));
    assert!(board.has_room_for(&id("CA1")), "it has a place of its own");
    assert_eq!(refusal(&board, "CA3").await, Some(Refusal::Full));
    drop(first);
    assert!(board.has_room());
    assert_eq!(board.live(), 1);
    assert_eq!(refusal(&board, "CA3").await, None);
}

#[tokio::test]
async fn a_live_call_is_not_admitted_twice() {
    let board = board(2);
    let seat = board.admit(&id("CA1"), STAYS).await.unwrap();
    assert_eq!(refusal(&board, "CA1").await, Some(Refusal::Live));
    drop(seat);
    assert_eq!(refusal(&board, "CA1").await, None);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_comes_back_takes_the_place_of_its_lost_line() {
    let board = board(1);
    let old = board.admit(&id("CA1"), STAYS).await.unwrap();
    let leaves = async {
        assert_eq!(notice(&old).await, Notice::Replaced);
        old.leave(memory(7));
    };
    let call = id("CA1");
    let (new, ()) = tokio::join!(board.admit(&call, Rival::Goes(SOON)), leaves);
    assert_eq!(new.unwrap().call(), &id("CA1"));
    assert_eq!(board.recall(&id("CA1")), Some(memory(7)));
}

#[tokio::test(start_paused = true)]
async fn a_line_that_does_not_give_way_keeps_its_call() {
    let board = board(1);
    let _old = board.admit(&id("CA1"), STAYS).await.unwrap();
    let begun = Instant::now();
    let refused = board.admit(&id("CA1"), Rival::Goes(SOON)).await;
    assert_eq!(refused.unwrap_err(), Refusal::Live);
    assert_eq!(begun.elapsed(), SOON);
}

#[tokio::test(start_paused = true)]
async fn closing_waits_then_says_goodbye_then_gives_up() {
    let board = board(3);
    let quick = board.admit(&id("CA1"), STAYS).await.unwrap();
    let slow = board.admit(&id("CA2"), STAYS).await.unwrap();
    let stuck = board.admit(&id("CA3"), STAYS).await.unwrap();
    let begun = Instant::now();
    let calls = async {
        tokio::time::sleep(SOON).await;
        drop(quick);
        assert_eq!(refusal(&board, "CA4").await, Some(Refusal::Closed));
        assert!(!board.has_room());
        assert_eq!(notice(&slow).await, Notice::Close);
        assert_eq!(begun.elapsed(), 10 * SOON);
        tokio::time::sleep(SOON).await;
        drop(slow);
        assert_eq!(notice(&stuck).await, Notice::Close);
        assert_eq!(notice(&stuck).await, Notice::CutOff);
        assert_eq!(begun.elapsed(), 15 * SOON);
        tokio::time::sleep(SOON).await;
        drop(stuck);
    };
    let (left, ()) = tokio::join!(board.close(10 * SOON, 5 * SOON), calls);
    assert_eq!(left, 1);
    assert_eq!(begun.elapsed(), 16 * SOON);
}

#[tokio::test(start_paused = true)]
async fn closing_an_empty_switchboard_takes_no_time() {
    let begun = Instant::now();
    assert_eq!(board(1).close(10 * SOON, SOON).await, 0);
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn a_notice_comes_once_and_is_not_missed() {
    let board = board(1);
    let seat = board.admit(&id("CA1"), STAYS).await.unwrap();
    seat.bell.ring(Notice::Close);
    seat.bell.ring(Notice::Replaced);
    assert_eq!(notice(&seat).await, Notice::Replaced);
    assert_eq!(notice(&seat).await, Notice::Close);
    let again = poll_fn(|cx| Poll::Ready(seat.poll_notice(cx))).await;
    assert!(again.is_pending());
}

#[tokio::test(start_paused = true)]
async fn what_a_lost_call_knew_is_bounded_in_number_and_age() {
    let board = board(10);
    for (call, turn) in [("CA1", 1), ("CA2", 2), ("CA3", 3)] {
        let seat = board.admit(&id(call), STAYS).await.unwrap();
        seat.leave(memory(turn));
        tokio::time::advance(SOON).await;
    }
    assert!(!board.knows(&id("CA1")), "two are remembered, not three");
    assert!(board.knows(&id("CA2")));
    assert_eq!(board.recall(&id("CA2")), Some(memory(2)));
    assert_eq!(board.recall(&id("CA2")), None);
    tokio::time::advance(60 * SOON).await;
    assert_eq!(board.recall(&id("CA3")), None);
    assert!(!board.knows(&id("CA3")));
}

fn board(calls: usize) -> Arc<Switchboard> {
    Switchboard::new(Settings {
        calls,
        remembered: 2,
        remembered_for: 60 * SOON,
    })
}

async fn refusal(board: &Arc<Switchboard>, call: &str) -> Option<Refusal> {
    board.admit(&id(call), STAYS).await.err()
}

async fn notice(seat: &Seat) -> Notice {
    poll_fn(|cx| seat.poll_notice(cx)).await
}

fn id(call: &str) -> CallId {
    CallId::new(call)
}

fn memory(turn: u32) -> Memory {
    Memory {
        turn: Turn(turn),
        history: Vec::new(),
        ..Memory::default()
    }
}

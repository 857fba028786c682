use expect_test::expect;

use super::*;

#[test]
fn the_defaults_have_no_problem() {
    assert_eq!(toml::from_str::<Limits>("").unwrap(), Limits::default());
    assert_eq!(Limits::default().problems(), []);
}

#[test]
fn a_bound_that_no_call_stays_within_is_named() {
    let limits = "frame_bytes = 10\nframes_per_second = 0\nping = \"0s\"\n\
        body_bytes = 9000000000\ntoken = \"9years\"";
    let limits = toml::from_str::<Limits>(limits).unwrap();
    let problems = limits.problems().into_iter();
    let messages: Vec<_> = problems.map(|problem| problem.message).collect();
    expect![[r#"
        frame_bytes is 10: no call could be held below 4096, raise it
        frames_per_second is 0: no call could be held below 5, raise it
        body_bytes is 9000000000: no call needs more than 1048576, lower it
        token is 9years: no call needs more than 1day, lower it
        ping is 0s: no call could be held below 1s, raise it"#]]
    .assert_eq(&messages.join("\n"));
}

#[test]
fn a_burst_is_allowed_and_a_flood_is_not() {
    let limits = Limits {
        frames_per_second: 10,
        frames_burst: 3,
        ..Limits::default()
    };
    let start = Instant::now();
    let mut budget = Budget::new(&limits, start);
    let spent = |budget: &mut Budget, after: u64| {
        let now = start + Duration::from_millis(after);
        (0..10).filter(|_| budget.spend(now)).count()
    };
    assert_eq!(spent(&mut budget, 0), 3);
    assert_eq!(spent(&mut budget, 50), 0);
    assert_eq!(spent(&mut budget, 200), 2);
    assert_eq!(spent(&mut budget, 60_000), 3);
}

use expect_test::{Expect, expect};
use futures_util::stream;
use voicera::ports::language_model::ToolCall;
use voicera::testing::language_model::Step::{Call, Fail, Hang, Pause, Text};
use voicera::testing::language_model::{Scripted, Step, conforms, fails, may_be_dropped, prompt};

use super::*;

const MS: Duration = Duration::from_millis(1);

#[tokio::test(start_paused = true)]
async fn a_healthy_model_is_left_to_speak() {
    check(
        [vec![Text("It takes "), Text("18 days.")], vec![Text("no")]],
        expect![[r#"
            0 "It takes "
            0 "18 days."
            0 usage of one
        "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_model_that_fails_is_followed_by_the_next() {
    check(
        [vec![Fail], vec![Text("18 days.")]],
        expect![[r#"
        0 "18 days."
        0 usage of two
        two was asked to go on from ""
    "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_model_that_says_no_word_in_time_is_late() {
    check(
        [vec![Pause(300 * MS), Text("late")], vec![Text("18 days.")]],
        expect![[r#"
            100 "18 days."
            100 usage of two
            two was asked to go on from ""
        "#]],
    )
    .await;
    check(
        [vec![Text(" "), Hang], vec![Text("18 days.")]],
        expect![[r#"
            0 " "
            100 "18 days."
            100 usage of one
            100 usage of two
            two was asked to go on from " "
        "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_stalls_is_taken_up_where_it_stopped() {
    check(
        [
            vec![Text("It takes"), Pause(199 * MS), Text(" 18"), Hang],
            vec![Text("to 20 days.")],
        ],
        expect![[r#"
            0 "It takes"
            199 " 18"
            399 " to 20 days."
            399 usage of one
            399 usage of two
            two was asked to go on from "It takes 18"
        "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn every_model_that_wrote_is_in_the_bill_also_when_all_fail() {
    check(
        [vec![Text("It"), Fail], vec![Text("takes"), Fail]],
        expect![[r#"
            0 "It"
            0 " takes"
            0 usage of one
            0 usage of two
            0 error: the model cannot be reached: the script says so
            two was asked to go on from "It"
        "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_model_that_has_nothing_to_add_completes_the_reply() {
    let models = [
        ranked("one", Scripted::new("one", [vec![Text("18 days."), Hang]])),
        ranked("two", Failing(|| ModelError::Empty)),
    ];
    expect![[r#"
        0 "18 days."
        200 usage of one
    "#]]
    .assert_eq(&trace(&fallback(models), "").await);
}

#[tokio::test(start_paused = true)]
async fn what_was_called_for_is_not_called_for_twice() {
    let call = || {
        Call(ToolCall {
            name: "end_call".to_owned(),
            arguments: std::collections::BTreeMap::new(),
        })
    };
    check(
        [vec![call(), Fail], vec![call()]],
        expect![[r#"
            0 call end_call
            0 usage of one
        "#]],
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn words_of_two_models_do_not_grow_together() {
    let two = |text| [ranked("one", Scripted::new("one", [vec![Text(text)]]))];
    let said = |said: &'static str, text| async move { trace(&fallback(two(text)), said).await };
    expect![[r#"
        0 " days."
        0 usage of one
    "#]]
    .assert_eq(&said("It takes 18", "days.").await);
    expect![[r#"
        0 ", or 20."
        0 usage of one
    "#]]
    .assert_eq(&said("It takes 18", ", or 20.").await);
    expect![[r#"
        0 "18."
        0 usage of one
    "#]]
    .assert_eq(&said("It takes ", "18.").await);
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_cannot_be_spoken_is_followed_by_the_next() {
    check(
        [vec![Text("**"), Text("*")], vec![Text("18 days.")]],
        expect![[r#"
            0 "**"
            0 "*"
            0 "18 days."
            0 usage of one
            0 usage of two
            two was asked to go on from ""
        "#]],
    )
    .await;
    let alone = [ranked("one", Scripted::new("one", [vec![Text("😀")]]))];
    expect![[r#"
        0 "😀"
        0 usage of one
        0 error: the model sent no words
    "#]]
    .assert_eq(&trace(&fallback(alone), "").await);
}

#[tokio::test(start_paused = true)]
async fn a_busy_model_is_waited_for_only_when_nobody_else_can_answer() {
    let busy = || Recovering::after(busy_for(80 * MS));
    let alone = [ranked("one", busy())];
    expect![[r#"
        80 "well again"
        80 usage of recovered
    "#]]
    .assert_eq(&trace(&fallback(alone), "").await);

    let other = Scripted::new("two", [vec![Text("at once")]]);
    let other = [ranked("one", busy()), ranked("two", other)];
    expect![[r#"
        0 "at once"
        0 usage of two
    "#]]
    .assert_eq(&trace(&fallback(other), "").await);

    let too_long = || busy_for(100 * MS);
    let alone = [ranked("one", Recovering::after(too_long()))];
    expect![[r#"
        0 error: the model is busy: slow down
    "#]]
    .assert_eq(&trace(&fallback(alone), "").await);

    let forever = busy_for(Duration::MAX);
    let alone = [ranked("one", Recovering::after(forever))];
    expect![[r#"
        0 error: the model is busy: slow down
    "#]]
    .assert_eq(&trace(&fallback(alone), "").await);

    let always = || busy_for(10 * MS);
    let alone = [ranked("one", Failing(always))];
    expect![[r#"
        10 error: the model is busy: slow down
    "#]]
    .assert_eq(&trace(&fallback(alone), "").await);
}

#[tokio::test(start_paused = true)]
async fn a_model_that_refused_is_left_alone_for_a_while() {
    let one = Recovering::after(ModelError::Refused("bad key".into()));
    let two = Scripted::new("two", [vec![Text("two")]]);
    let fallback = fallback([ranked("one", one), ranked("two", two.clone())]);
    expect![[r#"
        0 "two"
        0 usage of two
    "#]]
    .assert_eq(&trace(&fallback, "").await);
    tokio::time::advance(999 * MS).await;
    expect![[r#"
        0 "two"
        0 usage of two
    "#]]
    .assert_eq(&trace(&fallback, "").await);
    tokio::time::advance(2 * MS).await;
    expect![[r#"
        0 "well again"
        0 usage of recovered
    "#]]
    .assert_eq(&trace(&fallback, "").await);
    assert_eq!(two.prompts().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn when_every_model_rests_the_error_comes_at_once() {
    let fallback = fallback([ranked(
        "one",
        Failing(|| ModelError::Refused("bad key".into())),
    )]);
    expect![[r#"
        0 error: the model refuses the request: bad key
    "#]]
    .assert_eq(&trace(&fallback, "").await);
    expect![[r#"
        0 error: the model refuses the request: no model is left to ask: each has refused within the last 1s
    "#]].assert_eq(&trace(&fallback, "").await);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_reply_drops_the_models() {
    let one = Scripted::new("one", [vec![Text("It"), Hang]]);
    let mut reply = fallback([ranked("one", one.clone())]).reply(prompt("?"));
    assert!(reply.next().await.is_some());
    assert_eq!(one.open(), 1);
    drop(reply);
    assert_eq!(one.open(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_late_model_is_dropped_before_the_next_is_asked() {
    let one = Scripted::new("one", [vec![Hang]]);
    let two = Scripted::new("two", [vec![Text("18"), Hang]]);
    let mut reply = fallback([ranked("one", one.clone()), ranked("two", two)]).reply(prompt("?"));
    assert!(reply.next().await.is_some());
    assert_eq!(one.open(), 0);
}

#[tokio::test(start_paused = true)]
async fn it_keeps_the_contract() {
    let healthy = Scripted::new("two", [vec![Text("18 "), Text("days.")]]);
    let well = fallback([
        ranked("one", Failing(|| ModelError::Empty)),
        ranked("two", healthy),
    ]);
    assert_eq!(conforms(&well, prompt("?")).await, "18 days.");
    assert_eq!(may_be_dropped(&well, prompt("?")).await, "18 days.");
    let ill = fallback([ranked(
        "one",
        Scripted::new("one", [vec![Text("18"), Fail]]),
    )]);
    assert_eq!(fails(&ill, prompt("?")).await.0, "18");
}

fn busy_for(time: Duration) -> ModelError {
    ModelError::Busy {
        retry_after: Some(time),
        cause: "slow down".into(),
    }
}

/// Fails as it is told, every time.
#[derive(Debug)]
struct Failing(fn() -> ModelError);

#[async_trait]
impl LanguageModel for Failing {
    fn reply(&self, _: Prompt) -> BoxStream<'static, Result<Piece, ModelError>> {
        let error = (self.0)();
        Box::pin(stream::once(async { Err(error) }))
    }
}

/// Fails once and then speaks.
#[derive(Debug)]
struct Recovering(Mutex<Option<ModelError>>);

impl Recovering {
    fn after(error: ModelError) -> Self {
        Self(Mutex::new(Some(error)))
    }
}

#[async_trait]
impl LanguageModel for Recovering {
    fn reply(&self, prompt: Prompt) -> BoxStream<'static, Result<Piece, ModelError>> {
        match self.0.lock().unwrap().take() {
            Some(error) => Box::pin(stream::once(async { Err(error) })),
            None => Scripted::new("recovered", [vec![Text("well again")]]).reply(prompt),
        }
    }
}

async fn check(scripts: [Vec<Step>; 2], expected: Expect) {
    let [one, two] = scripts;
    let one = Scripted::new("one", [one]);
    let two = Scripted::new("two", [two]);
    let fallback = fallback([ranked("one", one), ranked("two", two.clone())]);
    let mut trace = trace(&fallback, "").await;
    for prompt in two.prompts() {
        trace.push_str(&format!("two was asked to go on from {:?}\n", prompt.said));
    }
    expected.assert_eq(&trace);
}

fn fallback<const N: usize>(models: [Ranked; N]) -> Fallback {
    Fallback::new(models.into(), Duration::from_secs(1))
}

fn ranked(name: &str, model: impl LanguageModel) -> Ranked {
    Ranked {
        name: name.to_owned(),
        model: Arc::new(model),
        first_word: 100 * MS,
        next_word: 200 * MS,
    }
}

/// What a reply brings, and when, in milliseconds.
async fn trace(model: &dyn LanguageModel, said: &str) -> String {
    let mut prompt = prompt("How long?");
    prompt.said = said.to_owned();
    let begun = Instant::now();
    let (mut reply, mut trace) = (model.reply(prompt), String::new());
    while let Some(piece) = reply.next().await {
        let line = match piece {
            Ok(Piece::Text(text)) => format!("{text:?}"),
            Ok(Piece::ToolCall(call)) => format!("call {}", call.name),
            Ok(Piece::Usage(usage)) => format!("usage of {}", usage.model),
            Err(error) => format!("error: {}", Chain(&error)),
        };
        trace.push_str(&format!("{} {line}\n", begun.elapsed().as_millis()));
    }
    trace
}

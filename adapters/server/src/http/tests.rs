use voicera_transports::switchboard::Settings;

use super::*;

#[tokio::test]
async fn a_server_is_ready_while_it_takes_calls() {
    assert_eq!(answer(1, |_| {}).await, (StatusCode::OK, "ready\n"));
    let (status, why) = answer(0, |_| {}).await;
    assert_eq!(
        (status, why),
        (StatusCode::SERVICE_UNAVAILABLE, "all lines are busy\n")
    );
    let (status, why) = answer(1, Readiness::stop).await;
    assert_eq!(
        (status, why),
        (StatusCode::SERVICE_UNAVAILABLE, "the server is stopping\n")
    );
}

async fn answer(calls: usize, change: fn(&Readiness)) -> (StatusCode, &'static str) {
    let settings = Settings {
        calls,
        ..Settings::default()
    };
    let readiness = Readiness::new(Switchboard::new(settings));
    change(&readiness);
    ready(State(readiness)).await
}

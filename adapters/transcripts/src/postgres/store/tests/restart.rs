//! These stop the server, so they run alone and where they are told how.

use std::process::{Command, Stdio};

use super::*;

#[tokio::test]
async fn a_server_that_starts_again_has_every_acknowledged_entry_and_gets_those_that_wait() {
    let Ok(control) = env::var("VOICERA_POSTGRES_CONTROL") else {
        return skip("nobody says how to stop the server (set VOICERA_POSTGRES_CONTROL)");
    };
    let tell = |order: &str| {
        let told = Command::new(&control)
            .arg(order)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        assert!(told.unwrap().success(), "{order}");
    };
    on_a_database(async |database| {
        let settings = Settings {
            gather: Duration::from_millis(1),
            ..database.settings()
        };
        let store = database.open_as(&settings, outbox::subscriptions()).await;
        let calls = (0..20).map(|number| call(&format!("CA-{number}")));
        let calls = calls.collect::<Vec<_>>();
        let play = calls.iter().map(async |entries: &Vec<Entry>| {
            for entry in entries {
                store.append(entry).await.unwrap();
            }
        });
        let play = join_all(play);
        let (log, _listening) = log::Log::listen();
        let stop = async {
            // Some entries are on their way.
            tokio::task::yield_now().await;
            tell("stop");
            log.has(1).await;
            let answer = store.calls(&Wanted::latest(1)).await;
            assert!(answer.is_err(), "{answer:?}");
            tell("start");
        };
        tokio::join!(play, stop);
        for (number, entries) in calls.iter().enumerate() {
            assert_eq!(read(&store, &format!("CA-{number}")).await, *entries);
        }
        assert_eq!(store.parcels(None, 1000).await.unwrap().len(), 80);
    })
    .await;
}

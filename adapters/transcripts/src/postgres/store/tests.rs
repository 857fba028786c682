use std::env;
use std::io::{self, Write as _};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::{Connection as _, Executor as _};
use voicera::insight::Origin;
use voicera::ports::transcript_sink::{CallerKind, CallerLine, Content};
use voicera::testing::archive;
use voicera::testing::transcript_sink::call;
use voicera::words::Call;

use super::*;
use crate::outbox::Wants;
use crate::testing::outbox;

mod faults;

mod log;

mod opening;

mod restart;

mod together;

#[tokio::test]
async fn it_keeps_what_the_contract_says() {
    on_a_database(async |database| {
        let store = database.open(outbox::subscriptions()).await;
        archive::conforms(&store, &store).await;
    })
    .await;
}

#[tokio::test]
async fn it_sends_what_the_contract_says() {
    on_a_database(async |database| {
        let store = database.open(outbox::subscriptions()).await;
        outbox::conforms(&store, &store, &store).await;
    })
    .await;
}

#[tokio::test]
async fn a_call_goes_on_when_the_server_starts_again() {
    on_a_database(async |database| {
        let entries = call("CA-1");
        for entry in &entries {
            let store = database.open(Vec::new()).await;
            store.append(entry).await.unwrap();
        }
        let url = database.url();
        let reader = Postgres::open(&database.settings(), &url, Access::Read, Vec::new()).await;
        assert_eq!(read(&reader.unwrap(), "CA-1").await, entries);
    })
    .await;
}

#[tokio::test]
async fn an_entry_that_nobody_waits_for_any_more_is_kept_once() {
    on_a_database(async |database| {
        let settings = Settings {
            gather: Duration::from_millis(100),
            ..database.settings()
        };
        let store = database.open_as(&settings, Vec::new()).await;
        let entries = call("CA-1");
        for entry in &entries {
            let mut append = Box::pin(store.append(entry));
            assert!((&mut append).now_or_never().is_none());
        }
        join_all(entries.iter().map(|entry| store.append(entry))).await;
        assert_eq!(read(&store, "CA-1").await, entries);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_alone() {
    on_a_database(async |database| {
        let settings = Settings {
            gather: Duration::from_millis(100),
            ..database.settings()
        };
        let store = database.open_as(&settings, Vec::new()).await;
        let mut entries = (0..9)
            .map(|number| call(&format!("CA-{number}")).remove(0))
            .collect::<Vec<_>>();
        // Longer than an index takes, and not to be shortened.
        let noise = (0..60_000_u32).map(|number| number.wrapping_mul(2_654_435_761).to_string());
        entries.insert(5, call(&noise.collect::<String>()).remove(0));
        let kept = join_all(entries.iter().map(|entry| store.append(entry)));
        for (place, kept) in kept.await.into_iter().enumerate() {
            match place {
                5 => assert!(matches!(kept, Err(SinkError::Refused(_))), "{kept:?}"),
                _ => kept.unwrap(),
            }
        }
        assert_eq!(store.calls(&Wanted::latest(100)).await.unwrap().len(), 9);
    })
    .await;
}

#[tokio::test]
async fn zero_bytes_are_kept_in_records() {
    on_a_database(async |database| {
        let store = database.open(outbox::subscriptions()).await;
        let id = CallId::new("CA\0");
        let mut entries = call(id.as_str());
        let call = Arc::new(Call {
            from: Some("+1\0".to_owned()),
            session: Some("\0".to_owned()),
            ..Call::clone(&entries[0].call)
        });
        for entry in &mut entries {
            entry.call = Arc::clone(&call);
        }
        let line = CallerLine {
            text: "a\0word".to_owned(),
            language: None,
            kind: CallerKind::Asked,
        };
        entries[1].content = Content::Caller(line);
        for entry in &entries {
            store.append(entry).await.unwrap();
        }
        let mut analysis = archive::analysis(Origin::Operators);
        analysis.insights.services.as_mut().unwrap()[0].label = "\0".to_owned();
        store.conclude(&id, &analysis).await.unwrap();
        assert_eq!(read(&store, id.as_str()).await, entries);
        let wanted = Wanted {
            caller: call.from.clone(),
            service: Some("\0".to_owned()),
            text: Some("word".to_owned()),
            ..Wanted::latest(1)
        };
        assert_eq!(store.calls(&wanted).await.unwrap().len(), 1);
        let claim = Claim {
            destination: "calls".to_owned(),
            now: SystemTime::now() + Duration::from_secs(60),
            lease: Duration::from_secs(1),
            limit: 1,
        };
        let parcel = store.claim(&claim).await.unwrap().remove(0);
        let kept = store.call(parcel.subject.call()).await.unwrap();
        assert_eq!(kept.unwrap().analyses, [analysis]);
        store.settle(&parcel, &Outcome::Delivered).await.unwrap();
        assert_eq!(store.claim(&claim).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn calls_are_forgotten_by_their_hundreds() {
    on_a_database(async |database| {
        let settings = Settings {
            gather: Duration::from_millis(5),
            ..database.settings()
        };
        let store = database.open_as(&settings, outbox::subscriptions()).await;
        let calls = (0..250).map(|number| call(&format!("CA-{number}")));
        let calls = calls.flatten().collect::<Vec<_>>();
        let kept = join_all(calls.iter().map(|entry| store.append(entry)));
        kept.await.into_iter().for_each(Result::unwrap);
        let all = Which::Before(SystemTime::now() + Duration::from_secs(1 << 30));
        assert_eq!(store.forget(&all).await.unwrap(), 250);
        let mut admin = database.admin().await;
        for table in ["calls", "sessions", "entries", "analyses", "parcels"] {
            let count = format!("SELECT count(*) FROM voicera.{table}");
            let count: i64 = sqlx::query_scalar(&count)
                .fetch_one(&mut admin)
                .await
                .unwrap();
            assert_eq!(count, 0, "{table}");
        }
    })
    .await;
}

/// A database of its own.
#[derive(Clone)]
struct Scratch {
    server: String,
    name: String,
}

/// Runs a test on a database that is made for it, and removed whatever comes. Without a server the
/// test says what it missed.
async fn on_a_database(test: impl AsyncFnOnce(&Scratch)) {
    let Some(server) = server() else { return };
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let database = Scratch {
        name: format!("voicera_test_{}_{count}", std::process::id()),
        server,
    };
    let name = &database.name;
    let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
    database.order(&create).await;
    let limit = tokio::time::timeout(Duration::from_secs(120), test(&database));
    // A test that panics is caught where its database can be removed.
    let outcome = AssertUnwindSafe(limit).catch_unwind().await;
    database
        .order(&format!("DROP DATABASE {name} WITH (FORCE)"))
        .await;
    match outcome {
        Ok(in_time) => in_time.unwrap(),
        Err(panic) => resume_unwind(panic),
    }
}

fn server() -> Option<String> {
    let server = env::var("VOICERA_POSTGRES_URL");
    let server = server.ok().filter(|url| !url.is_empty());
    if server.is_none() {
        skip("there is no PostgreSQL (set VOICERA_POSTGRES_URL)");
    }
    server
}

fn skip(why: &str) {
    let test = std::thread::current();
    let name = test.name().unwrap_or_default();
    // Past the harness, which hides what a test prints when it passes.
    let line = format!("skipped: {name}: {why}\n");
    io::stderr().write_all(line.as_bytes()).unwrap();
}

impl Scratch {
    fn url(&self) -> SecretString {
        self.url_with(&[])
    }

    fn url_with(&self, parameters: &[(&str, &str)]) -> SecretString {
        let mut url = self.server.clone();
        let name = [("dbname", self.name.as_str())];
        for (key, value) in name.iter().chain(parameters) {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&format!("{key}={value}"));
        }
        url.into()
    }

    fn settings(&self) -> Settings {
        Settings {
            gather: Duration::ZERO,
            ..Settings::default()
        }
    }

    async fn open(&self, subscriptions: Vec<Subscription>) -> Postgres {
        self.open_as(&self.settings(), subscriptions).await
    }

    async fn open_as(&self, settings: &Settings, subscriptions: Vec<Subscription>) -> Postgres {
        let url = self.url();
        let opened = Postgres::open(settings, &url, Access::Keep, subscriptions).await;
        opened.unwrap()
    }

    /// A connection that is not the archive's.
    async fn admin(&self) -> PgConnection {
        let url = self.url_with(&[("application_name", "admin")]);
        PgConnection::connect(url.expose_secret()).await.unwrap()
    }

    /// Tells the server something, outside of the database.
    async fn order(&self, sql: &str) {
        let mut server = PgConnection::connect(&self.server).await.unwrap();
        server.execute(sql).await.unwrap();
        server.close().await.unwrap();
    }

    /// Ends the archive's connections.
    async fn terminate(&self) {
        self.order(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = '{}' AND application_name <> 'admin'",
            self.name
        ))
        .await;
    }

    async fn allow_connections(&self) {
        self.order(&format!(
            "ALTER DATABASE {} ALLOW_CONNECTIONS true",
            self.name
        ))
        .await;
    }

    async fn refuse_connections(&self) {
        self.order(&format!(
            "ALTER DATABASE {} ALLOW_CONNECTIONS false",
            self.name
        ))
        .await;
        self.terminate().await;
    }
}

async fn read(store: &Postgres, id: &str) -> Vec<Entry> {
    let kept = store.call(&CallId::new(id)).await.unwrap();
    kept.map(|kept| kept.entries).unwrap_or_default()
}

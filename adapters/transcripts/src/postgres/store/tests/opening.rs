use std::error::Error;

use expect_test::{Expect, expect};

use super::*;

#[tokio::test]
async fn what_is_wrong_at_the_start_is_said_with_what_to_do() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = nobody.local_addr().unwrap().port();
    drop(nobody);
    let refused = failure(
        &Settings::default(),
        &format!("postgres://user:hunter2@127.0.0.1:{port}/calls"),
    )
    .await;
    check(
        &refused.replace(&port.to_string(), "PORT"),
        expect![
            "the database calls at 127.0.0.1:PORT cannot be reached: check that it runs, and the host and the port in DATABASE_URL: error communicating with database: Connection refused (os error 111)"
        ],
    );
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let impatient = Settings {
        wait: Duration::from_millis(50),
        ..Settings::default()
    };
    let slow = failure(
        &impatient,
        &format!("postgres://user:hunter2@127.0.0.1:{port}/calls"),
    )
    .await;
    check(
        &slow.replace(&port.to_string(), "PORT"),
        expect![
            "the database calls at 127.0.0.1:PORT takes too long: see what it is busy with, or raise `wait`: there was no answer within 50ms"
        ],
    );
    for url in [
        "",
        "user:hunter2@host",
        "postgres://user:hunter2@host:port/calls",
    ] {
        check(
            &failure(&Settings::default(), url).await,
            expect![
                "DATABASE_URL is not the url of a database, as postgres://user:password@host:5432/database"
            ],
        );
    }
    for schema in ["", "Voicera", "a-b", "1a", "a; DROP"] {
        let settings = Settings {
            schema: schema.to_owned(),
            ..Settings::default()
        };
        check(
            &failure(&settings, "postgres://user:hunter2@host/calls")
                .await
                .replace(&format!("{schema:?}"), "SCHEMA"),
            expect!["`schema` is SCHEMA: take lower-case letters, digits and `_`, at most 63"],
        );
    }
}

#[tokio::test]
async fn who_may_not_enter_is_told_what_to_check() {
    on_a_database(async |database| {
        let stranger = database.name.replace("voicera", "stranger");
        database
            .order(&format!("CREATE ROLE {stranger} LOGIN PASSWORD 'hunter2'"))
            .await;
        let checked = async {
            let user = ("user", stranger.as_str());
            let url = database.url_with(&[user, ("password", "hunter2")]);
            let rights = failed(database, &database.settings(), &url).await;
            let url = database.url_with(&[user, ("password", "hunter3")]);
            let login = failed(database, &database.settings(), &url).await;
            let url = database.url_with(&[("dbname", &stranger)]);
            let absent = failed(database, &database.settings(), &url).await;
            [rights, login, absent].map(|failure| failure.replace(&stranger, "STRANGER"))
        };
        let [rights, login, absent] = checked.await;
        database.order(&format!("DROP ROLE {stranger}")).await;
        check(
            &rights,
            expect!["DATABASE denies what is needed: let the user of DATABASE_URL create the schema voicera (GRANT CREATE ON DATABASE), or make it its owner: permission denied for database TEST (SQLSTATE 42501)"],
        );
        check(
            &absent,
            expect![[r#"the database STRANGER at HOST does not exist: create it, or correct its name in DATABASE_URL: database "STRANGER" does not exist (SQLSTATE 3D000)"#]],
        );
        match login.as_str() {
            // It asks for no password.
            login if login == rights => skip("the server lets everybody in"),
            login => check(
                login,
                expect![[r#"DATABASE does not let the server in: check the user and the password in DATABASE_URL: password authentication failed for user "STRANGER" (SQLSTATE 28P01)"#]],
            ),
        }
    })
    .await;
}

#[tokio::test]
async fn one_of_servers_that_start_at_once_makes_the_tables() {
    on_a_database(async |database| {
        let stores = (0..8).map(|_| database.open(Vec::new()));
        let stores = futures_util::future::join_all(stores).await;
        for (entry, store) in call("CA-1").iter().zip(&stores) {
            store.append(entry).await.unwrap();
        }
        assert_eq!(read(&stores[7], "CA-1").await, call("CA-1"));
    })
    .await;
}

#[tokio::test]
async fn a_database_is_opened_for_what_it_is_wanted() {
    on_a_database(async |database| {
        let settings = database.settings();
        for access in [Access::Read, Access::Change] {
            let absent = Postgres::open(&settings, &database.url(), access, Vec::new()).await;
            check(
                &database.hidden(&chain(&absent.unwrap_err())),
                expect!["the schema voicera of DATABASE does not exist: no call has been kept there"],
            );
        }
        let store = database.open(Vec::new()).await;
        store.append(&call("CA-1")[0]).await.unwrap();
        assert!(!format!("{store:?}").contains(&database.password()));

        let url = database.url();
        let reader = Postgres::open(&settings, &url, Access::Read, Vec::new()).await;
        let reader = reader.unwrap();
        assert_eq!(read(&reader, "CA-1").await.len(), 1);
        let refused = reader.append(&call("CA-1")[1]).await;
        assert!(matches!(refused, Err(SinkError::Refused(_))), "{refused:?}");
        assert!(reader.forget(&Which::Call(CallId::new("CA-1"))).await.is_err());
        Postgres::open(&settings, &database.url(), Access::Change, Vec::new())
            .await
            .unwrap();

        let mut admin = database.admin().await;
        admin.execute("UPDATE voicera.version SET steps = 99").await.unwrap();
        check(
            &failed(database, &settings, &database.url()).await,
            expect!["the schema voicera of DATABASE belongs to a later version of this program: use that one, or choose another `schema`"],
        );
        let elsewhere = Settings {
            schema: "user".to_owned(),
            ..settings
        };
        let store = database.open_as(&elsewhere, Vec::new()).await;
        assert!(read(&store, "CA-1").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_database_that_does_not_keep_every_text_is_refused() {
    on_a_database(async |database| {
        let name = format!("{}_latin", database.name);
        database
            .order(&format!(
                "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"
            ))
            .await;
        let url = database.url_with(&[("dbname", &name)]);
        let failure = failed(database, &database.settings(), &url).await;
        database.order(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
        check(
            &failure,
            expect!["the database TEST_latin at HOST keeps text as LATIN1: create it with ENCODING 'UTF8'"],
        );
    })
    .await;
}

#[test]
fn settings_are_read_as_they_are_written() {
    let text = r#"{ "url": "CALLS_URL", "backlog": 5, "wait": "2s", "keep": "90days" }"#;
    let settings: Settings = serde_json::from_str(text).unwrap();
    let expected = Settings {
        url: "CALLS_URL".to_owned(),
        backlog: NonZeroUsize::new(5).unwrap(),
        wait: Duration::from_secs(2),
        keep: Some(Duration::from_secs(90 * 86_400)),
        ..Settings::default()
    };
    assert_eq!(settings, expected);
    for wrong in [
        r#"{ "backlog": 0 }"#,
        r#"{ "connections": 0 }"#,
        r#"{ "password": "x" }"#,
    ] {
        assert!(serde_json::from_str::<Settings>(wrong).is_err(), "{wrong}");
    }
}

impl Scratch {
    fn password(&self) -> String {
        let password = self
            .server
            .split_once('@')
            .and_then(|(user, _)| user.rsplit_once(':'));
        // One that is not there is nowhere.
        password.map_or("\0".to_owned(), |(_, password)| password.to_owned())
    }

    /// Without what differs from run to run.
    fn hidden(&self, text: &str) -> String {
        let options: sqlx::postgres::PgConnectOptions = self.server.parse().unwrap();
        let host = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => options.get_host().to_owned(),
        };
        let host = format!("{host}:{}", options.get_port());
        let text = text.replace(&host, "HOST").replace(&self.name, "TEST");
        text.replace("the database TEST at HOST", "DATABASE")
    }
}

async fn failed(database: &Scratch, settings: &Settings, url: &SecretString) -> String {
    let opened = Postgres::open(settings, url, Access::Keep, Vec::new()).await;
    let error = opened.unwrap_err();
    let whole = format!("{} {error:?}", chain(&error));
    for secret in [database.password().as_str(), "hunter"] {
        assert!(!whole.contains(secret), "{whole}");
    }
    database.hidden(&chain(&error))
}

async fn failure(settings: &Settings, url: &str) -> String {
    let url = SecretString::from(url);
    let opened = Postgres::open(settings, &url, Access::Keep, Vec::new()).await;
    let error = opened.unwrap_err();
    let whole = format!("{} {error:?}", chain(&error));
    assert!(!whole.contains("hunter"), "{whole}");
    chain(&error)
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}

fn check(text: &str, expected: Expect) {
    expected.assert_eq(text);
}

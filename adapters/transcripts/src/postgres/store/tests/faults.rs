use super::log::Log;
use super::*;

#[tokio::test]
async fn entries_wait_while_the_database_is_gone_and_are_kept_in_order_once_it_is_back() {
    on_a_database(async |database| {
        let settings = Settings {
            backlog: NonZeroUsize::new(8).unwrap(),
            ..database.settings()
        };
        let store = database.open_as(&settings, Vec::new()).await;
        let (one, other) = (call("CA-1"), call("CA-2"));
        store.append(&one[0]).await.unwrap();
        store.append(&other[0]).await.unwrap();
        let (log, _listening) = Log::listen();
        database.refuse_connections().await;

        let mut waiting = join_all(
            one[1..]
                .iter()
                .chain(&other[1..])
                .map(|entry| store.append(entry)),
        );
        assert!((&mut waiting).now_or_never().is_none());
        log.has(1).await;
        let answer = store.call(&CallId::new("CA-1")).await;
        assert!(
            matches!(answer, Err(ArchiveError::Unavailable(_))),
            "{answer:?}"
        );
        let third = call("CA-3");
        let mut rest = join_all(third[..2].iter().map(|entry| store.append(entry)));
        assert!((&mut rest).now_or_never().is_none());
        // Eight wait, and no more may.
        let beyond = store.append(&third[2]).now_or_never();
        let Some(Err(SinkError::Unavailable(cause))) = beyond else {
            panic!("{beyond:?}");
        };
        assert!(
            cause
                .to_string()
                .ends_with("takes no entries, and no more may wait (`backlog`)")
        );
        assert!(
            (&mut waiting).now_or_never().is_none(),
            "nothing is acknowledged"
        );

        database.allow_connections().await;
        let kept = waiting.await.into_iter().chain(rest.await);
        kept.for_each(Result::unwrap);
        assert_eq!(read(&store, "CA-1").await, one);
        assert_eq!(read(&store, "CA-2").await, other);
        assert_eq!(read(&store, "CA-3").await, third[..2]);
        store.append(&third[2]).await.unwrap();
        assert_eq!(log.lines().len(), 2, "{:#?}", log.lines());
        let [gone, back] = &log.lines()[..] else {
            unreachable!("two")
        };
        for part in [
            "ERROR",
            "the archive takes no entries: they wait in memory",
            "cannot be reached: check that it runs, and the host and the port in DATABASE_URL",
        ] {
            assert!(gone.contains(part), "{gone}");
        }
        for part in ["INFO", "the archive takes entries again", "waiting=8"] {
            assert!(back.contains(part), "{back}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_database_that_is_too_slow_keeps_entries_waiting() {
    on_a_database(async |database| {
        let settings = Settings {
            wait: Duration::from_millis(250),
            ..database.settings()
        };
        let store = database.open_as(&settings, Vec::new()).await;
        let mut admin = database.admin().await;
        admin
            .execute("BEGIN; LOCK TABLE voicera.entries")
            .await
            .unwrap();
        let (log, _listening) = Log::listen();
        let entries = call("CA-1");
        let mut waiting = join_all(entries.iter().map(|entry| store.append(entry)));
        assert!((&mut waiting).now_or_never().is_none());
        log.has(1).await;
        assert!((&mut waiting).now_or_never().is_none());
        let advice = "takes too long: see what it is busy with, or raise `wait`";
        let answer = store.call(&CallId::new("CA-1")).await;
        assert_eq!(answer.unwrap(), None, "it has no session yet");
        let forgotten = store.forget(&Which::Call(CallId::new("CA-1"))).await;
        assert_eq!(forgotten.unwrap(), 0);
        assert!(log.lines()[0].contains(advice), "{:#?}", log.lines());
        admin.execute("ROLLBACK").await.unwrap();
        waiting.await.into_iter().for_each(Result::unwrap);
        assert_eq!(read(&store, "CA-1").await, entries);
        assert_eq!(log.lines().len(), 2, "{:#?}", log.lines());

        admin
            .execute("BEGIN; LOCK TABLE voicera.entries")
            .await
            .unwrap();
        let answer = store.call(&CallId::new("CA-1")).await;
        let Err(ArchiveError::Unavailable(cause)) = answer else {
            panic!("{answer:?}");
        };
        assert!(cause.to_string().ends_with(advice), "{cause}");
    })
    .await;
}

#[tokio::test]
async fn connections_that_the_server_ends_are_made_again() {
    on_a_database(async |database| {
        let store = database.open(outbox::subscriptions()).await;
        let entries = call("CA-1");
        let (log, _listening) = Log::listen();
        for (count, entry) in (1..).zip(&entries) {
            store.append(entry).await.unwrap();
            assert_eq!(read(&store, "CA-1").await, entries[..count]);
            database.terminate().await;
        }
        let id = CallId::new("CA-1");
        let analysis = archive::analysis(Origin::Operators);
        store.conclude(&id, &analysis).await.unwrap();
        database.terminate().await;
        assert_eq!(store.parcels(None, 100).await.unwrap().len(), 6);
        assert_eq!(store.forget(&Which::Call(id)).await.unwrap(), 1);
        assert_eq!(
            log.lines(),
            Vec::<String>::new(),
            "nobody has to do anything"
        );
    })
    .await;
}

#[tokio::test]
async fn entries_wait_for_rights_and_tables_that_somebody_took() {
    on_a_database(async |database| {
        let store = database.open(Vec::new()).await;
        let entries = call("CA-1");
        store.append(&entries[0]).await.unwrap();
        let mut admin = database.admin().await;
        for (taken, given, advice) in [
            (
                "ALTER TABLE voicera.entries RENAME TO elsewhere",
                "ALTER TABLE voicera.elsewhere RENAME TO entries",
                "lacks a table in the schema voicera",
            ),
            (
                "ALTER SCHEMA voicera RENAME TO elsewhere",
                "ALTER SCHEMA elsewhere RENAME TO voicera",
                "lacks a table in the schema voicera",
            ),
        ] {
            let (log, _listening) = Log::listen();
            admin.execute(taken).await.unwrap();
            let mut append = Box::pin(store.append(&entries[1]));
            assert!((&mut append).now_or_never().is_none());
            log.has(1).await;
            assert!(log.lines()[0].contains(advice), "{:#?}", log.lines());
            admin.execute(given).await.unwrap();
            append.await.unwrap();
        }
        assert_eq!(read(&store, "CA-1").await, entries[..2]);
    })
    .await;
}

#[tokio::test]
async fn an_ending_is_kept_whatever_became_of_the_entries_before_it() {
    on_a_database(async |database| {
        let settings = Settings {
            gather: Duration::from_millis(50),
            ..database.settings()
        };
        let store = database.open_as(&settings, Vec::new()).await;
        let (one, other) = (call("CA-1"), call("CA-2"));
        for entry in one[..3].iter().chain(&other[..3]) {
            store.append(entry).await.unwrap();
        }
        let mut admin = database.admin().await;
        let spoil = "UPDATE voicera.entries SET record = replace(record, '\"v\":1', '\"v\":2')
            WHERE record LIKE '%CA-1%' AND sequence = 1";
        admin.execute(spoil).await.unwrap();
        let ended = [&one[3], &other[3]].map(|entry| store.append(entry));
        join_all(ended).await.into_iter().for_each(Result::unwrap);
        let analysis = archive::analysis(Origin::Operators);
        let id = CallId::new("CA-1");
        store.conclude(&id, &analysis).await.unwrap();
        let answer = store.call(&id).await;
        assert!(
            matches!(answer, Err(ArchiveError::Damaged(_))),
            "{answer:?}"
        );
        assert_eq!(read(&store, "CA-2").await, other);

        admin
            .execute("UPDATE voicera.analyses SET record = '{}'")
            .await
            .unwrap();
        let (log, _listening) = Log::listen();
        let model = archive::analysis(Origin::Model("m".to_owned()));
        let refused = store.conclude(&id, &model).await;
        assert!(matches!(refused, Err(SinkError::Refused(_))), "{refused:?}");
        store.append(&call("CA-3")[0]).await.unwrap();
        assert_eq!(log.lines(), Vec::<String>::new());
    })
    .await;
}

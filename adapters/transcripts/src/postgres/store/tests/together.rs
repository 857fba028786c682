use std::collections::BTreeSet;

use super::*;

#[tokio::test]
async fn servers_see_what_the_others_keep() {
    on_a_database(async |database| {
        let one = database.open(Vec::new()).await;
        let other = database.open(Vec::new()).await;
        archive::conforms(&one, &other).await;
    })
    .await;
}

#[tokio::test]
async fn what_two_servers_keep_at_once_is_there_once_and_in_order() {
    on_a_database(async |database| {
        let settings = Settings {
            gather: Duration::from_millis(2),
            ..database.settings()
        };
        let open = || async { database.open_as(&settings, outbox::subscriptions()).await };
        let stores = [open().await, open().await];
        let calls = (0..40).map(|number| call(&format!("CA-{number}")));
        let calls = calls.collect::<Vec<_>>();
        let keep = async |store: &Postgres, entries: &[Entry]| {
            for entry in entries {
                store.append(entry).await.unwrap();
            }
        };
        let (there, back) = (calls.iter(), calls.iter().rev());
        tokio::join!(
            join_all(there.map(|entries| keep(&stores[0], entries))),
            join_all(back.map(|entries| keep(&stores[1], entries))),
        );
        for (number, entries) in calls.iter().enumerate() {
            assert_eq!(read(&stores[0], &format!("CA-{number}")).await, *entries);
        }
        let parcels = stores[0].parcels(None, 1000).await.unwrap();
        assert_eq!(parcels.len(), 4 * calls.len());
    })
    .await;
}

#[tokio::test]
async fn a_parcel_is_in_the_hands_of_one_server_at_a_time() {
    on_a_database(async |database| {
        let subscription = Subscription {
            destination: "somewhere".to_owned(),
            wants: Wants::Entries,
        };
        let settings = Settings {
            gather: Duration::from_millis(2),
            ..database.settings()
        };
        let open = || async {
            let subscriptions = vec![subscription.clone()];
            database.open_as(&settings, subscriptions).await
        };
        let stores = [open().await, open().await];
        let calls = (0..50).map(|number| call(&format!("CA-{number}")));
        let entries = calls.flatten().collect::<Vec<_>>();
        let kept = join_all(entries.iter().map(|entry| stores[0].append(entry))).await;
        kept.into_iter().for_each(Result::unwrap);

        let now = SystemTime::now() + Duration::from_secs(60);
        let claim = Claim {
            destination: subscription.destination.clone(),
            now,
            lease: Duration::from_secs(60),
            limit: 7,
        };
        let deliverer = async |store: &Postgres| {
            let mut sent = Vec::new();
            loop {
                let claimed = store.claim(&claim).await.unwrap();
                for parcel in &claimed {
                    store.settle(parcel, &Outcome::Delivered).await.unwrap();
                }
                if claimed.is_empty() {
                    return sent;
                }
                sent.extend(claimed.into_iter().map(|parcel| parcel.id));
            }
        };
        let deliverers = [&stores[0], &stores[1], &stores[0], &stores[1]];
        let sent = join_all(deliverers.map(deliverer)).await;
        let all = sent.concat();
        assert_eq!(all.len(), entries.len(), "none is sent twice");
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), entries.len());
        assert_eq!(stores[1].parcels(None, 1).await.unwrap(), []);
    })
    .await;
}

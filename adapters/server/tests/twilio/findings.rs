//! `voicera intelligence sync` and `compare`.

use expect_test::expect;
use serde_json::{Value, json};
use voicera::insight::Origin;
use voicera::ports::TranscriptSink as _;
use voicera::testing::archive::analysis;
use voicera::words::CallId;
use voicera_transcripts::twilio::scripted::{Fault, Scripted};

use crate::account::{LOGIN, SERVICE, archive, house, listening};
use crate::house::check;

const SYNC: [&str; 3] = ["intelligence", "sync", "CA1"];

#[tokio::test(flavor = "multi_thread")]
async fn what_twilio_found_is_fetched_and_compared() {
    let twilio = Scripted::start(listening()).await;
    let house = house(&twilio, &format!("{LOGIN}{SERVICE}"));
    let archive = archive(&house).await;
    let ours = analysis(Origin::Operators);
    archive.conclude(&CallId::new("CA1"), &ours).await.unwrap();
    check(
        &house,
        &["intelligence", "compare", "--since", "2026-11-01"],
        expect![[r#"
            exit 0
            No call was looked at by both, Twilio's operators and ours.
            `voicera intelligence sync CALL` fetches what Twilio found.

            Not compared, 1 call: CA1
        "#]],
    );
    let said = check(
        &house,
        &SYNC,
        expect![[r#"
            exit 0
            VX-1
              transcript GT00000000000000000000000000000001, 1 sentence, complete

            Insights of the carrier's service GA00000000000000000000000000000001
              summary        The caller paid with [card 7740].
              sentiment      neutral, 70 %
              escalation     yes, 100 %: "how"
              service        sea_freight, 100 %: "how long"
              consumer good  a consumer_good, "as it was said"
              location       Los Angeles
        "#]],
    );
    assert!(!said.contains("4111"), "{said}");
    let output = house.run(&["intelligence", "sync", "CA1", "--json"]);
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["sessions"][0]["state"], "complete", "{said}");
    let summary = &said["analysis"]["insights"]["summary"];
    assert_eq!(summary, "The caller paid with [card 7740].", "{said}");
    check(
        &house,
        &["intelligence", "compare", "CA1"],
        expect![[r#"
            exit 0
            1 call that Twilio's operators and ours have looked at. Precision and recall are
            ours, as if Twilio were right.

            answer        same  share  kappa
            escalation     1/1   1.00      -
            introduction     -      -      -
            transfer         -      -      -
            sentiment      0/1   0.00      -

            named things   both  ours only  Twilio only  precision  recall    F1
            consumer good     1          0            0       1.00    1.00  1.00
            date              0          1            0       0.00       -  0.00
            location          0          1            1       0.00    0.00  0.00
            organization      0          1            0       0.00       -  0.00
            person            0          1            0       0.00       -  0.00
            quantity          0          1            0       0.00       -  0.00
            money             0          1            0       0.00       -  0.00
            time              0          1            0       0.00       -  0.00
            phone             0          1            0       0.00       -  0.00
            email             0          1            0       0.00       -  0.00
            identifier        0          1            0       0.00       -  0.00

            services   1 of 2 named by both, Jaccard 0.50
            summaries  their words overlap by 0.00 (Jaccard)
        "#]],
    );
    check(
        &house,
        &["intelligence", "compare", "--since", "2026-11-01", "--json"],
        expect![[r#"
            exit 0
            {
              "answers": {
                "escalation": {
                  "accuracy": 1.0,
                  "calls": 1,
                  "kappa": null,
                  "same": 1
                },
                "introduction": {
                  "accuracy": null,
                  "calls": 0,
                  "kappa": null,
                  "same": 0
                },
                "sentiment": {
                  "accuracy": 0.0,
                  "calls": 1,
                  "kappa": null,
                  "same": 0
                },
                "transfer": {
                  "accuracy": null,
                  "calls": 0,
                  "kappa": null,
                  "same": 0
                }
              },
              "calls": 1,
              "entities": {
                "consumer_good": {
                  "both": 1,
                  "f1": 1.0,
                  "jaccard": 1.0,
                  "ours_only": 0,
                  "precision": 1.0,
                  "recall": 1.0,
                  "theirs_only": 0
                },
                "date": {
                  "both": 0,
                  "f1": 0.0,
                  "jaccard": 0.0,
                  "ours_only": 1,
                  "precision": 0.0,
                  "recall": null,
                  "theirs_only": 0
                },
                "email": {
                  "both": 0,
                  "f1": 0.0,
                  "jaccard": 0.0,
                  "ours_only": 1,
                  "precision": 0.0,
                  "recall": null,
                  "theirs_only": 0
                },
                "identifier": {
                  "both": 0,
                  "f1": 0.0,
                  "jaccard": 0.0,
                  "ours_only": 1,
                  "precision": 0.0,
                  "recall": null,
                  "theirs_only": 0
                },
                "location": {
                  "both": 0,
                  "f1": 0.0,
                  "jaccard": 0.0,
                  "ours_only": 1,
                  "precision": 0.0,
                  "recall": 0.0,
                  "theirs_only": 1
                },
                "money": {
                  "both": 0,
                  "f1": 0.0,
                  "jaccard": 0.0,
                  "ours_only": 1,
                  "precision": 0.0,
                  "recall": null,
                  "theirs_only": 0
                },
                "organization": {
                  "both": 0,
                  "f1": 0.0,
                  "jaccard": 0.0,
                  "ours_only": 1,
                  "precision": 0.0,
                  "recall": null,
                  "theirs_only": 0
                },
                "person": {
                  "both": 0,
                  "f1": 0.0,
                  "jaccard": 0.0,
                  "ours_only": 1,
                  "precision": 0.0,
                  "recall": null,
                  "theirs_only": 0
                },
                "phone": {
                  "both": 0,
                  "f1": 0.0,
                  "jaccard": 0.0,
                  "ours_only": 1,
                  "precision": 0.0,
                  "recall": null,
                  "theirs_only": 0
                },
                "quantity": {
                  "both": 0,
                  "f1": 0.0,
                  "jaccard": 0.0,
                  "ours_only": 1,
                  "precision": 0.0,
                  "recall": null,
                  "theirs_only": 0
                },
                "time": {
                  "both": 0,
                  "f1": 0.0,
                  "jaccard": 0.0,
                  "ours_only": 1,
                  "precision": 0.0,
                  "recall": null,
                  "theirs_only": 0
                }
              },
              "not_compared": [],
              "services": {
                "both": 1,
                "f1": 0.6666666666666666,
                "jaccard": 0.5,
                "ours_only": 1,
                "precision": 0.5,
                "recall": 1.0,
                "theirs_only": 0
              },
              "summary_jaccard": 0.0
            }
        "#]],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_yet_is_said() {
    let twilio = Scripted::start(listening()).await;
    let house = house(&twilio, &format!("{LOGIN}{SERVICE}"));
    let _archive = archive(&house).await;
    twilio.account().results.truncate(1);
    check(
        &house,
        &SYNC,
        expect![[r#"
            exit 0
            VX-1
              transcript GT00000000000000000000000000000001, 1 sentence; not there yet: the
              results of LY00000000000000000000000000000004,
              LY00000000000000000000000000000005, LY00000000000000000000000000000006,
              LY00000000000000000000000000000009

            Insights of the carrier's service GA00000000000000000000000000000001
              escalation     yes, 100 %: "how"
        "#]],
    );
    twilio.account().transcripts[0]["status"] = json!("in-progress");
    check(
        &house,
        &SYNC,
        expect![[r#"
        exit 1
        VX-1
          not there yet: the transcript GT00000000000000000000000000000001 is
          in-progress

        Nothing was fetched. Twilio makes a transcript within minutes of the end of a
        call: try again then. If none ever comes, check that the server ran with this
        intelligence service when it took the call, and that the service's language is
        that of the calls.
    "#]],
    );
    twilio.account().transcripts[0]["status"] = json!("failed");
    check(
        &house,
        &SYNC,
        expect![[r#"
        exit 1
        VX-1
          the transcript GT00000000000000000000000000000001 came to nothing: failed

        Nothing was fetched, and nothing will come: see the transcript in Twilio's
        console.
    "#]],
    );
    twilio.account().transcripts.clear();
    check(
        &house,
        &SYNC,
        expect![[r#"
        exit 1
        VX-1
          not there yet: Twilio has no transcript of it

        Nothing was fetched. Twilio makes a transcript within minutes of the end of a
        call: try again then. If none ever comes, check that the server ran with this
        intelligence service when it took the call, and that the service's language is
        that of the calls.
    "#]],
    );
    check(
        &house,
        &["intelligence", "sync", "CA9"],
        expect![[r#"
        exit 1
        error: no call CA9 is kept
          fix: `voicera calls` lists those that are
    "#]],
    );
    check(
        &house,
        &["intelligence", "compare", "CA9"],
        expect![[r#"
        exit 1
        error: no call CA9 is kept
          fix: `voicera calls` lists those that are
    "#]],
    );
    let refusal = Fault::error(404, 20404, "The requested resource was not found");
    twilio.account().faults.push_back(refusal);
    check(
        &house,
        &SYNC,
        expect![[r#"
        exit 1
        error: twilio's transcript cannot be fetched: twilio answers 404, error 20404:
               The requested resource was not found: check the id, and whether it
               belongs to this account (see https://www.twilio.com/docs/errors/20404)
    "#]],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_service_nothing_is_fetched() {
    let twilio = Scripted::start(listening()).await;
    check(
        &house(&twilio, LOGIN),
        &SYNC,
        expect![[r#"
        exit 1
        error: the intelligence service is not known
          fix: make one with `voicera intelligence provision`, and set
               TWILIO_CONVERSATIONAL_INTELLIGENCE_SID to its id
    "#]],
    );
}

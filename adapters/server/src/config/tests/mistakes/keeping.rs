//! Mistakes in what is kept of calls, and who may read it.

use expect_test::expect;

use super::check;

#[test]
fn a_hashed_number_needs_a_secret() {
    check(
        "[masking]\ncaller = \"hashed\"\ndigits = 2\n",
        &[],
        expect![[r#"
            error: voicera.toml:2: `masking.caller = "hashed"` needs a secret
              fix: set `masking.salt` to the name of an environment variable that holds a
                   long random text; without one, anybody can try all numbers

            error: voicera.toml:3: `masking.digits = 2` is too few
              fix: use 0 for none, or 4 and more: shorter numbers are prices and rooms
        "#]],
    );
}

#[test]
fn a_service_has_a_name_and_phrases() {
    check(
        "[insight]\npatience = \"0s\"\nattempts = 0\nconcurrency = 0\n\
         [[insight.services]]\nlabel = \" \"\n",
        &[],
        expect![[r#"
            error: voicera.toml:2: `insight.patience = "0s"` is out of range
              fix: use 1s to 10m

            error: voicera.toml:3: `insight.attempts = 0` is out of range
              fix: use 1 to 1000000

            error: voicera.toml:4: `insight.concurrency = 0` is out of range
              fix: use 1 to 1000

            error: voicera.toml:5: `insight.services[0]` has no phrases
              fix: list what callers say as `exact` or `fuzzy`

            error: voicera.toml:6: `insight.services[0].label = " "` is empty
              fix: name the service, like "booking"
        "#]],
    );
}

#[test]
fn the_key_of_the_api_is_there() {
    check(
        "[api]\nkey = \"VOICERA_API_KEY\"\nlisteners = 0\n",
        &[],
        expect![[r#"
        error: voicera.toml:2: `api.key`: the environment variable VOICERA_API_KEY is
               not set
          fix: set VOICERA_API_KEY, here or in .env, or remove `api.key`

        error: voicera.toml:3: `api.listeners = 0` is out of range
          fix: use 1 to 10000
    "#]],
    );
}

#[test]
fn calls_are_kept_until_they_are_looked_at() {
    check(
        "[[transcripts]]\nkind = \"sqlite\"\nkeep = \"90s\"\n",
        &[],
        expect![[r#"
            error: voicera.toml:3: `transcripts[0].keep = "90s"` is too short
              fix: use 1day or more: calls are looked at and sent before they are deleted
        "#]],
    );
}

#[test]
fn what_is_sent_has_a_name_and_an_archive_to_wait_in() {
    let webhook = "[[transcripts]]\nkind = \"webhook\"\nurl = \"https://example.com/a\"\n";
    let secret = [("VOICERA_WEBHOOK_SECRET", "k")];
    check(
        webhook,
        &secret,
        expect![[r#"
        error: voicera.toml:1: `transcripts` sends calls that are kept in no archive
          fix: add [[transcripts]] with kind = "sqlite": what is sent waits there until
               it has arrived
    "#]],
    );
    let archive = "[[transcripts]]\nkind = \"sqlite\"\n";
    check(
        &format!("{archive}{webhook}{webhook}"),
        &secret,
        expect![[r#"
            error: voicera.toml:6: `transcripts[2]` has the name of another webhook
              fix: give it a `name` of its own
        "#]],
    );
    let named = format!("{archive}{webhook}{webhook}name = \"other\"\n");
    check(
        &named,
        &secret,
        expect![[r#"
        fine
    "#]],
    );
    let taken = ["model", "twilio", " "].map(|name| format!("{webhook}name = {name:?}\n"));
    check(
        &format!("{archive}{}", taken.concat()),
        &secret,
        expect![[r#"
            error: voicera.toml:6: `transcripts[1].name = "model"` is taken: no webhook can
                   have it
              fix: choose another one than "model" and "twilio"

            error: voicera.toml:10: `transcripts[2].name = "twilio"` is taken: no webhook
                   can have it
              fix: choose another one than "model" and "twilio"

            error: voicera.toml:14: `transcripts[3].name = " "` is empty
              fix: name the webhook, like "crm"
        "#]],
    );
}

//! What the binary says about its configuration, and how it ends.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test speaks by panicking"
)]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};

use expect_test::expect;

#[path = "shared/house.rs"]
mod house;

use house::{House, check, said};

#[test]
fn check_says_what_would_run_and_opens_nothing() {
    let house = House::new("");
    check(
        &house,
        &["check"],
        expect![[r#"
            exit 0
            configuration   built-in defaults; there is no voicera.toml here
            agent           Ava of SupplyChainCo, speaks en-US
            knowledge       cag, 1 document, 1 KB in knowledge_base
            models          extractive (quotes the documents, needs no vendor)
            transcripts     calls.sqlite
            listens on      http://127.0.0.1:8080
            public address  none: no carrier can call
            webhooks        when a call comes in: POST <public address>/call
            signatures      off: only direct requests from this machine are served
            twilio          cannot be asked: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are
                            not set
            hand-over       nobody takes calls over

            The configuration is fine; nothing was opened.

            hint: set GROQ_API_KEY or OPENAI_API_KEY, here or in .env, and a model words the
                  replies
            hint: to take calls, set public_url (or NGROK_URL) and TWILIO_AUTH_TOKEN, and
                  let the Twilio number's voice webhook point to POST <public address>/call
        "#]],
    );
    assert!(!house.path().join("calls.jsonl").exists());
}

#[test]
fn check_shows_a_whole_configuration() {
    let house = House::new(
        "public_url = \"https://voice.example.com\"
[agent]
name = \"Eva\"
company = \"A company with a long name, so that the line has to be broken somewhere\"
language = \"de-DE\"
languages = [\"en-US\", \"fr-FR\"]
[[models]]
kind = \"groq\"
[[models]]
kind = \"compatible\"
model = \"llama\"
base_url = \"http://127.0.0.1:11434/v1\"
[[models]]
kind = \"extractive\"
[[transcripts]]
kind = \"jsonl\"
path = \"words.jsonl\"
[[transcripts]]
kind = \"stdout\"
[handoff]
target = { number = \"+14155550123\" }
key = \"0\"
",
    );
    house.write(
        ".env",
        "GROQ_API_KEY=gsk-secret\nTWILIO_AUTH_TOKEN=tok-secret\n",
    );
    let said = check(
        &house,
        &["check"],
        expect![[r#"
            exit 0
            configuration   voicera.toml
            agent           Eva of A company with a long name, so that the line has to be
                            broken somewhere, speaks de-DE, en-US, fr-FR
            knowledge       cag, 1 document, 1 KB in knowledge_base
            models          1. groq qwen/qwen3-32b (key from GROQ_API_KEY)
                            2. compatible llama (http://127.0.0.1:11434/v1)
                            3. extractive (the last resort, quotes the documents)
            transcripts     words.jsonl
                            standard output
            listens on      http://127.0.0.1:8080
            public address  https://voice.example.com
            webhooks        when a call comes in: POST https://voice.example.com/call
            signatures      checked
            twilio          cannot be asked: TWILIO_ACCOUNT_SID is not set
            hand-over       to +14155550123, or with the key 0

            The configuration is fine; nothing was opened.
        "#]],
    );
    assert!(!said.contains("secret"));
}

#[test]
fn check_warns_of_a_goodbye_that_takes_longer_than_the_shutdown() {
    for language in ["en-US", "de-DE", "es-ES", "fr-FR"] {
        let said = hints(&format!("[agent]\nlanguage = \"{language}\""));
        assert!(!said.contains("shutdown"), "{language}: {said}");
    }
    expect![[r#"

        hint: agent.closing takes up to 11 s to be spoken, and calls are cut off before
              it is over when the server stops: set shutdown.farewell to "11s" or more
    "#]]
    .assert_eq(&hints("[shutdown]\nfarewell = \"5s\""));
}

#[test]
fn check_warns_of_models_that_no_caller_waits_for() {
    let model = |model: &str, times: &str| {
        let base_url = "http://127.0.0.1:1/v1";
        format!(
            "[[models]]\nkind = \"compatible\"\nmodel = \"{model}\"\nbase_url = \"{base_url}\"\n{times}"
        )
    };
    let three = ["a", "b", "c"].map(|name| model(name, "")).concat();
    assert_eq!(hints(&three), "");
    let slow = model("d", "first_word = \"5s\"\n");
    expect![[r#"

        hint: patience.first_word is 8s, and first_word of all models make 12s 500ms:
              callers hear the apology before every model was asked; raise
              patience.first_word, or lower those of the models
        hint: patience.next_word is 7s, and next_word of one model and first_word of the
              next make 8s: callers hear the apology before every model was asked; raise
              patience.next_word, or lower those of the models
    "#]]
    .assert_eq(&hints(&format!("{three}{slow}")));
}

#[test]
fn check_tells_programs_the_same() {
    let house = House::new("");
    check(
        &house,
        &["check", "--json"],
        expect![[r#"
            exit 0
            {
              "agent": {
                "company": "SupplyChainCo",
                "languages": [
                  "en-US"
                ],
                "name": "Ava"
              },
              "file": null,
              "handoff": null,
              "hints": [
                "set GROQ_API_KEY or OPENAI_API_KEY, here or in .env, and a model words the replies",
                "to take calls, set public_url (or NGROK_URL) and TWILIO_AUTH_TOKEN, and let the Twilio number's voice webhook point to POST <public address>/call"
              ],
              "intelligence_service": null,
              "intelligence_webhook": null,
              "listen": "127.0.0.1:8080",
              "models": [
                {
                  "kind": "extractive"
                }
              ],
              "ok": true,
              "public_url": null,
              "retriever": {
                "index": "tantivy",
                "kind": "cag",
                "knowledge_base": "knowledge_base"
              },
              "signatures": false,
              "transcripts": [
                {
                  "kind": "sqlite",
                  "path": "calls.sqlite"
                }
              ],
              "twilio_lacks": [
                "TWILIO_ACCOUNT_SID",
                "TWILIO_AUTH_TOKEN"
              ],
              "webhook": null
            }
        "#]],
    );
    let house = House::new("lisen = 1");
    check(
        &house,
        &["check", "--json"],
        expect![[r#"
        exit 64
        {
          "ok": false,
          "problems": [
            {
              "fix": "did you mean `listen`?",
              "line": 1,
              "place": "voicera.toml",
              "what": "`lisen` is not a setting"
            }
          ]
        }
    "#]],
    );
}

#[test]
fn a_wrong_configuration_ends_every_command_alike() {
    let house = House::new("[speech]\nvoise = \"x\"\n");
    let said = ["serve", "chat", "check", "evaluate"].map(|command| said(&house.run(&[command])));
    expect![[r#"
        exit 64
        error: voicera.toml:2: `speech.voise` is not a setting
          fix: did you mean `speech.voice`?
    "#]]
    .assert_eq(&said[0]);
    assert!(said.iter().all(|other| *other == said[0]), "{said:?}");
}

#[test]
fn a_knowledge_base_that_is_not_there_is_a_wrong_configuration() {
    let house = House::new("");
    fs::remove_dir_all(house.path().join("knowledge_base")).unwrap();
    check(
        &house,
        &["serve"],
        expect![[r#"
        exit 64
        error: voicera.toml: retriever.knowledge_base: `knowledge_base` does not exist
          fix: create the folder, or name the one that holds the documents
    "#]],
    );
}

#[test]
fn a_configuration_that_is_not_there_is_named() {
    let house = House::new("");
    check(
        &house,
        &["--config", "other.toml", "check"],
        expect![[r#"
        exit 64
        error: other.toml: the configuration cannot be read: No such file or directory
               (os error 2)
          fix: name a file with --config, or start from `voicera config > voicera.toml`
    "#]],
    );
}

#[test]
fn a_configuration_that_is_no_text_is_named() {
    let house = House::new("");
    fs::write(house.path().join("other.toml"), b"[agent]\nname = \"\xff\"").unwrap();
    check(
        &house,
        &["-c", "other.toml", "check"],
        expect![[r#"
        exit 64
        error: other.toml: the configuration cannot be read: line 2 is not UTF-8 text
          fix: name a file with --config, or start from `voicera config > voicera.toml`
    "#]],
    );
    house.write("large.toml", &"# \n".repeat(400_000));
    check(
        &house,
        &["-c", "large.toml", "check"],
        expect![[r#"
        exit 64
        error: large.toml: the configuration cannot be read: it is larger than 1 MiB
          fix: name a file with --config, or start from `voicera config > voicera.toml`
    "#]],
    );
}

#[test]
fn a_malformed_env_file_is_named_once_and_not_repeated() {
    let house = House::new("");
    house.write("voicera.toml", "");
    house.write(".env", "GROQ_API_KEY=a secret key\n");
    let file = house.path().join("voicera.toml");
    let said = said(&house.run(&["--config", file.to_str().unwrap(), "check"]));
    assert_eq!(said.matches("error:").count(), 1, "{said}");
    assert!(said.contains(".env") && !said.contains("secret"), "{said}");
}

#[test]
fn wrong_use_is_explained() {
    let house = House::new("");
    check(
        &house,
        &["serv"],
        expect![[r#"
        exit 64
        error: unrecognized subcommand 'serv'

          tip: a similar subcommand exists: 'serve'

        Usage: voicera [OPTIONS] [COMMAND]

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn the_printed_defaults_are_a_configuration() {
    let house = House::new("");
    let output = house.run(&["config"]);
    house.write("voicera.toml", &String::from_utf8(output.stdout).unwrap());
    assert_eq!(house.run(&["check"]).status.code(), Some(0));
}

#[test]
fn evaluate_counts_right_answers() {
    let house = House::new("");
    let questions = r#"{"id":"a","question":"How much does a box cost?","facts":["5 dollars"]}
{"id":"b","question":"Who is the prime minister of France?","facts":[],"answerable":false}
{"id":"c","question":"How much does a box cost?","facts":["6 dollars"]}
"#;
    house.write("knowledge_base/questions.jsonl", questions);
    let output = house.run(&["evaluate", "--json"]);
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let figures = ["answered", "answerable", "refused", "unanswerable"].map(|name| &result[name]);
    assert_eq!(figures, [1, 2, 1, 1]);
    assert_eq!(result["misses"][0]["id"], "c");
    let said = said(&house.run(&["evaluate", "--verbose"]));
    let (figures, misses) = said.split_once("\n\n").unwrap();
    assert!(figures.contains("1 of 2 (50.0 %)"), "{said}");
    assert!(misses.contains("c: How much does a box cost?"), "{said}");
}

#[test]
fn questions_that_are_not_there_are_named() {
    let house = House::new("");
    check(
        &house,
        &["evaluate"],
        expect![[r#"
        exit 1
        error: the questions in knowledge_base/questions.jsonl cannot be read; name a
               file of them: No such file or directory (os error 2)
    "#]],
    );
}

#[test]
fn a_port_in_use_is_a_failed_start() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let house = House::new(&format!("listen = \"127.0.0.1:{port}\""));
    let said = said(&house.run(&["serve"])).replace(&port.to_string(), "{port}");
    expect![[r#"
        exit 1
        error: cannot listen on 127.0.0.1:{port}: Address already in use (os error 98)
          fix: stop the program that does, or choose another address with `listen` in
               voicera.toml, or another port with the variable PORT
    "#]]
    .assert_eq(&said);
}

#[cfg(target_os = "linux")]
#[test]
fn an_address_of_another_machine_is_a_failed_start() {
    let house = House::new("listen = \"192.0.2.1:8080\"");
    check(
        &house,
        &["serve"],
        expect![[r#"
        exit 1
        error: cannot listen on 192.0.2.1:8080: Cannot assign requested address (os
               error 99)
          fix: this machine has no such address: set `listen` in voicera.toml to one of
               its own, or to "0.0.0.0:8080" for all of them
    "#]],
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_transcript_that_cannot_be_written_is_a_failed_start() {
    let house = House::new("[[transcripts]]\nkind = \"jsonl\"\npath = \"/proc/calls.jsonl\"");
    check(
        &house,
        &["serve"],
        expect![[r#"
            exit 1
            error: `transcripts[0].path`: cannot open /proc/calls.jsonl: No such file or
                   directory (os error 2)
              fix: let this user write it, or choose another path
        "#]],
    );
}

#[cfg(unix)]
#[test]
fn it_serves_until_it_is_told_to_stop() {
    let house = House::new("listen = \"127.0.0.1:0\"");
    let mut server = house.command(&["serve"]).spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let (_, address) = first.split_once("http://").unwrap();
    let (address, _) = address.split_once(',').unwrap();
    assert!(get(address, "/healthz").ends_with("ok\n"));
    assert!(get(address, "/readyz").ends_with("ready\n"));
    let pid = server.id().to_string();
    assert!(Command::new("kill").arg(&pid).status().unwrap().success());
    assert_eq!(server.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn a_chat_ends_when_it_is_told_to_stop() {
    let house = House::new("");
    let mut command = house.command(&["chat"]);
    let mut chat = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut caller = chat.stdin.take().unwrap();
    caller.write_all(b"How much does a box cost?\n").unwrap();
    // It listens for signals before it speaks.
    let words = BufReader::new(chat.stdout.take().unwrap());
    words.lines().next().unwrap().unwrap();
    let pid = chat.id().to_string();
    assert!(Command::new("kill").arg(&pid).status().unwrap().success());
    assert_eq!(chat.wait().unwrap().code(), Some(130));
}

/// What `check` advises about a configuration that can take calls.
fn hints(configuration: &str) -> String {
    let house = House::new(&format!(
        "public_url = \"https://voice.example.com\"\n{configuration}"
    ));
    house.write(".env", "OPENAI_API_KEY=key\nTWILIO_AUTH_TOKEN=token\n");
    let said = said(&house.run(&["check"]));
    let (_, hints) = said.split_once("nothing was opened.\n").expect(&said);
    hints.to_owned()
}

fn get(address: &str, path: &str) -> String {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

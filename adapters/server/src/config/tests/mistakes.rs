//! Each kind of mistake and what is said about it.

use expect_test::{Expect, expect};

use super::{config, read_text};

mod keeping;

#[test]
fn a_slip_gets_the_right_name() {
    check(
        "[speech]\nvoise = \"x\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: `speech.voise` is not a setting
          fix: did you mean `speech.voice`?
    "#]],
    );
    check(
        "lisen = \"x\"",
        &[],
        expect![[r#"
        error: voicera.toml:1: `lisen` is not a setting
          fix: did you mean `listen`?
    "#]],
    );
    check(
        "\n[agent.colour]\nred = 1",
        &[],
        expect![[r#"
        error: voicera.toml:2: `agent.colour` is not a setting
          fix: remove it; `agent` takes `name`, `company`, `contact`, `language`,
               `languages`, `instructions`, `word_limit`, `greeting`, `fallback`,
               `apology`, `nudge`, `farewell`, `handoff`, `closing`, `resume`, `busy`,
               `waiting_sound`
    "#]],
    );
    check(
        "[[models]]\nkind = \"extractive\"\nmodle = \"x\"",
        &[],
        expect![[r#"
            error: voicera.toml:3: `models[0].modle` is not a setting
              fix: remove it
        "#]],
    );
    check(
        "[[models]]\nkind = \"groq\"\nmodle = \"x\"",
        &[("GROQ_API_KEY", "k")],
        expect![[r#"
        error: voicera.toml:3: `models[0].modle` is not a setting
          fix: did you mean `models[0].model`?
    "#]],
    );
    check(
        "[[transcripts]]\nkind = \"stdout\"\npath = \"x\"",
        &[],
        expect![[r#"
            error: voicera.toml:3: `transcripts[0].path` is not a setting
              fix: did you mean `transcripts.path`?
        "#]],
    );
    check(
        "[[speech.languages]]\ncode = \"de-DE\"\nvoic = \"x\"",
        &[],
        expect![[r#"
        error: voicera.toml:3: `speech.languages[0].voic` is not a setting
          fix: did you mean `speech.languages[0].voice`?
    "#]],
    );
}

#[test]
fn a_setting_in_the_wrong_section_is_found_in_the_right_one() {
    check(
        "[agent]\nvoice = \"x\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: `agent.voice` is not a setting
          fix: did you mean `speech.voice`?
    "#]],
    );
    check(
        "greeting = \"x\"",
        &[],
        expect![[r#"
        error: voicera.toml:1: `greeting` is not a setting
          fix: did you mean `agent.greeting`?
    "#]],
    );
    check(
        "[log]\nlisten = \"x\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: `log.listen` is not a setting
          fix: did you mean `listen`?
    "#]],
    );
}

#[test]
fn a_kind_is_one_that_exists() {
    check(
        "[retriever]\nkind = \"rug\"",
        &[],
        expect![[r#"
            error: voicera.toml:2: `retriever.kind = "rug"` is not known
              fix: use "cag", "rag" or "auto"
        "#]],
    );
    check(
        "[[transcripts]]\nkind = \"sqlit\"\npath = \"x\"",
        &[],
        expect![[r#"
            error: voicera.toml:2: `transcripts[0].kind = "sqlit"` is not known
              fix: did you mean "sqlite"? There is "sqlite", "postgres", "jsonl", "stdout",
                   "webhook" or "twilio"
        "#]],
    );
    check(
        "[[transcripts]]\nkind = 1",
        &[],
        expect![[r#"
            error: voicera.toml:2: `transcripts[0].kind = 1` is not known
              fix: use "sqlite", "postgres", "jsonl", "stdout", "webhook" or "twilio"
        "#]],
    );
    check(
        "[[models]]\nkind = \"opnai\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: `models[0].kind = "opnai"` is not known
          fix: did you mean "openai"? There is "groq", "openai", "compatible" or
               "extractive"
    "#]],
    );
    check(
        "[[models]]\nmodel = \"x\"",
        &[],
        expect![[r#"
        error: voicera.toml:1: `models[0].kind` is missing
          fix: use "groq", "openai", "compatible" or "extractive"
    "#]],
    );
    check(
        "[models]\nkind = \"groq\"",
        &[],
        expect![[r#"
        error: voicera.toml:1: `models` is not a list of sections
          fix: write [[models]], once for each
    "#]],
    );
    check(
        "models = []",
        &[],
        expect![[r#"
        error: voicera.toml:1: `models` names no model
          fix: add one, or remove `models` to get what the environment offers
    "#]],
    );
    check(
        "retriever = \"cag\"",
        &[],
        expect![[r#"
        error: voicera.toml:1: `retriever = "cag"` is not a section
          fix: write [retriever]
    "#]],
    );
}

#[test]
fn a_value_has_its_type() {
    check(
        "[limits]\nturns = \"many\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: `limits.turns = "many"` does not fit
          fix: use a whole number, 0 or more
    "#]],
    );
    check(
        "[limits]\nturns = -1",
        &[],
        expect![[r#"
        error: voicera.toml:2: `limits.turns = -1` does not fit
          fix: use a whole number, 0 or more
    "#]],
    );
    check(
        "[patience]\nfirst_word = \"fast\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: `patience.first_word = "fast"` does not fit
          fix: use a time with its unit, like "2500ms", "8s" or "30min"
    "#]],
    );
    check(
        "[patience]\nfirst_word = 8",
        &[],
        expect![[r#"
        error: voicera.toml:2: `patience.first_word = 8` does not fit
          fix: use a time with its unit, like "2500ms", "8s" or "30min"
    "#]],
    );
    check(
        "[speech]\nformat = \"yes\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: `speech.format = "yes"` does not fit
          fix: use true or false
    "#]],
    );
    check(
        "[speech]\nhints = \"a\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: `speech.hints = "a"` does not fit
          fix: use a list in brackets
    "#]],
    );
    check(
        "[speech]\nhints = [\"a\", 1]",
        &[],
        expect![[r#"
        error: voicera.toml:2: `speech.hints[1] = 1` does not fit
          fix: use text in quotes
    "#]],
    );
    check(
        "[log]\nformat = \"jsn\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: `log.format = "jsn"` is not known
          fix: did you mean "json"? There is "text", "json" or "auto"
    "#]],
    );
    check(
        "agent = 1",
        &[],
        expect![[r#"
        error: voicera.toml:1: `agent = 1` does not fit
          fix: use a section of its own
    "#]],
    );
    check(
        "[speech]\ntts_provider = \"elevenlabs\"",
        &[],
        expect![[r#"
        fine
    "#]],
    );
}

#[test]
fn a_value_lies_in_its_range() {
    check(
        "[limits]\nturns = 0\nduration = \"2s\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: `limits.turns = 0` is out of range
          fix: use 1 to 100000

        error: voicera.toml:3: `limits.duration = "2s"` is out of range
          fix: use 10s to 1day
    "#]],
    );
    check(
        "[patience]\nnudge = \"10ms\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: `patience.nudge = "10ms"` is out of range
          fix: use 1s to 1h
    "#]],
    );
    check(
        "[limits]\nhistory = 0",
        &[],
        expect![[r#"
        error: voicera.toml:2: `limits.history = 0` is out of range
          fix: use 1 to 1000
    "#]],
    );
    check(
        "[agent]\nword_limit = 0",
        &[],
        expect![[r#"
        error: voicera.toml:2: `agent.word_limit = 0` is out of range
          fix: use 5 to 500
    "#]],
    );
    check(
        "[shutdown]\ngrace = \"9days\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: `shutdown.grace = "9days"` is out of range
          fix: use 0s to 1day
    "#]],
    );
    check(
        "[speech]\npace = 0.0",
        &[],
        expect![[r#"
        error: voicera.toml:2: speech.pace is 0
          fix: choose 1 to 100
    "#]],
    );
}

#[test]
fn an_address_is_one() {
    check(
        "listen = \"localhost\"",
        &[],
        expect![[r#"
        error: voicera.toml:1: `listen = "localhost"` is not an address
          fix: use an IP address and a port, like "127.0.0.1:8080" for this machine or
               "0.0.0.0:8080" for every network
    "#]],
    );
    check(
        "listen = 8080",
        &[],
        expect![[r#"
        error: voicera.toml:1: `listen = 8080` is not an address
          fix: use an IP address and a port, like "127.0.0.1:8080" for this machine or
               "0.0.0.0:8080" for every network
    "#]],
    );
    check(
        "public_url = \"voice.example.com\"",
        &[],
        expect![[r#"
        fine
    "#]],
    );
    check(
        "public_url = \"wss://voice.example.com\"",
        &[],
        expect![[r#"
        error: voicera.toml:1: `public_url`: "wss://voice.example.com" is not a web
               address
          fix: begin it with https://
    "#]],
    );
    check(
        "[agent]\nwaiting_sound = \"wait.mp3\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: `agent.waiting_sound = "wait.mp3"` is not a safe web
               address
          fix: use one the carrier can fetch, like "https://example.com/wait.mp3"
    "#]],
    );
    check(
        "",
        &[("NGROK_URL", "not a host")],
        expect![[r#"
        error: environment: `NGROK_URL`: "not a host" is not a web address
          fix: write it as https://voice.example.com
    "#]],
    );
    check(
        "",
        &[("PORT", "http")],
        expect![[r#"
        error: environment: `PORT=http` is not a port
          fix: use a number from 1 to 65535, or unset PORT
    "#]],
    );
}

#[test]
fn a_secret_is_there() {
    check(
        "",
        &[("GROQ_API_KEY", "")],
        expect![[r#"
        error: environment: `GROQ_API_KEY` is set but empty
          fix: put the vendor's key into it, or remove it to do without the vendor
    "#]],
    );
    check(
        "",
        &[("TWILIO_AUTH_TOKEN", " ")],
        expect![[r#"
        error: environment: `TWILIO_AUTH_TOKEN` is set but empty
          fix: put the value from Twilio's console into it, or remove it
    "#]],
    );
    check(
        "[[models]]\nkind = \"groq\"",
        &[],
        expect![[r#"
        error: voicera.toml:1: `models[0]` needs a key, and the environment variable
               GROQ_API_KEY is not set
          fix: set GROQ_API_KEY, here or in .env, or remove this [[models]]
    "#]],
    );
    check(
        "[[models]]\nkind = \"openai\"\nkey = \"MY_KEY\"",
        &[("MY_KEY", "")],
        expect![[r#"
        error: voicera.toml:3: `models[0]` needs a key, and the environment variable
               MY_KEY is set but empty
          fix: set MY_KEY, here or in .env, or remove this [[models]]
    "#]],
    );
    check(
        "[[models]]\nkind = \"groq\"\nkey = \"gsk-abc-secret\"",
        &[],
        expect![[r#"
        error: voicera.toml:3: `models[0].key = "gsk…"` does not work
          fix: write the name of an environment variable
    "#]],
    );
    check(
        "[twilio]\nauth_token = \"MY_TOKEN\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: `twilio.auth_token`: the environment variable MY_TOKEN is
               not set
          fix: set MY_TOKEN, here or in .env, or remove `twilio.auth_token`
    "#]],
    );
    check(
        "[twilio]\nauth_token = \"abc-secret\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: `twilio.auth_token` is not the name of an environment
               variable
          fix: put the value into .env and its name here
    "#]],
    );
    check(
        "",
        &[("TWILIO_CONVERSATIONAL_INTELLIGENCE_SID", "XX1")],
        expect![[r#"
        error: environment: `TWILIO_CONVERSATIONAL_INTELLIGENCE_SID=XX1` is not the id
               of an intelligence service
          fix: copy the id from Twilio's console; it begins with GA
    "#]],
    );
}

#[test]
fn a_secret_is_one_line() {
    let broken = "two\nlines";
    check(
        "",
        &[("OPENAI_API_KEY", broken), ("TWILIO_AUTH_TOKEN", broken)],
        expect![[r#"
            error: environment: `OPENAI_API_KEY` has a line break or another control
                   character in it
              fix: copy the vendor's key again, or remove it to do without the vendor

            error: environment: `TWILIO_AUTH_TOKEN` has a line break or another control
                   character in it
              fix: copy the value from Twilio's console again, or remove it
        "#]],
    );
    check(
        "[twilio]\nauth_token = \"TOKEN\"\n[[models]]\nkind = \"openai\"\nkey = \"KEY\"",
        &[("KEY", broken), ("TOKEN", broken)],
        expect![[r#"
            error: voicera.toml:2: `twilio.auth_token`: the environment variable TOKEN has a
                   line break or another control character in it
              fix: set TOKEN, here or in .env, or remove `twilio.auth_token`

            error: voicera.toml:5: `models[0]` needs a key, and the environment variable KEY
                   has a line break or another control character in it
              fix: set KEY, here or in .env, or remove this [[models]]
        "#]],
    );
}

#[test]
fn a_shared_key_has_a_secret() {
    check(
        "[[twilio.shared_keys]]\nid = \"a\"\nsecret = \"MY_KEY\"",
        &[],
        expect![[r#"
            error: voicera.toml:3: `twilio.shared_keys[0].secret`: the environment variable
                   MY_KEY is not set
              fix: set MY_KEY, here or in .env, or remove `twilio.shared_keys[0].secret`
        "#]],
    );
    check(
        "[[twilio.shared_keys]]\nid = \"a\"",
        &[],
        expect![[r#"
        error: voicera.toml:1: `twilio.shared_keys[0].secret` is missing
          fix: add it
    "#]],
    );
    let text = "[[twilio.shared_keys]]\nid = \"a\"\nsecret = \"MY_KEY\"";
    assert!(config(text, &[("MY_KEY", "k")]).twilio.is_signed());
}

#[test]
fn a_model_can_be_asked() {
    check(
        "[[models]]\nkind = \"compatible\"",
        &[],
        expect![[r#"
        error: voicera.toml:1: `models[0].base_url` is missing
          fix: write where the server's API begins, such as "http://127.0.0.1:11434/v1"
    "#]],
    );
    check(
        "[[models]]\nkind = \"compatible\"\nmodel = \"m\"\nbase_url = \"127.0.0.1\"",
        &[],
        expect![[r#"
        error: voicera.toml:4: `models[0].base_url = "127.0.0.1"` does not work
          fix: write a web address, such as "http://127.0.0.1:11434/v1"
    "#]],
    );
    check(
        "[[models]]\nkind = \"groq\"\ntemperature = 3.0",
        &[("GROQ_API_KEY", "k")],
        expect![[r#"
        error: voicera.toml:3: `models[0].temperature = 3` does not work
          fix: write 0 to 2
    "#]],
    );
}

#[test]
fn what_is_not_there_is_named() {
    check(
        "[retriever]\nknowledge_base = \"nowhere\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: retriever.knowledge_base: `../../nowhere` does not exist
          fix: create the folder, or name the one that holds the documents
    "#]],
    );
    check(
        "[[transcripts]]\nkind = \"jsonl\"\npath = \"nowhere/calls.jsonl\"",
        &[],
        expect![[r#"
        error: voicera.toml:3: `transcripts[0].path = "nowhere/calls.jsonl"` is in a
               folder that is not there: ../../nowhere
          fix: create the folder, or choose another path
    "#]],
    );
    check(
        "[[transcripts]]\nkind = \"jsonl\"\npath = \"\"",
        &[],
        expect![[r#"
            error: voicera.toml:3: `transcripts[0].path = ""` is empty
              fix: name a file, like "calls.jsonl"
        "#]],
    );
    check(
        "[[transcripts]]\nkind = \"jsonl\"\ngather = \"1m\"",
        &[],
        expect![[r#"
            error: voicera.toml:3: `transcripts[0].gather = "1m"` is too long
              fix: set 1s or less
        "#]],
    );
    check(
        "[[transcripts]]\nkind = \"jsonl\"\npath = \"src\"",
        &[],
        expect![[r#"
        error: voicera.toml:3: `transcripts[0].path = "src"` is a folder
          fix: name a file in it, like "calls.jsonl"
    "#]],
    );
}

#[test]
fn a_section_is_not_shown_as_a_value() {
    check(
        "agent.name.x = 1",
        &[],
        expect![[r#"
        error: voicera.toml:1: `agent.name` does not fit
          fix: use text in quotes
    "#]],
    );
    check(
        "[retriever]\nwarn_at = 3.0",
        &[],
        expect![[r#"
            error: voicera.toml:2: retriever.warn_at: 3 is not a share from 0 to 1
              fix: use 0.0 to 1.0
        "#]],
    );
    check(
        "[retriever]\nreserve = 200000",
        &[],
        expect![[r#"
        error: voicera.toml:2: retriever.reserve: 200000 tokens leave nothing of
               retriever.context_window = 131072
          fix: make it smaller
    "#]],
    );
}

#[test]
fn settings_fit_each_other() {
    check(
        "[handoff]\nkey = \"0\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: `handoff.key = "0"` leads to nobody
          fix: set handoff.target, or remove the key
    "#]],
    );
    check(
        "[handoff]\nkey = \"x\"",
        &[],
        expect![[r##"
        error: voicera.toml:2: `handoff.key = "x"` is not a key
          fix: use "0" to "9", "*" or "#"
    "##]],
    );
    check(
        "[handoff]\ntarget = { phone = \"+1\" }",
        &[],
        expect![[r#"
        error: voicera.toml:2: `handoff.target = { phone = "+1" }` is not known
          fix: use "number", "sip" or "workflow"
    "#]],
    );
    check(
        "[agent]\ngreeting = \"\"\nfallback = \"Ask {boss}.\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: `agent.greeting = ""` is empty
          fix: write what the agent says, or remove the setting

        error: voicera.toml:3: `agent.fallback` has `{boss}`, which stands for nothing
          fix: there is {name}, {company} and {contact}
    "#]],
    );
    check(
        "[agent]\nlanguages = [\"German!\"]",
        &[],
        expect![[r#"
        error: voicera.toml:2: `agent.languages[0] = "German!"` is not a language
          fix: use a tag like "en-US", "de-DE" or "es"
    "#]],
    );
    check(
        "[speech]\ntranscription_provider = \"Google\"\ntranscription_language = \"multi\"",
        &[],
        expect![[r#"
        error: voicera.toml:2: speech.transcription_provider is Google, but the language
               "multi" is detected by Deepgram only
          fix: set transcription_provider = "Deepgram", or name the language
    "#]],
    );
    check(
        "[[transcripts]]\nkind = \"stdout\"\n[[transcripts]]\nkind = \"stdout\"",
        &[],
        expect![[r#"
        error: voicera.toml:3: `transcripts[1]` keeps transcripts where another one does
          fix: remove one of them
    "#]],
    );
}

#[test]
fn the_syntax_is_shown_where_it_breaks() {
    check(
        "[agent]\nname = Ava\n",
        &[],
        expect![[r#"
            error: voicera.toml: TOML parse error at line 2, column 8
              |
            2 | name = Ava
              |        ^^^
            string values must be quoted, expected literal string
              fix: write settings as `name = value`, text in quotes, each name once;
                   `voicera config` shows all of them
        "#]],
    );
    check(
        "[agent]\nname = \"a\"\nname = \"b\"\n",
        &[],
        expect![[r#"
            error: voicera.toml: TOML parse error at line 3, column 1
              |
            3 | name = "b"
              | ^^^^
            duplicate key
              fix: write settings as `name = value`, text in quotes, each name once;
                   `voicera config` shows all of them
        "#]],
    );
}

#[test]
fn every_mistake_is_reported_at_once() {
    let text = "listen = 1\nverbose = true\n[agent]\nnam = \"x\"\nword_limit = \"few\"\n[limits]\nturns = 0\n";
    check(
        text,
        &[("GROQ_API_KEY", "")],
        expect![[r#"
            error: environment: `GROQ_API_KEY` is set but empty
              fix: put the vendor's key into it, or remove it to do without the vendor

            error: voicera.toml:1: `listen = 1` is not an address
              fix: use an IP address and a port, like "127.0.0.1:8080" for this machine or
                   "0.0.0.0:8080" for every network

            error: voicera.toml:2: `verbose` is not a setting
              fix: remove it; the file takes `listen`, `public_url`, `agent`, `phrases`,
                   `speech`, `retriever`, `models`, `transcripts`, `masking`, `insight`,
                   `api`, `twilio`, `handoff`, `tools`, `relay`, `patience`, `limits`,
                   `log`, `shutdown`

            error: voicera.toml:4: `agent.nam` is not a setting
              fix: did you mean `agent.name`?

            error: voicera.toml:5: `agent.word_limit = "few"` does not fit
              fix: use a whole number, 0 or more

            error: voicera.toml:7: `limits.turns = 0` is out of range
              fix: use 1 to 100000
        "#]],
    );
}

#[test]
fn no_message_is_wider_than_a_terminal() {
    let name = "a".repeat(30);
    let text = format!(
        "[speech]\n{name} = 1\n[limits]\nturns = \"{name}\"\n[retriever]\nkind = \"{name}\""
    );
    let said = read_text(&text, &[]).unwrap_err().to_string();
    let wide: Vec<_> = said
        .lines()
        .filter(|line| line.chars().count() > 80)
        .collect();
    assert_eq!(wide, [""; 0]);
}

fn check(text: &str, environment: &[(&str, &str)], expected: Expect) {
    let said = match read_text(text, environment) {
        Ok(_) => "fine\n".to_owned(),
        Err(invalid) => format!("{invalid}\n"),
    };
    expected.assert_eq(&said);
}

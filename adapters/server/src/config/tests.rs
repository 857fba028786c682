use super::*;

mod mistakes;

mod default_file;

#[test]
fn nothing_gives_the_defaults() {
    let config = config("", &[]);
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.public_url, None);
    assert_eq!(names(&config), ["extractive"]);
    assert_eq!(config.twilio.auth_token, None);
}

#[test]
fn the_environment_of_the_original_application_works() {
    let config = config(
        "",
        &[
            ("NGROK_URL", "abc.ngrok-free.app"),
            ("GROQ_API_KEY", "gsk"),
            ("TWILIO_CONVERSATIONAL_INTELLIGENCE_SID", "GA0123"),
            ("PORT", "9000"),
        ],
    );
    assert_eq!(
        config
            .public_url
            .as_ref()
            .map(PublicUrl::to_string)
            .as_deref(),
        Some("https://abc.ngrok-free.app")
    );
    assert_eq!(names(&config), ["groq qwen/qwen3-32b", "extractive"]);
    assert_eq!(
        config.twilio.intelligence_service.as_deref(),
        Some("GA0123")
    );
    assert_eq!(config.listen.to_string(), "127.0.0.1:9000");
}

#[test]
fn every_key_in_the_environment_is_a_model() {
    let keys = [("OPENAI_API_KEY", "sk"), ("GROQ_API_KEY", "gsk")];
    let config = config("", &keys);
    assert_eq!(
        names(&config),
        ["groq qwen/qwen3-32b", "openai gpt-4.1-mini", "extractive"]
    );
}

#[test]
fn listed_models_are_the_models() {
    let text =
        "[[models]]\nkind = \"compatible\"\nmodel = \"m\"\nbase_url = \"http://127.0.0.1:1/v1\"";
    assert_eq!(
        names(&config(text, &[("GROQ_API_KEY", "gsk")])),
        ["compatible m"]
    );
}

#[test]
fn the_file_has_the_word_over_ngrok() {
    let text = "public_url = \"https://voice.example.com/\"";
    let config = config(text, &[("NGROK_URL", "https://abc.ngrok-free.app/")]);
    assert_eq!(
        config
            .public_url
            .as_ref()
            .map(PublicUrl::to_string)
            .as_deref(),
        Some("https://voice.example.com")
    );
}

#[test]
fn paths_are_relative_to_the_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("docs")).unwrap();
    fs::write(folder.path().join("docs/a.md"), "# A\n").unwrap();
    let text = "[retriever]\nknowledge_base = \"docs\"";
    let source = Source {
        name: "voicera.toml",
        text,
        folder: folder.path(),
    };
    let config = read(source, &Environment::default()).unwrap();
    let settings = config.retriever;
    assert_eq!(settings.knowledge_base, folder.path().join("docs"));
    let Some(Transcript::Sqlite(settings)) = config.transcripts.first() else {
        panic!("no archive");
    };
    assert_eq!(settings.path, folder.path().join("calls.sqlite"));
}

#[test]
fn lines_and_phrases_follow_the_language() {
    let text = "[agent]\nlanguage = \"de-DE\"\nlanguages = [\"en-US\"]\nname = \"Eva\"\ncompany = \"Fracht\"";
    let agent = config(text, &[]).agent;
    assert_eq!(
        agent.lines.greeting,
        "Guten Tag, hier ist Eva von Fracht. Wie kann ich Ihnen helfen?"
    );
    let has = |phrase: &str| agent.phrases.farewell.iter().any(|known| known == phrase);
    assert!(has("tschüss") && has("goodbye") && !has("adiós"));
}

fn config(text: &str, environment: &[(&str, &str)]) -> Config {
    match read_text(text, environment) {
        Ok(config) => config,
        Err(invalid) => panic!("{invalid}"),
    }
}

/// Reads with the knowledge base of the project.
fn read_text(text: &str, environment: &[(&str, &str)]) -> Result<Config, Invalid> {
    let environment = environment.iter().copied().collect();
    let source = Source {
        name: "voicera.toml",
        text,
        folder: Path::new("../.."),
    };
    read(source, &environment)
}

fn names(config: &Config) -> Vec<&str> {
    config
        .models
        .iter()
        .map(|model| model.name.as_str())
        .collect()
}

#[cfg(feature = "fastembed")]
mod models;

use super::*;

#[test]
fn settings_are_read_as_users_write_them() {
    let read: Settings = serde_json::from_str(r#"{"folder": "minilm", "pooling": "cls"}"#).unwrap();
    let expected = Settings {
        folder: Some("minilm".into()),
        pooling: Some(Pooling::Cls),
        ..Settings::default()
    };
    assert_eq!(read, expected);
    assert!(serde_json::from_str::<Settings>(r#"{"modle": "x"}"#).is_err());
    let read: rerank::Settings = serde_json::from_str(r#"{"deadline": "80ms"}"#).unwrap();
    assert_eq!(read.deadline.as_millis(), 80);
}

#[cfg(not(feature = "fastembed"))]
#[test]
fn a_build_without_models_says_how_to_get_them() {
    let error = open(&Settings::default()).unwrap_err();
    expect_test::expect!["this build has no models; build it with `--features fastembed`, or use another index, such as tantivy"]
        .assert_eq(&error.to_string());
    open_reranker(&rerank::Settings::default(), &Settings::default()).unwrap_err();
}

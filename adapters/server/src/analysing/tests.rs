use std::path::Path;

use voicera::testing::archive::Shelf;
use voicera::testing::transcript_sink::call;

use super::*;
use crate::config::{self, Environment, Source};

#[tokio::test]
async fn a_call_whose_process_was_killed_is_ended_and_analysed() {
    let shelf = Arc::new(Shelf::default());
    let mut entries = call("CA-killed");
    entries.pop();
    for entry in &entries {
        shelf.append(entry).await.unwrap();
    }
    let analyst = analyst(&shelf);
    analyst.sweep().await.unwrap();
    analyst.sweep().await.unwrap();
    let kept = shelf
        .call(&CallId::new("CA-killed"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(kept.entries.len(), entries.len() + 1);
    let Content::Ended(ended) = &kept.entries.last().unwrap().content else {
        panic!("{:?}", kept.entries.last());
    };
    assert_eq!(ended.ending.name(), "failed");
    assert_eq!(kept.analyses.len(), 1);
}

#[tokio::test]
async fn a_call_that_goes_on_is_left_alone() {
    let shelf = Arc::new(Shelf::default());
    let mut entries = call("CA-on");
    entries.pop();
    for entry in &mut entries {
        let now = voicera::words::Call {
            started: SystemTime::now(),
            ..(*entry.call).clone()
        };
        entry.call = Arc::new(now);
        shelf.append(entry).await.unwrap();
    }
    let analyst = analyst(&shelf);
    analyst.sweep().await.unwrap();
    analyst.analyse(&CallId::new("CA-on")).await.unwrap();
    let kept = shelf.call(&CallId::new("CA-on")).await.unwrap().unwrap();
    assert_eq!(
        (kept.entries.len(), kept.analyses.len()),
        (entries.len(), 0)
    );
}

fn analyst(shelf: &Arc<Shelf>) -> Analyst {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let (name, text) = ("voicera.toml", "");
    let source = Source { name, text, folder };
    Analyst {
        archive: Arc::clone(shelf) as _,
        sink: Arc::clone(shelf) as _,
        config: config::read(source, &Environment::default()).unwrap(),
        operators: OnceCell::new(),
        keep: None,
    }
}

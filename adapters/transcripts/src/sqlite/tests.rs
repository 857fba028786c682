use voicera::testing::archive;

use super::*;

#[tokio::test]
async fn it_keeps_what_the_contract_says() {
    let folder = tempfile::tempdir().unwrap();
    for sync in [false, true] {
        let settings = Settings {
            path: folder.path().join(format!("calls-{sync}.sqlite")),
            sync,
            gather: Duration::ZERO,
            ..Settings::default()
        };
        let store = Sqlite::open(&settings, Access::Keep, Vec::new()).unwrap();
        archive::conforms(&store, &store).await;
    }
}

use super::*;

#[tokio::test(start_paused = true)]
async fn trouble_is_news_once() {
    let health = Health::default();
    assert!(health.begins("dense", Trouble::Late));
    assert!(!health.begins("dense", Trouble::Late));
    assert!(health.begins("dense", Trouble::Unavailable), "another kind");
    assert!(health.begins("tantivy", Trouble::Late), "another search");
}

#[tokio::test(start_paused = true)]
async fn a_search_is_well_again_once_it_has_been_calm() {
    let health = Health::default();
    assert!(!health.ends("dense"), "it never was in trouble");
    health.begins("dense", Trouble::Late);
    assert!(!health.ends("dense"));
    tokio::time::advance(CALM).await;
    assert!(health.ends("dense"));
    assert!(!health.ends("dense"));
    assert!(health.begins("dense", Trouble::Late));
}

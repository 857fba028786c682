use super::*;

#[tokio::test]
async fn the_fake_does_what_the_contract_says() {
    let shelf = Shelf::default();
    conforms(&shelf, &shelf).await;
}

use std::io::Read as _;

use voicera::testing::transcript_sink::{call, conforms};

use super::*;
use crate::record::Record;

#[tokio::test]
async fn it_keeps_what_the_contract_says() {
    let (mut reader, writer) = io::pipe().unwrap();
    let sink = Stdout::over(writer).unwrap();
    let entries = conforms(&sink).await;
    drop(sink);
    let mut read = Vec::new();
    reader.read_to_end(&mut read).unwrap();
    let lines = entries
        .iter()
        .map(|entry| Record::of(entry).line().unwrap());
    assert_eq!(read, lines.collect::<Vec<_>>().concat());
}

#[tokio::test]
async fn a_closed_pipe_is_an_error() {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let sink = Stdout::over(writer).unwrap();
    for entry in call("CA-1") {
        let error = sink.append(&entry).await.unwrap_err();
        assert!(matches!(error, SinkError::Unavailable(_)), "{error:?}");
    }
}

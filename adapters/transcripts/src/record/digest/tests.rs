use voicera::insight::Origin;
use voicera::testing::archive::analysis;
use voicera::testing::transcript_sink::call;

use super::*;

#[test]
fn a_digest_is_read_back_as_it_was() {
    let mut calls = [call("CA-1"), call("CA-2"), call("CA-3")];
    calls[2].truncate(2);
    let analyses = [analysis(Origin::Operators)];
    for (entries, analyses) in calls.iter().zip([&analyses[..], &[], &[]]) {
        let digest = Digest::of(entries, analyses).unwrap();
        let written = serde_json::to_vec(&DigestRecord::of(&digest)).unwrap();
        let read = serde_json::from_slice::<DigestRecord<'_>>(&written).unwrap();
        assert_eq!(read.digest().unwrap(), digest);
    }
}

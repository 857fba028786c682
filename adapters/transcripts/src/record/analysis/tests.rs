use expect_test::{Expect, expect};
use voicera::testing::archive::analysis;

use super::*;

#[test]
fn an_analysis_as_a_line() {
    check(
        &analysis(Origin::Model("a/model".to_owned())),
        expect![[r#"
            {"v":1,"call":"CA-1","kind":"analysis","origin":"model","by":"a/model","at":"2026-11-21T22:34:40.123Z","insights":{"escalation":{"detected":true,"confidence":0.75,"evidence":[{"entry":1,"start":0,"end":3},{"entry":1,"start":4,"end":5}]},"introduction":{"detected":false,"confidence":0.75,"evidence":[]},"transfer":{"detected":true,"confidence":0.75,"evidence":[{"entry":2,"start":1,"end":2}]},"entities":[{"kind":"consumer_good","text":"a consumer_good, \"as it was said\"","confidence":0.1,"place":{"entry":1,"start":0,"end":4}},{"kind":"date","text":"a date, \"as it was said\"","confidence":0.1,"place":{"entry":1,"start":0,"end":4}},{"kind":"location","text":"a location, \"as it was said\"","confidence":0.1,"place":{"entry":1,"start":0,"end":4}},{"kind":"organization","text":"a organization, \"as it was said\"","confidence":0.1,"place":{"entry":1,"start":0,"end":4}},{"kind":"person","text":"a person, \"as it was said\"","confidence":0.1},{"kind":"quantity","text":"a quantity, \"as it was said\"","confidence":0.1,"place":{"entry":1,"start":0,"end":4}},{"kind":"money","text":"a money, \"as it was said\"","value":"USD 2200","confidence":0.1,"place":{"entry":1,"start":0,"end":4}},{"kind":"time","text":"a time, \"as it was said\"","confidence":0.1,"place":{"entry":1,"start":0,"end":4}},{"kind":"phone","text":"a phone, \"as it was said\"","confidence":0.1,"place":{"entry":1,"start":0,"end":4}},{"kind":"email","text":"a email, \"as it was said\"","confidence":0.1,"place":{"entry":1,"start":0,"end":4}},{"kind":"identifier","text":"a identifier, \"as it was said\"","confidence":0.1,"place":{"entry":1,"start":0,"end":4}}],"sentiment":{"overall":"mixed","confidence":0.6,"lines":[{"entry":1,"speaker":"caller","mood":"negative","score":-0.7},{"entry":2,"speaker":"agent","mood":"positive","score":0.3}]},"summary":"They spoke,\nand 洛.","services":[{"label":"Sea freight","confidence":0.9,"evidence":[{"entry":1,"start":0,"end":2}]},{"label":"Customs & \"duties\"","confidence":0.9,"evidence":[{"entry":1,"start":0,"end":2}]}]}}
        "#]],
    );
}

#[test]
fn what_was_not_asked_is_absent() {
    let analysis = Analysis {
        insights: insight::Insights::default(),
        ..analysis(Origin::Operators)
    };
    check(
        &analysis,
        expect![[r#"
        {"v":1,"call":"CA-1","kind":"analysis","origin":"operators","at":"2026-11-21T22:34:40.123Z","insights":{}}
    "#]],
    );
}

#[test]
fn what_is_unknown_is_named() {
    let record = |change: fn(&mut AnalysisRecord)| {
        let mut record = AnalysisRecord::of(&analysis(Origin::Operators));
        change(&mut record);
        record.analysis().unwrap_err().to_string()
    };
    let unknown = "a transcript has a name that this version does not know: new";
    assert_eq!(record(|record| record.origin = "new".to_owned()), unknown);
    let entity = |record: &mut AnalysisRecord| {
        record.insights.entities.as_mut().unwrap()[0].kind = "new".to_owned();
    };
    assert_eq!(record(entity), unknown);
}

/// The analysis as a line; it is read back as it was.
fn check(analysis: &Analysis, expected: Expect) {
    let record = AnalysisRecord::of(analysis);
    let line = String::from_utf8(record.line(&CallId::new("CA-1")).unwrap()).unwrap();
    let read = serde_json::from_str::<AnalysisRecord>(&line).unwrap();
    assert_eq!(read.analysis().unwrap(), *analysis);
    expected.assert_eq(&line);
}

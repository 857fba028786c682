use expect_test::{Expect, expect};

use super::*;

fn check(changes: impl Fn(&mut Settings), expected: Expect) {
    let mut settings = Settings::default();
    settings.check().unwrap();
    changes(&mut settings);
    expected.assert_eq(&settings.check().unwrap_err().to_string());
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    check(
        |settings| settings.title = -1.0,
        expect!["retriever.lexical.title: -1 does not fit; use a number from 0"],
    );
    check(
        |settings| settings.saturation = f32::NAN,
        expect!["retriever.lexical.saturation: NaN does not fit; use a number from 0"],
    );
    check(
        |settings| settings.length = 1.5,
        expect!["retriever.lexical.length: 1.5 does not fit; use 0 to 1"],
    );
    check(
        |settings| settings.terms = 0,
        expect!["retriever.lexical.terms: 0 does not fit; use 1 and more"],
    );
    check(
        |settings| settings.writer_threads = 5,
        expect![
            "retriever.lexical.writer_bytes: 64000000 does not fit; use 15 000 000 to 4 000 000 000 bytes a thread"
        ],
    );
    check(
        |settings| settings.writer_threads = 9,
        expect!["retriever.lexical.writer_threads: 9 does not fit; use 1 to 8"],
    );
}

#[test]
fn only_what_changes_the_terms_makes_another_analysis() {
    let plain = Settings::default();
    let boosted = Settings {
        title: 9.0,
        ..Settings::default()
    };
    assert_eq!(plain.analysis(), boosted.analysis());
    let protected = BTreeSet::from(["Demurrage".to_owned()]);
    let protected = Settings {
        protected,
        ..Settings::default()
    };
    assert_ne!(plain.analysis(), protected.analysis());
}

mod labelled;
mod lines;
mod properties;

use super::*;

/// All that can be masked.
pub(super) fn strict() -> Masker {
    Masker::new(Rules {
        emails: true,
        phones: true,
        caller: Caller::Hashed,
        ours: vec![
            "+1-800-555-0100".to_owned(),
            "support@supplychainco.com".to_owned(),
        ],
        salt: Salt::new(b"salt"),
        ..Rules::default()
    })
}

pub(super) fn usual() -> Masker {
    Masker::new(Rules {
        salt: Salt::new(b"salt"),
        ..Rules::default()
    })
}

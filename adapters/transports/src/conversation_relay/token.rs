//! x
pub(super) const PARAMETER: &str = "token";

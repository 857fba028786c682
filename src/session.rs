//! The state of one call.

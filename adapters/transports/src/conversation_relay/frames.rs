//! The frames of the relay: what they say, and what that means to the core.

pub(super) mod heard;

pub(super) mod said;

#[cfg(test)]
mod tests;

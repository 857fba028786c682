//! Vectors in a Qdrant server: the store that fills it and the search that asks it.
//!
//! Each state of the index is a collection of its own, `<name>-<seconds since 1970>`, and the
//! alias `<name>` says which one is current; see `versions.rs`. A build without the feature
//! `qdrant` knows the settings only.

mod settings;

#[cfg(feature = "qdrant")]
mod opening;

#[cfg(feature = "qdrant")]
mod index;

#[cfg(feature = "qdrant")]
mod versions;

#[cfg(feature = "qdrant")]
mod writer;

#[cfg(feature = "qdrant")]
mod payload;

#[cfg(feature = "qdrant")]
mod remote;

#[cfg(feature = "qdrant")]
mod fault;

#[cfg(all(feature = "qdrant", any(test, feature = "testing")))]
pub mod testing;

#[cfg(feature = "qdrant")]
#[cfg(test)]
mod tests;

pub use settings::{Languages, Quantization, Settings};

#[cfg(feature = "qdrant")]
pub use self::{
    index::Index,
    opening::{Opened, open},
    versions::Versions,
};

//! What the commands do that are neither `serve` nor `chat`.

pub mod ask;

pub mod compare;

pub mod evaluate;

mod judging;

mod progress;

mod table;

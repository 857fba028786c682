//! What the commands do that are neither `serve` nor `chat`.

pub mod ask;

pub mod calls;

pub mod gaps;

pub mod intelligence;

pub mod twilio;

pub mod compare;

pub mod evaluate;

pub mod index;

pub mod quality;

mod judging;

mod progress;

mod table;

//! Where words go: implementations of [`voicera::ports::TranscriptSink`].
//!
//! ```text
//! sqlite    the archive in a file: kept, listed, searched, forgotten, and what waits to be sent
//! postgres  the same archive in a database that servers share (feature `postgres`)
//! jsonl     a file, one line of JSON per entry; what is acknowledged survives `kill -9`
//! stdout    the same lines to standard output
//! fanout    several sinks as one
//! live      what is said now, for who listens
//! outbox    what waits to be sent to other systems
//! delivery  sends it, to one destination each, at least once
//! webhook   posts it as signed JSON to an address
//! twilio    what Twilio finds out about calls, and what is set up there
//! record    the format of a line, which readers of transcripts rely on
//! ```

pub mod sqlite;

pub mod postgres;

pub mod jsonl;

pub mod stdout;

pub mod fanout;

pub mod live;

pub mod outbox;

pub mod delivery;

pub mod webhook;

pub mod twilio;

pub mod record;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

mod lines;

mod terms;

mod unkept;

mod writer;

pub use delivery::Deliverer;
pub use fanout::Fanout;
pub use jsonl::Jsonl;
pub use live::Live;
#[cfg(feature = "postgres")]
pub use postgres::Postgres;
pub use sqlite::Sqlite;
pub use stdout::Stdout;
pub use unkept::Unkept;
pub use webhook::Webhook;

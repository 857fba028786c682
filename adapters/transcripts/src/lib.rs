//! Where words go: implementations of [`voicera::ports::TranscriptSink`].
//!
//! ```text
//! jsonl   a file, one line of JSON per entry; what is acknowledged survives `kill -9`
//! stdout  the same lines to standard output
//! fanout  several sinks as one
//! outbox  what waits to be sent to other systems
//! record  the format of a line, which readers of transcripts rely on
//! ```

pub mod jsonl;

pub mod stdout;

pub mod fanout;

pub mod outbox;

pub mod record;

mod lines;

mod writer;

pub use fanout::Fanout;
pub use jsonl::Jsonl;
pub use stdout::Stdout;

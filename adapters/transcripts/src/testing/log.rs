//! What is logged, as text.

use std::io;
use std::sync::{Arc, Mutex, Once};

use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Debug, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// To what this thread logs, until the guard is dropped.
    pub(crate) fn listen(&self) -> DefaultGuard {
        // What the thread of another test meets first, without a subscriber, would be off for all.
        static ON: Once = Once::new();
        ON.call_once(|| {
            let nobody = tracing_subscriber::fmt().with_writer(io::sink).finish();
            let _ = tracing::subscriber::set_global_default(nobody);
        });
        let subscriber = tracing_subscriber::fmt().with_writer(self.clone());
        let subscriber = subscriber.without_time().with_ansi(false).finish();
        tracing::subscriber::set_default(subscriber)
    }

    pub(crate) fn write(&self, text: &str) {
        self.0.lock().unwrap().extend_from_slice(text.as_bytes());
    }

    pub(crate) fn read(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

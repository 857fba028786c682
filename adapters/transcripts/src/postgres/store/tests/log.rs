//! What the archive says in the log, of the thread that runs a test.

use tracing::subscriber::DefaultGuard;

use crate::testing::log;

pub(super) struct Log(log::Log);

impl Log {
    pub(super) fn listen() -> (Self, DefaultGuard) {
        let log = log::Log::default();
        let listening = log.listen();
        (Self(log), listening)
    }

    /// The lines of this crate.
    pub(super) fn lines(&self) -> Vec<String> {
        let text = self.0.read();
        let lines = text.lines().filter(|line| line.contains("voicera"));
        lines.map(|line| line.trim().to_owned()).collect()
    }

    /// Waits until there are so many lines.
    pub(super) async fn has(&self, count: usize) {
        while self.lines().len() < count {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
}

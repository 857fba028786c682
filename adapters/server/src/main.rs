//! Starts the server's command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    voicera_server::cli::run()
}

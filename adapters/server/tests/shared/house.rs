//! The built binary, run to its end in a folder of its own.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use expect_test::Expect;
use tempfile::TempDir;

/// A folder with a configuration and a small knowledge base.
pub(crate) struct House(TempDir);

impl House {
    pub(crate) fn new(configuration: &str) -> Self {
        let house = Self(tempfile::tempdir().unwrap());
        fs::create_dir(house.path().join("knowledge_base")).unwrap();
        house.write(
            "knowledge_base/rates.md",
            "# Rates\n\nA box costs 5 dollars.\n",
        );
        if !configuration.is_empty() {
            house.write("voicera.toml", configuration);
        }
        house
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_voicera"));
        command.args(arguments).current_dir(self.path()).env_clear();
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }
}

/// Runs the binary and shows how it ended and what it said.
pub(crate) fn check(house: &House, arguments: &[&str], expected: Expect) -> String {
    let said = said(&house.run(arguments));
    let wide: Vec<_> = said
        .lines()
        .filter(|line| line.chars().count() > 80)
        .collect();
    let is_json = arguments.contains(&"--json");
    assert!(is_json || wide.is_empty(), "too wide: {wide:?}");
    expected.assert_eq(&said);
    said
}

pub(crate) fn said(output: &Output) -> String {
    let code = output.status.code().expect("it was killed");
    let mut said = format!("exit {code}\n");
    for stream in [&output.stdout, &output.stderr] {
        said.push_str(std::str::from_utf8(stream).unwrap());
    }
    said
}

//! The only place that writes to the terminal.

use std::process::ExitCode;

/// A line on standard output.
#[expect(
    clippy::print_stdout,
    reason = "a command line speaks on standard output"
)]
pub(crate) fn say(line: &str) {
    println!("{line}");
}

/// A line on standard error, for people who watch while the output goes elsewhere.
#[expect(
    clippy::print_stderr,
    reason = "progress must not mix with output that a program reads"
)]
pub(crate) fn note(line: &str) {
    eprintln!("{line}");
}

/// Says what went wrong, cause by cause, and gives the exit code for it.
pub(crate) fn fail(error: &anyhow::Error) -> ExitCode {
    note(&format!("chimerad: {error:#}"));
    ExitCode::from(1)
}

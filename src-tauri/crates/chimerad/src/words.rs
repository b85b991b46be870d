//! The only place that writes to the terminal, and what text from outside looks like there.

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

/// Text from outside for a terminal: whatever could move its cursor or hide something is written as its number.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .map(|sign| {
            let hidden = sign.is_control()
                || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}');
            if hidden {
                format!("[U+{:04X}]", u32::from(sign))
            } else {
                sign.to_string()
            }
        })
        .collect()
}

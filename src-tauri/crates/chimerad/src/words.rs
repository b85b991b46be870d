//! The only place that writes to the terminal, and what text from outside looks like there.

use std::{
    io::{self, Write},
    process::ExitCode,
    sync::OnceLock,
};

/// Why a line could not be written, the first time.
static UNSAID: OnceLock<io::Error> = OnceLock::new();

/// A line on standard output. What cannot be written is remembered: the command goes on to its own end.
pub(crate) fn say(line: &str) {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "{line}").and_then(|()| out.flush());
    if let Err(error) = written {
        // The first one says why.
        drop(UNSAID.set(error));
    }
}

/// Whether something that was said went nowhere.
pub(crate) fn unsaid() -> bool {
    UNSAID.get().is_some()
}

/// The exit code of a command that ended with `code`: another one where what it said could not be written. Whoever stops
/// reading has read enough.
pub(crate) fn ended(code: ExitCode) -> ExitCode {
    match UNSAID.get() {
        Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            note(&format!(
                "chimerad: what was to be said could not be written: {error}. What the command did stands."
            ));
            ExitCode::from(1)
        }
        _ => code,
    }
}

/// A line on standard error, for people who watch while the output goes elsewhere.
pub(crate) fn note(line: &str) {
    // There is nobody left to tell that nobody listens.
    drop(writeln!(io::stderr().lock(), "{line}"));
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

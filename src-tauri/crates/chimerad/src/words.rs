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
    note(&format!("chimerad: {}", in_words(format!("{error:#}"))));
    ExitCode::from(1)
}

/// What a system refuses, in our words with what to do.
const REFUSALS: [(io::ErrorKind, &str); 8] = [
    (
        io::ErrorKind::NotFound,
        "there is no such file or folder. Look whether its name is right, then try again",
    ),
    (
        io::ErrorKind::PermissionDenied,
        "this account may not. Let it read and write there, or name another place",
    ),
    (
        io::ErrorKind::IsADirectory,
        "that is a folder and no file. Name a file",
    ),
    (
        io::ErrorKind::NotADirectory,
        "a part of that path is a file and no folder. Look whether its name is right",
    ),
    (
        io::ErrorKind::AlreadyExists,
        "something is there already, and is not written over. Choose another name, or move it away",
    ),
    (
        io::ErrorKind::StorageFull,
        "there is no room on that disk. Make room, or name another place",
    ),
    (
        io::ErrorKind::ReadOnlyFilesystem,
        "that disk cannot be written to. Name another place",
    ),
    (
        io::ErrorKind::AddrInUse,
        "something else listens there. Choose another port, or end what listens",
    ),
];
/// What the store has words of its own for.
const STORES: [io::ErrorKind; 3] = [
    io::ErrorKind::PermissionDenied,
    io::ErrorKind::StorageFull,
    io::ErrorKind::ReadOnlyFilesystem,
];
/// How the number of a system's error begins in a text.
const NUMBERED: &str = " (os error ";

/// The same of what has no number: a file of letters that are none, and a name that is taken.
fn unnumbered(text: String) -> String {
    let no_text = "stream did not contain valid UTF-8";
    let taken = io::Error::from(io::ErrorKind::AlreadyExists).to_string();
    let known = REFUSALS
        .iter()
        .find(|(kind, _)| *kind == io::ErrorKind::AlreadyExists);
    let text = text.replace(no_text, "that is no text (UTF-8). Name another file");
    known.map_or(text.clone(), |(_, words)| text.replace(&taken, words))
}

/// A text in which no system speaks with a bare number.
pub(crate) fn in_words(text: String) -> String {
    let mut text = unnumbered(text);
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(NUMBERED)) {
        let at = from + at;
        from = at + 1;
        let after = text.get(at + NUMBERED.len()..).unwrap_or_default();
        let Some((number, rest)) = after.split_once(')') else {
            continue;
        };
        let Ok(number) = number.parse() else {
            continue;
        };
        let error = io::Error::from_raw_os_error(number);
        let told = error.to_string();
        let known = REFUSALS.iter().find(|(kind, _)| *kind == error.kind());
        let words = match (known, told.split_once(NUMBERED)) {
            // In brackets it is a cause within a sentence of the store's, which says itself what to do.
            (_, Some((bare, _))) if rest.starts_with(')') && STORES.contains(&error.kind()) => bare,
            (Some((_, words)), _) => words,
            (None, _) => continue,
        };
        if text.contains(&told) {
            text = text.replace(&told, words);
            from = 0;
        }
    }
    text
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_system_speaks_in_our_words_and_says_what_to_do() {
        let missing = io::Error::from_raw_os_error(2);
        assert_eq!(
            in_words(format!("a.md cannot be read: {missing}")),
            "a.md cannot be read: there is no such file or folder. Look whether its name is right, then try again"
        );
        let folder = io::Error::from_raw_os_error(21);
        assert!(in_words(format!("{missing}; {folder}")).ends_with("no file. Name a file"));
        let full = io::Error::from_raw_os_error(28);
        assert_eq!(
            in_words(format!("a.db cannot be written to ({full}); make room.")),
            "a.db cannot be written to (No space left on device); make room."
        );
        for strange in ["x (os error ", "x (os error y)", "x (os error 4711)", ""] {
            assert_eq!(in_words(strange.to_owned()), strange);
        }
    }
}

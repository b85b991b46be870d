//! Starting child processes: shown, captured, or passed through and listened
//! to. What is started, and why, is the caller's business; nothing here
//! interprets output.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use anyhow::{Context, Result, bail};

/// Lines of a child that may wait for the listener.
const MAX_WAITING_LINES: usize = 1024;

/// Tells the person what happens now.
pub(crate) fn say(text: &str) {
    eprintln!("» {text}");
}

/// The command line as a person would type it.
pub(crate) fn line_of(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

/// Runs a child in the open; an unsuccessful end is an error.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    if succeeds(command)? {
        return Ok(());
    }
    bail!("`{}` failed; its own words are above", line_of(command))
}

/// Runs a child in the open and says whether it succeeded.
pub(crate) fn succeeds(command: &mut Command) -> Result<bool> {
    say(&line_of(command));
    let status = command
        .status()
        .with_context(|| format!("starting `{}`", line_of(command)))?;
    Ok(status.success())
}

/// Lets the program take this one's place, so that Ctrl-C and its exit code are
/// its own. Where a process cannot be replaced, waits for it instead.
pub(crate) fn become_child(command: &mut Command) -> Result<ExitCode> {
    say(&line_of(command));
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        Err(command.exec()).with_context(|| format!("starting `{}`", line_of(command)))
    }
    #[cfg(not(unix))]
    {
        let status = command
            .status()
            .with_context(|| format!("starting `{}`", line_of(command)))?;
        Ok(if status.success() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

/// Runs a child silently and returns what it printed.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("starting `{}`", line_of(command)))?;
    if !output.status.success() {
        bail!(
            "`{}` failed:\n{}",
            line_of(command),
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` printed no text", line_of(command)))
}

/// Runs a child whose output appears as it comes, hands every line (without
/// colours) to `hear`, and says whether the child succeeded.
pub(crate) fn listen(command: &mut Command, mut hear: impl FnMut(&str)) -> Result<bool> {
    say(&line_of(command));
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting `{}`", line_of(command)))?;
    let (sender, lines) = sync_channel(MAX_WAITING_LINES);
    let out = child
        .stdout
        .take()
        .map(|pipe| pass_on(pipe, std::io::stdout(), sender.clone()));
    let err = child
        .stderr
        .take()
        .map(|pipe| pass_on(pipe, std::io::stderr(), sender.clone()));
    drop(sender);
    for line in lines {
        hear(&without_colours(&line));
    }
    for reader in [out, err].into_iter().flatten() {
        if reader.join().is_err() {
            bail!("reading the output of `{}` broke off", line_of(command));
        }
    }
    let status = child
        .wait()
        .with_context(|| format!("waiting for `{}`", line_of(command)))?;
    Ok(status.success())
}

fn pass_on(
    pipe: impl Read + Send + 'static,
    mut onto: impl Write + Send + 'static,
    sender: SyncSender<String>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while matches!(reader.read_until(b'\n', &mut bytes), Ok(count) if count > 0) {
            // A closed terminal must not end the child: its result still counts.
            let _closed = onto.write_all(&bytes).and_then(|()| onto.flush());
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            if sender.send(line).is_err() {
                return;
            }
            bytes.clear();
        }
    })
}

/// The text without ANSI escape sequences.
pub(crate) fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        if letter != '\u{1b}' {
            plain.push(letter);
        } else if rest.next() == Some('[') {
            // A control sequence ends with its first letter.
            let _command = rest.by_ref().find(|next| ('@'..='~').contains(next));
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_out_and_text_stays() {
        assert_eq!(
            without_colours("\u{1b}[32;1m  Summary\u{1b}[0m [ 1s] ünï"),
            "  Summary [ 1s] ünï"
        );
        assert_eq!(without_colours("plain"), "plain");
    }

    #[test]
    fn a_child_is_heard_on_both_streams_and_its_failure_is_known() {
        let mut child = Command::new("sh");
        child.args(["-c", "echo out; echo err >&2; exit 3"]);
        let mut heard = Vec::new();
        let success = listen(&mut child, |line| heard.push(line.to_owned())).unwrap();
        heard.sort();
        assert_eq!(
            (success, heard),
            (false, vec!["err".to_owned(), "out".to_owned()])
        );
    }

    #[test]
    fn a_silent_child_that_fails_is_quoted() {
        let mut child = Command::new("sh");
        child.args(["-c", "echo broken pipe organ >&2; exit 1"]);
        let error = capture(&mut child).unwrap_err().to_string();
        assert!(error.contains("broken pipe organ"), "{error}");
    }
}

//! A child process that serves MCP over its standard streams: started in a process group of its
//! own with a listed environment, listened to, and never outliving its connection.
//!
//! Should this process itself be killed, nothing here runs any more; a server then sees its input
//! close, which is the protocol's own sign to leave.
//!
//! Never here: the protocol.

use std::{
    collections::{BTreeMap, VecDeque},
    io,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{ChildStderr, ChildStdin, ChildStdout},
    time::timeout,
};
use tokio_util::task::TaskTracker;

use crate::{blotting::Blotting, spec::ChildProcess, wire::Ending};

/// How long a server may take to leave after its input closed, before it is killed.
pub(crate) const LEAVE_GRACE: Duration = Duration::from_secs(2);
/// Lines of standard error that are kept per server; older ones go.
const MAX_LAST_WORDS_LINES: usize = 200;
/// Bytes that are kept of one such line.
const MAX_LAST_WORDS_LINE_BYTES: usize = 1_000;

/// The last lines that a server wrote to standard error, over all its lives.
#[derive(Debug, Default)]
pub(crate) struct LastWords(Mutex<VecDeque<String>>);

impl LastWords {
    fn push(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == MAX_LAST_WORDS_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// Begins with the lines of another.
    pub(crate) fn take_over(&self, before: &Self) {
        let earlier = before.lines();
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = MAX_LAST_WORDS_LINES.saturating_sub(lines.len());
        for line in earlier.into_iter().rev().take(room) {
            lines.push_front(line);
        }
    }

    /// Oldest first.
    pub(crate) fn lines(&self) -> Vec<String> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().cloned().collect()
    }
}

/// A running server program. Dropping it kills its whole group.
pub(crate) struct Child {
    process: Option<Box<dyn ChildWrapper>>,
    tasks: TaskTracker,
}

impl Child {
    /// Starts the program. Its standard error flows into `last_words` from the first byte on.
    pub(crate) fn spawn(
        spec: &ChildProcess,
        base_env: &BTreeMap<String, String>,
        last_words: &Arc<LastWords>,
        tasks: &TaskTracker,
        secrets: Vec<String>,
    ) -> io::Result<(Self, ChildStdout, ChildStdin)> {
        let mut command = CommandWrap::with_new(&spec.command, |command| {
            command
                .args(&spec.args)
                .env_clear()
                .envs(base_env)
                .envs(&spec.env)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            if let Some(cwd) = &spec.cwd {
                command.current_dir(cwd);
            }
        });
        command.wrap(KillOnDrop);
        #[cfg(unix)]
        command.wrap(process_wrap::tokio::ProcessGroup::leader());
        #[cfg(windows)]
        command.wrap(process_wrap::tokio::JobObject);
        let mut child = Self {
            process: Some(command.spawn()?),
            tasks: tasks.clone(),
        };
        let (stdin, stdout, stderr) = child.streams()?;
        let blotting = Blotting::of(spec.env.values().cloned().chain(secrets));
        tasks.spawn(listen(stderr, Arc::clone(last_words), blotting));
        Ok((child, stdout, stdin))
    }

    fn streams(&mut self) -> io::Result<(ChildStdin, ChildStdout, ChildStderr)> {
        let process = self.process.as_mut();
        process
            .and_then(|process| {
                Some((
                    process.stdin().take()?,
                    process.stdout().take()?,
                    process.stderr().take()?,
                ))
            })
            .ok_or_else(|| io::Error::other("the child has no standard streams"))
    }

    /// Lets the program go, its input being closed: looks for `glance` whether it is gone, then
    /// leaves the rest to a background task that kills whatever remains after [`LEAVE_GRACE`].
    pub(crate) async fn see_off(mut self, glance: Duration, ending: Arc<Ending>) {
        let Some(process) = self.process.as_mut() else {
            return;
        };
        if let Ok(exit) = timeout(glance, process.wait()).await {
            note_exit(&ending, exit);
            // The leader is gone; members of its group that it left behind go too (in `drop`).
            return;
        }
        let tasks = self.tasks.clone();
        tasks.spawn(async move {
            if let Some(process) = self.process.as_mut()
                && let Ok(exit) = timeout(LEAVE_GRACE, process.wait()).await
            {
                note_exit(&ending, exit);
            }
            drop(self);
        });
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let Some(mut process) = self.process.take() else {
            return;
        };
        // The whole group; when all of it has already left, there is nobody to tell.
        drop(process.start_kill());
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let reap = self.tasks.track_future(async move {
                drop(process.wait().await);
            });
            runtime.spawn(reap);
        }
    }
}

fn note_exit(ending: &Ending, exit: io::Result<std::process::ExitStatus>) {
    if let Ok(status) = exit {
        ending.note_exit(format!("ended with {status}"));
    }
}

/// Keeps what the server says on standard error, line by line, until it closes.
async fn listen(stderr: ChildStderr, last_words: Arc<LastWords>, blotting: Blotting) {
    let mut reader = BufReader::new(stderr);
    let mut line = Vec::new();
    while let Ok(buffer) = reader.fill_buf().await {
        if buffer.is_empty() {
            break;
        }
        let newline = buffer.iter().position(|byte| *byte == b'\n');
        let taken = newline.map_or(buffer.len(), |at| at + 1);
        // A line that never ends costs its first kilobyte and no more.
        // A secret that begins within it is seen whole.
        let most = MAX_LAST_WORDS_LINE_BYTES + blotting.longest();
        let room = most.saturating_sub(line.len());
        line.extend_from_slice(&buffer[..newline.unwrap_or(taken).min(room)]);
        reader.consume(taken);
        if newline.is_some() {
            last_words.push(blot(&line, &blotting));
            line.clear();
        }
    }
    if !line.is_empty() {
        last_words.push(blot(&line, &blotting));
    }
}

fn blot(line: &[u8], blotting: &Blotting) -> String {
    let mut text = blotting.text(String::from_utf8_lossy(line.trim_ascii_end()).into_owned());
    text.truncate(text.floor_char_boundary(MAX_LAST_WORDS_LINE_BYTES));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_lines_are_kept() {
        let words = LastWords::default();
        for number in 0..MAX_LAST_WORDS_LINES + 5 {
            words.push(number.to_string());
        }
        let lines = words.lines();
        assert_eq!(lines.len(), MAX_LAST_WORDS_LINES);
        assert_eq!(lines.first().map(String::as_str), Some("5"));
    }

    #[test]
    fn a_secret_across_the_end_of_what_is_kept_is_blotted_out() {
        let blotting = Blotting::of(["s3cr3t-of-some-length".to_owned()]);
        let line = format!(
            "{}s3cr3t-of-some-length and more",
            "x".repeat(MAX_LAST_WORDS_LINE_BYTES - 5)
        );
        let kept = blot(line.as_bytes(), &blotting);
        assert!(!kept.contains("s3c"), "{kept}");
        assert!(kept.len() <= MAX_LAST_WORDS_LINE_BYTES);
    }

    #[test]
    fn values_of_its_variables_are_blotted_out() {
        let blotting = Blotting::of(["s3cr3t".to_owned()]);
        assert_eq!(
            blot(b"login with s3cr3t failed\r\n", &blotting),
            "login with ••• failed"
        );
    }
}

//! Writes a recording while a run goes on. One that cannot be written is given up and said so; the run goes on.
//!
//! Never here: playing one.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
    sync::{Mutex, PoisonError},
};

use chimera_domain::time::Timestamp;
use serde_json::Value;

use crate::{
    fold::Folder,
    line::{FORMAT, Line},
};

/// Largest recording in bytes; then it says that it is full.
pub const MAX_RECORDING_BYTES: u64 = 256 << 20;

/// A recording that is being written.
#[derive(Debug)]
pub struct Recorder {
    /// Nothing once it was given up. Never held across an await.
    open: Mutex<Option<Open>>,
}

#[derive(Debug)]
struct Open {
    file: File,
    folder: Folder,
    left: u64,
    decisions: u64,
}

impl Recorder {
    /// Begins a recording in a new file, which only its owner may read: it has everything in it that was said.
    ///
    /// # Errors
    /// When there is such a file already, or it cannot be made.
    pub fn begin(path: &Path, at: Timestamp) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let recorder = Self {
            open: Mutex::new(Some(Open {
                file: options.open(path)?,
                folder: Folder::default(),
                left: MAX_RECORDING_BYTES,
                decisions: 0,
            })),
        };
        recorder.record(&Line::Begun { format: FORMAT, at });
        Ok(recorder)
    }

    /// Says that the run came to an orderly end, and how many decisions there were; nothing is written after it.
    pub fn end(&self) {
        let decisions = {
            let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.as_ref().map(|writing| writing.decisions)
        };
        if let Some(decisions) = decisions {
            self.record(&Line::Ended { decisions });
        }
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Writes a line.
    pub fn record(&self, line: &Line) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(writing) = open.as_mut() else {
            return;
        };
        match writing.write(line) {
            Ok(true) => {}
            Ok(false) => {
                tracing::warn!("the recording is full; the run goes on without it");
                *open = None;
            }
            Err(error) => {
                tracing::error!(%error, "the recording cannot be written; the run goes on without it");
                *open = None;
            }
        }
    }
}

impl Open {
    /// Whether there is room for more.
    fn write(&mut self, line: &Line) -> io::Result<bool> {
        let Value::Object(mut fields) = serde_json::to_value(line)? else {
            return Ok(true);
        };
        let mut text = String::new();
        let mut add = |line: &Value| {
            text.push_str(&line.to_string());
            text.push('\n');
        };
        for (_, field) in &mut fields {
            let mut write = |number: u64, value: &Value| {
                add(&serde_json::json!({"line": "value", "number": number, "value": value}));
            };
            *field = self.folder.fold(field, &mut write);
        }
        add(&Value::Object(fields));
        let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
        if bytes > self.left {
            self.file.write_all(b"{\"line\":\"full\"}\n")?;
            return Ok(false);
        }
        self.left -= bytes;
        self.file.write_all(text.as_bytes())?;
        self.decisions += u64::from(matches!(line, Line::Decided(_)));
        Ok(true)
    }
}

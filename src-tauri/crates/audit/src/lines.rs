//! Lines of a file, one after the other, each within a bound.
//!
//! Never here: what a line says.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use crate::AuditError;

/// Reads lines.
pub(crate) struct Lines {
    path: PathBuf,
    file: BufReader<File>,
    longest: usize,
    number: u64,
}

impl Lines {
    /// The lines of a file, each of at most `longest` bytes.
    pub(crate) fn open(path: &Path, longest: usize) -> Result<Self, AuditError> {
        let file = File::open(path).map_err(|why| AuditError::not("read", path, &why))?;
        Ok(Self {
            path: path.to_owned(),
            file: BufReader::new(file),
            longest,
            number: 0,
        })
    }

    /// The next line without its end, and whether it had one; nothing after the last.
    pub(crate) fn next(&mut self) -> Result<Option<(Vec<u8>, bool)>, AuditError> {
        self.number += 1;
        let mut line = Vec::new();
        let most = u64::try_from(self.longest)
            .unwrap_or(u64::MAX)
            .saturating_add(1);
        let read = (&mut self.file)
            .take(most)
            .read_until(b'\n', &mut line)
            .map_err(|why| AuditError::not("read", &self.path, &why))?;
        if read == 0 {
            return Ok(None);
        }
        let ended = line.last() == Some(&b'\n');
        if ended {
            line.pop();
        } else if line.len() > self.longest {
            return Err(self.wrong(format!("longer than {} bytes", self.longest)));
        }
        Ok(Some((line, ended)))
    }

    /// What is wrong with the line that was read last.
    pub(crate) fn wrong(&self, why: impl std::fmt::Display) -> AuditError {
        AuditError::file(&self.path, format!("line {}: {why}", self.number))
    }
}

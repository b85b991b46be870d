//! Checkpoints kept elsewhere: a file of lines that is only ever added to, on a disk or share that whoever can write
//! the log cannot write.
//!
//! Never here: what they are compared with (`walk`), how often one is kept (`notary`).

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
};

use chimera_canon::Digest;
use chimera_domain::{audit::Checkpoint, id::TenantId};

use crate::{AuditError, checkpoint, lines::Lines};

/// Largest file of anchors that is read, in bytes: ten years of one checkpoint a minute.
pub const MAX_ANCHOR_BYTES: u64 = 4 * 1024 * 1024 * 1024;
/// Longest line of it, in bytes; a checkpoint takes about 600.
const MAX_LINE_BYTES: usize = 4_096;
/// Most checkpoints of one file that are held at once; beyond, every second one is let go. A link carries all links
/// before it, so that fewer checkpoints find the same and only say less exactly where.
const MAX_HELD: usize = 200_000;

/// Checkpoints that were kept elsewhere: by tenant and number of the last link, that link.
#[derive(Clone, Debug, Default)]
pub struct Anchors {
    heads: BTreeMap<(TenantId, u64), Digest>,
    unreadable: u64,
}

impl Anchors {
    /// Reads a file of anchors. A line that is none, as one that was cut off by a crash, is counted and passed over.
    ///
    /// # Errors
    /// When the file cannot be read, or is larger than [`MAX_ANCHOR_BYTES`].
    pub fn read(path: &Path) -> Result<Self, AuditError> {
        let bytes = std::fs::metadata(path)
            .map_err(|why| AuditError::not("read", path, &why))?
            .len();
        if bytes > MAX_ANCHOR_BYTES {
            let why = format!("larger than {MAX_ANCHOR_BYTES} bytes; nothing was read");
            return Err(AuditError::file(path, why));
        }
        let mut anchors = Self::default();
        let mut lines = Lines::open(path, MAX_LINE_BYTES)?;
        while let Some((line, _)) = lines.next()? {
            if line.is_empty() {
                continue;
            }
            match std::str::from_utf8(&line).map(checkpoint::read_line) {
                Ok(Ok(checkpoint)) => anchors.add(&checkpoint),
                _ => anchors.unreadable += 1,
            }
        }
        Ok(anchors)
    }

    /// Keeps one checkpoint at the end of a file, which is made when it is not there; on the disk when this returns.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep(path: &Path, checkpoint: &Checkpoint) -> Result<(), AuditError> {
        let mut line = checkpoint::line(checkpoint)?;
        line.push(b'\n');
        let mut write = || {
            let mut file = OpenOptions::new()
                .create(true)
                .read(true)
                .append(true)
                .open(path)?;
            if !ends_a_line(&mut file)? {
                line.insert(0, b'\n');
            }
            file.write_all(&line)?;
            file.sync_all()
        };
        write().map_err(|why: std::io::Error| AuditError::not("written", path, &why))
    }

    /// Lines that could not be read.
    #[must_use]
    pub const fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// Whose checkpoints were kept.
    #[must_use]
    pub fn tenants(&self) -> BTreeSet<TenantId> {
        self.heads.keys().map(|(tenant, _)| *tenant).collect()
    }

    pub(crate) fn add(&mut self, checkpoint: &Checkpoint) {
        let place = (checkpoint.tenant, checkpoint.last);
        // The first one counts: a later line cannot take it back.
        self.heads.entry(place).or_insert(checkpoint.head);
        if self.heads.len() > MAX_HELD {
            self.thin_out();
        }
    }

    /// Lets every second one go, but never the last one of a tenant.
    fn thin_out(&mut self) {
        let places: Vec<_> = self.heads.keys().copied().collect();
        let last_of_tenant = |at: usize| {
            places
                .get(at + 1)
                .is_none_or(|(tenant, _)| *tenant != places[at].0)
        };
        for (at, place) in places.iter().enumerate() {
            if at % 2 == 0 && !last_of_tenant(at) {
                self.heads.remove(place);
            }
        }
    }

    pub(crate) fn at(&self, tenant: TenantId, last: u64) -> Option<Digest> {
        self.heads.get(&(tenant, last)).copied()
    }

    /// The last link of a tenant that was kept.
    pub(crate) fn last(&self, tenant: TenantId) -> u64 {
        let of_tenant = (tenant, 0)..=(tenant, u64::MAX);
        self.heads
            .range(of_tenant)
            .next_back()
            .map_or(0, |((_, last), _)| *last)
    }
}

/// Whether what is written next begins a line; not so after a crash in the middle of one.
fn ends_a_line(file: &mut File) -> std::io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{checkpoint, tenant};

    #[test]
    fn what_is_kept_is_read_again_and_a_torn_line_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("anchors.jsonl");
        Anchors::keep(&path, &checkpoint(1, 10)).unwrap();
        std::fs::OpenOptions::new()
            .append(true)
            .open(&path)
            .unwrap()
            .write_all(b"{\"tenant\":\"cut o")
            .unwrap();
        Anchors::keep(&path, &checkpoint(2, 20)).unwrap();
        let read = Anchors::read(&path).unwrap();
        assert_eq!(read.unreadable(), 1);
        assert_eq!(read.last(tenant()), 20);
        assert_eq!(read.at(tenant(), 10), Some(checkpoint(1, 10).head));
        assert_eq!(read.at(tenant(), 11), None);
    }

    #[test]
    fn a_later_line_takes_nothing_back() {
        let mut anchors = Anchors::default();
        anchors.add(&checkpoint(1, 10));
        let mut other = checkpoint(1, 10);
        other.head = Digest::plain(b"another");
        anchors.add(&other);
        assert_eq!(anchors.at(tenant(), 10), Some(checkpoint(1, 10).head));
    }

    #[test]
    fn however_many_there_are_the_last_one_is_held() {
        let mut anchors = Anchors::default();
        let count = u64::try_from(MAX_HELD).unwrap() + 10;
        for number in 1..=count {
            anchors.add(&checkpoint(number, number));
        }
        assert!(anchors.heads.len() <= MAX_HELD);
        assert_eq!(anchors.last(tenant()), count);
        assert_eq!(
            anchors.at(tenant(), count),
            Some(checkpoint(count, count).head)
        );
    }

    #[test]
    fn a_file_that_is_not_there_is_said_by_name_and_an_endless_line_is_not_read() {
        let missing = Path::new("/nowhere/anchors.jsonl");
        let said = Anchors::read(missing).unwrap_err().to_string();
        assert!(said.contains("/nowhere/anchors.jsonl"), "{said}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("endless");
        std::fs::write(&path, "x".repeat(MAX_LINE_BYTES * 2)).unwrap();
        let said = Anchors::read(&path).unwrap_err().to_string();
        assert!(said.contains("line 1"), "{said}");
    }
}

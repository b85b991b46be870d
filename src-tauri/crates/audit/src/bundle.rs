//! A chain as one file that can be checked without Chimera's database, and without Chimera: its first line says how.
//!
//! Never here: the database, or what is right or wrong with a chain (`walk`).

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use chimera_canon::{Digest, canonical_json};
use chimera_domain::{
    audit::AuditLink,
    id::{AuditId, TenantId},
    time::Timestamp,
};
use chimera_ports::store::{ChainReader, ChainRow, Found};
use serde::{Deserialize, Serialize};

use crate::{
    AuditError, beginning, checkpoint,
    lines::Lines,
    record::{self, SealedForm},
    report::{Finding, Report},
    verifier::{self, Trust},
    walk::{End, Fate, Walk},
};

/// What an export calls its own form.
const FORMAT: &str = "chimera.audit.bundle.v1";
const HOW: &str = include_str!("bundle.md");
/// Links that are read at once.
const PAGE: u32 = 1_000;
/// Longest line of an export, in bytes.
const MAX_LINE_BYTES: usize = 16 * 1024 * 1024;

/// What was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Exported {
    /// Links.
    pub links: u64,
    /// Links whose record is gone or unreadable; they carry no text.
    pub missing: u64,
    /// Checkpoints.
    pub checkpoints: u64,
}

/// Takes the lines of an export, each with its end.
#[async_trait]
pub trait Sink: Send {
    /// Takes the next line.
    ///
    /// # Errors
    /// When it goes nowhere; then the export ends.
    async fn line(&mut self, line: Vec<u8>) -> Result<(), AuditError>;
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Bundle(Header),
    Beginning(Box<beginning::Line>),
    Kept(LinkLine),
    Link(LinkLine),
    Checkpoint(Box<checkpoint::Line>),
    End(Counts),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    tenant: TenantId,
    exported_at: Timestamp,
    how: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkLine {
    number: u64,
    seq: u64,
    record: AuditId,
    digest: Digest,
    link: Digest,
    /// Canonical JSON of the record as it is now.
    text: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counts {
    links: u64,
    checkpoints: u64,
}

/// Hands a tenant's sealed records, links and checkpoints to a sink, line by line. What is not sealed yet is left out:
/// it proves nothing.
///
/// # Errors
/// When the store cannot be read, or the sink does not take more.
pub async fn export(
    store: &dyn ChainReader,
    tenant: TenantId,
    at: Timestamp,
    sink: &mut dyn Sink,
) -> Result<Exported, AuditError> {
    let mut exported = Exported::default();
    let header = Header {
        format: FORMAT.to_owned(),
        tenant,
        exported_at: at,
        how: HOW.to_owned(),
    };
    sink.line(bytes(&Line::Bundle(header))?).await?;
    let beginning = store.beginning(tenant).await?;
    let mut after = 0;
    if let Some(beginning) = &beginning {
        let line = Line::Beginning(Box::new(beginning.into()));
        sink.line(bytes(&line)?).await?;
        kept(store, tenant, sink).await?;
        after = beginning.last;
    }
    loop {
        let mut rows = store.chain(tenant, after, PAGE).await?;
        if rows.first().is_some_and(|row| row.link.number > after + 1)
            && store.beginning(tenant).await? != beginning
        {
            return Err(AuditError::Moving);
        }
        // The records as they are now, wherever they are now: what is wrong with them stays to be found.
        let elsewhere = verifier::elsewhere(store, tenant, &rows).await?;
        for row in &mut rows {
            if let Some(found) = elsewhere.get(&row.link.record) {
                row.found = found.clone();
            }
            after = row.link.number;
            let line = LinkLine::of(row)?;
            exported.links += 1;
            exported.missing += u64::from(line.text.is_none());
            sink.line(bytes(&Line::Link(line))?).await?;
            if let Some(checkpoint) = &row.checkpoint {
                exported.checkpoints += 1;
                sink.line(bytes(&Line::Checkpoint(Box::new(checkpoint.into())))?)
                    .await?;
            }
        }
        if rows.is_empty() {
            break;
        }
    }
    // A checkpoint beyond the last link tells that the end is gone.
    if let Some(newest) = store.last_checkpoint(tenant).await?
        && newest.last > after
    {
        exported.checkpoints += 1;
        sink.line(bytes(&Line::Checkpoint(Box::new((&newest).into())))?)
            .await?;
    }
    let end = Line::End(Counts {
        links: exported.links,
        checkpoints: exported.checkpoints,
    });
    sink.line(bytes(&end)?).await?;
    Ok(exported)
}

/// Records from before the beginning that stay.
async fn kept(
    store: &dyn ChainReader,
    tenant: TenantId,
    sink: &mut dyn Sink,
) -> Result<(), AuditError> {
    let mut after = 0;
    loop {
        let rows = store.kept_records(tenant, after, PAGE).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.link.number;
        for row in &rows {
            sink.line(bytes(&Line::Kept(LinkLine::of(row)?))?).await?;
        }
    }
}

/// The same into a new file. Nothing is left of it when it fails.
///
/// # Errors
/// As [`export`], and when the file is there already or cannot be written.
pub async fn export_to(
    store: &dyn ChainReader,
    tenant: TenantId,
    at: Timestamp,
    path: &Path,
) -> Result<Exported, AuditError> {
    let mut file = NewFile::create(path)?;
    let exported = export(store, tenant, at, &mut file).await?;
    file.finish()?;
    Ok(exported)
}

/// Verifies an export by its file alone.
///
/// # Errors
/// When the file cannot be read, or is no export.
pub fn verify_bundle(path: &Path, trust: &Trust) -> Result<Report, AuditError> {
    let mut lines = Lines::open(path, MAX_LINE_BYTES)?;
    let Some(Line::Bundle(header)) = read(&mut lines)? else {
        return Err(lines.wrong("this is no export of an audit log"));
    };
    if header.format != FORMAT {
        let format = header.format;
        return Err(lines.wrong(format!("the form {format} is not known here")));
    }
    let mut walk = Walk::new(header.tenant, trust)?;
    let (mut seen, mut told) = (Exported::default(), None);
    let mut newest = None;
    let mut begun = false;
    while let Some(line) = read(&mut lines)? {
        if told.is_some() {
            return Err(lines.wrong("something stands behind the end"));
        }
        match line {
            Line::Bundle(_) => return Err(lines.wrong("a second beginning")),
            Line::Beginning(_) if seen.links > 0 => {
                return Err(lines.wrong("a beginning in the middle"));
            }
            Line::Beginning(line) => {
                begun = true;
                walk.begin((*line).into())?;
            }
            Line::Kept(line) => {
                let fate = line.fate().map_err(|why| lines.wrong(why))?;
                walk.kept(&line.link(header.tenant), fate)?;
            }
            Line::Link(line) => {
                if seen.links == 0 && begun {
                    walk.all_kept();
                }
                seen.links += 1;
                let fate = line.fate().map_err(|why| lines.wrong(why))?;
                walk.link(&line.link(header.tenant), fate)?;
            }
            Line::Checkpoint(line) => {
                seen.checkpoints += 1;
                let checkpoint = line.checkpoint().map_err(|why| lines.wrong(why))?;
                if checkpoint.last <= walk.last() {
                    walk.checkpoint(&checkpoint)?;
                }
                newest = Some(checkpoint);
            }
            Line::End(counts) => told = Some(counts),
        }
    }
    let whole =
        told.is_some_and(|told| (told.links, told.checkpoints) == (seen.links, seen.checkpoints));
    if !whole {
        walk.found(Finding::CutOff);
    }
    Ok(walk.end(&End {
        newest,
        ..End::default()
    }))
}

fn bytes(line: &Line) -> Result<Vec<u8>, AuditError> {
    let mut bytes = canonical_json(line)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The next line; nothing at the end, also when it was cut off in the middle of one.
fn read(lines: &mut Lines) -> Result<Option<Line>, AuditError> {
    match lines.next()? {
        None => Ok(None),
        Some((text, ended)) => match serde_json::from_slice(&text) {
            Ok(line) => Ok(Some(line)),
            Err(_) if !ended => Ok(None),
            Err(why) => Err(lines.wrong(why)),
        },
    }
}

impl LinkLine {
    fn of(row: &ChainRow) -> Result<Self, AuditError> {
        let text = match &row.found {
            Found::Record(found) => Some(record::bytes(found)?),
            Found::Unreadable | Found::Nothing => None,
        };
        let link = &row.link;
        Ok(Self {
            number: link.number,
            seq: link.seq,
            record: link.record,
            digest: link.digest,
            link: link.link,
            text: text.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        })
    }

    const fn link(&self, tenant: TenantId) -> AuditLink {
        AuditLink {
            tenant,
            number: self.number,
            seq: self.seq,
            record: self.record,
            digest: self.digest,
            link: self.link,
        }
    }

    /// What became of the record, by its text.
    fn fate(&self) -> Result<Fate, String> {
        let Some(text) = &self.text else {
            return Ok(Fate::Deleted { instead: None });
        };
        let digest = record::digest_of_bytes(text.as_bytes()).map_err(|why| why.to_string())?;
        let form: Option<SealedForm> = serde_json::from_str(text).ok();
        Ok(match form {
            Some(form) if digest == self.digest => Fate::AsSealed { at: form.at },
            Some(form) if form.id != self.record => Fate::Reordered,
            _ => Fate::Edited,
        })
    }
}

/// A file that only its owner reads, under another name until it is whole: what has the name is an export.
struct NewFile {
    path: PathBuf,
    unfinished: PathBuf,
    file: BufWriter<File>,
}

impl NewFile {
    fn create(path: &Path) -> Result<Self, AuditError> {
        let told = |why: std::io::Error| AuditError::not("written", path, &why);
        if path.symlink_metadata().is_ok() {
            return Err(told(std::io::ErrorKind::AlreadyExists.into()));
        }
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(format!(".{}.unfinished", std::process::id()));
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&unfinished).map_err(told)?;
        Ok(Self {
            file: BufWriter::new(file),
            unfinished: unfinished.into(),
            path: path.to_owned(),
        })
    }

    fn finish(mut self) -> Result<(), AuditError> {
        let written = self.file.flush();
        written
            .and_then(|()| self.file.get_ref().sync_all())
            // Written over nothing, also not over what came meanwhile.
            .and_then(|()| fs::hard_link(&self.unfinished, &self.path))
            .map_err(|why| AuditError::not("written", &self.path, &why))
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // What is there under this name is no export; that it could not be taken away changes nothing.
        drop(fs::remove_file(&self.unfinished));
    }
}

#[async_trait]
impl Sink for NewFile {
    async fn line(&mut self, line: Vec<u8>) -> Result<(), AuditError> {
        self.file
            .write_all(&line)
            .map_err(|why| AuditError::not("written", &self.path, &why))
    }
}

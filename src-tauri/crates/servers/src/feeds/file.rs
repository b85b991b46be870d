//! Feeds in files: only files that the operator named, or inside folders that they opened, and
//! only plain ones.
//!
//! Every path is resolved first, symbolic links and all, and what it leads to is what is judged.
//! The file that is then opened must be the very one that was judged.
//!
//! Never here: parsing.

use std::{
    fs::{self, File, Metadata},
    io::{self, Read},
    path::{Component, Path, PathBuf},
};

use chimera_domain::fault::{Fault, FaultClass};

use super::{
    MAX_FEED_BYTES,
    fault::{FILE_REFUSED, FILE_UNREADABLE, TOO_LARGE, refused},
};

/// What the operator opened.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FileAccess {
    /// Folders whose files may be read, with everything below them.
    pub folders: Vec<PathBuf>,
}

/// Reads the file that `wanted` leads to: one of `named`, or one inside an opened folder.
///
/// # Errors
/// When it is neither, no plain file, too large, or cannot be read.
pub(super) fn read(
    access: &FileAccess,
    named: &[PathBuf],
    wanted: &Path,
) -> Result<(Vec<u8>, PathBuf), Fault> {
    let (path, judged) = judge(access, named, wanted)?;
    let unreadable = |error: io::Error| {
        Fault::new(
            FaultClass::Permanent,
            FILE_UNREADABLE,
            format!("the file {} cannot be read: {error}", shown(&path)),
        )
    };
    let file = File::open(&path).map_err(unreadable)?;
    let opened = file.metadata().map_err(unreadable)?;
    if !is_same(&judged, &opened) {
        return Err(refused(
            FILE_REFUSED,
            format!(
                "the file {} was replaced while it was being opened",
                shown(&path)
            ),
        ));
    }
    let mut bytes = Vec::new();
    // One byte more than is allowed tells that there is more, whatever the length claimed.
    file.take(MAX_FEED_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() > MAX_FEED_BYTES {
        return Err(refused(
            TOO_LARGE,
            format!(
                "the file {} is larger than {MAX_FEED_BYTES} bytes",
                shown(&path)
            ),
        ));
    }
    Ok((bytes, path))
}

/// Whether a path may ever lead to a file that is read: what it leads to now, or where it would lie.
///
/// # Errors
/// When no opened place could have it.
pub(super) fn may_be(access: &FileAccess, named: &[PathBuf], wanted: &Path) -> Result<(), Fault> {
    let plain = |path: &Path| {
        let mut parts = path.components();
        parts.all(|part| {
            matches!(
                part,
                Component::RootDir | Component::Prefix(_) | Component::Normal(_)
            )
        })
    };
    let is_below = |path: &Path| {
        let folders = access.folders.iter();
        let mut roots = folders.flat_map(|own| [Some(own.clone()), fs::canonicalize(own).ok()]);
        plain(path) && roots.any(|root| root.is_some_and(|root| path.starts_with(root)))
    };
    let is_path = !wanted.to_string_lossy().contains(char::is_control);
    let admitted = is_path
        && candidates(access, wanted).any(|candidate| match fs::canonicalize(&candidate) {
            Ok(path) => is_open(access, named, &path) && !path.is_dir(),
            Err(_) => named.contains(&candidate) || is_below(&candidate),
        });
    if admitted {
        Ok(())
    } else {
        Err(outside(wanted))
    }
}

/// Whether a file outside exists is nobody's business: both cases sound the same.
fn outside(wanted: &Path) -> Fault {
    refused(
        FILE_REFUSED,
        format!(
            "{} is not among the files and folders that the operator opened",
            shown(wanted)
        ),
    )
}

fn judge(
    access: &FileAccess,
    named: &[PathBuf],
    wanted: &Path,
) -> Result<(PathBuf, Metadata), Fault> {
    let path = candidates(access, wanted)
        .filter_map(|candidate| fs::canonicalize(candidate).ok())
        .find(|path| is_open(access, named, path))
        .ok_or_else(|| outside(wanted))?;
    let judged = fs::symlink_metadata(&path).map_err(|_| outside(wanted))?;
    if !judged.is_file() {
        return Err(refused(
            FILE_REFUSED,
            format!("{} is no plain file", shown(&path)),
        ));
    }
    Ok((path, judged))
}

/// An absolute path as it is; a relative one inside each opened folder.
fn candidates<'a>(access: &'a FileAccess, wanted: &'a Path) -> impl Iterator<Item = PathBuf> + 'a {
    let below = access.folders.iter().filter(|_| wanted.is_relative());
    let whole = wanted.is_absolute().then(|| wanted.to_owned());
    whole
        .into_iter()
        .chain(below.map(move |folder| folder.join(wanted)))
}

fn is_open(access: &FileAccess, named: &[PathBuf], path: &Path) -> bool {
    let leads_to = |own: &PathBuf| fs::canonicalize(own).ok();
    named.iter().filter_map(leads_to).any(|own| own == path)
        || access
            .folders
            .iter()
            .filter_map(leads_to)
            .any(|folder| path.starts_with(folder))
}

#[cfg(unix)]
fn is_same(judged: &Metadata, opened: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    opened.is_file() && (judged.dev(), judged.ino()) == (opened.dev(), opened.ino())
}

#[cfg(not(unix))]
fn is_same(_: &Metadata, opened: &Metadata) -> bool {
    opened.is_file()
}

fn shown(path: &Path) -> String {
    path.display().to_string().chars().take(300).collect()
}

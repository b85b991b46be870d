//! Folders of skills on a disk: the operator's own and other agents' (`.agents/skills`).
//!
//! Never here: which folders there are (boot says), or what the files mean (`bundle`).

use std::{
    fs, io,
    io::Read as _,
    path::{Path, PathBuf},
};

use chimera_frontmatter::MAX_FILE_BYTES;

use crate::{
    bundle::{Bundle, EXAMPLES_FILE, INPUT_FILE, Notes, OUTPUT_FILE, SKILL_FILE, Unpacked},
    registry::SkillDiagnostic,
};

/// Most skills of one folder.
pub const MAX_SKILLS_PER_FOLDER: usize = 256;

/// A folder whose sub-folders are skills.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SkillFolder {
    /// Where it lies. A folder that does not exist holds no skills.
    pub path: PathBuf,
    /// Whether a skill in it may take the place of a built-in one of the same name.
    pub may_replace: bool,
}

/// A skill that was read from a folder.
pub(crate) struct FromDisk {
    pub(crate) path: PathBuf,
    pub(crate) unpacked: Unpacked,
}

/// Reads every skill of `folder`; what is wrong with one does not touch the others.
pub(crate) fn read(folder: &SkillFolder, list: &mut Vec<SkillDiagnostic>) -> Vec<FromDisk> {
    let at = folder.path.display().to_string();
    let entries = match fs::read_dir(&folder.path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            Notes { skill: "", list }.error(
                &at,
                (1, 1),
                "FOLDER_UNREADABLE",
                format!("the folder of skills cannot be read: {error}"),
                "check that it is a folder and that Chimera may read it",
            );
            return Vec::new();
        }
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.join(SKILL_FILE).is_file())
        .collect();
    // The order of a folder is the disk's whim; ours is the alphabet's.
    paths.sort();
    if paths.len() > MAX_SKILLS_PER_FOLDER {
        Notes { skill: "", list }.error(
            &at,
            (1, 1),
            "FOLDER_TOO_FULL",
            format!(
                "there are {} skills; the first {MAX_SKILLS_PER_FOLDER} by name were read",
                paths.len()
            ),
            "move some into another folder",
        );
        paths.truncate(MAX_SKILLS_PER_FOLDER);
    }
    paths
        .into_iter()
        .filter_map(|path| {
            let unpacked = skill(&path, list)?;
            Some(FromDisk { path, unpacked })
        })
        .collect()
}

fn skill(path: &Path, list: &mut Vec<SkillDiagnostic>) -> Option<Unpacked> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let mut notes = Notes { skill: &name, list };
    let texts = [SKILL_FILE, INPUT_FILE, OUTPUT_FILE].map(|file| text(path, file, &mut notes));
    let examples = if path.join(EXAMPLES_FILE).exists() {
        Some(text(path, EXAMPLES_FILE, &mut notes)?)
    } else {
        None
    };
    let [Some(skill), Some(input), Some(output)] = &texts else {
        return None;
    };
    let bundle = Bundle {
        folder: &name,
        skill,
        input,
        output,
        examples: examples.as_deref(),
    };
    bundle.unpack(&mut notes)
}

fn text(folder: &Path, file: &str, notes: &mut Notes<'_>) -> Option<String> {
    let (message, fix) = match read_bounded(&folder.join(file)) {
        Ok(text) => return Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => (
            "the file is missing".to_owned(),
            "add it: a skill has SKILL.md, references/input.schema.json and references/output.schema.json",
        ),
        Err(error) => (
            format!("the file cannot be read: {error}"),
            "make it a plain UTF-8 file of at most 256 KiB that Chimera may read",
        ),
    };
    notes.error(file, (1, 1), "FILE_UNREADABLE", message, fix);
    None
}

fn read_bounded(path: &Path) -> io::Result<String> {
    // A link could lead anywhere; a skill is what lies in its folder.
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a plain file"));
    }
    let limit = u64::try_from(MAX_FILE_BYTES).unwrap_or(u64::MAX);
    let mut text = String::new();
    fs::File::open(path)?
        .take(limit.saturating_add(1))
        .read_to_string(&mut text)?;
    if text.len() > MAX_FILE_BYTES {
        return Err(io::Error::other(format!(
            "it has more than {MAX_FILE_BYTES} bytes"
        )));
    }
    Ok(text)
}

//! Making a recording of a run, and playing one.
//!
//! Never here: what a recording holds (`replay`).

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
    process,
    sync::Arc,
};

use anyhow::{Context, Result};
use chimera_domain::time::Timestamp;
use chimera_replay::{ListeningModel, ListeningTools, Recorder, play};
use chimera_runtime::Parts;

use crate::settings::Settings;

pub use chimera_replay::{Difference, Played};

/// Records everything that these parts are asked, when the settings say where to.
///
/// # Errors
/// When there is such a file already, or it cannot be written.
pub(crate) fn listen_in(settings: &Settings, parts: &mut Parts) -> Result<()> {
    let Some(named) = &settings.record else {
        return Ok(());
    };
    let at = parts.clock.now();
    let path = file_of(named, at);
    let recorder = Recorder::begin(&path, at).with_context(|| {
        format!(
            "the recording {} cannot be begun; nothing was started",
            path.display()
        )
    })?;
    let recorder = Arc::new(recorder);
    parts.model = Arc::new(ListeningModel::new(parts.model.clone(), recorder.clone()));
    parts.tools = Arc::new(ListeningTools::new(parts.tools.clone(), recorder.clone()));
    parts.recorder = Some(recorder);
    Ok(())
}

/// The new file: the one that is named, or one for this start in the folder that is.
fn file_of(named: &Path, at: Timestamp) -> PathBuf {
    if named.is_dir() {
        // A name on every system: without the colons of the time.
        let time = at.to_string().replace(':', "");
        named.join(format!("chimera-{time}-{}.jsonl", process::id()))
    } else {
        named.to_owned()
    }
}

/// Decides everything in a recording again and compares. Nobody is asked, nothing is called, nothing is stored.
///
/// # Errors
/// When it is no recording, or cannot be read.
pub fn play_recording(path: &Path) -> Result<Played> {
    let file = File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    let played = play(BufReader::new(file), &chimera_runtime::mask_records)
        .with_context(|| format!("{} cannot be played", path.display()))?;
    Ok(played)
}

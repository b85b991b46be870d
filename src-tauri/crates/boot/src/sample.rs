//! The sample feed, laid into the data folder with fresh dates at each start.
//!
//! Never here: its items (the skills crate has them).

use std::path::{Path, PathBuf};

use chimera_api::SampleFeed;
use chimera_domain::time::Timestamp;

/// Folder of the sample below the data folder.
const FOLDER: &str = "sample";
/// Its file.
const FILE: &str = "feed.xml";
/// Name as shown.
const TITLE: &str = "Sample feed (invented news)";

/// The sample as the API offers it, and the folder that must be open to the feeds server.
pub(crate) struct Sample {
    /// For the API.
    pub(crate) feed: SampleFeed,
    /// For the feeds server.
    pub(crate) folder: PathBuf,
}

/// Writes the sample feed as of `now`.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn lay_out(data_dir: &Path, now: Timestamp) -> std::io::Result<Sample> {
    // A campaign keeps the address; it must hold wherever the next start is made from.
    let folder = std::path::absolute(data_dir.join(FOLDER))?;
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(FILE);
    std::fs::write(&file, chimera_skills::starter::feed(now))?;
    Ok(Sample {
        feed: SampleFeed {
            url: file.display().to_string(),
            title: TITLE.to_owned(),
        },
        folder,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_start_makes_it_fresh_at_the_same_address() {
        let data = tempfile::tempdir().unwrap();
        let early = "2026-05-21T08:00:00Z".parse().unwrap();
        let late = "2026-05-22T08:00:00Z".parse().unwrap();
        let first = lay_out(data.path(), early).unwrap();
        let before = std::fs::read_to_string(&first.feed.url).unwrap();
        let second = lay_out(data.path(), late).unwrap();
        let after = std::fs::read_to_string(&second.feed.url).unwrap();
        assert_eq!(first.feed, second.feed);
        assert!(Path::new(&first.feed.url).is_absolute());
        let built = |day| format!("<lastBuildDate>{day} May 2026 08:00:00 +0000</lastBuildDate>");
        assert!(before.contains(&built("Thu, 21")), "{before}");
        assert!(after.contains(&built("Fri, 22")), "{after}");
    }
}

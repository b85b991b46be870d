//! The sample feed, laid into the data folder with fresh dates at each start.
//!
//! Never here: its items (the skills crate has them).

use std::path::{Path, PathBuf};

use chimera_domain::time::Timestamp;
use chimera_door::options::SampleFeed;

/// Folder of the sample below the data folder.
const FOLDER: &str = "sample";
/// Its file.
const FILE: &str = "feed.xml";
/// The same while it is written.
const FRESH: &str = "feed.xml.new";
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
    // In one step: whoever reads meanwhile has the old one or the new one, never half of either.
    let fresh = folder.join(FRESH);
    std::fs::write(&fresh, chimera_skills::starter::feed(now))?;
    std::fs::rename(&fresh, &file)?;
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
        let laid: Vec<_> = std::fs::read_dir(data.path().join(FOLDER))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(laid, [FILE], "something was left beside it");
    }

    #[tokio::test]
    async fn who_may_not_have_the_folder_changes_nothing_in_it() {
        let data = tempfile::tempdir().unwrap();
        let settings = crate::Settings {
            data_dir: data.path().to_owned(),
            keychain: crate::KeychainSetting::None,
            ..crate::Settings::default()
        };
        let first = crate::Chimera::open(settings.clone()).await.unwrap();
        let file = data.path().join(FOLDER).join(FILE);
        std::fs::write(&file, "as the first has it").unwrap();
        let second = crate::Chimera::open(settings.clone()).await;
        assert!(second.is_err(), "two of them have the folder");
        assert_eq!(
            std::fs::read_to_string(&file).unwrap(),
            "as the first has it"
        );
        first.shut_down().await;
        drop(first);
        std::fs::write(data.path().join("chimera.db"), "no database").unwrap();
        assert!(crate::Chimera::open(settings).await.is_err());
        assert_eq!(
            std::fs::read_to_string(&file).unwrap(),
            "as the first has it"
        );
    }
}

//! A feed as it is passed on: bounded, in plain text, with nothing added that its source did not
//! say (C48).
//!
//! Never here: reading or parsing one.

use chimera_domain::{time::Timestamp, trend::EngagementMetrics};
use schemars::JsonSchema;
use serde::Serialize;

/// Most items of one answer.
pub(super) const MAX_ITEMS: u32 = 200;
/// Most bytes of all items of one answer, as JSON; later ones are left out and said to be.
const MAX_ITEMS_BYTES: usize = 700 * 1024;
/// Most warnings of one answer.
const MAX_WARNINGS: usize = 20;

/// A feed, read.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
pub(super) struct Page {
    /// The feed itself.
    pub(super) feed: About,
    /// Its items in its own order, usually newest first.
    pub(super) items: Vec<Item>,
    /// When it was read.
    pub(super) fetched_at: Timestamp,
    /// True when the host said that nothing changed since the last reading; the items are then
    /// those of that reading.
    pub(super) not_modified: bool,
    /// What was cut, left out or missing.
    pub(super) warnings: Vec<String>,
}

/// What a feed says of itself. Untrusted text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub(super) struct About {
    /// Its title, when it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<String>,
    /// Where it was read in the end: the URL after redirects, or the file.
    pub(super) url: String,
}

/// One item of a feed. Untrusted text throughout.
#[derive(Clone, PartialEq, Debug, Serialize, JsonSchema)]
pub(super) struct Item {
    /// The source's own id, or its link, or a digest of its words.
    pub(super) id: String,
    /// The headline; empty when the source gives none.
    pub(super) title: String,
    /// The summary or, failing that, the beginning of the content; empty when there is neither.
    pub(super) summary: String,
    /// Where to read it; http or https only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    /// When it was published, if the source says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) published_at: Option<Timestamp>,
    /// When it was last changed, if the source says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) updated_at: Option<Timestamp>,
    /// Who wrote it, if the source says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) author: Option<String>,
    /// The source's tags.
    pub(super) tags: Vec<String>,
    /// Figures that the source gives; absent where it gives none.
    pub(super) metrics: EngagementMetrics,
}

impl Item {
    /// The time that it is sorted and filtered by, if it has one.
    pub(super) fn time(&self) -> Option<Timestamp> {
        self.published_at.or(self.updated_at)
    }
}

impl Page {
    /// Adds a warning, unless there are enough already.
    pub(super) fn warn(&mut self, warning: impl Into<String>) {
        push_warning(&mut self.warnings, warning.into());
    }

    /// The page with the newest wishes applied: only items since a time (those without a time
    /// stay, for nobody knows), at most so many, and no more than an answer holds.
    pub(super) fn narrowed(mut self, since: Option<Timestamp>, max_items: u32) -> Self {
        if let Some(since) = since {
            self.items
                .retain(|item| item.time().is_none_or(|time| time >= since));
        }
        self.items.truncate(max_items.clamp(1, MAX_ITEMS) as usize);
        let (mut bytes, mut fitting) = (0, 0);
        for item in &self.items {
            bytes += serde_json::to_vec(item).map_or(MAX_ITEMS_BYTES, |json| json.len());
            if bytes > MAX_ITEMS_BYTES {
                break;
            }
            fitting += 1;
        }
        if fitting < self.items.len() {
            let left_out = self.items.len() - fitting;
            self.items.truncate(fitting);
            self.warn(format!(
                "{left_out} more items were left out, because the answer would be too large"
            ));
        }
        self
    }
}

/// Adds a warning to a bounded list.
pub(super) fn push_warning(warnings: &mut Vec<String>, warning: String) {
    match warnings.len() {
        count if count < MAX_WARNINGS => warnings.push(warning),
        MAX_WARNINGS => warnings.push("and more".to_owned()),
        _ => {}
    }
}

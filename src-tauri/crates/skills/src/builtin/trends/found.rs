//! What `fetch_trends` returns (S4's contract with C48's additions).
//!
//! Never here: how it was found.

use chimera_domain::{
    time::Timestamp,
    trend::{Trend, TrendPlatform},
};
use serde::{Deserialize, Serialize};

use crate::fault::codes;

/// S4's output, less the envelope that every skill has.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrendsFound {
    /// Fastest first. Untrusted text.
    pub trends: Vec<Trend>,
    /// How they were found.
    pub metadata: TrendsMetadata,
}

/// How trends were found.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrendsMetadata {
    /// How many matched; `trends` holds at most `max_results` of them.
    pub total_results: usize,
    /// When the sources were read.
    pub fetch_time: Timestamp,
    /// Platforms of which at least one source was read.
    pub platforms_queried: Vec<TrendPlatform>,
    /// Items without a date, which are kept and tagged `undated`.
    #[serde(default)]
    pub undated: usize,
    /// Items that were older than the time range.
    #[serde(default)]
    pub out_of_range: usize,
    /// Items that another one repeated.
    #[serde(default)]
    pub duplicates: usize,
    /// Sources that could not be read; the others were.
    #[serde(default)]
    pub source_errors: Vec<SourceError>,
}

/// One source that could not be read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceError {
    /// The feed, or the platform that no feed is of.
    pub source: String,
    /// Stable code.
    pub code: String,
    /// What happened and what to do.
    pub message: String,
}

impl SourceError {
    /// For people: which source, what is wrong with it, and the code last.
    #[must_use]
    pub fn told(&self) -> String {
        let Self {
            source,
            code,
            message,
        } = self;
        if code == codes::MCP_TOOL_ERROR {
            // That a tool said so is nothing to a reader; the tool's own code stands in its words.
            return format!("{source}: {message}");
        }
        format!("{source}: {message} ({code})")
    }
}

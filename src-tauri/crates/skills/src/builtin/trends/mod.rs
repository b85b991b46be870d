//! Trends: reading them from feeds, and finding clusters in what was read (C27: fetch → detect → alert).
//!
//! Never here: relevance to a goal, which needs a model, or anything that writes.

pub(crate) mod detect;
mod feed;
pub(crate) mod fetch;
mod found;
mod rank;
mod terms;

pub use found::{SourceError, TrendsFound, TrendsMetadata};

/// The tag of an item whose source gives no date; its `timestamp` is the time of reading.
pub(crate) const UNDATED: &str = "undated";

//! How long each kind of data is kept, what the last run took out, and when the next one is.
//!
//! Never here: why a bound is what it is (`domain::retention`).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::scalar::Time;

/// Kinds of data that are not kept for good unless somebody says so.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Holding {
    /// Spans of runs that have ended.
    Traces,
    /// The numbered facts that windows resume from.
    Events,
    /// Alerts that somebody acknowledged.
    Alerts,
    /// Security incidents.
    Incidents,
    /// Of tasks of campaigns that are over: excerpts of sources, what was recalled, tries.
    WorkingTexts,
    /// What was read in feeds, and what stood out in it.
    Trends,
    /// What agents remember of what happened; facts and knowledge stay.
    Memories,
    /// Sessions that have ended.
    Sessions,
    /// Answers to clients that repeat a write.
    Answers,
    /// Audit records.
    Audit,
    /// Audit records about money.
    FinanceAudit,
}

/// How long one kind is to be kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRetentionRule {
    /// Which kind.
    pub holding: Holding,
    /// Days; null is for ever.
    pub days: Option<u32>,
}

/// A choice, in place of the one before.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRetention {
    /// Each kind at most once; what is not named has its default.
    pub items: Vec<NewRetentionRule>,
}

/// How long one kind is kept, and what became of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct RetentionRule {
    /// Which kind.
    pub holding: Holding,
    /// Days; null is for ever.
    pub days: Option<u32>,
    /// Whether somebody chose it; otherwise it is the default.
    pub chosen: bool,
    /// The default in days; null is for ever.
    pub standard_days: Option<u32>,
    /// Fewest days that can be chosen.
    pub least_days: u32,
    /// Whether it may be kept for ever.
    pub may_be_forever: bool,
    /// Rows that the last run took out or emptied.
    pub rows: u64,
    /// Why the last run took out less than was due; the next one tries again.
    pub held_up: Option<String>,
}

/// How long what is kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Retention {
    /// Counts up with every change; 0 before the first.
    pub version: u32,
    /// Every kind.
    pub items: Vec<RetentionRule>,
    /// Most days that can be named.
    pub most_days: u32,
    /// When the last run began.
    pub last_begun_at: Option<Time>,
    /// When it ended.
    pub last_ended_at: Option<Time>,
    /// When the next one is due.
    pub next_at: Time,
}

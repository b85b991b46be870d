//! The return brief: what waits, and what happened meanwhile.
//!
//! Never here: the rows behind the figures; each has its own list.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::scalar::Time;

/// Since when.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct HomeQuery {
    /// When the person was here last.
    pub since: Time,
}

/// What waits for the person; null where the person's roles do not reach.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Waits {
    /// Reviews that are open.
    pub reviews: Option<u64>,
    /// Those of them that expire within the hour.
    pub reviews_due: Option<u64>,
    /// Alerts that nobody acknowledged.
    pub alerts: Option<u64>,
    /// Campaigns in draft.
    pub drafts: Option<u64>,
}

/// What happened, counted in the audit log; null where the person's roles reach neither that log nor what the figure
/// is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, ToSchema)]
pub struct Happened {
    /// Let go by a person as they were, and not taken back.
    pub approved: Option<u64>,
    /// Let go by a person after an edit, and not taken back.
    pub edited: Option<u64>,
    /// Sent back by a person.
    pub rejected: Option<u64>,
    /// Denied because nobody decided in time.
    pub expired: Option<u64>,
    /// Of those that went out, let go by rule: sure enough and low risk.
    pub by_rule: Option<u64>,
    /// Actions that went out, those among them that a person confirmed.
    pub published: Option<u64>,
    /// Decisions that were taken back.
    pub undone: Option<u64>,
    /// Actions and tasks that failed for good or missed their deadline; a try that is made again is none.
    pub failed: Option<u64>,
    /// Campaigns that came to their end.
    pub finished: Option<u64>,
}

/// The return brief.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct HomeBrief {
    /// Since when it counts.
    pub since: Time,
    /// The server's time.
    pub now: Time,
    /// What waits.
    pub waits: Waits,
    /// What happened.
    pub happened: Happened,
    /// False when more happened than is counted at once (4,000 acts); the figures are then at least these.
    pub complete: bool,
}

//! The policy of a tenant as data.
//!
//! Never here: applying it, or deciding whether it is sound.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::scalar::{Score, Time};

/// Confidence bands (C01, C02).
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bands {
    /// Strictly above this, with low risk, an action goes out by itself.
    pub auto_above: Score,
    /// From here up to `auto_above`, it waits in the queue while the agent goes on.
    pub review_from: Score,
    /// From here up to `review_from`, it must be approved and its dependents wait.
    pub must_approve_from: Score,
}

/// What happens between `must_approve_from` and `review_from`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LowBandAction {
    /// A person must approve.
    MustApprove,
    /// It is sent back with refined instructions.
    Retry,
}

/// What a sensitive rule is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SensitiveCategory {
    /// Parties, elections, politicians.
    Politics,
    /// Health and medical advice.
    Health,
    /// Financial advice and promotion.
    Finance,
    /// Legal claims and advice.
    Legal,
    /// Children and young people.
    Minors,
    /// Passwords, deletion, personal data.
    Security,
    /// A rule that the policy's owner added.
    Custom,
}

/// Words that send a text to a person whatever its score.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SensitiveRule {
    /// What it is about.
    pub category: SensitiveCategory,
    /// Words and phrases, lower case; a `*` at the end of a word stands for any ending.
    pub terms: Vec<String>,
}

/// The policy.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyDocument {
    /// Confidence bands.
    pub bands: Bands,
    /// What happens in the lowest band that is not rejected.
    pub low_band_action: LowBandAction,
    /// Sensitive topics.
    pub sensitive: Vec<SensitiveRule>,
    /// Seconds that a decided action is held for undo.
    pub hold_seconds: u32,
    /// Seconds after which an undecided review expires and denies.
    pub review_ttl_seconds: u32,
    /// Seconds after which an approval that was not used is void.
    pub approval_ttl_seconds: u32,
    /// Seconds that a claim on a review lasts.
    pub claim_seconds: u32,
    /// Rejections of one line of work after which a person takes over.
    pub max_rejections: u32,
    /// Tries after a transient failure.
    pub max_retries: u32,
    /// Tokens that a step may read and write in all, over all its tries.
    pub max_step_tokens: u32,
}

/// The policy in force.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct PolicyVersion {
    /// 1, 2, 3 …; 0 while the built-in policy is in force. Also the `If-Match` of a change.
    pub version: u32,
    /// The policy.
    pub document: PolicyDocument,
    /// Who stored it; null for the built-in one.
    pub author: Option<String>,
    /// When; null for the built-in one.
    pub created_at: Option<Time>,
}

//! What a verification found.
//!
//! Never here: finding it.

use chimera_canon::{Digest, VerifyingKey};
use chimera_domain::{
    id::{AuditId, TenantId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Most findings that a report lists; all are counted.
pub const MAX_FINDINGS: usize = 100;

/// Whether the log can be believed, in one word.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nothing is wrong, and a checkpoint that was kept elsewhere agrees.
    Anchored,
    /// Nothing is wrong, as far as the log itself can tell: who holds the key and the log could have written both anew.
    Unanchored,
    /// Something was altered or is missing.
    Broken,
}

/// One thing that is wrong.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Finding {
    /// A record says something else than it said when it was sealed.
    Edited {
        /// Number of its link.
        number: u64,
        /// The record.
        record: AuditId,
    },
    /// A record stands at another place than where it was written.
    Reordered {
        /// Number of its link.
        number: u64,
        /// The record.
        record: AuditId,
    },
    /// A sealed record is gone.
    Deleted {
        /// Number of its link.
        number: u64,
        /// The record.
        record: AuditId,
    },
    /// Links are gone.
    LinksMissing {
        /// The first one.
        from: u64,
        /// The last one.
        to: u64,
    },
    /// A link does not follow from the one before.
    LinkBroken {
        /// Its number.
        number: u64,
    },
    /// Checkpoints are gone.
    CheckpointsMissing {
        /// The first one.
        from: u64,
        /// The last one.
        to: u64,
    },
    /// A checkpoint does not say where the chain stood, or does not follow from the one before.
    CheckpointBroken {
        /// Its number.
        number: u64,
    },
    /// A checkpoint's signature is not by the key that it names.
    SignatureBroken {
        /// Number of the checkpoint.
        number: u64,
    },
    /// A checkpoint is signed by a key that is not one of those to be trusted.
    KeyUnknown {
        /// Number of the checkpoint.
        number: u64,
        /// The key.
        key: VerifyingKey,
    },
    /// A checkpoint is not signed, although it should be.
    Unsigned {
        /// Number of the checkpoint.
        number: u64,
    },
    /// The end of the chain is gone: it was sealed, or anchored, up to a later link than there is.
    Truncated {
        /// Number of the last link that there was.
        sealed: u64,
        /// Number of the last link that there is.
        found: u64,
    },
    /// The chain was written anew: a checkpoint that was kept elsewhere tells of another link.
    Rechained {
        /// Number of that link.
        number: u64,
    },
    /// A record was put into the log at a place that was sealed already.
    Inserted {
        /// The record.
        record: AuditId,
    },
    /// What the log says about where it begins does not hold: it is not signed by a key to be trusted, or what it
    /// says was kept is not what is there.
    BeginningBroken {
        /// Number of the last link that it speaks of.
        number: u64,
    },
    /// An export ends before its end.
    CutOff,
    /// Records, links or checkpoints kept elsewhere tell of this workspace, and the installation knows none of its id.
    WorkspaceGone,
    /// A thing happened of which no record tells.
    Unrecorded {
        /// What sort of thing.
        what: String,
        /// Its key.
        id: String,
    },
}

impl Finding {
    /// Whether something is missing, or was never there; otherwise something was altered.
    #[must_use]
    pub const fn concerns_completeness(&self) -> bool {
        matches!(
            self,
            Self::Deleted { .. }
                | Self::LinksMissing { .. }
                | Self::CheckpointsMissing { .. }
                | Self::Truncated { .. }
                | Self::CutOff
                | Self::WorkspaceGone
                | Self::Unrecorded { .. }
        )
    }
}

/// Whether everything that happened is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Completeness {
    /// Nothing is known to be missing.
    pub complete: bool,
    /// Whether what happened was compared with the records; an export holds the records only.
    pub compared: bool,
    /// Records that no link covers yet. They can still be altered unseen.
    pub unsealed: u64,
}

/// What was taken out of a log by rule, as its signed beginning says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Pruned {
    /// Records that are gone.
    pub records: u64,
    /// Number of the last record that was looked at; the log is whole after it.
    pub up_to: u64,
    /// Records up to there that stay.
    pub kept: u64,
    /// When the newest record up to there was written: what happened until then is not compared with the records.
    pub until: Timestamp,
    /// When it was done last.
    pub at: Timestamp,
    /// By which rule.
    pub rule: String,
    /// By whose signature the log begins there.
    pub key: VerifyingKey,
}

/// What a verification found.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Whose log.
    pub tenant: TenantId,
    /// In one word.
    pub standing: Standing,
    /// Nothing that is there was altered.
    pub intact: bool,
    /// Whether everything is there, which is another question.
    pub completeness: Completeness,
    /// What was taken out by rule; nothing where the log is whole from its first record on.
    #[serde(default)]
    pub pruned: Option<Pruned>,
    /// Number of the last link.
    pub sealed: u64,
    /// The newest link.
    pub head: Option<Digest>,
    /// Checkpoints that were checked.
    pub checkpoints: u64,
    /// When the first of them was made: what is older was sealed as it was found then.
    pub began_at: Option<Timestamp>,
    /// Records that were sealed more than a minute after they were written, because the chain came later or could not
    /// be carried on: what they said in between is not proven.
    pub sealed_late: u64,
    /// When the newest checkpoint was made.
    pub sealed_at: Option<Timestamp>,
    /// The key of the newest checkpoint.
    pub key: Option<VerifyingKey>,
    /// That key is one of those which the verifier was told to trust.
    pub key_trusted: bool,
    /// The last link that a checkpoint kept elsewhere agrees with.
    pub anchored_to: Option<u64>,
    /// How many things are wrong.
    pub findings_total: u64,
    /// The first of them, at most [`MAX_FINDINGS`].
    pub findings: Vec<Finding>,
}

impl Report {
    /// Adds what was found beside the walk.
    pub fn add(&mut self, finding: Finding) {
        if finding.concerns_completeness() {
            self.completeness.complete = false;
        } else {
            self.intact = false;
        }
        self.standing = Standing::Broken;
        self.findings_total += 1;
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        }
    }
}

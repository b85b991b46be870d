//! The chain over the audit log: how it is sealed, where its checkpoints are kept, and what a check found.
//!
//! Never here: the records themselves (`log`).

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    event::Actor,
    scalar::{Digest, Id, Time},
    task::Fault,
};

/// Whether the log can be believed, in one word.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChainStanding {
    /// Nothing is wrong, and a checkpoint that was kept elsewhere agrees.
    Anchored,
    /// Nothing is wrong as far as the log itself can tell.
    Unanchored,
    /// Something was altered or is missing.
    Broken,
}

/// Whether records are sealed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SealingState {
    /// It is about to begin.
    Starting,
    /// They are sealed and signed.
    Signed,
    /// They are sealed; nothing is signed.
    Unsigned,
    /// They are not sealed now; none is lost.
    Stopped,
}

/// How sealing stands.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ChainSealing {
    /// Whether records are sealed.
    pub state: SealingState,
    /// The public half of the key that signs, as `ed25519:…`.
    pub key: Option<String>,
    /// Why nothing is signed or sealed, and what to do.
    pub problem: Option<Fault>,
}

/// How keeping checkpoints elsewhere stands.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ChainAnchoring {
    /// The file that they are added to, on the machine that Chimera runs on.
    pub file: String,
    /// Number of the last record that a kept checkpoint covers, since the start.
    pub kept_to: Option<u64>,
    /// When it was kept.
    pub kept_at: Option<Time>,
    /// Why it does not work now, and what to do.
    pub problem: Option<Fault>,
}

/// A check that is under way.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ChainProgress {
    /// When it began.
    pub begun_at: Time,
    /// Records that were looked at.
    pub walked: u64,
    /// Records that there are to look at.
    pub all: u64,
}

/// Kinds of what can be wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChainFindingKind {
    /// A record says something else than when it was sealed.
    Edited,
    /// A record stands at another place than where it was written.
    Reordered,
    /// A sealed record is gone.
    Deleted,
    /// Links are gone.
    LinksMissing,
    /// A link does not follow from the one before.
    LinkBroken,
    /// Checkpoints are gone.
    CheckpointsMissing,
    /// A checkpoint does not say where the chain stood.
    CheckpointBroken,
    /// A signature is not by the key that it names.
    SignatureBroken,
    /// A checkpoint is signed by a key that is not trusted.
    KeyUnknown,
    /// A checkpoint is not signed, although it should be.
    Unsigned,
    /// The end of the chain is gone.
    Truncated,
    /// The chain was written anew: a checkpoint that was kept elsewhere tells of another link.
    Rechained,
    /// A record was put into the log at a place that was sealed already.
    Inserted,
    /// What the log says about where it begins does not hold.
    BeginningBroken,
    /// An export ends before its end.
    CutOff,
    /// The log's workspace is gone from the database.
    WorkspaceGone,
    /// A thing happened of which no record tells.
    Unrecorded,
}

/// One thing that is wrong.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ChainFinding {
    /// What sort of thing.
    pub kind: ChainFindingKind,
    /// Whether something is missing; otherwise something was altered.
    pub missing: bool,
    /// Number of the link or checkpoint, or the first of several; for an end that is gone, the last one that is left.
    pub number: Option<u64>,
    /// The last of several; for an end that is gone, the last one that there was.
    pub to: Option<u64>,
    /// The record.
    pub record: Option<Id>,
    /// The key that is not trusted.
    pub key: Option<String>,
    /// What happened without a record: `campaign`, `decision` or `publication`.
    pub what: Option<String>,
    /// Its key.
    pub id: Option<String>,
}

/// What was taken out of a log by rule, as its signed beginning says.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ChainPruned {
    /// Records that are gone.
    pub records: u64,
    /// Number of the last record that was looked at; the log is whole after it.
    pub up_to: u64,
    /// Records up to there that stay: about money, or about work that is not done.
    pub kept: u64,
    /// When the newest record up to there was written; what happened until then is not compared with the records.
    pub until: Time,
    /// When it was done last.
    pub at: Time,
    /// By which rule, in words.
    pub rule: String,
    /// The key by whose signature the log begins there.
    pub key: String,
}

/// What a check found in the log.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ChainReport {
    /// In one word.
    pub standing: ChainStanding,
    /// Integrity: no record was altered since it was sealed. Says nothing where nothing is sealed.
    pub intact: bool,
    /// Completeness, which is another question: nothing is known to be missing.
    pub complete: bool,
    /// What was taken out by rule; absent where the log is whole from its first record on.
    pub pruned: Option<ChainPruned>,
    /// Number of the last record that a link covers.
    pub sealed: u64,
    /// Records that no link covered yet.
    pub unsealed: u64,
    /// Checkpoints that were checked.
    pub checkpoints: u64,
    /// The newest link.
    pub head: Option<Digest>,
    /// When the first checkpoint was made.
    pub began_at: Option<Time>,
    /// Records that were sealed more than a minute after they were written: what they said in between is not proven.
    pub sealed_late: u64,
    /// The key of the newest checkpoint.
    pub key: Option<String>,
    /// Whether it is one that this machine trusts.
    pub key_trusted: bool,
    /// Number of the last record that a checkpoint kept elsewhere agrees with.
    pub anchored_to: Option<u64>,
    /// How many things are wrong.
    pub findings_total: u64,
    /// The first of them, at most 100.
    pub findings: Vec<ChainFinding>,
}

/// A check that ended.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ChainCheck {
    /// When it began.
    pub begun_at: Time,
    /// When it ended.
    pub ended_at: Time,
    /// Who asked for it.
    pub by: Actor,
    /// What was found; absent when it could not be carried out.
    pub report: Option<ChainReport>,
    /// What it could not be carried out with, or compared with, and what to do.
    pub problems: Vec<Fault>,
    /// Lines of the file of checkpoints that could not be read.
    pub unreadable_anchors: u64,
}

/// How the chain over the audit log stands.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct AuditChain {
    /// How sealing stands.
    pub sealing: ChainSealing,
    /// Records that links cover.
    pub sealed: u64,
    /// Checkpoints that there are.
    pub checkpoints: u64,
    /// When the newest one was made.
    pub sealed_at: Option<Time>,
    /// Records that wait to be sealed.
    pub unsealed: u64,
    /// How keeping checkpoints elsewhere stands; absent where that is not set.
    pub anchoring: Option<ChainAnchoring>,
    /// The check that is under way.
    pub checking: Option<ChainProgress>,
    /// The last check.
    pub last_check: Option<ChainCheck>,
}

//! The notary's words in the contract's, and an export on its way out.
//!
//! Never here: a decision.

use async_trait::async_trait;
use bytes::Bytes;
use chimera_audit::{
    Anchored, AuditError, Check, Checking, Exported, Finding, Report, Sealing, Sink, Standing,
    Status,
};
use chimera_contract::{
    chain::{
        AuditChain, ChainAnchoring, ChainCheck, ChainFinding, ChainFindingKind as Kind,
        ChainProgress, ChainPruned, ChainReport, ChainSealing, ChainStanding, SealingState,
    },
    event::Actor,
    scalar::{Digest, Id, Time},
};
use chimera_wire::ToWire;
use tokio::sync::mpsc;

/// The chain as it is shown; `by` asked for the last check.
pub(crate) fn chain(status: Status, by: Option<Actor>) -> AuditChain {
    let newest = status.newest.as_ref();
    AuditChain {
        sealing: sealing(&status.sealing),
        sealed: newest.map_or(0, |newest| newest.last),
        checkpoints: newest.map_or(0, |newest| newest.number),
        sealed_at: newest.map(|newest| Time::of(newest.sealed_at)),
        unsealed: status.unsealed,
        anchoring: status.anchored.as_ref().map(anchoring),
        checking: status.checking.as_ref().map(progress),
        last_check: status
            .last
            .as_ref()
            .zip(by)
            .map(|(last, by)| check(last, by)),
    }
}

fn sealing(sealing: &Sealing) -> ChainSealing {
    let (state, key, problem) = match sealing {
        Sealing::Starting => (SealingState::Starting, None, None),
        Sealing::Signed(key) => (SealingState::Signed, Some(key.to_string()), None),
        Sealing::Unsigned(why) => (SealingState::Unsigned, None, why.as_ref()),
        Sealing::Stopped(why) => (SealingState::Stopped, None, Some(why)),
    };
    ChainSealing {
        state,
        key,
        problem: problem.map(ToWire::wire),
    }
}

fn anchoring(anchored: &Anchored) -> ChainAnchoring {
    ChainAnchoring {
        file: anchored.file.display().to_string(),
        kept_to: anchored.last,
        kept_at: anchored.at.map(Time::of),
        problem: anchored.fault.as_ref().map(ToWire::wire),
    }
}

fn progress(checking: &Checking) -> ChainProgress {
    ChainProgress {
        begun_at: Time::of(checking.begun_at),
        walked: checking.walked(),
        all: checking.all,
    }
}

fn check(check: &Check, by: Actor) -> ChainCheck {
    let problems = [&check.fault, &check.no_key, &check.no_anchor];
    ChainCheck {
        begun_at: Time::of(check.begun_at),
        ended_at: Time::of(check.ended_at),
        by,
        report: check.report.as_ref().map(report),
        problems: problems.into_iter().flatten().map(ToWire::wire).collect(),
        unreadable_anchors: check.unreadable_anchors,
    }
}

fn report(report: &Report) -> ChainReport {
    ChainReport {
        standing: match report.standing {
            Standing::Anchored => ChainStanding::Anchored,
            Standing::Unanchored => ChainStanding::Unanchored,
            Standing::Broken => ChainStanding::Broken,
        },
        intact: report.intact,
        complete: report.completeness.complete,
        pruned: report.pruned.as_ref().map(|pruned| ChainPruned {
            records: pruned.records,
            up_to: pruned.up_to,
            kept: pruned.kept,
            until: Time::of(pruned.until),
            at: Time::of(pruned.at),
            rule: pruned.rule.clone(),
            key: pruned.key.to_string(),
        }),
        sealed: report.sealed,
        unsealed: report.completeness.unsealed,
        checkpoints: report.checkpoints,
        head: report.head.map(Digest::of),
        began_at: report.began_at.map(Time::of),
        sealed_late: report.sealed_late,
        key: report.key.map(|key| key.to_string()),
        key_trusted: report.key_trusted,
        anchored_to: report.anchored_to,
        findings_total: report.findings_total,
        findings: report.findings.iter().map(finding).collect(),
    }
}

fn finding(found: &Finding) -> ChainFinding {
    let bare = |kind| ChainFinding {
        kind,
        missing: found.concerns_completeness(),
        number: None,
        to: None,
        record: None,
        key: None,
        what: None,
        id: None,
    };
    let numbered = |kind, number: u64| ChainFinding {
        number: Some(number),
        ..bare(kind)
    };
    let several = |kind, from: u64, to: u64| ChainFinding {
        to: Some(to),
        ..numbered(kind, from)
    };
    let of_record = |kind, number: u64, record| ChainFinding {
        record: Some(Id::of(record)),
        ..numbered(kind, number)
    };
    match found {
        Finding::Edited { number, record } => of_record(Kind::Edited, *number, record),
        Finding::Reordered { number, record } => of_record(Kind::Reordered, *number, record),
        Finding::Deleted { number, record } => of_record(Kind::Deleted, *number, record),
        Finding::LinksMissing { from, to } => several(Kind::LinksMissing, *from, *to),
        Finding::LinkBroken { number } => numbered(Kind::LinkBroken, *number),
        Finding::CheckpointsMissing { from, to } => several(Kind::CheckpointsMissing, *from, *to),
        Finding::CheckpointBroken { number } => numbered(Kind::CheckpointBroken, *number),
        Finding::SignatureBroken { number } => numbered(Kind::SignatureBroken, *number),
        Finding::KeyUnknown { number, key } => ChainFinding {
            key: Some(key.to_string()),
            ..numbered(Kind::KeyUnknown, *number)
        },
        Finding::Unsigned { number } => numbered(Kind::Unsigned, *number),
        Finding::Truncated { sealed, found } => several(Kind::Truncated, *found, *sealed),
        Finding::Rechained { number } => numbered(Kind::Rechained, *number),
        Finding::Inserted { record } => ChainFinding {
            record: Some(Id::of(record)),
            ..bare(Kind::Inserted)
        },
        Finding::BeginningBroken { number } => numbered(Kind::BeginningBroken, *number),
        Finding::CutOff => bare(Kind::CutOff),
        Finding::WorkspaceGone => bare(Kind::WorkspaceGone),
        Finding::Unrecorded { what, id } => ChainFinding {
            what: Some(what.clone()),
            id: Some(id.clone()),
            ..bare(Kind::Unrecorded)
        },
    }
}

/// Bytes of an export that travel together.
const PART_BYTES: usize = 64 * 1024;

/// A part of an answer, or why there is no more.
type Part = Result<Bytes, std::io::Error>;

/// An export on its way to whoever asked for it.
pub(crate) struct Outgoing {
    parts: mpsc::Sender<Part>,
    waiting: Vec<u8>,
}

impl Outgoing {
    pub(crate) const fn to(parts: mpsc::Sender<Part>) -> Self {
        Self {
            parts,
            waiting: Vec::new(),
        }
    }

    /// Sends what is left, or breaks the answer off so that nobody takes it for whole.
    pub(crate) async fn finish(
        mut self,
        ended: Result<Exported, AuditError>,
    ) -> Result<(), AuditError> {
        match ended {
            Ok(_) => self.send().await,
            Err(error) => {
                let broken = std::io::Error::other(error.to_string());
                // Whoever is gone needs no word.
                drop(self.parts.send(Err(broken)).await);
                Err(error)
            }
        }
    }

    async fn send(&mut self) -> Result<(), AuditError> {
        let part = Bytes::from(std::mem::take(&mut self.waiting));
        self.parts
            .send(Ok(part))
            .await
            .map_err(|_| AuditError::Gone)
    }
}

#[async_trait]
impl Sink for Outgoing {
    async fn line(&mut self, line: Vec<u8>) -> Result<(), AuditError> {
        self.waiting.extend_from_slice(&line);
        if self.waiting.len() < PART_BYTES {
            return Ok(());
        }
        self.send().await
    }
}

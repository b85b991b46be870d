//! The walk along a chain: link by link, holding no more than where it stands.
//!
//! Never here: where links and records come from.

use chimera_canon::{CanonError, Digest, VerifyingKey};
use chimera_domain::{
    audit::{AuditLink, Checkpoint},
    id::{AuditId, TenantId},
    time::{Span, Timestamp},
};

use crate::{
    chain, checkpoint,
    report::{Completeness, Finding, MAX_FINDINGS, Report, Standing},
    sealer::MAX_SEALED_AT_ONCE,
    verifier::Trust,
};

/// What became of the record that a link covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fate {
    /// It says what it said; written at this time.
    AsSealed {
        at: Timestamp,
    },
    Edited,
    Reordered,
    /// It is gone; perhaps another one stands at its place.
    Deleted {
        instead: Option<AuditId>,
    },
}

/// A record that was sealed later than this after it was written could have been altered before unseen, which the
/// report counts.
const LATE_AFTER: Span = Span::seconds(60);

pub(crate) struct Walk<'a> {
    tenant: TenantId,
    trust: &'a Trust,
    last: u64,
    last_seq: u64,
    head: Digest,
    checkpoint: Option<Checkpoint>,
    checkpoint_digest: Digest,
    checkpoints: u64,
    signed_before: bool,
    anchored_to: Option<u64>,
    began_at: Option<Timestamp>,
    /// When the records were written that no checkpoint has covered yet, the newest [`MAX_SEALED_AT_ONCE`] of them.
    uncovered: Vec<Timestamp>,
    sealed_late: u64,
    findings: Vec<Finding>,
    total: u64,
    altered: bool,
    incomplete: bool,
}

/// What the walk is told at its end.
#[derive(Default)]
pub(crate) struct End {
    /// The newest checkpoint that there is.
    pub(crate) newest: Option<Checkpoint>,
    /// Records that no link covers yet.
    pub(crate) unsealed: u64,
    /// Whether what happened was compared with the records.
    pub(crate) compared: bool,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(tenant: TenantId, trust: &'a Trust) -> Result<Self, CanonError> {
        let genesis = chain::genesis(tenant)?;
        Ok(Self {
            tenant,
            trust,
            last: 0,
            last_seq: 0,
            head: genesis,
            checkpoint: None,
            checkpoint_digest: genesis,
            checkpoints: 0,
            signed_before: false,
            anchored_to: None,
            began_at: None,
            uncovered: Vec::new(),
            sealed_late: 0,
            findings: Vec::new(),
            total: 0,
            altered: false,
            incomplete: false,
        })
    }

    /// Number of the last link that was walked.
    pub(crate) const fn last(&self) -> u64 {
        self.last
    }

    pub(crate) fn found(&mut self, finding: Finding) {
        self.found_more(1, &finding);
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        }
    }

    /// Counts findings like this one that are not listed.
    pub(crate) fn found_more(&mut self, count: u64, like: &Finding) {
        if count == 0 {
            return;
        }
        self.total = self.total.saturating_add(count);
        if like.concerns_completeness() {
            self.incomplete = true;
        } else {
            self.altered = true;
        }
    }

    pub(crate) fn link(&mut self, link: &AuditLink, fate: Fate) -> Result<(), CanonError> {
        let (number, record) = (link.number, link.record);
        if number > self.last + 1 {
            let from = self.last + 1;
            self.found(Finding::LinksMissing {
                from,
                to: number - 1,
            });
        } else if link.link != chain::link(self.tenant, number, self.head, link.digest)? {
            self.found(Finding::LinkBroken { number });
        }
        match fate {
            Fate::AsSealed { .. } if link.seq <= self.last_seq => {
                self.found(Finding::Reordered { number, record });
            }
            Fate::AsSealed { at } => {
                if self.uncovered.len() < MAX_SEALED_AT_ONCE as usize {
                    self.uncovered.push(at);
                }
            }
            Fate::Edited => self.found(Finding::Edited { number, record }),
            Fate::Reordered => self.found(Finding::Reordered { number, record }),
            Fate::Deleted { instead } => {
                self.found(Finding::Deleted { number, record });
                if let Some(record) = instead {
                    self.found(Finding::Inserted { record });
                }
            }
        }
        self.last = number;
        self.last_seq = self.last_seq.max(link.seq);
        self.head = link.link;
        if let Some(anchor) = self.trust.anchors.at(self.tenant, number) {
            if anchor == link.link {
                self.anchored_to = Some(number);
            } else {
                self.found(Finding::Rechained { number });
            }
        }
        Ok(())
    }

    /// A checkpoint that ends with the link that was walked last.
    pub(crate) fn checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), CanonError> {
        let number = checkpoint.number;
        let before = self.checkpoint.as_ref().map_or(0, |before| before.number);
        let follows = if number > before + 1 {
            let from = before + 1;
            self.found(Finding::CheckpointsMissing {
                from,
                to: number - 1,
            });
            true
        } else {
            number > before && checkpoint.previous == self.checkpoint_digest
        };
        let ours = checkpoint.tenant == self.tenant;
        if !ours || !follows || checkpoint.head != self.head || checkpoint.last != self.last {
            self.found(Finding::CheckpointBroken { number });
        }
        self.checkpoint_digest = checkpoint::digest(checkpoint)?;
        self.signature(checkpoint);
        self.began_at.get_or_insert(checkpoint.sealed_at);
        let late = self
            .uncovered
            .drain(..)
            .filter(|at| checkpoint.sealed_at > *at + LATE_AFTER)
            .count();
        self.sealed_late = self
            .sealed_late
            .saturating_add(u64::try_from(late).unwrap_or(u64::MAX));
        self.checkpoint = Some(checkpoint.clone());
        self.checkpoints += 1;
        Ok(())
    }

    fn signature(&mut self, checkpoint: &Checkpoint) {
        let number = checkpoint.number;
        let Some(signed) = checkpoint.signed else {
            // Before the first key was made there was none to sign with; what follows covers it.
            if self.signed_before {
                self.found(Finding::Unsigned { number });
            }
            return;
        };
        self.signed_before = true;
        if !self.trusts(signed.key) {
            let key = signed.key;
            self.found(Finding::KeyUnknown { number, key });
        }
        let holds = signed
            .key
            .verify(&self.checkpoint_digest, &signed.signature);
        if holds.is_err() {
            self.found(Finding::SignatureBroken { number });
        }
    }

    /// Whether a key is trusted; any is where none was named.
    fn trusts(&self, key: VerifyingKey) -> bool {
        self.trust.keys.is_empty() || self.trust.keys.contains(&key)
    }

    pub(crate) fn end(mut self, end: &End) -> Report {
        let covered = self.checkpoint.as_ref().map_or(0, |c| c.last);
        if covered < self.last {
            // Links and the checkpoint that covers them are written in one transaction.
            let number = self.checkpoint.as_ref().map_or(0, |c| c.number) + 1;
            self.found(Finding::CheckpointsMissing {
                from: number,
                to: number,
            });
        }
        let newest = end.newest.as_ref().map_or(0, |c| c.last);
        let sealed = newest.max(self.trust.anchors.last(self.tenant));
        if sealed > self.last {
            let found = self.last;
            self.found(Finding::Truncated { sealed, found });
        }
        if let Some(Checkpoint {
            number,
            signed: None,
            ..
        }) = self.checkpoint
            && !self.trust.keys.is_empty()
            && !self.signed_before
        {
            self.found(Finding::Unsigned { number });
        }
        let key = self
            .checkpoint
            .as_ref()
            .and_then(|c| c.signed)
            .map(|s| s.key);
        Report {
            tenant: self.tenant,
            standing: match (self.total, self.anchored_to) {
                (0, Some(_)) => Standing::Anchored,
                (0, None) => Standing::Unanchored,
                _ => Standing::Broken,
            },
            intact: !self.altered,
            completeness: Completeness {
                complete: !self.incomplete,
                compared: end.compared,
                unsealed: end.unsealed,
            },
            sealed: self.last,
            head: (self.last > 0).then_some(self.head),
            checkpoints: self.checkpoints,
            began_at: self.began_at,
            sealed_at: self.checkpoint.as_ref().map(|c| c.sealed_at),
            sealed_late: self.sealed_late,
            key,
            key_trusted: key.is_some_and(|key| self.trust.keys.contains(&key)),
            anchored_to: self.anchored_to,
            findings_total: self.total,
            findings: self.findings,
        }
    }
}

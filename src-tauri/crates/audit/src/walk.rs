//! The walk along a chain: link by link, holding no more than where it stands.
//!
//! Never here: where links and records come from.

use chimera_canon::{CanonError, Digest, VerifyingKey};
use chimera_domain::{
    audit::{AuditLink, Beginning, Checkpoint},
    id::{AuditId, TenantId},
    time::{Span, Timestamp},
};

use crate::{
    beginning, chain, checkpoint,
    report::{Completeness, Finding, MAX_FINDINGS, Pruned, Report, Standing},
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
    beginning: Option<Beginning>,
    /// The digest over kept records, as far as they were walked, and how many.
    kept: (Digest, u64),
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
            beginning: None,
            kept: (genesis, 0),
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

    /// A walk that goes on from where older records were taken out by rule.
    pub(crate) fn from(
        tenant: TenantId,
        trust: &'a Trust,
        beginning: Option<&Beginning>,
    ) -> Result<Self, CanonError> {
        let mut walk = Self::new(tenant, trust)?;
        if let Some(beginning) = beginning {
            walk.begin(beginning.clone())?;
        }
        Ok(walk)
    }

    /// Takes a beginning for the place to go on from, and says when it is not to be trusted.
    pub(crate) fn begin(&mut self, beginning: Beginning) -> Result<(), CanonError> {
        let number = beginning.last;
        if beginning.tenant != self.tenant || !beginning::holds(&beginning)? {
            self.found(Finding::BeginningBroken { number });
        } else if !self.trusts(beginning.signed.key) {
            let key = beginning.signed.key;
            self.found(Finding::BeginningBroken { number });
            self.found(Finding::KeyUnknown {
                number: beginning.checkpoint,
                key,
            });
        }
        self.last = number;
        self.head = beginning.head;
        self.checkpoint_digest = beginning.covered;
        self.signed_before = true;
        self.compare_anchor(number, beginning.head);
        self.beginning = Some(beginning);
        Ok(())
    }

    /// A record from before the beginning that stays.
    pub(crate) fn kept(&mut self, link: &AuditLink, fate: Fate) -> Result<(), CanonError> {
        let (number, record) = (link.number, link.record);
        match fate {
            Fate::AsSealed { .. } => {}
            Fate::Edited => self.found(Finding::Edited { number, record }),
            Fate::Reordered => self.found(Finding::Reordered { number, record }),
            Fate::Deleted { .. } => self.found(Finding::Deleted { number, record }),
        }
        self.kept = (beginning::keep(self.kept.0, link)?, self.kept.1 + 1);
        Ok(())
    }

    /// All kept records were walked.
    pub(crate) fn all_kept(&mut self) {
        let told = self.beginning.as_ref();
        if let Some(told) = told.filter(|told| (told.kept_head, told.kept) != self.kept) {
            let number = told.last;
            self.found(Finding::BeginningBroken { number });
        }
    }

    /// Number of the checkpoint that was walked last, or with which the log begins.
    fn covered(&self) -> (u64, u64) {
        match (&self.checkpoint, &self.beginning) {
            (Some(checkpoint), _) => (checkpoint.number, checkpoint.last),
            (None, Some(beginning)) => (beginning.checkpoint, beginning.last),
            (None, None) => (0, 0),
        }
    }

    fn compare_anchor(&mut self, number: u64, link: Digest) {
        if let Some(anchor) = self.trust.anchors.at(self.tenant, number) {
            if anchor == link {
                self.anchored_to = Some(number);
            } else {
                self.found(Finding::Rechained { number });
            }
        }
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
        self.compare_anchor(number, link.link);
        Ok(())
    }

    /// A checkpoint that ends with the link that was walked last.
    pub(crate) fn checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), CanonError> {
        let number = checkpoint.number;
        let (before, _) = self.covered();
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
        let (checkpoint, covered) = self.covered();
        if covered < self.last {
            // Links and the checkpoint that covers them are written in one transaction.
            let number = checkpoint + 1;
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
            pruned: self.beginning.as_ref().map(|beginning| Pruned {
                records: beginning.pruned,
                up_to: beginning.last,
                kept: beginning.kept,
                until: beginning.until,
                at: beginning.cut_at,
                rule: beginning.rule.clone(),
                key: beginning.signed.key,
            }),
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

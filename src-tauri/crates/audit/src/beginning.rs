//! Where a log begins after older records were taken out by rule: the statement's digest, its signature, and the line
//! in which it travels.
//!
//! Never here: which records may go (`cutting`), files.

use chimera_canon::{CanonError, Digest, Signature, SigningKey, VerifyingKey};
use chimera_domain::{
    audit::{AuditLink, Beginning, Signed},
    id::TenantId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::chain;

const DOMAIN: &str = "chimera.audit.beginning.v1";
const KEPT: &str = "chimera.audit.kept.v1";

/// A beginning without its signature.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Draft {
    pub(crate) tenant: TenantId,
    pub(crate) number: u64,
    pub(crate) checkpoint: u64,
    pub(crate) covered: Digest,
    pub(crate) last: u64,
    pub(crate) head: Digest,
    pub(crate) pruned: u64,
    pub(crate) kept: u64,
    pub(crate) kept_head: Digest,
    pub(crate) until: Timestamp,
    pub(crate) rule: String,
    pub(crate) cut_at: Timestamp,
}

/// What is signed. The key is part of it, so that a signature cannot be laid under another's name.
#[derive(Serialize)]
struct Statement<'a> {
    tenant: TenantId,
    number: u64,
    checkpoint: u64,
    covered: Digest,
    last: u64,
    head: Digest,
    pruned: u64,
    kept: u64,
    kept_head: Digest,
    until: Timestamp,
    rule: &'a str,
    cut_at: Timestamp,
    key: VerifyingKey,
}

/// A beginning on a line of its own, in an export.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line {
    tenant: TenantId,
    number: u64,
    checkpoint: u64,
    covered: Digest,
    last: u64,
    head: Digest,
    pruned: u64,
    kept: u64,
    kept_head: Digest,
    until: Timestamp,
    rule: String,
    cut_at: Timestamp,
    key: VerifyingKey,
    signature: Signature,
}

/// What a beginning's signature covers.
pub(crate) fn digest(beginning: &Beginning) -> Result<Digest, CanonError> {
    let statement = Statement {
        tenant: beginning.tenant,
        number: beginning.number,
        checkpoint: beginning.checkpoint,
        covered: beginning.covered,
        last: beginning.last,
        head: beginning.head,
        pruned: beginning.pruned,
        kept: beginning.kept,
        kept_head: beginning.kept_head,
        until: beginning.until,
        rule: &beginning.rule,
        cut_at: beginning.cut_at,
        key: beginning.signed.key,
    };
    Digest::of(DOMAIN, &statement)
}

impl Draft {
    /// The beginning signed with `key`.
    pub(crate) fn sign(self, key: &SigningKey) -> Result<Beginning, CanonError> {
        let mut beginning = Beginning {
            tenant: self.tenant,
            number: self.number,
            checkpoint: self.checkpoint,
            covered: self.covered,
            last: self.last,
            head: self.head,
            pruned: self.pruned,
            kept: self.kept,
            kept_head: self.kept_head,
            until: self.until,
            rule: self.rule,
            cut_at: self.cut_at,
            signed: Signed {
                key: key.verifying_key(),
                signature: Signature::from_bytes([0; 64]),
            },
        };
        beginning.signed.signature = key.sign(&digest(&beginning)?);
        Ok(beginning)
    }
}

#[derive(Serialize)]
struct KeptForm {
    tenant: TenantId,
    number: u64,
    previous: Digest,
    record: Digest,
}

/// What the digest over kept records begins with.
pub(crate) fn nothing_kept(tenant: TenantId) -> Result<Digest, CanonError> {
    chain::genesis(tenant)
}

/// The digest over kept records with one more.
pub(crate) fn keep(previous: Digest, link: &AuditLink) -> Result<Digest, CanonError> {
    let form = KeptForm {
        tenant: link.tenant,
        number: link.number,
        previous,
        record: link.digest,
    };
    Digest::of(KEPT, &form)
}

impl From<&Beginning> for Line {
    fn from(beginning: &Beginning) -> Self {
        Self {
            tenant: beginning.tenant,
            number: beginning.number,
            checkpoint: beginning.checkpoint,
            covered: beginning.covered,
            last: beginning.last,
            head: beginning.head,
            pruned: beginning.pruned,
            kept: beginning.kept,
            kept_head: beginning.kept_head,
            until: beginning.until,
            rule: beginning.rule.clone(),
            cut_at: beginning.cut_at,
            key: beginning.signed.key,
            signature: beginning.signed.signature,
        }
    }
}

impl From<Line> for Beginning {
    fn from(line: Line) -> Self {
        Self {
            tenant: line.tenant,
            number: line.number,
            checkpoint: line.checkpoint,
            covered: line.covered,
            last: line.last,
            head: line.head,
            pruned: line.pruned,
            kept: line.kept,
            kept_head: line.kept_head,
            until: line.until,
            rule: line.rule,
            cut_at: line.cut_at,
            signed: Signed {
                key: line.key,
                signature: line.signature,
            },
        }
    }
}

/// Whether a beginning says the same as when it was signed.
pub(crate) fn holds(beginning: &Beginning) -> Result<bool, CanonError> {
    let signed = beginning.signed;
    let digest = digest(beginning)?;
    Ok(signed.key.verify(&digest, &signed.signature).is_ok())
}

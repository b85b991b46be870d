//! The sealer: numbers and chains the records that were written since, and signs where the chain stands.
//!
//! Several may run at once; the store takes the links of whoever was first, and the others begin again. Never here:
//! the pause between two rounds (`notary`), where the key is kept.

use chimera_canon::{SigningKey, VerifyingKey};
use chimera_domain::{
    audit::{AuditLink, Checkpoint},
    id::TenantId,
    time::Timestamp,
};
use chimera_ports::store::{Chain, ChainHead, NumberedRecord};

use crate::{AuditError, chain, checkpoint, record};

/// Most records that one checkpoint covers.
pub const MAX_SEALED_AT_ONCE: u32 = 1_000;

/// Seals the audit log.
#[derive(Clone, Debug)]
pub struct Sealer {
    key: Option<SigningKey>,
}

/// What one round did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sealed {
    /// Where the chain stands now.
    pub checkpoint: Checkpoint,
    /// More records wait.
    pub more: bool,
}

impl Sealer {
    /// A sealer with the key that signs; without one the chain is kept and its checkpoints are unsigned.
    #[must_use]
    pub const fn new(key: Option<SigningKey>) -> Self {
        Self { key }
    }

    /// The public half of the key that signs.
    #[must_use]
    pub fn key(&self) -> Option<VerifyingKey> {
        self.key.as_ref().map(SigningKey::verifying_key)
    }

    /// The key itself, for what else says where the log stands.
    pub(crate) const fn signing_key(&self) -> Option<&SigningKey> {
        self.key.as_ref()
    }

    /// Seals the oldest records that wait; nothing when none does.
    ///
    /// # Errors
    /// When the store refuses; a conflict means that another sealer was first, and the next round carries on.
    pub async fn round(
        &self,
        store: &dyn Chain,
        tenant: TenantId,
        now: Timestamp,
    ) -> Result<Option<Sealed>, AuditError> {
        let waiting = store.unsealed(tenant, MAX_SEALED_AT_ONCE).await?;
        if waiting.is_empty() {
            return Ok(None);
        }
        let head = store.chain_head(tenant).await?;
        let links = links(tenant, head.as_ref(), &waiting)?;
        let Some(newest) = links.last() else {
            return Ok(None);
        };
        let (number, previous) = match &head {
            Some(head) => (
                head.checkpoint.number + 1,
                checkpoint::digest(&head.checkpoint)?,
            ),
            None => (1, chain::genesis(tenant)?),
        };
        let unsigned = Checkpoint {
            tenant,
            number,
            last: newest.number,
            head: newest.link,
            previous,
            sealed_at: now,
            signed: None,
        };
        let checkpoint = match &self.key {
            Some(key) => checkpoint::sign(unsigned, key)?,
            None => unsigned,
        };
        let more = waiting.len() >= MAX_SEALED_AT_ONCE as usize;
        store.seal(links, checkpoint.clone()).await?;
        Ok(Some(Sealed { checkpoint, more }))
    }
}

pub(crate) fn links(
    tenant: TenantId,
    head: Option<&ChainHead>,
    waiting: &[NumberedRecord],
) -> Result<Vec<AuditLink>, AuditError> {
    let (mut number, mut previous) = match head {
        Some(head) => (head.link.number, head.link.link),
        None => (0, chain::genesis(tenant)?),
    };
    let mut links = Vec::with_capacity(waiting.len());
    for waiting in waiting {
        number += 1;
        let digest = record::digest(&waiting.stored)?;
        let link = chain::link(tenant, number, previous, digest)?;
        links.push(AuditLink {
            tenant,
            number,
            seq: waiting.seq,
            record: waiting.stored.record.id,
            digest,
            link,
        });
        previous = link;
    }
    Ok(links)
}

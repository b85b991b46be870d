//! How a link follows from the one before.
//!
//! Never here: signatures.

use chimera_canon::{CanonError, Digest};
use chimera_domain::id::TenantId;
use serde::Serialize;

const GENESIS: &str = "chimera.audit.genesis.v1";
const LINK: &str = "chimera.audit.link.v1";

#[derive(Serialize)]
struct LinkForm {
    tenant: TenantId,
    number: u64,
    previous: Digest,
    record: Digest,
}

/// What a tenant's first link and first checkpoint carry on from.
pub(crate) fn genesis(tenant: TenantId) -> Result<Digest, CanonError> {
    Digest::of(GENESIS, &tenant)
}

/// The link of number `number` over a record's digest.
pub(crate) fn link(
    tenant: TenantId,
    number: u64,
    previous: Digest,
    record: Digest,
) -> Result<Digest, CanonError> {
    let form = LinkForm {
        tenant,
        number,
        previous,
        record,
    };
    Digest::of(LINK, &form)
}

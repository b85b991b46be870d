//! Verifies the chain of a store that is open.
//!
//! Never here: exports (`bundle`).

use std::collections::HashMap;

use chimera_canon::VerifyingKey;
use chimera_domain::{
    audit::Beginning,
    id::{AuditId, TenantId},
};
use chimera_ports::store::{ChainReader, ChainRow, Found, StoredRecord, Unrecorded};

use crate::{
    AuditError,
    anchor::Anchors,
    record,
    report::{Finding, MAX_FINDINGS, Report},
    walk::{End, Fate, Walk},
};

/// Links that are read at once.
const PAGE: u32 = 1_000;

/// What a verifier is told to believe.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Keys that may have signed; where none is named any is taken, and the report says so.
    pub keys: Vec<VerifyingKey>,
    /// Checkpoints that were kept elsewhere.
    pub anchors: Anchors,
}

/// Times that a check begins again because the log was cut by rule under it.
const TRIES: u32 = 5;

/// Walks a tenant's whole chain and compares it with the log. `walked` hears how far it is, page by page.
///
/// # Errors
/// When the store cannot be read, or the log is cut again and again meanwhile. What is wrong with the log stands in the
/// report.
pub async fn verify(
    store: &dyn ChainReader,
    tenant: TenantId,
    trust: &Trust,
    walked: &(dyn Fn(u64) + Send + Sync),
) -> Result<Report, AuditError> {
    for _ in 0..TRIES {
        let beginning = store.beginning(tenant).await?;
        let report = verify_from(store, tenant, beginning.as_ref(), (trust, walked)).await?;
        // What was cut while it was walked looks as if it were missing.
        if store.beginning(tenant).await? == beginning {
            return Ok(report);
        }
    }
    Err(AuditError::Moving)
}

/// Who is told how far a walk is.
type Walked<'a> = &'a (dyn Fn(u64) + Send + Sync);

async fn verify_from(
    store: &dyn ChainReader,
    tenant: TenantId,
    beginning: Option<&Beginning>,
    (trust, walked): (&Trust, Walked<'_>),
) -> Result<Report, AuditError> {
    // Read before the walk, which also meets what is sealed while it is under way.
    let newest = store.last_checkpoint(tenant).await?;
    let mut walk = Walk::from(tenant, trust, beginning)?;
    if beginning.is_some() {
        let mut after = 0;
        loop {
            let rows = store.kept_records(tenant, after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = last.link.number;
            let elsewhere = elsewhere(store, tenant, &rows).await?;
            for row in rows {
                walk.kept(&row.link, fate_of(&row, &elsewhere)?)?;
            }
        }
        walk.all_kept();
    }
    loop {
        let rows = store.chain(tenant, walk.last(), PAGE).await?;
        if rows.is_empty() {
            break;
        }
        let elsewhere = elsewhere(store, tenant, &rows).await?;
        for row in rows {
            let fate = fate_of(&row, &elsewhere)?;
            walk.link(&row.link, fate)?;
            if let Some(checkpoint) = &row.checkpoint {
                walk.checkpoint(checkpoint)?;
            }
        }
        walked(walk.last());
    }
    let most = u32::try_from(MAX_FINDINGS).unwrap_or(u32::MAX);
    let unlinked = store.unlinked(tenant, most).await?;
    let listed = unlinked.first.len() as u64;
    for &record in &unlinked.first {
        walk.found(Finding::Inserted { record });
    }
    if let Some(&record) = unlinked.first.first() {
        walk.found_more(
            unlinked.total.saturating_sub(listed),
            &Finding::Inserted { record },
        );
    }
    let unrecorded = store.unrecorded(tenant, most).await?;
    let listed = unrecorded.first.len() as u64;
    let told = |thing: &Unrecorded| Finding::Unrecorded {
        what: thing.kind.clone(),
        id: thing.id.clone(),
    };
    unrecorded
        .first
        .iter()
        .for_each(|thing| walk.found(told(thing)));
    if let Some(like) = unrecorded.first.first() {
        walk.found_more(unrecorded.total.saturating_sub(listed), &told(like));
    }
    let unsealed = store.unsealed_count(tenant).await?;
    Ok(walk.end(&End {
        newest,
        unsealed,
        compared: true,
    }))
}

/// The records of a page's links that do not stand at their places.
pub(crate) async fn elsewhere(
    store: &dyn ChainReader,
    tenant: TenantId,
    rows: &[ChainRow],
) -> Result<HashMap<AuditId, Found>, AuditError> {
    let away: Vec<AuditId> = rows
        .iter()
        .filter(
            |row| !matches!(&row.found, Found::Record(found) if found.record.id == row.link.record),
        )
        .map(|row| row.link.record)
        .collect();
    if away.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(store.audit_records(tenant, &away).await?)
}

/// What became of the record that a link covers.
pub(crate) fn fate_of(
    row: &ChainRow,
    elsewhere: &HashMap<AuditId, Found>,
) -> Result<Fate, AuditError> {
    let as_sealed =
        |found: &StoredRecord| record::digest(found).map(|digest| digest == row.link.digest);
    let instead = match &row.found {
        Found::Record(found) if found.record.id == row.link.record => {
            let at = found.record.at;
            let same = as_sealed(found)?;
            return Ok(if same {
                Fate::AsSealed { at }
            } else {
                Fate::Edited
            });
        }
        Found::Record(other) => Some(other.record.id),
        Found::Unreadable | Found::Nothing => None,
    };
    Ok(match elsewhere.get(&row.link.record) {
        Some(Found::Record(found)) if as_sealed(found)? => Fate::Reordered,
        Some(Found::Record(_) | Found::Unreadable) => Fate::Edited,
        Some(Found::Nothing) | None => Fate::Deleted { instead },
    })
}

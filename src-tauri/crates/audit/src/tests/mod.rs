//! Sealing, checking, attacking and exporting logs; here the records that all of these are about.

mod attacks;
mod bundles;
mod cutting;
mod memory;
mod notary;
mod sealing;

use chimera_canon::{Digest, SigningKey};
use chimera_domain::{
    audit::{AuditRecord, AuditStatus, Checkpoint},
    id::{AuditId, TaskId, TenantId},
    role::Actor,
    time::Timestamp,
};
use chimera_ports::store::StoredRecord;
use serde_json::json;
use uuid::Uuid;

use self::memory::Memory;
use crate::Sealer;

pub(crate) const KEY: [u8; 32] = [7; 32];

pub(crate) fn tenant() -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(1))
}

pub(crate) fn record(number: u64) -> AuditRecord {
    AuditRecord {
        id: AuditId::from_uuid(Uuid::from_u128(u128::from(number) << 64)),
        tenant: tenant(),
        actor: Actor::system("outbox"),
        action: "review.approve".to_owned(),
        agent: None,
        campaign: None,
        task: Some(TaskId::from_uuid(Uuid::from_u128(9))),
        trace: None,
        skill: None,
        input: json!({"b": 2, "a": 1.5}),
        output: json!({"amount": 10}),
        status: AuditStatus::Success,
        at: Timestamp::from_micros(1_000 + i64::try_from(number).unwrap()),
    }
}

pub(crate) fn checkpoint(number: u64, last: u64) -> Checkpoint {
    Checkpoint {
        tenant: tenant(),
        number,
        last,
        head: Digest::plain(&last.to_be_bytes()),
        previous: Digest::plain(b"before"),
        sealed_at: Timestamp::from_seconds(1),
        signed: None,
    }
}

pub(crate) fn signing() -> Sealer {
    Sealer::new(Some(SigningKey::from_seed(&KEY)))
}

/// A log of `records`, sealed `each` at a time.
pub(crate) async fn sealed(records: u64, each: u64) -> Memory {
    let store = Memory::default();
    for number in 1..=records {
        store.write(record(number));
        if number % each == 0 {
            signing()
                .round(&store, tenant(), Timestamp::from_seconds(1))
                .await
                .unwrap()
                .unwrap();
        }
    }
    store
}

/// The record with its texts as the store writes them.
pub(crate) fn stored(record: AuditRecord) -> StoredRecord {
    StoredRecord {
        input: record.input.to_string(),
        output: record.output.to_string(),
        record,
    }
}

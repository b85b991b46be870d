//! The form of a record that is digested. What a record says is bound byte for byte: its data stand in it as the JSON
//! text that was stored, so that no reader's idea of a number can change the digest.
//!
//! Never here: the chain.

use chimera_canon::{CanonError, Digest, canonical_json};
use chimera_domain::{
    audit::AuditStatus,
    id::{AgentId, AuditId, CampaignId, TaskId, TenantId},
    role::Actor,
    time::Timestamp,
    trace::TraceId,
};
use chimera_ports::store::StoredRecord;
use serde::{Deserialize, Serialize};

/// Tag of a record's digest.
const DOMAIN: &str = "chimera.audit.record.v1";

/// A record as it is sealed and exported.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SealedForm {
    pub(crate) id: AuditId,
    pub(crate) tenant: TenantId,
    pub(crate) actor: Actor,
    pub(crate) action: String,
    pub(crate) agent: Option<AgentId>,
    pub(crate) campaign: Option<CampaignId>,
    pub(crate) task: Option<TaskId>,
    pub(crate) trace: Option<TraceId>,
    pub(crate) skill: Option<String>,
    pub(crate) input: String,
    pub(crate) output: String,
    pub(crate) status: AuditStatus,
    pub(crate) at: Timestamp,
}

impl From<&StoredRecord> for SealedForm {
    fn from(stored: &StoredRecord) -> Self {
        let record = &stored.record;
        Self {
            id: record.id,
            tenant: record.tenant,
            actor: record.actor.clone(),
            action: record.action.clone(),
            agent: record.agent,
            campaign: record.campaign,
            task: record.task,
            trace: record.trace,
            skill: record.skill.clone(),
            input: stored.input.clone(),
            output: stored.output.clone(),
            status: record.status,
            at: record.at,
        }
    }
}

/// The canonical bytes of a record.
pub(crate) fn bytes(stored: &StoredRecord) -> Result<Vec<u8>, CanonError> {
    canonical_json(&SealedForm::from(stored))
}

/// The digest of a record's canonical bytes.
pub(crate) fn digest_of_bytes(bytes: &[u8]) -> Result<Digest, CanonError> {
    Digest::of_bytes(DOMAIN, bytes)
}

/// The digest of a record.
pub(crate) fn digest(stored: &StoredRecord) -> Result<Digest, CanonError> {
    digest_of_bytes(&bytes(stored)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{record, stored};

    #[test]
    fn every_field_counts() {
        let base = stored(record(1));
        let before = digest(&base).unwrap();
        let changes: [fn(&mut StoredRecord); 10] = [
            |s| s.record.actor = Actor::system("other"),
            |s| s.record.action = "review.reject".to_owned(),
            |s| s.record.task = None,
            |s| s.record.skill = Some("other".to_owned()),
            |s| s.record.status = AuditStatus::Failure,
            |s| s.record.at = Timestamp::from_micros(2),
            |s| s.input = r#"{"b":1}"#.to_owned(),
            |s| s.output = r#"{"amount":10.0000001}"#.to_owned(),
            // What other readers of the row could read otherwise is another text.
            |s| s.output = r#"{"amount":9,"amount":10}"#.to_owned(),
            |s| s.output = r#"{ "amount":10}"#.to_owned(),
        ];
        for change in changes {
            let mut altered = base.clone();
            change(&mut altered);
            assert_ne!(digest(&altered).unwrap(), before);
        }
    }

    #[test]
    fn numbers_beyond_a_double_are_sealed_too() {
        let of = |wei: &str| {
            let mut one = stored(record(1));
            one.input = format!(r#"{{"wei":{wei}}}"#);
            digest(&one).unwrap()
        };
        assert_ne!(of("18446744073709551615"), of("18446744073709551614"));
    }
}

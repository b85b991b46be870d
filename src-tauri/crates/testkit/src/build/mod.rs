//! Builders: whole, valid records with as little said as possible; a test changes the fields it is about.
//!
//! Never here: storing them.

mod campaign;
mod people;
mod review;
mod task;

pub use task::{provenance, provenance_of};

use std::sync::Arc;

use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    change::{Change, ChangeSet, Expected},
    event::{Event, Fact},
    id::{AuditId, TenantId},
    role::Actor,
    task::Task,
    time::{Span, Timestamp},
};
use chimera_ports::{clock::Clock, ids::IdSource};
use serde_json::json;
use uuid::Uuid;

use crate::{ManualClock, SequentialIds};

/// A clock, ids, and a tenant to build for.
#[derive(Clone, Debug)]
pub struct World {
    /// Its time.
    pub clock: Arc<ManualClock>,
    /// Its ids.
    pub ids: Arc<SequentialIds>,
    /// Whose records it builds.
    pub tenant: TenantId,
}

impl Default for World {
    fn default() -> Self {
        Self::of_family(0)
    }
}

impl World {
    /// A world whose ids never meet those of another family.
    #[must_use]
    pub fn of_family(family: u16) -> Self {
        let ids = Arc::new(SequentialIds::of_family(family));
        Self {
            clock: Arc::new(ManualClock::default()),
            tenant: TenantId::from_uuid(ids.uuid()),
            ids,
        }
    }

    /// The same clock and ids for another tenant.
    #[must_use]
    pub fn other_tenant(&self) -> Self {
        Self {
            tenant: TenantId::from_uuid(self.uuid()),
            ..self.clone()
        }
    }

    /// A new id.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        self.ids.uuid()
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets `seconds` pass.
    pub fn pass(&self, seconds: u32) -> Timestamp {
        self.clock.pass(Span::seconds(seconds))
    }

    /// An event about `task`.
    #[must_use]
    pub fn event(&self, task: &Task) -> Event {
        Event {
            seq: 0,
            tenant: task.tenant,
            actor: Actor::system("test"),
            at: self.now(),
            fact: Fact::TaskChanged {
                task: task.id,
                campaign: task.campaign,
                state: task.state.as_str().to_owned(),
            },
        }
    }

    /// An audit record.
    #[must_use]
    pub fn audit(&self, action: &str) -> AuditRecord {
        AuditRecord {
            id: AuditId::from_uuid(self.uuid()),
            tenant: self.tenant,
            actor: Actor::system("test"),
            action: action.to_owned(),
            agent: None,
            campaign: None,
            task: None,
            trace: None,
            skill: Some("write_post".to_owned()),
            input: json!({"text": "ä\u{0}\"\\"}),
            output: json!(null),
            status: AuditStatus::Success,
            at: self.now(),
        }
    }

    /// The change set that takes `before` to `after` with an event about it, under a fresh version.
    ///
    /// `campaign_version` is the one that the set builds on.
    #[must_use]
    pub fn step(
        &self,
        campaign: &chimera_domain::campaign::Campaign,
        before: &Task,
        after: Task,
        mut changes: Vec<Change>,
    ) -> ChangeSet {
        let after = Task {
            version: self.version(),
            updated_at: self.now(),
            ..after
        };
        changes.push(Change::Event(self.event(&after)));
        ChangeSet {
            tenant: before.tenant,
            expected: Expected {
                campaign: (campaign.id, campaign.version),
                task: Some((before.id, before.version)),
            },
            campaign: None,
            task: Some(after),
            changes,
        }
    }
}

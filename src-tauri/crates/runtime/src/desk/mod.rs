//! The desk: everything that a person may ask of the runtime. Each act is audited by the engine or here.
//!
//! Never here: whether the person may (the API's guard), or HTTP.

mod admission;
mod amend;
mod campaigns;
mod fleet;
mod opened;
mod personas;
mod probes;
mod reconcile;
mod reviews;
mod stop;

use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    campaign::Campaign,
    change::Change,
    event::{Event, Fact},
    id::{AuditId, TenantId, UserId},
    role::{Actor, Role},
};
use serde_json::Value;

pub use campaigns::NewCampaign;
pub use fleet::FleetGauge;
pub use opened::opened_feed_files;
pub use personas::SoulDiagnostic;
pub use probes::FeedProbe;
pub use reconcile::Reconciliation;
pub use reviews::{DecisionInput, DecisionOutcome, EditCheck, Seen};

use crate::runtime::Runtime;

/// Who asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Caller {
    /// Where the person belongs.
    pub tenant: TenantId,
    /// The person.
    pub user: UserId,
    /// What the person may be.
    pub roles: Vec<Role>,
}

impl Caller {
    pub(crate) const fn actor(&self) -> Actor {
        Actor::Person(self.user)
    }
}

impl Runtime {
    /// The event and the audit record of an act that is no transition of the engine.
    pub(crate) fn notes(
        &self,
        who: &Caller,
        action: &str,
        output: Value,
        fact: Option<Fact>,
    ) -> Vec<Change> {
        let at = self.now();
        let record = AuditRecord {
            id: AuditId::from_uuid(self.parts().ids.uuid()),
            tenant: who.tenant,
            actor: who.actor(),
            action: action.to_owned(),
            agent: None,
            campaign: None,
            task: None,
            trace: None,
            skill: None,
            input: Value::Null,
            output,
            status: AuditStatus::Success,
            at,
        };
        let event = fact.map(|fact| {
            Change::Event(Event {
                seq: 0,
                tenant: who.tenant,
                actor: who.actor(),
                at,
                fact,
            })
        });
        event.into_iter().chain([Change::Audit(record)]).collect()
    }

    /// The same about a campaign: its record is found under the campaign and in its run.
    pub(crate) fn campaign_notes(
        &self,
        who: &Caller,
        campaign: &Campaign,
        action: &str,
        output: Value,
    ) -> Vec<Change> {
        let fact = Fact::CampaignChanged {
            campaign: campaign.id,
            status: campaign.status.as_str().to_owned(),
        };
        let mut notes = self.notes(who, action, output, Some(fact));
        for note in &mut notes {
            if let Change::Audit(record) = note {
                record.campaign = Some(campaign.id);
                record.agent = Some(campaign.agent);
                record.trace = Some(campaign.trace.trace);
            }
        }
        notes
    }
}

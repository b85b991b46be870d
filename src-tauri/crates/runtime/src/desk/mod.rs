//! The desk: everything that a person may ask of the runtime. Each act is audited by the engine or in `records`.
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
    id::{TenantId, UserId},
    role::{Actor, Role},
};

pub use campaigns::NewCampaign;
pub use fleet::FleetGauge;
pub use opened::opened_feed_files;
pub use personas::{SoulDiagnostic, SoulField};
pub use probes::FeedProbe;
pub use reconcile::Reconciliation;
pub use reviews::{DecisionInput, DecisionOutcome, EditCheck, Seen};

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

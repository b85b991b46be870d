//! The ledger of model calls: reserved before they are made, settled after, one line each whatever came of them.
//!
//! Never here: what a call costs (the price), or whether it fits (`domain::spend`).

use async_trait::async_trait;
use chimera_domain::{
    change::Change,
    id::{CampaignId, TaskId, TenantId},
    spend::{Admission, BudgetStop, ModelCall, Reservation, Settlement, Spending},
    time::Timestamp,
};

use crate::{
    error::PortError,
    page::{Page, PageRequest},
};

/// What came of asking for a reservation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reserved {
    /// Whether the call may be made.
    pub admission: Admission,
    /// Number of the newest event when people were told of a used-up budget just now; otherwise 0.
    pub told: u64,
}

/// Which calls are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CallFilter {
    /// Of one campaign only.
    pub campaign: Option<CampaignId>,
    /// Of one task only.
    pub task: Option<TaskId>,
}

/// Makes what is stored beside something that seldom happens, when it happens.
pub type MakeNotes<'a> = &'a (dyn Fn() -> Vec<Change> + Send + Sync);

/// The ledger.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Looks in one transaction whether a call fits what its task and its campaign's day may cost, and sets its
    /// upper bound aside when it does. When the day's budget is used up the campaign stands still from then on, and
    /// what `if_stopped` makes is stored with that, once for each budget and day; it is asked only then.
    ///
    /// # Errors
    /// Not found for another tenant's campaign.
    async fn reserve(
        &self,
        asked: &Reservation,
        if_stopped: MakeNotes<'_>,
    ) -> Result<Reserved, PortError>;

    /// Writes the line of a reserved call and releases what was set aside. A call that is not under way is left
    /// as it is: answers whether a line was written.
    ///
    /// # Errors
    /// When the store refuses.
    async fn settle(&self, tenant: TenantId, ended: &Settlement) -> Result<bool, PortError>;

    /// Writes the lines of all calls under way, of any tenant, as lost: their process has ended. Answers how many.
    ///
    /// # Errors
    /// When the store refuses.
    async fn settle_lost(&self, at: Timestamp) -> Result<u64, PortError>;

    /// What was spent on the day that begins at `day`: for one campaign, or for all of the tenant's calls.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn spending(
        &self,
        tenant: TenantId,
        campaign: Option<CampaignId>,
        day: Timestamp,
    ) -> Result<Spending, PortError>;

    /// The stop that holds a campaign now, if its budget of the day is used up and was not raised since.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn budget_stop(
        &self,
        tenant: TenantId,
        campaign: CampaignId,
        now: Timestamp,
    ) -> Result<Option<BudgetStop>, PortError>;

    /// Lines of the ledger, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn model_calls(
        &self,
        tenant: TenantId,
        filter: CallFilter,
        page: PageRequest,
    ) -> Result<Page<ModelCall>, PortError>;
}

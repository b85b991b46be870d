//! The ledger of the loop that stores nothing: each run's purse is looked at before a call and settled after it, as the
//! store does, and no line is kept.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use chimera_domain::{
    id::{AttemptId, CallId, CampaignId, TenantId},
    money::Usd,
    spend::{Admission, BudgetStop, ModelCall, Purse, Reservation, Settlement, Spending, admit},
    time::Timestamp,
};
use chimera_ports::{
    error::PortError,
    page::{Page, PageRequest},
    store::{CallFilter, Ledger, MakeNotes, Reserved},
};

/// The ledger in memory.
#[derive(Default)]
pub(super) struct Purses {
    of_runs: Mutex<HashMap<AttemptId, (Usd, Usd)>>,
    open: Mutex<HashMap<CallId, (Option<AttemptId>, Usd)>>,
}

impl Purses {
    fn nothing_kept() -> PortError {
        PortError::Internal("this ledger keeps no lines".to_owned())
    }
}

#[async_trait]
impl Ledger for Purses {
    async fn reserve(&self, asked: &Reservation, _: MakeNotes<'_>) -> Result<Reserved, PortError> {
        let bound = asked.bound.unwrap_or_default();
        let mut runs = self.of_runs.lock().unwrap_or_else(PoisonError::into_inner);
        let run = asked.attempt.map(|run| runs.entry(run).or_default());
        let step = run.as_ref().zip(asked.cap).map(|(run, cap)| Purse {
            cap,
            spent: run.0,
            reserved: run.1,
        });
        let admission = admit(asked.bound, step, None, asked.started_at);
        if let (Admission::Granted, Some(run)) = (admission, run) {
            run.1 = run.1.saturating_add(bound);
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.insert(asked.id, (asked.attempt, bound));
        }
        Ok(Reserved { admission, told: 0 })
    }

    async fn settle(&self, _: TenantId, ended: &Settlement) -> Result<bool, PortError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((attempt, bound)) = open.remove(&ended.id) else {
            return Ok(false);
        };
        drop(open);
        let mut runs = self.of_runs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(run) = attempt.and_then(|run| runs.get_mut(&run)) {
            run.0 = run.0.saturating_add(ended.cost.unwrap_or(bound));
            run.1 = run.1.checked_sub(bound).unwrap_or_default();
        }
        Ok(true)
    }

    async fn settle_lost(&self, _: Timestamp) -> Result<u64, PortError> {
        Ok(0)
    }

    async fn spending(
        &self,
        _: TenantId,
        _: Option<CampaignId>,
        _: Timestamp,
    ) -> Result<Spending, PortError> {
        Err(Self::nothing_kept())
    }

    async fn budget_stop(
        &self,
        _: TenantId,
        _: CampaignId,
        _: Timestamp,
    ) -> Result<Option<BudgetStop>, PortError> {
        Err(Self::nothing_kept())
    }

    async fn model_calls(
        &self,
        _: TenantId,
        _: CallFilter,
        _: PageRequest,
    ) -> Result<Page<ModelCall>, PortError> {
        Err(Self::nothing_kept())
    }
}

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
    spend::{
        Admission, BudgetStop, CallOutcome, ModelCall, Purse, Purses as All, Reservation,
        Settlement, Spending, admit,
    },
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
    of_runs: Mutex<HashMap<AttemptId, Used>>,
    open: Mutex<HashMap<CallId, UnderWay>>,
}

/// A call under way: its run, and the money and the tokens that are set aside for it.
type UnderWay = (Option<AttemptId>, Usd, u64);

/// What counts against a run's caps, and what is set aside of them.
#[derive(Default)]
struct Used {
    spent: Usd,
    reserved: Usd,
    tokens_spent: u64,
    tokens_reserved: u64,
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
        let used = run.as_deref();
        let purses = All {
            step: used.zip(asked.cap).map(|(used, cap)| Purse {
                cap,
                spent: used.spent,
                reserved: used.reserved,
            }),
            tokens: used.zip(asked.token_cap).map(|(used, cap)| Purse {
                cap,
                spent: used.tokens_spent,
                reserved: used.tokens_reserved,
            }),
            day: None,
        };
        let admission = admit(asked.bound, asked.most_tokens, &purses, asked.started_at);
        if let (Admission::Granted, Some(run)) = (admission, run) {
            run.reserved = run.reserved.saturating_add(bound);
            run.tokens_reserved += asked.most_tokens;
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.insert(asked.id, (asked.attempt, bound, asked.most_tokens));
        }
        Ok(Reserved { admission, told: 0 })
    }

    async fn settle(&self, _: TenantId, ended: &Settlement) -> Result<bool, PortError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((attempt, bound, tokens)) = open.remove(&ended.id) else {
            return Ok(false);
        };
        drop(open);
        let mut runs = self.of_runs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(run) = attempt.and_then(|run| runs.get_mut(&run)) {
            run.spent = run.spent.saturating_add(ended.cost.unwrap_or(bound));
            run.reserved = run.reserved.checked_sub(bound).unwrap_or_default();
            run.tokens_spent += match (&ended.tokens, ended.outcome) {
                (Some(told), _) => told.counted(),
                (None, CallOutcome::Refused) => 0,
                (None, _) => tokens,
            };
            run.tokens_reserved -= tokens;
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

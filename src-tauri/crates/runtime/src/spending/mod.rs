//! The door to every model: a call is reserved against what its task and its campaign's day may cost before it is
//! made, and gets its line in the ledger after, whatever came of it.
//!
//! Never here: what is asked, or what becomes of the answer. Nobody else calls `ChatModel::chat`.

mod told;

use std::time::Duration;

use chimera_domain::{
    campaign::Campaign,
    fault::Fault,
    id::{AttemptId, CallId, TaskId, TenantId},
    money::Usd,
    spend::{Admission, CallOutcome, CallRole, Reservation, Settlement, ToldTokens},
};
use chimera_ports::model::{Charge, ChatModel, ChatReply, ChatRequest, ModelError, ModelInfo};
use tracing::error;

use crate::{
    bounds::Bounds,
    runtime::Runtime,
    worker::{store_fault, too_slow},
};
pub(crate) use told::waits_for_money;
use told::{beyond_day, day_spent, in_use, step_spent, stop_notes};

/// Pause before another look whether calls under way cost less than was set aside for them.
const SETTLE_PAUSE: Duration = Duration::from_millis(50);
/// Longest that one reasoning waits for that, over all its turns.
const MAX_PATIENCE: Duration = Duration::from_secs(5);
/// Share of the bound on reasoning that may go by with waiting for money.
const PATIENCE_SHARE: u32 = 4;

/// How much longer one reasoning waits for calls under way; then its task is handed back.
pub(crate) struct Patience(Duration);

impl Patience {
    pub(crate) fn of(bounds: &Bounds) -> Self {
        Self(MAX_PATIENCE.min(bounds.reasoning / PATIENCE_SHARE))
    }

    /// Waits before another look; false when there was no patience left.
    async fn waits(&mut self) -> bool {
        let pause = SETTLE_PAUSE.min(self.0);
        self.0 -= pause;
        tokio::time::sleep(pause).await;
        !pause.is_zero()
    }
}

/// Who pays for calls, and how much at most.
#[derive(Clone, Debug)]
pub struct Account {
    /// What is asked for.
    pub role: CallRole,
    /// Whose daily budget binds, if any.
    pub campaign: Option<Box<Campaign>>,
    /// Whose cap binds, over all its attempts.
    pub task: Option<TaskId>,
    /// The run; where there is no task, its calls together have the cap.
    pub attempt: Option<AttemptId>,
    /// What the task, or the run, may cost in all.
    pub cap: Option<Usd>,
}

/// A reserved call. It gets its line when it is settled; one that nobody settles is written as stopped.
pub(crate) struct OpenCall {
    runtime: Runtime,
    tenant: TenantId,
    id: CallId,
    info: ModelInfo,
    asked: bool,
    settled: bool,
}

impl OpenCall {
    /// Reserves a call to `model` that reads at most `read` tokens, as `ChatRequest::most_tokens` tells.
    ///
    /// # Errors
    /// When it does not fit what may be spent: then nothing is asked.
    pub(crate) async fn reserve(
        runtime: &Runtime,
        model: &dyn ChatModel,
        tenant: TenantId,
        account: &Account,
        (request, read): (&ChatRequest, u64),
        patience: &mut Patience,
    ) -> Result<Self, Fault> {
        let info = model.info(request.role);
        let written = u64::from(request.max_output_tokens);
        let mut asked = Reservation {
            id: CallId::from_uuid(runtime.parts().ids.uuid()),
            tenant,
            campaign: account.campaign.as_ref().map(|campaign| campaign.id),
            task: account.task,
            attempt: account.attempt,
            role: account.role,
            provider: info.provider.clone(),
            model: info.model.clone(),
            rehearsal: info.rehearsal,
            bound: info.rate.map(|rate| rate.bound(read, written)),
            cap: account.cap,
            started_at: runtime.now(),
        };
        // Made first: whoever goes away while the reservation is on its way still releases it.
        let call = Self {
            runtime: runtime.clone(),
            tenant,
            id: asked.id,
            info,
            asked: false,
            settled: false,
        };
        let wait = runtime.bounds().reasoning;
        let granted = async {
            loop {
                asked.started_at = runtime.now();
                let notes = stop_notes(runtime, account);
                let found = runtime.parts().ledger.reserve(&asked, notes).await;
                let found = found.map_err(store_fault)?;
                if found.told > 0 {
                    runtime.announce(found.told);
                }
                match found.admission {
                    Admission::Granted => return Ok(()),
                    Admission::Busy if patience.waits().await => {}
                    Admission::Busy => return Err(in_use(&asked)),
                    Admission::StepSpent { spent } => return Err(step_spent(&asked, spent)),
                    Admission::BeyondDay { budget } => return Err(beyond_day(&asked, budget)),
                    Admission::DaySpent(stop) => {
                        return Err(day_spent(&asked, stop));
                    }
                }
            }
        };
        match tokio::time::timeout(wait, granted).await {
            Ok(Ok(())) => Ok(call),
            Ok(Err(fault)) => {
                call.forgotten();
                Err(fault)
            }
            // It may be granted yet: dropping the call releases it then.
            Err(_) => Err(too_slow(wait)),
        }
    }

    /// Asks the model.
    pub(crate) async fn ask(
        &mut self,
        model: &dyn ChatModel,
        request: &ChatRequest,
    ) -> Result<ChatReply, ModelError> {
        self.asked = true;
        model.chat(request, None).await
    }

    /// What an answer costs; `None` when nobody knows.
    pub(crate) fn cost(&self, reply: &ChatReply) -> Option<Usd> {
        self.info.cost(reply.usage.told())
    }

    /// Writes the line of a call that was answered, usably or not.
    pub(crate) async fn answered(mut self, reply: &ChatReply, usable: bool) {
        let outcome = if usable {
            CallOutcome::Answered
        } else {
            CallOutcome::Unusable
        };
        let (tokens, cost) = (reply.usage.told(), self.cost(reply));
        self.settle(outcome, None, tokens, cost).await;
    }

    /// Writes the line of a call that brought no answer.
    pub(crate) async fn failed(mut self, error: &ModelError) {
        let (tokens, cost) = match error.charge {
            Charge::Nothing => (None, Some(Usd::ZERO)),
            Charge::Unknown => (None, self.info.cost(None)),
            Charge::Tokens(told) => (Some(told), self.info.cost(Some(told))),
        };
        let code = Some(error.fault.code.clone());
        self.settle(outcome_of(error), code, tokens, cost).await;
    }

    async fn settle(
        &mut self,
        outcome: CallOutcome,
        fault: Option<String>,
        tokens: Option<ToldTokens>,
        cost: Option<Usd>,
    ) {
        let ended = self.ended(outcome, fault, tokens, cost);
        let settled = self
            .runtime
            .parts()
            .ledger
            .settle(self.tenant, &ended)
            .await;
        // Only now: a caller that goes away in the middle leaves it to the drop, and a second line is not written.
        self.settled = true;
        match settled {
            Err(error) if error.is_trouble() => self.settle_later(ended),
            Err(error) => {
                error!(call = %self.id, %error, "what a model call cost could not be written; it stays reserved until the next start");
            }
            Ok(_) => {}
        }
    }

    /// The call was made, whatever the disk says: its line is written once it can be.
    fn settle_later(&self, ended: Settlement) {
        let (runtime, tenant) = (self.runtime.clone(), self.tenant);
        self.runtime.tracker().spawn(async move {
            while !runtime.cancel().is_cancelled() {
                match runtime.parts().ledger.settle(tenant, &ended).await {
                    Err(error) if error.is_trouble() => tokio::select! {
                        () = tokio::time::sleep(runtime.bounds().idle) => {}
                        () = runtime.cancel().cancelled() => {}
                    },
                    Err(error) => {
                        return error!(call = %ended.id, %error, "what a model call cost could not be written");
                    }
                    Ok(_) => return,
                }
            }
        });
    }

    fn ended(
        &self,
        outcome: CallOutcome,
        fault: Option<String>,
        tokens: Option<ToldTokens>,
        cost: Option<Usd>,
    ) -> Settlement {
        Settlement {
            id: self.id,
            outcome,
            fault,
            tokens,
            cost,
            ended_at: self.runtime.now(),
        }
    }

    /// It was never granted: there is nothing to settle.
    fn forgotten(mut self) {
        self.settled = true;
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        if self.settled || tokio::runtime::Handle::try_current().is_err() {
            return;
        }
        // What was not sent costs nothing; for what was, tokens may have been charged.
        let (outcome, cost) = if self.asked {
            (CallOutcome::Stopped, self.info.cost(None))
        } else {
            (CallOutcome::Refused, Some(Usd::ZERO))
        };
        let ended = self.ended(outcome, None, None, cost);
        let (runtime, tenant) = (self.runtime.clone(), self.tenant);
        self.runtime.tracker().spawn(async move {
            if let Err(error) = runtime.parts().ledger.settle(tenant, &ended).await {
                error!(call = %ended.id, %error, "a stopped model call could not be written");
            }
        });
    }
}

impl Runtime {
    /// Asks a model one small question to see whether it answers. It has no budget, and its line in the ledger.
    ///
    /// # Errors
    /// Why it does not answer.
    pub async fn probe(
        &self,
        tenant: TenantId,
        model: &dyn ChatModel,
        request: &ChatRequest,
    ) -> Result<ChatReply, Fault> {
        let account = Account {
            role: CallRole::Probe,
            campaign: None,
            task: None,
            attempt: None,
            cap: None,
        };
        let mut patience = Patience::of(self.bounds());
        let asked = (request, request.most_tokens());
        let mut call =
            OpenCall::reserve(self, model, tenant, &account, asked, &mut patience).await?;
        match call.ask(model, request).await {
            Ok(reply) => {
                call.answered(&reply, true).await;
                Ok(reply)
            }
            Err(error) => {
                call.failed(&error).await;
                Err(error.fault)
            }
        }
    }
}

fn outcome_of(error: &ModelError) -> CallOutcome {
    if error.charge == Charge::Nothing {
        return CallOutcome::Refused;
    }
    match error.fault.code.as_str() {
        "MODEL_TIMEOUT" => CallOutcome::TimedOut,
        "MODEL_STREAM_CUT" => CallOutcome::Cut,
        "MODEL_BAD_ANSWER" | "MODEL_ANSWER_TOO_LARGE" => CallOutcome::Unusable,
        _ => CallOutcome::Failed,
    }
}

#[cfg(test)]
mod tests {
    use chimera_domain::fault::FaultClass;

    use super::*;

    #[test]
    fn every_end_of_a_call_has_its_word() {
        let failed = |code| ModelError::new(FaultClass::Transient, code, "x");
        for (error, outcome) in [
            (failed("MODEL_TIMEOUT"), CallOutcome::TimedOut),
            (failed("MODEL_STREAM_CUT"), CallOutcome::Cut),
            (failed("MODEL_BAD_ANSWER"), CallOutcome::Unusable),
            (failed("MODEL_UNAVAILABLE"), CallOutcome::Failed),
            (
                failed("MODEL_AUTH").charged(Charge::Nothing),
                CallOutcome::Refused,
            ),
        ] {
            assert_eq!(outcome_of(&error), outcome, "{error}");
        }
    }
}

//! One call: reserved, asked, settled.
//!
//! Never here: what is asked, or what becomes of the answer.

use chimera_domain::{
    fault::Fault,
    id::{CallId, TenantId},
    money::Usd,
    spend::{Admission, CallOutcome, Reservation, Settlement, ToldTokens},
};
use chimera_ports::{
    error::PortError,
    model::{Charge, ChatModel, ChatReply, ChatRequest, ModelError, ModelInfo},
};
use tracing::error;

use crate::{
    account::Account,
    house::House,
    patience::Patience,
    told::{beyond_day, day_spent, in_use, step_spent, step_tokens_spent, stop_notes, too_slow},
};

/// A reserved call. It gets its line when it is settled; one that nobody settles is written as stopped.
pub struct OpenCall<H: House> {
    house: H,
    tenant: TenantId,
    id: CallId,
    info: ModelInfo,
    asked: bool,
    settled: bool,
}

impl<H: House> OpenCall<H> {
    /// Reserves a call to `model` that reads at most `read` tokens, as `ChatRequest::most_tokens` tells.
    ///
    /// # Errors
    /// When it does not fit what may be spent: then nothing is asked.
    pub async fn reserve(
        house: &H,
        model: &dyn ChatModel,
        tenant: TenantId,
        account: &Account,
        (request, read): (&ChatRequest, u64),
        patience: &mut Patience,
    ) -> Result<Self, Fault> {
        let info = model.info(request.role);
        let written = u64::from(request.max_output_tokens);
        let mut asked = Reservation {
            id: CallId::from_uuid(house.ids().uuid()),
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
            most_tokens: read.saturating_add(written),
            token_cap: account.token_cap,
            started_at: house.now(),
        };
        // Made first: whoever goes away while the reservation is on its way still releases it.
        let call = Self {
            house: house.clone(),
            tenant,
            id: asked.id,
            info,
            asked: false,
            settled: false,
        };
        let wait = house.reasoning();
        let granted = async {
            loop {
                asked.started_at = house.now();
                let notes = || stop_notes(house, account);
                let found = house.ledger().reserve(&asked, &notes).await;
                let found = found.map_err(PortError::into_fault)?;
                if found.told > 0 {
                    house.announce(found.told);
                }
                match found.admission {
                    Admission::Granted => return Ok(()),
                    Admission::Busy if patience.waits().await => {}
                    Admission::Busy => return Err(in_use(&asked)),
                    Admission::StepSpent { spent } => return Err(step_spent(&asked, spent)),
                    Admission::StepTokensSpent { spent } => {
                        return Err(step_tokens_spent(&asked, spent));
                    }
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
    ///
    /// # Errors
    /// Why there is no answer, and what may be charged all the same.
    pub async fn ask(
        &mut self,
        model: &dyn ChatModel,
        request: &ChatRequest,
    ) -> Result<ChatReply, ModelError> {
        self.asked = true;
        model.chat(request, None).await
    }

    /// What an answer costs; `None` when nobody knows.
    #[must_use]
    pub fn cost(&self, reply: &ChatReply) -> Option<Usd> {
        self.info.cost(reply.usage.told())
    }

    /// Writes the line of a call that was answered, usably or not.
    pub async fn answered(mut self, reply: &ChatReply, usable: bool) {
        let outcome = if usable {
            CallOutcome::Answered
        } else {
            CallOutcome::Unusable
        };
        let (tokens, cost) = (reply.usage.told(), self.cost(reply));
        self.settle(outcome, None, tokens, cost).await;
    }

    /// Writes the line of a call that brought no answer.
    pub async fn failed(mut self, error: &ModelError) {
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
        let settled = self.house.ledger().settle(self.tenant, &ended).await;
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
        let (house, tenant) = (self.house.clone(), self.tenant);
        self.house.tracker().spawn(async move {
            while !house.cancel().is_cancelled() {
                match house.ledger().settle(tenant, &ended).await {
                    Err(error) if error.is_trouble() => tokio::select! {
                        () = tokio::time::sleep(house.idle()) => {}
                        () = house.cancel().cancelled() => {}
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
            ended_at: self.house.now(),
        }
    }

    /// It was never granted: there is nothing to settle.
    fn forgotten(mut self) {
        self.settled = true;
    }
}

impl<H: House> Drop for OpenCall<H> {
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
        let (house, tenant) = (self.house.clone(), self.tenant);
        self.house.tracker().spawn(async move {
            if let Err(error) = house.ledger().settle(tenant, &ended).await {
                error!(call = %ended.id, %error, "a stopped model call could not be written");
            }
        });
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
    use super::*;

    #[test]
    fn every_end_of_a_call_has_its_word() {
        let failed = |code| ModelError::unsent(Fault::of(code, "x")).charged(Charge::Unknown);
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

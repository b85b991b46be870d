//! What a call of an embedder behind an address costs: reserved in the ledger before it is made, and a line of its own
//! after, whatever came of it.
//!
//! It belongs to no campaign and no step: what binds it is what a workspace's embedder may read and cost on a UTC day. A
//! cost that nobody knows is shown as not known; then the tokens bind. Never here: what is sent.

use std::sync::Arc;

use chimera_domain::{
    fault::Fault,
    id::{AttemptId, CallId, TenantId},
    money::Usd,
    spend::{
        Admission, CallOutcome, CallRole, Rate, Reservation, Settlement, ToldTokens, next_day,
    },
    time::Timestamp,
};
use chimera_ports::{clock::Clock, ids::IdSource, model::most_tokens, store::Ledger};
use tracing::error;
use uuid::Uuid;

use crate::codes::embedder_unavailable;

/// First half of the ids of such runs, of no version that ids of runs have.
const EMBEDDER_DAYS: u64 = 0x656d_6265_6464_8000;

/// The price of a model at a host, where anybody knows it.
pub type RateOf = dyn Fn(&str, &str) -> Option<Rate> + Send + Sync;

/// Where calls are written down.
#[derive(Clone)]
pub struct Books {
    /// Their lines.
    pub ledger: Arc<dyn Ledger>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What they cost.
    pub rate_of: Arc<RateOf>,
    /// What they may cost.
    pub limits: DayLimits,
}

/// What a workspace's embedder may use on a UTC day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DayLimits {
    /// Tokens that it may read.
    pub tokens: u64,
    /// What it may cost, where its price is known.
    pub usd: Usd,
}

/// A workspace's calls of a day as one run, whose cap they share.
fn day_run(tenant: TenantId, now: Timestamp) -> AttemptId {
    let day = now.utc_day_start().micros().unsigned_abs();
    let (_, of) = tenant.as_uuid().as_u64_pair();
    AttemptId::from_uuid(Uuid::from_u64_pair(EMBEDDER_DAYS, day ^ of))
}

/// One call, reserved. One that nobody settles is written as stopped.
pub(super) struct Bill {
    books: Books,
    tenant: TenantId,
    id: CallId,
    rate: Option<Rate>,
    is_sent: bool,
    is_settled: bool,
}

/// How a call ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ended {
    pub(super) outcome: CallOutcome,
    pub(super) tokens: Option<ToldTokens>,
}

impl Ended {
    /// It ended like this, and nobody told how many tokens it took.
    pub(super) const fn with(outcome: CallOutcome) -> Self {
        Self {
            outcome,
            tokens: None,
        }
    }
}

impl Bill {
    /// Reserves a call that embeds `texts`.
    pub(super) async fn open(
        books: &Books,
        tenant: TenantId,
        (provider, model): (&str, &str),
        texts: &[String],
    ) -> Result<Self, Fault> {
        let rate = (books.rate_of)(provider, model);
        let read = texts.iter().map(|text| most_tokens(text)).sum();
        // Made first: whoever goes away while the reservation is on its way still releases it.
        let bill = Self {
            books: books.clone(),
            tenant,
            id: CallId::from_uuid(books.ids.uuid()),
            rate,
            is_sent: false,
            is_settled: false,
        };
        let (now, limits) = (books.clock.now(), books.limits);
        let asked = Reservation {
            id: bill.id,
            tenant,
            campaign: None,
            task: None,
            attempt: Some(day_run(tenant, now)),
            role: CallRole::Embedder,
            provider: provider.to_owned(),
            model: model.to_owned(),
            rehearsal: false,
            bound: rate.map(|rate| rate.bound(read, 0)),
            cap: Some(limits.usd),
            most_tokens: read,
            token_cap: Some(limits.tokens),
            started_at: now,
        };
        let reserved = books.ledger.reserve(&asked, &Vec::new).await;
        match reserved.map(|reserved| reserved.admission) {
            Ok(Admission::Granted) => Ok(bill),
            Ok(Admission::StepTokensSpent { .. }) => Err(embedder_unavailable(format_args!(
                "the {} tokens that it may read on a day (memory.embedder_tokens_a_day) do not reach for another call before {}",
                limits.tokens,
                next_day(now)
            ))),
            Ok(Admission::StepSpent { .. }) => Err(embedder_unavailable(format_args!(
                "the {} USD that it may cost on a day (memory.embedder_cents_a_day) do not reach for another call before {}",
                limits.usd,
                next_day(now)
            ))),
            Ok(_) => Err(embedder_unavailable(
                "what it may use today is set aside for calls under way",
            )),
            Err(error) => Err(embedder_unavailable(format_args!(
                "its call cannot be written down before it is made: {error}"
            ))),
        }
    }

    /// From now on tokens may be charged.
    pub(super) const fn sent(&mut self) {
        self.is_sent = true;
    }

    /// Writes the line.
    pub(super) async fn settle(mut self, ended: Ended, fault: Option<&Fault>) {
        let line = self.line(ended, fault.map(|fault| fault.code.clone()));
        let settled = self.books.ledger.settle(self.tenant, &line).await;
        // Only now: a caller that goes away in the middle leaves it to the drop, and a second line is not written.
        self.is_settled = true;
        if let Err(error) = settled {
            error!(call = %self.id, %error, "what a call of the embedder cost could not be written; it stays reserved until the next start");
        }
    }

    fn line(&self, ended: Ended, fault: Option<String>) -> Settlement {
        Settlement {
            id: self.id,
            outcome: ended.outcome,
            fault,
            tokens: ended.tokens,
            cost: self.cost(ended),
            ended_at: self.books.clock.now(),
        }
    }

    fn cost(&self, ended: Ended) -> Option<Usd> {
        if ended.outcome == CallOutcome::Refused {
            return Some(Usd::ZERO);
        }
        let rate = self.rate?;
        match ended.tokens {
            Some(told) => Some(rate.cost(told.input, told.cached, told.output)),
            // What is free costs nothing either way.
            None => (rate.bound(u64::MAX, 0) == Usd::ZERO).then_some(Usd::ZERO),
        }
    }
}

impl Drop for Bill {
    fn drop(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        if self.is_settled {
            return;
        }
        // What was not sent costs nothing; for what was, tokens may have been charged.
        let outcome = if self.is_sent {
            CallOutcome::Stopped
        } else {
            CallOutcome::Refused
        };
        let line = self.line(Ended::with(outcome), None);
        let (ledger, tenant) = (self.books.ledger.clone(), self.tenant);
        runtime.spawn(async move {
            if let Err(error) = ledger.settle(tenant, &line).await {
                error!(call = %line.id, %error, "a stopped call of the embedder could not be written");
            }
        });
    }
}

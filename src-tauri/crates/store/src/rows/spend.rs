//! Rows of `model_reservations` and `model_calls`.

use chimera_domain::{
    money::Usd,
    spend::{ModelCall, Reservation, ToldTokens},
    time::Timestamp,
};

use super::{BadRow, Cells, word};
use crate::{failure::Failure, table::table};

table! {
    /// A call under way.
    "model_reservations" as ReservationRow, key "id";
    fixed {
        id: String,
        tenant_id: String,
        campaign_id: Option<String>,
        task_id: Option<String>,
        attempt_id: Option<String>,
        role: String,
        provider: String,
        model: String,
        rehearsal: i64,
        bound_usd: Option<i64>,
        bound_tokens: i64,
        started_at: i64,
    }
    live {}
}

table! {
    /// A line of the ledger. Its number is given by the table.
    "model_calls" as CallRow, key "id";
    fixed {
        id: String,
        tenant_id: String,
        campaign_id: Option<String>,
        task_id: Option<String>,
        attempt_id: Option<String>,
        role: String,
        provider: String,
        model: String,
        rehearsal: i64,
        input_tokens: Option<i64>,
        cached_tokens: Option<i64>,
        output_tokens: Option<i64>,
        cost_usd: Option<i64>,
        counted_usd: i64,
        outcome: String,
        fault: Option<String>,
        started_at: i64,
        ended_at: i64,
    }
    live {}
}

impl ReservationRow {
    pub(crate) fn of(asked: &Reservation) -> Result<Self, Failure> {
        Ok(Self {
            id: asked.id.to_string(),
            tenant_id: asked.tenant.to_string(),
            campaign_id: asked.campaign.map(|id| id.to_string()),
            task_id: asked.task.map(|id| id.to_string()),
            attempt_id: asked.attempt.map(|id| id.to_string()),
            role: word(&asked.role)?,
            provider: asked.provider.clone(),
            model: asked.model.clone(),
            rehearsal: i64::from(asked.rehearsal),
            bound_usd: asked.bound.map(Usd::nanos),
            bound_tokens: tokens_kept(asked.most_tokens),
            started_at: asked.started_at.micros(),
        })
    }

    /// The day that the call counts on: the one on which it was asked.
    pub(crate) fn day(&self) -> i64 {
        day_of(self.started_at)
    }
}

/// Most tokens that one call counts with: sums of what providers tell never leave the column.
const MOST_TOKENS: u64 = 1 << 40;

/// Tokens as a column keeps them.
pub(crate) fn tokens_kept(tokens: u64) -> i64 {
    i64::try_from(tokens.min(MOST_TOKENS)).unwrap_or(i64::MAX)
}

/// The day on which a call counts that was asked at `started_at`.
pub(crate) fn day_of(started_at: i64) -> i64 {
    Timestamp::from_micros(started_at).utc_day_start().micros()
}

impl TryFrom<CallRow> for ModelCall {
    type Error = BadRow;

    fn try_from(row: CallRow) -> Result<Self, BadRow> {
        let cells = Cells("model_calls");
        let tokens = match (row.input_tokens, row.cached_tokens, row.output_tokens) {
            (Some(input), cached, Some(output)) => Some(ToldTokens {
                input: cells.number("input_tokens", input)?,
                cached: cells.number("cached_tokens", cached.unwrap_or_default())?,
                output: cells.number("output_tokens", output)?,
            }),
            _ => None,
        };
        Ok(Self {
            id: cells.text("id", &row.id)?,
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            campaign: cells.maybe_text("campaign_id", row.campaign_id.as_deref())?,
            task: cells.maybe_text("task_id", row.task_id.as_deref())?,
            attempt: cells.maybe_text("attempt_id", row.attempt_id.as_deref())?,
            role: cells.word("role", &row.role)?,
            provider: row.provider,
            model: row.model,
            rehearsal: row.rehearsal != 0,
            tokens,
            cost: row.cost_usd.map(Usd::from_nanos),
            counted: Usd::from_nanos(row.counted_usd),
            outcome: cells.word("outcome", &row.outcome)?,
            fault: row.fault,
            started_at: Timestamp::from_micros(row.started_at),
            ended_at: Timestamp::from_micros(row.ended_at),
        })
    }
}

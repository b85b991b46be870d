//! The ledger of model calls: reserve, settle, and the sums of a day. The one writer makes every look at a purse and
//! what is set aside from it one step; calls that wait at the same time share its statements.
//!
//! Never here: whether a call fits (`domain::spend`).

mod asked;
mod ended;

use async_trait::async_trait;
use chimera_domain::{
    id::{CampaignId, TenantId},
    money::Usd,
    spend::{Admission, BudgetStop, ModelCall, Reservation, Settlement, Spending},
    time::Timestamp,
};
use chimera_ports::{
    error::PortError,
    page::{Page, PageRequest},
    store::{CallFilter, Ledger, MakeNotes, Reserved},
};

pub(crate) use self::{asked::Asked, ended::Ended};
use super::store::SqliteStore;
use crate::{
    cursor::{self, rows_to_read},
    failure::Failure,
    rows::{CallRow, Cells},
    table::Cell,
};

/// The name under which calls of no campaign count.
const NO_CAMPAIGN: &str = "";

/// The stop that holds campaign `c` at `?1`: a daily budget that was used up and was not raised since.
macro_rules! stopped {
    () => {
        "EXISTS (SELECT 1 FROM budget_stops s WHERE s.campaign_id = c.id AND s.tenant_id = c.tenant_id \
         AND s.until_at > ?1 AND s.budget_usd >= c.daily_budget_usd)"
    };
}
pub(super) use stopped;

/// A row of the days' sums.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
struct DayKey {
    tenant: String,
    /// Its beginning, in microseconds.
    day: i64,
    campaign: String,
}

impl DayKey {
    fn of(tenant: &str, day: i64, campaign: &str) -> Self {
        Self {
            tenant: tenant.to_owned(),
            day,
            campaign: campaign.to_owned(),
        }
    }

    /// In the order of the table's key.
    fn cells(self, cells: &mut Vec<Cell>) {
        cells.extend([self.tenant.into(), self.day.into(), self.campaign.into()]);
    }
}

/// A sum of a group, which must not wrap.
fn add(sum: i64, amount: i64) -> Result<i64, Failure> {
    sum.checked_add(amount)
        .ok_or_else(|| Failure::refused("a sum of money is too large".to_owned()))
}

#[derive(sqlx::FromRow)]
struct NumberedCall {
    seq: i64,
    #[sqlx(flatten)]
    call: CallRow,
}

impl TryFrom<NumberedCall> for ModelCall {
    type Error = Failure;

    fn try_from(row: NumberedCall) -> Result<Self, Failure> {
        Ok(row.call.try_into()?)
    }
}

#[async_trait]
impl Ledger for SqliteStore {
    async fn reserve(
        &self,
        asked: &Reservation,
        if_stopped: MakeNotes<'_>,
    ) -> Result<Reserved, PortError> {
        let reserved = self.writer().reserve(Asked::of(asked, None)?).await?;
        if !matches!(reserved.admission, Admission::DaySpent(_)) {
            return Ok(reserved);
        }
        // It is asked once more, with what goes with the stop: hardly ever a day is used up, and notes are long.
        let asked = Asked::of(asked, Some(if_stopped()))?;
        self.writer().reserve(asked).await
    }

    async fn settle(&self, tenant: TenantId, ended: &Settlement) -> Result<bool, PortError> {
        let ended = Ended::of(tenant, ended)?;
        self.writer().settle(ended).await
    }

    async fn settle_lost(&self, at: Timestamp) -> Result<u64, PortError> {
        self.writer()
            .run(move |conn| Box::pin(ended::settle_lost(conn, at)))
            .await
    }

    async fn spending(
        &self,
        tenant: TenantId,
        campaign: Option<CampaignId>,
        day: Timestamp,
    ) -> Result<Spending, PortError> {
        let (calls, unpriced, cost, counted, reserved): (i64, i64, i64, i64, i64) = sqlx::query_as(
            "SELECT coalesce(sum(calls), 0), coalesce(sum(unpriced), 0), coalesce(sum(cost_usd), 0), \
                 coalesce(sum(counted_usd), 0), coalesce(sum(reserved_usd), 0) \
             FROM spend_of_day WHERE tenant_id = ?1 AND day = ?2 AND (?3 IS NULL OR campaign_id = ?3)",
        )
        .bind(tenant.to_string())
        .bind(day.utc_day_start().micros())
        .bind(campaign.map(|id| id.to_string()))
        .fetch_one(self.reads())
        .await
        .map_err(Failure::from)?;
        let cells = Cells("spend_of_day");
        Ok(Spending {
            calls: cells.number("calls", calls).map_err(Failure::from)?,
            unpriced: cells.number("unpriced", unpriced).map_err(Failure::from)?,
            cost: Usd::from_nanos(cost),
            counted: Usd::from_nanos(counted),
            reserved: Usd::from_nanos(reserved),
        })
    }

    async fn budget_stop(
        &self,
        tenant: TenantId,
        campaign: CampaignId,
        now: Timestamp,
    ) -> Result<Option<BudgetStop>, PortError> {
        let found: Option<(i64, i64, i64)> = sqlx::query_as(
            "SELECT s.until_at, s.budget_usd, s.spent_usd FROM budget_stops s \
             JOIN campaigns c ON c.id = s.campaign_id AND c.tenant_id = s.tenant_id \
             WHERE s.campaign_id = ?2 AND s.tenant_id = ?3 AND s.until_at > ?1 AND s.budget_usd >= c.daily_budget_usd \
             ORDER BY s.stopped_at DESC LIMIT 1",
        )
        .bind(now.micros())
        .bind(campaign.to_string())
        .bind(tenant.to_string())
        .fetch_optional(self.reads())
        .await
        .map_err(Failure::from)?;
        Ok(found.map(|(until, budget, spent)| BudgetStop {
            until: Timestamp::from_micros(until),
            budget: Usd::from_nanos(budget),
            spent: Usd::from_nanos(spent),
        }))
    }

    async fn model_calls(
        &self,
        tenant: TenantId,
        filter: CallFilter,
        page: PageRequest,
    ) -> Result<Page<ModelCall>, PortError> {
        let before: i64 = cursor::after(&page)?.unwrap_or(i64::MAX);
        // One statement for each index.
        let statement = match (filter.task, filter.campaign) {
            (Some(_), _) => {
                "SELECT * FROM model_calls WHERE task_id = ?3 AND tenant_id = ?1 \
                 AND (?2 IS NULL OR campaign_id = ?2) AND seq < ?4 ORDER BY seq DESC LIMIT ?5"
            }
            (None, Some(_)) => {
                "SELECT * FROM model_calls WHERE campaign_id = ?2 AND tenant_id = ?1 AND ?3 IS NULL \
                 AND seq < ?4 ORDER BY seq DESC LIMIT ?5"
            }
            (None, None) => {
                "SELECT * FROM model_calls WHERE tenant_id = ?1 AND ?2 IS NULL AND ?3 IS NULL \
                 AND seq < ?4 ORDER BY seq DESC LIMIT ?5"
            }
        };
        let rows: Vec<NumberedCall> = sqlx::query_as(statement)
            .bind(tenant.to_string())
            .bind(filter.campaign.map(|id| id.to_string()))
            .bind(filter.task.map(|id| id.to_string()))
            .bind(before)
            .bind(rows_to_read(&page))
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        Ok(cursor::page(&page, rows, |row| row.seq)?)
    }
}

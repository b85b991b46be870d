//! The ledger of model calls: reserve, settle, and the sums of a day. The one writer makes every look at a purse and
//! what is set aside from it one step.
//!
//! Never here: whether a call fits (`domain::spend`).

use std::sync::LazyLock;

use async_trait::async_trait;
use chimera_domain::{
    change::Change,
    id::{CampaignId, TenantId},
    money::Usd,
    spend::{
        Admission, BudgetStop, CallOutcome, ModelCall, Purse, Reservation, Settlement, Spending,
        admit,
    },
    time::Timestamp,
};
use chimera_ports::{
    error::PortError,
    page::{Page, PageRequest},
    store::{CallFilter, Ledger, Reserved},
};
use sqlx::SqliteConnection;

use super::{
    batch::{bound, insert_of_one},
    commit::Sheets,
    store::SqliteStore,
};
use crate::{
    cursor::{self, rows_to_read},
    failure::Failure,
    rows::{CallRow, Cells, ReservationRow},
    table::{Cell, Table},
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
        if_stopped: Vec<Change>,
    ) -> Result<Reserved, PortError> {
        let notes = Sheets::of_notes(asked.tenant, &if_stopped)?;
        let row = ReservationRow::of(asked)?;
        let cap = asked.cap;
        self.writer()
            .run(move |conn| Box::pin(reserve(conn, row, cap, notes)))
            .await
    }

    async fn settle(&self, tenant: TenantId, ended: &Settlement) -> Result<bool, PortError> {
        let (tenant, ended) = (tenant.to_string(), ended.clone());
        self.writer()
            .run(move |conn| {
                Box::pin(async move {
                    let row: Option<ReservationRow> = sqlx::query_as(
                        "DELETE FROM model_reservations WHERE id = ?1 AND tenant_id = ?2 RETURNING *",
                    )
                    .bind(ended.id.to_string())
                    .bind(tenant)
                    .fetch_optional(&mut *conn)
                    .await?;
                    match row {
                        Some(row) => write_line(conn, row, &ended).await.map(|()| true),
                        None => Ok(false),
                    }
                })
            })
            .await
    }

    async fn settle_lost(&self, at: Timestamp) -> Result<u64, PortError> {
        self.writer()
            .run(move |conn| {
                Box::pin(async move {
                    let rows: Vec<ReservationRow> =
                        sqlx::query_as("DELETE FROM model_reservations RETURNING *")
                            .fetch_all(&mut *conn)
                            .await?;
                    let count = rows.len() as u64;
                    for row in rows {
                        let ended = Settlement {
                            id: Cells("model_reservations").text("id", &row.id)?,
                            outcome: CallOutcome::Lost,
                            fault: None,
                            tokens: None,
                            // What costs nothing cost nothing, whatever came of it.
                            cost: (row.bound_usd == Some(0)).then_some(Usd::ZERO),
                            ended_at: at,
                        };
                        write_line(conn, row, &ended).await?;
                    }
                    Ok(count)
                })
            })
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

async fn reserve(
    conn: &mut SqliteConnection,
    row: ReservationRow,
    cap: Option<Usd>,
    notes: Sheets,
) -> Result<Reserved, Failure> {
    let step = match cap {
        Some(cap) => Some(step_purse(conn, &row, cap).await?),
        None => None,
    };
    let day = match &row.campaign_id {
        Some(campaign) => Some(day_purse(conn, &row, campaign).await?),
        None => None,
    };
    let now = Timestamp::from_micros(row.started_at);
    let admission = admit(row.bound_usd.map(Usd::from_nanos), step, day, now);
    let told = match admission {
        Admission::Granted => {
            set_aside(conn, &row).await?;
            0
        }
        Admission::DaySpent(stop) => stop_campaign(conn, &row, stop, notes).await?,
        Admission::Busy | Admission::StepSpent { .. } | Admission::BeyondDay { .. } => 0,
    };
    Ok(Reserved { admission, told })
}

/// What a task may cost, over all its attempts; for calls of no task, what their run may.
async fn step_purse(
    conn: &mut SqliteConnection,
    row: &ReservationRow,
    cap: Usd,
) -> Result<Purse, Failure> {
    let (statement, key) = if row.task_id.is_some() {
        (
            "SELECT (SELECT coalesce(sum(counted_usd), 0) FROM model_calls WHERE task_id = ?1 AND tenant_id = ?2), \
                 (SELECT coalesce(sum(bound_usd), 0) FROM model_reservations WHERE task_id = ?1 AND tenant_id = ?2)",
            &row.task_id,
        )
    } else {
        (
            "SELECT (SELECT coalesce(sum(counted_usd), 0) FROM model_calls WHERE attempt_id = ?1 AND tenant_id = ?2), \
                 (SELECT coalesce(sum(bound_usd), 0) FROM model_reservations WHERE attempt_id = ?1 AND tenant_id = ?2)",
            &row.attempt_id,
        )
    };
    let (spent, reserved): (i64, i64) = sqlx::query_as(statement)
        .bind(key)
        .bind(&row.tenant_id)
        .fetch_one(conn)
        .await?;
    Ok(Purse {
        cap,
        spent: Usd::from_nanos(spent),
        reserved: Usd::from_nanos(reserved),
    })
}

/// What a campaign may spend on the day. Its budget is read where it cannot change meanwhile.
async fn day_purse(
    conn: &mut SqliteConnection,
    row: &ReservationRow,
    campaign: &str,
) -> Result<Purse, Failure> {
    let found: Option<(i64, Option<i64>, Option<i64>)> = sqlx::query_as(
        "SELECT c.daily_budget_usd, d.counted_usd, d.reserved_usd FROM campaigns c \
         LEFT JOIN spend_of_day d ON d.tenant_id = c.tenant_id AND d.day = ?3 AND d.campaign_id = c.id \
         WHERE c.id = ?1 AND c.tenant_id = ?2",
    )
    .bind(campaign)
    .bind(&row.tenant_id)
    .bind(row.day())
    .fetch_optional(conn)
    .await?;
    let (cap, spent, reserved) =
        found.ok_or_else(|| Failure::from(PortError::not_found("campaign", campaign)))?;
    Ok(Purse {
        cap: Usd::from_nanos(cap),
        spent: Usd::from_nanos(spent.unwrap_or_default()),
        reserved: Usd::from_nanos(reserved.unwrap_or_default()),
    })
}

/// The sums of the day and the row itself, in one way to the connection's thread.
static SET_ASIDE: LazyLock<String> = LazyLock::new(|| {
    let sums = "INSERT INTO spend_of_day (tenant_id, day, campaign_id, reserved_usd) VALUES (?, ?, ?, ?) \
         ON CONFLICT (tenant_id, day, campaign_id) DO UPDATE SET reserved_usd = reserved_usd + excluded.reserved_usd";
    format!("{sums}; {}", insert_of_one::<ReservationRow>())
});

async fn set_aside(conn: &mut SqliteConnection, row: &ReservationRow) -> Result<(), Failure> {
    let mut cells: Vec<Cell> = vec![
        row.tenant_id.as_str().into(),
        row.day().into(),
        row.campaign_id.as_deref().unwrap_or(NO_CAMPAIGN).into(),
        row.bound_usd.unwrap_or_default().into(),
    ];
    row.clone().cells(&mut cells);
    sqlx::query_with(SET_ASIDE.as_str(), bound(&cells)?)
        .execute(conn)
        .await?;
    Ok(())
}

/// Lets the campaign stand still and tells people, once for each budget and day.
async fn stop_campaign(
    conn: &mut SqliteConnection,
    row: &ReservationRow,
    stop: BudgetStop,
    notes: Sheets,
) -> Result<u64, Failure> {
    let made = sqlx::query(
        "INSERT INTO budget_stops (tenant_id, campaign_id, until_at, budget_usd, spent_usd, stopped_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
    )
    .bind(&row.tenant_id)
    .bind(&row.campaign_id)
    .bind(stop.until.micros())
    .bind(stop.budget.nanos())
    .bind(stop.spent.nanos())
    .bind(row.started_at)
    .execute(&mut *conn)
    .await?;
    if made.rows_affected() == 0 {
        return Ok(0);
    }
    notes.write_notes(conn).await
}

/// The sums of the day and the line itself, likewise.
static WRITE_LINE: LazyLock<String> = LazyLock::new(|| {
    let sums = "UPDATE spend_of_day SET calls = calls + 1, unpriced = unpriced + ?, cost_usd = cost_usd + ?, \
             counted_usd = counted_usd + ?, reserved_usd = reserved_usd - ? \
         WHERE tenant_id = ? AND day = ? AND campaign_id = ?";
    format!("{sums}; {}", insert_of_one::<CallRow>())
});

/// Writes the line of a call that has ended, and moves its day's sums.
async fn write_line(
    conn: &mut SqliteConnection,
    row: ReservationRow,
    ended: &Settlement,
) -> Result<(), Failure> {
    let (day, bound_usd) = (row.day(), row.bound_usd.unwrap_or_default());
    let line = row.ended(ended)?;
    let mut cells: Vec<Cell> = vec![
        i64::from(line.cost_usd.is_none()).into(),
        line.cost_usd.unwrap_or_default().into(),
        line.counted_usd.into(),
        bound_usd.into(),
        line.tenant_id.as_str().into(),
        day.into(),
        line.campaign_id.as_deref().unwrap_or(NO_CAMPAIGN).into(),
    ];
    line.cells(&mut cells);
    sqlx::query_with(WRITE_LINE.as_str(), bound(&cells)?)
        .execute(conn)
        .await?;
    Ok(())
}

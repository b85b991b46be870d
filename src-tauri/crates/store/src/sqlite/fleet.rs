//! What a tenant's fleet is doing now: a gauge, counted over indexes of open rows.
//!
//! Never here: who asks how often.

use chimera_domain::{id::TenantId, money::Usd, time::Timestamp};
use chimera_ports::{error::PortError, store::FleetCounts};

use super::store::SqliteStore;
use crate::{failure::Failure, rows::Cells};

#[derive(sqlx::FromRow)]
struct Counts {
    agents: i64,
    agents_working: i64,
    agents_judging: i64,
    tasks_ready: i64,
    tasks_working: i64,
    tasks_judging: i64,
    reviews_open: i64,
    effects_held: i64,
    campaigns_active: i64,
    active_budgets: i64,
    active_cost: i64,
    model_cost: i64,
    unpriced_calls: i64,
}

// Budgets may be any amount, so `total` sums them: `sum` would fail where they exceed an integer together.
// INDEXED BY makes it an error, not a scan of everything, when an index no longer fits.
const COUNTS: &str = "WITH \
     working AS (SELECT agent_id FROM tasks INDEXED BY tasks_leased \
         WHERE lease_until IS NOT NULL AND tenant_id = ?1 AND state = 'working'), \
     judging AS (SELECT agent_id FROM tasks INDEXED BY tasks_leased \
             WHERE lease_until IS NOT NULL AND tenant_id = ?1 AND state = 'judging' \
         UNION ALL SELECT agent_id FROM tasks INDEXED BY tasks_unjudged \
             WHERE state = 'judging' AND lease_until IS NULL AND tenant_id = ?1), \
     active AS (SELECT c.daily_budget_usd AS budget, coalesce(d.cost_usd, 0) AS cost \
         FROM campaigns c INDEXED BY campaigns_active \
         LEFT JOIN spend_of_day d ON d.tenant_id = c.tenant_id AND d.day = ?2 AND d.campaign_id = c.id \
         WHERE c.status = 'ACTIVE' AND c.tenant_id = ?1) \
     SELECT (SELECT count(*) FROM agents WHERE tenant_id = ?1) AS agents, \
         (SELECT count(DISTINCT agent_id) FROM working) AS agents_working, \
         (SELECT count(DISTINCT agent_id) FROM judging WHERE agent_id NOT IN (SELECT agent_id FROM working)) \
             AS agents_judging, \
         (SELECT count(*) FROM tasks INDEXED BY tasks_ready WHERE state = 'ready' AND tenant_id = ?1) AS tasks_ready, \
         (SELECT count(*) FROM working) AS tasks_working, \
         (SELECT count(*) FROM judging) AS tasks_judging, \
         (SELECT count(*) FROM reviews INDEXED BY reviews_queue WHERE is_open = 1 AND tenant_id = ?1) AS reviews_open, \
         (SELECT count(*) FROM effects INDEXED BY effects_held WHERE state = 'held' AND tenant_id = ?1) AS effects_held, \
         (SELECT count(*) FROM active) AS campaigns_active, \
         (SELECT CAST(min(total(budget), 9.2e18) AS INTEGER) FROM active) AS active_budgets, \
         (SELECT coalesce(sum(cost), 0) FROM active) AS active_cost, \
         (SELECT coalesce(sum(cost_usd), 0) FROM spend_of_day WHERE tenant_id = ?1 AND day >= ?2) AS model_cost, \
         (SELECT coalesce(sum(unpriced), 0) FROM spend_of_day WHERE tenant_id = ?1 AND day >= ?2) AS unpriced_calls";

impl SqliteStore {
    pub(super) async fn count_fleet(
        &self,
        tenant: TenantId,
        since: Timestamp,
    ) -> Result<FleetCounts, PortError> {
        let found: Counts = sqlx::query_as(COUNTS)
            .bind(tenant.to_string())
            .bind(since.utc_day_start().micros())
            .fetch_one(self.reads())
            .await
            .map_err(Failure::from)?;
        let count = |column, value| Cells("tasks").number(column, value).map_err(Failure::from);
        Ok(FleetCounts {
            agents: count("agents", found.agents)?,
            agents_working: count("agents_working", found.agents_working)?,
            agents_judging: count("agents_judging", found.agents_judging)?,
            tasks_ready: count("tasks_ready", found.tasks_ready)?,
            tasks_working: count("tasks_working", found.tasks_working)?,
            tasks_judging: count("tasks_judging", found.tasks_judging)?,
            reviews_open: count("reviews_open", found.reviews_open)?,
            effects_held: count("effects_held", found.effects_held)?,
            campaigns_active: count("campaigns_active", found.campaigns_active)?,
            active_budgets: Usd::from_nanos(found.active_budgets),
            active_cost: Usd::from_nanos(found.active_cost),
            model_cost: Usd::from_nanos(found.model_cost),
            unpriced_calls: count("unpriced_calls", found.unpriced_calls)?,
        })
    }
}

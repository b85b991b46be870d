//! What a tenant's fleet is doing now and what waits for people: counted over indexes of open rows.
//!
//! Never here: who asks how often.

use chimera_domain::{
    id::{AgentId, TenantId},
    money::Usd,
    task::Task,
    time::Timestamp,
};
use chimera_ports::{
    error::PortError,
    store::{AgentWork, FleetCounts, WaitingCounts},
};

use super::{campaigns::all, store::SqliteStore};
use crate::{
    failure::Failure,
    rows::{Cells, TaskRow},
};

#[derive(sqlx::FromRow)]
struct Counts {
    agents: i64,
    agents_planning: i64,
    agents_working: i64,
    agents_judging: i64,
    tasks_ready: i64,
    tasks_working: i64,
    tasks_judging: i64,
    reviews_open: i64,
    effects_held: i64,
    campaigns_active: i64,
    alerts_open: i64,
    active_budgets: i64,
    active_cost: i64,
    model_cost: i64,
    unpriced_calls: i64,
}

// Budgets may be any amount, so `total` sums them: `sum` would fail where they exceed an integer together.
// INDEXED BY makes it an error, not a scan of everything, when an index no longer fits.
const COUNTS: &str = "WITH \
     planning AS (SELECT agent_id FROM tasks INDEXED BY tasks_leased \
             WHERE lease_until IS NOT NULL AND tenant_id = ?1 AND state = 'working' AND task_type = 'replan' \
         UNION SELECT id FROM agents WHERE tenant_id = ?1 AND id IN (SELECT value FROM json_each(?3))), \
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
         (SELECT count(*) FROM planning) AS agents_planning, \
         (SELECT count(DISTINCT agent_id) FROM working WHERE agent_id NOT IN (SELECT agent_id FROM planning)) \
             AS agents_working, \
         (SELECT count(DISTINCT agent_id) FROM judging WHERE agent_id NOT IN (SELECT agent_id FROM working) \
             AND agent_id NOT IN (SELECT agent_id FROM planning)) AS agents_judging, \
         (SELECT count(*) FROM tasks INDEXED BY tasks_ready WHERE state = 'ready' AND tenant_id = ?1) AS tasks_ready, \
         (SELECT count(*) FROM working) AS tasks_working, \
         (SELECT count(*) FROM judging) AS tasks_judging, \
         (SELECT count(*) FROM reviews INDEXED BY reviews_queue WHERE is_open = 1 AND tenant_id = ?1) AS reviews_open, \
         (SELECT count(*) FROM effects INDEXED BY effects_held WHERE state = 'held' AND tenant_id = ?1) AS effects_held, \
         (SELECT count(*) FROM active) AS campaigns_active, \
         (SELECT CAST(min(total(budget), 9.2e18) AS INTEGER) FROM active) AS active_budgets, \
         (SELECT coalesce(sum(cost), 0) FROM active) AS active_cost, \
         (SELECT count(*) FROM alerts INDEXED BY alerts_by_need WHERE tenant_id = ?1 AND unseen = 1) AS alerts_open, \
         (SELECT coalesce(sum(cost_usd), 0) FROM spend_of_day WHERE tenant_id = ?1 AND day >= ?2) AS model_cost, \
         (SELECT coalesce(sum(unpriced), 0) FROM spend_of_day WHERE tenant_id = ?1 AND day >= ?2) AS unpriced_calls";

#[derive(sqlx::FromRow)]
struct Waiting {
    reviews: i64,
    reviews_due: i64,
    alerts: i64,
    drafts: i64,
}

const WAITING: &str = "SELECT \
         (SELECT count(*) FROM reviews INDEXED BY reviews_queue WHERE is_open = 1 AND tenant_id = ?1) AS reviews, \
         (SELECT count(*) FROM reviews INDEXED BY reviews_expiry \
             WHERE is_open = 1 AND expires_at <= ?2 AND tenant_id = ?1) AS reviews_due, \
         (SELECT count(*) FROM alerts INDEXED BY alerts_by_need WHERE tenant_id = ?1 AND unseen = 1) AS alerts, \
         (SELECT count(*) FROM campaigns WHERE tenant_id = ?1 AND status = 'DRAFT') AS drafts";

// A task has the agent of its campaign, so the campaigns' counters tell how much of an agent's is open.
const OPEN_WORK: &str = "SELECT a.id, (SELECT coalesce(sum(p.open_tasks), 0) FROM campaigns c \
         JOIN campaign_progress p ON p.campaign_id = c.id AND p.tenant_id = c.tenant_id \
         WHERE c.agent_id = a.id AND c.tenant_id = a.tenant_id) \
     FROM agents a WHERE a.tenant_id = ?1 AND a.id IN (SELECT value FROM json_each(?2))";

const IN_HAND: &str = "WITH in_hand AS (SELECT id FROM tasks INDEXED BY tasks_leased \
             WHERE lease_until IS NOT NULL AND tenant_id = ?1 AND state IN ('working', 'judging') \
                 AND agent_id IN (SELECT value FROM json_each(?2)) \
         UNION ALL SELECT id FROM tasks INDEXED BY tasks_unjudged \
             WHERE state = 'judging' AND lease_until IS NULL AND tenant_id = ?1 \
                 AND agent_id IN (SELECT value FROM json_each(?2))) \
     SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY t.agent_id \
             ORDER BY t.state = 'working' AND t.task_type = 'replan' DESC, t.state = 'working' DESC, \
                 t.updated_at DESC, t.id) AS place \
         FROM in_hand h JOIN tasks t ON t.id = h.id AND t.tenant_id = ?1) \
     WHERE place <= ?3 ORDER BY agent_id, place";

/// Ids as one bound value.
fn listed(agents: &[AgentId]) -> String {
    serde_json::Value::from_iter(agents.iter().map(ToString::to_string)).to_string()
}

impl SqliteStore {
    pub(super) async fn count_fleet(
        &self,
        tenant: TenantId,
        since: Timestamp,
        planning: &[AgentId],
    ) -> Result<FleetCounts, PortError> {
        let found: Counts = sqlx::query_as(COUNTS)
            .bind(tenant.to_string())
            .bind(since.utc_day_start().micros())
            .bind(listed(planning))
            .fetch_one(self.reads())
            .await
            .map_err(Failure::from)?;
        let count = |column, value| Cells("tasks").number(column, value).map_err(Failure::from);
        Ok(FleetCounts {
            agents: count("agents", found.agents)?,
            agents_planning: count("agents_planning", found.agents_planning)?,
            agents_working: count("agents_working", found.agents_working)?,
            agents_judging: count("agents_judging", found.agents_judging)?,
            tasks_ready: count("tasks_ready", found.tasks_ready)?,
            tasks_working: count("tasks_working", found.tasks_working)?,
            tasks_judging: count("tasks_judging", found.tasks_judging)?,
            reviews_open: count("reviews_open", found.reviews_open)?,
            effects_held: count("effects_held", found.effects_held)?,
            campaigns_active: count("campaigns_active", found.campaigns_active)?,
            alerts_open: count("alerts_open", found.alerts_open)?,
            active_budgets: Usd::from_nanos(found.active_budgets),
            active_cost: Usd::from_nanos(found.active_cost),
            model_cost: Usd::from_nanos(found.model_cost),
            unpriced_calls: count("unpriced_calls", found.unpriced_calls)?,
        })
    }

    pub(super) async fn count_waiting(
        &self,
        tenant: TenantId,
        soon: Timestamp,
    ) -> Result<WaitingCounts, PortError> {
        let found: Waiting = sqlx::query_as(WAITING)
            .bind(tenant.to_string())
            .bind(soon.micros())
            .fetch_one(self.reads())
            .await
            .map_err(Failure::from)?;
        let count = |column, value| {
            Cells("reviews")
                .number(column, value)
                .map_err(Failure::from)
        };
        Ok(WaitingCounts {
            reviews: count("reviews", found.reviews)?,
            reviews_due: count("reviews_due", found.reviews_due)?,
            alerts: count("alerts", found.alerts)?,
            drafts: count("drafts", found.drafts)?,
        })
    }

    pub(super) async fn work_of(
        &self,
        tenant: TenantId,
        agents: &[AgentId],
        in_hand: u32,
    ) -> Result<Vec<AgentWork>, PortError> {
        let open: Vec<(String, i64)> = sqlx::query_as(OPEN_WORK)
            .bind(tenant.to_string())
            .bind(listed(agents))
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        let rows: Vec<TaskRow> = sqlx::query_as(IN_HAND)
            .bind(tenant.to_string())
            .bind(listed(agents))
            .bind(in_hand)
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        let tasks: Vec<Task> = all(rows)?;
        let cells = Cells("agents");
        let read = |(id, open): (String, i64)| {
            let agent = cells.text("id", &id)?;
            Ok(AgentWork {
                agent,
                open: cells.number("open_tasks", open)?,
                in_hand: tasks
                    .iter()
                    .filter(|task| task.agent == agent)
                    .cloned()
                    .collect(),
            })
        };
        open.into_iter()
            .map(read)
            .collect::<Result<_, Failure>>()
            .map_err(PortError::from)
    }
}

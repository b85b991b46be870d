//! What is due, of any tenant: the embedded queue. Each query walks one partial index of open rows; INDEXED BY
//! makes it an error, not a scan of everything, when that index no longer fits.
//!
//! Never here: doing what is due.

use std::str::FromStr;

use chimera_domain::{
    campaign::{Ending, Progress},
    id::{CampaignId, EffectId, ReviewId, TaskId, TenantId},
    time::Timestamp,
};
use chimera_ports::{error::PortError, store::Due};

use super::{ledger::stopped, store::SqliteStore};
use crate::{
    failure::Failure,
    rows::{Cells, ProgressRow},
};

/// Most things that one question is answered with.
const MAX_DUE: u32 = 10_000;

/// `(tenant_id, id, task_id)`.
type Found = (String, String, String);

/// The counters of an ended campaign and its newest failure.
#[derive(sqlx::FromRow)]
struct Ended {
    #[sqlx(flatten)]
    progress: ProgressRow,
    replanned: i64,
    acts: i64,
    planned: i64,
    performed: i64,
    fault: Option<String>,
}

/// A rewrite's step is that of what it replaces, with `~` and a number: one line of work, one act. Those of the newest
/// plan are in force.
const ENDED: &str = "WITH acting AS ( \
         SELECT substr(step, 1, instr(step || '~', '~') - 1) AS line, standing FROM tasks \
         WHERE campaign_id = ?1 AND tenant_id = ?2 \
             AND task_type IN ('publish_post', 'reply_comment', 'execute_transaction')), \
     in_force AS ( \
         SELECT s.value ->> '$.key' AS line FROM json_each(( \
             SELECT steps FROM plans WHERE campaign_id = ?1 AND tenant_id = ?2 ORDER BY revision DESC LIMIT 1)) s) \
     SELECT p.*, (SELECT count(*) FROM tasks WHERE campaign_id = ?1 AND tenant_id = ?2 AND task_type = 'replan' \
             AND standing = 'completed') AS replanned, \
         (SELECT count(DISTINCT line) FROM acting) AS acts, \
         (SELECT count(DISTINCT line) FROM acting WHERE line IN (SELECT line FROM in_force)) AS planned, \
         (SELECT count(DISTINCT line) FROM acting WHERE standing = 'completed') AS performed, \
         (SELECT fault FROM tasks WHERE campaign_id = ?1 AND tenant_id = ?2 \
             AND standing = 'failed' AND fault IS NOT NULL \
             ORDER BY task_type IN ('publish_post', 'reply_comment', 'execute_transaction', 'replan') DESC, \
                 updated_at DESC, id DESC LIMIT 1) AS fault \
     FROM campaign_progress p WHERE p.campaign_id = ?1 AND p.tenant_id = ?2";

impl SqliteStore {
    pub(super) async fn count_ending(
        &self,
        tenant: TenantId,
        id: CampaignId,
    ) -> Result<Ending, PortError> {
        let found: Option<Ended> = sqlx::query_as(ENDED)
            .bind(id.to_string())
            .bind(tenant.to_string())
            .fetch_optional(self.reads())
            .await
            .map_err(Failure::from)?;
        let found = found.ok_or_else(|| PortError::not_found("campaign", id))?;
        let cells = Cells("tasks");
        Ok(Ending {
            progress: Progress::try_from(found.progress).map_err(Failure::from)?,
            replanned: cells
                .number("replanned", found.replanned)
                .map_err(Failure::from)?,
            acts: cells.number("acts", found.acts).map_err(Failure::from)?,
            planned: cells
                .number("planned", found.planned)
                .map_err(Failure::from)?,
            performed: cells
                .number("performed", found.performed)
                .map_err(Failure::from)?,
            fault: cells
                .maybe_json("fault", found.fault.as_deref())
                .map_err(Failure::from)?,
        })
    }

    /// Asks for what is due; every statement has `?1` for a time and `?2` for a count.
    async fn due<Id>(
        &self,
        table: &'static str,
        statement: &'static str,
        time: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<Id>>, PortError>
    where
        Id: FromStr<Err: std::fmt::Display>,
    {
        let found: Vec<Found> = sqlx::query_as(statement)
            .bind(time.micros())
            .bind(limit.min(MAX_DUE))
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        let cells = Cells(table);
        let read = |(tenant, id, task): Found| {
            Ok(Due {
                tenant: cells.text("tenant_id", &tenant)?,
                id: cells.text("id", &id)?,
                task: cells.text("task_id", &task)?,
            })
        };
        found
            .into_iter()
            .map(read)
            .collect::<Result<_, Failure>>()
            .map_err(PortError::from)
    }

    pub(super) async fn due_ready(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<TaskId>>, PortError> {
        let statement = concat!(
            "SELECT t.tenant_id, t.id, t.id \
             FROM tasks t INDEXED BY tasks_ready \
             JOIN campaigns c ON c.id = t.campaign_id AND c.tenant_id = t.tenant_id \
             JOIN agents a ON a.id = t.agent_id AND a.tenant_id = t.tenant_id \
             WHERE t.state = 'ready' AND t.not_before <= ?1 AND c.status = 'ACTIVE' \
             AND (a.control = 'running' OR t.task_type = 'replan') \
             AND NOT ",
            stopped!(),
            " ORDER BY t.priority DESC, t.created_at, t.id LIMIT ?2"
        );
        self.due("tasks", statement, now, limit).await
    }

    pub(super) async fn due_unjudged(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<TaskId>>, PortError> {
        let statement = concat!(
            "SELECT t.tenant_id, t.id, t.id \
             FROM tasks t INDEXED BY tasks_unjudged \
             JOIN campaigns c ON c.id = t.campaign_id AND c.tenant_id = t.tenant_id \
             WHERE t.state = 'judging' AND t.lease_until IS NULL AND c.status = 'ACTIVE' AND NOT ",
            stopped!(),
            " ORDER BY t.updated_at, t.id LIMIT ?2"
        );
        self.due("tasks", statement, now, limit).await
    }

    pub(super) async fn due_lapsed(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<TaskId>>, PortError> {
        let statement = "SELECT tenant_id, id, id FROM tasks INDEXED BY tasks_leased \
             WHERE lease_until IS NOT NULL AND lease_until < ?1 ORDER BY lease_until LIMIT ?2";
        self.due("tasks", statement, now, limit).await
    }

    pub(super) async fn due_overdue(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<TaskId>>, PortError> {
        let statement = "SELECT tenant_id, id, id FROM tasks INDEXED BY tasks_deadline \
             WHERE standing = 'open' AND deadline IS NOT NULL AND deadline < ?1 ORDER BY deadline LIMIT ?2";
        self.due("tasks", statement, now, limit).await
    }

    pub(super) async fn due_expired(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<ReviewId>>, PortError> {
        let statement = "SELECT tenant_id, id, task_id FROM reviews INDEXED BY reviews_expiry \
             WHERE is_open = 1 AND expires_at < ?1 ORDER BY expires_at LIMIT ?2";
        self.due("reviews", statement, now, limit).await
    }

    pub(super) async fn due_held(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<EffectId>>, PortError> {
        let statement = "SELECT e.tenant_id, e.id, e.task_id \
             FROM effects e INDEXED BY effects_held \
             JOIN campaigns c ON c.id = e.campaign_id AND c.tenant_id = e.tenant_id \
             JOIN agents a ON a.id = c.agent_id AND a.tenant_id = c.tenant_id \
             WHERE e.state = 'held' AND e.not_before <= ?1 AND c.status = 'ACTIVE' AND a.control = 'running' \
             ORDER BY e.not_before, e.id LIMIT ?2";
        self.due("effects", statement, now, limit).await
    }

    pub(super) async fn due_stuck(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<Due<EffectId>>, PortError> {
        let statement = "SELECT tenant_id, id, task_id FROM effects INDEXED BY effects_dispatching \
             WHERE state = 'dispatching' AND dispatching_since < ?1 ORDER BY dispatching_since LIMIT ?2";
        self.due("effects", statement, before, limit).await
    }

    pub(super) async fn due_spent(
        &self,
        limit: u32,
    ) -> Result<Vec<(TenantId, CampaignId)>, PortError> {
        let found: Vec<(String, String)> = sqlx::query_as(
            "SELECT c.tenant_id, c.id FROM campaigns c INDEXED BY campaigns_active \
             JOIN campaign_progress p ON p.campaign_id = c.id AND p.tenant_id = c.tenant_id \
             WHERE c.status = 'ACTIVE' AND p.open_tasks = 0 ORDER BY c.id LIMIT ?1",
        )
        .bind(limit.min(MAX_DUE))
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        let cells = Cells("campaigns");
        let read = |(tenant, id): (String, String)| {
            Ok((cells.text("tenant_id", &tenant)?, cells.text("id", &id)?))
        };
        found
            .into_iter()
            .map(read)
            .collect::<Result<_, Failure>>()
            .map_err(PortError::from)
    }

    /// Times that are past already are the other questions' affair: they would answer now.
    pub(super) async fn due_next(&self, now: Timestamp) -> Result<Option<Timestamp>, PortError> {
        let (next,): (Option<i64>,) = sqlx::query_as(
            "SELECT min(at) FROM ( \
                 SELECT min(not_before) AS at FROM tasks INDEXED BY tasks_delayed \
                     WHERE state = 'ready' AND not_before > updated_at AND not_before > ?1 \
                 UNION ALL SELECT min(lease_until) FROM tasks INDEXED BY tasks_leased WHERE lease_until IS NOT NULL AND lease_until > ?1 \
                 UNION ALL SELECT min(deadline) FROM tasks INDEXED BY tasks_deadline \
                     WHERE standing = 'open' AND deadline IS NOT NULL AND deadline > ?1 \
                 UNION ALL SELECT min(expires_at) FROM reviews INDEXED BY reviews_expiry WHERE is_open = 1 AND expires_at > ?1 \
                 UNION ALL SELECT min(until_at) FROM budget_stops INDEXED BY budget_stops_until WHERE until_at > ?1 \
                 UNION ALL SELECT min(not_before) FROM effects INDEXED BY effects_held WHERE state = 'held' AND not_before > ?1)",
        )
        .bind(now.micros())
        .fetch_one(self.reads())
        .await
        .map_err(Failure::from)?;
        Ok(next.map(Timestamp::from_micros))
    }
}

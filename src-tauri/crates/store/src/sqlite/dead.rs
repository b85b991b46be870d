//! Steps that were given up, for people: dead letters.
//!
//! Never here: whether one may be done again (the engine's).

use chimera_domain::{id::TenantId, task::Task};
use chimera_ports::{
    error::PortError,
    page::{Page, PageRequest},
};

use super::store::SqliteStore;
use crate::{
    cursor::{self, rows_to_read},
    failure::Failure,
    rows::TaskRow,
};

/// Where a list begins whose youngest row comes first.
fn end() -> (i64, String) {
    (i64::MAX, String::new())
}

/// The third and fourth condition are the index's own, word for word: without them it could not be used. What is being
/// released is looked at one by one, and there is never much of it.
pub(super) const DEAD: &str = "SELECT t.* FROM tasks t INDEXED BY tasks_dead \
     WHERE t.tenant_id = ?1 AND (t.created_at, t.id) < (?2, ?3) AND t.task_type <> 'replan' \
         AND ((t.state = 'failed' AND json_extract(t.fault, '$.class') IN ('transient', 'permanent', 'unknown')) \
             OR t.state = 'releasing') \
         AND (t.state = 'failed' OR EXISTS (SELECT 1 FROM effects e WHERE e.task_id = t.id \
             AND e.tenant_id = ?1 AND e.state = 'pending_reconciliation')) \
     ORDER BY t.created_at DESC, t.id DESC LIMIT ?4";

impl SqliteStore {
    pub(super) async fn dead(
        &self,
        tenant: TenantId,
        page: PageRequest,
    ) -> Result<Page<Task>, PortError> {
        let (created_at, id): (i64, String) = cursor::after(&page)?.unwrap_or_else(end);
        let rows: Vec<TaskRow> = sqlx::query_as(DEAD)
            .bind(tenant.to_string())
            .bind(created_at)
            .bind(id)
            .bind(rows_to_read(&page))
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        Ok(cursor::page(&page, rows, |row| {
            (row.created_at, row.id.clone())
        })?)
    }
}

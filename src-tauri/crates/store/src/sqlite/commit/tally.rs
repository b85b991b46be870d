//! The counters of campaigns, kept by what changes and never by counting again.
//!
//! Never here: what a task counts as (`rows::Standing`).

use std::{collections::HashMap, sync::LazyLock};

use crate::batch::Listed;
use crate::{failure::Failure, rows::Standing, table::Cell};
use chimera_domain::id::{CampaignId, TenantId};
use sqlx::SqliteConnection;

/// How the counters of the campaigns of a group move.
#[derive(Default)]
pub(super) struct Tally(HashMap<Owned, Moves>);

/// A campaign with its owner.
pub(super) type Owned = (TenantId, CampaignId);

#[derive(Default, Clone, Copy)]
struct Moves {
    open: i64,
    completed: i64,
    failed: i64,
    cancelled: i64,
}

impl Moves {
    fn of(&mut self, standing: Standing) -> &mut i64 {
        match standing {
            Standing::Open => &mut self.open,
            Standing::Completed => &mut self.completed,
            Standing::Failed => &mut self.failed,
            Standing::Cancelled => &mut self.cancelled,
        }
    }
}

static MOVE: LazyLock<Listed> = LazyLock::new(|| {
    Listed::new(
        "WITH m (id, tenant_id, open, completed, failed, cancelled) AS (VALUES",
        6,
        ") UPDATE campaign_progress SET open_tasks = open_tasks + m.open, \
             completed_tasks = completed_tasks + m.completed, failed_tasks = failed_tasks + m.failed, \
             cancelled_tasks = cancelled_tasks + m.cancelled \
         FROM m WHERE campaign_progress.campaign_id = m.id AND campaign_progress.tenant_id = m.tenant_id",
    )
});

impl Tally {
    /// `tasks` tasks are new and stand so.
    pub(super) fn enter(&mut self, campaign: Owned, standing: Standing, tasks: i64) {
        *self.0.entry(campaign).or_default().of(standing) += tasks;
    }

    /// `tasks` tasks go from one standing to another.
    pub(super) fn go(&mut self, campaign: Owned, from: Standing, to: Standing, tasks: i64) {
        self.enter(campaign, from, -tasks);
        self.enter(campaign, to, tasks);
    }

    /// By how much the campaign's open tasks change.
    pub(super) fn open(&self, campaign: Owned) -> i64 {
        self.0.get(&campaign).map_or(0, |moves| moves.open)
    }

    /// Moves the stored counters.
    pub(super) async fn write(&self, conn: &mut SqliteConnection) -> Result<(), Failure> {
        let mut cells: Vec<Cell> = Vec::new();
        for ((tenant, campaign), moves) in &self.0 {
            let Moves {
                open,
                completed,
                failed,
                cancelled,
            } = *moves;
            if [open, completed, failed, cancelled] == [0; 4] {
                continue;
            }
            cells.push(campaign.to_string().into());
            cells.push(tenant.to_string().into());
            cells.extend([open, completed, failed, cancelled].map(Cell::Int));
        }
        MOVE.run(conn, &cells).await?;
        Ok(())
    }
}

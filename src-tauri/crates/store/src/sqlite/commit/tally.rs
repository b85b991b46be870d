//! The counters of campaigns, kept by what changes and never by counting again.
//!
//! Never here: what a task counts as (`rows::Standing`).

use std::collections::HashMap;

use crate::{failure::Failure, rows::Standing, table::Sheet};
use chimera_domain::id::CampaignId;
use serde::Serialize;
use sqlx::SqliteConnection;

/// How the counters of the campaigns of a group move.
#[derive(Default)]
pub(super) struct Tally(HashMap<CampaignId, Moves>);

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

#[derive(Serialize)]
struct Row {
    id: String,
    open: i64,
    completed: i64,
    failed: i64,
    cancelled: i64,
}

impl Tally {
    /// `tasks` tasks are new and stand so.
    pub(super) fn enter(&mut self, campaign: CampaignId, standing: Standing, tasks: i64) {
        *self.0.entry(campaign).or_default().of(standing) += tasks;
    }

    /// `tasks` tasks go from one standing to another.
    pub(super) fn go(&mut self, campaign: CampaignId, from: Standing, to: Standing, tasks: i64) {
        self.enter(campaign, from, -tasks);
        self.enter(campaign, to, tasks);
    }

    /// By how much the campaign's open tasks change.
    pub(super) fn open(&self, campaign: CampaignId) -> i64 {
        self.0.get(&campaign).map_or(0, |moves| moves.open)
    }

    /// Moves the stored counters.
    pub(super) async fn write(&self, conn: &mut SqliteConnection) -> Result<(), Failure> {
        let mut sheet = Sheet::default();
        for (campaign, moves) in &self.0 {
            sheet.push(&Row {
                id: campaign.to_string(),
                open: moves.open,
                completed: moves.completed,
                failed: moves.failed,
                cancelled: moves.cancelled,
            })?;
        }
        if sheet.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "UPDATE campaign_progress SET open_tasks = open_tasks + m.open, \
                 completed_tasks = completed_tasks + m.completed, failed_tasks = failed_tasks + m.failed, \
                 cancelled_tasks = cancelled_tasks + m.cancelled \
             FROM (SELECT value ->> 'id' AS id, value ->> 'open' AS open, value ->> 'completed' AS completed, \
                 value ->> 'failed' AS failed, value ->> 'cancelled' AS cancelled FROM jsonb_each(?1)) m \
             WHERE campaign_progress.campaign_id = m.id",
        )
        .bind(sheet.array())
        .execute(conn)
        .await?;
        Ok(())
    }
}

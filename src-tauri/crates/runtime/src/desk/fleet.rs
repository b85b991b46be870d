//! The fleet at a glance: counted from stored state when asked, never invented.

use chimera_domain::{
    id::{AgentId, TenantId},
    money::Usd,
};
use serde::Serialize;

use crate::{error::RuntimeError, runtime::Runtime};

/// What the fleet is doing now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct FleetGauge {
    /// Agents in all.
    pub agents: u64,
    /// Agents that plan, anew or for the first time.
    pub planning: u64,
    /// Agents with a task in a worker's hands that do not plan.
    pub working: u64,
    /// Agents with an artifact before a judge that neither plan nor work.
    pub judging: u64,
    /// Agents with nothing to do.
    pub sleeping: u64,
    /// Tasks that may be assigned now or later.
    pub tasks_ready: u64,
    /// Tasks in workers' hands.
    pub tasks_working: u64,
    /// Artifacts that wait for, or are with, a judge.
    pub tasks_judging: u64,
    /// Items in the review queue.
    pub reviews_open: u64,
    /// Decided actions that wait to leave.
    pub effects_held: u64,
    /// What all model calls cost today (UTC), by the ledger.
    pub spent_today: Usd,
    /// What running campaigns may spend today, together.
    pub active_budgets: Usd,
    /// What those same campaigns spent of it.
    pub spent_of_budgets: Usd,
    /// Calls of today whose cost is not known; they are not in `spent_today`.
    pub unpriced_today: u64,
    /// Campaigns that run.
    pub campaigns_active: u64,
    /// Alerts that nobody acknowledged.
    pub alerts_open: u64,
}

impl Runtime {
    /// Counts the fleet of a tenant; `planning` are agents for which a first plan is made right now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn gauge(
        &self,
        tenant: TenantId,
        planning: &[AgentId],
    ) -> Result<FleetGauge, RuntimeError> {
        let counts = self
            .parts()
            .store
            .fleet_counts(tenant, self.now().utc_day_start(), planning)
            .await?;
        Ok(FleetGauge {
            agents: counts.agents,
            planning: counts.agents_planning,
            working: counts.agents_working,
            judging: counts.agents_judging,
            sleeping: counts.agents.saturating_sub(
                counts.agents_planning + counts.agents_working + counts.agents_judging,
            ),
            tasks_ready: counts.tasks_ready,
            tasks_working: counts.tasks_working,
            tasks_judging: counts.tasks_judging,
            reviews_open: counts.reviews_open,
            effects_held: counts.effects_held,
            spent_today: counts.model_cost,
            active_budgets: counts.active_budgets,
            spent_of_budgets: counts.active_cost,
            unpriced_today: counts.unpriced_calls,
            campaigns_active: counts.campaigns_active,
            alerts_open: counts.alerts_open,
        })
    }
}

//! Campaigns.

use chimera_contract::{
    campaign as wire,
    scalar::{Id, Time, Usd, Version},
    swarm::AgentRef,
};
use chimera_domain::{
    campaign::{Campaign, CampaignStatus, Progress},
    spend::{BudgetStop, Spending},
};

use crate::{ToWire, mirror};

mirror!(CampaignStatus => wire::CampaignStatus { Draft, Active, Paused, Completed, Failed, Cancelled } and back);

/// How far a campaign is; `rejected` of its failed tasks were rejected by a person, which is no failure.
pub fn progress(progress: Progress, rejected: u32) -> wire::Progress {
    wire::Progress {
        open: progress.open,
        completed: progress.completed,
        failed: progress.failed.saturating_sub(rejected),
        rejected,
        cancelled: progress.cancelled,
    }
}

/// What a campaign spent today, and whether its budget is used up.
pub fn spending(spending: &Spending, stop: Option<BudgetStop>) -> wire::CampaignSpending {
    wire::CampaignSpending {
        spent: Usd::of(spending.cost),
        unpriced_calls: spending.unpriced,
        reserved: Usd::of(spending.reserved),
        used_up_until: stop.map(|stop| Time::of(stop.until)),
    }
}

/// A campaign with the name of its agent, how far it is and what it cost.
pub fn campaign(
    campaign: &Campaign,
    agent: AgentRef,
    progress: wire::Progress,
    spending: wire::CampaignSpending,
) -> wire::Campaign {
    wire::Campaign {
        id: Id::of(campaign.id),
        name: campaign.name.clone(),
        goal: campaign.goal.to_string(),
        agent,
        owner: Id::of(campaign.owner),
        status: campaign.status.wire(),
        daily_budget: Usd::of(campaign.daily_budget),
        feeds: campaign.feeds.clone(),
        platforms: campaign.platforms.wire(),
        max_posts_per_day: campaign.max_posts_per_day,
        relevance_threshold_percent: campaign.relevance_threshold_percent,
        progress,
        spending,
        fault: campaign.fault.wire(),
        state_version: campaign.state_version,
        policy_version: campaign.policy_version,
        trace: campaign.trace.trace.to_string(),
        version: Version::of(campaign.version),
        created_at: Time::of(campaign.created_at),
        updated_at: Time::of(campaign.updated_at),
    }
}

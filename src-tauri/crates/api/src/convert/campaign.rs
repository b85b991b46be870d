//! Campaigns.

use chimera_contract::{
    campaign as wire,
    scalar::{Id, Time, Usd, Version},
    swarm::AgentRef,
};
use chimera_domain::{
    campaign::{Campaign, CampaignStatus, Progress},
    text::{Goal, bounded},
};
use chimera_runtime::NewCampaign;

use super::{ToDomain, ToWire, mirror};
use crate::{
    door::extract::id_in_body,
    problem::{Answer, Problem},
};

/// Most characters of a name.
const MAX_NAME_CHARS: usize = 80;
/// Most posts of a campaign on one day.
const MAX_POSTS_PER_DAY: u32 = 100;

mirror!(CampaignStatus => wire::CampaignStatus { Draft, Active, Paused, Completed, Cancelled } and back);

impl ToWire for Progress {
    type Wire = wire::Progress;
    fn wire(&self) -> wire::Progress {
        wire::Progress {
            open: self.open,
            completed: self.completed,
            failed: self.failed,
            cancelled: self.cancelled,
        }
    }
}

/// A campaign with the name of its agent and how far it is.
pub(crate) fn campaign(campaign: &Campaign, agent: AgentRef, progress: Progress) -> wire::Campaign {
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
        progress: progress.wire(),
        state_version: campaign.state_version,
        policy_version: campaign.policy_version,
        trace: campaign.trace.trace.to_string(),
        version: Version::of(campaign.version),
        created_at: Time::of(campaign.created_at),
        updated_at: Time::of(campaign.updated_at),
    }
}

/// A new campaign as the runtime wants it.
pub(crate) fn new(new: wire::NewCampaign) -> Answer<NewCampaign> {
    let said =
        |error: &dyn std::fmt::Display| Problem::invalid(format!("{error}. Nothing was made."));
    let name = new
        .name
        .map(|name| bounded("The name", &name, 1, MAX_NAME_CHARS))
        .transpose();
    if !(1..=MAX_POSTS_PER_DAY).contains(&new.max_posts_per_day) {
        return Err(Problem::invalid(format!(
            "max_posts_per_day is {}, it may be 1 to {MAX_POSTS_PER_DAY}. Nothing was made.",
            new.max_posts_per_day
        )));
    }
    let mut platforms: Vec<_> = new.platforms.iter().map(ToDomain::domain).collect();
    if platforms.is_empty() {
        platforms.push(chimera_domain::platform::Platform::Sandbox);
    }
    Ok(NewCampaign {
        agent: id_in_body(&new.agent.0)?,
        name: name.map_err(|error| said(&error))?,
        goal: Goal::new(&new.goal).map_err(|error| said(&error))?,
        feeds: new.feeds,
        platforms,
        daily_budget: new
            .daily_budget
            .0
            .parse()
            .map_err(|error: chimera_domain::money::InvalidUsd| said(&error))?,
        max_posts_per_day: new.max_posts_per_day,
    })
}

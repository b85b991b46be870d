//! A new campaign, or changes of one, from the wire, with their bounds.
//!
//! Never here: making or changing it (the runtime does).

use chimera_contract::{campaign as wire, scalar};
use chimera_domain::{
    campaign::Amendment,
    money::{InvalidUsd, Usd},
    platform::Platform,
    text::{Goal, InvalidText},
};
use chimera_door::{
    extract::id_in_body,
    problem::{Answer, Problem},
    state::Api,
};
use chimera_runtime::{Caller, NewCampaign};
use chimera_wire::ToDomain;
use serde_json::json;

use crate::naming::named;

/// Feeds that are looked at; of more the campaign is refused for their number.
const MAX_FEEDS_LOOKED_AT: usize = 50;
/// Most characters of a name.
const MAX_NAME_CHARS: usize = 80;
/// Most posts of a campaign on one day.
const MAX_POSTS_PER_DAY: u32 = 100;

/// A new campaign as the runtime wants it.
fn read(new: wire::NewCampaign) -> Answer<NewCampaign> {
    let mut platforms: Vec<_> = new.platforms.iter().map(ToDomain::domain).collect();
    if platforms.is_empty() {
        platforms.push(Platform::Sandbox);
    }
    Ok(NewCampaign {
        agent: id_in_body(&new.agent.0)?,
        name: name(new.name)?,
        goal: goal(&new.goal)?,
        feeds: new.feeds,
        platforms,
        daily_budget: budget(&new.daily_budget)?,
        max_posts_per_day: posts(new.max_posts_per_day)?,
        relevance_threshold_percent: new
            .relevance_threshold_percent
            .unwrap_or(NewCampaign::RELEVANCE_PERCENT),
    })
}

/// A new campaign whose feeds can be read for this workspace, as far as that shows without reading them.
pub(crate) async fn admitted(
    api: &Api,
    who: &Caller,
    new: wire::NewCampaign,
) -> Answer<NewCampaign> {
    let new = read(new)?;
    if let Some(gate) = &api.options.feeds {
        for (index, feed) in new.feeds.iter().take(MAX_FEEDS_LOOKED_AT).enumerate() {
            let looked = gate.admits(who.tenant, feed.clone()).await;
            looked.map_err(|fault| {
                let field = format!("/feeds/{index}");
                Problem::invalid(format!("{field}: {}. Nothing was made.", fault.message))
                    .with(json!({ "field": field, "cause": fault.code }))
            })?;
        }
    }
    Ok(new)
}

/// Changes of a campaign as the runtime wants them.
pub(crate) fn amendment(change: wire::CampaignChange) -> Answer<Amendment> {
    Ok(Amendment {
        name: name(change.name)?,
        goal: change.goal.as_deref().map(goal).transpose()?,
        daily_budget: change.daily_budget.as_ref().map(budget).transpose()?,
        max_posts_per_day: change.max_posts_per_day.map(posts).transpose()?,
        relevance_threshold_percent: change.relevance_threshold_percent,
    })
}

fn said(error: &dyn std::fmt::Display) -> Problem {
    Problem::invalid(format!("{error}. Nothing was stored."))
}

fn name(text: Option<String>) -> Answer<Option<String>> {
    text.map(|name| named("The name", &name, MAX_NAME_CHARS))
        .transpose()
        .map_err(|error| said(&error))
}

fn goal(text: &str) -> Answer<Goal> {
    Goal::new(text).map_err(|error: InvalidText| said(&error))
}

fn budget(amount: &scalar::Usd) -> Answer<Usd> {
    amount.0.parse().map_err(|error: InvalidUsd| said(&error))
}

fn posts(count: u32) -> Answer<u32> {
    if (1..=MAX_POSTS_PER_DAY).contains(&count) {
        return Ok(count);
    }
    Err(Problem::invalid(format!(
        "max_posts_per_day is {count}, it may be 1 to {MAX_POSTS_PER_DAY}. Nothing was stored."
    )))
}

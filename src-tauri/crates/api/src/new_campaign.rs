//! A new campaign from the wire, with its bounds.
//!
//! Never here: making it (the runtime does).

use chimera_contract::campaign as wire;
use chimera_domain::{
    platform::Platform,
    text::{Goal, bounded},
};
use chimera_runtime::NewCampaign;
use chimera_wire::ToDomain;

use crate::{
    door::extract::id_in_body,
    problem::{Answer, Problem},
};

/// Most characters of a name.
const MAX_NAME_CHARS: usize = 80;
/// Most posts of a campaign on one day.
const MAX_POSTS_PER_DAY: u32 = 100;

/// A new campaign as the runtime wants it.
pub(crate) fn read(new: wire::NewCampaign) -> Answer<NewCampaign> {
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
        platforms.push(Platform::Sandbox);
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

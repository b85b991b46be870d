//! What a campaign or a plan must be like before it is stored.
//!
//! Never here: storing it, or a rule of policy.

use chimera_domain::{id::TenantId, money::Usd, plan::PlanStep, platform::Platform};
use serde_json::json;

use super::{Caller, NewCampaign};
use crate::{
    error::{ErrorKind, RuntimeError},
    runtime::Runtime,
};

/// Most feeds of one campaign.
const MAX_FEEDS: usize = 50;

impl Runtime {
    /// Refuses networks that nothing connected here can post to.
    pub(super) async fn check_platforms(
        &self,
        who: &Caller,
        wanted: &[Platform],
    ) -> Result<(), RuntimeError> {
        let there = self.connected(who.tenant, &Platform::ALL).await?;
        let missing: Vec<&str> = names(wanted.iter().filter(|platform| !there.contains(platform)));
        if missing.is_empty() {
            return Ok(());
        }
        let connected: Vec<&str> = names(there.iter());
        let there = if connected.is_empty() {
            "none is".to_owned()
        } else {
            connected.join(", ")
        };
        let message = format!(
            "Nothing that is connected can post to {}. Nothing was made; connect a server for it, or choose among the networks that are connected: {there}.",
            missing.join(", ")
        );
        Err(
            RuntimeError::new(ErrorKind::Invalid, "PLATFORM_NOT_CONNECTED", message)
                .with(json!({ "missing": missing, "connected": connected })),
        )
    }

    /// Those of `platforms` that something connected here can post to.
    pub(crate) async fn connected(
        &self,
        tenant: TenantId,
        platforms: &[Platform],
    ) -> Result<Vec<Platform>, RuntimeError> {
        let tools = self.parts().tools.tools(tenant).await?;
        let has = |platform: &Platform| {
            tools.iter().any(|info| {
                info.tool.server == platform.as_str() && info.tool.tool == chimera_skills::POST_TOOL
            })
        };
        Ok(platforms.iter().copied().filter(has).collect())
    }

    pub(crate) fn check_skills(&self, steps: &[PlanStep]) -> Result<(), RuntimeError> {
        for step in steps {
            let known = self.parts().skills.get(&step.skill);
            let problem = match known {
                None => format!(
                    "step '{}' names the skill '{}', which is not installed",
                    step.key, step.skill
                ),
                Some(skill) if skill.manifest().task_kind != step.kind => {
                    format!(
                        "step '{}' is {:?}, and the skill '{}' does not do that",
                        step.key, step.kind, step.skill
                    )
                }
                Some(_) => continue,
            };
            let message = format!("{problem}. Nothing was queued.");
            return Err(RuntimeError::new(
                ErrorKind::Invalid,
                "PLAN_INVALID",
                message,
            ));
        }
        Ok(())
    }
}

fn names<'a>(platforms: impl Iterator<Item = &'a Platform>) -> Vec<&'static str> {
    platforms.map(|platform| platform.as_str()).collect()
}

pub(super) fn check_new(new: &NewCampaign) -> Result<(), RuntimeError> {
    let refuse = |message: &str| {
        Err(RuntimeError::new(
            ErrorKind::Invalid,
            "VALIDATION_ERROR",
            message,
        ))
    };
    if new.feeds.is_empty() {
        return refuse(
            "A campaign needs at least one feed to read. Nothing was made; add a feed's address or file.",
        );
    }
    if new.feeds.len() > MAX_FEEDS {
        return refuse("A campaign reads at most 50 feeds. Nothing was made.");
    }
    if new.platforms.is_empty() {
        return refuse(
            "Choose at least one network to post to; 'sandbox' stays on this machine. Nothing was made.",
        );
    }
    refuse_limits(
        Some(new.daily_budget),
        Some(new.max_posts_per_day),
        Some(new.relevance_threshold_percent),
    )
}

/// Refuses limits that make no sense, of those that are given.
pub(super) fn refuse_limits(
    daily_budget: Option<Usd>,
    max_posts_per_day: Option<u32>,
    relevance_threshold_percent: Option<u8>,
) -> Result<(), RuntimeError> {
    let message = if daily_budget.is_some_and(Usd::is_negative) {
        "The daily budget cannot be below zero. Nothing was stored."
    } else if max_posts_per_day == Some(0) {
        "At least one post a day must be allowed. Nothing was stored."
    } else if relevance_threshold_percent.is_some_and(|percent| percent > 100) {
        "The relevance threshold is a number of hundredths, 0 to 100. Nothing was stored."
    } else {
        return Ok(());
    };
    Err(RuntimeError::new(
        ErrorKind::Invalid,
        "VALIDATION_ERROR",
        message,
    ))
}

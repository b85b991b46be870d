//! Another goal or other limits. A new goal or cap invalidates work in flight (C32); the rest holds from now on.

use chimera_domain::{
    campaign::{Amendment, Campaign, CampaignStatus},
    change::{Change, ChangeSet},
};
use serde_json::{Map, Value, json};

use super::changed;
use crate::{given::Given, refusal::Refusal};

pub(super) fn amend(
    campaign: &Campaign,
    amendment: Amendment,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    if campaign.status.is_over() {
        return Err(Refusal::CampaignNot {
            command: "changing it",
            found: campaign.status,
        });
    }
    let mut next = campaign.clone();
    next.name = amendment.name.unwrap_or(next.name);
    next.goal = amendment.goal.unwrap_or(next.goal);
    next.daily_budget = amendment.daily_budget.unwrap_or(next.daily_budget);
    next.max_posts_per_day = amendment
        .max_posts_per_day
        .unwrap_or(next.max_posts_per_day);
    next.relevance_threshold_percent = amendment
        .relevance_threshold_percent
        .unwrap_or(next.relevance_threshold_percent);
    if next == *campaign {
        return Err(Refusal::NoChange("exactly so"));
    }
    let output = differences(campaign, &next);
    let invalidates = next.goal != campaign.goal || next.daily_budget != campaign.daily_budget;
    let mut changes = Vec::new();
    if invalidates {
        next.state_version += 1;
        if campaign.status == CampaignStatus::Active {
            changes.push(Change::RecallWork);
        }
    }
    Ok(changed(
        campaign,
        next,
        "campaign.amend",
        output,
        changes,
        given,
    ))
}

/// What was and what is, field by field.
fn differences(before: &Campaign, after: &Campaign) -> Value {
    let fields = [
        ("name", json!(before.name), json!(after.name)),
        ("goal", json!(before.goal), json!(after.goal)),
        (
            "daily_budget",
            json!(before.daily_budget),
            json!(after.daily_budget),
        ),
        (
            "max_posts_per_day",
            json!(before.max_posts_per_day),
            json!(after.max_posts_per_day),
        ),
        (
            "relevance_threshold_percent",
            json!(before.relevance_threshold_percent),
            json!(after.relevance_threshold_percent),
        ),
    ];
    let differing = fields
        .into_iter()
        .filter(|(_, was, is)| was != is)
        .map(|(name, was, is)| (name.to_owned(), json!({ "was": was, "is": is })));
    Value::Object(differing.collect::<Map<_, _>>())
}

//! What is said when money or time does not reach: the faults of a step and of a day, and what people are told of a
//! used-up day.
//!
//! Never here: whether it reaches.

use std::time::Duration;

use chimera_domain::{
    audit::AuditRecord,
    change::{Alert, Change},
    event::{Event, Fact},
    fault::{Fault, FaultClass},
    id::AlertId,
    money::Usd,
    role::Actor,
    spend::{BudgetStop, Reservation, next_day},
    time::Span,
};
use serde_json::json;

use crate::{account::Account, house::House};

/// A step's cap, of money or of tokens, is used up: its task ends.
const STEP_SPENT: &str = "BUDGET_EXHAUSTED";
/// The campaign's budget of the day is used up: its tasks wait.
const DAY_SPENT: &str = "DAILY_BUDGET_EXHAUSTED";
/// Calls under way have what is left set aside: its task waits for them.
const IN_USE: &str = "BUDGET_IN_USE";
/// Rest of a task that waits for calls under way.
const IN_USE_REST: Span = Span::seconds(5);

/// Containment: the bound on thinking was reached (COG-11).
#[must_use]
pub fn too_slow(bound: Duration) -> Fault {
    let message = format!(
        "The work took longer than {} s and was stopped. Nothing was sent.",
        bound.as_secs()
    );
    Fault::new(FaultClass::Transient, "REASONING_TIMEOUT", message)
}

pub(crate) fn in_use(asked: &Reservation) -> Fault {
    let message = format!(
        "The next call may cost {} USD and use {} tokens, and calls under way have that set aside. Nothing was asked; it \
         goes on when they have ended.",
        bound_words(asked.bound),
        asked.most_tokens
    );
    let fault = Fault::of(IN_USE, message);
    Fault {
        retry_after_ms: u64::try_from(IN_USE_REST.to_std().as_millis()).ok(),
        ..fault
    }
}

pub(crate) fn step_spent(asked: &Reservation, spent: Usd) -> Fault {
    let advice = if asked.task.is_some() {
        "A started step keeps its cap: begin another campaign like this one with a higher cap, or choose a cheaper model."
    } else {
        "Choose a cheaper model."
    };
    let message = format!(
        "The next call may cost {} USD; {spent} of {} USD are spent over all tries. Nothing was asked. {advice}",
        bound_words(asked.bound),
        asked.cap.unwrap_or_default()
    );
    Fault::of(STEP_SPENT, message)
}

pub(crate) fn step_tokens_spent(asked: &Reservation, spent: u64) -> Fault {
    let message = format!(
        "The next call may read and write {} tokens; {spent} of {} are used over all tries. Nothing was asked. The policy \
         in force says how many a step may use (max_step_tokens): raise it for what is still to come.",
        asked.most_tokens,
        asked.token_cap.unwrap_or_default()
    );
    Fault::of(STEP_SPENT, message)
}

pub(crate) fn beyond_day(asked: &Reservation, budget: Usd) -> Fault {
    let advice = if asked.task.is_some() {
        "This step does not begin again: raise the daily budget for what is still to come, and begin another campaign \
         like this one for what is lost."
    } else {
        "Raise the daily budget, or choose a cheaper model."
    };
    let message = format!(
        "One call may cost {} USD, and the campaign may spend {budget} USD a day: no day is enough for it. Nothing was \
         asked. {advice}",
        bound_words(asked.bound)
    );
    Fault::of(STEP_SPENT, message)
}

fn bound_words(bound: Option<Usd>) -> String {
    bound.map_or_else(|| "an unknown number of".to_owned(), |usd| usd.to_string())
}

pub(crate) fn day_spent(asked: &Reservation, stop: BudgetStop) -> Fault {
    let message = format!(
        "The campaign has spent {} of the {} USD that it may spend today (UTC), and the next call may cost {} USD. \
         Nothing was asked; it goes on at {}, or when its daily budget is raised.",
        stop.spent,
        stop.budget,
        bound_words(asked.bound),
        stop.until
    );
    Fault::of(DAY_SPENT, message)
}

/// What people are told when the budget of the day turns out to be used up.
pub(crate) fn stop_notes<H: House>(house: &H, account: &Account) -> Vec<Change> {
    let Some(campaign) = &account.campaign else {
        return Vec::new();
    };
    let (ids, at) = (house.ids(), house.now());
    let actor = Actor::system("budget");
    let alert = Alert {
        id: AlertId::from_uuid(ids.uuid()),
        tenant: campaign.tenant,
        code: DAY_SPENT.to_owned(),
        title: format!("\"{}\" has used up its budget of the day", campaign.name),
        detail: format!(
            "Its {} USD of today (UTC) do not reach for another call, so no model is asked for it before {}. What is \
             decided already goes out. Raise its daily budget to go on sooner.",
            campaign.daily_budget,
            next_day(at)
        ),
        campaign: Some(campaign.id),
        task: None,
        created_at: at,
        acknowledged_at: None,
    };
    let audit = AuditRecord {
        agent: Some(campaign.agent),
        campaign: Some(campaign.id),
        task: account.task,
        trace: Some(campaign.trace.trace),
        ..house.record(
            campaign.tenant,
            actor.clone(),
            "campaign.budget_used_up",
            json!({ "daily_budget": campaign.daily_budget, "until": next_day(at) }),
        )
    };
    let event = |fact| {
        Change::Event(Event {
            seq: 0,
            tenant: campaign.tenant,
            actor: actor.clone(),
            at,
            fact,
        })
    };
    vec![
        event(Fact::AlertRaised {
            alert: alert.id,
            code: alert.code.clone(),
            title: alert.title.clone(),
        }),
        event(Fact::CampaignChanged {
            campaign: campaign.id,
            status: campaign.status.as_str().to_owned(),
        }),
        Change::Alert(alert),
        Change::Audit(audit),
    ]
}

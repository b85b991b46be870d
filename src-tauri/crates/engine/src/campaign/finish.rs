//! Every task has ended: whether anything came of it decides how the campaign ends.

use chimera_domain::{
    audit::AuditStatus,
    campaign::{Campaign, CampaignStatus, Ending},
    change::{Alert, Change, ChangeSet},
    event::Fact,
    fault::{Fault, FaultClass},
    id::AlertId,
};
use serde_json::json;

use super::moved;
use crate::{given::Given, refusal::Refusal};

/// Code of the fault of a campaign that came to nothing.
const NOTHING_DONE: &str = "CAMPAIGN_FAILED";
/// Faults of tasks that a person made, or was told of when they happened: no second alert about them.
const KNOWN_TO_PEOPLE: [&str; 3] = ["REJECTED_BY_REVIEW", "REVIEW_EXPIRED", "CANCELLED"];

pub(super) fn finish(
    campaign: &Campaign,
    ending: &Ending,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    if campaign.status != CampaignStatus::Active {
        return Err(Refusal::CampaignNot {
            command: "finishing",
            found: campaign.status,
        });
    }
    if ending.progress.open > 0 {
        return Err(Refusal::Missing("end of the open tasks"));
    }
    let output = json!({
        "acts": ending.acts, "planned": ending.planned, "performed": ending.performed, "completed": ending.progress.completed,
        "failed": ending.progress.failed, "cancelled": ending.progress.cancelled, "replanned": ending.replanned,
    });
    let done = match ending.acts {
        0 => ending.progress.completed > ending.replanned,
        _ => ending.performed > 0,
    };
    if done {
        let (status, action) = (CampaignStatus::Completed, "campaign.finish");
        return Ok(moved(campaign, status, action, output, Vec::new(), given));
    }
    if ending.progress.failed == 0 && ending.progress.cancelled > 0 {
        // Nothing went wrong: people called its steps off one by one.
        let (status, action) = (CampaignStatus::Cancelled, "campaign.cancel");
        return Ok(moved(campaign, status, action, output, Vec::new(), given));
    }
    Ok(failed(campaign, ending, output, given))
}

fn failed(
    campaign: &Campaign,
    ending: &Ending,
    mut output: serde_json::Value,
    given: &mut Given<'_>,
) -> ChangeSet {
    let fault = Fault::new(
        ending
            .fault
            .as_ref()
            .map_or(FaultClass::Unknown, |cause| cause.class),
        NOTHING_DONE,
        why(ending),
    );
    output["why"] = json!(fault.message);
    let is_news = ending.fault.as_ref().is_none_or(|cause| {
        cause.class == FaultClass::Validation && !KNOWN_TO_PEOPLE.contains(&cause.code.as_str())
    });
    let changes = if is_news {
        alert(campaign, &fault, given)
    } else {
        Vec::new()
    };
    let (status, action) = (CampaignStatus::Failed, "campaign.fail");
    let mut set = moved(campaign, status, action, output, changes, given);
    if let Some(next) = &mut set.campaign {
        next.fault = Some(fault);
    }
    for change in &mut set.changes {
        if let Change::Audit(record) = change {
            record.status = AuditStatus::Failure;
        }
    }
    set
}

fn why(ending: &Ending) -> String {
    let what = match (ending.acts, ending.planned) {
        (0, _) => "None of its steps was done.".to_owned(),
        (_, 0) => "No post was left in its plan.".to_owned(),
        (_, 1) => "Its one post did not go out.".to_owned(),
        (_, planned) => format!("None of its {planned} posts went out."),
    };
    match &ending.fault {
        Some(cause) => format!("{what} {}", cause.message),
        None => format!("{what} Its steps say why."),
    }
}

fn alert(campaign: &Campaign, fault: &Fault, given: &mut Given<'_>) -> Vec<Change> {
    let alert = Alert {
        id: AlertId::from_uuid(given.id()),
        tenant: campaign.tenant,
        code: fault.code.clone(),
        title: format!("The campaign \"{}\" came to nothing", campaign.name),
        detail: fault.message.clone(),
        campaign: Some(campaign.id),
        task: None,
        created_at: given.now,
        acknowledged_at: None,
    };
    let fact = Fact::AlertRaised {
        alert: alert.id,
        code: alert.code.clone(),
        title: alert.title.clone(),
    };
    vec![
        Change::Event(given.event(campaign.tenant, fact)),
        Change::Alert(alert),
    ]
}

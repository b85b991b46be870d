//! What can be asked of a campaign as a whole; one command a file.

mod amend;
mod cancel;
mod finish;
mod pause;
mod resume;
mod start;

use chimera_domain::{
    campaign::{Amendment, Campaign, CampaignStatus, Ending},
    change::{Change, ChangeSet, Expected},
    event::Fact,
    id::VersionId,
    plan::Plan,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{given::Given, refusal::Refusal};

/// What is asked of a campaign.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignCommand {
    /// Turn the plan into tasks and run.
    Start {
        /// The plan.
        plan: Box<Plan>,
    },
    /// Have another goal, or other limits.
    Amend {
        /// What changes.
        amendment: Amendment,
    },
    /// Hold still; work in flight no longer counts.
    Pause,
    /// Go on.
    Resume,
    /// Call everything off.
    Cancel {
        /// Why.
        note: String,
    },
    /// Every task has ended.
    Finish {
        /// How they ended, as the store counts them.
        ending: Ending,
    },
}

/// Decides a command on a campaign.
///
/// # Errors
/// A [`Refusal`] says why nothing changes.
pub fn decide_campaign(
    campaign: &Campaign,
    command: CampaignCommand,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    match command {
        CampaignCommand::Start { plan } => start::start(campaign, &plan, given),
        CampaignCommand::Amend { amendment } => amend::amend(campaign, amendment, given),
        CampaignCommand::Pause => pause::pause(campaign, given),
        CampaignCommand::Resume => resume::resume(campaign, given),
        CampaignCommand::Cancel { note } => cancel::cancel(campaign, &note, given),
        CampaignCommand::Finish { ending } => finish::finish(campaign, &ending, given),
    }
}

/// A change set that moves the campaign to `status` and counts its state version up.
fn moved(
    campaign: &Campaign,
    status: CampaignStatus,
    action: &str,
    output: Value,
    changes: Vec<Change>,
    given: &mut Given<'_>,
) -> ChangeSet {
    let mut next = campaign.clone();
    next.status = status;
    next.state_version += 1;
    changed(campaign, next, action, output, changes, given)
}

/// A change set that puts `next` in the campaign's place under a new version.
fn changed(
    campaign: &Campaign,
    mut next: Campaign,
    action: &str,
    output: Value,
    mut changes: Vec<Change>,
    given: &mut Given<'_>,
) -> ChangeSet {
    next.version = VersionId::from_uuid(given.id());
    next.updated_at = given.now;
    let fact = Fact::CampaignChanged {
        campaign: campaign.id,
        status: next.status.as_str().to_owned(),
    };
    changes.push(Change::Event(given.event(campaign.tenant, fact)));
    let audit = given.campaign_audit(campaign, action, output);
    changes.push(Change::Audit(audit));
    ChangeSet {
        tenant: campaign.tenant,
        expected: Expected {
            campaign: (campaign.id, campaign.version),
            task: None,
        },
        campaign: Some(next),
        task: None,
        changes,
    }
}

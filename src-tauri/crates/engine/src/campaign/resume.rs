//! Go on where it stopped.

use chimera_domain::{
    campaign::{Campaign, CampaignStatus},
    change::ChangeSet,
};
use serde_json::Value;

use super::moved;
use crate::{given::Given, refusal::Refusal};

pub(super) fn resume(campaign: &Campaign, given: &mut Given<'_>) -> Result<ChangeSet, Refusal> {
    match campaign.status {
        CampaignStatus::Paused => Ok(moved(
            campaign,
            CampaignStatus::Active,
            "campaign.resume",
            Value::Null,
            Vec::new(),
            given,
        )),
        CampaignStatus::Active => Err(Refusal::NoChange("running")),
        found => Err(Refusal::CampaignNot {
            command: "resuming",
            found,
        }),
    }
}

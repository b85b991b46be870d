//! Hold still: nothing is assigned, nothing leaves, and work in flight no longer counts (ORC-07).

use chimera_domain::{
    campaign::{Campaign, CampaignStatus},
    change::{Change, ChangeSet},
};
use serde_json::Value;

use super::moved;
use crate::{given::Given, refusal::Refusal};

pub(super) fn pause(campaign: &Campaign, given: &mut Given<'_>) -> Result<ChangeSet, Refusal> {
    match campaign.status {
        CampaignStatus::Active => {
            let changes = vec![Change::RecallWork];
            Ok(moved(
                campaign,
                CampaignStatus::Paused,
                "campaign.pause",
                Value::Null,
                changes,
                given,
            ))
        }
        CampaignStatus::Paused => Err(Refusal::NoChange("paused")),
        found => Err(Refusal::CampaignNot {
            command: "pausing",
            found,
        }),
    }
}

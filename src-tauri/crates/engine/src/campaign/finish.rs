//! Every task has ended.

use chimera_domain::{
    campaign::{Campaign, CampaignStatus},
    change::ChangeSet,
};
use serde_json::Value;

use super::moved;
use crate::{given::Given, refusal::Refusal};

pub(super) fn finish(
    campaign: &Campaign,
    open_tasks: u32,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    if campaign.status != CampaignStatus::Active {
        return Err(Refusal::CampaignNot {
            command: "finishing",
            found: campaign.status,
        });
    }
    if open_tasks > 0 {
        return Err(Refusal::Missing("end of the open tasks"));
    }
    Ok(moved(
        campaign,
        CampaignStatus::Completed,
        "campaign.finish",
        Value::Null,
        Vec::new(),
        given,
    ))
}

//! Call everything off: open tasks, open reviews, held actions.

use chimera_domain::{
    campaign::{Campaign, CampaignStatus},
    change::{Change, ChangeSet},
    fault::{Fault, FaultClass},
};
use serde_json::json;

use super::moved;
use crate::{given::Given, refusal::Refusal};

pub(super) fn cancel(
    campaign: &Campaign,
    note: &str,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    if campaign.status.is_over() {
        return Err(Refusal::CampaignNot {
            command: "cancelling",
            found: campaign.status,
        });
    }
    let fault = Fault::new(
        FaultClass::Validation,
        "CANCELLED",
        format!("The campaign was called off. {note}"),
    );
    let changes = vec![Change::CancelCampaignTasks(fault)];
    Ok(moved(
        campaign,
        CampaignStatus::Cancelled,
        "campaign.cancel",
        json!({ "note": note }),
        changes,
        given,
    ))
}

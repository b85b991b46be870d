//! Another goal or other limits for a campaign that is not over.

use chimera_domain::{
    campaign::{Amendment, Campaign},
    id::{CampaignId, VersionId},
};
use chimera_engine::CampaignCommand;

use super::{Caller, admission::refuse_limits};
use crate::{error::RuntimeError, runtime::Runtime};

impl Runtime {
    /// Changes a campaign. A new goal or cap takes work in flight back; a plan that was made stays as it is and
    /// can be made anew in draft.
    ///
    /// # Errors
    /// When it is over, a limit makes no sense, nothing differs, or it changed since `expected`.
    pub async fn amend_campaign(
        &self,
        who: &Caller,
        id: CampaignId,
        expected: VersionId,
        amendment: Amendment,
    ) -> Result<Campaign, RuntimeError> {
        refuse_limits(
            amendment.daily_budget,
            amendment.max_posts_per_day,
            amendment.relevance_threshold_percent,
        )?;
        let command = CampaignCommand::Amend { amendment };
        self.ask_campaign(who, id, command, Some(expected)).await
    }
}

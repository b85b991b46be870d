//! Stop everything, and go on. The stop is stored, so that a restart does not lift it.

use chimera_domain::{
    campaign::CampaignStatus,
    event::Fact,
    id::{CampaignId, TenantId},
};
use chimera_engine::CampaignCommand;
use chimera_ports::page::PageRequest;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tracing::error;

use super::Caller;
use crate::{error::RuntimeError, runtime::Runtime};

/// Where the stop is stored.
const STOP: &str = "stop";

/// The stored stop.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
struct Stop {
    stopped: bool,
    reason: String,
    /// Campaigns that the stop paused and a release resumes.
    paused: Vec<CampaignId>,
}

impl Runtime {
    /// Stops everything of a tenant: no task is assigned, nothing leaves, running campaigns are paused.
    ///
    /// # Errors
    /// When the store refuses; then nothing may be taken for stopped.
    pub async fn stop_everything(&self, who: &Caller, reason: &str) -> Result<u32, RuntimeError> {
        let mut stop = self.read_stop(who.tenant).await?;
        stop.stopped = true;
        reason.clone_into(&mut stop.reason);
        // Stored before anything else: from here on nothing new leaves, even if pausing fails half-way.
        self.write_stop(who, &stop, "stop.everything").await?;
        self.set_stopped(true);
        let mut page = PageRequest::first(0);
        loop {
            let active = self
                .parts()
                .store
                .campaigns(who.tenant, Some(CampaignStatus::Active), page)
                .await?;
            for campaign in active.items {
                let pause = CampaignCommand::Pause;
                match self
                    .act_on_campaign(who.tenant, campaign.id, who.actor(), pause, |_| Ok(()))
                    .await
                {
                    Ok(_) => stop.paused.push(campaign.id),
                    Err(error) => {
                        error!(campaign = %campaign.id, %error, "could not be paused; nothing of it leaves all the same")
                    }
                }
            }
            match active.next {
                Some(after) => {
                    page = PageRequest {
                        after: Some(after),
                        limit: 0,
                    }
                }
                None => break,
            }
        }
        self.write_stop(who, &stop, "stop.paused").await?;
        Ok(u32::try_from(stop.paused.len()).unwrap_or(u32::MAX))
    }

    /// Lifts the stop and resumes what it paused.
    ///
    /// # Errors
    /// When the store refuses; then the stop stays.
    pub async fn release_stop(&self, who: &Caller) -> Result<u32, RuntimeError> {
        let stop = self.read_stop(who.tenant).await?;
        self.write_stop(who, &Stop::default(), "stop.release")
            .await?;
        self.set_stopped(false);
        let mut resumed = 0;
        for id in stop.paused {
            let resume = CampaignCommand::Resume;
            if self
                .act_on_campaign(who.tenant, id, who.actor(), resume, |_| Ok(()))
                .await
                .is_ok()
            {
                resumed += 1;
            }
        }
        Ok(resumed)
    }

    /// Whether everything is stopped, and why.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn stop_reason(&self, tenant: TenantId) -> Result<Option<String>, RuntimeError> {
        let stop = self.read_stop(tenant).await?;
        Ok(stop.stopped.then_some(stop.reason))
    }

    /// Reads the stored stop at start and before anything leaves; unreadable counts as stopped.
    pub(crate) async fn may_send(&self) -> bool {
        let tenants = match self.parts().store.tenants().await {
            Ok(tenants) => tenants,
            Err(error) => {
                error!(%error, "the stop state cannot be read: nothing leaves");
                return false;
            }
        };
        let mut any = false;
        for tenant in tenants {
            match self.read_stop(tenant.id).await {
                Ok(stop) => any |= stop.stopped,
                Err(error) => {
                    error!(%error, "the stop state cannot be read: nothing leaves");
                    return false;
                }
            }
        }
        self.set_stopped(any);
        !any
    }

    async fn read_stop(&self, tenant: TenantId) -> Result<Stop, RuntimeError> {
        let Some(value) = self.parts().store.setting(tenant, STOP).await? else {
            return Ok(Stop::default());
        };
        serde_json::from_value(value).map_err(|error| {
            let message = format!(
                "The stop state cannot be read: {error}. Nothing leaves until it is stored anew."
            );
            RuntimeError::new(crate::ErrorKind::Internal, "STOP_UNREADABLE", message)
        })
    }

    async fn write_stop(
        &self,
        who: &Caller,
        stop: &Stop,
        action: &str,
    ) -> Result<(), RuntimeError> {
        let fact = Fact::SettingsChanged {
            area: STOP.to_owned(),
        };
        let notes = self.notes(
            who,
            action,
            json!({ "reason": stop.reason, "paused": stop.paused }),
            Some(fact),
        );
        self.parts()
            .store
            .put_setting(who.tenant, STOP, json!(stop), notes)
            .await?;
        self.announce_newest(who.tenant).await;
        Ok(())
    }
}

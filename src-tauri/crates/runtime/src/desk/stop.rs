//! Stop everything of a tenant, and go on. The stop is stored, so that a restart does not lift it.

use std::collections::HashSet;

use chimera_domain::{
    campaign::CampaignStatus,
    event::Fact,
    id::{CampaignId, TenantId},
};
use chimera_engine::CampaignCommand;
use chimera_ports::{error::PortError, page::PageRequest};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tracing::error;

use super::Caller;
use crate::{
    error::{ErrorKind, RuntimeError},
    runtime::Runtime,
};

/// Where the stop is stored.
const STOP: &str = "stop";
/// What people are told while nobody can tell whether everything is stopped.
const UNREADABLE: &str = "Whether everything is stopped cannot be read, which counts as stopped. Release the stop to store it anew.";

/// The stored stop.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
struct Stop {
    stopped: bool,
    reason: String,
    /// Campaigns that the stop pauses, noted before each is, and a release resumes.
    paused: Vec<CampaignId>,
}

/// What is stored cannot be read. It counts as stopped, and the next stop or release replaces it.
#[derive(Debug, thiserror::Error)]
#[error("the stored stop of {tenant} cannot be read: {cause}")]
struct Unreadable {
    tenant: TenantId,
    cause: serde_json::Error,
}

impl Runtime {
    /// Stops everything of a tenant: no task is assigned, nothing leaves, running campaigns are paused.
    ///
    /// # Errors
    /// When the store refuses; then nothing may be taken for stopped.
    pub async fn stop_everything(&self, who: &Caller, reason: &str) -> Result<u32, RuntimeError> {
        // What is just being dispatched is dispatched first; whatever comes after finds the stop.
        let gate = self.dispatch_gate().lock().await;
        let mut stop = self.stop_to_replace(who.tenant).await?;
        stop.stopped = true;
        reason.clone_into(&mut stop.reason);
        // Stored before anything else: from here on nothing new leaves, even if pausing fails half-way.
        self.write_stop(who, &stop, "stop.everything").await?;
        self.stops().store(who.tenant, true);
        drop(gate);
        let mut paused = 0;
        let mut page = PageRequest::first(0);
        loop {
            let active = self
                .parts()
                .store
                .campaigns(who.tenant, Some(CampaignStatus::Active), page)
                .await?;
            // Noted before they are paused: a release after a crash in between still resumes each.
            for campaign in &active.items {
                if !stop.paused.contains(&campaign.id) {
                    stop.paused.push(campaign.id);
                }
            }
            if !active.items.is_empty() {
                self.write_stop(who, &stop, "stop.pause").await?;
            }
            for campaign in active.items {
                let pause = CampaignCommand::Pause;
                match self
                    .act_on_campaign(who.tenant, campaign.id, who.actor(), pause, |_| Ok(()))
                    .await
                {
                    Ok(_) => paused += 1,
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
                None => return Ok(paused),
            }
        }
    }

    /// Lifts the tenant's stop and resumes what it paused.
    ///
    /// # Errors
    /// When the store refuses; then the stop stays.
    pub async fn release_stop(&self, who: &Caller) -> Result<u32, RuntimeError> {
        let gate = self.dispatch_gate().lock().await;
        let stop = self.stop_to_replace(who.tenant).await?;
        self.write_stop(who, &Stop::default(), "stop.release")
            .await?;
        self.stops().store(who.tenant, false);
        drop(gate);
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

    /// Why everything of a tenant is stopped, if it is.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn stop_reason(&self, tenant: TenantId) -> Result<Option<String>, RuntimeError> {
        Ok(match self.read_stop(tenant).await? {
            Ok(stop) => stop.stopped.then_some(stop.reason),
            Err(_) => Some(UNREADABLE.to_owned()),
        })
    }

    /// Refuses what must not begin while everything is stopped. `undone` says what was not done.
    pub async fn refuse_while_stopped(
        &self,
        tenant: TenantId,
        undone: &str,
    ) -> Result<(), RuntimeError> {
        if self.stored_stop(tenant).await? {
            let message = format!("Everything is stopped. {undone} Release the stop first.");
            return Err(RuntimeError::new(ErrorKind::Refused, "STOPPED", message));
        }
        Ok(())
    }

    /// Whether a tenant is stopped, as it is stored at this moment. To be asked with the dispatch gate held,
    /// so that no stop is stored between the answer and what is done about it. Unreadable counts as stopped.
    pub(crate) async fn stopped_now(&self, tenant: TenantId) -> bool {
        let stopped = self.stored_stop(tenant).await.unwrap_or_else(|error| {
            error!(%tenant, %error, "it cannot be told whether this tenant is stopped, which counts as stopped");
            true
        });
        self.stops().store(tenant, stopped);
        stopped
    }

    /// Reads every tenant's stop at start and before each round of the outbox.
    pub(crate) async fn look_at_stops(&self) {
        let gate = self.dispatch_gate().lock().await;
        let first_look = self.stops().are_unread();
        match self.parts().store.tenants().await {
            Ok(tenants) => {
                let mut stopped = HashSet::new();
                for tenant in tenants {
                    match self.stored_stop(tenant.id).await {
                        Ok(false) => continue,
                        // Said once, not at every look.
                        Err(error) if first_look || !self.stops().hold(tenant.id) => {
                            error!(tenant = %tenant.id, %error, "nothing of this tenant begins or leaves until it is stopped or released anew");
                        }
                        Ok(true) | Err(_) => {}
                    }
                    stopped.insert(tenant.id);
                }
                self.stops().read_anew(Some(stopped));
            }
            Err(error) => {
                error!(%error, "the stop state cannot be read: nothing begins and nothing leaves");
                self.stops().read_anew(None);
            }
        }
        drop(gate);
    }

    async fn stored_stop(&self, tenant: TenantId) -> Result<bool, RuntimeError> {
        let stop = self.read_stop(tenant).await?;
        stop.map(|stop| stop.stopped).map_err(|unreadable| {
            RuntimeError::new(
                ErrorKind::Internal,
                "STOP_UNREADABLE",
                format!("{UNREADABLE} ({unreadable})"),
            )
        })
    }

    async fn read_stop(&self, tenant: TenantId) -> Result<Result<Stop, Unreadable>, PortError> {
        let stored = self.parts().store.setting(tenant, STOP).await?;
        Ok(stored.map_or_else(
            || Ok(Stop::default()),
            |value| serde_json::from_value(value).map_err(|cause| Unreadable { tenant, cause }),
        ))
    }

    /// What a new stop or a release takes the place of; of what cannot be read, nothing is kept.
    async fn stop_to_replace(&self, tenant: TenantId) -> Result<Stop, PortError> {
        Ok(self.read_stop(tenant).await?.unwrap_or_else(|unreadable| {
            error!(%unreadable, "it is stored anew; campaigns that it had paused are resumed by hand");
            Stop::default()
        }))
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

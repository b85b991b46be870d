//! Feed files that an operator named on the command line: the leave to read each, for its campaign's life.
//!
//! Whoever types a path at this machine may read it anyway; so the naming is the leave. It is stored with an
//! audit record, so that a later start goes on where the first one ended. Never here: folders that settings
//! open, or reading a file.

use chimera_domain::{
    id::{CampaignId, TenantId},
    time::Timestamp,
};
use chimera_ports::{error::PortError, store::Store};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Caller;
use crate::{
    error::{ErrorKind, RuntimeError},
    runtime::Runtime,
};

/// Setting under which the leaves are stored.
const SETTING: &str = "feeds.opened";
/// Most files that are open at once.
const MAX_OPENED: usize = 500;

/// A file that one campaign may read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Opened {
    path: String,
    campaign: CampaignId,
    at: Timestamp,
}

impl Runtime {
    /// Remembers that a campaign may read these files until it is over.
    ///
    /// # Errors
    /// When the campaign is unknown, more than 500 files would be open, or the store refuses.
    pub async fn open_feed_files(
        &self,
        who: &Caller,
        campaign: CampaignId,
        paths: &[String],
    ) -> Result<(), RuntimeError> {
        if paths.is_empty() {
            return Ok(());
        }
        let store = &self.parts().store;
        let campaign = store.campaign(who.tenant, campaign).await?;
        let mut opened = still_open(store.as_ref(), who.tenant).await?;
        let at = self.now();
        opened.extend(paths.iter().map(|path| Opened {
            path: path.clone(),
            campaign: campaign.id,
            at,
        }));
        if opened.len() > MAX_OPENED {
            let message = format!(
                "At most {MAX_OPENED} feed files can be open at once. Nothing was opened; end campaigns that read files, or open their folder in the settings."
            );
            return Err(RuntimeError::new(
                ErrorKind::Invalid,
                "VALIDATION_ERROR",
                message,
            ));
        }
        let output = json!({ "campaign": campaign.id, "files": paths });
        let notes = self.campaign_notes(who, &campaign, "feed.open", output);
        store
            .put_setting(who.tenant, SETTING, json!(opened), notes)
            .await?;
        self.announce_newest(who.tenant).await;
        Ok(())
    }
}

/// The files that campaigns of any tenant may still read, each once.
///
/// # Errors
/// When the store cannot be read.
pub async fn opened_feed_files(store: &dyn Store) -> Result<Vec<String>, RuntimeError> {
    let mut paths = Vec::new();
    for tenant in store.tenants().await? {
        let opened = still_open(store, tenant.id).await?;
        paths.extend(opened.into_iter().map(|opened| opened.path));
    }
    paths.sort_unstable();
    paths.dedup();
    Ok(paths)
}

async fn still_open(store: &dyn Store, tenant: TenantId) -> Result<Vec<Opened>, RuntimeError> {
    let Some(value) = store.setting(tenant, SETTING).await? else {
        return Ok(Vec::new());
    };
    let stored: Vec<Opened> =
        serde_json::from_value(value).map_err(|error| PortError::Internal(error.to_string()))?;
    let mut open = Vec::with_capacity(stored.len());
    for one in stored {
        match store.campaign(tenant, one.campaign).await {
            Ok(campaign) if !campaign.status.is_over() => open.push(one),
            Ok(_) | Err(PortError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(open)
}

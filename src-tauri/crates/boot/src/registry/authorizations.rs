//! Where the authorizations of servers are kept: their tokens in the keychain and nowhere else; in the database that there
//! may be some, under which id and for which address, who gave them, and as whom we show ourselves.
//!
//! The id is a new one each time that somebody authorizes after there was nothing. What was taken back is therefore out
//! of reach at once, also while the keychain is locked: it is erased there as soon as it opens. A server that nobody
//! authorized costs the keychain no question.
//!
//! Never here: when a token is got or renewed (`oauth`), or who may authorize (the API's table).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use async_trait::async_trait;
use chimera_domain::{change::Change, fault::Fault, id::TenantId, time::Timestamp};
use chimera_oauth::Keeping;
use chimera_ports::{
    authorizing::AuthorizationClient, error::PortError, ids::IdSource, store::Store,
};
use chimera_vault::{LongName, VaultError};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::{clock::TimeIds, secrets::Secrets};

/// Setting under which a tenant's marks stand.
const SETTING: &str = "connections.authorizations";
/// What long secrets of this kind are called in the keychain.
const KIND: &str = "oauth";

/// What the database has of a tenant's authorizations.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Marks {
    /// By server.
    #[serde(default)]
    pub(super) servers: BTreeMap<String, Mark>,
    /// What is to be erased from the keychain.
    #[serde(default)]
    leaving: BTreeSet<Uuid>,
}

/// What the database has of one.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Mark {
    /// The address that it is for.
    pub(super) url: String,
    /// Under which id there may be tokens.
    #[serde(default)]
    kept: Option<Uuid>,
    /// As whom we show ourselves.
    #[serde(default)]
    pub(super) client: Option<Client>,
    /// Who gave it.
    #[serde(default)]
    pub(super) by: Option<String>,
    /// When.
    #[serde(default)]
    pub(super) at: Option<Timestamp>,
}

/// A client that a person entered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Client {
    pub(super) id: String,
    /// The name of its secret among the keys.
    #[serde(default)]
    pub(super) secret: Option<String>,
    /// To whom it belongs, since it was first used.
    #[serde(default)]
    pub(super) issuer: Option<String>,
}

impl From<AuthorizationClient> for Client {
    fn from(client: AuthorizationClient) -> Self {
        Self {
            id: client.id,
            secret: client.secret,
            issuer: None,
        }
    }
}

impl Marks {
    /// The mark of a server at this address. What was for another one leaves.
    pub(super) fn at(&mut self, server: &str, url: &str) -> &mut Mark {
        let is_other = self.servers.get(server).is_some_and(|mark| mark.url != url);
        if is_other {
            self.forget(server);
        }
        let mark = self.servers.entry(server.to_owned()).or_default();
        url.clone_into(&mut mark.url);
        mark
    }

    /// Takes an authorization back; the client stays.
    pub(super) fn take_back(&mut self, server: &str) {
        if let Some(mark) = self.servers.get_mut(server) {
            self.leaving.extend(mark.kept.take());
            (mark.by, mark.at) = (None, None);
        }
    }

    /// Knows nothing of a server any more.
    pub(super) fn forget(&mut self, server: &str) {
        let gone = self.servers.remove(server);
        self.leaving.extend(gone.and_then(|mark| mark.kept));
    }
}

/// The authorizations of every tenant.
pub(super) struct Authorizations {
    store: Arc<dyn Store>,
    secrets: Arc<Secrets>,
    /// One change at a time.
    one: Mutex<()>,
}

impl Authorizations {
    pub(super) fn new(store: Arc<dyn Store>, secrets: Arc<Secrets>) -> Self {
        Self {
            store,
            secrets,
            one: Mutex::new(()),
        }
    }

    pub(super) async fn marks(&self, tenant: TenantId) -> Result<Marks, PortError> {
        let Some(value) = self.store.setting(tenant, SETTING).await? else {
            return Ok(Marks::default());
        };
        serde_json::from_value(value).map_err(|error| {
            PortError::Internal(format!(
                "The setting {SETTING} cannot be read: {error}. No authorization of a server is used or changed."
            ))
        })
    }

    /// Changes the marks, together with the records of why.
    pub(super) async fn change<T: Send>(
        &self,
        tenant: TenantId,
        notes: Vec<Change>,
        change: impl FnOnce(&mut Marks) -> T + Send,
    ) -> Result<T, PortError> {
        let _one = self.one.lock().await;
        let before = self.marks(tenant).await?;
        let mut after = before.clone();
        let done = change(&mut after);
        if after != before || !notes.is_empty() {
            let value = serde_json::to_value(&after)
                .map_err(|error| PortError::Internal(error.to_string()))?;
            self.store
                .put_setting(tenant, SETTING, value, notes)
                .await?;
        }
        Ok(done)
    }

    /// Erases from the keychain what was taken back. What it does not give up now is tried again.
    pub(super) async fn erase(&self, tenant: TenantId) -> Result<(), PortError> {
        let leaving = self.marks(tenant).await?.leaving;
        let mut gone = BTreeSet::new();
        for id in leaving {
            match self.vault().delete_long(&name(tenant, id)).await {
                Ok(()) => {
                    gone.insert(id);
                }
                Err(error) => {
                    tracing::warn!(%error, "an authorization that was taken back lies in the keychain still; nothing uses it, and it is erased as soon as that can be");
                    // The others would wait as long for the same.
                    break;
                }
            }
        }
        if gone.is_empty() {
            return Ok(());
        }
        self.change(tenant, Vec::new(), |marks| {
            marks.leaving.retain(|id| !gone.contains(id));
        })
        .await
    }

    /// Refuses while nothing could be kept, before a person is sent anywhere.
    pub(super) async fn can_keep(&self) -> Result<(), Fault> {
        let problem = self.vault().probe().await.problem;
        problem.map_or(Ok(()), |fault| Err(told(&fault)))
    }

    fn vault(&self) -> &chimera_vault::Vault {
        self.secrets.vault()
    }
}

/// What is wrong with the keychain, for somebody who authorizes.
fn told(fault: &Fault) -> Fault {
    let words = if fault.code == VaultError::SwitchedOff.fault().code {
        "this installation uses no keychain".to_owned()
    } else {
        fault.message.trim_end_matches('.').to_owned()
    };
    let message = format!(
        "An authorization is kept in the system's keychain and nowhere else: {words}. Nothing was begun; mend that, or give the server a key of its own in its headers."
    );
    Fault::new(fault.class, &fault.code, message)
}

fn name(tenant: TenantId, id: Uuid) -> LongName {
    LongName::new(tenant, KIND, id)
}

/// Where the authorization of one server at one address is kept.
pub(super) struct Place {
    pub(super) all: Arc<Authorizations>,
    pub(super) tenant: TenantId,
    pub(super) server: String,
    pub(super) url: String,
}

#[async_trait]
impl Keeping for Place {
    async fn load(&self) -> Result<Option<SecretString>, Fault> {
        let marks = self.all.marks(self.tenant).await;
        let marks = marks.map_err(PortError::into_fault)?;
        let mark = marks.servers.get(&self.server);
        let id = mark.filter(|mark| mark.url == self.url);
        let Some(id) = id.and_then(|mark| mark.kept) else {
            return Ok(None);
        };
        let found = self.all.vault().get_long(&name(self.tenant, id)).await;
        found.map_err(|error| error.fault())
    }

    async fn keep(&self, text: SecretString) -> Result<(), Fault> {
        // Marked first: what is in the keychain is never unknown here.
        let id = self.all.change(self.tenant, Vec::new(), |marks| {
            let mark = marks.at(&self.server, &self.url);
            *mark.kept.get_or_insert_with(|| TimeIds.uuid())
        });
        let id = id.await.map_err(PortError::into_fault)?;
        let kept = self
            .all
            .vault()
            .set_long(&name(self.tenant, id), text)
            .await;
        kept.map_err(|error| error.fault())
    }

    async fn forget(&self) -> Result<(), Fault> {
        let taken = self.all.change(self.tenant, Vec::new(), |marks| {
            if marks
                .servers
                .get(&self.server)
                .is_some_and(|mark| mark.url == self.url)
            {
                marks.take_back(&self.server);
            }
        });
        taken.await.map_err(PortError::into_fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(marks: &Marks) -> Vec<(&str, &str, Option<Uuid>)> {
        let all = marks.servers.iter();
        all.map(|(name, mark)| (name.as_str(), mark.url.as_str(), mark.kept))
            .collect()
    }

    fn authorized(marks: &mut Marks, server: &str, url: &str, id: u128) -> Uuid {
        let id = Uuid::from_u128(id);
        let mark = marks.at(server, url);
        mark.kept = Some(id);
        mark.by = Some("Olga".to_owned());
        mark.at = Some(Timestamp::from_seconds(1));
        mark.client = Some(Client {
            id: "ours".to_owned(),
            secret: None,
            issuer: None,
        });
        id
    }

    #[test]
    fn what_was_for_another_address_leaves_with_its_client() {
        let mut marks = Marks::default();
        let one = authorized(&mut marks, "ledger", "https://a", 1);
        assert_eq!(marks.at("ledger", "https://a").kept, Some(one));
        let moved = marks.at("ledger", "https://b");
        assert!(moved.kept.is_none() && moved.client.is_none() && moved.by.is_none());
        assert_eq!(kept(&marks), [("ledger", "https://b", None)]);
        assert_eq!(marks.leaving, [one].into());
    }

    #[test]
    fn what_is_taken_back_leaves_and_its_client_stays_until_the_server_goes() {
        let mut marks = Marks::default();
        let one = authorized(&mut marks, "ledger", "https://a", 1);
        let other = authorized(&mut marks, "beside", "https://a", 2);
        marks.take_back("ledger");
        marks.take_back("ledger");
        let mark = marks.servers.get("ledger").unwrap();
        assert!(mark.kept.is_none() && mark.by.is_none() && mark.at.is_none());
        assert!(mark.client.is_some());
        marks.forget("ledger");
        marks.forget("unknown");
        assert_eq!(kept(&marks), [("beside", "https://a", Some(other))]);
        assert_eq!(marks.leaving, [one].into());
    }

    #[test]
    fn marks_of_a_version_that_knew_less_are_read() {
        let marks: Marks =
            serde_json::from_str(r#"{ "servers": { "ledger": { "url": "https://a" } } }"#).unwrap();
        assert_eq!(kept(&marks), [("ledger", "https://a", None)]);
    }

    #[test]
    fn whoever_authorizes_is_told_what_is_wrong_with_the_keychain_and_that_nothing_was_begun() {
        let fault = told(&VaultError::SwitchedOff.fault());
        assert_eq!(fault.code, "KEYCHAIN_SWITCHED_OFF");
        assert_eq!(
            fault.message,
            "An authorization is kept in the system's keychain and nowhere else: this installation uses no keychain. Nothing was begun; mend that, or give the server a key of its own in its headers."
        );
    }
}

//! Where the authorizations of servers are kept: their tokens in the keychain and nowhere else, and in the database
//! (`marks`) under which id they are.
//!
//! The id is a new one each time that somebody authorizes. It is marked as leaving before anything is written under it,
//! and counts only once all of it is there. What was taken back, or could not be kept, is therefore out of reach at once,
//! also while the keychain is locked or writes it still: it is erased as soon as the keychain is done with it. The keychain
//! takes one call after the other, so that an erasure that is asked for after a write ended, or was given up, comes after
//! it; while a write is under way its id is not erased, and stays marked. A server that nobody authorized costs the keychain
//! no question.
//!
//! Never here: when a token is got or renewed (`oauth`), or who may authorize (the API's table).

use std::{
    collections::BTreeSet,
    sync::{self, Arc, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use chimera_domain::{change::Change, fault::Fault, id::TenantId};
use chimera_oauth::Keeping;
use chimera_ports::{error::PortError, ids::IdSource, store::Store};
use chimera_vault::{LongName, Vault, VaultError};
use secrecy::SecretString;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::marks::{Mark, Marks};
use crate::clock::TimeIds;

/// Setting under which a tenant's marks stand.
const SETTING: &str = "connections.authorizations";
/// What long secrets of this kind are called in the keychain.
const KIND: &str = "oauth";

/// The authorizations of every tenant.
pub(super) struct Authorizations {
    store: Arc<dyn Store>,
    vault: Vault,
    /// One change at a time.
    one: Mutex<()>,
    /// Under which ids something is written now.
    writes: sync::Mutex<Vec<Uuid>>,
}

impl Authorizations {
    pub(super) fn new(store: Arc<dyn Store>, vault: Vault) -> Self {
        Self {
            store,
            vault,
            one: Mutex::new(()),
            writes: sync::Mutex::default(),
        }
    }

    fn writes(&self) -> MutexGuard<'_, Vec<Uuid>> {
        self.writes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds the erasure of an id up, for as long as the answer lives.
    fn writing(&self, id: Uuid) -> Writing<'_> {
        self.writes().push(id);
        Writing { all: self, id }
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
        let leaving = {
            // Of one that is written now nobody knows yet whether it leaves.
            let _one = self.one.lock().await;
            let mut leaving = self.marks(tenant).await?.leaving;
            let writes = self.writes();
            leaving.retain(|id| !writes.contains(id));
            leaving
        };
        let mut gone = BTreeSet::new();
        for id in leaving {
            match self.vault.delete_long(&name(tenant, id)).await {
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
        let problem = self.vault.probe().await.problem;
        problem.map_or(Ok(()), |fault| Err(told(&fault)))
    }

    /// The same beside something that is done already.
    async fn erase_if_that_can_be(&self, tenant: TenantId) {
        if let Err(error) = self.erase(tenant).await {
            tracing::warn!(%error, "an authorization that leaves could not be looked at; it is erased later");
        }
    }
}

/// While it lives, nothing is erased under its id.
struct Writing<'a> {
    all: &'a Authorizations,
    id: Uuid,
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        let mut writes = self.all.writes();
        if let Some(at) = writes.iter().position(|id| *id == self.id) {
            writes.swap_remove(at);
        }
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
    all: Arc<Authorizations>,
    tenant: TenantId,
    server: String,
    url: String,
    /// Under which id it was found, or put.
    id: sync::Mutex<Option<Uuid>>,
}

impl Place {
    pub(super) fn new(
        all: &Arc<Authorizations>,
        tenant: TenantId,
        server: &str,
        url: &str,
    ) -> Self {
        Self {
            all: Arc::clone(all),
            tenant,
            server: server.to_owned(),
            url: url.to_owned(),
            id: sync::Mutex::default(),
        }
    }

    async fn changed<T: Send>(
        &self,
        change: impl FnOnce(&mut Marks) -> T + Send,
    ) -> Result<T, Fault> {
        let changed = self.all.change(self.tenant, Vec::new(), change);
        changed.await.map_err(PortError::into_fault)
    }

    async fn put(&self, id: Uuid, text: SecretString) -> Result<(), Fault> {
        let name = name(self.tenant, id);
        let put = self.all.vault.set_long(&name, text);
        put.await.map_err(|error| error.fault())
    }

    fn id(&self) -> MutexGuard<'_, Option<Uuid>> {
        self.id.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether what is at this id is still what is kept.
    async fn is_kept(&self, id: Uuid) -> Result<bool, Fault> {
        self.changed(|marks| marks.kept(&self.server, &self.url) == Some(id))
            .await
    }
}

#[async_trait]
impl Keeping for Place {
    async fn load(&self) -> Result<Option<SecretString>, Fault> {
        let marks = self.all.marks(self.tenant).await;
        let marks = marks.map_err(PortError::into_fault)?;
        let Some(id) = marks.kept(&self.server, &self.url) else {
            return Ok(None);
        };
        let found = self.all.vault.get_long(&name(self.tenant, id)).await;
        let found = found.map_err(|error| error.fault())?;
        *self.id() = Some(id);
        Ok(found)
    }

    async fn keep(&self, text: SecretString) -> Result<(), Fault> {
        let id = TimeIds.uuid();
        let writing = self.all.writing(id);
        self.changed(|marks| marks.comes(&self.server, &self.url, id))
            .await?;
        // One that is given up may be written yet: it stays among those that leave.
        self.put(id, text).await?;
        let came = self.changed(|marks| marks.came(&self.server, &self.url, id));
        let came = came.await?;
        drop(writing);
        self.all.erase_if_that_can_be(self.tenant).await;
        if !came {
            return Err(taken_back());
        }
        *self.id() = Some(id);
        Ok(())
    }

    async fn renew(&self, text: SecretString) -> Result<(), Fault> {
        let id = *self.id();
        let id = id.ok_or_else(taken_back)?;
        let writing = self.all.writing(id);
        if !self.is_kept(id).await? {
            return Err(taken_back());
        }
        let put = self.put(id, text).await;
        drop(writing);
        if !self.is_kept(id).await? {
            // Nobody erased it while it was written.
            self.all.erase_if_that_can_be(self.tenant).await;
            return Err(taken_back());
        }
        put
    }

    async fn forget(&self) -> Result<(), Fault> {
        self.changed(|marks| {
            let is_ours = |mark: &Mark| mark.url == self.url;
            if marks.servers.get(&self.server).is_some_and(is_ours) {
                marks.take_back(&self.server);
            }
        })
        .await
    }
}

fn taken_back() -> Fault {
    Fault::of(
        chimera_oauth::codes::OAUTH_NOT_BEGUN,
        "the authorization of this server was taken back while it was kept; nothing of it is kept or used; begin it again",
    )
}

#[cfg(test)]
#[path = "authorizations_tests.rs"]
mod tests;

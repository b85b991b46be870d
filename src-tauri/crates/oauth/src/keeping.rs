//! What of an authorization outlives the process, as one secret text, and the port to where it lies.
//!
//! Never here: the place itself (`vault`).

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use chimera_domain::{fault::Fault, time::Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{client::Client, codes::unusable, scopes::Scopes, token::Granted};

/// Where one server's authorization is kept.
#[async_trait]
pub trait Keeping: Send + Sync {
    /// What is kept.
    ///
    /// # Errors
    /// When the place cannot be read.
    async fn load(&self) -> Result<Option<SecretString>, Fault>;
    /// Keeps a new authorization in place of the one that was.
    ///
    /// # Errors
    /// When it cannot be kept, or was taken back before it was. Then the one that was still is, and the new one is never
    /// found here, however late it arrives.
    async fn keep(&self, text: SecretString) -> Result<(), Fault>;
    /// Keeps what became of the authorization that is kept.
    ///
    /// # Errors
    /// When it cannot be kept; then what was kept is there still, or this, whole. When it was taken back meanwhile; then
    /// neither is.
    async fn renew(&self, text: SecretString) -> Result<(), Fault>;
    /// Forgets it.
    ///
    /// # Errors
    /// When it cannot be taken away.
    async fn forget(&self) -> Result<(), Fault>;
}

/// Kept for as long as the process runs.
#[derive(Default)]
pub struct InMemory(Mutex<Option<SecretString>>);

impl InMemory {
    fn set(&self, text: Option<SecretString>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = text;
    }
}

#[async_trait]
impl Keeping for InMemory {
    async fn load(&self) -> Result<Option<SecretString>, Fault> {
        Ok(self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone())
    }

    async fn keep(&self, text: SecretString) -> Result<(), Fault> {
        self.set(Some(text));
        Ok(())
    }

    async fn renew(&self, text: SecretString) -> Result<(), Fault> {
        self.keep(text).await
    }

    async fn forget(&self) -> Result<(), Fault> {
        self.set(None);
        Ok(())
    }
}

/// One server's authorization. It has secrets in it and is therefore never printed.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The address of the server.
    pub(crate) url: String,
    /// Who we are, and to whom.
    pub(crate) client: Client,
    /// Where tokens are renewed.
    pub(crate) token_endpoint: String,
    /// What the server calls itself.
    pub(crate) resource: String,
    /// Whether the server stands inside.
    pub(crate) from_inside: bool,
    /// What was asked for so far.
    pub(crate) asked: Scopes,
    /// What was given.
    pub(crate) granted: Scopes,
    /// The token; none after the authorization server took back the leave to renew it.
    pub(crate) access: Option<String>,
    pub(crate) refresh: Option<String>,
    /// When the token ends, where that was said.
    until_micros: Option<i64>,
}

impl Kept {
    pub(crate) fn new(
        url: String,
        client: Client,
        token_endpoint: String,
        resource: String,
        from_inside: bool,
        asked: Scopes,
    ) -> Self {
        Self {
            url,
            client,
            token_endpoint,
            resource,
            from_inside,
            granted: Scopes::default(),
            asked,
            access: None,
            refresh: None,
            until_micros: None,
        }
    }

    /// With these tokens. One that is renewed without another leave to renew keeps the one that it has, and without
    /// scopes of its own has those that it had, or was asked for.
    pub(crate) fn take(&mut self, granted: Granted) {
        if self.access.is_none() || self.granted.is_empty() {
            self.granted = self.asked.clone();
        }
        if let Some(scopes) = granted.scopes {
            self.granted = scopes;
        }
        self.access = Some(granted.access);
        self.refresh = granted.refresh.or(self.refresh.take());
        self.until_micros = granted.until.map(Timestamp::micros);
    }

    pub(crate) fn until(&self) -> Option<Timestamp> {
        self.until_micros.map(Timestamp::from_micros)
    }

    pub(crate) fn to_text(&self) -> Result<SecretString, Fault> {
        let text = serde_json::to_string(self).map_err(|error| unusable(error.to_string()))?;
        Ok(SecretString::from(text))
    }

    /// What an older version, or somebody else, wrote there counts as nothing: a person authorizes again.
    pub(crate) fn from_text(text: &SecretString) -> Option<Self> {
        serde_json::from_str(text.expose_secret()).ok()
    }
}

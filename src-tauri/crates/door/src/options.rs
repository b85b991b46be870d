//! What the API is told by whoever puts it together.
//!
//! Never here: reading files or the environment (boot does).

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use async_trait::async_trait;
use chimera_audit::Notary;
use chimera_contract::{
    connection::ModelSettings,
    keychain::{DataAtRest, SuppliedKey, Survival},
    price::ShippedPrices,
};
use chimera_domain::{fault::Fault, id::TenantId, spend::Rate};
use chimera_ports::{
    authorizing::AuthorizationDesk, memory::MemoryBackend, persons::PersonDesk,
    questions::QuestionDesk, registry::ServerDesk,
};
use chimera_runtime::Runtime;
use secrecy::SecretString;

use crate::beside::Beside;

/// Setting under which the chosen AI provider is stored, as `contract::connection::ModelSettings`.
pub const MODEL_SETTING: &str = "connections.model";

/// Changes which AI answers. Boot implements it; without one, the provider comes from the settings file.
#[async_trait]
pub trait ModelSwitch: Send + Sync {
    /// Asks the provider one small question without switching to it; returns its answer in a sentence. The call has
    /// its line in the ledger of `runtime`.
    ///
    /// # Errors
    /// What is wrong and what to do.
    async fn try_out(
        &self,
        runtime: &Runtime,
        tenant: TenantId,
        settings: &ModelSettings,
    ) -> Result<String, Fault>;

    /// From now on, this provider answers.
    ///
    /// # Errors
    /// What is wrong and what to do; then the one before goes on answering.
    async fn switch(&self, tenant: TenantId, settings: &ModelSettings) -> Result<(), Fault>;

    /// The prices that ship.
    fn shipped_prices(&self) -> ShippedPrices;

    /// What models cost from now on, by model, in place of what was said before.
    fn prices_changed(&self, rates: BTreeMap<String, Rate>);

    /// The key behind these settings was replaced or taken away: the one before is forgotten, and the next
    /// question looks for it anew. Without one the provider answers nothing more.
    fn key_changed(&self, tenant: TenantId, settings: &ModelSettings);
}

/// Says what speaks against a feed before anything is stored with it. Boot implements it.
#[async_trait]
pub trait FeedGate: Send + Sync {
    /// Whether it may be read for a workspace at all. What only reading shows is not looked at.
    ///
    /// # Errors
    /// What is wrong and what to do.
    async fn admits(&self, tenant: TenantId, feed: String) -> Result<(), Fault>;
}

/// The keychain of this machine. Boot implements it; a key goes in and never comes out through here.
#[async_trait]
pub trait Keychain: Send + Sync {
    /// What trying it out showed last; waits for the first try.
    async fn status(&self) -> KeychainStatus;

    /// Tries it out now.
    async fn try_out(&self) -> KeychainStatus;

    /// Keys that the environment supplies.
    fn supplied(&self) -> Vec<SuppliedKey>;

    /// Keeps a key, in place of one of the same name.
    ///
    /// # Errors
    /// What is wrong and what to do. It is never put anywhere else instead.
    async fn store(&self, tenant: TenantId, name: &str, key: SecretString) -> Result<(), Fault>;

    /// Takes a key away; one that is gone already is no failure.
    ///
    /// # Errors
    /// What is wrong and what to do.
    async fn remove(&self, tenant: TenantId, name: &str) -> Result<(), Fault>;
}

/// What trying the keychain out has shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeychainStatus {
    /// Its name in words.
    pub backend: String,
    /// Whether it keeps what it is given.
    pub works: bool,
    /// Whether what is kept survives a reboot.
    pub survives_reboot: Survival,
    /// What is wrong and what to do, when it does not work.
    pub problem: Option<Fault>,
}

/// Options of the API.
#[derive(Clone)]
pub struct Options {
    /// Version of Chimera, as shown.
    pub version: String,
    /// Host names besides loopback ones under which the API answers, without port.
    pub allowed_hosts: Vec<String>,
    /// Where the built web UI lies; without it only the API is served.
    pub ui_dir: Option<PathBuf>,
    /// Whether cookies are marked Secure: true behind TLS.
    pub secure_cookies: bool,
    /// Requests that one tenant may make in a minute.
    pub tenant_requests_per_minute: u32,
    /// Days that a session lasts.
    pub session_days: u32,
    /// Hours without a request after which a person's session counts as ended.
    pub session_idle_hours: u32,
    /// Who can change the AI provider.
    pub models: Option<Arc<dyn ModelSwitch>>,
    /// Who keeps keys of providers.
    pub keychain: Option<Arc<dyn Keychain>>,
    /// Who works with the registry of MCP servers.
    pub registry: Option<Arc<dyn ServerDesk>>,
    /// Who authorizes servers of the registry.
    pub authorizing: Option<Arc<dyn AuthorizationDesk>>,
    /// Who keeps what MCP servers ask people.
    pub questions: Option<Arc<dyn QuestionDesk>>,
    /// Who keeps what agents remember.
    pub memory: Option<Arc<dyn MemoryBackend>>,
    /// Who seals and checks the audit log.
    pub notary: Option<Notary>,
    /// Who finds, hands out and erases what is kept about a person.
    pub persons: Option<Arc<dyn PersonDesk>>,
    /// What stands beside the endpoints for programs that hold a token.
    pub beside: Option<Beside>,
    /// A feed of invented items that a newcomer's workspace begins with.
    pub sample_feed: Option<SampleFeed>,
    /// Who says which feeds can be read at all.
    pub feeds: Option<Arc<dyn FeedGate>>,
    /// How the data lies on the disk.
    pub at_rest: Option<DataAtRest>,
}

/// A feed for trying things out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SampleFeed {
    /// Its address, as the feeds server reads it.
    pub url: String,
    /// Name as shown; it says that the items are invented.
    pub title: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            allowed_hosts: Vec::new(),
            ui_dir: None,
            secure_cookies: false,
            tenant_requests_per_minute: 6_000,
            session_days: 14,
            session_idle_hours: 24,
            models: None,
            keychain: None,
            registry: None,
            authorizing: None,
            questions: None,
            memory: None,
            notary: None,
            persons: None,
            beside: None,
            sample_feed: None,
            feeds: None,
            at_rest: None,
        }
    }
}

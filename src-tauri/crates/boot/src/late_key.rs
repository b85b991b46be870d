//! A provider whose key is looked for when it is first needed.
//!
//! A keychain may be locked while Chimera starts, and a key may be taken away while it runs. The provider
//! that a person chose stays the provider then: it refuses with the reason until its key is there, and
//! nothing else answers in its place. Never here: choosing a provider, or keeping a key anywhere else.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use chimera_contract::connection::KeyPlace;
use chimera_domain::{
    fault::{Fault, FaultClass},
    id::TenantId,
};
use chimera_model::{
    prices::PriceTable,
    provider::{Provider, ProviderSettings},
};
use chimera_net::HttpClient;
use chimera_ports::model::{
    ChatModel, ChatReply, ChatRequest, DeltaSink, ModelError, ModelInfo, ModelRole,
};
use secrecy::SecretString;
use tokio::sync::OnceCell;

use crate::secrets::{Secrets, key_variables};

/// Where keys are looked for.
#[derive(Clone)]
pub(crate) struct KeySources {
    /// Keys from the environment by variable, for settings that name one.
    pub(crate) environment: BTreeMap<String, SecretString>,
    pub(crate) secrets: Arc<Secrets>,
}

impl KeySources {
    async fn find(
        &self,
        tenant: TenantId,
        place: &KeyPlace,
    ) -> Result<Option<SecretString>, Fault> {
        match place {
            KeyPlace::None => Ok(None),
            KeyPlace::Environment { name } => match self.environment.get(name) {
                Some(key) => Ok(Some(key.clone())),
                None if key_variables().any(|known| known == name) => Err(missing(&format!(
                    "{name} is not set where Chimera was started."
                ))),
                None => {
                    let known: Vec<&str> = key_variables().collect();
                    Err(missing(&format!(
                        "Keys are read from {}; {name} is not read.",
                        known.join(", ")
                    )))
                }
            },
            KeyPlace::Keychain { name } => self.secrets.key(tenant, name).await.map(Some),
        }
    }
}

fn missing(message: &str) -> Fault {
    Fault::new(FaultClass::Permanent, "PROVIDER_KEY_MISSING", message)
}

/// A provider, with its key as soon as that is found.
pub(crate) struct LateKey {
    tenant: TenantId,
    place: KeyPlace,
    settings: ProviderSettings,
    client: HttpClient,
    prices: Arc<PriceTable>,
    sources: KeySources,
    /// Says what it is; never asked.
    keyless: Provider,
    ready: OnceCell<Provider>,
}

impl LateKey {
    /// The provider of these settings, its key not looked for yet.
    ///
    /// # Errors
    /// When the address is no web address or a name is missing.
    pub(crate) fn new(
        (tenant, place): (TenantId, KeyPlace),
        settings: ProviderSettings,
        client: HttpClient,
        prices: Arc<PriceTable>,
        sources: KeySources,
    ) -> Result<Self, Fault> {
        let keyless = Provider::new(settings.clone(), client.clone(), prices.clone());
        let keyless = keyless.map_err(|error| {
            Fault::new(FaultClass::Permanent, "PROVIDER_INVALID", error.to_string())
        })?;
        Ok(Self {
            tenant,
            place,
            settings,
            client,
            prices,
            sources,
            keyless,
            ready: OnceCell::new(),
        })
    }

    /// Where it is asked.
    pub(crate) fn address(&self) -> &str {
        &self.settings.base_url
    }

    /// The provider with its key; looked for anew at every call until it is found.
    pub(crate) async fn ready(&self) -> Result<&Provider, Fault> {
        self.ready
            .get_or_try_init(|| async {
                let mut settings = self.settings.clone();
                settings.api_key = self.sources.find(self.tenant, &self.place).await?;
                Provider::new(settings, self.client.clone(), self.prices.clone()).map_err(|error| {
                    let words = error.to_string();
                    Fault::new(FaultClass::Permanent, "PROVIDER_INVALID", words)
                })
            })
            .await
    }
}

#[async_trait]
impl ChatModel for LateKey {
    async fn chat(
        &self,
        request: &ChatRequest,
        deltas: Option<DeltaSink<'_>>,
    ) -> Result<ChatReply, ModelError> {
        let provider = self.ready().await.map_err(|mut fault| {
            fault.message = format!("{} Nothing was sent to the provider.", fault.message);
            ModelError::unsent(fault)
        })?;
        provider.chat(request, deltas).await
    }

    fn info(&self, role: ModelRole) -> ModelInfo {
        self.keyless.info(role)
    }
}

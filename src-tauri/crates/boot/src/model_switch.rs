//! The model behind the runtime, changeable while it runs.
//!
//! Never here: a provider's wire format (`model`), or a key outside `SecretString`.

use std::sync::Arc;

use anyhow::Result;
use async_trait::async_trait;
use chimera_api::{MODEL_SETTING, ModelSwitch};
use chimera_contract::connection::{
    KeyPlace, ModelKind, ModelRole as WireRole, ModelSettings as Wire,
};
use chimera_domain::{
    fault::{Fault, FaultClass},
    id::TenantId,
};
use chimera_model::{
    openai::{OpenAiProvider, ProviderSettings},
    prices::PriceTable,
    rehearsal::RehearsalModel,
    router::{Router, Routes},
};
use chimera_net::{HttpClient, HttpSettings};
use chimera_ports::model::{
    ChatModel, ChatReply, ChatRequest, DeltaSink, ModelError, ModelInfo, ModelRole, Turn,
};
use chimera_runtime::Runtime;
use secrecy::SecretString;
use serde_json::Value;

use crate::settings::{ModelSettings, Settings};

/// Tokens that a test of a provider may write.
const PROBE_TOKENS: u32 = 16;

/// A router that can be turned to another provider.
pub(crate) struct SwitchableModel {
    router: Router,
    client: HttpClient,
    prices: Arc<PriceTable>,
    /// The key from the environment, for settings that name it.
    environment_key: Option<SecretString>,
}

impl SwitchableModel {
    /// The provider that the settings name.
    pub(crate) fn new(settings: &Settings) -> Result<Self> {
        let allow_hosts = settings
            .allow_hosts
            .iter()
            .map(|host| host.parse())
            .collect::<Result<_, _>>()?;
        let client = HttpClient::new(HttpSettings {
            allow_hosts,
            ..HttpSettings::default()
        })?;
        let prices = Arc::new(PriceTable::shipped());
        let first = configured(&settings.model, &client, &prices)?;
        Ok(Self {
            router: Router::new(Routes::all(first)),
            client,
            prices,
            environment_key: settings.model.api_key.clone(),
        })
    }

    /// Takes up the provider that a person chose in the console before.
    pub(crate) async fn restore(&self, runtime: &Runtime, tenant: TenantId) {
        let stored = match runtime.store().setting(tenant, MODEL_SETTING).await {
            Ok(stored) => stored,
            Err(error) => return tracing::error!(%error, "the chosen AI provider cannot be read"),
        };
        let Some(stored) = stored else { return };
        match serde_json::from_value::<Wire>(stored) {
            Ok(wire) => {
                if let Err(fault) = self.switch(&wire).await {
                    tracing::error!(%fault, "the chosen AI provider cannot be used");
                }
            }
            Err(error) => tracing::error!(%error, "the chosen AI provider cannot be read"),
        }
    }

    fn made(&self, settings: &Wire) -> Result<Arc<dyn ChatModel>, Fault> {
        match settings.kind {
            ModelKind::Rehearsal => Ok(Arc::new(RehearsalModel::new())),
            ModelKind::OpenaiCompatible => {
                let model = |role: WireRole| {
                    settings
                        .models
                        .get(&role)
                        .or_else(|| settings.models.get(&WireRole::Worker))
                        .cloned()
                };
                let base_url = settings
                    .base_url
                    .as_deref()
                    .ok_or_else(|| invalid("The provider has no address."))?;
                let fast = model(WireRole::Worker).ok_or_else(|| invalid("No model is named."))?;
                let strong = model(WireRole::Planner).unwrap_or_else(|| fast.clone());
                let mut provider = ProviderSettings::new("openai", base_url, &strong, &fast);
                provider.api_key = self.key(&settings.key)?;
                let provider =
                    OpenAiProvider::new(provider, self.client.clone(), self.prices.clone())
                        .map_err(|error| invalid(&error.to_string()))?;
                Ok(Arc::new(provider))
            }
        }
    }

    fn key(&self, place: &KeyPlace) -> Result<Option<SecretString>, Fault> {
        match place {
            KeyPlace::None => Ok(None),
            KeyPlace::Environment { name } if name == "OPENAI_API_KEY" => {
                match &self.environment_key {
                    Some(key) => Ok(Some(key.clone())),
                    None => Err(missing_key(
                        "OPENAI_API_KEY is not set where Chimera was started.",
                    )),
                }
            }
            KeyPlace::Environment { name } => Err(missing_key(&format!(
                "Keys are read from OPENAI_API_KEY; {name} is not read."
            ))),
            KeyPlace::Keychain { .. } => Err(missing_key(
                "This start of Chimera has no keychain; put the key into OPENAI_API_KEY.",
            )),
        }
    }
}

fn configured(
    settings: &ModelSettings,
    client: &HttpClient,
    prices: &Arc<PriceTable>,
) -> Result<Arc<dyn ChatModel>> {
    match settings.provider.as_str() {
        "rehearsal" => Ok(Arc::new(RehearsalModel::new())),
        "openai" => {
            let mut provider = ProviderSettings::new(
                "openai",
                &settings.base_url,
                &settings.strong,
                &settings.fast,
            );
            provider.api_key = settings.api_key.clone();
            Ok(Arc::new(OpenAiProvider::new(
                provider,
                client.clone(),
                prices.clone(),
            )?))
        }
        other => anyhow::bail!("model.provider is '{other}'; it can be 'rehearsal' or 'openai'"),
    }
}

fn invalid(message: &str) -> Fault {
    Fault::new(
        FaultClass::Validation,
        "PROVIDER_INVALID",
        format!("{message} The provider before goes on answering."),
    )
}

fn missing_key(message: &str) -> Fault {
    Fault::new(
        FaultClass::Permanent,
        "PROVIDER_KEY_MISSING",
        format!("{message} The provider before goes on answering."),
    )
}

#[async_trait]
impl ChatModel for SwitchableModel {
    async fn chat(
        &self,
        request: &ChatRequest,
        deltas: Option<DeltaSink<'_>>,
    ) -> Result<ChatReply, ModelError> {
        self.router.chat(request, deltas).await
    }
    fn info(&self, role: ModelRole) -> ModelInfo {
        self.router.info(role)
    }
}

#[async_trait]
impl ModelSwitch for SwitchableModel {
    async fn try_out(&self, settings: &Wire) -> Result<String, Fault> {
        let model = self.made(settings)?;
        let info = model.info(ModelRole::Worker);
        if info.rehearsal {
            return Ok(
                "The rehearsal model is built in and always answers. It is not an AI.".to_owned(),
            );
        }
        let request = ChatRequest {
            role: ModelRole::Worker,
            system: "Answer with one word.".to_owned(),
            turns: vec![Turn::User {
                text: "Say: ready".to_owned(),
            }],
            tools: Vec::new(),
            answer_schema: None,
            facts: Value::Null,
            max_output_tokens: PROBE_TOKENS,
        };
        let reply = model
            .chat(&request, None)
            .await
            .map_err(|error| error.fault)?;
        Ok(format!(
            "{} answered: {}",
            reply.model,
            reply.text.trim().chars().take(80).collect::<String>()
        ))
    }

    async fn switch(&self, settings: &Wire) -> Result<(), Fault> {
        let model = self.made(settings)?;
        self.router.replace(Routes::all(model));
        Ok(())
    }
}

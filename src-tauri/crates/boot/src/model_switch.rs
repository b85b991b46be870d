//! The model behind the runtime, changeable while it runs.
//!
//! Never here: what a choice is made of (`providers`), a provider's wire format (`model`), or a key.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc, time::Duration};

use anyhow::Result;
use async_trait::async_trait;
use chimera_api::stored_rates;
use chimera_contract::{
    connection::ModelSettings as Wire,
    price::{ShippedPrice, ShippedPrices},
    scalar::Usd,
};
use chimera_domain::{
    fault::{Fault, FaultClass},
    id::TenantId,
    spend::Rate,
};
use chimera_door::options::{MODEL_SETTING, ModelSwitch};
use chimera_memory::RateOf;
use chimera_model::{
    prices::PriceTable,
    provider::CODE_ADDRESS,
    router::{Router, Routes},
};
use chimera_ports::{
    clock::Clock,
    model::{
        ChatModel, ChatReply, ChatRequest, Counted, DeltaSink, ModelError, ModelHealth, ModelInfo,
        ModelRole, Turn,
    },
};
use chimera_runtime::Runtime;
use uuid::Uuid;

use crate::{
    late_key::KeySources,
    outgoing,
    providers::{Maker, Prepared, from_settings},
    refusing::{RefusingModel, alert},
    secrets::Secrets,
    settings::Settings,
};

/// Tokens that a test of a provider may write.
const PROBE_TOKENS: u32 = 16;
/// Longest wait for the answer to a test.
const ANSWERS_WITHIN: Duration = Duration::from_secs(20);

/// A router that can be turned to another provider.
pub(crate) struct SwitchableModel {
    router: Router,
    maker: Maker,
}

impl SwitchableModel {
    /// The provider that the settings name.
    pub(crate) fn new(
        settings: &Settings,
        secrets: Arc<Secrets>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        let client = outgoing::client(settings)?;
        let maker = Maker {
            client,
            prices: Arc::new(PriceTable::shipped()),
            keys: KeySources {
                environment: settings.model.keys.clone(),
                secrets,
            },
            clock,
        };
        // Its keys come from the environment, which is nobody's in particular.
        let nobody = TenantId::from_uuid(Uuid::nil());
        let first = maker
            .prepared(nobody, &from_settings(&settings.model)?)
            .map_err(|fault| anyhow::anyhow!(fault.message))?;
        Ok(Self {
            router: Router::new(first.routes(&maker.clock)),
            maker,
        })
    }

    /// What a model of a provider costs now, where anybody knows it.
    pub(crate) fn rates(&self) -> Arc<RateOf> {
        let prices = self.maker.prices.clone();
        Arc::new(move |provider, model| prices.price(provider, model))
    }

    /// Takes up the provider that a person chose in the console before. One that cannot be used is replaced by
    /// nothing: every question is refused with the cause, and people are told.
    pub(crate) async fn restore(&self, runtime: &Runtime, tenant: TenantId) {
        match stored_rates(runtime.store().as_ref(), tenant).await {
            Ok(rates) => self.maker.prices.take_own(rates),
            // Then nobody knows what a model costs, and every screen says so.
            Err(error) => tracing::error!(%error, "the prices of models cannot be read"),
        }
        let chosen = match runtime.store().setting(tenant, MODEL_SETTING).await {
            Ok(None) => return,
            Ok(Some(stored)) => serde_json::from_value::<Wire>(stored)
                .map_err(|error| format!("what is stored of it cannot be read ({error}).")),
            Err(error) => Err(format!("the store cannot be asked for it ({error}).")),
        };
        let fault = match chosen {
            Ok(wire) => self.take_up(tenant, &wire, Some(runtime)),
            Err(cause) => self.refuse(&cause),
        };
        if let Err(fault) = fault {
            alert(runtime, tenant, &fault).await;
        }
    }

    /// Turns to a model that answers nothing because of `cause`.
    fn refuse(&self, cause: &str) -> Result<(), Fault> {
        let model = RefusingModel::because(cause);
        let fault = model.fault().clone();
        tracing::error!(%fault, "the chosen AI provider cannot be used; nothing answers in its place");
        self.router.replace(Routes::all(Arc::new(model)));
        Err(fault)
    }

    /// Turns to this provider whether its key is there or not: without one it refuses, with the reason, and
    /// no other model answers in its place. The key is looked for beside, so that nothing waits for it; where
    /// a runtime is given, people are told when there is none.
    fn take_up(
        &self,
        tenant: TenantId,
        settings: &Wire,
        told_by: Option<&Runtime>,
    ) -> Result<(), Fault> {
        let prepared = match self.maker.prepared(tenant, settings) {
            Ok(prepared) => prepared,
            Err(fault) => return self.refuse(&fault.message),
        };
        for (_, provider) in prepared.providers() {
            let provider = provider.clone();
            let runtime = told_by.cloned();
            tokio::spawn(async move {
                let Err(fault) = provider.ready().await else {
                    return;
                };
                tracing::error!(%fault, "a chosen AI provider has no key; it answers nothing before it has one");
                if let Some(runtime) = runtime {
                    alert(&runtime, tenant, &fault).await;
                }
            });
        }
        self.router.replace(prepared.routes(&self.maker.clock));
        Ok(())
    }

    /// Asks the model that answers now for one word.
    ///
    /// # Errors
    /// When it does not answer within [`ANSWERS_WITHIN`], with the reason.
    pub(crate) async fn answers(
        &self,
        runtime: &Runtime,
        tenant: TenantId,
    ) -> Result<String, Fault> {
        tokio::time::timeout(
            ANSWERS_WITHIN,
            one_word(runtime, tenant, self, ModelRole::Worker),
        )
        .await
        .unwrap_or_else(|_| {
            let message = format!(
                "It did not answer within {} seconds.",
                ANSWERS_WITHIN.as_secs()
            );
            Err(Fault::new(FaultClass::Transient, "MODEL_TIMEOUT", message))
        })
    }

    /// The providers of these settings, their keys found.
    async fn made(&self, tenant: TenantId, settings: &Wire) -> Result<Prepared, Fault> {
        let prepared = self.maker.prepared(tenant, settings)?;
        for (_, provider) in prepared.providers() {
            provider.ready().await?;
        }
        Ok(prepared)
    }
}

/// Asks for one word, so that a real answer has come.
async fn one_word(
    runtime: &Runtime,
    tenant: TenantId,
    model: &dyn ChatModel,
    role: ModelRole,
) -> Result<String, Fault> {
    let request = ChatRequest {
        role,
        system: "Answer with one word.".to_owned(),
        turns: vec![Turn::User {
            text: "Say: ready".to_owned(),
        }],
        tools: Counted::default(),
        answer_schema: None,
        facts: None,
        max_output_tokens: PROBE_TOKENS,
    };
    let reply = runtime.probe(tenant, model, &request).await?;
    Ok(format!(
        "{} answered: {}",
        reply.model,
        reply.text.trim().chars().take(80).collect::<String>()
    ))
}

/// A provider on this machine or in this house is refused until its host is listed: says how, because
/// nothing on the screen can list it.
fn with_the_way_in(mut fault: Fault, address: &str) -> Fault {
    let host = own_host(address);
    if let (CODE_ADDRESS, Some(host)) = (fault.code.as_str(), host) {
        fault.message = format!(
            "{} Start Chimera with CHIMERA_ALLOW_HOSTS={host} for that, or write it into allow_hosts in its settings file.",
            fault.message
        );
    }
    fault
}

/// The host of an address, when it names this machine or one of a private network.
fn own_host(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?']).next()?;
    let host = match authority.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once(']')?.0,
        None => authority.split(':').next()?,
    };
    let is_own = match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private(),
        Ok(IpAddr::V6(ip)) => ip.is_loopback() || ip.is_unique_local(),
        Err(_) => host == "localhost",
    };
    is_own.then_some(host)
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
    fn behind(&self, role: ModelRole) -> Option<Arc<dyn ChatModel>> {
        self.router.behind(role)
    }
    fn fallback(&self, role: ModelRole) -> Option<Arc<dyn ChatModel>> {
        self.router.fallback(role)
    }
    fn health(&self, role: ModelRole) -> ModelHealth {
        self.router.health(role)
    }
}

#[async_trait]
impl ModelSwitch for SwitchableModel {
    async fn try_out(
        &self,
        runtime: &Runtime,
        tenant: TenantId,
        settings: &Wire,
    ) -> Result<String, Fault> {
        let prepared = self.made(tenant, settings).await?;
        let mut said = Vec::new();
        for (role, provider) in prepared.providers() {
            let answer = one_word(runtime, tenant, provider.as_ref(), role).await;
            let answer = answer.map_err(|fault| with_the_way_in(fault, provider.address()))?;
            said.push(answer);
        }
        if said.is_empty() {
            return Ok(
                "The rehearsal model is built in and always answers. It is not an AI.".to_owned(),
            );
        }
        Ok(said.join(" "))
    }

    async fn switch(&self, tenant: TenantId, settings: &Wire) -> Result<(), Fault> {
        let made = self.made(tenant, settings).await;
        let prepared = made.map_err(|mut fault| {
            fault.message = format!("{} The provider before goes on answering.", fault.message);
            fault
        })?;
        self.router.replace(prepared.routes(&self.maker.clock));
        Ok(())
    }

    fn shipped_prices(&self) -> ShippedPrices {
        let table = &self.maker.prices;
        let listed = table.listed().map(|(host, model, rate)| ShippedPrice {
            host: host.to_owned(),
            model: model.to_owned(),
            input_per_million: Usd::of(rate.input_per_million),
            output_per_million: Usd::of(rate.output_per_million),
            cached_input_per_million: rate.cached_input_per_million.map(Usd::of),
        });
        ShippedPrices {
            as_of: table.as_of().to_owned(),
            source: table.source().to_owned(),
            items: listed.collect(),
        }
    }

    fn prices_changed(&self, rates: BTreeMap<String, Rate>) {
        self.maker.prices.take_own(rates);
    }

    fn key_changed(&self, tenant: TenantId, settings: &Wire) {
        // Refused or not, the reason is in the log, and every question gets it.
        drop(self.take_up(tenant, settings, None));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_provider_of_ones_own_is_told_how_to_be_let_in() {
        let told = |code: &str, address: &str| {
            let fault = Fault::new(FaultClass::Permanent, code, "Refused.");
            with_the_way_in(fault, address).message
        };
        for (address, host) in [
            ("http://127.0.0.1:11434/v1", "127.0.0.1"),
            ("http://localhost/v1", "localhost"),
            ("http://192.168.1.4:1234", "192.168.1.4"),
            ("http://[::1]:8080/v1", "::1"),
        ] {
            let words = told(CODE_ADDRESS, address);
            assert!(
                words.contains(&format!("CHIMERA_ALLOW_HOSTS={host} ")),
                "{words}"
            );
        }
        assert_eq!(told(CODE_ADDRESS, "https://api.example/v1"), "Refused.");
        assert_eq!(told("MODEL_AUTH", "http://127.0.0.1:11434/v1"), "Refused.");
    }
}

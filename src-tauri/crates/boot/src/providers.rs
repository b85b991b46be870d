//! From what a person chose, or the settings say, to the models that answer: one for each role, and one that stands in.
//!
//! Never here: turning to them (`model_switch`), a wire format (`model`), or a key outside `SecretString`.

use std::sync::Arc;

use anyhow::{Result, bail};
use chimera_contract::connection::{
    KeyPlace, ModelKind, ModelRole as WireRole, ModelSettings as Wire, OtherModel,
};
use chimera_domain::{
    breaker::BreakerBounds,
    fault::{Fault, FaultClass},
    id::TenantId,
};
use chimera_model::{
    circuit::Circuit,
    prices::PriceTable,
    provider::{Family, ProviderSettings},
    rehearsal::RehearsalModel,
    router::Routes,
};
use chimera_net::HttpClient;
use chimera_ports::{
    clock::Clock,
    model::{ChatModel, ModelRole},
};

use crate::{
    late_key::{KeySources, LateKey},
    settings::{ModelSettings, OtherSettings},
};

/// What every provider is made of.
pub(crate) struct Maker {
    pub(crate) client: HttpClient,
    pub(crate) prices: Arc<PriceTable>,
    pub(crate) keys: KeySources,
    pub(crate) clock: Arc<dyn Clock>,
}

/// The models of one choice; they may still lack their keys.
pub(crate) struct Prepared {
    /// Answers to every role that no other one does; none is the rehearsal model.
    main: Option<Arc<LateKey>>,
    others: Vec<(ModelRole, Arc<LateKey>)>,
    fallback: Option<Arc<LateKey>>,
}

impl Prepared {
    /// Every provider with a role that it answers to.
    pub(crate) fn providers(&self) -> impl Iterator<Item = (ModelRole, &Arc<LateKey>)> {
        let main = self.main.iter().map(|one| (ModelRole::Worker, one));
        let others = self.others.iter().map(|(role, one)| (*role, one));
        let fallback = self.fallback.iter().map(|one| (ModelRole::Worker, one));
        main.chain(others).chain(fallback)
    }

    /// Each provider is left alone by itself while it fails; the rehearsal model cannot.
    pub(crate) fn routes(self, clock: &Arc<dyn Clock>) -> Routes {
        let guarded = |provider: Arc<LateKey>| -> Arc<dyn ChatModel> {
            let bounds = BreakerBounds::default();
            Arc::new(Circuit::around(provider, clock.clone(), bounds))
        };
        let main = match self.main {
            Some(provider) => guarded(provider),
            None => Arc::new(RehearsalModel::new(chimera_policy::topics_in)),
        };
        let mut routes = Routes::all(main);
        for (role, provider) in self.others {
            routes = routes.with(role, guarded(provider));
        }
        match self.fallback {
            Some(provider) => routes.with_fallback(guarded(provider)),
            None => routes,
        }
    }
}

impl Maker {
    /// The models of these settings; their keys are looked for when they are first needed.
    ///
    /// # Errors
    /// When a provider has no usable address, or no model is named.
    pub(crate) fn prepared(&self, tenant: TenantId, settings: &Wire) -> Result<Prepared, Fault> {
        let Some(family) = family_of(settings.kind) else {
            return Ok(Prepared {
                main: None,
                others: Vec::new(),
                fallback: None,
            });
        };
        let named = |role: WireRole| settings.models.get(&role).cloned();
        let fast = named(WireRole::Worker).ok_or_else(|| invalid("No model is named."))?;
        let strong = named(WireRole::Planner).unwrap_or_else(|| fast.clone());
        let provider = |models: (&str, &str)| {
            let address = settings.base_url.as_deref();
            self.provider(tenant, (family, address), models, &settings.key)
        };
        let mut prepared = Prepared {
            main: Some(provider((&strong, &fast))?),
            others: Vec::new(),
            fallback: None,
        };
        for role in [WireRole::Planner, WireRole::Worker, WireRole::Judge] {
            if let Some(other) = settings.others.get(&role) {
                let other = self.other(tenant, other)?;
                prepared.others.push((role_of(role), other));
            } else if role == WireRole::Judge {
                let judge = named(role).unwrap_or_else(|| fast.clone());
                if judge != strong {
                    prepared
                        .others
                        .push((ModelRole::Judge, provider((&judge, &judge))?));
                }
            }
        }
        let fallback = settings.fallback.as_ref();
        prepared.fallback = fallback.map(|one| self.other(tenant, one)).transpose()?;
        Ok(prepared)
    }

    fn other(&self, tenant: TenantId, other: &OtherModel) -> Result<Arc<LateKey>, Fault> {
        let family = family_of(other.kind)
            .ok_or_else(|| invalid("The rehearsal model is not an AI and takes no AI's place."))?;
        let address = other.base_url.as_deref();
        self.provider(
            tenant,
            (family, address),
            (&other.model, &other.model),
            &other.key,
        )
    }

    fn provider(
        &self,
        tenant: TenantId,
        (family, address): (Family, Option<&str>),
        (strong, fast): (&str, &str),
        key: &KeyPlace,
    ) -> Result<Arc<LateKey>, Fault> {
        let address = match (address, family) {
            (Some(address), _) => address,
            (None, Family::OpenAi) => return Err(invalid("The provider has no address.")),
            (None, family) => family.usual_address(),
        };
        let provider = LateKey::new(
            (tenant, key.clone()),
            ProviderSettings::new(family, family.name(), address, strong, fast),
            self.client.clone(),
            self.prices.clone(),
            self.keys.clone(),
        )?;
        Ok(Arc::new(provider))
    }
}

fn family_of(kind: ModelKind) -> Option<Family> {
    match kind {
        ModelKind::Rehearsal => None,
        ModelKind::OpenaiCompatible => Some(Family::OpenAi),
        ModelKind::Anthropic => Some(Family::Anthropic),
        ModelKind::Gemini => Some(Family::Gemini),
        ModelKind::Ollama => Some(Family::Ollama),
    }
}

const fn role_of(role: WireRole) -> ModelRole {
    match role {
        WireRole::Planner => ModelRole::Planner,
        WireRole::Worker => ModelRole::Worker,
        WireRole::Judge => ModelRole::Judge,
    }
}

fn invalid(message: &str) -> Fault {
    Fault::new(FaultClass::Permanent, "PROVIDER_INVALID", message)
}

/// What the settings file and the environment say, in the words of a choice in the console.
///
/// # Errors
/// When they name a provider that there is not, or no model of one.
pub(crate) fn from_settings(settings: &ModelSettings) -> Result<Wire> {
    let mut wire = Wire {
        kind: ModelKind::Rehearsal,
        base_url: None,
        models: std::collections::BTreeMap::new(),
        key: KeyPlace::None,
        others: std::collections::BTreeMap::new(),
        fallback: None,
    };
    if settings.provider == "rehearsal" {
        return Ok(wire);
    }
    let family = named_family("provider", &settings.provider)?;
    wire.kind = kind_of(family);
    wire.base_url = Some(address(&settings.base_url, family));
    wire.key = key_of(family, settings);
    for (role, name, default) in [
        (WireRole::Worker, &settings.fast, "gpt-5-mini"),
        (WireRole::Planner, &settings.strong, "gpt-5"),
        (WireRole::Judge, &settings.strong, "gpt-5"),
    ] {
        let model = match (name.is_empty(), family) {
            (false, _) => name.clone(),
            (true, Family::OpenAi) => default.to_owned(),
            (true, _) => bail!(
                "model.strong and model.fast name no model of {}; set both",
                family.name()
            ),
        };
        wire.models.insert(role, model);
    }
    for (role, word, other) in [
        (WireRole::Planner, "planner", &settings.planner),
        (WireRole::Worker, "worker", &settings.worker),
        (WireRole::Judge, "judge", &settings.judge),
    ] {
        if let Some(other) = other {
            wire.others.insert(role, other_of(word, other, settings)?);
        }
    }
    let fallback = settings.fallback.as_ref();
    wire.fallback = fallback
        .map(|other| other_of("fallback", other, settings))
        .transpose()?;
    Ok(wire)
}

fn other_of(word: &str, other: &OtherSettings, settings: &ModelSettings) -> Result<OtherModel> {
    let family = named_family(&format!("{word}.provider"), &other.provider)?;
    if other.model.is_empty() {
        bail!(
            "model.{word}.model is empty; name a model of {}",
            family.name()
        );
    }
    Ok(OtherModel {
        kind: kind_of(family),
        base_url: Some(address(&other.base_url, family)),
        model: other.model.clone(),
        key: key_of(family, settings),
    })
}

fn named_family(setting: &str, name: &str) -> Result<Family> {
    match Family::of(name) {
        Some(family) => Ok(family),
        None => bail!(
            "model.{setting} is '{name}'; it can be 'openai', 'anthropic', 'gemini' or 'ollama'{}",
            if setting == "provider" {
                ", or 'rehearsal'"
            } else {
                ""
            }
        ),
    }
}

const fn kind_of(family: Family) -> ModelKind {
    match family {
        Family::OpenAi => ModelKind::OpenaiCompatible,
        Family::Anthropic => ModelKind::Anthropic,
        Family::Gemini => ModelKind::Gemini,
        Family::Ollama => ModelKind::Ollama,
    }
}

fn address(set: &str, family: Family) -> String {
    if set.is_empty() {
        family.usual_address().to_owned()
    } else {
        set.to_owned()
    }
}

/// Its family's variable, when that is set; local servers often want no key.
fn key_of(family: Family, settings: &ModelSettings) -> KeyPlace {
    match family.key_variable() {
        Some(name) if settings.keys.contains_key(name) => KeyPlace::Environment {
            name: name.to_owned(),
        },
        _ => KeyPlace::None,
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    fn other(provider: &str, model: &str) -> Option<OtherSettings> {
        Some(OtherSettings {
            provider: provider.to_owned(),
            base_url: String::new(),
            model: model.to_owned(),
        })
    }

    #[test]
    fn settings_name_a_provider_for_each_role_and_one_that_stands_in() {
        let settings = ModelSettings {
            provider: "openai".to_owned(),
            planner: other("anthropic", "large"),
            fallback: other("ollama", "small"),
            keys: [(
                "ANTHROPIC_API_KEY".to_owned(),
                SecretString::from("not-a-key"),
            )]
            .into(),
            ..ModelSettings::default()
        };
        let wire = from_settings(&settings).unwrap();
        assert_eq!(
            serde_json::to_value(&wire).unwrap(),
            serde_json::json!({
                "kind": "openai-compatible", "base_url": "https://api.openai.com/v1",
                "models": {"planner": "gpt-5", "worker": "gpt-5-mini", "judge": "gpt-5"},
                "key": {"place": "none"},
                "others": {"planner": {
                    "kind": "anthropic", "base_url": "https://api.anthropic.com/v1", "model": "large",
                    "key": {"place": "environment", "name": "ANTHROPIC_API_KEY"},
                }},
                "fallback": {
                    "kind": "ollama", "base_url": "http://127.0.0.1:11434", "model": "small", "key": {"place": "none"},
                },
            })
        );
    }

    #[test]
    fn settings_that_name_nothing_say_so() {
        let said = |settings: ModelSettings| from_settings(&settings).unwrap_err().to_string();
        let of = |provider: &str| ModelSettings {
            provider: provider.to_owned(),
            ..ModelSettings::default()
        };
        assert!(said(of("claude")).contains("model.provider is 'claude'"));
        assert!(said(of("anthropic")).contains("set both"));
        let judged = ModelSettings {
            judge: other("rehearsal", "m"),
            ..of("openai")
        };
        assert!(said(judged).contains("model.judge.provider is 'rehearsal'"));
        let nameless = ModelSettings {
            fallback: other("ollama", ""),
            ..of("openai")
        };
        assert!(said(nameless).contains("model.fallback.model is empty"));
    }
}

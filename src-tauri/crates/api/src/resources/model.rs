//! The AI provider: what answers now, choosing another one, trying one out.

use axum::Json;
use chimera_contract::{
    connection::{ConnectionTest, KeyPlace, ModelConnection, ModelKind, ModelSettings, OtherModel},
    error::{request, work},
};
use chimera_domain::id::TenantId;
use chimera_door::{
    extract::Body,
    options::{MODEL_SETTING, ModelSwitch},
    problem::{Answer, Problem},
    signed::Desk,
    state::Api,
};
use chimera_ports::{
    model::{ChatModel, ModelRole},
    store::Store,
};
use chimera_wire::{
    ToWire,
    connection::{fallback, providers, roles},
};

use serde_json::json;
use url::Url;

use crate::naming::named;

/// Most characters of a model's or a key's name.
const MAX_NAME_CHARS: usize = 200;

/// Every role, in the order in which they are looked at.
pub(super) const ALL_ROLES: [ModelRole; 3] =
    [ModelRole::Planner, ModelRole::Worker, ModelRole::Judge];

/// What answers now, what was chosen, and what can be chosen.
#[utoipa::path(get, path = "/api/v1/connections/model", tag = "connections",
    responses((status = 200, body = ModelConnection)))]
pub(crate) async fn get_model(Desk { api, signed }: Desk) -> Answer<Json<ModelConnection>> {
    let settings = chosen(&api, signed.caller.tenant).await?;
    Ok(Json(connection(&api, settings)))
}

/// The provider that a person chose.
pub(crate) async fn chosen(api: &Api, tenant: TenantId) -> Answer<Option<ModelSettings>> {
    let store: &dyn Store = api.store().as_ref();
    let stored = store.setting(tenant, MODEL_SETTING).await?;
    stored
        .map(serde_json::from_value)
        .transpose()
        .map_err(|error| Problem::internal(&error))
}

/// Chooses an AI provider; it answers from the next question on.
#[utoipa::path(put, path = "/api/v1/connections/model", tag = "connections",
    request_body = ModelSettings, responses((status = 200, body = ModelConnection)))]
pub(crate) async fn put_model(
    Desk { api, signed }: Desk,
    Body(settings): Body<ModelSettings>,
) -> Answer<Json<ModelConnection>> {
    let who = &signed.caller;
    check(&settings)?;
    switch(&api)?
        .switch(who.tenant, &settings)
        .await
        .map_err(|fault| {
            Problem::saying(&work::MODEL_UNAVAILABLE, fault.message.clone())
                .with(json!({ "cause": fault.code }))
        })?;
    let value = serde_json::to_value(&settings).map_err(|error| Problem::internal(&error))?;
    let notes = api.notes(
        who,
        "model.choose",
        json!({ "settings": value }),
        "connections",
    );
    api.store()
        .put_setting(who.tenant, MODEL_SETTING, value, notes)
        .await?;
    api.announce();
    Ok(Json(connection(&api, Some(settings))))
}

/// Asks a provider one small question without switching to it. A provider that does not answer is an
/// answer, not a failure.
#[utoipa::path(post, path = "/api/v1/connections/model/test", tag = "connections",
    request_body = ModelSettings, responses((status = 200, body = ConnectionTest)))]
pub(crate) async fn test_model(
    Desk { api, signed }: Desk,
    Body(settings): Body<ModelSettings>,
) -> Answer<Json<ConnectionTest>> {
    check(&settings)?;
    let began = api.now();
    let tried = switch(&api)?
        .try_out(&api.runtime, signed.caller.tenant, &settings)
        .await;
    let took_ms = u64::try_from(api.now().since(began).to_std().as_millis()).unwrap_or(u64::MAX);
    Ok(Json(match tried {
        Ok(message) => ConnectionTest {
            ok: true,
            message,
            took_ms,
            problem: None,
        },
        Err(fault) => ConnectionTest {
            ok: false,
            message: "The provider gave no usable answer.".to_owned(),
            took_ms,
            problem: Some(fault.message),
        },
    }))
}

fn connection(api: &Api, settings: Option<ModelSettings>) -> ModelConnection {
    let model: &dyn ChatModel = api.runtime.model().as_ref();
    let of_role = |role| model.health(role).interruption;
    let standing_in = model.fallback(ModelRole::Worker).map(|standing_in| {
        let interruption = standing_in.health(ModelRole::Worker).interruption;
        fallback(standing_in.info(ModelRole::Worker), interruption)
    });
    ModelConnection {
        settings,
        roles: roles(|role| model.info(role)),
        fallback: standing_in,
        providers: providers(),
        interruption: ALL_ROLES.into_iter().find_map(of_role).wire(),
    }
}

fn switch(api: &Api) -> Answer<&dyn ModelSwitch> {
    api.options.models.as_deref().ok_or_else(|| {
        let message = "This installation takes its AI provider from the settings file; change it there. Nothing was changed.";
        Problem::saying(&request::UNAVAILABLE, message)
    })
}

fn check(settings: &ModelSettings) -> Answer<()> {
    for model in settings.models.values() {
        short("The model's name", model)?;
    }
    check_key(&settings.key)?;
    for other in settings.others.values().chain(&settings.fallback) {
        check_other(other)?;
    }
    if settings.kind == ModelKind::Rehearsal {
        if settings.base_url.is_some() {
            return refuse("The rehearsal model is built in and has no address.");
        }
        if !settings.others.is_empty() || settings.fallback.is_some() {
            return refuse(
                "With the rehearsal model everything is rehearsed: no other model answers beside it.",
            );
        }
        return Ok(());
    }
    check_address(settings.kind, settings.base_url.as_deref())?;
    if settings.models.is_empty() {
        return refuse("Name at least one model; a role without one takes the worker's.");
    }
    Ok(())
}

fn refuse(why: &str) -> Answer<()> {
    Err(Problem::invalid(format!("{why} Nothing was changed.")))
}

fn short(what: &'static str, text: &str) -> Answer<()> {
    named(what, text, MAX_NAME_CHARS)
        .map(|_| ())
        .map_err(|error| Problem::invalid(error.to_string()))
}

fn check_key(key: &KeyPlace) -> Answer<()> {
    match key {
        KeyPlace::None => Ok(()),
        KeyPlace::Keychain { name } | KeyPlace::Environment { name } => {
            short("The key's name", name)
        }
    }
}

fn check_other(other: &OtherModel) -> Answer<()> {
    if other.kind == ModelKind::Rehearsal {
        return refuse("The rehearsal model is not an AI and takes no AI's place.");
    }
    short("The model's name", &other.model)?;
    check_key(&other.key)?;
    check_address(other.kind, other.base_url.as_deref())
}

fn check_address(kind: ModelKind, address: Option<&str>) -> Answer<()> {
    let Some(address) = address else {
        return match kind {
            ModelKind::OpenaiCompatible => {
                refuse("A provider needs its address, for example https://api.openai.com/v1.")
            }
            _ => Ok(()),
        };
    };
    let fits = Url::parse(address).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.host().is_some()
            && url.username().is_empty()
            && url.password().is_none()
    });
    if fits {
        return Ok(());
    }
    refuse("The address must be http or https, with a host and without a name or password in it.")
}

#[cfg(test)]
mod tests {
    use chimera_contract::connection::ModelRole;

    use super::*;

    #[test]
    fn settings_are_whole_and_never_carry_a_secret_in_the_address() {
        let real = |address: &str| ModelSettings {
            kind: ModelKind::OpenaiCompatible,
            base_url: Some(address.to_owned()),
            models: [(ModelRole::Worker, "small".to_owned())].into(),
            key: KeyPlace::None,
            others: std::collections::BTreeMap::new(),
            fallback: None,
        };
        assert_eq!(check(&real("http://127.0.0.1:8080/v1")), Ok(()));
        for bad in [
            "",
            "api.openai.com",
            "file:///etc/passwd",
            "https://me:secret@api.example/v1",
        ] {
            assert!(check(&real(bad)).is_err(), "{bad}");
        }
        let nameless = ModelSettings {
            models: std::collections::BTreeMap::new(),
            ..real("https://api.example/v1")
        };
        assert!(check(&nameless).is_err());
        let rehearsal = ModelSettings {
            kind: ModelKind::Rehearsal,
            base_url: None,
            ..nameless
        };
        assert_eq!(check(&rehearsal), Ok(()));
        let other = |kind, model: &str, base_url: Option<&str>| OtherModel {
            kind,
            base_url: base_url.map(str::to_owned),
            model: model.to_owned(),
            key: KeyPlace::None,
        };
        for (one, fits) in [
            (other(ModelKind::Ollama, "small", None), true),
            (other(ModelKind::Anthropic, "large", None), true),
            (other(ModelKind::OpenaiCompatible, "large", None), false),
            (other(ModelKind::Gemini, " ", None), false),
            (other(ModelKind::Gemini, "m", Some("file:///x")), false),
            (other(ModelKind::Rehearsal, "m", None), false),
        ] {
            let planned = ModelSettings {
                others: [(ModelRole::Planner, one.clone())].into(),
                ..real("https://api.example/v1")
            };
            let standing_in = ModelSettings {
                fallback: Some(one.clone()),
                ..real("https://api.example/v1")
            };
            assert_eq!(check(&planned).is_ok(), fits, "{one:?}");
            assert_eq!(check(&standing_in).is_ok(), fits, "{one:?}");
            let rehearsed = ModelSettings {
                fallback: Some(one),
                ..rehearsal.clone()
            };
            assert!(check(&rehearsed).is_err());
        }
    }
}

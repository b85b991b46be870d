//! The AI provider: what answers now, choosing another one, trying one out.

use axum::Json;
use chimera_contract::{
    connection::{ConnectionTest, KeyPlace, ModelConnection, ModelKind, ModelSettings},
    error::{request, work},
};
use chimera_domain::{id::TenantId, text::bounded};
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
    connection::{providers, roles},
};
use serde_json::json;
use url::Url;

/// Most characters of a model's or a key's name.
const MAX_NAME_CHARS: usize = 200;

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
    ModelConnection {
        settings,
        roles: roles(|role| model.info(role)),
        providers: providers(),
        interruption: model.health(ModelRole::Worker).interruption.wire(),
    }
}

fn switch(api: &Api) -> Answer<&dyn ModelSwitch> {
    api.options.models.as_deref().ok_or_else(|| {
        let message = "This installation takes its AI provider from the settings file; change it there. Nothing was changed.";
        Problem::saying(&request::UNAVAILABLE, message)
    })
}

fn check(settings: &ModelSettings) -> Answer<()> {
    let refuse = |why: &str| Err(Problem::invalid(format!("{why} Nothing was changed.")));
    let short = |what: &'static str, text: &str| {
        bounded(what, text, 1, MAX_NAME_CHARS)
            .map(|_| ())
            .map_err(|error| Problem::invalid(error.to_string()))
    };
    for model in settings.models.values() {
        short("The model's name", model)?;
    }
    if let KeyPlace::Keychain { name } | KeyPlace::Environment { name } = &settings.key {
        short("The key's name", name)?;
    }
    match (settings.kind, settings.base_url.as_deref()) {
        (ModelKind::Rehearsal, None) => Ok(()),
        (ModelKind::Rehearsal, Some(_)) => {
            refuse("The rehearsal model is built in and has no address.")
        }
        (ModelKind::OpenaiCompatible, None) => {
            refuse("A provider needs its address, for example https://api.openai.com/v1.")
        }
        (ModelKind::OpenaiCompatible, Some(address)) => {
            let fits = Url::parse(address).is_ok_and(|url| {
                matches!(url.scheme(), "http" | "https")
                    && url.host().is_some()
                    && url.username().is_empty()
                    && url.password().is_none()
            });
            if !fits {
                return refuse(
                    "The address must be http or https, with a host and without a name or password in it.",
                );
            }
            if settings.models.is_empty() {
                return refuse("Name at least one model; a role without one takes the worker's.");
            }
            Ok(())
        }
    }
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
    }
}

//! What stands in for a chosen provider that cannot be used: it answers nothing, and says why.
//!
//! Never here: a model that answers in another's place.

use async_trait::async_trait;
use chimera_domain::{
    change::{Alert, Change},
    event::{Event, Fact},
    fault::{Fault, FaultClass},
    id::{AlertId, TenantId},
    role::Actor,
};
use chimera_ports::{
    error::PortError,
    model::{
        ChatModel, ChatReply, ChatRequest, DeltaSink, ModelError, ModelHealth, ModelInfo,
        ModelRole, Refused,
    },
    page::PageRequest,
};
use chimera_runtime::Runtime;

/// Newest alerts among which the same one is looked for, so that each start does not raise another.
const ALERTS_LOOKED_AT: u32 = 200;

/// Refuses every question for good, with the cause and what to do.
pub(crate) struct RefusingModel(Fault);

impl RefusingModel {
    pub(crate) fn because(cause: &str) -> Self {
        let message = format!(
            "The AI provider that was chosen cannot be used: {cause} No model is asked anything; choose the provider again under Connections."
        );
        Self(Fault::new(
            FaultClass::Permanent,
            "PROVIDER_INVALID",
            message,
        ))
    }

    pub(crate) const fn fault(&self) -> &Fault {
        &self.0
    }
}

#[async_trait]
impl ChatModel for RefusingModel {
    async fn chat(
        &self,
        _: &ChatRequest,
        _: Option<DeltaSink<'_>>,
    ) -> Result<ChatReply, ModelError> {
        Err(ModelError::unsent(self.0.clone()))
    }

    fn health(&self, _: ModelRole) -> ModelHealth {
        ModelHealth {
            interruption: None,
            refusal: Some(Refused {
                fault: self.0.clone(),
                since: None,
            }),
        }
    }

    fn info(&self, _: ModelRole) -> ModelInfo {
        ModelInfo {
            provider: "none".to_owned(),
            model: "unusable".to_owned(),
            rehearsal: false,
            rate: None,
        }
    }
}

/// Tells people that the chosen provider answers nothing, unless they were told and did not look yet.
pub(crate) async fn alert(runtime: &Runtime, tenant: TenantId, fault: &Fault) {
    let title = "The AI provider cannot be used";
    if let Err(error) = raise(runtime, tenant, fault, title).await {
        tracing::error!(%error, "people could not be told that the chosen AI provider cannot be used");
    }
}

/// Raises an alert, unless the same one waits for somebody to look at it.
pub(crate) async fn raise(
    runtime: &Runtime,
    tenant: TenantId,
    fault: &Fault,
    title: &str,
) -> Result<(), PortError> {
    let store = runtime.store();
    let newest = store
        .alerts(tenant, PageRequest::first(ALERTS_LOOKED_AT))
        .await?;
    let is_known = |alert: &Alert| {
        alert.code == fault.code && alert.title == title && alert.acknowledged_at.is_none()
    };
    if newest.items.iter().any(is_known) {
        return Ok(());
    }
    let at = runtime.clock().now();
    let alert = Alert {
        id: AlertId::from_uuid(runtime.ids().uuid()),
        tenant,
        code: fault.code.clone(),
        title: title.to_owned(),
        detail: fault.message.clone(),
        campaign: None,
        task: None,
        created_at: at,
        acknowledged_at: None,
    };
    let event = Event {
        seq: 0,
        tenant,
        actor: Actor::system("models"),
        at,
        fact: Fact::AlertRaised {
            alert: alert.id,
            code: alert.code.clone(),
            title: alert.title.clone(),
        },
    };
    let changes = vec![Change::Alert(alert), Change::Event(event)];
    store.append(tenant, changes).await.map(drop)
}

#[cfg(test)]
mod tests {
    use chimera_door::options::MODEL_SETTING;
    use chimera_ports::model::Counted;
    use serde_json::json;

    use super::*;
    use crate::{Chimera, KeychainSetting, Settings};

    async fn opened(folder: &std::path::Path) -> Chimera {
        let settings = Settings {
            data_dir: folder.to_owned(),
            keychain: KeychainSetting::None,
            ..Settings::default()
        };
        Chimera::open(settings).await.unwrap()
    }

    async fn asked(chimera: &Chimera) -> (bool, Result<ChatReply, ModelError>) {
        let request = ChatRequest {
            role: ModelRole::Worker,
            system: String::new(),
            turns: Vec::new(),
            tools: Counted::default(),
            answer_schema: None,
            facts: None,
            max_output_tokens: 16,
        };
        let model = chimera.runtime().model();
        let reply = model.chat(&request, None).await;
        (model.info(ModelRole::Worker).rehearsal, reply)
    }

    #[tokio::test]
    async fn a_stored_provider_that_cannot_be_used_is_replaced_by_no_other_and_people_are_told() {
        for (stored, cause) in [
            (json!({ "kind": "telepathy" }), "telepathy"),
            (
                json!({ "kind": "openai-compatible", "models": { "worker": "m" } }),
                "no address",
            ),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let first = opened(folder.path()).await;
            let tenant = first.tenant();
            let store = first.runtime().store();
            store
                .put_setting(tenant, MODEL_SETTING, stored, Vec::new())
                .await
                .unwrap();
            first.shut_down().await;
            drop(first);
            // Twice: people are told once while nobody looked.
            for _ in 0..2 {
                let again = opened(folder.path()).await;
                let (rehearsal, reply) = asked(&again).await;
                let fault = reply.unwrap_err().fault;
                assert!(!rehearsal, "the rehearsal model answers in its place");
                assert_eq!(
                    (fault.code.as_str(), fault.class),
                    ("PROVIDER_INVALID", FaultClass::Permanent)
                );
                assert!(
                    fault.message.contains(cause) && fault.message.contains("Connections"),
                    "{}",
                    fault.message
                );
                let alerts = again
                    .runtime()
                    .store()
                    .alerts(tenant, PageRequest::first(10))
                    .await
                    .unwrap();
                let told: Vec<_> = alerts
                    .items
                    .iter()
                    .map(|alert| (alert.code.as_str(), alert.detail.as_str()))
                    .collect();
                assert_eq!(told, [("PROVIDER_INVALID", fault.message.as_str())]);
                again.shut_down().await;
            }
        }
    }
}

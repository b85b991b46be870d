//! Which model answers to which role (COG-12), changeable while the program runs.
//!
//! Never here: a provider's wire format, or a stand-in that nobody chose.

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use chimera_ports::model::{
    ChatModel, ChatReply, ChatRequest, DeltaSink, ModelError, ModelHealth, ModelInfo, ModelRole,
};

/// One model for each role.
#[derive(Clone)]
pub struct Routes {
    planner: Arc<dyn ChatModel>,
    worker: Arc<dyn ChatModel>,
    judge: Arc<dyn ChatModel>,
    fallback: Option<Arc<dyn ChatModel>>,
}

impl Routes {
    /// The same model for every role; a provider with a strong and a fast model tells them apart itself.
    #[must_use]
    pub fn all(model: Arc<dyn ChatModel>) -> Self {
        Self {
            planner: Arc::clone(&model),
            worker: Arc::clone(&model),
            judge: model,
            fallback: None,
        }
    }

    /// The same with a model that answers to every role whose own is left alone or fails for a moment (COG-18).
    #[must_use]
    pub fn with_fallback(mut self, model: Arc<dyn ChatModel>) -> Self {
        self.fallback = Some(model);
        self
    }

    /// The same with another model for one role.
    #[must_use]
    pub fn with(mut self, role: ModelRole, model: Arc<dyn ChatModel>) -> Self {
        match role {
            ModelRole::Planner => self.planner = model,
            ModelRole::Worker => self.worker = model,
            ModelRole::Judge => self.judge = model,
        }
        self
    }

    fn of(&self, role: ModelRole) -> &Arc<dyn ChatModel> {
        match role {
            ModelRole::Planner => &self.planner,
            ModelRole::Worker => &self.worker,
            ModelRole::Judge => &self.judge,
        }
    }
}

impl std::fmt::Debug for Routes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = |role| {
            let info = self.of(role).info(role);
            format!("{}/{}", info.provider, info.model)
        };
        f.debug_struct("Routes")
            .field("planner", &name(ModelRole::Planner))
            .field("worker", &name(ModelRole::Worker))
            .field("judge", &name(ModelRole::Judge))
            .finish()
    }
}

/// Sends each request to the model of its role.
#[derive(Debug)]
pub struct Router {
    routes: RwLock<Routes>,
}

impl Router {
    /// A router over these routes.
    #[must_use]
    pub fn new(routes: Routes) -> Self {
        Self {
            routes: RwLock::new(routes),
        }
    }

    /// Changes the routes. Calls that are under way end with the model that they began with.
    pub fn replace(&self, routes: Routes) {
        // A poisoned lock holds whole routes all the same: they are replaced, never edited.
        *self.routes.write().unwrap_or_else(PoisonError::into_inner) = routes;
    }

    fn model(&self, role: ModelRole) -> Arc<dyn ChatModel> {
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(routes.of(role))
    }
}

#[async_trait]
impl ChatModel for Router {
    async fn chat(
        &self,
        request: &ChatRequest,
        deltas: Option<DeltaSink<'_>>,
    ) -> Result<ChatReply, ModelError> {
        self.model(request.role).chat(request, deltas).await
    }

    fn info(&self, role: ModelRole) -> ModelInfo {
        self.model(role).info(role)
    }

    fn health(&self, role: ModelRole) -> ModelHealth {
        self.model(role).health(role)
    }

    fn fallback(&self, _: ModelRole) -> Option<Arc<dyn ChatModel>> {
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        routes.fallback.clone()
    }

    fn behind(&self, role: ModelRole) -> Option<Arc<dyn ChatModel>> {
        let model = self.model(role);
        let inner = model.behind(role);
        Some(inner.unwrap_or(model))
    }
}

#[cfg(test)]
mod tests {
    use chimera_ports::model::{Counted, FinishReason, TokenUsage};

    use super::*;

    /// Says its own name.
    struct Named(&'static str);

    #[async_trait]
    impl ChatModel for Named {
        async fn chat(
            &self,
            request: &ChatRequest,
            _: Option<DeltaSink<'_>>,
        ) -> Result<ChatReply, ModelError> {
            Ok(ChatReply {
                text: format!("{} for {:?}", self.0, request.role),
                tool_calls: vec![],
                finish: FinishReason::Stop,
                usage: TokenUsage::default(),
                model: self.0.to_owned(),
                rehearsal: false,
            })
        }
        fn info(&self, _: ModelRole) -> ModelInfo {
            ModelInfo {
                provider: "test".to_owned(),
                model: self.0.to_owned(),
                rehearsal: false,
                rate: None,
            }
        }
    }

    async fn said(router: &Router, role: ModelRole) -> (String, String) {
        let request = ChatRequest {
            role,
            system: String::new(),
            turns: vec![],
            tools: Counted::default(),
            answer_schema: None,
            facts: None,
            max_output_tokens: 10,
        };
        let reply = router.chat(&request, None).await.unwrap();
        (reply.text, router.info(role).model)
    }

    #[tokio::test]
    async fn each_role_has_its_route_and_routes_change_while_running() {
        let router = Router::new(
            Routes::all(Arc::new(Named("one"))).with(ModelRole::Judge, Arc::new(Named("strict"))),
        );
        assert_eq!(
            said(&router, ModelRole::Judge).await,
            ("strict for Judge".to_owned(), "strict".to_owned())
        );
        for role in [ModelRole::Planner, ModelRole::Worker] {
            assert_eq!(
                said(&router, role).await,
                (format!("one for {role:?}"), "one".to_owned())
            );
        }
        let taken = router.behind(ModelRole::Judge).unwrap();
        router.replace(Routes::all(Arc::new(Named("two"))));
        assert_eq!(said(&router, ModelRole::Judge).await.1, "two");
        assert!(router.fallback(ModelRole::Judge).is_none());
        router.replace(Routes::all(Arc::new(Named("two"))).with_fallback(Arc::new(Named("three"))));
        let stand_in = router.fallback(ModelRole::Judge).unwrap();
        assert_eq!(stand_in.info(ModelRole::Judge).model, "three");
        assert_eq!(
            taken.info(ModelRole::Judge).model,
            "strict",
            "who took it before keeps it"
        );
    }
}

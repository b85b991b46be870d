//! A model and a tool host that are recorded while they answer.
//!
//! Never here: changing a question or an answer.

use std::sync::Arc;

use async_trait::async_trait;
use chimera_domain::{
    action::{Grant, ToolRef},
    id::{EffectId, TenantId},
};
use chimera_ports::{
    model::{
        ChatModel, ChatReply, ChatRequest, DeltaSink, ModelError, ModelHealth, ModelInfo, ModelRole,
    },
    tools::{
        Fits, Need, ProgressEar, ResourceReply, ServerStatus, ToolError, ToolHost, ToolInfo,
        ToolReply, ToolRequest,
    },
};
use serde_json::{Value, json};

use crate::{line::Line, recorder::Recorder};

/// A model whose answers are recorded.
pub struct ListeningModel {
    model: Arc<dyn ChatModel>,
    recorder: Arc<Recorder>,
}

impl ListeningModel {
    /// Listens to `model`.
    #[must_use]
    pub fn new(model: Arc<dyn ChatModel>, recorder: Arc<Recorder>) -> Self {
        Self { model, recorder }
    }

    fn around(&self, model: Arc<dyn ChatModel>) -> Arc<dyn ChatModel> {
        Arc::new(Self::new(model, self.recorder.clone()))
    }
}

#[async_trait]
impl ChatModel for ListeningModel {
    async fn chat(
        &self,
        request: &ChatRequest,
        deltas: Option<DeltaSink<'_>>,
    ) -> Result<ChatReply, ModelError> {
        let answer = self.model.chat(request, deltas).await;
        let told = match &answer {
            Ok(reply) => json!({ "reply": reply }),
            Err(error) => json!({ "fault": error.fault }),
        };
        self.recorder.record(&Line::Answered {
            ask: request.facts.as_ref().map_or("", |ask| ask.word()).to_owned(),
            question: json!({
                "role": request.role, "system": request.system, "turns": request.turns, "tools": request.tools,
            }),
            answer: told,
        });
        answer
    }

    fn info(&self, role: ModelRole) -> ModelInfo {
        self.model.info(role)
    }

    // What is asked is what is listened to, whichever is taken.
    fn behind(&self, role: ModelRole) -> Option<Arc<dyn ChatModel>> {
        Some(self.around(self.model.behind(role)?))
    }

    fn fallback(&self, role: ModelRole) -> Option<Arc<dyn ChatModel>> {
        Some(self.around(self.model.fallback(role)?))
    }

    fn health(&self, role: ModelRole) -> ModelHealth {
        self.model.health(role)
    }
}

/// A tool host whose calls are recorded.
pub struct ListeningTools {
    tools: Arc<dyn ToolHost>,
    recorder: Arc<Recorder>,
}

impl ListeningTools {
    /// Listens to `tools`.
    #[must_use]
    pub fn new(tools: Arc<dyn ToolHost>, recorder: Arc<Recorder>) -> Self {
        Self { tools, recorder }
    }

    fn heard(
        &self,
        (tool, arguments): (String, Value),
        acts: bool,
        result: &Result<ToolReply, ToolError>,
    ) {
        let result = match result {
            Ok(reply) => json!({ "content": reply.content, "is_error": reply.is_error }),
            Err(error) => json!({ "fault": error.fault }),
        };
        self.recorder.record(&Line::Called {
            tool,
            acts,
            arguments,
            result,
        });
    }
}

fn named(request: &ToolRequest) -> (String, Value) {
    let tool = format!("{}.{}", request.tool.server, request.tool.tool);
    (tool, request.arguments.clone())
}

#[async_trait]
impl ToolHost for ListeningTools {
    fn tell_progress(&self, ear: Arc<dyn ProgressEar>) {
        self.tools.tell_progress(ear);
    }

    async fn tools(&self, tenant: TenantId) -> Result<Vec<ToolInfo>, ToolError> {
        self.tools.tools(tenant).await
    }

    async fn fitting(&self, tenant: TenantId, need: Need<'_>, most: usize) -> Fits {
        self.tools.fitting(tenant, need, most).await
    }

    async fn read(&self, request: ToolRequest) -> Result<ToolReply, ToolError> {
        let asked = named(&request);
        let result = self.tools.read(request).await;
        self.heard(asked, false, &result);
        result
    }

    async fn perform(&self, request: ToolRequest, grant: &Grant) -> Result<ToolReply, ToolError> {
        let asked = named(&request);
        let result = self.tools.perform(request, grant).await;
        self.heard(asked, true, &result);
        result
    }

    fn is_asking(&self, effect: EffectId) -> bool {
        self.tools.is_asking(effect)
    }

    async fn asks_by_key(&self, tenant: TenantId, tool: &ToolRef) -> bool {
        self.tools.asks_by_key(tenant, tool).await
    }

    async fn resource(
        &self,
        tenant: TenantId,
        server: &str,
        uri: &str,
    ) -> Result<ResourceReply, ToolError> {
        self.tools.resource(tenant, server, uri).await
    }

    async fn servers(&self, tenant: TenantId) -> Vec<ServerStatus> {
        self.tools.servers(tenant).await
    }

    async fn probe(&self, tenant: TenantId, server: &str) -> Result<ServerStatus, ToolError> {
        self.tools.probe(tenant, server).await
    }
}

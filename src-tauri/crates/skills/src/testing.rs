//! A host of scripted tools that counts what is asked of it, for this crate's tests.
//!
//! Never here: anything that ships.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use chimera_domain::{
    action::{EffectClass, Grant, ToolRef},
    artifact::Origin,
    digest::Digest,
    fault::{Fault, FaultClass},
    id::{AgentId, CampaignId, EffectId, TaskId, TenantId},
    time::Timestamp,
    trace::{SpanId, TraceContext, TraceId},
};
use chimera_ports::{
    clock::Clock,
    tools::{
        Fits, Need, Outcome, ResourceReply, ServerStatus, ToolError, ToolHost, ToolInfo, ToolReply,
        ToolRequest,
    },
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::context::{DEFAULT_TOOL_TIMEOUT, SkillContext};

/// The time in every test.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_770_287_400);

pub(crate) struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        NOW
    }
}

/// What a scripted tool does.
#[derive(Clone)]
pub(crate) enum Scripted {
    Content(Value),
    Failed(Value),
    Broken(FaultClass, &'static str),
}

/// A host whose tools answer by script. The key is the tool, or the tool and its `url` argument.
#[derive(Default)]
pub(crate) struct FakeHost {
    pub(crate) catalogue: Vec<ToolInfo>,
    pub(crate) script: BTreeMap<String, Scripted>,
    pub(crate) is_down: bool,
    pub(crate) reads: Mutex<Vec<ToolRequest>>,
    pub(crate) performed: Mutex<usize>,
}

impl FakeHost {
    pub(crate) fn with_tool(mut self, name: &str, effect: EffectClass) -> Self {
        self.catalogue
            .push(tool(name, effect, json!({"type": "object"})));
        self
    }

    pub(crate) fn answering(mut self, key: &str, answer: Scripted) -> Self {
        self.script.insert(key.to_owned(), answer);
        self
    }

    pub(crate) fn calls(&self) -> usize {
        self.reads.lock().unwrap().len() + *self.performed.lock().unwrap()
    }
}

pub(crate) fn tool(name: &str, effect: EffectClass, input_schema: Value) -> ToolInfo {
    let (server, tool) = name.split_once('.').unwrap();
    ToolInfo {
        tool: ToolRef {
            server: server.into(),
            tool: tool.into(),
        },
        description: format!("{name} of a test"),
        schema_hash: Digest::of("chimera.test.v1", &input_schema).unwrap(),
        input_schema,
        output_schema: None,
        effect,
    }
}

fn error(class: FaultClass, code: &str) -> ToolError {
    ToolError {
        fault: Fault::new(class, code, "scripted"),
        outcome: Outcome::NotPerformed,
    }
}

#[async_trait]
impl ToolHost for FakeHost {
    async fn tools(&self, _: TenantId) -> Result<Vec<ToolInfo>, ToolError> {
        if self.is_down {
            return Err(error(FaultClass::Transient, "MCP_SERVER_DOWN"));
        }
        Ok(self.catalogue.clone())
    }

    async fn fitting(&self, _: TenantId, _: Need<'_>, _: usize) -> Fits {
        Fits::none()
    }

    async fn read(&self, request: ToolRequest) -> Result<ToolReply, ToolError> {
        let tool = request.tool.to_string();
        let url = request.arguments.get("url").and_then(Value::as_str);
        let with_url = format!("{tool} {}", url.unwrap_or_default());
        let answer = self
            .script
            .get(&with_url)
            .or_else(|| self.script.get(&tool))
            .cloned();
        self.reads.lock().unwrap().push(request);
        let (content, is_error) = match answer {
            Some(Scripted::Content(content)) => (content, false),
            Some(Scripted::Failed(content)) => (content, true),
            Some(Scripted::Broken(class, code)) => return Err(error(class, code)),
            None => return Err(error(FaultClass::Validation, "TOOL_UNKNOWN")),
        };
        Ok(ToolReply {
            served_by: None,
            content,
            is_error,
            origin: Origin::Tool { tool },
        })
    }

    async fn perform(&self, _: ToolRequest, _: &Grant) -> Result<ToolReply, ToolError> {
        *self.performed.lock().unwrap() += 1;
        Err(error(FaultClass::Permanent, "A_SKILL_PERFORMED"))
    }

    fn is_asking(&self, _: EffectId) -> bool {
        false
    }

    async fn asks_by_key(&self, _: TenantId, _: &ToolRef) -> bool {
        false
    }

    async fn resource(&self, _: TenantId, _: &str, _: &str) -> Result<ResourceReply, ToolError> {
        Err(error(FaultClass::Permanent, "MCP_RESOURCE_UNKNOWN"))
    }

    async fn servers(&self, _: TenantId) -> Vec<ServerStatus> {
        Vec::new()
    }

    async fn probe(&self, _: TenantId, _: &str) -> Result<ServerStatus, ToolError> {
        Err(error(FaultClass::Permanent, "MCP_SERVER_UNKNOWN"))
    }
}

/// A context over `host`; its ids are 1, 2, 3 and 4.
pub(crate) fn context(host: &Arc<FakeHost>) -> SkillContext {
    let id = Uuid::from_u128;
    SkillContext {
        tenant: TenantId::from_uuid(id(1)),
        agent: AgentId::from_uuid(id(2)),
        campaign: CampaignId::from_uuid(id(3)),
        task: TaskId::from_uuid(id(4)),
        trace: TraceContext {
            trace: TraceId::from_bits(5),
            span: SpanId::from_bits(6),
        },
        tools: Arc::clone(host) as Arc<dyn ToolHost>,
        clock: Arc::new(FixedClock),
        feeds: vec!["https://example.com/feed".into()],
        account: None,
        tool_timeout: DEFAULT_TOOL_TIMEOUT,
    }
}

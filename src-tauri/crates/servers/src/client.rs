//! A client for the tests of every server: speaks real MCP over an in-memory pipe.
//!
//! Never here: anything that ships.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chimera_domain::{
    artifact::Origin,
    fault::Fault,
    id::{AgentId, TenantId},
    time::Timestamp,
};
use chimera_ports::clock::Clock;
use rmcp::{
    RoleClient, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, ProtocolVersion, ReadResourceRequestParams,
        ReadResourceResponse, RequestMetaObject, RequestParamsMeta, ResourceContents, Tool,
    },
    service::{ClientLifecycleMode, ClientServiceExt, RunningService},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{META_AGENT, META_INTENT_KEY, META_TENANT, META_WORDS_OF};

/// A clock that stands still until it is moved.
pub(crate) struct StoodClock(AtomicI64);

impl StoodClock {
    pub(crate) fn at(time: &str) -> Arc<Self> {
        let time: Timestamp = time.parse().unwrap();
        Arc::new(Self(AtomicI64::new(time.micros())))
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }
}

impl Clock for StoodClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::Relaxed))
    }
}

pub(crate) fn tenant(number: u128) -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(number))
}

/// A connected client that calls for tenant 1 unless told otherwise.
pub(crate) struct Client {
    service: RunningService<RoleClient, ()>,
    tenant: Option<TenantId>,
    agent: Option<AgentId>,
    words_of: Option<Origin>,
}

impl Client {
    pub(crate) async fn of(server: impl ServerHandler) -> Self {
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        tokio::spawn(crate::serve(server, theirs));
        let mode = ClientLifecycleMode::Discover {
            preferred_versions: vec![ProtocolVersion::LATEST],
        };
        Self {
            service: ().serve_with_lifecycle(ours, mode).await.unwrap(),
            tenant: Some(tenant(1)),
            agent: None,
            words_of: None,
        }
    }

    /// The same connection, calling for one of the tenant's agents with words of that origin.
    pub(crate) fn for_agent(self, agent: AgentId, words_of: Option<Origin>) -> Self {
        Self {
            agent: Some(agent),
            words_of,
            ..self
        }
    }

    /// The same connection, calling for somebody else.
    pub(crate) fn calling_for(self, tenant: Option<TenantId>) -> Self {
        Self { tenant, ..self }
    }

    pub(crate) async fn tools(&self) -> Vec<Tool> {
        self.service.list_all_tools().await.unwrap()
    }

    /// Calls a tool; a tool's own error comes back as the fault that it is.
    pub(crate) async fn call(&self, tool: &str, arguments: Value) -> Result<Value, Fault> {
        self.intend(tool, arguments, None).await
    }

    /// Calls a tool with an intent key.
    pub(crate) async fn intend(
        &self,
        tool: &str,
        arguments: Value,
        intent_key: Option<&str>,
    ) -> Result<Value, Fault> {
        let Value::Object(arguments) = arguments else {
            panic!("arguments are an object")
        };
        let mut request = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
        let mut meta = RequestMetaObject::new();
        if let Some(tenant) = self.tenant {
            meta.insert(META_TENANT.into(), tenant.to_string().into());
        }
        if let Some(agent) = self.agent {
            meta.insert(META_AGENT.into(), agent.to_string().into());
        }
        if let Some(origin) = &self.words_of {
            let origin = serde_json::to_value(origin).unwrap();
            meta.insert(META_WORDS_OF.into(), origin);
        }
        if let Some(key) = intent_key {
            meta.insert(META_INTENT_KEY.into(), key.into());
        }
        request.set_meta(meta);
        let response = self.service.peer().call_tool_once(request).await.unwrap();
        let CallToolResponse::Complete(result) = response else {
            panic!("{response:?}")
        };
        let content = result.structured_content.unwrap();
        if result.is_error == Some(true) {
            return Err(serde_json::from_value(content).unwrap());
        }
        Ok(content)
    }

    /// Reads a resource as JSON, or tells the protocol's error.
    pub(crate) async fn resource(&self, uri: &str) -> Result<Value, String> {
        let mut request = ReadResourceRequestParams::new(uri);
        let mut meta = RequestMetaObject::new();
        if let Some(tenant) = self.tenant {
            meta.insert(META_TENANT.into(), tenant.to_string().into());
        }
        request.set_meta(meta);
        match self.service.peer().read_resource_once(request).await {
            Ok(ReadResourceResponse::Complete(result)) => {
                let Some(ResourceContents::TextResourceContents { text, .. }) =
                    result.contents.first()
                else {
                    panic!("{result:?}")
                };
                Ok(serde_json::from_str(text).unwrap())
            }
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error.to_string()),
        }
    }
}

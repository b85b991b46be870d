//! Everything that a run of a skill is handed.
//!
//! Never here: what it makes of it.

use std::{sync::Arc, time::Duration};

use chimera_domain::{
    action::ToolRef,
    id::{AgentId, CampaignId, TaskId, TenantId},
    trace::TraceContext,
};
use chimera_ports::{
    clock::Clock,
    tools::{ToolHost, ToolRequest},
};
use serde_json::Value;

/// How long one tool call of a skill may take, unless the caller says otherwise.
pub const DEFAULT_TOOL_TIMEOUT: Duration = Duration::from_secs(30);

/// For whom, for what and with what a skill runs.
#[derive(Clone)]
pub struct SkillContext {
    /// For whom.
    pub tenant: TenantId,
    /// In whose name.
    pub agent: AgentId,
    /// The campaign that it serves.
    pub campaign: CampaignId,
    /// The task that it fulfils.
    pub task: TaskId,
    /// Where its calls hang in the trace.
    pub trace: TraceContext,
    /// MCP servers. A skill only ever calls `tools` and `read`.
    pub tools: Arc<dyn ToolHost>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The campaign's feeds, as the feed tool takes them; read where the input names none.
    pub feeds: Vec<String>,
    /// Account on the network, where the connection names one; the agent's id stands in.
    pub account: Option<String>,
    /// How long one tool call may take.
    pub tool_timeout: Duration,
}

impl SkillContext {
    /// A call of `tool` on this run's behalf.
    pub(crate) fn request(&self, tool: ToolRef, arguments: Value) -> ToolRequest {
        ToolRequest {
            tenant: self.tenant,
            agent: None,
            words_of: None,
            tool,
            arguments,
            trace: self.trace,
            timeout: self.tool_timeout,
        }
    }
}

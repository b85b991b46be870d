//! Tools and resources of MCP servers, with the line between reading and acting.
//!
//! Never here: the protocol, or a server.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chimera_domain::{
    action::{EffectClass, Grant, ToolRef},
    artifact::Origin,
    breaker::Interruption,
    fault::Fault,
    id::{AgentId, EffectId, TenantId},
    trace::TraceContext,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::memory::FoundBy;

/// A tool as the host knows it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ToolInfo {
    /// Server and name.
    pub tool: ToolRef,
    /// What it does, in the server's words. Untrusted text.
    pub description: String,
    /// JSON Schema of the arguments.
    pub input_schema: Value,
    /// JSON Schema of the structured result, when the server gives one.
    pub output_schema: Option<Value>,
    /// Digest over name, description and schemas.
    pub schema_hash: chimera_domain::digest::Digest,
    /// What calling it does, by the word of Chimera's registry.
    pub effect: EffectClass,
}

/// A tool that fits a task, and why.
#[derive(Clone, PartialEq, Debug)]
pub struct Fitting {
    /// The tool.
    pub tool: ToolInfo,
    /// How well, beside the others of the same answer; greater is better.
    pub score: f64,
    /// The task's words by which it was found, as they are compared.
    pub words: Vec<String>,
}

/// What fits a task.
#[derive(Clone, PartialEq, Debug)]
pub struct Fits {
    /// The tools, best first.
    pub tools: Vec<Fitting>,
    /// Among how many they were found.
    pub among: usize,
    /// How.
    pub by: FoundBy,
    /// Why they were not found by meaning, where that was meant.
    pub problem: Option<Fault>,
}

impl Fits {
    /// No tool, among none.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            tools: Vec::new(),
            among: 0,
            by: FoundBy::Words,
            problem: None,
        }
    }
}

/// A call of a tool.
#[derive(Clone, PartialEq, Debug)]
pub struct ToolRequest {
    /// For whom.
    pub tenant: TenantId,
    /// For which of its agents, where it is for one. Only our own servers are told.
    pub agent: Option<AgentId>,
    /// Whose words the arguments carry, where the caller can answer for that. Only our own servers are told; one that
    /// is not told takes them for a stranger's.
    pub words_of: Option<Origin>,
    /// Which tool.
    pub tool: ToolRef,
    /// Arguments; validated against the schema before anything is sent.
    pub arguments: Value,
    /// Where in the trace.
    pub trace: TraceContext,
    /// How long it may take.
    pub timeout: Duration,
}

/// What a tool returned.
#[derive(Clone, PartialEq, Debug)]
pub struct ToolReply {
    /// Structured content, or `{"text": …}` where the server gave text only.
    pub content: Value,
    /// The tool's own word that it failed.
    pub is_error: bool,
    /// Where the content comes from, for taint: a tool, or somebody outside.
    pub origin: Origin,
    /// The server that answered, where it is another one of its group than was asked.
    pub served_by: Option<String>,
}

/// Whether the far side may have acted although there is no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It certainly did not act.
    NotPerformed,
    /// Nobody knows: the request was sent and no answer came.
    Unknown,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct ToolError {
    /// Code, class and words.
    pub fault: Fault,
    /// Whether it may have acted.
    pub outcome: Outcome,
}

/// What a resource holds.
#[derive(Clone, PartialEq, Debug)]
pub struct ResourceReply {
    /// MIME type, when the server tells.
    pub mime_type: Option<String>,
    /// Text; binary resources are refused.
    pub text: String,
    /// Where it comes from, for taint.
    pub origin: Origin,
}

/// Hears how far calls are while they are under way, by their servers' word. Untrusted, and never waited for.
pub trait ProgressEar: Send + Sync {
    /// A call of `tenant` that stands at `at` in its trace is so far.
    fn told(&self, tenant: TenantId, at: TraceContext, progress: &Progress);
}

/// What tools are looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Need<'a> {
    /// What is to be done, in words.
    pub step: &'a str,
    /// What it is part of. Its words count less, for most of them are of the campaign and not of the step.
    pub within: &'a str,
}

impl<'a> Need<'a> {
    /// Nothing but this.
    #[must_use]
    pub const fn step(step: &'a str) -> Self {
        Self { step, within: "" }
    }
}

/// The host of MCP servers.
#[async_trait]
pub trait ToolHost: Send + Sync {
    /// Tells `ear` from now on how far calls are. There is one ear: a later one is not told.
    fn tell_progress(&self, _ear: Arc<dyn ProgressEar>) {}

    /// Every tool that `tenant` may see.
    ///
    /// # Errors
    /// When no server could be asked at all; a single dead server leaves its tools out.
    async fn tools(&self, tenant: TenantId) -> Result<Vec<ToolInfo>, ToolError>;

    /// The tools that fit what is wanted best, at most `most`, among those that a model may be offered to call by itself: of
    /// servers that the tenant registered, trusts and can reach now; unchanged since they were pinned; and reading only,
    /// by the operator's own word. What ships is reached through skills, which keep a step within its campaign.
    async fn fitting(&self, tenant: TenantId, need: Need<'_>, most: usize) -> Fits;

    /// Calls a tool that reads, or writes what stays inside.
    ///
    /// # Errors
    /// A tool classed outward or money is refused here, unsent, with code `TOOL_NEEDS_DECISION`.
    async fn read(&self, request: ToolRequest) -> Result<ToolReply, ToolError>;

    /// Performs an outward tool call. Only the outbox executor holds a [`Grant`].
    ///
    /// # Errors
    /// `outcome` says whether it may have happened all the same.
    async fn perform(&self, request: ToolRequest, grant: &Grant) -> Result<ToolReply, ToolError>;

    /// Whether an action that is being performed stands still, because its server asks a person something.
    fn is_asking(&self, effect: EffectId) -> bool;

    /// Whether the tool's server recognises a repeated intent key, so that asking again cannot act twice.
    async fn asks_by_key(&self, tenant: TenantId, tool: &ToolRef) -> bool;

    /// Reads a resource by URI from a named server.
    ///
    /// # Errors
    /// An unknown server or URI is an error, never an empty result (PER-14).
    async fn resource(
        &self,
        tenant: TenantId,
        server: &str,
        uri: &str,
    ) -> Result<ResourceReply, ToolError>;

    /// What is known of each server, for the connections screen and `doctor`.
    async fn servers(&self, tenant: TenantId) -> Vec<ServerStatus>;

    /// Asks a server now whether it answers and what tools it has, within a bound; says how it stands. Calls
    /// no tool.
    ///
    /// # Errors
    /// Only when `tenant` sees no such server: what is wrong with one is part of its status.
    async fn probe(&self, tenant: TenantId, server: &str) -> Result<ServerStatus, ToolError>;
}

/// What a server offers beside tools. Its own words: untrusted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ServerOffer {
    /// What can be read, by address.
    pub resources: Vec<OfferedResource>,
    /// Addresses with gaps, of resources that are not listed one by one.
    pub templates: Vec<OfferedResource>,
    /// Texts that a person could begin with.
    pub prompts: Vec<OfferedPrompt>,
    /// What is not here and why, in words.
    pub left_out: Vec<String>,
}

/// A resource, or a template of the addresses of several.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OfferedResource {
    /// Its address; of a template, with gaps.
    pub uri: String,
    /// Its name.
    pub name: String,
    /// Its name for people.
    pub title: Option<String>,
    /// What it is; empty when the server does not say.
    pub description: String,
    /// MIME type, when the server tells.
    pub mime_type: Option<String>,
    /// Its size in bytes, when the server tells.
    pub bytes: Option<u64>,
}

/// A prompt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OfferedPrompt {
    /// Its name.
    pub name: String,
    /// Its name for people.
    pub title: Option<String>,
    /// What it is; empty when the server does not say.
    pub description: String,
    /// What it wants to know.
    pub arguments: Vec<OfferedArgument>,
}

/// An argument of a prompt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OfferedArgument {
    /// Its name.
    pub name: String,
    /// What it is; empty when the server does not say.
    pub description: String,
    /// Whether it must be given.
    pub required: bool,
}

/// A prompt with its gaps filled in. The server's own words: untrusted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PromptText {
    /// What it is, when the server says.
    pub description: Option<String>,
    /// What it says, in order.
    pub messages: Vec<PromptMessage>,
}

/// One message of a prompt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PromptMessage {
    /// In whose name it speaks, by the server's word: `user` or `assistant`.
    pub role: String,
    /// Its text; what is no text is named.
    pub text: String,
}

/// A call that is under way.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RunningCall {
    /// The tool.
    pub tool: String,
    /// For how long.
    pub elapsed: Duration,
    /// How far it is, when its server told.
    #[serde(default)]
    pub progress: Option<Progress>,
}

/// How far a call is, by its server's word.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Progress {
    /// What is done, in the server's own measure.
    pub done: f64,
    /// Of how much, when it says so.
    #[serde(default)]
    pub of: Option<f64>,
    /// In its words. Untrusted text.
    #[serde(default)]
    pub message: Option<String>,
}

/// A server as the host sees it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ServerStatus {
    /// Name in the registry.
    pub name: String,
    /// `in-process`, `stdio` or `http`.
    pub transport: String,
    /// Whether it answers.
    pub connected: bool,
    /// Protocol revision agreed on, when connected.
    pub protocol: Option<String>,
    /// Number of tools.
    pub tools: usize,
    /// What is wrong and what to do, when something is.
    pub problem: Option<Fault>,
    /// It is left alone for a while after failures, and calls are refused at once.
    #[serde(default)]
    pub interruption: Option<Interruption>,
    /// The group of servers that offer the same, when it is of one.
    #[serde(default)]
    pub group: Option<String>,
    /// Calls under way.
    #[serde(default)]
    pub under_way: usize,
    /// Calls that it took in place of others of its group, since the start.
    #[serde(default)]
    pub stood_in: u64,
    /// Calls under way of the one who asks, the oldest first.
    #[serde(default)]
    pub running: Vec<RunningCall>,
}

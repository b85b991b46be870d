//! Connections: the AI provider, MCP servers and their tools, feeds.
//!
//! Never here: a secret. A key is named by where it lies, never carried.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    scalar::{Digest, Id, Time, Usd},
    task::Fault,
    work::EffectClass,
};

/// Kinds of AI providers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ModelKind {
    /// The built-in model that is not an AI.
    Rehearsal,
    /// Any service that speaks OpenAI's chat API.
    OpenaiCompatible,
    /// Anthropic's Messages API.
    Anthropic,
    /// Google's Gemini API.
    Gemini,
    /// Ollama's own API, usually on the machine itself.
    Ollama,
}

/// A kind of provider, as it is offered.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ProviderKind {
    /// Which.
    pub kind: ModelKind,
    /// Name as shown.
    pub title: String,
    /// What choosing it means.
    pub description: String,
    /// False for the rehearsal model.
    pub is_ai: bool,
    /// Whether an address must be given.
    pub needs_base_url: bool,
    /// Whether it usually needs a key.
    pub needs_key: bool,
}

/// The kind of thinking that a model is asked for (COG-12).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModelRole {
    /// Makes plans: strong.
    Planner,
    /// Does one task: fast.
    Worker,
    /// Judges: strong.
    Judge,
}

/// Where a key lies. The key itself never crosses the API.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "place", rename_all = "snake_case", deny_unknown_fields)]
pub enum KeyPlace {
    /// None is needed.
    None,
    /// In the keychain of the machine that Chimera runs on.
    Keychain {
        /// Name of the entry.
        name: String,
    },
    /// In an environment variable of the server.
    Environment {
        /// Name of the variable.
        name: String,
    },
}

/// Which AI is used.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelSettings {
    /// Kind of provider.
    pub kind: ModelKind,
    /// Address of the API, for example `https://api.openai.com/v1`; null for the rehearsal model, and for the usual address
    /// of a kind that has one.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Model by role; roles that are missing take `worker`'s.
    #[serde(default)]
    pub models: BTreeMap<ModelRole, String>,
    /// Where the key lies.
    #[serde(default = "no_key")]
    pub key: KeyPlace,
    /// Roles that another provider answers to; the rest take the one above.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub others: BTreeMap<ModelRole, OtherModel>,
    /// What answers when the provider of a role is left alone or fails for a moment (COG-18); what it makes carries its
    /// own name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<OtherModel>,
}

/// One model of another provider. Never the rehearsal model: what is not an AI takes no AI's place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherModel {
    /// Kind of provider.
    pub kind: ModelKind,
    /// Address of the API; null for the usual one of its kind.
    #[serde(default)]
    pub base_url: Option<String>,
    /// The model's name.
    pub model: String,
    /// Where the key lies.
    #[serde(default = "no_key")]
    pub key: KeyPlace,
}

impl ModelSettings {
    /// Where every key lies that these settings need.
    pub fn keys(&self) -> impl Iterator<Item = &KeyPlace> {
        let others = self.others.values().chain(&self.fallback);
        std::iter::once(&self.key).chain(others.map(|other| &other.key))
    }
}

const fn no_key() -> KeyPlace {
    KeyPlace::None
}

/// What answers to a role now.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct RoleModel {
    /// The role.
    pub role: ModelRole,
    /// Provider's name.
    pub provider: String,
    /// Model's name.
    pub model: String,
    /// True for the rehearsal model, which is not an AI.
    pub rehearsal: bool,
    /// Price of a million tokens read, when known.
    pub input_per_million: Option<Usd>,
    /// Price of a million tokens written, when known.
    pub output_per_million: Option<Usd>,
}

/// How a breaker that refuses calls stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BreakerState {
    /// Calls are made.
    Closed,
    /// Calls are refused at once.
    Open,
    /// One call is being made to see whether the far side is back.
    HalfOpen,
}

/// A far side that is left alone for a while after failures; what needs it waits and loses no try.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct Interruption {
    /// Open or half-open.
    pub state: BreakerState,
    /// Since when calls are refused.
    pub since: Time,
    /// When the next call is made to see whether it is back.
    pub probe_at: Time,
    /// The last failure, in words.
    pub cause: String,
}

/// The AI provider.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ModelConnection {
    /// As it was set; null while nobody chose one.
    pub settings: Option<ModelSettings>,
    /// What answers now, by role.
    pub roles: Vec<RoleModel>,
    /// What answers in their place while they cannot.
    pub fallback: Option<FallbackModel>,
    /// Kinds to choose from.
    pub providers: Vec<ProviderKind>,
    /// Set while one of those that answer is left alone after failures.
    pub interruption: Option<Interruption>,
}

/// What answers in the place of a provider that cannot.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct FallbackModel {
    /// Provider's name.
    pub provider: String,
    /// Model's name.
    pub model: String,
    /// Price of a million tokens read, when known.
    pub input_per_million: Option<Usd>,
    /// Price of a million tokens written, when known.
    pub output_per_million: Option<Usd>,
    /// Set while it is left alone itself.
    pub interruption: Option<Interruption>,
}

/// What a test of a connection said.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ConnectionTest {
    /// Whether it works.
    pub ok: bool,
    /// What was tried and what came back, in one sentence.
    pub message: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// What is wrong and what to do, when it does not work.
    pub problem: Option<String>,
}

/// An MCP server.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Server {
    /// Name in the registry.
    pub name: String,
    /// `in-process`, `stdio` or `http`.
    pub transport: String,
    /// Whether it answers.
    pub connected: bool,
    /// Protocol revision agreed on.
    pub protocol: Option<String>,
    /// Number of tools.
    pub tools: u32,
    /// What is wrong and what to do.
    pub problem: Option<Fault>,
    /// Set while it is left alone after failures.
    pub interruption: Option<Interruption>,
    /// The group of servers that offer the same, when it is of one.
    pub group: Option<String>,
    /// Calls under way.
    pub under_way: u32,
    /// Calls that it took in place of others of its group, since the start.
    pub stood_in: u64,
    /// Calls of this workspace that are under way, the oldest first.
    pub running: Vec<RunningCall>,
}

/// A call that is under way.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct RunningCall {
    /// The tool.
    pub tool: String,
    /// For how long, in milliseconds.
    pub elapsed_ms: u64,
    /// How far it is, when its server told.
    pub progress: Option<CallProgress>,
}

/// How far a call is, by its server's word.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct CallProgress {
    /// What is done, in the server's own measure.
    pub done: f64,
    /// Of how much, when it says so.
    pub of: Option<f64>,
    /// In its words. Untrusted text.
    pub message: Option<String>,
}

/// Every MCP server.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Servers {
    /// By name.
    pub items: Vec<Server>,
}

/// A tool of a server.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Tool {
    /// The server.
    pub server: String,
    /// The tool's name on it.
    pub tool: String,
    /// What it does, in the server's words. Untrusted text.
    pub description: String,
    /// What calling it does, by the word of Chimera's registry.
    pub effect: EffectClass,
    /// JSON Schema of the arguments.
    pub input_schema: Value,
    /// JSON Schema of the result.
    pub output_schema: Option<Value>,
    /// Digest over name, description and schemas.
    pub schema_hash: Digest,
}

/// Every tool.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Tools {
    /// By server and name.
    pub items: Vec<Tool>,
}

/// A feed that the operator connected, offered to new campaigns.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Feed {
    /// Key.
    pub id: Id,
    /// Its URL, or path of a file on the server.
    pub url: String,
    /// Name as shown.
    pub title: String,
    /// Who added it.
    pub added_by: Id,
    /// When.
    pub added_at: Time,
}

/// Every connected feed.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Feeds {
    /// By name.
    pub items: Vec<Feed>,
}

/// A feed to connect.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFeed {
    /// Its URL, or path of a file on the server.
    pub url: String,
    /// Name as shown, at most 80 characters; the feed's own title when absent.
    #[serde(default)]
    pub title: Option<String>,
}

/// A feed to try.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedAddress {
    /// Its URL, or path of a file on the server.
    pub url: String,
}

/// What trying a feed said.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct FeedTest {
    /// Whether it can be read.
    pub ok: bool,
    /// The feed's own title. Untrusted text.
    pub title: Option<String>,
    /// Headlines of its first items. Untrusted text.
    pub items: Vec<String>,
    /// What is odd about it.
    pub warnings: Vec<String>,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// What is wrong and what to do, when it cannot be read.
    pub problem: Option<String>,
}

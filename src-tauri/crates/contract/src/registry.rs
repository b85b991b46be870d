//! The registry of MCP servers: what each would run, who trusted it, what its tools may do, and what is held back.
//!
//! Never here: a secret. Values are templates that name variables and secrets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    authorizing::ServerAuthorization,
    scalar::{Digest, Time},
    task::Fault,
    work::EffectClass,
};

/// How a registered server stands with its operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServerStanding {
    /// Switched off.
    Off,
    /// What would be run cannot be told.
    Broken,
    /// Nobody has let it run yet.
    Untrusted,
    /// It was let run in another way than it would be run now.
    Altered,
    /// A person saw what is run and let it be run.
    Trusted,
}

/// How a server that is a program is reached. Every text may hold `${VAR}` and `${VAR:-default}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServerProgram {
    /// The program.
    pub command: String,
    /// Its arguments, handed over as they are: there is no shell.
    #[serde(default)]
    pub args: Vec<String>,
    /// Where it runs; where Chimera runs when null.
    #[serde(default)]
    pub cwd: Option<String>,
    /// Variables for it alone; a value may also hold `${secret:name}`.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
}

/// How a server at an address is reached. Every text may hold `${VAR}` and `${VAR:-default}`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServerAddress {
    /// The address: http or https, never with a secret in it.
    pub url: String,
    /// Headers that go along with every request; a value may also hold `${secret:name}`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// How a server is reached: as a program, or at an address. Never both.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ServerReach {
    /// As a program.
    Program(ServerProgram),
    /// At an address.
    Address(ServerAddress),
}

/// Exactly what is run or reached. Text from whoever wrote the entry: untrusted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct ServerLaunch {
    /// Digest of all of it; a trust names it.
    pub digest: Digest,
    /// The address that is reached, its variables put in; null for a program.
    pub address: Option<String>,
    /// The program, its variables put in; empty for an address.
    pub command: String,
    /// Its arguments, theirs put in.
    pub args: Vec<String>,
    /// Where it runs.
    pub cwd: Option<String>,
    /// The variables that it gets besides the usual ones, or the headers, with the template of each value.
    pub variables: BTreeMap<String, String>,
    /// Names of the secrets that it gets.
    pub secrets: Vec<String>,
}

/// Who let a server run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct ServerTrust {
    /// The person's name then.
    pub by: String,
    /// When.
    pub at: Time,
}

/// A server of the registry.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct RegisteredServer {
    /// Its name.
    pub name: String,
    /// Changes with every change of the entry; `If-Match` names it.
    pub version: u32,
    /// Whether it is used at all.
    pub enabled: bool,
    /// How it stands.
    pub standing: ServerStanding,
    /// How it is reached, as it was entered.
    pub program: ServerReach,
    /// Exactly what is run; null when that cannot be told.
    pub launch: Option<ServerLaunch>,
    /// Why it cannot be told.
    pub problem: Option<Fault>,
    /// Who let it run last.
    pub trust: Option<ServerTrust>,
    /// Where it is described, for people.
    pub documentation_url: Option<String>,
    /// The group of servers that offer the same: a tool of one that only reads may be called at another.
    pub group: Option<String>,
    /// What it called itself when it was seen last.
    pub told: Option<ServerTold>,
    /// The only version whose tools may be called, when one is wanted.
    pub required_version: Option<String>,
    /// Tools that are held back, as far as it is connected.
    pub held: u32,
    /// How its authorization by a person stands; null for one that has no use for it, or is not run.
    pub authorization: Option<ServerAuthorization>,
    /// When it was last changed.
    pub changed_at: Time,
}

/// What a server calls itself. Untrusted text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct ServerTold {
    /// Its name for itself.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A tool that was not as it had been pinned when an edition was first seen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct EditionChange {
    /// Its name. Untrusted text.
    pub tool: String,
    /// New, changed or gone.
    pub state: ToolState,
}

/// A name and a version under which a server was seen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct ServerEdition {
    /// What it called itself.
    pub told: ServerTold,
    /// When it was first seen so.
    pub first_seen: Time,
    /// When it was last seen so, to the hour.
    pub last_seen: Time,
    /// Tools that differed from the pinned ones then.
    pub changes: Vec<EditionChange>,
}

/// How a server was run before it was changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct FormerServer {
    /// As it had been entered.
    pub program: ServerReach,
    /// Whether a person had trusted it.
    pub trusted: bool,
    /// Until when.
    pub until: Time,
}

/// Every server of the registry.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct RegisteredServers {
    /// By name.
    pub items: Vec<RegisteredServer>,
}

/// What a server hints of a tool. Shown, never believed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, ToSchema)]
pub struct ToolHints {
    /// It changes nothing.
    pub read_only: Option<bool>,
    /// It may destroy.
    pub destructive: Option<bool>,
    /// Twice is as once.
    pub idempotent: Option<bool>,
    /// It reaches the outside.
    pub open_world: Option<bool>,
}

/// How a tool compares with what was pinned.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ToolState {
    /// As it was trusted: it is offered.
    Pinned,
    /// It was not there then: it is held back.
    New,
    /// It is not what it was: it is held back.
    Changed,
    /// It is gone.
    Gone,
}

/// A tool of a registered server.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct RegisteredTool {
    /// Its name.
    pub tool: String,
    /// Its name for people. Untrusted text.
    pub title: Option<String>,
    /// What it does, in the server's words. Untrusted text.
    pub description: String,
    /// What calling it does, by the operator's word; acting on the outside while nobody gave it.
    pub effect: EffectClass,
    /// Whether the operator gave it.
    pub classed: bool,
    /// What the server hints.
    pub hints: ToolHints,
    /// How it compares with what was pinned.
    pub state: ToolState,
}

/// A part of what a server says of a tool.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ToolPart {
    /// Its name for people.
    Title,
    /// What it does.
    Description,
    /// The schema of its arguments.
    InputSchema,
    /// The schema of its result.
    OutputSchema,
    /// The server's hints.
    Annotations,
}

/// A text as it was pinned and as it is. Untrusted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct TextChange {
    /// As it was pinned; empty when there was none.
    pub was: String,
    /// As it is; empty when there is none.
    pub is: String,
}

/// A changed part of a tool.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct PartChange {
    /// Which part.
    pub part: ToolPart,
    /// As it was pinned; schemas and hints as indented JSON. Untrusted text.
    pub was: String,
    /// As it is. Untrusted text.
    pub is: String,
}

/// A tool that is not what was pinned.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct HeldTool {
    /// Its name.
    pub tool: String,
    /// New, changed or gone.
    pub state: ToolState,
    /// Its changed parts; of a new tool, all that it has.
    pub parts: Vec<PartChange>,
}

/// What a server says of itself that is not what was pinned.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Quarantine {
    /// Digest of all that the server says of itself now; to trust it, name this.
    pub listing: Digest,
    /// The server's instructions, when they changed: then all of its tools are held back.
    pub instructions: Option<TextChange>,
    /// The tools, by name.
    pub tools: Vec<HeldTool>,
}

/// A server of the registry with its tools, what is held back, and its last words.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct RegisteredServerLook {
    /// The server.
    pub server: RegisteredServer,
    /// Its tools by name, as far as it is connected; otherwise as they were pinned.
    pub tools: Vec<RegisteredTool>,
    /// What is held back, when something is.
    pub quarantine: Option<Quarantine>,
    /// What it called itself over time, newest first.
    pub editions: Vec<ServerEdition>,
    /// How it was run before it was changed, when it was.
    pub former: Option<FormerServer>,
    /// The last lines that it wrote to standard error, oldest first; what it was given as variables is blotted out.
    /// Untrusted text.
    pub last_words: Vec<String>,
}

/// What a server offers beside tools, as far as it is connected. Its own words: untrusted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, ToSchema)]
pub struct ServerOffer {
    /// Whether it is connected; where it is not, nothing is listed.
    pub connected: bool,
    /// What can be read, by address; at most 200.
    pub resources: Vec<OfferedResource>,
    /// Addresses with gaps, of resources that are not listed one by one; at most 200.
    pub templates: Vec<OfferedResource>,
    /// Texts that a person could begin with; at most 200.
    pub prompts: Vec<OfferedPrompt>,
    /// What is not here and why, in words.
    pub left_out: Vec<String>,
}

/// A resource, or a template of the addresses of several. Untrusted text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
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

/// A prompt. Untrusted text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
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

/// An argument of a prompt. Untrusted text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct OfferedArgument {
    /// Its name.
    pub name: String,
    /// What it is; empty when the server does not say.
    pub description: String,
    /// Whether it must be given.
    pub required: bool,
}

/// Which resource of a server is read.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadResource {
    /// Its address: 1 to 2,048 characters.
    pub uri: String,
}

/// What a resource says now. Untrusted text.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ResourceText {
    /// Its address.
    pub uri: String,
    /// MIME type, when the server tells.
    pub mime_type: Option<String>,
    /// Its text, at most 65,536 characters; null when it could not be read.
    pub text: Option<String>,
    /// How many characters it has in all.
    pub characters: u64,
    /// Why it could not be read.
    pub problem: Option<Fault>,
}

/// Which resource of a server is followed.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowResource {
    /// Its address: 1 to 2,048 characters.
    pub uri: String,
    /// The version whose text the caller has; absent at the first asking, which begins anew what has ended.
    #[serde(default)]
    pub version: Option<u64>,
}

/// A resource as it is followed. Untrusted text.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct FollowedResource {
    /// Its address.
    pub uri: String,
    /// Rises by one each time that the text is another than before; zero before it was first read.
    pub version: u64,
    /// MIME type, when the server tells.
    pub mime_type: Option<String>,
    /// Its text, at most 65,536 characters; null where the caller has it, or it was not read yet.
    pub text: Option<String>,
    /// How many characters it has in all.
    pub characters: u64,
    /// When it was last read well.
    pub read_at: Option<Time>,
    /// When it was last read to be another than before.
    pub changed_at: Option<Time>,
    /// Whether the server says when it changes.
    pub is_told: bool,
    /// How often it is read without being told, in seconds.
    pub every_seconds: u64,
    /// Why the last try to read it failed; it is tried again by itself.
    pub problem: Option<Fault>,
    /// Why it is not followed any longer.
    pub ended: Option<Fault>,
}

/// A prompt to get.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GetPrompt {
    /// Its name, as it is listed.
    pub prompt: String,
    /// What stands in its gaps, by name: together at most 16,384 characters.
    #[serde(default)]
    pub arguments: BTreeMap<String, String>,
}

/// One message of a prompt. Untrusted text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct PromptMessage {
    /// In whose name it speaks, by the server's word: `user` or `assistant`.
    pub role: String,
    /// Its text; what is no text is named.
    pub text: String,
}

/// What a prompt says now. Untrusted text.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct PromptText {
    /// Its name.
    pub prompt: String,
    /// What it is, when the server says.
    pub description: Option<String>,
    /// Its messages, together at most 65,536 characters; empty when it could not be got.
    pub messages: Vec<PromptMessage>,
    /// How many characters it has in all.
    pub characters: u64,
    /// Why its words should not be trusted, where the gateway found a reason.
    pub suspicion: Option<String>,
    /// Why it could not be got.
    pub problem: Option<Fault>,
}

/// A server to add.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewServer {
    /// Name: 1 to 64 of A–Z, a–z, 0–9, `.`, `_` and `-`, beginning with a letter or digit.
    pub name: String,
    /// How it is reached.
    pub program: ServerReach,
    /// The group of servers that offer the same, named like a server.
    #[serde(default)]
    pub group: Option<String>,
}

/// What a server becomes.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServerChange {
    /// How it is reached.
    pub program: ServerReach,
    /// Whether it is used at all.
    pub enabled: bool,
    /// The group of servers that offer the same; as it was when null, none when empty.
    #[serde(default)]
    pub group: Option<String>,
    /// The only version whose tools may be called; as it was when null, any when empty.
    #[serde(default)]
    pub required_version: Option<String>,
}

/// A file to import.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServerFile {
    /// The file's text: an `mcp.json`, or one with `mcpServers`. At most 256 KiB.
    pub text: String,
}

/// What came of one server of a file.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ImportedServer {
    /// Its name. Untrusted text.
    pub name: String,
    /// Why it was not added; null when it was.
    pub refused: Option<Fault>,
    /// Fields of the file that were not taken over.
    pub left_out: Vec<String>,
}

/// What came of a file.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ImportedServers {
    /// By name.
    pub items: Vec<ImportedServer>,
}

/// A trust in what would be run.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrustServer {
    /// The digest of the launch that the person saw.
    pub launch: Digest,
}

/// A trust in what a server says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PinServer {
    /// The digest of the listing that the person saw.
    pub listing: Digest,
}

/// What calling a tool does.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassTool {
    /// The tool.
    pub tool: String,
    /// What calling it does; null takes the word back.
    pub effect: Option<EffectClass>,
}

//! The file form of the registry of MCP servers: `mcp.json` (requirements §11.8), whose schema is published.
//!
//! Never here: reading it (`mcp`), or a secret: a file names variables and secrets.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::action::EffectClass;

/// A file of servers.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct McpFile<Server = FileServer> {
    /// Version of this form: `1`.
    pub config_version: String,
    /// Revision of the protocol that whoever wrote it had in mind; for readers, the servers are asked.
    #[serde(default)]
    pub mcp_version: Option<String>,
    /// What holds for every server.
    #[serde(default)]
    pub defaults: FileDefaults,
    /// The servers by name.
    pub servers: BTreeMap<String, Server>,
}

/// Limits of every server.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FileDefaults {
    /// Longest time for one request, in milliseconds; 30,000 when absent.
    #[schemars(range(min = 100, max = 600_000))]
    pub request_timeout_ms: Option<u32>,
    /// Time to start, agree on a revision and list tools, in milliseconds; 10,000 when absent.
    #[schemars(range(min = 100, max = 600_000))]
    pub connect_timeout_ms: Option<u32>,
    /// Further tries of a call that only reads; 1 when absent.
    #[schemars(range(min = 0, max = 5))]
    pub retries: Option<u32>,
}

/// A server in a file.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileServer {
    /// How it is reached.
    pub transport: FileTransport,
    /// Which variables of the environment it needs, by name.
    #[serde(default)]
    pub auth: FileAuth,
    /// Addresses that the server itself speaks to; for readers.
    #[serde(default)]
    pub upstreams: Vec<String>,
    /// Its tools. What calling one does counts; the rest is for readers, because what the server lists is pinned.
    #[serde(default)]
    pub tools: Vec<FileTool>,
    /// The name of a group of servers that offer the same: a tool of one that only reads may be called at another.
    #[serde(default)]
    pub group: Option<String>,
    /// Where it is described.
    #[serde(default)]
    pub documentation_url: Option<String>,
    /// Whether it is used; true when absent.
    #[serde(default)]
    pub enabled: Option<bool>,
}

/// How a server in a file is reached. Every text may hold `${VAR}` and `${VAR:-default}`.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FileTransport {
    /// As a program, over its standard streams.
    Stdio {
        /// The program.
        command: String,
        /// Its arguments; there is no shell.
        #[serde(default)]
        args: Vec<String>,
        /// Where it runs.
        #[serde(default)]
        cwd: Option<String>,
        /// Variables for it alone; a value may also hold `${secret:name}`, never a secret itself.
        #[serde(default)]
        env: BTreeMap<String, String>,
    },
    /// Over HTTP.
    Http {
        /// The address.
        url: String,
        /// Headers; a value names a secret, never holds one.
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
}

/// Which variables of the environment a server needs.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FileAuth {
    /// None.
    #[default]
    None,
    /// These.
    Env {
        /// Names of variables without which it is refused.
        #[serde(default)]
        required: Vec<String>,
        /// Names of variables that it gets when they are set, and empty otherwise.
        #[serde(default)]
        optional: Vec<String>,
    },
}

/// A tool in a file.
#[derive(Clone, PartialEq, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileTool {
    /// Its name.
    pub name: String,
    /// What calling it does; acting on the outside when absent.
    #[serde(default)]
    pub effect: Option<EffectClass>,
    /// What it does; for readers.
    #[serde(default)]
    pub description: Option<String>,
    /// JSON Schema of its arguments; for readers.
    #[serde(default)]
    pub input_schema: Option<Value>,
    /// JSON Schema of its result; for readers.
    #[serde(default)]
    pub output_schema: Option<Value>,
}

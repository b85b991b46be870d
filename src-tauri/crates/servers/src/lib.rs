//! The MCP servers that ship with Chimera, one folder each. Everything outside is reached through
//! one of them, so that a new network is a new folder and nothing else changes.
//!
//! Never here: the client side of the protocol (`mcp`), decisions whether something may be posted
//! (`policy`, `engine`), or state of the runtime.
//!
//! # How to add an MCP server
//!
//! 1. A folder under `src/` with the server's name: `mod.rs` (options, the server type, its
//!    `ServerHandler`), `tools/` with one file per tool, `resource.rs` if it has resources.
//! 2. A tool file has `definition()` (name, description, schemas by [`schemars`], hints) and
//!    `call(…)`, which takes typed arguments and returns a typed answer or a
//!    [`Fault`](chimera_domain::fault::Fault). Bounds have names with units.
//! 3. A server that acts on a social network takes [`PostContent`] as its `post_content`, so that
//!    posting looks the same to the agent everywhere (ACT-02), maps its label onto the network's
//!    own, and honours the intent key of [`Caller`]: the same key gets the first receipt again.
//! 4. What the far side does not tell stays absent; nothing is invented (C48).
//! 5. Time comes through `ports::Clock`, the web through `net` (with its guard against private
//!    addresses), tenants through [`Caller`].
//! 6. Boot registers it: transport (in process: `serve`), effect class of every tool, cooldown,
//!    whether its content is untrusted. `chimerad mcp <name>` runs it by `serve_stdio`.
//! 7. Its error codes go into its own `CODES`, with a page under `specs/errors/` and a row in the UI.
//! 8. Tests speak MCP to it through an in-memory pipe, and walk its bad input.
//!
//! [`PostContent`]: chimera_domain::post::PostContent

mod caller;
#[cfg(test)]
mod client;
pub mod console;
pub mod feeds;
pub mod memory;
pub mod sandbox;
#[cfg(test)]
mod shipped;
mod tool;

pub use caller::{Caller, META_AGENT, META_INTENT_KEY, META_TENANT, META_WORDS_OF};

/// Codes that every server shares; each server has its own besides.
pub const CODES: [&str; 3] = [
    caller::CALLER_INVALID,
    tool::ARGUMENTS_INVALID,
    tool::ANSWER_UNWRITABLE,
];

use rmcp::{ServerHandler, ServiceExt};
use tokio::io::{AsyncRead, AsyncWrite};

/// Serves one connection over any stream, until the stream closes.
///
/// A client that never gets as far as a request is no failure of the server; it is logged.
pub async fn serve<S>(server: impl ServerHandler, stream: S)
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    match server.serve(stream).await {
        Ok(running) => drop(running.waiting().await),
        Err(error) => tracing::debug!(%error, "an MCP client left before its first request"),
    }
}

/// Serves this process's standard streams, until the input closes. Nothing else may write to
/// standard output meanwhile.
pub async fn serve_stdio(server: impl ServerHandler) {
    let (input, output) = rmcp::transport::stdio_pipes();
    serve(server, tokio::io::join(input, output)).await;
}

//! `chimerad mcp <server>`: a shipped MCP server over standard input and output.

use std::process::ExitCode;

use anyhow::Result;
use chimera_boot::{Settings, Shipped, serve_stdio};
use chimera_domain::id::AgentId;
use clap::{Args, ValueEnum};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Which server.
    #[arg(value_enum)]
    server: Server,
    /// Whose memories, when a request names nobody: an agent's id. For the memory server only.
    #[arg(long)]
    agent: Option<AgentId>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Server {
    /// RSS, Atom and JSON Feed.
    Feeds,
    /// What an agent remembers. No other Chimera may have this state open meanwhile.
    Memory,
    /// The local social network.
    Sandbox,
}

pub(crate) async fn run(settings: Settings, arguments: &Arguments) -> Result<ExitCode> {
    let server = match arguments.server {
        Server::Feeds => Shipped::Feeds,
        Server::Memory => Shipped::Memory(arguments.agent),
        Server::Sandbox => Shipped::Sandbox,
    };
    serve_stdio(settings, server).await?;
    Ok(ExitCode::SUCCESS)
}

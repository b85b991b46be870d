//! `chimerad mcp <server>`: a shipped MCP server over standard input and output.

use std::process::ExitCode;

use anyhow::Result;
use chimera_boot::{Settings, Shipped, serve_stdio};
use clap::{Args, ValueEnum};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Which server.
    #[arg(value_enum)]
    server: Server,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Server {
    /// RSS, Atom and JSON Feed.
    Feeds,
    /// The local social network.
    Sandbox,
}

pub(crate) async fn run(settings: Settings, arguments: &Arguments) -> Result<ExitCode> {
    let server = match arguments.server {
        Server::Feeds => Shipped::Feeds,
        Server::Sandbox => Shipped::Sandbox,
    };
    serve_stdio(settings, server).await?;
    Ok(ExitCode::SUCCESS)
}

//! Chimera without a window.
//!
//! Here: the command line and its words. Never here: anything that another front could not do too.

mod commands;
mod door;
mod figures;
mod words;

use std::{path::PathBuf, process::ExitCode};

use chimera_boot::Settings;
use clap::{Parser, Subcommand};

/// Agents live on small allocations that one thread makes and another one gives back; the C library's allocator takes
/// half of their time for it (`specs/performance.md`). SQLite and the TLS library keep to the C library's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// An operator console for autonomous influencers, headless.
#[derive(Parser, Debug)]
#[command(name = "chimerad", version, about, propagate_version = true)]
struct Arguments {
    /// Settings file; otherwise config.toml in the configuration folder, if it is there.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder for all state.
    #[arg(long, global = true, env = "CHIMERA_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Tell more; twice tells everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serve the API and the console on loopback.
    Serve(commands::serve::Arguments),
    /// Copy the database, also while Chimera runs.
    Backup(commands::backup::Arguments),
    /// Work with campaigns.
    #[command(subcommand)]
    Campaign(CampaignCommand),
    /// Show how contracts are checked and verdicts routed; needs no server, no database, no MCP.
    Demo(commands::demo::Arguments),
    /// Look whether everything that Chimera needs is there.
    Doctor(commands::doctor::Arguments),
    /// Keep or change the key that the data on this disk is encrypted with.
    #[command(subcommand)]
    Key(commands::key::Command),
    /// Decide a recorded run again and compare; nothing is asked, called or stored.
    Replay(commands::replay::Arguments),
    /// Verify or export the audit log.
    #[command(subcommand)]
    Audit(commands::audit::Command),
    /// Hand out, or erase, what is kept about a person.
    #[command(subcommand)]
    Person(commands::person::Command),
    /// Show how long each kind of data is kept, what the last run took out, and when the next one is.
    Retention(commands::retention::Arguments),
    /// Make, list and revoke API keys.
    #[command(subcommand)]
    ApiKey(commands::access::KeyCommand),
    /// Run a shipped MCP server over stdio, or work with the registry of MCP servers.
    #[command(subcommand)]
    Mcp(commands::mcp::Command),
    /// Look at skills and run them by hand; nothing outward is done.
    #[command(subcommand)]
    Skill(commands::skill::Command),
    /// Make and list workspaces.
    #[command(subcommand)]
    Tenant(commands::access::TenantCommand),
}

#[derive(Subcommand, Debug)]
enum CampaignCommand {
    /// Plan a campaign from a goal, start it, and follow it.
    Run(commands::campaign_run::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let level = match arguments.verbose {
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    chimera_boot::init_logging(level);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            return words::fail(&anyhow::anyhow!("the async runtime cannot start: {error}"));
        }
    };
    let code = match runtime.block_on(run(arguments)) {
        Ok(code) => code,
        Err(error) => words::fail(&error),
    };
    // What still blocks (a keychain, a pipe) must not keep the process.
    runtime.shutdown_background();
    words::ended(code)
}

async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    if let Command::Demo(demo) = &arguments.command {
        return commands::demo::run(demo);
    }
    if let Command::Replay(replay) = &arguments.command {
        return commands::replay::run(replay);
    }
    let mut settings = Settings::load(arguments.config.as_deref())?;
    if let Some(dir) = arguments.data_dir {
        settings.data_dir = dir;
    }
    match arguments.command {
        Command::Serve(arguments) => commands::serve::run(settings, arguments).await,
        Command::Campaign(CampaignCommand::Run(arguments)) => {
            commands::campaign_run::run(settings, arguments).await
        }
        Command::Backup(arguments) => commands::backup::run(settings, arguments).await,
        Command::Doctor(arguments) => commands::doctor::run(settings, &arguments).await,
        Command::Key(command) => commands::key::run(settings, &command).await,
        Command::Audit(command) => commands::audit::run(settings, command).await,
        Command::Person(command) => commands::person::run(settings, command).await,
        Command::Retention(arguments) => commands::retention::run(settings, &arguments).await,
        Command::ApiKey(command) => commands::access::keys(settings, command).await,
        Command::Tenant(command) => commands::access::tenants(settings, command).await,
        Command::Mcp(command) => commands::mcp::run(settings, command).await,
        Command::Skill(command) => commands::skill::run(settings, &command).await,
        Command::Demo(arguments) => commands::demo::run(&arguments),
        Command::Replay(arguments) => commands::replay::run(&arguments),
    }
}

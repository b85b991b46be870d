//! `cargo xtask`: the house's own tools, from the first run on an empty machine
//! to the checks of every change. Here the command line becomes one call into
//! `commands`; no check, no installation and no parsing ever lives in this file.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for the terminal speaks on the terminal"
)]

mod benches;
mod bindings;
mod commands;
mod coverage;
mod files;
mod finding;
mod hooks;
mod house;
mod install;
mod layers;
mod machine;
mod npm;
mod pattern;
mod readiness;
mod rust_text;
mod secrets;
mod servers;
mod shell;
mod stages;
mod summary;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::install::Unprepared;

/// Exit code for "this machine lacks something that you must install yourself".
const EXIT_UNPREPARED: u8 = 2;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Run, test and look after Chimera",
    version
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing, build, and open Chimera (the window, or a loopback address).
    Run(commands::run::Args),
    /// Install what is missing and run every stage of the tests.
    Test(commands::test::Args),
    /// The quick inner loop: format, lints, house rules, unit tests.
    Check,
    /// The budgets and manners of the code (specs/architecture.md says why).
    Tidy,
    /// Who may know whom, and who owns which foreign library.
    Layers,
    /// Write (or compare) the API document, the schemas and the TypeScript client.
    Bindings(commands::bindings::Args),
    /// Measure, and write the figures into specs/performance.md.
    Bench(commands::bench::Args),
    /// Line coverage per room, written to specs/coverage.md.
    Coverage(commands::coverage::Args),
    /// Install the MCP servers of other people that the integration tests need; `test` does it by itself.
    Servers(commands::servers::Args),
    /// Look for keys and passwords that must not be committed.
    Secrets(commands::secrets::Args),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Run(args) => commands::run::run(&args),
        Command::Test(args) => commands::test::run(&args),
        Command::Check => commands::check::run(),
        Command::Tidy => commands::tidy::run(),
        Command::Layers => commands::layers::run(),
        Command::Bindings(args) => commands::bindings::run(&args),
        Command::Bench(args) => commands::bench::run(&args),
        Command::Coverage(args) => commands::coverage::run(&args),
        Command::Servers(args) => commands::servers::run(&args),
        Command::Secrets(args) => commands::secrets::run(&args),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            if error.downcast_ref::<Unprepared>().is_some() {
                ExitCode::from(EXIT_UNPREPARED)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

//! Prepares the window's build: capabilities become code, the console is checked to be there.
//!
//! Never here: building the console. `cargo xtask` does that, so that `cargo check` needs no network.

use std::{path::Path, process::ExitCode};

use tauri_build::{AppManifest, Attributes};

/// The console as `cargo xtask` builds it; its name changes content whenever any part of it does.
const CONSOLE: &str = "ui/dist/index.html";
/// Every command that the window has; what is not listed in a capability is denied.
const COMMANDS: &[&str] = &[
    "api_request",
    "boot_state",
    "events_subscribe",
    "events_unsubscribe",
    "report_problem",
    "save_audit",
];

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed={CONSOLE}");
    if !tauri_build::is_dev() && !Path::new(CONSOLE).is_file() {
        println!(
            "cargo::error=the console is not built ({CONSOLE} is missing). Run `cargo xtask run`, which builds it and \
             opens the window, or `npm ci && npm run build` in ui/"
        );
        return ExitCode::FAILURE;
    }
    let attributes = Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(AppManifest::new().commands(COMMANDS));
    match tauri_build::try_build(attributes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!(
                "cargo::error=the window cannot be prepared: {}",
                format!("{error:#}").replace('\n', " ")
            );
            ExitCode::FAILURE
        }
    }
}

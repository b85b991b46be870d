//! The official clients of other languages on the very same server, each in a process of its own.
//!
//! One that cannot be installed or run is left out, and said so.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{AS_SERVER, BENCH, TEXT_CHARS};
use crate::{figure::Figure, python};

const CALLS: usize = 6_000;
const WARM: usize = 300;

type Install = fn(&Path) -> Result<Command>;

/// Runs them beside `ours`.
pub(super) fn run(ours: &str, calls: impl Fn(usize) -> usize) -> Result<()> {
    let server = std::env::current_exe()?;
    let peers: [(&str, Install); 2] = [
        ("mcp 2.3.0 (Python)", in_python),
        ("@modelcontextprotocol/client 2.4.0 (Node)", in_node),
    ];
    for (name, install) in peers {
        match told(install, &server, calls(CALLS)) {
            Ok((p50, p99)) => Figure::new(BENCH, format!("{name}, stdio: p50"), p50, "µs")
                .beside(ours)
                .note(format!(
                    "the official client of that language, on the same server; p99 {p99:.0} µs"
                ))
                .print(),
            Err(error) => eprintln!("{name} was not measured: {error:#}"),
        }
    }
    Ok(())
}

fn told(install: Install, server: &Path, calls: usize) -> Result<(f64, f64)> {
    let mut command = install(&python::place("mcp-clients")?)?;
    command.args([calls, WARM, TEXT_CHARS].map(|number| number.to_string()));
    let said = python::said(command.arg(server).arg(AS_SERVER))?;
    let told: Value = serde_json::from_str(&said)?;
    let number = |name: &str| told[name].as_f64().context("it told no times");
    Ok((number("p50_us")?, number("p99_us")?))
}

fn in_python(place: &Path) -> Result<Command> {
    let mut command = Command::new(python::with_packages(place, &["mcp==2.3.0"])?);
    let script = place.join("client.py");
    fs::write(&script, include_str!("client.py"))?;
    command.arg(script);
    Ok(command)
}

fn in_node(place: &Path) -> Result<Command> {
    fs::write(place.join("package.json"), r#"{"private": true}"#)?;
    let package = "@modelcontextprotocol/client@2.4.0";
    let mut install = Command::new("npm");
    let quiet = ["--no-audit", "--no-fund", "--silent"];
    install.arg("install").args(quiet).arg(package);
    python::done(install.current_dir(place).stdout(Stdio::null()))?;
    let script = place.join("client.mjs");
    fs::write(&script, include_str!("client.mjs"))?;
    let mut command = Command::new("node");
    command.arg(script);
    Ok(command)
}

//! Phoenix, a server that keeps and shows traces of agents, on as many spans as it can take in a few minutes.
//!
//! Where it cannot be installed or run it is left out, and said so.

use std::{fs, process::Command};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{BENCH, SPANS_OF_RUN};
use crate::{figure::Figure, folder, python};

const NAME: &str = "arize-phoenix 20.26.1 (Python)";
const PACKAGES: [&str; 2] = ["arize-phoenix==20.26.1", "opentelemetry-proto==1.45.2"];
/// Spans that it is sent, in whole runs; how many with one request; runs that are opened.
const SPANS: usize = 6_000;
const BATCH: usize = 1_000;
const OPENED: usize = 100;

/// Runs it beside ours: the figure of spans taken in, and that of a run opened.
pub(super) fn run(taken_in: &str, opened: &str) -> Result<()> {
    let told = match told() {
        Ok(told) => told,
        Err(error) => {
            eprintln!("{NAME} was not measured: {error:#}");
            return Ok(());
        }
    };
    let number = |name: &str| told[name].as_f64().context("it told no figures");
    let accepted = number("accepted_s")?;
    Figure::new(BENCH, format!("{NAME}: taken in and readable"), number("readable_s")?, "spans/s")
        .beside(taken_in)
        .note(format!("{SPANS} spans over OTLP/HTTP, {BATCH} with a request, each sent once, until its own file shows them; it accepts {accepted:.0} a second and works them off later"))
        .print();
    Figure::new(
        BENCH,
        format!("{NAME}: a run opened, p50"),
        number("open_p50_ms")?,
        "ms",
    )
    .beside(opened)
    .note(format!(
        "{SPANS_OF_RUN} spans by their names and ids, over its own API on loopback; p99 {:.1} ms",
        number("open_p99_ms")?
    ))
    .print();
    Ok(())
}

fn told() -> Result<Value> {
    let place = python::place("traces-phoenix")?;
    let mut command = Command::new(python::with_packages(&place, &PACKAGES)?);
    let script = place.join("ingest.py");
    fs::write(&script, include_str!("ingest.py"))?;
    let home = folder()?;
    let numbers = [SPANS, SPANS_OF_RUN, BATCH, OPENED];
    command
        .arg(script)
        .args(numbers.map(|number| number.to_string()));
    let said = python::said(command.arg(home.path()))?;
    Ok(serde_json::from_str(&said)?)
}

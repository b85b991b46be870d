//! `chimerad skill …`: skills by hand. JSON on standard output; 1 when one failed or was refused.
//!
//! Never here: what a skill may do (boot and the skills themselves say that).

use std::{
    fs::File,
    io::{Read, stdin},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use chimera_boot::{Settings, SkillBench};
use chimera_domain::fault::Fault;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::words::say;

/// Largest input, in bytes.
const MAX_INPUT_BYTES: u64 = 1024 * 1024;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Every skill: what it does, where it comes from, whether it runs by hand.
    List,
    /// One skill with its schemas and examples.
    Show {
        /// Its name.
        name: String,
    },
    /// Run one skill; nothing outward is ever done.
    Run {
        /// Its name.
        name: String,
        #[command(flatten)]
        input: Input,
    },
    /// Run skills in order, each with what the one before gave: `[{"skill_name": …, "input": {…}}]`.
    Workflow(Input),
}

#[derive(Args, Debug)]
pub(crate) struct Input {
    /// File with the input as JSON, or `-` for standard input.
    #[arg(long = "input", value_name = "FILE")]
    file: PathBuf,
}

pub(crate) async fn run(settings: Settings, command: &Command) -> Result<ExitCode> {
    let bench = SkillBench::open(&settings).await?;
    let (told, well) = match command {
        Command::List => (bench.list(), true),
        Command::Show { name } => match bench.show(name) {
            Ok(manifest) => (serde_json::to_value(manifest)?, true),
            Err(fault) => (refused(&fault), false),
        },
        Command::Run { name, input } => {
            let output = bench.run(name, input.read()?).await;
            (serde_json::to_value(&output)?, output.success)
        }
        Command::Workflow(input) => {
            let steps: Vec<_> = serde_json::from_value(input.read()?)
                .context("these are no steps: [{\"skill_name\": …, \"input\": {…}}] is wanted")?;
            match bench.run_in_order(&steps).await {
                Ok(done) => (serde_json::to_value(&done)?, done.succeeded()),
                Err(fault) => (refused(&fault), false),
            }
        }
    };
    say(&serde_json::to_string_pretty(&told)?);
    Ok(if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

fn refused(fault: &Fault) -> Value {
    json!({ "success": false, "error": fault.message, "error_detail": { "code": fault.code, "message": fault.message } })
}

impl Input {
    fn read(&self) -> Result<Value> {
        let from = self.file.display();
        let text = if self.file == Path::new("-") {
            bounded(stdin().lock())
        } else {
            let file = File::open(&self.file).with_context(|| format!("{from} cannot be read"))?;
            bounded(file)
        };
        let text = text.with_context(|| format!("{from} cannot be read"))?;
        serde_json::from_str(&text).with_context(|| format!("{from} is no JSON"))
    }
}

fn bounded(from: impl Read) -> Result<String> {
    let mut text = String::new();
    from.take(MAX_INPUT_BYTES + 1).read_to_string(&mut text)?;
    if u64::try_from(text.len()).is_ok_and(|length| length > MAX_INPUT_BYTES) {
        bail!("it is longer than {MAX_INPUT_BYTES} bytes, the most that an input may have");
    }
    Ok(text)
}

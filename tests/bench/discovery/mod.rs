//! How often the tool that serves a question is among the few that are offered, of 220 tools of 22 servers: by words
//! alone, and by words and meaning together.
//!
//! Questions and catalogue are those of the room `discovery`, written by one hand and in none of its constants. Vectors
//! are made by the product's own embedder from a model folder; with `--peers` one is made of a package of the registry.

use std::{path::PathBuf, process::Command, time::Instant};

use anyhow::{Context, Result, anyhow};
use chimera_discovery::Discovery;
use chimera_domain::{
    action::{EffectClass, ToolRef},
    digest::Digest,
    id::TenantId,
};
use chimera_memory::{Embedder, FolderEmbedder};
use chimera_ports::tools::{Need, ToolInfo};
use serde_json::json;
use uuid::Uuid;

use crate::{Options, figure::Figure, python, series::Series};

const BENCH: &str = "discovery";
const CATALOGUE: &str = include_str!("../../../src-tauri/crates/discovery/src/tests/catalogue.tsv");
const QUERIES: &str = include_str!("../../../src-tauri/crates/discovery/src/tests/queries.tsv");
/// So many tools a step is offered at most.
const OFFERED: usize = 8;
/// Static vectors of 256 numbers for 32,000 tokens, as published for use without a network.
const MODEL: &str = "wordllama==0.4.0.post1";

pub(crate) fn run(options: Options) -> Result<()> {
    crate::runtime()?.block_on(measure(options))
}

/// A question, its vector where there are any, and the tools of which one must be found.
struct Asked {
    question: &'static str,
    meaning: Vec<Vec<f32>>,
    wanted: Vec<&'static str>,
}

async fn measure(options: Options) -> Result<()> {
    let tools = catalogue()?;
    let mut asked = questions()?;
    let index = Discovery::of(&tools);
    tell(&index, &asked, "by words alone", None);
    if !options.peers {
        return Ok(());
    }
    let folder = match model_folder() {
        Ok(folder) => folder,
        Err(error) => {
            eprintln!("by words and meaning was not measured: {error:#}");
            return Ok(());
        }
    };
    let model = FolderEmbedder::open(folder)
        .await
        .map_err(|fault| anyhow!("{fault}"))?;
    let tenant = TenantId::from_uuid(Uuid::nil());
    let embed = async |texts: Vec<String>| {
        let made = model.embed(tenant, texts).await;
        made.map_err(|fault| anyhow!("{fault}"))
    };
    let vectors = embed(tools.iter().map(Discovery::text).collect()).await?;
    let meant = embed(asked.iter().map(|one| one.question.to_owned()).collect()).await?;
    for (one, vector) in asked.iter_mut().zip(meant) {
        one.meaning = vec![vector];
    }
    let index = index.with_vectors(vectors);
    let note = format!("vectors of {MODEL}, looked up on this machine by the product's embedder");
    tell(&index, &asked, "by words and meaning", Some(&note));
    Ok(())
}

fn tell(index: &Discovery, asked: &[Asked], how: &str, note: Option<&str>) {
    let mut took = Series::default();
    let (mut first, mut offered) = (0_u32, 0_u32);
    for one in asked {
        let begun = Instant::now();
        let found = index.find(Need::step(one.question), &one.meaning, OFFERED);
        took.push_ms(begun.elapsed());
        let place = found
            .iter()
            .position(|found| one.wanted.contains(&found.tool.to_string().as_str()));
        first += u32::from(place == Some(0));
        offered += u32::from(place.is_some());
        if place.is_none() {
            eprintln!("{how}: not among the {OFFERED} for: {}", one.question);
        }
    }
    let all = asked.len();
    let rate = |hits: u32| f64::from(hits) / f64::from(u32::try_from(all).unwrap_or(u32::MAX));
    let noted = |figure: Figure| match note {
        Some(note) => figure.note(note),
        None => figure,
    };
    let share = "of questions";
    noted(Figure::new(
        BENCH,
        format!("{how}: the first serves"),
        rate(first),
        share,
    ))
    .note(format!("{first} of {all} questions, {} tools", index.len()))
    .print();
    noted(Figure::new(
        BENCH,
        format!("{how}: one of {OFFERED} serves"),
        rate(offered),
        share,
    ))
    .note(format!("{offered} of {all}"))
    .print();
    Figure::new(BENCH, format!("{how}: p50"), took.median(), "ms")
        .note("one question, its vector made before")
        .print();
}

fn catalogue() -> Result<Vec<ToolInfo>> {
    let tool = |line: &str| {
        let mut parts = line.split('\t').map(str::to_owned);
        let (server, tool) = (parts.next()?, parts.next()?);
        Some(ToolInfo {
            description: parts.next()?,
            input_schema: json!({ "type": "object" }),
            output_schema: None,
            schema_hash: Digest::plain(tool.as_bytes()),
            effect: EffectClass::Read,
            tool: ToolRef { server, tool },
        })
    };
    let tools = CATALOGUE
        .lines()
        .map(|line| tool(line).context(line.to_owned()));
    tools.collect()
}

fn questions() -> Result<Vec<Asked>> {
    let asked = QUERIES.lines().map(|line| {
        let (question, wanted) = line.split_once('\t').context(line)?;
        Ok(Asked {
            question,
            meaning: Vec::new(),
            wanted: wanted.split(',').collect(),
        })
    });
    asked.collect()
}

/// A model folder of what a package of the registry ships.
fn model_folder() -> Result<PathBuf> {
    let place = python::place("discovery-wordllama")?;
    // Without what it depends on: its files are read, and none of its code runs.
    let interpreter = python::with_packages(&place, &["--no-deps", MODEL])?;
    let folder = place.join("model");
    let script = include_str!("../../servers/model_folder.py");
    python::done(Command::new(interpreter).args(["-c", script]).arg(&folder))?;
    Ok(folder)
}

//! Finding the few tools that serve a question among many, by words and meaning together, with the real vectors of a small
//! model that `cargo xtask test` fetches. What was measured (`specs/performance.md`) is held, less a little.
//!
//! Never here: finding by words alone (`discovery`), or a stand-in for the vectors. Where they are missing the test fails.

use std::path::{Path, PathBuf};

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

pub(crate) const CATALOGUE: &str =
    include_str!("../../src-tauri/crates/discovery/src/tests/catalogue.tsv");
pub(crate) const QUESTIONS: &str =
    include_str!("../../src-tauri/crates/discovery/src/tests/queries.tsv");
/// So many tools a step is offered at most.
const OFFERED: usize = 8;
/// Questions of which one tool that serves must be offered; 79 were measured.
const LEAST_OFFERED: usize = 77;
/// Questions whose first tool must serve; 54 were measured.
const LEAST_FIRST: usize = 51;
/// What 32,000 tokens of 256 numbers take: another model would prove nothing.
const VECTORS_BYTES: u64 = 32_000 * 256 * 2;

fn catalogue() -> Vec<ToolInfo> {
    let tool = |line: &str| {
        let mut parts = line.split('\t').map(str::to_owned);
        let mut next = || parts.next().unwrap();
        let (server, tool, description) = (next(), next(), next());
        ToolInfo {
            description,
            input_schema: json!({ "type": "object" }),
            output_schema: None,
            schema_hash: Digest::plain(tool.as_bytes()),
            effect: EffectClass::Read,
            tool: ToolRef { server, tool },
        }
    };
    CATALOGUE.lines().map(tool).collect()
}

/// Texts as vectors.
async fn embedded(model: &FolderEmbedder, texts: Vec<String>) -> Vec<Vec<f32>> {
    let tenant = TenantId::from_uuid(Uuid::nil());
    model.embed(tenant, texts).await.unwrap()
}

/// At which place the first tool stands that serves each question.
fn places(index: &Discovery, meant: Option<&[Vec<f32>]>) -> Vec<(&'static str, Option<usize>)> {
    let asked = QUESTIONS.lines().enumerate().map(|(number, line)| {
        let (question, wanted) = line.split_once('\t').unwrap();
        let meaning = meant.map_or(&[] as &[_], |vectors| &vectors[number..=number]);
        let found = index.find(Need::step(question), meaning, OFFERED);
        let serves = |name: String| wanted.split(',').any(|wanted| wanted == name);
        let place = found.iter().position(|one| serves(one.tool.to_string()));
        (question, place)
    });
    asked.collect()
}

/// Where the model lies that makes vectors.
pub(crate) fn vectors_folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("servers/.vectors/model");
    let vectors = folder.join("model.safetensors");
    let bytes = std::fs::metadata(&vectors).map_or(0, |file| file.len());
    assert!(
        bytes > VECTORS_BYTES,
        "{} is missing: `cargo xtask test` fetches it, or `cargo xtask servers` alone",
        vectors.display()
    );
    folder
}

#[tokio::test]
async fn by_words_and_meaning_a_tool_that_serves_is_offered_as_often_as_was_measured() {
    let model = FolderEmbedder::open(vectors_folder()).await.unwrap();
    let tools = catalogue();
    let texts = tools.iter().map(Discovery::text).collect();
    let index = Discovery::of(&tools).with_vectors(embedded(&model, texts).await);
    let questions = QUESTIONS.lines().map(|line| line.split('\t').next());
    let questions = questions.map(|question| question.unwrap().to_owned());
    let meant = embedded(&model, questions.collect()).await;

    let together = places(&index, Some(&meant));
    assert_eq!(together.len(), 80);
    let missed: Vec<_> = together.iter().filter(|(_, at)| at.is_none()).collect();
    let offered = together.len() - missed.len();
    let first = together.iter().filter(|(_, at)| *at == Some(0)).count();
    println!("{offered} offered, {first} first, missed {missed:#?}");
    assert!(offered >= LEAST_OFFERED, "{offered} of 80: {missed:#?}");
    assert!(first >= LEAST_FIRST, "{first} of 80 first");
    // It is the meaning that brings them in: by words alone fewer are found.
    let by_words = places(&index, None);
    let found = by_words.iter().filter(|(_, at)| at.is_some()).count();
    assert!(found < offered, "{found} by words alone, {offered} with it");
}

//! A catalogue of 220 tools and 80 questions about it.
//!
//! Never here: how the vectors are made.

use chimera_domain::{action::EffectClass, digest::Digest};
use serde_json::json;

use super::*;

/// 220 tools of 22 servers, as a team might have connected them.
const CATALOGUE: &str = include_str!("catalogue.tsv");
/// Questions as people put them, each with the tools of which one must be among those found.
const QUERIES: &str = include_str!("queries.tsv");
/// So many tools a task is offered.
const OFFERED: usize = 8;

fn tool(server: &str, name: &str, about: &str) -> ToolInfo {
    ToolInfo {
        tool: ToolRef {
            server: server.to_owned(),
            tool: name.to_owned(),
        },
        description: about.to_owned(),
        input_schema: json!({ "type": "object" }),
        output_schema: None,
        schema_hash: Digest::plain(name.as_bytes()),
        effect: EffectClass::Read,
    }
}

fn catalogue() -> Vec<ToolInfo> {
    CATALOGUE
        .lines()
        .map(|line| {
            let mut parts = line.split('\t');
            let mut next = || parts.next().unwrap();
            tool(next(), next(), next())
        })
        .collect()
}

/// The share of questions whose tool is among the first `most`, and the questions of which none is.
fn recall(found: &Discovery, most: usize) -> (f64, Vec<String>) {
    let (mut hits, mut all, mut missed) = (0.0, 0.0, Vec::new());
    for line in QUERIES.lines() {
        let (question, wanted) = line.split_once('\t').unwrap();
        let wanted: Vec<&str> = wanted.split(',').collect();
        let offered = found.find(Need::step(question), &[], most);
        all += 1.0;
        let hit = offered
            .iter()
            .any(|one| wanted.contains(&one.tool.to_string().as_str()));
        if hit {
            hits += 1.0;
        } else {
            missed.push(question.to_owned());
        }
    }
    (hits / all, missed)
}

#[test]
fn of_two_hundred_tools_the_few_that_serve_are_offered() {
    let tools = catalogue();
    let servers: BTreeSet<&str> = tools.iter().map(|one| one.tool.server.as_str()).collect();
    assert!(tools.len() >= 200 && servers.len() >= 20);
    let discovery = Discovery::of(&tools);
    let (first, _) = recall(&discovery, 1);
    let (offered, missed) = recall(&discovery, OFFERED);
    println!("recall@1 {first:.3}, recall@{OFFERED} {offered:.3}, missed {missed:#?}");
    assert!(
        offered >= 0.9,
        "recall@{OFFERED} is {offered:.3}: {missed:#?}"
    );
    assert!(first >= 0.6, "recall@1 is {first:.3}");
}

#[test]
fn it_says_by_which_words_and_finds_nothing_where_nothing_fits() {
    let discovery = Discovery::of(&catalogue());
    let found = discovery.find(Need::step("a thumbs up on the message"), &[], 1);
    assert_eq!(found[0].tool.to_string(), "slack.slack_add_reaction");
    assert!(found[0].by.contains(&"messag".to_owned()), "{found:?}");
    assert_eq!(discovery.find(Need::step("xyzzy"), &[], OFFERED), []);
    assert_eq!(discovery.find(Need::step(""), &[], OFFERED), []);
    assert_eq!(
        Discovery::of(&[]).find(Need::step("weather"), &[], OFFERED),
        []
    );
}

#[test]
fn meaning_brings_in_what_shares_no_word() {
    let tools = [
        tool("a", "brew", "Pours something hot"),
        tool("b", "ledger", "Counts coins"),
        tool("c", "notes", "Keeps lines"),
    ];
    let vectors = vec![vec![1.0, 0.0], vec![0.0, 1.0], vec![0.1, -1.0]];
    let discovery = Discovery::of(&tools).with_vectors(vectors);
    assert_eq!(discovery.find(Need::step("espresso"), &[], 3), []);
    let found = discovery.find(Need::step("espresso"), &[vec![0.9, 0.1]], 1);
    assert_eq!(found[0].tool.server, "a");
    // What is high in both orders is before what is first in one.
    let found = discovery.find(Need::step("coins"), &[vec![0.6, 0.5]], 2);
    assert_eq!(found[0].tool.server, "b");
    // Vectors of another maker are no order at all.
    assert_eq!(discovery.find(Need::step("espresso"), &[vec![1.0]], 3), []);
    let torn = Discovery::of(&tools).with_vectors(vec![vec![1.0], vec![1.0, 2.0], vec![0.0]]);
    assert_eq!(torn.find(Need::step("espresso"), &[vec![1.0]], 3), []);
}

#[test]
fn a_server_that_praises_itself_at_length_is_not_found_for_everything() {
    let mut tools = catalogue();
    let praise = "weather mail file message post image video search money ".repeat(2_000);
    tools.push(tool("greedy", "best", &praise));
    let discovery = Discovery::of(&tools);
    let firsts = QUERIES
        .lines()
        .filter(|line| {
            let question = line.split('\t').next().unwrap();
            let found = discovery.find(Need::step(question), &[], 1);
            found[0].tool.server == "greedy"
        })
        .count();
    assert_eq!(firsts, 0);
}

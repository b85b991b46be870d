//! Real child processes: both eras, deaths, noise, and what remains of them afterwards.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use chimera_domain::action::EffectClass;
use chimera_ports::tools::{Outcome, ToolHost};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{StoodClock, classed, grant, host, request, tenant};
use crate::{ChildProcess, HostOptions, McpHost, ServerSpec, Transport, codes, start};

/// The example `peer`, which is built together with the tests.
fn program() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let target = here.parent().and_then(Path::parent).unwrap();
    let program = target
        .join("examples")
        .join(format!("peer{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.exists(),
        "build it first: cargo build -p chimera-mcp --example peer"
    );
    program
}

pub(super) fn child(mode: &str) -> ServerSpec {
    classed(ServerSpec::new(
        "peer",
        Transport::Stdio(ChildProcess::new(program(), [mode])),
    ))
}

fn with(spec: ServerSpec) -> McpHost {
    host(vec![spec]).1
}

/// Whether a process of that number runs (a zombie does not).
fn runs(pid: u64) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        !stat
            .rsplit(')')
            .next()
            .unwrap_or("")
            .trim_start()
            .starts_with('Z')
    })
}

async fn until_gone(pid: u64) {
    while runs(pid) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn said(host: &McpHost, word: &str) -> String {
    loop {
        let words = host.last_words(tenant(), "peer").unwrap();
        if let Some(line) = words.iter().find(|line| line.contains(word)) {
            return line.clone();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_modern_server_is_discovered() {
    let host = with(child("modern"));
    let reply = host
        .read(request("echo", json!({"text": "hi"})))
        .await
        .unwrap();
    assert_eq!(reply.content, json!({"text": "hi"}));
    let [status] = &host.servers(tenant()).await[..] else {
        panic!()
    };
    assert_eq!(
        (status.transport.as_str(), status.protocol.as_deref()),
        ("stdio", Some("2026-07-28"))
    );
}

#[tokio::test]
async fn an_old_server_is_spoken_to_in_its_own_tongue() {
    let host = with(child("legacy"));
    let reply = host
        .perform(request("echo", json!({"a": 1})), &grant("k-9"))
        .await
        .unwrap();
    let params: serde_json::Value =
        serde_json::from_str(reply.content["text"].as_str().unwrap()).unwrap();
    assert_eq!(params["arguments"], json!({"a": 1}));
    assert_eq!(params["_meta"]["chimera/intentKey"], "k-9");
    assert_eq!(
        params["_meta"].get("io.modelcontextprotocol/protocolVersion"),
        None
    );
    let [status] = &host.servers(tenant()).await[..] else {
        panic!()
    };
    assert_eq!(status.protocol.as_deref(), Some("2025-11-25"));
}

#[tokio::test]
async fn an_old_server_that_dies_of_the_question_is_asked_again_in_its_tongue() {
    let host = with(child("brittle"));
    assert!(host.read(request("echo", json!({}))).await.is_ok());
    assert_eq!(
        host.servers(tenant()).await[0].protocol.as_deref(),
        Some("2025-11-25")
    );
}

#[tokio::test]
async fn what_was_learnt_of_an_old_server_is_remembered_over_its_death() {
    let host = with(child("brittle"));
    let reply = host.read(request("pid", json!({}))).await.unwrap();
    let pid = reply.content["text"].as_str().unwrap().to_owned();
    // Its words arrive on their own way, so wait for as many as are expected.
    let starts = async |expected: usize| {
        loop {
            let words = host.last_words(tenant(), "peer").unwrap();
            let starts = words
                .iter()
                .filter(|line| line.starts_with("peer starts"))
                .count();
            if starts >= expected {
                return starts;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    // Once to ask it and once to be understood.
    assert_eq!(starts(2).await, 2);
    let killed = std::process::Command::new("kill")
        .args(["-9", &pid])
        .status()
        .unwrap();
    assert!(killed.success());
    while host.servers(tenant()).await[0].connected {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let gone = host.servers(tenant()).await[0].problem.clone().unwrap();
    assert!(gone.message.contains("signal: 9"), "{gone}");
    host.read(request("echo", json!({}))).await.unwrap();
    assert_eq!(starts(3).await, 3);
}

#[tokio::test]
async fn a_death_in_mid_call_is_told_with_its_exit_and_the_next_call_starts_it_again() {
    let mut spec = child("modern");
    spec.read_retries = 0;
    let host = with(spec);
    let first = host.read(request("pid", json!({}))).await.unwrap().content["pid"]
        .as_u64()
        .unwrap();
    let error = host.read(request("die", json!({}))).await.unwrap_err();
    assert_eq!(error.fault.code, codes::MCP_CONNECTION_LOST);
    assert!(error.fault.message.contains("exit status: 3"), "{error}");
    assert_eq!(said(&host, "peer dies").await, "peer dies");
    assert!(!host.servers(tenant()).await[0].connected);
    let second = host.read(request("pid", json!({}))).await.unwrap().content["pid"]
        .as_u64()
        .unwrap();
    assert_ne!(first, second);
    until_gone(first).await;
}

#[tokio::test]
async fn noise_on_the_output_is_skipped_and_endless_noise_is_not() {
    let host = with(child("modern"));
    let reply = host.read(request("noise", json!({}))).await.unwrap();
    assert_eq!(reply.content, json!({"noise": true}));
    let error = with(child("noisy"))
        .read(request("echo", json!({})))
        .await
        .unwrap_err();
    assert_eq!(error.fault.code, codes::MCP_SERVER_DOWN);
    assert!(error.fault.message.contains("1000 lines"), "{error}");
}

#[tokio::test]
async fn a_broken_message_ends_the_connection_at_once() {
    let host = with(child("modern"));
    let error = host
        .perform(request("broken_message", json!({})), &grant("k"))
        .await
        .unwrap_err();
    assert_eq!(error.fault.code, codes::MCP_CONNECTION_LOST);
    assert_eq!(error.outcome, Outcome::Unknown);
    assert!(error.fault.message.contains("not JSON"), "{error}");
}

#[tokio::test]
async fn a_message_that_never_fits_is_refused_over_a_real_pipe() {
    let host = with(child("modern"));
    let absurd = json!({"bytes": 50 * 1024 * 1024});
    let error = host.read(request("huge", absurd)).await.unwrap_err();
    assert_eq!(error.fault.code, codes::TOOL_RESULT_TOO_LARGE);
}

#[tokio::test]
async fn a_mute_server_is_down_within_its_limit() {
    let mut spec = child("mute");
    spec.connect_timeout = Duration::from_millis(100);
    let host = with(spec);
    let error = host.read(request("echo", json!({}))).await.unwrap_err();
    assert_eq!(error.fault.code, codes::MCP_SERVER_DOWN);
    assert!(error.fault.message.contains("not ready"), "{error}");
    assert_eq!(error.outcome, Outcome::NotPerformed);
}

#[tokio::test]
async fn a_child_gets_the_listed_environment_and_its_secrets_stay_out_of_its_words() {
    let mut program = ChildProcess::new(program(), ["modern"]);
    program.env.insert("TOKEN".into(), "hush-hush".into());
    let spec = ServerSpec::new("peer", Transport::Stdio(program)).tool("words", EffectClass::Read);
    let (_service, host) = start(HostOptions {
        servers: vec![spec],
        base_env: BTreeMap::from([("LANG".to_owned(), "C".to_owned())]),
        clock: Arc::new(StoodClock::default()),
    })
    .unwrap();
    host.read(request("words", json!({}))).await.unwrap();
    assert_eq!(said(&host, "TOKEN").await, "env TOKEN=•••");
    said(&host, "env LANG").await;
    let words = host.last_words(tenant(), "peer").unwrap();
    let env: Vec<&str> = words
        .iter()
        .filter_map(|line| line.strip_prefix("env "))
        // A child that counts its own lines for coverage sets it itself.
        .filter(|line| !line.starts_with("__LLVM_PROFILE"))
        .collect();
    assert_eq!(env.len(), 2, "{env:?}");
}

#[tokio::test]
async fn children_leave_with_the_host_and_so_do_their_children() {
    let (service, host, _) = host(vec![child("stubborn")]);
    let stop = CancellationToken::new();
    let running = tokio::spawn(service.run(stop.clone()));
    let reply = host.read(request("pid", json!({}))).await.unwrap();
    let pid: u64 = reply.content["text"].as_str().unwrap().parse().unwrap();
    let grandchild: u64 = said(&host, "grandchild")
        .await
        .rsplit(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!(runs(pid) && runs(grandchild));
    stop.cancel();
    running.await.unwrap();
    until_gone(pid).await;
    until_gone(grandchild).await;
}

#[tokio::test]
async fn a_dropped_host_leaves_no_children_either() {
    let host = with(child("modern"));
    let pid = host.read(request("pid", json!({}))).await.unwrap().content["pid"]
        .as_u64()
        .unwrap();
    drop(host);
    until_gone(pid).await;
}

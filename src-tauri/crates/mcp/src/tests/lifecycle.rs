//! Connecting, dying, coming back; what the connections screen learns of it.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use chimera_domain::action::EffectClass;
use chimera_ports::tools::{ServerStatus, ToolHost};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::{host, in_process, peer_spec, request, tenant};
use crate::{ChildProcess, HostOptions, ServerSpec, Transport, codes, start, tests::StoodClock};

fn absent(name: &str) -> ServerSpec {
    ServerSpec::new(
        name,
        Transport::Stdio(ChildProcess::new("/no/such/program", [""; 0])),
    )
}

#[tokio::test]
async fn the_catalogue_holds_every_page_with_the_operators_classes() {
    let (host, _) = in_process();
    let tools = host.tools(tenant()).await.unwrap();
    assert_eq!(tools.len(), 20);
    let act = tools.iter().find(|tool| tool.tool.tool == "act").unwrap();
    assert_eq!(act.effect, EffectClass::Outward);
    let echo = tools.iter().find(|tool| tool.tool.tool == "echo").unwrap();
    assert_eq!(echo.effect, EffectClass::Read);
    assert!(echo.output_schema.is_some());
    // The same server lists the same digests again.
    let again = in_process().0.tools(tenant()).await.unwrap();
    assert_eq!(tools, again);
}

#[tokio::test]
async fn a_changed_tool_list_is_noticed() {
    let (host, _) = in_process();
    host.read(request("grow", json!({}))).await.unwrap();
    // The notice travels on its own; the host lists again as soon as it has arrived.
    while host.tools(tenant()).await.unwrap().len() == 20 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(
        host.tools(tenant())
            .await
            .unwrap()
            .iter()
            .any(|tool| tool.tool.tool == "late")
    );
}

#[tokio::test(start_paused = true)]
async fn what_changed_while_nobody_could_be_told_is_listed_once_the_stream_stands_again() {
    let (host, shared) = in_process();
    let listed = async || host.tools(tenant()).await.unwrap().len();
    assert_eq!(listed().await, 20);
    shared.parting.notify_one();
    tokio::time::sleep(Duration::from_secs(5)).await;
    // What the first stream said when it stood is used up.
    assert_eq!(listed().await, 20);
    shared.grown.store(true, Ordering::Release);
    assert_eq!(listed().await, 20, "nobody said so");
    let again = async {
        while listed().await == 20 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    let within = Duration::from_secs(60);
    tokio::time::timeout(within, again).await.unwrap();
    assert_eq!(listed().await, 21);
}

#[tokio::test]
async fn a_dead_server_leaves_its_tools_out_and_no_server_at_all_is_an_error() {
    let (_service, mixed, _) = host(vec![peer_spec(&Arc::default()), absent("gone")]);
    assert_eq!(mixed.tools(tenant()).await.unwrap().len(), 20);
    let (_service, alone, _) = host(vec![absent("gone")]);
    let error = alone.tools(tenant()).await.unwrap_err();
    assert_eq!(error.fault.code, codes::MCP_SERVER_DOWN);
    assert!(error.fault.message.contains("/no/such/program"), "{error}");
    let (_service, empty, _) = host(vec![]);
    assert_eq!(empty.tools(tenant()).await.unwrap(), []);
}

#[tokio::test]
async fn a_server_that_cannot_start_is_left_alone_for_a_while() {
    let (_service, host, _) = host(vec![absent("gone")]);
    assert!(
        host.tools(tenant())
            .await
            .unwrap_err()
            .fault
            .retry_after_ms
            .is_none()
    );
    let soon = host.tools(tenant()).await.unwrap_err();
    let wait = soon.fault.retry_after_ms.unwrap();
    assert!((1..=500).contains(&wait), "{wait}");
}

#[tokio::test]
async fn a_read_survives_one_death_and_not_two() {
    let (host, _) = in_process();
    let reply = host.read(request("die_once", json!({}))).await.unwrap();
    assert_eq!(reply.content, json!({"alive": true}));
    let error = host.read(request("die", json!({}))).await.unwrap_err();
    assert_eq!(error.fault.code, codes::MCP_CONNECTION_LOST);
    // And the next call starts the server again.
    assert!(host.read(request("words", json!({}))).await.is_ok());
}

#[tokio::test]
async fn a_hung_connection_is_given_up_after_three_silences() {
    let (_service, host, clock) = host(vec![peer_spec(&Arc::default())]);
    for _ in 0..3 {
        let mut slow = request("hang", json!({}));
        slow.timeout = Duration::from_millis(50);
        assert_eq!(
            host.read(slow).await.unwrap_err().fault.code,
            codes::MCP_TIMEOUT
        );
    }
    let [status] = &host.servers(tenant()).await[..] else {
        panic!()
    };
    assert!(!status.connected, "{status:?}");
    let refused = host.read(request("words", json!({}))).await.unwrap_err();
    assert_eq!(refused.fault.code, codes::MCP_CIRCUIT_OPEN);
    assert_eq!(refused.fault.retry_after_ms, Some(2_000));
    assert!(status.interruption.is_some(), "{status:?}");
    clock.advance(2);
    assert!(host.read(request("words", json!({}))).await.is_ok());
    assert_eq!(host.servers(tenant()).await[0].interruption, None);
}

#[tokio::test]
async fn the_status_tells_what_is_known() {
    let (_service, host, _) = host(vec![absent("gone"), peer_spec(&Arc::default())]);
    let unknown = |name: &str, transport: &str| ServerStatus {
        name: name.into(),
        transport: transport.into(),
        connected: false,
        protocol: None,
        tools: 0,
        problem: None,
        interruption: None,
        group: None,
        under_way: 0,
        stood_in: 0,
        running: Vec::new(),
    };
    assert_eq!(
        host.servers(tenant()).await,
        [unknown("gone", "stdio"), unknown("peer", "in-process")]
    );
    let gone = host.probe(tenant(), "gone").await.unwrap();
    assert_eq!(gone.problem.unwrap().code, codes::MCP_SERVER_DOWN);
    let peer = host.probe(tenant(), "peer").await.unwrap();
    assert_eq!(
        (
            peer.connected,
            peer.protocol.as_deref(),
            peer.tools,
            peer.problem
        ),
        (true, Some("2026-07-28"), 20, None)
    );
    assert!(host.probe(tenant(), "nobody").await.is_err());
}

#[tokio::test]
async fn a_probe_asks_the_server_and_not_the_memory_of_it() {
    let shared = Arc::default();
    let mut spec = peer_spec(&shared);
    spec.request_timeout = Duration::from_secs(1);
    let (_service, host, _) = host(vec![spec]);
    assert!(host.probe(tenant(), "peer").await.unwrap().connected);
    // It dies unseen: the probe starts it again.
    drop(host.read(request("die", json!({}))).await);
    assert!(host.probe(tenant(), "peer").await.unwrap().connected);
    shared.is_mute.store(true, Ordering::Release);
    let silent = host.probe(tenant(), "peer").await.unwrap();
    assert!(!silent.connected, "{silent:?}");
    assert_eq!(silent.problem.unwrap().code, codes::MCP_TIMEOUT);
    let still = &host.servers(tenant()).await[0];
    assert!(still.connected, "calls may work all the same: {still:?}");
}

#[tokio::test]
async fn the_service_connects_at_the_start_and_closes_at_the_end() {
    let (service, host, _) = host(vec![peer_spec(&Arc::default())]);
    let stop = CancellationToken::new();
    let running = tokio::spawn(service.run(stop.clone()));
    while !host.servers(tenant()).await[0].connected {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.cancel();
    running.await.unwrap();
    let error = host.read(request("words", json!({}))).await.unwrap_err();
    assert_eq!(error.fault.code, codes::MCP_SHUT_DOWN);
}

#[test]
fn two_servers_of_one_name_are_refused() {
    let options = HostOptions {
        servers: vec![absent("twin"), absent("twin")],
        base_env: std::collections::BTreeMap::new(),
        clock: Arc::new(StoodClock::default()),
    };
    let error = start(options).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("'twin' twice"));
}

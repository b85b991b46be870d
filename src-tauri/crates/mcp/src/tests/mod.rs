//! The host against servers that behave, and servers that do not.
//!
//! Never here: a fake of the protocol inside our own client; the other side is always real.

mod acting;
mod asker;
mod authorized;
mod far;
mod fitting;
mod following;
mod hostile_http;
mod lifecycle;
mod offer;
mod over_http;
mod peer;
mod pins;
mod progress;
mod prompts;
mod questions;
mod reading;
mod resources;
mod sharing;
mod stdio;

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chimera_canon::Digest;
use chimera_domain::{
    action::{EffectClass, Grant, ToolRef},
    id::{EffectId, TenantId},
    time::Timestamp,
    trace::{SpanId, TraceContext, TraceId},
};
use chimera_ports::{clock::Clock, tools::ToolRequest};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{HostOptions, McpHost, McpService, ServerSpec, Transport, start};
use peer::{Peer, Shared};

/// A clock that stands still until it is set.
#[derive(Default)]
struct StoodClock(AtomicI64);

impl StoodClock {
    fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }
}

impl Clock for StoodClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::Relaxed))
    }
}

fn tenant() -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(7))
}

fn host(servers: Vec<ServerSpec>) -> (McpService, McpHost, Arc<StoodClock>) {
    let clock = Arc::new(StoodClock::default());
    let (service, host) = start(HostOptions {
        servers,
        base_env: BTreeMap::new(),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
    })
    .unwrap();
    (service, host, clock)
}

/// The peer in process, all of its tools classed as reading but `act`.
fn peer_spec(shared: &Arc<Shared>) -> ServerSpec {
    let shared = Arc::clone(shared);
    let transport = Transport::in_process(move |pipe| {
        let end = CancellationToken::new();
        let peer = Peer::new(Arc::clone(&shared), {
            let end = end.clone();
            move || end.cancel()
        });
        async move {
            // Through a second pipe, so that a death cuts the line at once.
            let (mut pipe, (mut near, far)) = (pipe, tokio::io::duplex(64 * 1024));
            tokio::spawn(peer.serve(far));
            tokio::select! {
                _ended = tokio::io::copy_bidirectional(&mut pipe, &mut near) => {}
                () = end.cancelled() => {}
            }
        }
    });
    classed(ServerSpec::new("peer", transport))
}

fn classed(mut spec: ServerSpec) -> ServerSpec {
    for tool in [
        "echo",
        "broken_promise",
        "forgotten_promise",
        "words",
        "meta",
        "fail",
        "huge",
        "hang",
        "die",
        "die_once",
        "ask",
        "elicit",
        "refuse",
        "grow",
        "step",
        "pid",
        "noise",
        "broken_message",
        "picture",
        "late",
    ] {
        spec = spec.tool(tool, EffectClass::Read);
    }
    spec.tool("act", EffectClass::Outward)
}

fn in_process() -> (McpHost, Arc<Shared>) {
    let shared = Arc::default();
    let (_service, host, _) = host(vec![peer_spec(&shared)]);
    (host, shared)
}

fn request(tool: &str, arguments: Value) -> ToolRequest {
    ToolRequest {
        tenant: tenant(),
        agent: None,
        words_of: None,
        tool: ToolRef {
            server: "peer".into(),
            tool: tool.into(),
        },
        arguments,
        trace: TraceContext {
            trace: TraceId::from_bits(1),
            span: SpanId::from_bits(2),
        },
        timeout: Duration::from_secs(20),
    }
}

fn grant(intent_key: &str) -> Grant {
    let effect = EffectId::from_uuid(Uuid::from_u128(1));
    Grant::after_recheck(effect, Digest::plain(b"decided"), intent_key.into())
}

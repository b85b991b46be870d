//! The sandbox as its callers meet it, over MCP, and its journal as a crash leaves it.
//!
//! Never here: a way past the protocol that the product does not have.

mod crashes;
mod figures;
mod posting;
mod reading;

use std::{path::Path, sync::Arc};

use chimera_domain::id::AgentId;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{JournalState, MemoryState, Sandbox, SandboxOptions, SandboxState};
use crate::client::{Client, StoodClock, tenant};

const START: &str = "2026-11-21T10:00:00Z";

fn agent(number: u128) -> AgentId {
    AgentId::from_uuid(Uuid::from_u128(number))
}

fn sandbox(state: impl SandboxState + 'static) -> (Sandbox, Arc<StoodClock>) {
    let clock = StoodClock::at(START);
    let sandbox = Sandbox::open(SandboxOptions {
        state: Box::new(state),
        clock: clock.clone(),
        tenant: None,
    });
    (sandbox.unwrap(), clock)
}

async fn client() -> (Client, Arc<StoodClock>) {
    let (sandbox, clock) = sandbox(MemoryState);
    (Client::of(sandbox).await, clock)
}

async fn on(path: &Path) -> Client {
    Client::of(sandbox(JournalState::open(path).unwrap()).0).await
}

/// A post by agent 1 for tenant 1, labelled as it must be.
fn post(text: &str) -> Value {
    json!({
        "platform": "sandbox",
        "tenant_id": tenant(1),
        "agent_id": agent(1),
        "content": {"text": text},
        "disclosure": {"ai_generated": true, "disclosure_level": "automated"},
        "scheduling": {"mode": "immediate"},
        "tracking": {"campaign_id": Uuid::from_u128(5), "task_id": Uuid::from_u128(6)},
    })
}

fn with(mut value: Value, pointer: &str, change: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    value.pointer_mut(parent).unwrap()[name] = change;
    value
}

async fn texts(client: &Client) -> Vec<String> {
    let feed = client
        .call("fetch_feed", json!({"limit": 100}))
        .await
        .unwrap();
    let posts = feed["posts"].as_array().unwrap();
    posts
        .iter()
        .map(|post| post["text"].as_str().unwrap().to_owned())
        .collect()
}

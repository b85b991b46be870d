//! Tells people when a provider or a server is left alone after failures, and watchers when it is back.
//!
//! Never here: whether it is left alone (`model`, `mcp`), or what waits for it (the API's status).

use std::{collections::BTreeMap, time::Duration};

use chimera_domain::{
    breaker::Interruption,
    change::Change,
    event::{Event, Fact},
    fault::Fault,
    id::TenantId,
    role::Actor,
};
use chimera_ports::model::{ModelRole, circuit_open};
use chimera_runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::refusing::raise;

/// Pause between two looks; each is a look into memory.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Roles whose models are looked at.
const ROLES: [ModelRole; 3] = [ModelRole::Planner, ModelRole::Worker, ModelRole::Judge];

/// What is left alone, by the words of an alert's title.
type Open = BTreeMap<String, Fault>;

/// Looks until `stop`.
pub(crate) async fn watch(runtime: Runtime, stop: CancellationToken) {
    let mut before: BTreeMap<TenantId, Open> = BTreeMap::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        let tenants = match runtime.store().tenants().await {
            Ok(tenants) => tenants,
            Err(error) => {
                tracing::warn!(%error, "nobody can be told now how providers and servers are");
                continue;
            }
        };
        for tenant in tenants {
            let now = look(&runtime, tenant.id).await;
            let known = before.entry(tenant.id).or_default();
            if let Err(error) = tell(&runtime, tenant.id, known, &now).await {
                // Looked at again: who was not told is told then.
                tracing::warn!(%error, "people could not be told of a provider or a server that fails");
                continue;
            }
            *known = now;
        }
    }
}

/// What is left alone now, as far as this tenant sees it.
async fn look(runtime: &Runtime, tenant: TenantId) -> Open {
    let mut open = Open::new();
    let at = runtime.clock().now();
    for role in ROLES {
        if let Some(interruption) = runtime.model().health(role).interruption {
            let title = "The AI provider fails and is left alone".to_owned();
            open.insert(title, circuit_open(&interruption, at));
        }
    }
    for server in runtime.tools().servers(tenant).await {
        if let Some(interruption) = server.interruption {
            let title = format!("The server \"{}\" fails and is left alone", server.name);
            open.insert(title, of_server(&server.name, &interruption));
        }
    }
    open
}

fn of_server(name: &str, open: &Interruption) -> Fault {
    let message = format!(
        "\"{name}\" has failed since {}. What needs it waits and loses no try; it is tried again by itself, and everything else goes on. Last: {}",
        open.since, open.cause
    );
    Fault::of("MCP_CIRCUIT_OPEN", message)
}

async fn tell(
    runtime: &Runtime,
    tenant: TenantId,
    before: &Open,
    now: &Open,
) -> Result<(), chimera_ports::error::PortError> {
    for (title, fault) in now {
        if !before.contains_key(title) {
            raise(runtime, tenant, fault, title).await?;
        }
    }
    if before.keys().any(|title| !now.contains_key(title)) {
        let back = Event {
            seq: 0,
            tenant,
            actor: Actor::system("health"),
            at: runtime.clock().now(),
            fact: Fact::SettingsChanged {
                area: "status".to_owned(),
            },
        };
        let notes = vec![Change::Event(back)];
        runtime.store().append(tenant, notes).await?;
    }
    if !before.keys().eq(now.keys()) {
        runtime.announce_newest(tenant).await;
    }
    Ok(())
}

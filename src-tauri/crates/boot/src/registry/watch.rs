//! Looks at what registered servers say of themselves: what is seen first is pinned, and of what is not as it was
//! pinned people are told, once for each change.
//!
//! Never here: holding a tool back (the host does, at every call).

use std::{sync::Arc, time::Duration};

use chimera_domain::{
    change::Change,
    event::{Event, Fact},
    fault::Fault,
    role::Actor,
    server::{Listing, RegisteredServer, ServerEntry, ToolChange},
};
use chimera_mcp::codes;
use chimera_ports::registry::{DeskError, Standing};
use chimera_runtime::Runtime;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{Registry, next};
use crate::refusing::raise;

/// Pause between two looks; each is a look into memory, unless a server said that its tools changed.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Looks between two tries to erase from the keychain what was taken back.
const ERASE_EVERY: u64 = 60;
/// Most names of tools that an alert has.
const MAX_NAMED: usize = 10;

/// Looks until `stop`.
pub(crate) async fn watch(registry: Arc<Registry>, runtime: Runtime, stop: CancellationToken) {
    for looks in 0_u64.. {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
        registry.followed.let_go();
        if looks.is_multiple_of(ERASE_EVERY)
            && let Err(error) = registry.erase_what_left().await
        {
            tracing::warn!(%error, "what was taken back could not be looked at; it is tried again");
        }
        if let Err(error) = look(&registry, &runtime).await {
            // Looked at again: who was not told is told then.
            tracing::warn!(%error, "the registered MCP servers could not be looked at");
        }
    }
}

async fn look(registry: &Registry, runtime: &Runtime) -> Result<(), DeskError> {
    for tenant in registry.store.tenants().await? {
        for server in registry.store.registered(tenant.id).await? {
            let launch = registry.launch(server.tenant, &server.entry);
            if Registry::standing(&server.entry, &launch) != Standing::Trusted {
                continue;
            }
            let Some(listing) = registry.host.listed(server.tenant, &server.name).await else {
                continue;
            };
            if note_edition(registry, runtime, &server, &listing).await? {
                continue;
            }
            if server.entry.pins.as_ref() == Some(&listing) {
                continue;
            }
            compare(registry, runtime, &server, listing).await?;
        }
    }
    Ok(())
}

/// Writes down what a server calls itself, where that is new or was long not written. True when it did; then the entry
/// is another one.
async fn note_edition(
    registry: &Registry,
    runtime: &Runtime,
    server: &RegisteredServer,
    listing: &Listing,
) -> Result<bool, DeskError> {
    let Some(told) = registry.host.told(server.tenant, &server.name).await else {
        return Ok(false);
    };
    let difference = server.entry.pins.as_ref().map(|pins| listing.beside(pins));
    let before = &server.entry.editions;
    let Some(editions) = before.after(&told, difference.as_ref(), registry.clock.now()) else {
        return Ok(false);
    };
    let _turn = registry.turn.lock().await;
    let newest = registry
        .store
        .registered_server(server.tenant, &server.name)
        .await?;
    if newest.version != server.version {
        return Ok(true);
    }
    let was = before.newest().map(|edition| &edition.told);
    let note = if was == Some(&told) {
        Vec::new()
    } else {
        let changes = editions.newest().map(|edition| edition.changes.clone());
        let output = json!({
            "server": server.name, "was": was, "is": told, "changes": changes,
            "wanted": before.required,
        });
        notes(runtime, server, "server.version", output)
    };
    let entry = ServerEntry {
        editions,
        ..server.entry.clone()
    };
    let after = next(server, entry, registry.clock.as_ref());
    registry.store.change_server(&after, note).await?;
    runtime.announce_newest(server.tenant).await;
    Ok(true)
}

async fn compare(
    registry: &Registry,
    runtime: &Runtime,
    server: &RegisteredServer,
    listing: Listing,
) -> Result<(), DeskError> {
    let _turn = registry.turn.lock().await;
    // A person may have trusted it while we waited for our turn.
    let newest = registry
        .store
        .registered_server(server.tenant, &server.name)
        .await?;
    if newest.version != server.version {
        return Ok(());
    }
    let name = &server.name;
    let Some(pins) = &server.entry.pins else {
        let tools: Vec<String> = listing.tools.keys().cloned().collect();
        registry
            .pin_to(server, listing, |digest| {
                notes(
                    runtime,
                    server,
                    "server.pin",
                    json!({ "server": name, "listing": digest, "tools": tools }),
                )
            })
            .await?;
        runtime.announce_newest(server.tenant).await;
        return Ok(());
    };
    let difference = listing.beside(pins);
    let seen = listing.digest().ok();
    if !difference.holds() || seen.is_none() || server.entry.told == seen {
        return Ok(());
    }
    let held: Vec<String> = difference
        .tools
        .iter()
        .filter_map(|change| match change {
            ToolChange::New(form) => Some(form.name.clone()),
            ToolChange::Changed { is, .. } => Some(is.name.clone()),
            ToolChange::Gone(_) => None,
        })
        .collect();
    let fault = told(name, difference.instructions.is_some(), &held);
    let title = format!("The MCP server \"{name}\" is not what it was");
    raise(runtime, server.tenant, &fault, &title).await?;
    let entry = ServerEntry {
        told: seen,
        ..server.entry.clone()
    };
    let output = json!({
        "server": name, "listing": seen, "tools": held, "instructions": difference.instructions.is_some(),
    });
    let note = notes(runtime, server, "server.quarantine", output);
    let after = next(server, entry, registry.clock.as_ref());
    registry.store.change_server(&after, note).await?;
    runtime.announce_newest(server.tenant).await;
    Ok(())
}

fn told(server: &str, instructions: bool, tools: &[String]) -> Fault {
    let named = tools
        .iter()
        .take(MAX_NAMED)
        .map(|tool| format!("'{}'", tool.chars().take(80).collect::<String>()))
        .collect::<Vec<_>>()
        .join(", ");
    let more = tools.len().saturating_sub(MAX_NAMED);
    let what = match (instructions, more) {
        (true, _) => "its instructions, and so all of its tools".to_owned(),
        (false, 0) => named,
        (false, more) => format!("{named} and {more} more"),
    };
    Fault::of(
        codes::MCP_TOOL_QUARANTINED,
        format!(
            "\"{server}\" does not say the same of itself as when it was trusted: {what}. What changed is neither offered nor called, and what waits for it stays held. Look at the change under Connections, and trust it or leave it."
        ),
    )
}

fn notes(runtime: &Runtime, server: &RegisteredServer, action: &str, output: Value) -> Vec<Change> {
    let actor = Actor::system("registry");
    let record = runtime.record(server.tenant, actor.clone(), action, output);
    let event = Event {
        seq: 0,
        tenant: server.tenant,
        actor,
        at: record.at,
        fact: Fact::SettingsChanged {
            area: "connections".to_owned(),
        },
    };
    vec![Change::Event(event), Change::Audit(record)]
}

//! How a server was run before it was run otherwise: kept at each change, and run again in one act.
//!
//! Never here: what a server calls itself (`watch` writes it down).

use chimera_domain::{fault::Fault, id::TenantId, server::ServerEntry, server_edition::Former};
use chimera_mcp::codes;
use chimera_ports::{
    error::PortError,
    registry::{DeskError, Notes, ShownServer},
};
use serde_json::{Value, json};

use super::{Registry, next};

impl Registry {
    /// How a server is run now, as it is kept when it is run otherwise: with its trust, where that is of this.
    pub(super) fn former(&self, tenant: TenantId, entry: &ServerEntry) -> Former {
        let launch = self.launch(tenant, entry).ok().map(|(_, digest)| digest);
        let trust = entry.trust.clone();
        Former {
            reach: entry.reach.clone(),
            trust: trust.filter(|trust| launch == Some(trust.launch)),
            pins: entry.pins.clone(),
            until: self.clock.now(),
        }
    }

    /// Runs a server as it was run before; what it is run by now is kept.
    pub(super) async fn run_as_before(
        &self,
        tenant: TenantId,
        name: &str,
        version: u32,
        notes: Notes<'_>,
    ) -> Result<ShownServer, DeskError> {
        let turn = self.turn.lock().await;
        let before = self.stored(tenant, name).await?;
        if before.version != version {
            return Err(PortError::conflict("server", name).into());
        }
        let Some(kept) = before.entry.editions.former.as_deref() else {
            return Err(DeskError::Refused(Fault::of(
                codes::MCP_ENTRY_INVALID,
                format!("'{name}' was never run otherwise than now. Nothing was changed."),
            )));
        };
        let mut editions = before.entry.editions.clone();
        editions.former = Some(Box::new(self.former(tenant, &before.entry)));
        let entry = ServerEntry {
            reach: kept.reach.clone(),
            trust: kept.trust.clone(),
            pins: kept.pins.clone(),
            told: None,
            editions,
            ..before.entry.clone()
        };
        self.admit(tenant, name, &entry)?;
        self.unless_still(tenant, name, Some(&entry)).await?;
        let after = next(&before, entry, self.clock.as_ref());
        let output = json!({
            "server": name, "was": before.entry.reach, "is": after.entry.reach,
            "trusted": after.entry.trust.is_some(),
        });
        self.store
            .change_server(&after, notes("server.roll_back", output))
            .await?;
        self.place(&after);
        drop(turn);
        Ok(self.shown(after).await)
    }
}

/// What a person may change of a server, for the record.
pub(super) fn settings(entry: &ServerEntry) -> Value {
    json!({
        "reach": entry.reach, "enabled": entry.enabled, "group": entry.group,
        "required_version": entry.editions.required,
    })
}

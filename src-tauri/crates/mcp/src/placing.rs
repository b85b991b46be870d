//! Servers that come, change and go while the host runs: those of one tenant's registry.
//!
//! Never here: whether a server may run (`ServerSpec::barred` says it), or storing anything.

use std::sync::{Arc, PoisonError};

use chimera_domain::{
    fault::{Fault, FaultClass},
    id::TenantId,
    server::Listing,
    server_edition::Told,
};
use chimera_ports::tools::{ServerOffer, ToolError};

use crate::{
    codes::{MCP_CONNECTION_LOST, unknown_server},
    host::McpHost,
    slot::Slot,
    spec::{ServerSpec, Visibility},
    terms::Terms,
};

/// Whether a server is one of this tenant's alone.
fn is_of(slot: &Slot, tenant: TenantId) -> bool {
    matches!(&slot.spec.visibility, Visibility::Only(tenants) if tenants.contains(&tenant))
}

/// Why what ran under this name does not run any longer.
fn replaced(by: &Slot) -> Fault {
    by.spec.barred.clone().unwrap_or_else(|| {
        let why = format!(
            "the MCP server '{}' was changed and is run anew; what was under way with the former one has ended; ask again",
            by.spec.name
        );
        Fault::new(FaultClass::Transient, MCP_CONNECTION_LOST, why)
    })
}

impl McpHost {
    /// Whether a server that everybody sees has this name: no tenant's own may have it too.
    #[must_use]
    pub fn is_shipped(&self, name: &str) -> bool {
        self.0
            .slots()
            .iter()
            .any(|slot| slot.spec.name == name && slot.spec.visibility == Visibility::Everybody)
    }

    /// Takes up a server of this tenant alone, in place of one of the same name, whose connection is closed. It is
    /// started at once, unless it is barred.
    pub fn place(&self, tenant: TenantId, mut spec: ServerSpec, terms: Terms) {
        spec.visibility = Visibility::Only([tenant].into());
        let slot = Arc::new(Slot::new(
            spec,
            Arc::clone(&self.0.base_env),
            self.0.tasks.clone(),
            Arc::clone(&self.0.clock),
            Arc::clone(&self.0.questions),
            Arc::clone(&self.0.ear),
        ));
        slot.set_terms(terms);
        let before = {
            let mut slots = self.0.slots.write().unwrap_or_else(PoisonError::into_inner);
            let before = slots
                .iter()
                .position(|one| one.spec.name == slot.spec.name && is_of(one, tenant))
                .map(|at| slots.remove(at));
            let at = slots.partition_point(|one| one.spec.name < slot.spec.name);
            slots.insert(at, Arc::clone(&slot));
            before
        };
        if let Some(before) = before {
            slot.keep_words_of(&before);
            before.shut_because(replaced(&slot));
        }
        if self.0.tasks.is_closed() {
            slot.shut();
            return;
        }
        if slot.spec.barred.is_none() {
            self.0.tasks.spawn(async move {
                if let Err(error) = slot.connection().await {
                    tracing::warn!(server = %slot.spec.name, %error, "an MCP server did not start");
                }
            });
        }
    }

    /// Lets a server of this tenant go.
    pub fn displace(&self, tenant: TenantId, name: &str) {
        let gone = {
            let mut slots = self.0.slots.write().unwrap_or_else(PoisonError::into_inner);
            let at = slots
                .iter()
                .position(|one| one.spec.name == name && is_of(one, tenant));
            at.map(|at| slots.remove(at))
        };
        if let Some(gone) = gone {
            gone.shut_because(unknown_server(name, &[]).fault);
        }
    }

    /// Changes the operator's word on a server of this tenant; what runs goes on running.
    pub fn set_terms(&self, tenant: TenantId, name: &str, terms: Terms) {
        if let Ok(slot) = self.slot(tenant, name)
            && is_of(&slot, tenant)
        {
            slot.set_terms(terms);
        }
    }

    /// All that a server says of itself, listed anew; connects it where needed.
    ///
    /// # Errors
    /// When there is no such server, or it does not answer; no tool was called.
    pub async fn listing(&self, tenant: TenantId, name: &str) -> Result<Listing, ToolError> {
        let slot = self.slot(tenant, name)?;
        let connection = slot.connection().await?;
        connection
            .answers(&slot.spec, slot.spec.request_timeout)
            .await?;
        Ok(connection.catalogue(&slot.spec).await.listing())
    }

    /// What a server offers beside tools, as far as it is connected now; it is asked where it was not yet, or said that
    /// something changed.
    ///
    /// # Errors
    /// When there is no such server.
    pub async fn offer(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<Option<Arc<ServerOffer>>, ToolError> {
        let slot = self.slot(tenant, name)?;
        let Some(connection) = slot.connected() else {
            return Ok(None);
        };
        Ok(Some(connection.offer(&slot.spec).await))
    }

    /// What a server calls itself, as far as it is connected now.
    pub async fn told(&self, tenant: TenantId, name: &str) -> Option<Told> {
        let slot = self.slot(tenant, name).ok()?;
        let connection = slot.connected()?;
        connection.catalogue(&slot.spec).await.told.clone()
    }

    /// All that a server says of itself, as far as it is connected now; asks again only when it said that its tools
    /// changed.
    pub async fn listed(&self, tenant: TenantId, name: &str) -> Option<Listing> {
        let slot = self.slot(tenant, name).ok()?;
        let connection = slot.connected()?;
        Some(connection.catalogue(&slot.spec).await.listing())
    }
}

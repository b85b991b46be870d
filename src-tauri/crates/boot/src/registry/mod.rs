//! The registry of MCP servers: entries of the store, run by the host as far as a person trusted them.
//!
//! Never here: the protocol or a file's form (`mcp`), or who may do what (the API).

mod authorizations;
mod authorizing;
mod bounds;
mod desk;
mod editions;
mod followed;
mod legible;
mod marks;
mod running;
mod sessions;
mod watch;

use std::{collections::BTreeMap, sync::Arc};

use anyhow::Result;
use chimera_domain::{
    fault::Fault,
    id::TenantId,
    server::{RegisteredServer, ServerEntry},
};
use chimera_mcp::McpHost;
use chimera_net::HttpClient;
use chimera_ports::{clock::Clock, error::PortError, store::Store};
use chimera_registry::Environment;
use chimera_runtime::Runtime;
use secrecy::ExposeSecret;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::{outgoing, secrets::Secrets, settings::Settings};

pub(crate) use watch::watch;

/// The registry.
pub(crate) struct Registry {
    store: Arc<dyn Store>,
    host: McpHost,
    /// Reaches servers at an address: with the hosts that the operator listed, for the first workspace alone.
    net: HttpClient,
    /// The same for the others, which reaches public addresses alone. It shares no connection with the first one's.
    public: HttpClient,
    secrets: Arc<Secrets>,
    /// Variables of the machine; for the first workspace alone.
    environment: Environment,
    /// The first workspace: whoever started Chimera.
    first: TenantId,
    clock: Arc<dyn Clock>,
    /// Resources that people have open.
    followed: followed::Followed,
    /// Where authorizations by people are kept.
    authorizations: Arc<authorizations::Authorizations>,
    /// Those of servers that run, and the rounds under way.
    authorizing: sessions::Authorizing,
    runtime: Runtime,
    /// Ends what waits for somebody.
    stop: CancellationToken,
    /// One change at a time, so that what is stored and what runs are the same.
    turn: Mutex<()>,
}

impl Registry {
    /// The registry over this store and this host.
    ///
    /// # Errors
    /// When there can be no client for servers at an address.
    pub(crate) fn over(
        runtime: &Runtime,
        host: &McpHost,
        secrets: &Arc<Secrets>,
        settings: &Settings,
        first: TenantId,
        stop: &CancellationToken,
    ) -> Result<Arc<Self>> {
        let authorizations =
            authorizations::Authorizations::new(runtime.store().clone(), secrets.vault().clone());
        Ok(Arc::new(Self {
            authorizations: Arc::new(authorizations),
            authorizing: sessions::Authorizing::default(),
            runtime: runtime.clone(),
            stop: stop.child_token(),
            net: outgoing::client(settings)?,
            public: outgoing::public()?,
            store: runtime.store().clone(),
            host: host.clone(),
            secrets: secrets.clone(),
            environment: settings.environment.0.clone(),
            first,
            clock: runtime.clock().clone(),
            followed: followed::Followed::default(),
            turn: Mutex::new(()),
        }))
    }

    /// Takes up what is stored, each tenant's own. What nobody trusts is not started.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn take_up(&self) -> Result<(), PortError> {
        for tenant in self.store.tenants().await? {
            for server in self.store.registered(tenant.id).await? {
                self.place(&server);
            }
        }
        Ok(())
    }
}

/// The values of the secrets that an entry takes. The workspace comes with whether it is the first.
async fn found_secrets(
    secrets: &Secrets,
    (tenant, here_first): (TenantId, bool),
    entry: &ServerEntry,
) -> Result<BTreeMap<String, String>, Fault> {
    let mut found = BTreeMap::new();
    for name in chimera_registry::secrets(entry)? {
        let secret = secrets
            .handed(tenant, &name, here_first)
            .await?
            .ok_or_else(|| {
                Fault::of(
                    "SECRET_NOT_FOUND",
                    format!("there is no secret '{name}'; store it as a key under Connections"),
                )
            })?;
        found.insert(name, secret.expose_secret().to_owned());
    }
    Ok(found)
}

/// The next version of a server, with another entry.
fn next(server: &RegisteredServer, entry: ServerEntry, clock: &dyn Clock) -> RegisteredServer {
    RegisteredServer {
        version: server.version + 1,
        entry,
        changed_at: clock.now(),
        ..server.clone()
    }
}

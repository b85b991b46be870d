//! The MCP servers that ship with Chimera, registered with the host or run over stdio.
//!
//! Never here: what a server does.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use anyhow::{Context, Result};
use async_trait::async_trait;
use chimera_domain::{
    fault::Fault,
    id::{AgentId, TenantId},
    memory::Owner,
};
use chimera_door::options::FeedGate;
use chimera_mcp::{
    CHILD_ENV_ALLOW, CooldownRule, HostOptions, McpHost, McpService, ServerSpec, Transport,
};
use chimera_model::prices::PriceTable;
use chimera_ports::{
    clock::Clock,
    ids::IdSource,
    memory::MemoryBackend,
    store::{People, Personas},
};
use chimera_servers::{
    feeds::{self, FeedPlace, Feeds, FeedsOptions, FileAccess, ListedFeed, Machine, UrlAccess},
    memory::{self, MemoryOptions, MemoryServer},
    sandbox::{self, JournalState, Sandbox, SandboxOptions},
    serve,
};
use uuid::Uuid;

use chimera_store::SqliteStore;

use crate::{
    app::make_folder,
    clock::{SystemClock, TimeIds},
    files, memory as remembering, outgoing,
    secrets::Secrets,
    settings::Settings,
};

/// A shipped server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shipped {
    /// RSS, Atom and JSON Feed.
    Feeds,
    /// What an agent remembers: of this one, when a request names nobody.
    Memory(Option<AgentId>),
    /// The local social network.
    Sandbox,
}

/// The host with the shipped servers, in process.
pub(crate) fn host(
    settings: &Settings,
    feeds: &Feeds,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    memory: Arc<dyn MemoryBackend>,
) -> Result<(McpService, McpHost)> {
    let servers = vec![
        feeds_spec(feeds.clone()),
        memory_spec(memory, clock.clone(), ids),
        sandbox_spec(settings, clock.clone())?,
    ];
    Ok(chimera_mcp::start(HostOptions {
        servers,
        base_env: base_env(settings),
        clock,
    })?)
}

/// What every child gets of our environment: what a program needs to run at all, and nothing that is secret.
fn base_env(settings: &Settings) -> BTreeMap<String, String> {
    let held = &settings.environment.0;
    CHILD_ENV_ALLOW
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), held.get(name)?.clone())))
        .collect()
}

pub(crate) fn feeds_spec(server: Feeds) -> ServerSpec {
    let transport = Transport::in_process(move |pipe| serve(server.clone(), pipe));
    let spec = ServerSpec::new(feeds::NAME, transport)
        .untrusted_content()
        .with_tenant();
    Feeds::suggested_classes()
        .into_iter()
        .fold(spec, |spec, (tool, effect)| spec.tool(tool, effect))
}

fn memory_spec(
    backend: Arc<dyn MemoryBackend>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
) -> ServerSpec {
    let server = MemoryServer::new(MemoryOptions {
        backend,
        clock,
        ids,
        owner: None,
    });
    let transport = Transport::in_process(move |pipe| serve(server.clone(), pipe));
    let spec = ServerSpec::new(memory::NAME, transport).with_tenant();
    MemoryServer::suggested_classes()
        .into_iter()
        .fold(spec, |spec, (tool, effect)| spec.tool(tool, effect))
}

fn sandbox_spec(settings: &Settings, clock: Arc<dyn Clock>) -> Result<ServerSpec> {
    let server = sandbox(settings, clock, None)?;
    let transport = Transport::in_process(move |pipe| serve(server.clone(), pipe));
    let spec = ServerSpec::new(sandbox::NAME, transport).with_tenant();
    let spec = Sandbox::suggested_classes()
        .into_iter()
        .fold(spec, |spec, (tool, effect)| spec.tool(tool, effect));
    // The runtime waits for cooldowns itself; here they hold even for a caller that does not.
    let cooldown = CooldownRule {
        span: chimera_domain::platform::Platform::Sandbox.cooldown(),
        account: "/agent_id".to_owned(),
    };
    Ok(spec
        .outward_with_cooldown("post_content", cooldown)
        .recognising_intents("post_content"))
}

/// The feeds server for all workspaces, on the machine of `first`, which is known once the state is open.
///
/// # Errors
/// When the settings cannot be read.
pub(crate) fn shared_feeds(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    first: Arc<OnceLock<TenantId>>,
) -> Result<Feeds> {
    let machine = Machine::Of {
        workspace: first,
        public: outgoing::public()?,
    };
    feeds(settings, clock, machine)
}

/// The feeds server on this `machine`.
///
/// # Errors
/// When the settings cannot be read.
pub(crate) fn feeds(settings: &Settings, clock: Arc<dyn Clock>, machine: Machine) -> Result<Feeds> {
    let http = outgoing::client(settings)?;
    let (files, folders): (Vec<PathBuf>, Vec<PathBuf>) = settings
        .feed_roots
        .iter()
        .cloned()
        .partition(|path| path.is_file());
    let named = files
        .into_iter()
        .map(|path| ListedFeed::new(path.display().to_string(), FeedPlace::File(path)))
        .collect();
    Ok(Feeds::new(FeedsOptions {
        http,
        clock,
        feeds: named,
        // Which feeds an agent may read is its campaign's list; the worker enforces that.
        urls: UrlAccess::Any,
        files: FileAccess { folders },
        machine,
    }))
}

fn sandbox(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    tenant: Option<TenantId>,
) -> Result<Sandbox> {
    let path = settings.data_dir.join("sandbox.jsonl");
    let state = JournalState::open(&path)
        .with_context(|| format!("the sandbox network's file {}", path.display()))?;
    Ok(Sandbox::open(SandboxOptions {
        state: Box::new(state),
        clock,
        tenant,
    })?)
}

/// Runs a shipped server over standard input and output, until the input closes.
///
/// # Errors
/// When its state cannot be opened.
pub async fn serve_stdio(settings: Settings, server: Shipped) -> Result<()> {
    chimera_net::install_tls_provider();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    match server {
        Shipped::Feeds => {
            chimera_servers::serve_stdio(feeds(&settings, clock, Machine::Everybodys)?).await
        }
        Shipped::Memory(agent) => serve_memory(&settings, clock, agent).await?,
        Shipped::Sandbox => {
            make_folder(&settings.data_dir)?;
            // Started by hand it has one tenant of its own.
            let tenant = TenantId::from_uuid(Uuid::nil());
            chimera_servers::serve_stdio(sandbox(&settings, clock, Some(tenant))?).await;
        }
    }
    Ok(())
}

/// Serves the memory of this installation, which no other Chimera may have open meanwhile.
async fn serve_memory(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    agent: Option<AgentId>,
) -> Result<()> {
    make_folder(&settings.data_dir)?;
    let ids: Arc<dyn IdSource> = Arc::new(TimeIds);
    let secrets = Secrets::open(settings, ids.clone());
    let store = files::open_store(settings, &secrets, ids.as_ref()).await?;
    let owner = match agent {
        Some(agent) => Some(owner_of(&store, agent).await?),
        None => None,
    };
    let prices = PriceTable::shipped();
    let rates = Arc::new(move |provider: &str, model: &str| prices.price(provider, model));
    let books = remembering::books(&settings.memory, &store, &ids, &clock, rates);
    let memory = remembering::open(settings, store.clone(), secrets, books).await?;
    let server = MemoryServer::new(MemoryOptions {
        backend: memory.backend,
        clock,
        ids,
        owner,
    });
    chimera_servers::serve_stdio(server).await;
    store.close().await?;
    Ok(())
}

async fn owner_of(store: &SqliteStore, agent: AgentId) -> Result<Owner> {
    for tenant in store.tenants().await? {
        if store.agent(tenant.id, agent).await.is_ok() {
            return Ok(Owner {
                tenant: tenant.id,
                agent,
            });
        }
    }
    anyhow::bail!("there is no agent {agent} here. Nothing was started")
}

/// The feeds server's word on a feed, for the API: before anything is stored.
pub(crate) struct Admitting(pub(crate) Feeds);

#[async_trait]
impl FeedGate for Admitting {
    async fn admits(&self, tenant: TenantId, feed: String) -> Result<(), Fault> {
        let feeds = self.0.clone();
        // It may look at the disk.
        let looked = tokio::task::spawn_blocking(move || feeds.admits(tenant, &feed)).await;
        looked.unwrap_or_else(|error| Err(Fault::of("INTERNAL", error.to_string())))
    }
}

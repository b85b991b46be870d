//! The whole of Chimera as one value: opened, started, served, taken down.

use std::{
    future::Future,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

use anyhow::Result;
use chimera_api::Router;
use chimera_audit::Notary;
use chimera_domain::{fault::Fault, id::TenantId, retention::Run};
use chimera_door::{
    inside::InsideCaller,
    options::{Options, SampleFeed},
    serving,
};
use chimera_mcp::{CallCounts, McpHost, McpService};
use chimera_ports::{clock::Clock, ids::IdSource, memory::MemoryStanding, store::Memories};
use chimera_retention as retention;
use chimera_runtime::{Bounds, Parts, Runtime};
use chimera_servers::feeds::Feeds;
use chimera_skills::{SkillFolder, SkillRegistry};
use chimera_store::{SqliteSpans, SqliteStore, StoreError};
use chimera_vault::VaultStatus;
use tokio::{net::TcpListener, sync::Mutex, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    at_rest::AtRest,
    clock::{SystemClock, TimeIds},
    files::{self, Files},
    health, keeping,
    local::{self, Operator},
    mcp_door,
    memory::{self, Remembering},
    model_switch::SwitchableModel,
    recording,
    refusing::raise,
    registry::{self, Registry},
    sample,
    secrets::Secrets,
    servers,
    settings::Settings,
};

/// Why Chimera cannot be opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// The port is taken.
    #[error(
        "port {port} on {host} is taken by another program. Nothing was started; stop that program, or choose another port with --port (0 takes a free one)"
    )]
    PortTaken {
        /// The address.
        host: std::net::IpAddr,
        /// The port.
        port: u16,
    },
    /// This account may not open the port.
    #[error(
        "port {port} on {host} may not be opened by this account, as ports below 1024 often may not. Nothing was started; choose another port with --port (0 takes a free one)"
    )]
    PortForbidden {
        /// The address.
        host: std::net::IpAddr,
        /// The port.
        port: u16,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {cause}. Nothing was started")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        cause: std::io::Error,
    },
    /// A folder cannot be made.
    #[error(
        "the folder {path} cannot be made: {cause}. Nothing was started; choose another with --data-dir"
    )]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nobody could say who may use an address.
    #[error(
        "who may do what is not settled: {0}. Nothing was started; this build of Chimera is broken"
    )]
    Access(String),
}

/// Takes the port, before anything else is begun.
///
/// # Errors
/// When it is taken, or may not be listened on.
pub async fn listen(settings: &Settings) -> Result<TcpListener, BootError> {
    let address = SocketAddr::new(settings.host, settings.port);
    TcpListener::bind(address)
        .await
        .map_err(|cause| match cause.kind() {
            std::io::ErrorKind::AddrInUse => BootError::PortTaken {
                host: settings.host,
                port: settings.port,
            },
            std::io::ErrorKind::PermissionDenied => BootError::PortForbidden {
                host: settings.host,
                port: settings.port,
            },
            _ => BootError::Listen { address, cause },
        })
}

/// A Chimera that is open.
pub struct Chimera {
    runtime: Runtime,
    store: Arc<SqliteStore>,
    spans: Arc<SqliteSpans>,
    host: McpHost,
    servers: Mutex<Option<JoinHandle<()>>>,
    stop_servers: CancellationToken,
    models: Arc<SwitchableModel>,
    secrets: Arc<Secrets>,
    registry: Arc<Registry>,
    notary: Notary,
    /// Takes out what was kept long enough, and works with a person's data.
    keeper: retention::Parts,
    local: Operator,
    memory: Remembering,
    sample: Option<SampleFeed>,
    /// That traces of before are lost, when they are.
    lost_spans: Option<Fault>,
    feeds: Feeds,
    at_rest: AtRest,
    settings: Settings,
}

/// Refuses to start while an address has no rule, or a rule no address.
fn settle_access() -> Result<(), BootError> {
    chimera_api::check_rules(&[mcp_door::PLACE]).map_err(|wrong| {
        let words: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        BootError::Access(words.join("; "))
    })
}

/// What must hold before any state is opened.
fn prepare(settings: &Settings) -> Result<(), BootError> {
    settle_access()?;
    chimera_net::install_tls_provider();
    make_folder(&settings.data_dir)
}

impl Chimera {
    /// Opens state and adapters. Nothing runs before [`Chimera::start`].
    ///
    /// # Errors
    /// When the state cannot be opened: another Chimera has it, it is damaged, or it is of a newer one.
    pub async fn open(settings: Settings) -> Result<Self> {
        Self::open_around(settings, |_, _| {}, |memories| memories).await
    }

    /// The same over an installation that is there: what only asks about what is kept makes no new one.
    ///
    /// # Errors
    /// As [`Chimera::open`], and when there is no database in the data folder.
    pub async fn open_kept(settings: Settings) -> Result<Self> {
        let file = settings.data_dir.join(files::DATABASE);
        anyhow::ensure!(
            file.exists(),
            "there is no database of Chimera in {}, and none was made; name its folder with --data-dir",
            settings.data_dir.display()
        );
        Self::open(settings).await
    }

    /// The same with something between the runtime and its parts, or under other bounds: breakpoints of a test, or a
    /// recorder.
    ///
    /// # Errors
    /// As [`Chimera::open`].
    pub async fn open_around(
        settings: Settings,
        around: impl FnOnce(&mut Parts, &mut Bounds) + Send,
        around_memories: impl FnOnce(Arc<dyn Memories>) -> Arc<dyn Memories> + Send,
    ) -> Result<Self> {
        prepare(&settings)?;
        let ids: Arc<dyn IdSource> = Arc::new(TimeIds);
        let secrets = Secrets::open(&settings, ids.clone());
        let files = files::open(&settings, &secrets, ids.as_ref()).await?;
        let memories = around_memories(files.store.clone());
        let opened = Self::over(files.clone(), settings, secrets, ids, (around, memories)).await;
        if opened.is_err() {
            // What kept it from opening is what is told.
            drop(files.close().await);
        }
        opened
    }

    async fn over(
        Files {
            store,
            spans,
            lost_spans,
            at_rest,
        }: Files,
        mut settings: Settings,
        secrets: Arc<Secrets>,
        ids: Arc<dyn IdSource>,
        (around, memories): (
            impl FnOnce(&mut Parts, &mut Bounds) + Send,
            Arc<dyn Memories>,
        ),
    ) -> Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let sample = lay_out_sample(&mut settings, clock.as_ref());
        reopen_feed_files(&mut settings, store.as_ref()).await?;
        secrets.try_out_beside();
        let models = SwitchableModel::new(&settings, secrets.clone(), clock.clone())?;
        let models = Arc::new(models);
        let books = memory::books(&settings.memory, &store, &ids, &clock, models.rates());
        let memory = memory::open(&settings, memories, secrets.clone(), books).await?;
        let of_the_machine = Arc::new(OnceLock::new());
        let feeds = servers::shared_feeds(&settings, clock.clone(), of_the_machine.clone())?;
        let (service, host) = servers::host(
            &settings,
            &feeds,
            clock.clone(),
            ids.clone(),
            memory.backend.clone(),
        )?;
        if let Some(meaning) = memory.meaning() {
            host.find_by(meaning);
        }
        let stop = CancellationToken::new();
        let servers = tokio::spawn(run_servers(service, stop.clone()));
        let mut parts = Parts {
            store: store.clone(),
            ledger: store.clone(),
            spans: spans.clone(),
            traces: spans.clone(),
            tools: Arc::new(host.clone()),
            model: models.clone(),
            skills: Arc::new(load_skills(&settings)),
            clock,
            ids,
            recorder: None,
        };
        recording::listen_in(&settings, &mut parts)?;
        let mut bounds = settings.bounds();
        around(&mut parts, &mut bounds);
        let notary = keeping::notary(parts.store.clone(), &settings, secrets.clone())?;
        let keeper = keeping::keeper(parts.store.clone(), spans.clone(), notary.clone());
        let runtime = Runtime::new(parts, bounds);
        host.heed(runtime.stop_watch());
        let local = local::operator(&runtime, &settings.data_dir).await?;
        // Over the runtime's own store, with whatever stands around it.
        let first = local.caller.tenant;
        of_the_machine.get_or_init(|| first);
        let registry = Registry::over(&runtime, &host, &secrets, &settings, first, &stop)?;
        models.restore(&runtime, first).await;
        Ok(Self {
            runtime,
            store,
            spans,
            host,
            servers: Mutex::new(Some(servers)),
            stop_servers: stop,
            models,
            secrets,
            registry,
            notary,
            keeper,
            local,
            memory,
            sample,
            lost_spans,
            feeds,
            at_rest,
            settings,
        })
    }

    /// Starts the runtime's loops. What cannot be started is shut down.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub async fn start(&self) -> Result<()> {
        let begun = self.begin().await;
        if begun.is_err() {
            self.shut_down().await;
        }
        begun
    }

    async fn begin(&self) -> Result<()> {
        self.runtime.start().await?;
        if let Some(lost) = &self.lost_spans {
            let first = self.local.caller.tenant;
            raise(&self.runtime, first, lost, "Traces begin anew").await?;
        }
        self.notary.start();
        self.registry.take_up().await?;
        let looks = registry::watch(
            self.registry.clone(),
            self.runtime.clone(),
            self.stop_servers.clone(),
        );
        tokio::spawn(looks);
        let watch = health::watch(self.runtime.clone(), self.stop_servers.clone());
        tokio::spawn(watch);
        let embedding = memory::keep_catching_up(
            self.memory.clone(),
            self.store.clone(),
            self.stop_servers.clone(),
        );
        tokio::spawn(embedding);
        tokio::spawn(retention::keep(
            self.keeper.clone(),
            self.stop_servers.clone(),
        ));
        Ok(())
    }

    /// Starts the registered servers that may run, and nothing else.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub async fn take_up_servers(&self) -> Result<()> {
        Ok(self.registry.take_up().await?)
    }

    /// Serves the API and the console until `until` ends.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(
        &self,
        listener: TcpListener,
        until: impl Future<Output = ()> + Send + 'static,
    ) -> Result<()> {
        serving::serve(listener, self.router(), until).await;
        Ok(())
    }

    /// The API as a service, for the window's door.
    pub fn router(&self) -> Router {
        let options = Options {
            ui_dir: self.settings.ui_dir.clone(),
            models: Some(self.models.clone()),
            keychain: Some(self.secrets.clone()),
            registry: Some(self.registry.clone()),
            authorizing: Some(self.registry.clone()),
            questions: Some(Arc::new(self.host.clone())),
            memory: Some(self.memory.backend.clone()),
            notary: Some(self.notary.clone()),
            persons: Some(Arc::new(self.keeper.clone())),
            beside: Some(mcp_door::beside()),
            sample_feed: self.sample.clone(),
            feeds: Some(Arc::new(servers::Admitting(self.feeds.clone()))),
            at_rest: Some(self.at_rest.shown()),
            ..Options::default()
        };
        chimera_api::router(self.runtime.clone(), options)
    }

    /// Stops loops and servers and closes the state; what was not finished is taken up at the next start.
    pub async fn shut_down(&self) {
        self.runtime.shut_down().await;
        // Nobody decides any more.
        self.runtime.end_recording();
        // Nothing acts any more: what it left on record is sealed before the store closes.
        self.notary.shut_down().await;
        self.stop_servers.cancel();
        if let Some(servers) = self.servers.lock().await.take()
            && let Err(error) = servers.await
        {
            tracing::warn!(%error, "the MCP servers did not end well");
        }
        self.spans.close().await;
        if let Err(error) = self.store.close().await {
            tracing::error!(%error, "the store did not close well; nothing that was acknowledged is lost");
        }
    }

    /// A caller in the name of the person at this machine, through the same API as everybody.
    #[must_use]
    pub fn caller(&self) -> InsideCaller {
        InsideCaller::new(self.router(), self.local.token.clone())
    }
    /// Remembers that a campaign may read these files, also after a restart, until it is over.
    ///
    /// # Errors
    /// When there is no such campaign, or the state cannot be written.
    pub async fn open_feed_files(&self, campaign: &str, paths: &[String]) -> Result<()> {
        let who = &self.local.caller;
        Ok(self
            .runtime
            .open_feed_files(who, campaign.parse()?, paths)
            .await?)
    }
    /// The tenant of the person at this machine.
    #[must_use]
    pub const fn tenant(&self) -> TenantId {
        self.local.caller.tenant
    }
    /// The runtime, for tests and for what is part of it.
    #[must_use]
    pub const fn runtime(&self) -> &Runtime {
        &self.runtime
    }
    /// Asks the model that answers now for one word.
    ///
    /// # Errors
    /// When it does not answer in time, with the reason.
    pub async fn ask_model(&self) -> Result<String, Fault> {
        self.models
            .answers(&self.runtime, self.local.caller.tenant)
            .await
    }
    /// Takes out now what was kept long enough, whatever the clock says.
    ///
    /// # Errors
    /// When the state cannot be read or written.
    pub async fn take_out_now(&self) -> Result<Run> {
        Ok(retention::run_now(&self.keeper, self.tenant()).await?)
    }

    /// Which backend keeps memories, and what it finds them by.
    pub async fn memory(&self) -> MemoryStanding {
        self.memory.backend.standing(self.tenant()).await
    }
    /// Asks the backend of memory and its embedder now whether they answer.
    ///
    /// # Errors
    /// What is wrong and what to do.
    pub async fn try_memory(&self) -> Result<String, Fault> {
        self.memory.backend.try_out(self.tenant()).await
    }
    /// What trying the keychain out at start has shown; waits for it.
    pub async fn keychain(&self) -> VaultStatus {
        self.secrets.known().await
    }
    /// Where the token for scripts is kept.
    #[must_use]
    pub fn token_file(&self) -> &Path {
        &self.local.token_file
    }
    /// Where all state lives.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.settings.data_dir
    }

    /// How the data lies on the disk.
    #[must_use]
    pub const fn at_rest(&self) -> &AtRest {
        &self.at_rest
    }
    /// Tool calls made since the start, by what calling does.
    #[must_use]
    pub fn calls(&self) -> CallCounts {
        self.host.calls()
    }
}

/// Opens the files to the feeds server that the operator named for campaigns that are not over.
async fn reopen_feed_files(settings: &mut Settings, store: &SqliteStore) -> Result<()> {
    let files = chimera_runtime::opened_feed_files(store).await?;
    // Only what is a file still: a folder that took its place was never opened.
    settings.feed_roots.extend(
        files
            .into_iter()
            .map(PathBuf::from)
            .filter(|path| path.is_file()),
    );
    Ok(())
}

async fn run_servers(service: McpService, stop: CancellationToken) {
    service.run(stop).await;
}

/// Makes the folder of all state, for its owner alone.
pub(crate) fn make_folder(path: &Path) -> Result<(), BootError> {
    std::fs::create_dir_all(path).map_err(|cause| BootError::Folder {
        path: path.to_owned(),
        cause,
    })?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // State is the person's own; a folder that was there before keeps what its owner chose.
        if path
            .read_dir()
            .is_ok_and(|mut entries| entries.next().is_none())
        {
            let own = std::fs::Permissions::from_mode(0o700);
            std::fs::set_permissions(path, own).map_err(|cause| BootError::Folder {
                path: path.to_owned(),
                cause,
            })?;
        }
    }
    Ok(())
}

/// Lays the sample feed out and opens its folder to the feeds server.
fn lay_out_sample(settings: &mut Settings, clock: &dyn Clock) -> Option<SampleFeed> {
    match sample::lay_out(&settings.data_dir, clock.now()) {
        Ok(sample) => {
            settings.feed_roots.push(sample.folder);
            Some(sample.feed)
        }
        // Nobody needs it to work; a newcomer will miss it.
        Err(error) => {
            tracing::warn!(%error, "the sample feed cannot be laid out");
            None
        }
    }
}

const fn skill_folder(path: PathBuf) -> SkillFolder {
    SkillFolder {
        path,
        may_replace: false,
    }
}

pub(crate) fn load_skills(settings: &Settings) -> SkillRegistry {
    let mut folders: Vec<SkillFolder> = settings
        .skill_folders
        .iter()
        .cloned()
        .map(skill_folder)
        .collect();
    folders.push(skill_folder(settings.data_dir.join("skills")));
    let (registry, diagnostics) = SkillRegistry::load(&folders);
    for diagnostic in diagnostics {
        tracing::warn!(%diagnostic, "a skill needs a look");
    }
    let (registry, refused) = registry.leaving_out(&attack_in);
    for (skill, why) in refused {
        tracing::warn!(
            skill,
            why,
            "a skill was left out: its words try to steer a model"
        );
    }
    registry
}

/// Why a text must not stand among a model's instructions.
fn attack_in(text: &str) -> Option<String> {
    let scanned = chimera_guard::inbound::scan(text);
    (scanned.threat == chimera_guard::inbound::ThreatLevel::High).then(|| scanned.explained())
}

//! The notary: keeps the chain a moment behind what is written, its newest checkpoint elsewhere too, and checks the
//! whole of it when somebody asks and by the clock.
//!
//! Never here: how a link is made (`sealer`) or judged (`walk`), or where keys lie (`boot`).

mod anchoring;
mod checking;
mod hours;
mod pruning;
mod sealing;
mod told;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use chimera_canon::VerifyingKey;
use chimera_domain::{
    audit::Checkpoint,
    fault::Fault,
    id::TenantId,
    time::{Span, Timestamp},
};
use chimera_ports::{
    clock::Clock,
    error::PortError,
    ids::IdSource,
    store::{ChainReader, Store},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::Sealer;
use anchoring::Anchoring;
pub use checking::{Check, Checking};
pub use pruning::Taken;

/// Longest wait for the last seal and the last anchor on leaving; what is left is taken up at the next start.
const LEAVES_WITHIN: Duration = Duration::from_secs(15);

/// Who has the keys. Boot implements it.
#[async_trait]
pub trait Keys: Send + Sync {
    /// What seals a tenant's log whose newest signature is by `last`.
    ///
    /// # Errors
    /// When the log must not be carried on: it was signed, and its key cannot be had or is another one.
    async fn signing(&self, tenant: TenantId, last: Option<VerifyingKey>)
    -> Result<Signing, Fault>;

    /// Keys that may have signed a tenant's log.
    ///
    /// # Errors
    /// When this machine's own cannot be looked up.
    async fn trusted(&self, tenant: TenantId) -> Result<Vec<VerifyingKey>, Fault>;
}

/// What seals a log.
#[derive(Clone, Debug)]
pub struct Signing {
    /// Makes links and signs.
    pub sealer: Sealer,
    /// Why nothing is signed, where nothing is.
    pub unsigned: Option<Fault>,
}

/// What a notary is made of.
#[derive(Clone)]
pub struct NotaryOptions {
    /// The store with log and chain.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
    /// Who has the keys.
    pub keys: Arc<dyn Keys>,
    /// File to which checkpoints are added, on a disk that whoever can write the log cannot write.
    pub anchor: Option<PathBuf>,
    /// Longest time between two checks of a whole log; nothing where only people ask for one.
    pub checked_every: Option<Span>,
}

/// How sealing stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Sealing {
    /// It has not begun.
    #[default]
    Starting,
    /// Records are sealed and signed with this key.
    Signed(VerifyingKey),
    /// Records are sealed; nothing is signed, for this reason.
    Unsigned(Option<Fault>),
    /// Records are not sealed now. None is lost: they are sealed when this is mended.
    Stopped(Fault),
}

/// How keeping checkpoints elsewhere stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Anchored {
    /// The file.
    pub file: PathBuf,
    /// Number of the last link that was kept since the start.
    pub last: Option<u64>,
    /// When.
    pub at: Option<Timestamp>,
    /// Why it does not work now.
    pub fault: Option<Fault>,
}

/// How a tenant's chain stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Status {
    /// Whether records are sealed.
    pub sealing: Sealing,
    /// The newest checkpoint.
    pub newest: Option<Checkpoint>,
    /// Records that no link covers yet.
    pub unsealed: u64,
    /// Whether checkpoints are kept elsewhere; nothing where that is not set.
    pub anchored: Option<Anchored>,
    /// The check that is under way.
    pub checking: Option<Checking>,
    /// The last check.
    pub last: Option<Check>,
}

/// A cheap handle on the notary.
#[derive(Clone)]
pub struct Notary(Arc<Inner>);

struct Inner {
    options: NotaryOptions,
    desks: Mutex<HashMap<TenantId, Desk>>,
    anchoring: Anchoring,
    cancel: CancellationToken,
    /// The loop that seals has ended.
    sealed: CancellationToken,
    tracker: TaskTracker,
}

/// What is known of one tenant.
#[derive(Default)]
struct Desk {
    sealing: Sealing,
    checking: Option<Checking>,
}

impl Notary {
    /// A notary at rest.
    #[must_use]
    pub fn new(options: NotaryOptions) -> Self {
        Self(Arc::new(Inner {
            anchoring: Anchoring::new(options.anchor.clone()),
            options,
            desks: Mutex::default(),
            cancel: CancellationToken::new(),
            sealed: CancellationToken::new(),
            tracker: TaskTracker::new(),
        }))
    }

    /// Seals until it is shut down.
    pub fn start(&self) {
        let notary = self.clone();
        self.0.tracker.spawn(async move {
            notary.seal().await;
            notary.0.sealed.cancel();
        });
        if self.0.anchoring.is_set() {
            let notary = self.clone();
            self.0.tracker.spawn(async move { notary.anchor().await });
        }
    }

    /// Seals what was written until now, keeps the last checkpoint elsewhere, and ends. To be called when nothing
    /// else writes any more, before the store closes.
    pub async fn shut_down(&self) {
        self.0.cancel.cancel();
        self.0.tracker.close();
        let left = tokio::time::timeout(LEAVES_WITHIN, self.0.tracker.wait()).await;
        if left.is_err() {
            tracing::warn!("the audit log was not sealed to its end; it is at the next start");
        }
    }

    /// How a tenant's chain stands.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn status(&self, tenant: TenantId) -> Result<Status, PortError> {
        let (sealing, checking) = {
            let mut desks = self.desks();
            let desk = desks.entry(tenant).or_default();
            (desk.sealing.clone(), desk.checking.clone())
        };
        let store = &self.0.options.store;
        Ok(Status {
            sealing,
            newest: store.last_checkpoint(tenant).await?,
            unsealed: store.unsealed_count(tenant).await?,
            anchored: self.0.anchoring.of(tenant),
            checking,
            last: checking::last(store.as_ref(), tenant).await?,
        })
    }

    /// The chain, to read.
    #[must_use]
    pub fn chain(&self) -> &dyn ChainReader {
        self.0.options.store.as_ref()
    }

    fn desks(&self) -> MutexGuard<'_, HashMap<TenantId, Desk>> {
        self.0.desks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        self.0.options.clock.now()
    }
}

impl std::fmt::Debug for Notary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Notary")
    }
}

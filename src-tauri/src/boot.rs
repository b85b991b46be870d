//! How far Chimera has come while its window is already there.
//!
//! Never here: starting it differently than any other front does (that is `chimera-boot`'s).

use std::{sync::Arc, time::Duration};

use axum::Router;
use chimera_boot::{BootError, Chimera, Settings};
use serde::Serialize;
use tokio::{
    sync::{Mutex, watch},
    time::{Instant, timeout},
};

/// Longest wait for loops and servers to end; what is not finished then is taken up at the next start.
const MAX_SHUT_DOWN: Duration = Duration::from_secs(10);

/// Shortest time between a start that failed and the next; a page asks for several things at once.
pub(crate) const START_AGAIN_AFTER: Duration = Duration::from_secs(3);

/// Why Chimera did not start.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct StartFailure {
    /// Stable code, SCREAMING_SNAKE.
    pub(crate) code: &'static str,
    /// What happened, and what to do.
    pub(crate) message: String,
}

impl StartFailure {
    fn of(error: &anyhow::Error) -> Self {
        let code = match error.downcast_ref() {
            Some(BootError::PortTaken { .. }) => "PORT_TAKEN",
            Some(BootError::Listen { .. } | BootError::PortForbidden { .. }) => "ADDRESS_REFUSED",
            Some(BootError::Folder { .. }) => "FOLDER_REFUSED",
            Some(BootError::Store(_)) => "STATE_REFUSED",
            Some(BootError::Access(_)) | None => "START_FAILED",
        };
        Self {
            code,
            message: format!("{error:#}"),
        }
    }
}

/// How far it is.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    /// Being opened.
    Starting,
    /// Answering through this router.
    Ready(Router),
    /// Not started, and nothing was changed.
    Failed {
        /// Why.
        failure: StartFailure,
        /// Since when that is known.
        since: Instant,
    },
    /// Being taken down.
    Leaving,
}

impl Stage {
    /// Failed now.
    pub(crate) fn failed(failure: StartFailure) -> Self {
        Self::Failed {
            failure,
            since: Instant::now(),
        }
    }
}

/// The same, for the page.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum BootState {
    Starting,
    Ready,
    Failed(StartFailure),
    Leaving,
}

impl From<&Stage> for BootState {
    fn from(stage: &Stage) -> Self {
        match stage {
            Stage::Starting => Self::Starting,
            Stage::Ready(_) => Self::Ready,
            Stage::Failed { failure, .. } => Self::Failed(failure.clone()),
            Stage::Leaving => Self::Leaving,
        }
    }
}

/// Reads the settings, anew for every start: what was mended there counts.
type Load = dyn Fn() -> anyhow::Result<Settings> + Send + Sync;

/// Starts Chimera behind the window, and takes it down after it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Backend {
    load: Arc<Load>,
    stage: Arc<watch::Sender<Stage>>,
    chimera: Arc<Mutex<Option<Chimera>>>,
}

impl Backend {
    pub(crate) fn new(load: impl Fn() -> anyhow::Result<Settings> + Send + Sync + 'static) -> Self {
        Self {
            load: Arc::new(load),
            stage: Arc::new(watch::channel(Stage::Starting).0),
            chimera: Arc::default(),
        }
    }

    /// For whoever waits for it.
    pub(crate) fn watch(&self) -> watch::Receiver<Stage> {
        self.stage.subscribe()
    }

    pub(crate) fn state(&self) -> BootState {
        BootState::from(&*self.stage.borrow())
    }

    /// Opens and starts Chimera.
    pub(crate) async fn start(&self) {
        // Held until it is open, so that whoever takes it down meanwhile waits for it.
        let mut place = self.chimera.lock().await;
        let next = match open((self.load)()).await {
            Ok(chimera) => {
                let router = chimera.router();
                *place = Some(chimera);
                Stage::Ready(router)
            }
            Err(error) => {
                tracing::error!("Chimera did not start: {error:#}");
                Stage::failed(StartFailure::of(&error))
            }
        };
        self.stage.send_if_modified(|stage| {
            let awaited = matches!(stage, Stage::Starting);
            if awaited {
                *stage = next;
            }
            awaited
        });
    }

    /// Starts Chimera once more where that has failed a while ago: somebody asks again, and may have mended
    /// what kept it from starting.
    pub(crate) fn start_again(&self) {
        let again = self.stage.send_if_modified(|stage| {
            let due = matches!(stage, Stage::Failed { since, .. } if since.elapsed() >= START_AGAIN_AFTER);
            if due {
                *stage = Stage::Starting;
            }
            due
        });
        if again {
            let backend = self.clone();
            tokio::spawn(async move { backend.start().await });
        }
    }

    /// Takes Chimera down, for at most [`MAX_SHUT_DOWN`].
    pub(crate) async fn shut_down(&self) {
        self.stage.send_replace(Stage::Leaving);
        let work = async {
            if let Some(chimera) = self.chimera.lock().await.take() {
                chimera.shut_down().await;
            }
        };
        if timeout(MAX_SHUT_DOWN, work).await.is_err() {
            tracing::warn!(
                "the shutdown took too long and was cut short; the next start takes up what was not finished"
            );
        }
    }

    #[cfg(test)]
    pub(crate) fn at(stage: Stage) -> Self {
        let backend = Self::new(|| anyhow::bail!("it is never started"));
        backend.go_to(stage);
        backend
    }

    #[cfg(test)]
    pub(crate) fn go_to(&self, stage: Stage) {
        self.stage.send_replace(stage);
    }
}

async fn open(settings: anyhow::Result<Settings>) -> anyhow::Result<Chimera> {
    let chimera = Chimera::open(settings?).await?;
    if let Err(error) = chimera.start().await {
        chimera.shut_down().await;
        return Err(error);
    }
    Ok(chimera)
}

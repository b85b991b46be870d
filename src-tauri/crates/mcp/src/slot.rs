//! One server of the registry: connected when first needed, connected again after a death, left
//! alone for a while when it cannot be started.
//!
//! Never here: which calls are allowed, or how a server is started (`opening`).

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock, atomic::AtomicU64},
    time::Duration,
};

use chimera_domain::{
    action::EffectClass,
    fault::{Fault, FaultClass},
};
use chimera_pacing::Circuit;
use chimera_ports::{
    clock::Clock,
    tools::{Outcome, ToolError},
};
use tokio::{
    sync::{Mutex, Semaphore, watch},
    time::Instant,
};
use tokio_util::task::TaskTracker;

use crate::{
    child::LastWords,
    codes::{MCP_SERVER_DOWN, MCP_SHUT_DOWN, unsent},
    connection::{Connection, Era},
    opening::Refusal,
    progress::Ear,
    questions::Questions,
    spec::{ServerSpec, Transport},
    terms::Terms,
};

/// Calls of one server that are under way at once; further ones wait for their turn.
pub(crate) const MAX_CALLS_IN_FLIGHT: usize = 64;
/// Pause after a server could not be started; it doubles with each failure…
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// …up to this (ERR-10).
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// A server and whatever connection it has.
pub(crate) struct Slot {
    pub(crate) spec: ServerSpec,
    /// The operator's word as it is now.
    terms: watch::Sender<Arc<Terms>>,
    /// Why it is closed for good, once it is.
    farewell: watch::Sender<Option<Fault>>,
    pub(crate) base_env: Arc<BTreeMap<String, String>>,
    pub(crate) tasks: TaskTracker,
    pub(crate) last_words: Arc<LastWords>,
    /// Where it asks people.
    pub(crate) questions: Arc<Questions>,
    /// Who hears how far its calls are.
    pub(crate) ear: Ear,
    /// Whether it is left alone for a while.
    pub(crate) circuit: Circuit,
    /// Turns at calling.
    pub(crate) turns: Semaphore,
    /// Calls that it took in place of others of its group.
    pub(crate) stood_in: AtomicU64,
    /// Held while connecting, so that a server is started once however many wait for it.
    attempts: Mutex<Attempts>,
    /// What there is at this moment; never held across an await.
    pub(crate) view: RwLock<View>,
}

#[derive(Default)]
struct Attempts {
    era: Option<Era>,
    failures: u32,
    not_before: Option<Instant>,
}

#[derive(Default)]
pub(crate) struct View {
    pub(crate) connection: Option<Arc<Connection>>,
    pub(crate) problem: Option<Fault>,
    is_shut: bool,
}

impl Slot {
    pub(crate) fn new(
        spec: ServerSpec,
        base_env: Arc<BTreeMap<String, String>>,
        tasks: TaskTracker,
        clock: Arc<dyn Clock>,
        questions: Arc<Questions>,
        ear: Ear,
    ) -> Self {
        Self {
            spec,
            terms: watch::Sender::default(),
            farewell: watch::Sender::default(),
            base_env,
            tasks,
            last_words: Arc::default(),
            questions,
            ear,
            circuit: Circuit::new(clock),
            turns: Semaphore::new(MAX_CALLS_IN_FLIGHT),
            stood_in: AtomicU64::new(0),
            attempts: Mutex::default(),
            view: RwLock::default(),
        }
    }

    /// The operator's word as it is now.
    pub(crate) fn terms(&self) -> Arc<Terms> {
        Arc::clone(&self.terms.borrow())
    }

    /// Tells of each later word of the operator.
    pub(crate) fn terms_changes(&self) -> watch::Receiver<Arc<Terms>> {
        self.terms.subscribe()
    }

    pub(crate) fn set_terms(&self, terms: Terms) {
        self.terms.send_replace(Arc::new(terms));
    }

    /// Returns when it is closed for good, with the reason.
    pub(crate) async fn gone(&self) -> Fault {
        let mut farewell = self.farewell.subscribe();
        match farewell.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(why)) => why.clone(),
            _ => shut_down().fault,
        }
    }

    /// The class of a tool, and whether the operator set it.
    pub(crate) fn effect(&self, tool: &str) -> (EffectClass, bool) {
        match self.terms().classes.get(tool) {
            Some(effect) => (*effect, true),
            None => self.spec.effect(tool),
        }
    }

    /// The connection, if there is one now; makes none.
    pub(crate) fn connected(&self) -> Option<Arc<Connection>> {
        self.present().ok().flatten()
    }

    /// A live connection: the present one, or a new one.
    ///
    /// # Errors
    /// When the server cannot be started or agreed with; nothing was sent.
    pub(crate) async fn connection(&self) -> Result<Arc<Connection>, ToolError> {
        if let Some(fault) = &self.spec.barred {
            return Err(ToolError {
                fault: fault.clone(),
                outcome: Outcome::NotPerformed,
            });
        }
        if let Some(connection) = self.present()? {
            return Ok(connection);
        }
        let mut attempts = self.attempts.lock().await;
        // Somebody else may have connected while we waited.
        if let Some(connection) = self.present()? {
            return Ok(connection);
        }
        if let Some(wait) = attempts
            .not_before
            .map(|at| at.saturating_duration_since(Instant::now()))
            .filter(|wait| !wait.is_zero())
        {
            return Err(self.still_down(wait));
        }
        match self.connect(attempts.era).await {
            Ok(connection) => {
                *attempts = Attempts {
                    era: Some(connection.era()),
                    ..Attempts::default()
                };
                self.adopt(Arc::new(connection))
            }
            Err(refusal) => {
                let pause = FIRST_PAUSE
                    .saturating_mul(1_u32.checked_shl(attempts.failures).unwrap_or(u32::MAX))
                    .min(MAX_PAUSE);
                // The era is forgotten too: the program behind the name may have changed.
                *attempts = Attempts {
                    era: None,
                    failures: attempts.failures.saturating_add(1),
                    not_before: Some(Instant::now() + pause),
                };
                let error = self.down(&refusal);
                self.view_mut(|view| view.problem = Some(error.fault.clone()));
                Err(error)
            }
        }
    }

    fn present(&self) -> Result<Option<Arc<Connection>>, ToolError> {
        let view = self.view.read().unwrap_or_else(PoisonError::into_inner);
        if view.is_shut {
            return Err(shut_down());
        }
        Ok(view
            .connection
            .clone()
            .filter(|connection| connection.is_open()))
    }

    fn adopt(&self, connection: Arc<Connection>) -> Result<Arc<Connection>, ToolError> {
        self.view_mut(|view| {
            if view.is_shut {
                connection.close();
                return Err(shut_down());
            }
            view.connection = Some(Arc::clone(&connection));
            view.problem = None;
            Ok(connection)
        })
    }

    /// Lets a connection go that broke; the next call makes a new one.
    pub(crate) fn forget(&self, broken: &Arc<Connection>, fault: &Fault) {
        broken.close();
        self.view_mut(|view| {
            if view
                .connection
                .as_ref()
                .is_some_and(|held| Arc::ptr_eq(held, broken))
            {
                view.connection = None;
                view.problem = Some(fault.clone());
            }
        });
    }

    /// Lets go of what there is and of the pause after a failure: what kept the server away may be gone.
    pub(crate) async fn begin_anew(&self) {
        *self.attempts.lock().await = Attempts::default();
        self.circuit.answered();
        let connection = self.view_mut(|view| {
            view.problem = None;
            view.connection.take()
        });
        if let Some(connection) = connection {
            connection.close();
        }
    }

    /// Closes for good, because everything does.
    pub(crate) fn shut(&self) {
        self.shut_because(shut_down().fault);
    }

    /// Closes for good.
    pub(crate) fn shut_because(&self, why: Fault) {
        self.farewell.send_replace(Some(why));
        let connection = self.view_mut(|view| {
            view.is_shut = true;
            view.connection.take()
        });
        if let Some(connection) = connection {
            connection.close();
        }
    }

    fn view_mut<T>(&self, change: impl FnOnce(&mut View) -> T) -> T {
        change(&mut self.view.write().unwrap_or_else(PoisonError::into_inner))
    }

    fn down(&self, refusal: &Refusal) -> ToolError {
        let (class, code) = refusal
            .problem
            .as_ref()
            .map_or((FaultClass::Transient, MCP_SERVER_DOWN), |problem| {
                problem.fault(MCP_SERVER_DOWN)
            });
        let see = match self.spec.transport {
            Transport::Http(_) => "see its entry",
            _ => "see its last words",
        };
        unsent(
            class,
            code,
            format!(
                "the MCP server '{}' cannot be used: {}; nothing was sent; {see} on the connections screen",
                self.spec.name, refusal.why
            ),
        )
    }

    fn still_down(&self, wait: Duration) -> ToolError {
        let view = self.view.read().unwrap_or_else(PoisonError::into_inner);
        let mut error = match &view.problem {
            Some(fault) => ToolError {
                fault: fault.clone(),
                outcome: Outcome::NotPerformed,
            },
            None => self.down(&Refusal::plain("it could not be started a moment ago")),
        };
        error.fault.retry_after_ms = Some(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        error
    }

    /// Begins with the last words of the one before.
    pub(crate) fn keep_words_of(&self, before: &Self) {
        self.last_words.take_over(&before.last_words);
    }

    pub(crate) fn last_words(&self) -> Vec<String> {
        self.last_words.lines()
    }
}

fn shut_down() -> ToolError {
    unsent(
        FaultClass::Permanent,
        MCP_SHUT_DOWN,
        "the MCP host is shutting down; nothing was sent",
    )
}

//! Options → service → handle. The handle is the port; the service sees to the start and the end
//! of the servers.
//!
//! Never here: bytes, processes, or a decision whether an action may happen.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use async_trait::async_trait;
use chimera_domain::{
    action::{Grant, ToolRef},
    id::{EffectId, TenantId},
};
use chimera_pacing::{Cooldowns, Pass};
use chimera_ports::{
    clock::Clock,
    tools::{
        Fits, Need, Outcome, ProgressEar, ResourceReply, ServerStatus, ToolError, ToolHost,
        ToolInfo, ToolReply, ToolRequest,
    },
};
use serde_json::Value;
use tokio::{task::JoinSet, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    admission::{Admission, Wanted},
    call::{acts, arguments, arguments_invalid, meta},
    calling::Call,
    child::LEAVE_GRACE,
    clock::{Acting, CallClock},
    codes::{cooling_down, needs_decision, unknown_server, unknown_tool},
    connection::Connection,
    counts::{CallCounts, Tally},
    fitting::Offers,
    following::Followed,
    nearest::nearest,
    progress::Ear,
    questions::Questions,
    reading::read,
    reply::tool_reply,
    slot::Slot,
    spec::ServerSpec,
    tries::{with_leave, with_retries},
};

/// Beyond a child's own grace: what the tasks around it may take to end.
const SHUTDOWN_MARGIN: Duration = Duration::from_secs(1);

/// Longest that a server may take to say that it is there and what it offers.
const PROBE_LIMIT: Duration = Duration::from_secs(10);

/// What the host is made from.
pub struct HostOptions {
    /// The registry. A name that occurs twice is refused.
    pub servers: Vec<ServerSpec>,
    /// What child processes get from our environment; boot copies [`CHILD_ENV_ALLOW`] and no more.
    ///
    /// [`CHILD_ENV_ALLOW`]: crate::CHILD_ENV_ALLOW
    pub base_env: BTreeMap<String, String>,
    /// The time, for cooldowns.
    pub clock: Arc<dyn Clock>,
}

/// Two servers of one name in the registry. Nothing was started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the MCP registry names '{0}' twice; nothing was started; rename one of them")]
pub struct DuplicateServer(pub String);

pub(crate) struct Shared {
    /// By name; never held across an await.
    pub(crate) slots: RwLock<Vec<Arc<Slot>>>,
    pub(crate) base_env: Arc<BTreeMap<String, String>>,
    pub(crate) tasks: TaskTracker,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) offers: Offers,
    pub(crate) questions: Arc<Questions>,
    acting: Acting,
    pub(crate) followed: Arc<Followed>,
    pub(crate) ear: Ear,
    cooldowns: Cooldowns,
    tally: Tally,
}

/// Sees to the start and the end of the servers.
#[must_use = "run it: it is what closes the servers"]
pub struct McpService(Arc<Shared>);

/// The handle; cheap to clone. Implements [`ToolHost`].
#[derive(Clone)]
pub struct McpHost(pub(crate) Arc<Shared>);

/// Makes the host. Nothing is started yet: a server starts when it is first needed, or when the
/// service runs.
///
/// # Errors
/// When two servers share a name.
pub fn start(options: HostOptions) -> Result<(McpService, McpHost), DuplicateServer> {
    let tasks = TaskTracker::new();
    let base_env = Arc::new(options.base_env);
    let questions = Arc::new(Questions::new(Arc::clone(&options.clock)));
    let ear = Ear::default();
    let mut slots: BTreeMap<String, Arc<Slot>> = BTreeMap::new();
    for spec in options.servers {
        let name = spec.name.clone();
        let slot = Slot::new(
            spec,
            Arc::clone(&base_env),
            tasks.clone(),
            Arc::clone(&options.clock),
            Arc::clone(&questions),
            Arc::clone(&ear),
        );
        if slots.insert(name.clone(), Arc::new(slot)).is_some() {
            return Err(DuplicateServer(name));
        }
    }
    let shared = Arc::new(Shared {
        slots: RwLock::new(slots.into_values().collect()),
        base_env,
        tasks,
        clock: options.clock,
        offers: Offers::default(),
        questions,
        acting: Acting::default(),
        followed: Arc::default(),
        ear,
        cooldowns: Cooldowns::default(),
        tally: Tally::default(),
    });
    Ok((McpService(Arc::clone(&shared)), McpHost(shared)))
}

impl Shared {
    pub(crate) fn slots(&self) -> Vec<Arc<Slot>> {
        self.slots
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl McpService {
    /// Connects every server once, so that the first call need not wait and the connections
    /// screen is right from the start; then waits for `stop`, closes all of them, and returns
    /// when the last child has left or was killed.
    pub async fn run(self, stop: CancellationToken) {
        let mut starts = JoinSet::new();
        for slot in self.0.slots() {
            if slot.spec.barred.is_some() {
                continue;
            }
            starts.spawn(async move {
                if let Err(error) = slot.connection().await {
                    tracing::warn!(server = %slot.spec.name, %error, "an MCP server did not start");
                }
            });
        }
        stop.cancelled().await;
        starts.shutdown().await;
        // Closed first: what is placed from now on is shut by whoever places it.
        self.0.tasks.close();
        for slot in self.0.slots() {
            slot.shut();
        }
        if timeout(LEAVE_GRACE + SHUTDOWN_MARGIN, self.0.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("not every task of the MCP host ended in time");
        }
    }
}

impl McpHost {
    /// How many calls were sent since the start, by effect class.
    #[must_use]
    pub fn calls(&self) -> CallCounts {
        self.0.tally.counts()
    }

    /// The last lines that a server wrote to standard error, oldest first; values of its own
    /// variables are blotted out. `None` for a server that `tenant` does not see.
    #[must_use]
    pub fn last_words(&self, tenant: TenantId, server: &str) -> Option<Vec<String>> {
        self.slot(tenant, server).ok().map(|slot| slot.last_words())
    }

    pub(crate) fn visible(&self, tenant: TenantId) -> Vec<Arc<Slot>> {
        let mut slots = self.0.slots();
        slots.retain(|slot| slot.spec.visibility.admits(tenant));
        slots
    }

    pub(crate) fn slot(&self, tenant: TenantId, server: &str) -> Result<Arc<Slot>, ToolError> {
        let visible = self.visible(tenant);
        let found = visible.iter().find(|slot| slot.spec.name == server);
        found.cloned().ok_or_else(|| {
            let names = visible.iter().map(|slot| slot.spec.name.as_str());
            unknown_server(server, &nearest(server, names))
        })
    }

    /// One try: checks, then sends.
    pub(crate) async fn send(
        &self,
        slot: &Slot,
        connection: &Arc<Connection>,
        request: &ToolRequest,
        grant: Option<&Grant>,
        limit: Duration,
    ) -> Result<ToolReply, ToolError> {
        let tool = &request.tool;
        let of = Wanted::Tool {
            tool,
            is_granted: grant.is_some(),
            trace: request.trace,
        };
        let tenant = request.tenant;
        let admission = Admission { slot, tenant, of };
        let catalogue = admission.check(connection).await?;
        let Some(entry) = catalogue.get(&tool.tool) else {
            return Err(unknown_tool(tool, &catalogue.nearest(&tool.tool)));
        };
        let arguments = arguments(tool, &request.arguments)?;
        entry
            .input
            .check(&request.arguments)
            .map_err(|why| arguments_invalid(tool, &why))?;
        let pass = self.cool_down(slot, request, grant)?;
        self.0.tally.note(slot.effect(&tool.tool).0);
        let clock = CallClock::default();
        let _acts = grant.map(|grant| self.0.acting.begin(grant.effect(), clock.clone()));
        let call = Call {
            tool,
            arguments,
            meta: meta(&slot.spec, tenant, Some(request), grant),
            limit,
            clock,
        };
        let result = connection
            .call(call, admission)
            .await
            .inspect_err(|error| {
                if error.outcome == Outcome::NotPerformed
                    && let Some(pass) = pass
                {
                    self.0.cooldowns.give_back(pass);
                }
            })?;
        tool_reply(&slot.spec, entry, &request.arguments, result)
    }

    fn cool_down(
        &self,
        slot: &Slot,
        request: &ToolRequest,
        grant: Option<&Grant>,
    ) -> Result<Option<Pass>, ToolError> {
        let rule = slot.spec.tools.get(&request.tool.tool);
        let (Some(rule), Some(grant)) = (rule.and_then(|rule| rule.cooldown.as_ref()), grant)
        else {
            return Ok(None);
        };
        // Without an account in the arguments the whole server is one account.
        let account = match request.arguments.pointer(&rule.account) {
            Some(Value::String(account)) => account.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        let key = (request.tenant, slot.spec.name.clone(), account.clone());
        self.0
            .cooldowns
            .pass(key, rule.span, grant.intent_key(), self.0.clock.now())
            .map(Some)
            .map_err(|wait| cooling_down(&request.tool, &account, wait))
    }
}

#[async_trait]
impl ToolHost for McpHost {
    fn tell_progress(&self, ear: Arc<dyn ProgressEar>) {
        // Whoever came first is told.
        let _later = self.0.ear.set(ear);
    }

    async fn tools(&self, tenant: TenantId) -> Result<Vec<ToolInfo>, ToolError> {
        let mut asked = JoinSet::new();
        for slot in self.visible(tenant) {
            // A server that nobody lets run has no tools, and keeps no other's from being listed.
            if slot.spec.barred.is_some() {
                continue;
            }
            asked.spawn(async move {
                let connection = slot.connection().await?;
                let catalogue = connection.catalogue(&slot.spec).await;
                Ok::<_, ToolError>(slot.offered(&catalogue))
            });
        }
        let (mut tools, mut answered, mut failure) = (Vec::new(), 0, None);
        while let Some(answer) = asked.join_next().await {
            match answer {
                Ok(Ok(listed)) => {
                    answered += 1;
                    tools.extend(listed);
                }
                Ok(Err(error)) => failure = Some(error),
                Err(panic) => std::panic::resume_unwind(panic.into_panic()),
            }
        }
        match failure {
            Some(error) if answered == 0 => Err(error),
            _ => {
                tools.sort_by(|one, other| one.tool.cmp(&other.tool));
                Ok(tools)
            }
        }
    }

    async fn fitting(&self, tenant: TenantId, need: Need<'_>, most: usize) -> Fits {
        self.fits(tenant, need, most).await
    }

    async fn read(&self, request: ToolRequest) -> Result<ToolReply, ToolError> {
        let slot = &self.slot(request.tenant, &request.tool.server)?;
        let (effect, is_classed) = slot.effect(&request.tool.tool);
        if is_classed && acts(effect) {
            // Refused without even starting the server.
            return Err(needs_decision(&request.tool, effect, true));
        }
        self.shared_read(slot, request).await
    }

    async fn perform(&self, request: ToolRequest, grant: &Grant) -> Result<ToolReply, ToolError> {
        let slot = &self.slot(request.tenant, &request.tool.server)?;
        let (limit, request) = (request.timeout.min(slot.spec.request_timeout), &request);
        with_leave(slot, true, 0, limit, |connection, limit| async move {
            self.send(slot, &connection, request, Some(grant), limit)
                .await
        })
        .await
    }

    fn is_asking(&self, effect: EffectId) -> bool {
        self.0.acting.stands_still(effect)
    }

    async fn asks_by_key(&self, tenant: TenantId, tool: &ToolRef) -> bool {
        self.slot(tenant, &tool.server).is_ok_and(|slot| {
            let rule = slot.spec.tools.get(&tool.tool);
            rule.is_some_and(|rule| rule.recognises_intents)
        })
    }

    async fn resource(
        &self,
        tenant: TenantId,
        server: &str,
        uri: &str,
    ) -> Result<ResourceReply, ToolError> {
        let slot = self.slot(tenant, server)?;
        read(&slot, tenant, uri, true).await
    }

    async fn servers(&self, tenant: TenantId) -> Vec<ServerStatus> {
        let mut statuses = Vec::new();
        for slot in self.visible(tenant) {
            statuses.push(slot.status(tenant).await);
        }
        statuses
    }

    async fn probe(&self, tenant: TenantId, server: &str) -> Result<ServerStatus, ToolError> {
        let slot = &self.slot(tenant, server)?;
        let limit = slot.spec.request_timeout.min(PROBE_LIMIT);
        let asked = with_retries(
            slot,
            slot.spec.read_retries,
            limit,
            |connection, limit| async move { connection.answers(&slot.spec, limit).await },
        )
        .await;
        // A person who tries it does not wait for its pause; that it answers ends the pause.
        if asked.is_ok() {
            slot.circuit.answered();
        }
        let status = slot.status(tenant).await;
        Ok(match asked {
            Ok(()) => status,
            Err(error) => ServerStatus {
                connected: false,
                problem: Some(error.fault),
                ..status
            },
        })
    }
}

impl fmt::Debug for McpHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("McpHost")
            .field("servers", &self.0.slots().len())
            .finish_non_exhaustive()
    }
}

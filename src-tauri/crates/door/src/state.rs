//! What every handler can reach.
//!
//! Never here: anything of one request.

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use chimera_domain::{
    change::Change,
    event::Fact,
    id::{AgentId, TenantId, UserId},
    time::Timestamp,
};
use chimera_ports::{error::PortError, store::Store};
use chimera_runtime::{Caller, Runtime};
use serde_json::Value;
use tokio::sync::watch;

use crate::{
    counters::Counters, crossing, options::Options, people::password::Passwords, streams::Streams,
    throttle::Throttle,
};

/// Attempts to sign in from one address in a minute (SEC-07).
const SIGN_INS_PER_MINUTE: u32 = 60;
/// Failed attempts on one account in [`FAILURE_SECONDS`].
const FAILURES_PER_ACCOUNT: u32 = 8;
const FAILURE_SECONDS: u32 = 15 * 60;

/// The shared state.
pub struct Inner {
    /// What runs.
    pub runtime: Runtime,
    /// What the API was told.
    pub options: Options,
    /// Counters of this process.
    pub counters: Counters,
    /// Hashes and verifies passwords, a few at a time.
    pub passwords: Passwords,
    /// Attempts to sign in, by address; `None` is the window's own door.
    pub addresses: Throttle<Option<IpAddr>>,
    /// Failures to sign in, by account.
    pub accounts: Throttle<String>,
    /// Requests, by tenant.
    pub(crate) tenants: Throttle<TenantId>,
    /// Attempts on what is another workspace's that are listed one by one, by account.
    pub(crate) crossings: Throttle<UserId>,
    /// Alerts of such attempts, by account and the workspace whose thing was asked for.
    pub(crate) crossing_alerts: Throttle<(UserId, TenantId)>,
    /// The installation's first workspace, once it is known.
    first: OnceLock<TenantId>,
    /// Held by what must not happen twice at once: the first run, changes of accounts, of keys, of prices and of feeds.
    pub setup: tokio::sync::Mutex<()>,
    /// Writes with an idempotency key that are being worked on.
    pub(crate) in_flight: Mutex<HashSet<(UserId, String)>>,
    /// Agents for which a plan is being made.
    planning: Mutex<HashMap<(TenantId, AgentId), u32>>,
    /// Room for event streams.
    pub streams: Streams,
    /// Ticks when the API itself wrote an event.
    pub written: watch::Sender<u64>,
}

/// A cheap handle on the shared state.
pub type Api = Arc<Inner>;

impl Inner {
    /// The state over a running runtime.
    #[must_use]
    pub fn new(runtime: Runtime, options: Options) -> Self {
        Self {
            tenants: Throttle::new(options.tenant_requests_per_minute, 60),
            crossings: Throttle::new(crossing::LISTED_AN_HOUR, 3_600),
            crossing_alerts: Throttle::new(1, 3_600),
            first: OnceLock::new(),
            runtime,
            options,
            counters: Counters::default(),
            passwords: Passwords::default(),
            addresses: Throttle::new(SIGN_INS_PER_MINUTE, 60),
            accounts: Throttle::new(FAILURES_PER_ACCOUNT, FAILURE_SECONDS),
            setup: tokio::sync::Mutex::new(()),
            in_flight: Mutex::default(),
            planning: Mutex::default(),
            streams: Streams::default(),
            written: watch::channel(0).0,
        }
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.runtime.clock().now()
    }

    /// The installation's first workspace, whose admins make others.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn first_tenant(&self) -> Result<Option<TenantId>, PortError> {
        if let Some(first) = self.first.get() {
            return Ok(Some(*first));
        }
        let tenants = self.store().tenants().await?;
        Ok(tenants
            .first()
            .map(|first| *self.first.get_or_init(|| first.id)))
    }

    /// All stored state.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        self.runtime.store()
    }

    /// The audit record of an act that the API itself performs, with the fact for whoever watches.
    #[must_use]
    pub fn notes(&self, who: &Caller, action: &str, output: Value, area: &str) -> Vec<Change> {
        let fact = Fact::SettingsChanged {
            area: area.to_owned(),
        };
        self.runtime.notes(who, action, output, Some(fact))
    }

    /// Tells open streams that there is something to read.
    pub fn announce(&self) {
        self.written
            .send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Counts an agent as planning for as long as the returned guard lives.
    #[must_use]
    pub fn begin_planning(self: &Arc<Self>, tenant: TenantId, agent: AgentId) -> Planning {
        *self.planning_table().entry((tenant, agent)).or_default() += 1;
        Planning {
            api: self.clone(),
            key: (tenant, agent),
        }
    }

    /// The agents of a tenant for which a first plan is made right now; a plan that is made anew is a task.
    #[must_use]
    pub fn planning_now(&self, tenant: TenantId) -> Vec<AgentId> {
        self.planning_table()
            .keys()
            .filter(|(owner, _)| *owner == tenant)
            .map(|(_, agent)| *agent)
            .collect()
    }

    /// Whether a first plan is being made for an agent.
    #[must_use]
    pub fn is_planning(&self, tenant: TenantId, agent: AgentId) -> bool {
        self.planning_table().contains_key(&(tenant, agent))
    }

    fn planning_table(&self) -> std::sync::MutexGuard<'_, HashMap<(TenantId, AgentId), u32>> {
        self.planning.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An agent plans while this lives.
pub struct Planning {
    api: Api,
    key: (TenantId, AgentId),
}

impl Drop for Planning {
    fn drop(&mut self) {
        let mut table = self.api.planning_table();
        if let Some(count) = table.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                table.remove(&self.key);
            }
        }
    }
}

//! One resource as it is followed: read, and read again when its server says that it changed or its time has come, over
//! as many connections as that takes.
//!
//! Never here: who follows it (`mod`), or how a server tells (`ear`).

use std::{convert::Infallible, sync::Arc, time::Duration};

use chimera_domain::{
    fault::{Fault, FaultClass},
    id::TenantId,
};
use chimera_ports::{
    clock::Clock,
    resources::{DEFAULT_POLL, FollowedResource},
};
use tokio::{
    sync::watch,
    time::{Instant, sleep, sleep_until},
};

use super::ear::Ear;
use crate::{
    codes::{
        MCP_CONNECTION_LOST, MCP_SERVER_OFF, MCP_SERVER_UNKNOWN, MCP_SERVER_UNTRUSTED,
        MCP_SHUT_DOWN, MCP_TOOL_QUARANTINED, MCP_VERSION_REFUSED, cut,
    },
    connection::Connection,
    reading::read,
    slot::Slot,
};

/// The shortest time between two reads of one resource, however often its server says that it changed.
pub(super) const BETWEEN_READS: Duration = Duration::from_secs(1);
/// How often one looks whether a connection still stands, where nothing says that it ended.
const LOOK: Duration = Duration::from_secs(2);
/// What went well for so long makes good what failed before.
const STEADY: Duration = Duration::from_secs(60);
/// Failures in a row after which a resource is not followed any longer.
pub(super) const MAX_FAILURES: u32 = 10;
/// Pause after the first failure; it doubles with each further one…
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// …up to this.
const MAX_PAUSE: Duration = Duration::from_secs(60);
/// Subscriptions in a row that a server may end at once before it is asked every so often instead.
const MAX_BROKEN_EARS: u32 = 3;

/// What is followed, where it is shown, and how often it is read without being told.
pub(super) struct Watching {
    pub(super) slot: Arc<Slot>,
    pub(super) tenant: TenantId,
    pub(super) uri: String,
    pub(super) shown: watch::Sender<FollowedResource>,
    pub(super) every: watch::Receiver<Duration>,
    pub(super) clock: Arc<dyn Clock>,
}

/// Why a resource is not read over a connection any longer.
enum Left {
    /// The server does not tell any more; it is asked to once more.
    Deaf,
    /// Something failed, and may go well the next time.
    Failed(Fault),
    /// It cannot be followed any longer.
    Over(Fault),
}

impl From<Fault> for Left {
    fn from(fault: Fault) -> Self {
        const OVER: [&str; 6] = [
            MCP_SERVER_OFF,
            MCP_SERVER_UNKNOWN,
            MCP_SERVER_UNTRUSTED,
            MCP_SHUT_DOWN,
            MCP_TOOL_QUARANTINED,
            MCP_VERSION_REFUSED,
        ];
        if OVER.contains(&fault.code.as_str()) {
            Self::Over(fault)
        } else {
            Self::Failed(fault)
        }
    }
}

impl Watching {
    /// Follows the resource until that is over, and says why.
    pub(super) async fn run(self) {
        let why = tokio::select! {
            why = self.slot.gone() => why,
            why = self.follow() => why,
        };
        self.show(|shown| {
            shown.is_told = false;
            shown.ended = Some(why);
        });
    }

    async fn follow(&self) -> Fault {
        let (mut failures, mut broken_ears) = (0, 0);
        loop {
            let begun = Instant::now();
            let Err(left) = self.stay(broken_ears < MAX_BROKEN_EARS).await;
            if begun.elapsed() >= STEADY {
                (failures, broken_ears) = (0, 0);
            }
            match left {
                Left::Over(fault) => return fault,
                Left::Deaf => {
                    broken_ears += 1;
                    sleep(BETWEEN_READS).await;
                }
                Left::Failed(fault) => {
                    failures += 1;
                    if failures == MAX_FAILURES {
                        return self.given_up(&fault);
                    }
                    self.show(|shown| {
                        shown.is_told = false;
                        shown.problem = Some(fault);
                    });
                    sleep(pause(failures)).await;
                }
            }
        }
    }

    /// Reads the resource over one connection, again and again.
    async fn stay(&self, may_be_told: bool) -> Result<Infallible, Left> {
        let connection = self.slot.connection().await.map_err(|error| error.fault)?;
        let mut terms = self.slot.terms_changes();
        self.check(&connection).await?;
        let limit = self.slot.spec.request_timeout;
        // Before the first read, so that no change between the two is missed.
        let ear = match may_be_told {
            true => Ear::open(&connection, &self.uri, limit).await,
            false => None,
        };
        let mut every = self.every.clone();
        loop {
            let begun = Instant::now();
            self.take(ear.is_some()).await?;
            // What is told meanwhile is one word, and waits.
            sleep_until(begun + BETWEEN_READS).await;
            loop {
                let pace = self.pace(ear.is_some());
                tokio::select! {
                    told = hears(ear.as_ref()) => match told {
                        true => break,
                        false => return Err(self.lost(&connection).unwrap_or(Left::Deaf)),
                    },
                    () = sleep_until(begun + pace) => break,
                    () = ends(&connection) => {
                        return Err(self.lost(&connection).unwrap_or(Left::Deaf));
                    }
                    changed = terms.changed() => match changed {
                        Ok(()) => self.check(&connection).await?,
                        Err(_) => std::future::pending().await,
                    },
                    changed = every.changed() => match changed {
                        Ok(()) => self.show(|shown| shown.every = self.pace(ear.is_some())),
                        Err(_) => std::future::pending().await,
                    },
                }
            }
        }
    }

    async fn check(&self, connection: &Arc<Connection>) -> Result<(), Left> {
        let slot = &self.slot;
        let catalogue = connection.catalogue(&slot.spec).await;
        let checked = slot.terms().check_server(&catalogue, &slot.spec.name);
        Ok(checked.map_err(|error| error.fault)?)
    }

    /// One read, and what is now known by it.
    async fn take(&self, is_told: bool) -> Result<(), Left> {
        let reply = read(&self.slot, self.tenant, &self.uri, false).await;
        let reply = reply.map_err(|error| error.fault)?;
        let (now, every) = (self.clock.now(), self.pace(is_told));
        self.show(|shown| {
            let before = shown.reply.as_deref();
            if before != Some(&reply) {
                shown.changed_at = before.map(|_| now);
                shown.version += 1;
                shown.reply = Some(Arc::new(reply));
            }
            shown.read_at = Some(now);
            (shown.is_told, shown.every, shown.problem) = (is_told, every, None);
        });
        Ok(())
    }

    /// How often it is read without being told: where it is told, that only makes good what a server forgot to tell.
    fn pace(&self, is_told: bool) -> Duration {
        let wanted = *self.every.borrow();
        match is_told {
            true => wanted.max(DEFAULT_POLL),
            false => wanted,
        }
    }

    fn show(&self, change: impl FnOnce(&mut FollowedResource)) {
        self.shown.send_modify(change);
    }

    /// That the connection ended, where it did.
    fn lost(&self, connection: &Connection) -> Option<Left> {
        if connection.is_open() && connection.ending().cause().is_none() {
            return None;
        }
        let why = format!(
            "the MCP server '{}' is gone: {}; it is started again to go on reading '{}'",
            self.slot.spec.name,
            connection.ending(),
            cut(&self.uri),
        );
        let fault = Fault::new(FaultClass::Transient, MCP_CONNECTION_LOST, why);
        Some(Left::Failed(fault))
    }

    fn given_up(&self, last: &Fault) -> Fault {
        let why = format!(
            "'{}' of the MCP server '{}' is not followed any longer, because that failed {MAX_FAILURES} times running; what was read before stays; mend the cause and open it again; last: {}",
            cut(&self.uri),
            self.slot.spec.name,
            last.message
        );
        Fault {
            message: why,
            ..last.clone()
        }
    }
}

async fn hears(ear: Option<&Ear>) -> bool {
    match ear {
        Some(ear) => ear.hears().await,
        None => std::future::pending().await,
    }
}

/// Returns when the connection does not stand any longer.
async fn ends(connection: &Connection) {
    while connection.is_open() {
        tokio::select! {
            () = connection.ending().is_over() => return,
            () = sleep(LOOK) => {}
        }
    }
}

fn pause(failures: u32) -> Duration {
    let doubled = 1_u32.checked_shl(failures.saturating_sub(1));
    FIRST_PAUSE
        .saturating_mul(doubled.unwrap_or(u32::MAX))
        .min(MAX_PAUSE)
}

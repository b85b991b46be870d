//! Resources that are followed: who follows which, so that several followers of one cost as much as one, and the last to go
//! ends it.
//!
//! Never here: reading one (`watching`), or how a server tells of a change (`ear`).

mod ear;
mod watching;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use chimera_domain::{fault::FaultClass, id::TenantId};
use chimera_ports::{
    resources::{FollowedResource, ResourceDesk, ResourceFollower, SHORTEST_POLL},
    tools::{Outcome, ToolError},
};
use tokio::{sync::watch, task::AbortHandle};

pub(crate) use ear::Notices;

use self::watching::Watching;
use crate::{
    codes::{MCP_RESOURCE_UNKNOWN, MCP_TOO_MANY_FOLLOWED, unsent},
    host::McpHost,
    shelf::MAX_URI_CHARS,
    slot::Slot,
};

/// Most resources of one server that are followed at once for one tenant.
pub(crate) const MAX_FOLLOWED_PER_SERVER: usize = 16;
/// Most resources of all servers together that are followed at once for one tenant.
pub(crate) const MAX_FOLLOWED: usize = 64;

/// Whose, of which server, by which address.
type Key = (TenantId, String, String);

/// Every resource that is followed.
#[derive(Default)]
pub(crate) struct Followed(Mutex<Board>);

#[derive(Default)]
struct Board {
    resources: HashMap<Key, Watched>,
    /// Names followers, and one watch of a resource after the other.
    numbers: u64,
}

struct Watched {
    number: u64,
    slot: Arc<Slot>,
    shown: watch::Receiver<FollowedResource>,
    /// How often each follower wants it read.
    wanted: BTreeMap<u64, Duration>,
    every: watch::Sender<Duration>,
    task: AbortHandle,
}

impl Watched {
    fn set_pace(&self) {
        if let Some(most_impatient) = self.wanted.values().min() {
            self.every.send_replace(*most_impatient);
        }
    }

    /// Whether one can still join those who follow it.
    fn lasts(&self, slot: &Arc<Slot>) -> bool {
        Arc::ptr_eq(&self.slot, slot) && self.shown.borrow().ended.is_none()
    }
}

impl Followed {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn leave(&self, key: &Key, number: u64, follower: u64) {
        let gone = {
            let mut board = self.board();
            let Some(watched) = board.resources.get_mut(key) else {
                return;
            };
            // Another watch of the same resource began after this one's had ended.
            if watched.number != number {
                return;
            }
            watched.wanted.remove(&follower);
            watched.set_pace();
            match watched.wanted.is_empty() {
                true => board.resources.remove(key),
                false => None,
            }
        };
        // One that ended by itself has said why; this one has nobody left to say it to.
        if let Some(gone) = gone {
            gone.task.abort();
        }
    }
}

impl Board {
    fn next(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// Refuses one more resource where there are too many already.
    fn admit(&self, tenant: TenantId, server: &str) -> Result<(), ToolError> {
        let (mut all, mut of_server) = (0, 0);
        for ((whose, of, _), watched) in &self.resources {
            if *whose == tenant && watched.shown.borrow().ended.is_none() {
                all += 1;
                of_server += usize::from(of == server);
            }
        }
        if all < MAX_FOLLOWED && of_server < MAX_FOLLOWED_PER_SERVER {
            return Ok(());
        }
        let why = format!(
            "{of_server} resources of the MCP server '{server}' and {all} in all are followed already; {MAX_FOLLOWED_PER_SERVER} and {MAX_FOLLOWED} are the most; nothing was sent; let one go first"
        );
        Err(unsent(FaultClass::Waits, MCP_TOO_MANY_FOLLOWED, why))
    }
}

impl ResourceDesk for McpHost {
    fn follow(
        &self,
        tenant: TenantId,
        server: &str,
        uri: &str,
        every: Duration,
    ) -> Result<Box<dyn ResourceFollower>, ToolError> {
        let slot = self.slot(tenant, server)?;
        if let Some(fault) = &slot.spec.barred {
            return Err(ToolError {
                fault: fault.clone(),
                outcome: Outcome::NotPerformed,
            });
        }
        if uri.is_empty() || uri.chars().count() > MAX_URI_CHARS {
            let why = format!(
                "the address of a resource has 1 to {MAX_URI_CHARS} characters; nothing was sent; correct it"
            );
            return Err(unsent(FaultClass::Permanent, MCP_RESOURCE_UNKNOWN, why));
        }
        let key = (tenant, server.to_owned(), uri.to_owned());
        let every = every.max(SHORTEST_POLL);
        let followed = &self.0.followed;
        let mut board = followed.board();
        let follower = board.next();
        let lasting = board.resources.remove(&key).filter(|one| one.lasts(&slot));
        let mut watched = match lasting {
            Some(watched) => watched,
            None => {
                // What may have been there has ended, and those who followed it know why.
                board.admit(tenant, server)?;
                let number = board.next();
                self.watch(&slot, tenant, uri, every, number)
            }
        };
        watched.wanted.insert(follower, every);
        watched.set_pace();
        let shown = Follower {
            shown: watched.shown.clone(),
            number: watched.number,
            follower,
            key: key.clone(),
            followed: Arc::clone(followed),
        };
        board.resources.insert(key, watched);
        Ok(Box::new(shown))
    }
}

impl McpHost {
    fn watch(
        &self,
        slot: &Arc<Slot>,
        tenant: TenantId,
        uri: &str,
        every: Duration,
        number: u64,
    ) -> Watched {
        let (shows, shown) = watch::channel(FollowedResource {
            version: 0,
            reply: None,
            read_at: None,
            changed_at: None,
            is_told: false,
            every,
            problem: None,
            ended: None,
        });
        let (sets_pace, pace) = watch::channel(every);
        let watching = Watching {
            slot: Arc::clone(slot),
            tenant,
            uri: uri.to_owned(),
            shown: shows,
            every: pace,
            clock: Arc::clone(&self.0.clock),
        };
        Watched {
            number,
            slot: Arc::clone(slot),
            shown,
            wanted: BTreeMap::new(),
            every: sets_pace,
            task: self.0.tasks.spawn(watching.run()).abort_handle(),
        }
    }
}

/// One who follows. The last to go ends it.
struct Follower {
    shown: watch::Receiver<FollowedResource>,
    key: Key,
    number: u64,
    follower: u64,
    followed: Arc<Followed>,
}

#[async_trait]
impl ResourceFollower for Follower {
    fn seen(&self) -> FollowedResource {
        self.shown.borrow().clone()
    }

    async fn changed(&mut self) -> FollowedResource {
        // Its other end goes only after it said why.
        let _over = self.shown.changed().await;
        self.shown.borrow_and_update().clone()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.followed.leave(&self.key, self.number, self.follower);
    }
}

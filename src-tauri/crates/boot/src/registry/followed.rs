//! Resources that people have open in the console: each followed for as long as somebody asks for it again and again.
//!
//! Nothing is held open between two askings: a page that is gone asks no more, and what it followed ends by itself.
//!
//! Never here: who may look (the API's table), or following itself (`mcp`).

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chimera_domain::id::TenantId;
use chimera_ports::{
    resources::{FollowedResource, ResourceDesk, ResourceFollower, SHORTEST_POLL},
    tools::ToolError,
};
use tokio::time::Instant;

/// How long a resource is followed after it was last asked for.
const LEASE: Duration = Duration::from_secs(20);

/// Whose, of which server, by which address.
type Key = (TenantId, String, String);

/// Resources that people have open, all of a workspace in common.
#[derive(Default)]
pub(super) struct Followed(Mutex<HashMap<Key, Open>>);

struct Open {
    follower: Box<dyn ResourceFollower>,
    until: Instant,
}

impl Followed {
    fn open(&self) -> MutexGuard<'_, HashMap<Key, Open>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a resource, which is followed from now on. How many there may be is the desk's to say.
    ///
    /// # Errors
    /// When it cannot be followed.
    pub(super) fn look(
        &self,
        desk: &dyn ResourceDesk,
        of: Key,
        anew: bool,
    ) -> Result<FollowedResource, ToolError> {
        let mut open = self.open();
        if let Some(held) = open.get_mut(&of) {
            let known = held.follower.seen();
            if known.ended.is_none() || !anew {
                held.until = Instant::now() + LEASE;
                return Ok(known);
            }
        }
        let (tenant, server, uri) = &of;
        let follower = desk.follow(*tenant, server, uri, SHORTEST_POLL)?;
        let known = follower.seen();
        let until = Instant::now() + LEASE;
        open.insert(of, Open { follower, until });
        Ok(known)
    }

    /// Lets go what nobody asks for any more.
    pub(super) fn let_go(&self) {
        let now = Instant::now();
        self.open().retain(|_, held| held.until > now);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeMap,
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use async_trait::async_trait;
    use chimera_domain::fault::Fault;
    use tokio::time::advance;

    use super::*;

    /// Counts its followers, and ends them when it is told to.
    #[derive(Clone, Default)]
    struct Counted {
        followers: Arc<AtomicUsize>,
        ended: Arc<Mutex<BTreeMap<usize, Fault>>>,
        begun: Arc<AtomicUsize>,
    }

    struct One(Counted, usize);

    impl Drop for One {
        fn drop(&mut self) {
            self.0.followers.fetch_sub(1, Ordering::AcqRel);
        }
    }

    #[async_trait]
    impl ResourceFollower for One {
        fn seen(&self) -> FollowedResource {
            FollowedResource {
                version: 0,
                reply: None,
                read_at: None,
                changed_at: None,
                is_told: false,
                every: SHORTEST_POLL,
                problem: None,
                ended: self.0.ended.lock().unwrap().get(&self.1).cloned(),
            }
        }

        async fn changed(&mut self) -> FollowedResource {
            self.seen()
        }
    }

    impl ResourceDesk for Counted {
        fn follow(
            &self,
            _: TenantId,
            _: &str,
            _: &str,
            _: Duration,
        ) -> Result<Box<dyn ResourceFollower>, ToolError> {
            self.followers.fetch_add(1, Ordering::AcqRel);
            let number = self.begun.fetch_add(1, Ordering::AcqRel);
            Ok(Box::new(One(self.clone(), number)))
        }
    }

    fn key(uri: &str) -> Key {
        let tenant = TenantId::from_uuid(uuid::Uuid::nil());
        (tenant, "notes".to_owned(), uri.to_owned())
    }

    #[tokio::test(start_paused = true)]
    async fn it_lasts_for_as_long_as_somebody_asks() {
        let (desk, followed) = (Counted::default(), Followed::default());
        let followers = || desk.followers.load(Ordering::Acquire);
        followed.look(&desk, key("a"), true).unwrap();
        followed.look(&desk, key("b"), true).unwrap();
        for _ in 0..5 {
            advance(LEASE / 2).await;
            followed.look(&desk, key("a"), false).unwrap();
            followed.let_go();
        }
        assert_eq!(followers(), 1, "nobody asked for the other one");
        advance(LEASE).await;
        followed.let_go();
        assert_eq!(followers(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_ended_is_told_until_it_is_begun_anew() {
        let (desk, followed) = (Counted::default(), Followed::default());
        followed.look(&desk, key("a"), true).unwrap();
        let why = Fault::of("MCP_SERVER_OFF", "off");
        desk.ended.lock().unwrap().insert(0, why.clone());
        for _ in 0..2 {
            let known = followed.look(&desk, key("a"), false).unwrap();
            assert_eq!(known.ended, Some(why.clone()));
        }
        let known = followed.look(&desk, key("a"), true).unwrap();
        assert_eq!((known.ended, desk.begun.load(Ordering::Acquire)), (None, 2));
        assert_eq!(desk.followers.load(Ordering::Acquire), 1);
    }
}

//! Sessions of the servers that a person may authorize: of one life with a server's address and what runs at it.
//!
//! Never here: a round with a person (`authorizing`), or where tokens lie (`authorizations`).

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chimera_domain::{
    digest::Digest,
    id::TenantId,
    server::{Reach, RegisteredServer, ServerEntry},
    time::Timestamp,
};
use chimera_oauth::{Identity, RoundId, Session, SessionOptions};
use chimera_ports::{
    authorizing::{Authorization, AuthorizationClient},
    error::PortError,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Registry, authorizations::Place};

/// Our name, for the page on which a person agrees.
const OUR_NAME: &str = "Chimera";
/// Whose, and of which server.
pub(super) type Key = (TenantId, String);

/// Sessions and rounds of the servers that a person may authorize.
#[derive(Default)]
pub(super) struct Authorizing {
    sessions: Mutex<HashMap<Key, Held>>,
    rounds: Mutex<HashMap<Key, Round>>,
}

/// One server's session; of one life with its address, and with what runs at it.
struct Held {
    url: String,
    session: Arc<Session>,
}

/// A round that waits for somebody to come back.
pub(super) struct Round {
    pub(super) id: RoundId,
    pub(super) until: Timestamp,
    pub(super) stop: CancellationToken,
}

impl Authorizing {
    fn sessions(&self) -> MutexGuard<'_, HashMap<Key, Held>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rounds(&self) -> MutexGuard<'_, HashMap<Key, Round>> {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn session(&self, key: &Key) -> Option<Arc<Session>> {
        let sessions = self.sessions();
        sessions.get(key).map(|held| Arc::clone(&held.session))
    }

    fn waits_until(&self, key: &Key) -> Option<Timestamp> {
        self.rounds().get(key).map(|round| round.until)
    }

    /// Waits for a round to be answered, in place of a former one. False where a later one waits already.
    pub(super) fn begun(&self, key: &Key, round: Round) -> bool {
        let mut rounds = self.rounds();
        if rounds.get(key).is_some_and(|there| there.id > round.id) {
            return false;
        }
        if let Some(former) = rounds.insert(key.clone(), round) {
            former.stop.cancel();
        }
        true
    }

    /// Ends the round of a server, if there is one, without a word.
    pub(super) fn end(&self, key: &Key) {
        if let Some(round) = self.rounds().remove(key) {
            round.stop.cancel();
        }
    }

    /// Forgets a round that ended by itself.
    pub(super) fn ended(&self, key: &Key, id: RoundId) {
        let mut rounds = self.rounds();
        if rounds.get(key).is_some_and(|round| round.id == id) {
            rounds.remove(key);
        }
    }
}

/// Whether headers carry a key of the operator's own: then no person authorizes.
fn has_own_key(headers: &BTreeMap<String, String>) -> bool {
    let mut names = headers.keys();
    names.any(|name| name.eq_ignore_ascii_case("authorization"))
}

/// What nobody can guess: of three random ids, 366 bits, as many as are asked for.
fn random() -> [u8; 32] {
    let ids = [Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4()];
    Digest::plain(&ids.map(Uuid::into_bytes).concat()).to_bytes()
}

impl Registry {
    /// The session of a server at this address, where a person may authorize it.
    pub(super) fn session(&self, server: &RegisteredServer, url: &str) -> Option<Arc<Session>> {
        let Reach::Http { headers, .. } = &server.entry.reach else {
            return None;
        };
        if url.is_empty() || has_own_key(headers) {
            return None;
        }
        let mut sessions = self.authorizing.sessions();
        let key = (server.tenant, server.name.clone());
        if let Some(held) = sessions.get(&key).filter(|held| held.url == url) {
            return Some(Arc::clone(&held.session));
        }
        let session = Arc::new(Session::new(SessionOptions {
            net: self.net(server.tenant).clone(),
            url: url.to_owned(),
            identity: Identity {
                name: OUR_NAME.to_owned(),
                ..Identity::default()
            },
            keeping: Arc::new(Place::new(
                &self.authorizations,
                server.tenant,
                &server.name,
                url,
            )),
            clock: Arc::clone(&self.clock),
            random: Arc::new(random),
        }));
        let held = Held {
            url: url.to_owned(),
            session: Arc::clone(&session),
        };
        sessions.insert(key, held);
        Some(session)
    }

    /// How the authorization of a server that runs stands.
    pub(super) async fn authorization(&self, server: &RegisteredServer) -> Option<Authorization> {
        let key = (server.tenant, server.name.clone());
        let state = self.host.authorization(server.tenant, &server.name).await?;
        let mut marks = self.authorizations.marks(server.tenant).await.ok()?;
        let mark = marks.servers.remove(&server.name).unwrap_or_default();
        Some(Authorization {
            state,
            waits_until: self.authorizing.waits_until(&key),
            client: mark.client.map(|client| AuthorizationClient {
                id: client.id,
                secret: client.secret,
            }),
            given: mark.by.zip(mark.at),
        })
    }

    /// Forgets the authorization of a server that is about to be removed, or reached at another address or with a key.
    /// One at the address that it was given for stays.
    pub(super) async fn unless_still(
        &self,
        tenant: TenantId,
        name: &str,
        next: Option<&ServerEntry>,
    ) -> Result<(), PortError> {
        let mut marks = self.authorizations.marks(tenant).await?;
        let still = next.and_then(|entry| match &entry.reach {
            Reach::Http { headers, .. } if !has_own_key(headers) => {
                self.launch(tenant, entry).ok()?.0.address
            }
            _ => None,
        });
        let key = (tenant, name.to_owned());
        let session = self.authorizing.session(&key);
        let url = {
            let sessions = self.authorizing.sessions();
            let held = sessions.get(&key).map(|held| held.url.clone());
            held.or(marks.servers.remove(name).map(|mark| mark.url))
        };
        if url.is_none() || url == still {
            return Ok(());
        }
        self.authorizations
            .change(tenant, Vec::new(), |marks| marks.forget(name))
            .await?;
        self.authorizing.sessions().remove(&key);
        self.let_go(&key, session.as_deref());
        self.authorizations.erase(tenant).await
    }

    /// Lets go what a session has in memory, and the round that is under way. Nobody is waited for.
    pub(super) fn let_go(&self, key: &Key, session: Option<&Session>) {
        if let Some(session) = session {
            session.let_go();
        }
        self.authorizing.end(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_the_operators_own_is_known_by_its_header_however_it_is_written() {
        let headers = |name: &str| BTreeMap::from([(name.to_owned(), String::new())]);
        for name in ["Authorization", "authorization", "AUTHORIZATION"] {
            assert!(has_own_key(&headers(name)), "{name}");
        }
        assert!(!has_own_key(&headers("x-team")) && !has_own_key(&BTreeMap::new()));
    }

    #[test]
    fn what_nobody_can_guess_is_another_each_time() {
        assert_ne!(random(), random());
    }

    #[test]
    fn a_round_that_was_followed_by_another_ends_only_itself_and_takes_no_later_ones_place() {
        let all = Authorizing::default();
        let key = (TenantId::from_uuid(Uuid::nil()), "ledger".to_owned());
        let ids = [RoundId::next(), RoundId::next()];
        let round = |at: usize| Round {
            id: ids[at],
            until: Timestamp::from_seconds(at.try_into().unwrap()),
            stop: CancellationToken::new(),
        };
        let (first, second) = (round(0), round(1));
        let stops = [first.stop.clone(), second.stop.clone()];
        assert!(all.begun(&key, first));
        assert!(all.begun(&key, second));
        assert_eq!(stops.clone().map(|stop| stop.is_cancelled()), [true, false]);
        // Begun first, and there last.
        assert!(!all.begun(&key, round(0)));
        all.ended(&key, ids[0]);
        assert_eq!(all.waits_until(&key), Some(Timestamp::from_seconds(1)));
        all.end(&key);
        assert!(stops[1].is_cancelled() && all.waits_until(&key).is_none());
    }
}

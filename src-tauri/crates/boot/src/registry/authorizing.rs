//! A person authorizes a server: sent to a browser, awaited on this machine, put on record; and takes that back.
//!
//! Never here: what an answer means (`oauth`), where tokens lie (`authorizations`), or who may do it (the API's table).

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use chimera_domain::{
    digest::Digest,
    fault::{Fault, FaultClass},
    id::TenantId,
    server::{Reach, RegisteredServer, ServerEntry},
    time::Timestamp,
};
use chimera_oauth::{
    Identity, Loopback, ROUND_TIME, Registered, Session, SessionOptions, Standing,
};
use chimera_ports::{
    authorizing::{
        Authorization, AuthorizationClient, AuthorizationDesk, AuthorizationState, Authorizer,
        BegunRound, ClientChange,
    },
    error::PortError,
    registry::{DeskError, Notes, ShownServer},
};
use serde_json::json;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Registry, authorizations::Place};

/// Our name, for the page on which a person agrees.
const OUR_NAME: &str = "Chimera";
/// Longest wait for a server that was just authorized to be there; it is connected later when it takes longer.
const FIRST_LOOK: Duration = Duration::from_secs(15);

/// Whose, and of which server.
type Key = (TenantId, String);

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
struct Round {
    id: Uuid,
    until: Timestamp,
    stop: CancellationToken,
}

impl Authorizing {
    fn sessions(&self) -> MutexGuard<'_, HashMap<Key, Held>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rounds(&self) -> MutexGuard<'_, HashMap<Key, Round>> {
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn session(&self, key: &Key) -> Option<Arc<Session>> {
        let sessions = self.sessions();
        sessions.get(key).map(|held| Arc::clone(&held.session))
    }

    fn waits_until(&self, key: &Key) -> Option<Timestamp> {
        self.rounds().get(key).map(|round| round.until)
    }

    /// Ends the round of a server, if there is one, without a word.
    fn end(&self, key: &Key) {
        if let Some(round) = self.rounds().remove(key) {
            round.stop.cancel();
        }
    }

    /// Forgets a round that ended by itself.
    fn ended(&self, key: &Key, id: Uuid) {
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
            net: self.net.clone(),
            url: url.to_owned(),
            identity: Identity {
                name: OUR_NAME.to_owned(),
                ..Identity::default()
            },
            keeping: Arc::new(Place {
                all: Arc::clone(&self.authorizations),
                tenant: server.tenant,
                server: server.name.clone(),
                url: url.to_owned(),
            }),
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
        let standing = self.host.authorization(server.tenant, &server.name).await?;
        let mut marks = self.authorizations.marks(server.tenant).await.ok()?;
        let mark = marks.servers.remove(&server.name).unwrap_or_default();
        Some(Authorization {
            state: state(standing),
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
        self.authorizing.end(&key);
        self.authorizations
            .change(tenant, Vec::new(), |marks| marks.forget(name))
            .await?;
        self.authorizing.sessions().remove(&key);
        self.let_go(tenant, session).await
    }

    /// Lets the tokens go that a session has in memory, and those in the keychain.
    async fn let_go(
        &self,
        tenant: TenantId,
        session: Option<Arc<Session>>,
    ) -> Result<(), PortError> {
        if let Some(session) = session {
            session.abandon().await;
            let forgotten = session.forget().await;
            forgotten.map_err(|fault| PortError::Internal(fault.message))?;
        }
        self.authorizations.erase(tenant).await
    }

    /// Erases what was taken back while the keychain did not answer.
    pub(super) async fn erase_what_left(&self) -> Result<(), PortError> {
        for tenant in self.store.tenants().await? {
            self.authorizations.erase(tenant.id).await?;
        }
        Ok(())
    }

    /// Stores as whom we show ourselves, with the record of who authorizes; and finds the client's secret.
    async fn client(
        &self,
        server: &RegisteredServer,
        url: &str,
        change: ClientChange,
        by: &Authorizer,
    ) -> Result<Option<Registered>, DeskError> {
        let (tenant, name) = (server.tenant, server.name.as_str());
        let marks = self.authorizations.marks(tenant).await?;
        let before = marks.servers.get(name).filter(|mark| mark.url == url);
        let client = match change {
            ClientChange::AsBefore => before.and_then(|mark| mark.client.clone()),
            ClientChange::None => None,
            ClientChange::As(client) => Some(client.into()),
        };
        let secret = match client.as_ref().and_then(|client| client.secret.as_ref()) {
            None => None,
            Some(secret) => {
                let found = self
                    .secrets
                    .handed(tenant, secret, self.is_first(tenant))
                    .await?;
                Some(found.ok_or_else(|| no_secret(secret))?)
            }
        };
        let note = json!({
            "server": name, "address": url,
            "client": client.as_ref().map(|client| &client.id),
            "client_secret": client.as_ref().and_then(|client| client.secret.as_ref()),
        });
        let registered = client.as_ref().map(|client| Registered {
            id: client.id.clone(),
            secret,
            issuer: client.issuer.clone(),
        });
        self.authorizations
            .change(tenant, (by.notes)("server.authorize", note), |marks| {
                marks.at(name, url).client = client;
            })
            .await?;
        Ok(registered)
    }

    /// Waits for the person to come back, and puts on record what came of it.
    async fn await_answer(
        self: Arc<Self>,
        key: Key,
        id: Uuid,
        loopback: Loopback,
        stop: CancellationToken,
        by: Authorizer,
    ) {
        let ended = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            done = self.answered(&key, &loopback) => done,
            () = sleep(ROUND_TIME.to_std()) => Err(nobody_came()),
        };
        drop(loopback);
        let (tenant, name) = &key;
        if let Some(session) = self.authorizing.session(&key) {
            session.abandon().await;
        }
        let recorded = match &ended {
            Ok(()) => self.given(&key, &by).await,
            Err(fault) => {
                let output = json!({ "server": name, "code": fault.code });
                let notes = (by.notes)("server.authorize_failed", output);
                self.store.append(*tenant, notes).await.map(drop)
            }
        };
        if let Err(error) = recorded {
            tracing::warn!(server = %name, %error, "what came of an authorization could not be put on record");
        }
        if ended.is_ok() {
            // It says what it is, and is pinned by that, or works again.
            drop(timeout(FIRST_LOOK, self.host.listing(*tenant, name)).await);
        }
        self.authorizing.ended(&key, id);
        self.runtime.announce_newest(*tenant).await;
    }

    /// The first answer that belongs to the round; whoever else comes is sent away.
    async fn answered(&self, key: &Key, loopback: &Loopback) -> Result<(), Fault> {
        let (tenant, name) = key;
        loop {
            let arrival = loopback.arrival().await.map_err(|error| {
                Fault::new(
                    FaultClass::Transient,
                    chimera_oauth::codes::OAUTH_NOT_BEGUN,
                    format!("nobody can come back to this machine any more: {error}; nothing was authorized; begin again"),
                )
            })?;
            let done = self.host.authorized(*tenant, name, arrival.query()).await;
            arrival.tell(done.is_ok()).await;
            let waits = match self.authorizing.session(key) {
                Some(session) => session.waits().await,
                None => false,
            };
            if done.is_ok() || !waits {
                return done;
            }
        }
    }

    async fn given(&self, (tenant, name): &Key, by: &Authorizer) -> Result<(), PortError> {
        let standing = self.host.authorization(*tenant, name).await;
        let (issuer, scopes) = match standing {
            Some(Standing::Authorized { issuer, scopes, .. }) => (Some(issuer), scopes),
            _ => (None, Vec::new()),
        };
        let output = json!({ "server": name, "issuer": issuer, "scopes": scopes });
        let notes = (by.notes)("server.authorized", output);
        let now = self.clock.now();
        let marked = self.authorizations.change(*tenant, notes, |marks| {
            let Some(mark) = marks.servers.get_mut(name) else {
                return;
            };
            (mark.by, mark.at) = (Some(by.name.clone()), Some(now));
            if let Some(client) = &mut mark.client {
                client.issuer = client.issuer.take().or(issuer);
            }
        });
        marked.await
    }
}

#[async_trait]
impl AuthorizationDesk for Registry {
    async fn begin(
        self: Arc<Self>,
        tenant: TenantId,
        name: &str,
        client: ClientChange,
        by: Authorizer,
    ) -> Result<BegunRound, DeskError> {
        let server = self.stored(tenant, name).await?;
        self.host.may_be_authorized(tenant, name)?;
        let url = self.launch(tenant, &server.entry)?.0.address;
        let url = url.unwrap_or_default();
        self.authorizations.can_keep().await?;
        let client = self.client(&server, &url, client, &by).await?;
        let loopback = Loopback::open().await.map_err(|error| {
            Fault::new(
                FaultClass::Transient,
                chimera_oauth::codes::OAUTH_NOT_BEGUN,
                format!("No address of this machine is free for the answer: {error}. Nothing was begun; try again."),
            )
        })?;
        let key = (tenant, name.to_owned());
        self.authorizing.end(&key);
        let address = self
            .host
            .authorize_as(tenant, name, loopback.redirect_uri(), client)
            .await?;
        let round = Round {
            id: Uuid::new_v4(),
            until: self.clock.now() + ROUND_TIME,
            stop: self.stop.child_token(),
        };
        let (id, until, stop) = (round.id, round.until, round.stop.clone());
        if let Some(former) = self.authorizing.rounds().insert(key.clone(), round) {
            former.stop.cancel();
        }
        let waiting = Arc::clone(&self).await_answer(key, id, loopback, stop, by);
        tokio::spawn(waiting);
        Ok(BegunRound { address, until })
    }

    async fn take_back(
        &self,
        tenant: TenantId,
        name: &str,
        notes: Notes<'_>,
    ) -> Result<ShownServer, DeskError> {
        let turn = self.turn.lock().await;
        let server = self.stored(tenant, name).await?;
        let key = (tenant, name.to_owned());
        self.authorizing.end(&key);
        let note = notes("server.unauthorize", json!({ "server": name }));
        self.authorizations
            .change(tenant, note, |marks| marks.take_back(name))
            .await?;
        self.let_go(tenant, self.authorizing.session(&key)).await?;
        // What runs goes on with nothing; one that is not run has nothing to let go.
        drop(self.host.unauthorize(tenant, name).await);
        drop(turn);
        Ok(self.shown(server).await)
    }
}

fn state(standing: Standing) -> AuthorizationState {
    match standing {
        Standing::NotAsked => AuthorizationState::NotAsked,
        Standing::Needed {
            more: false,
            scopes,
        } => AuthorizationState::Needed { scopes },
        Standing::Needed { more: true, scopes } => AuthorizationState::MoreNeeded { scopes },
        Standing::Authorized {
            issuer,
            scopes,
            until,
            renews,
            unkept,
        } => AuthorizationState::Authorized {
            issuer,
            scopes,
            until,
            renews,
            unkept,
        },
        Standing::Refused(fault) => AuthorizationState::Refused(fault),
    }
}

fn nobody_came() -> Fault {
    Fault::of(
        chimera_oauth::codes::OAUTH_NOT_BEGUN,
        "nobody came back in time; nothing was authorized; begin again",
    )
}

fn no_secret(name: &str) -> Fault {
    Fault::of(
        chimera_mcp::codes::MCP_ENTRY_INVALID,
        format!(
            "There is no secret '{name}'. Nothing was begun; store it as a key under Connections."
        ),
    )
}

//! A person authorizes a server: sent to a browser, awaited on this machine, put on record; and takes that back.
//!
//! Never here: what an answer means (`oauth`), where tokens lie (`authorizations`), or who may do it (the API's table).

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chimera_domain::{
    fault::{Fault, FaultClass},
    id::TenantId,
    server::RegisteredServer,
};
use chimera_oauth::{Loopback, ROUND_TIME, Registered, RoundId, Session};
use chimera_ports::{
    authorizing::{AuthorizationDesk, AuthorizationState, Authorizer, BegunRound, ClientChange},
    error::PortError,
    registry::{DeskError, Notes, ShownServer},
};
use serde_json::json;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{
    Registry,
    running::barred,
    sessions::{Key, Round},
};

/// Longest wait for a server that was just authorized to be there; it is connected later when it takes longer.
const FIRST_LOOK: Duration = Duration::from_secs(15);

/// A round that waits for somebody to come back.
struct Waiting {
    key: Key,
    id: RoundId,
    session: Arc<Session>,
}

impl Registry {
    /// Erases what was taken back while the keychain did not answer.
    pub(super) async fn erase_what_left(&self) -> Result<(), PortError> {
        for tenant in self.store.tenants().await? {
            self.authorizations.erase(tenant.id).await?;
        }
        Ok(())
    }

    /// The session of a server that a person may authorize now, and its address.
    fn authorizable(&self, server: &RegisteredServer) -> Result<(Arc<Session>, String), Fault> {
        let launch = self.launch(server.tenant, &server.entry);
        let standing = Self::standing(&server.entry, &launch);
        if let Some(fault) = barred(&server.name, standing, &launch) {
            return Err(fault);
        }
        let url = launch?.0.address.unwrap_or_default();
        let session = self.session(server, &url);
        let session = session.ok_or_else(|| no_use(&server.name))?;
        Ok((session, url))
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
        round: Waiting,
        loopback: Loopback,
        stop: CancellationToken,
        by: Authorizer,
    ) {
        let Some(ended) = self.answered(&round, &loopback, &stop).await else {
            return;
        };
        drop(loopback);
        let (tenant, name) = &round.key;
        round.session.abandon(round.id).await;
        let recorded = match &ended {
            Ok(()) => self.given(&round.key, &by).await,
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
        self.authorizing.ended(&round.key, round.id);
        self.runtime.announce_newest(*tenant).await;
    }

    /// The first answer that belongs to the round; whoever else comes is sent away. `None` when the round was ended
    /// before anybody came. Only the waiting ends so: what somebody came back with is gone through to its end, and stands
    /// on record.
    async fn answered(
        &self,
        round: &Waiting,
        loopback: &Loopback,
        stop: &CancellationToken,
    ) -> Option<Result<(), Fault>> {
        let (tenant, name) = &round.key;
        let mut late = std::pin::pin!(sleep(ROUND_TIME.to_std()));
        loop {
            let arrival = tokio::select! {
                biased;
                () = stop.cancelled() => return None,
                arrival = loopback.arrival() => arrival,
                () = &mut late => return Some(Err(nobody_came())),
            };
            let arrival = match arrival {
                Ok(arrival) => arrival,
                Err(error) => {
                    return Some(Err(Fault::new(
                        FaultClass::Transient,
                        chimera_oauth::codes::OAUTH_NOT_BEGUN,
                        format!(
                            "nobody can come back to this machine any more: {error}; nothing was authorized; begin again"
                        ),
                    )));
                }
            };
            let done = self.host.authorized(*tenant, name, arrival.query()).await;
            arrival.tell(done.is_ok()).await;
            if done.is_ok() || !round.session.waits(round.id).await {
                return Some(done);
            }
        }
    }

    async fn given(&self, (tenant, name): &Key, by: &Authorizer) -> Result<(), PortError> {
        let standing = self.host.authorization(*tenant, name).await;
        let (issuer, scopes) = match standing {
            Some(AuthorizationState::Authorized { issuer, scopes, .. }) => (Some(issuer), scopes),
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
        let (session, url) = self.authorizable(&server)?;
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
        let begun = session.begin_as(loopback.redirect_uri(), client).await?;
        let (id, until) = (begun.id, self.clock.now() + ROUND_TIME);
        let stop = self.stop.child_token();
        let round = Round {
            id,
            until,
            stop: stop.clone(),
        };
        let is_last = self.authorizing.begun(&key, round);
        // It may have been taken back, or followed by another, before it could be ended here.
        if !is_last || !session.waits(id).await {
            self.authorizing.ended(&key, id);
            return Err(overtaken(name).into());
        }
        let round = Waiting { key, id, session };
        tokio::spawn(Arc::clone(&self).await_answer(round, loopback, stop, by));
        Ok(BegunRound {
            address: begun.address,
            until,
        })
    }

    async fn take_back(
        &self,
        tenant: TenantId,
        name: &str,
        notes: Notes<'_>,
    ) -> Result<ShownServer, DeskError> {
        let turn = self.turn.lock().await;
        let server = self.stored(tenant, name).await?;
        let note = notes("server.unauthorize", json!({ "server": name }));
        self.authorizations
            .change(tenant, note, |marks| marks.take_back(name))
            .await?;
        let key = (tenant, name.to_owned());
        self.let_go(&key, self.authorizing.session(&key).as_deref());
        // It is out of reach: nobody else waits for the keychain, or for what runs.
        drop(turn);
        self.host.reach_anew(tenant, name).await;
        self.authorizations.erase(tenant).await?;
        Ok(self.shown(server).await)
    }
}

fn nobody_came() -> Fault {
    Fault::of(
        chimera_oauth::codes::OAUTH_NOT_BEGUN,
        "nobody came back in time; nothing was authorized; begin again",
    )
}

fn overtaken(name: &str) -> Fault {
    Fault::of(
        chimera_oauth::codes::OAUTH_NOT_BEGUN,
        format!(
            "Another authorization of '{name}' was begun, or it was taken back, in the same moment. Nothing was authorized by this one; begin it again if you do not know of the other."
        ),
    )
}

fn no_use(name: &str) -> Fault {
    Fault::of(
        chimera_mcp::codes::MCP_ENTRY_INVALID,
        format!(
            "The MCP server '{name}' is not authorized in a browser: it is a program, or carries a key of its own. Nothing was begun; look at its entry."
        ),
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

//! One live connection to one server: the revision agreed on, its catalogue, its requests.
//!
//! Never here: when to connect or to try again (`slot`), or what may be called (`host`).

use std::{
    fmt,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use chimera_domain::{fault::FaultClass, id::TenantId, server_edition::Told};
use chimera_ports::tools::{RunningCall, ToolError};
use rmcp::{
    Peer, RoleClient, ServiceError,
    model::{
        ClientRequest, GetExtensions, PaginatedRequestParams, PingRequest, ProtocolVersion,
        ServerResult,
    },
    service::{PeerRequestOptions, RunningService},
};
use tokio::{
    task::AbortHandle,
    time::{Instant, timeout},
};

use crate::{
    catalogue::{Catalogue, MAX_TOOLS_PER_SERVER},
    clock::CallClock,
    codes::{MCP_REFUSED, cut, unsent},
    exchange::{Abandoned, Failure},
    following::Notices,
    http::Far,
    listener::{Changed, Listener, listen},
    progress::{Called, QuestionCount},
    questions::Voice,
    shelf::Shelf,
    spec::ServerSpec,
    wire::{Departure, Ending},
};

/// Pages of a tool list that are read; a server that never stops paging is cut off.
const MAX_LIST_PAGES: usize = 64;
/// Timeouts in a row after which a connection counts as hung and is given up.
const MAX_TIMEOUTS_IN_A_ROW: u32 = 3;

/// Which handshake a server understands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Era {
    /// `server/discover`, 2026-07-28 and later.
    Modern,
    /// `initialize`, up to 2025-11-25.
    Legacy,
}

/// A live connection. Dropping it closes the pipes and ends the server behind them.
pub(crate) struct Connection {
    service: RunningService<RoleClient, Listener>,
    protocol: ProtocolVersion,
    ending: Arc<Ending>,
    catalogue: RwLock<Arc<Catalogue>>,
    timeouts: AtomicU32,
    ear: Option<AbortHandle>,
    /// Where it is reached over HTTP.
    far: Option<Far>,
    /// What it offers beside tools.
    pub(crate) shelf: Shelf,
}

/// Why there is no list of a server's tools.
#[derive(Debug, thiserror::Error)]
enum Unlisted {
    #[error("it did not list its tools in time")]
    InTime,
    #[error("it did not list its tools: {0}")]
    AtAll(String),
}

impl Connection {
    /// Wraps a service whose handshake is done, and lists its tools.
    ///
    /// # Errors
    /// In words, when the server does not tell its tools.
    pub(crate) async fn new(
        service: RunningService<RoleClient, Listener>,
        ending: Arc<Ending>,
        far: Option<Far>,
        spec: &ServerSpec,
    ) -> Result<Self, String> {
        let protocol = service
            .peer_info()
            .map(|info| info.protocol_version.clone())
            .ok_or("the handshake gave no protocol revision")?;
        let mut connection = Self {
            service,
            protocol,
            ending,
            catalogue: RwLock::default(),
            timeouts: AtomicU32::new(0),
            ear: None,
            far,
            shelf: Shelf::default(),
        };
        if connection.era() == Era::Modern
            && let Some(info) = connection.peer().peer_info()
        {
            connection.ear = listen(connection.peer(), &info.capabilities, connection.changed());
        }
        let listed = connection.refresh(spec).await;
        listed.map_err(|unlisted| unlisted.to_string())?;
        Ok(connection)
    }

    pub(crate) fn peer(&self) -> &Peer<RoleClient> {
        self.service.peer()
    }

    /// Which lists the server said to have changed.
    pub(crate) fn changed(&self) -> &Arc<Changed> {
        &self.service.service().changed
    }

    /// Where its questions go.
    pub(crate) fn voice(&self) -> &Voice {
        &self.service.service().voice
    }

    /// Who waits for word of a resource.
    pub(crate) fn notices(&self) -> &Arc<Notices> {
        &self.service.service().notices
    }

    /// Whether word that belongs to no call of ours has a way to come.
    pub(crate) fn can_be_told(&self) -> bool {
        self.is_open() && self.far.as_ref().is_none_or(Far::is_listening)
    }

    /// The calls of `tenant` that are under way.
    pub(crate) fn running(&self, tenant: TenantId) -> Vec<RunningCall> {
        self.service.service().running.of(tenant)
    }

    pub(crate) fn era(&self) -> Era {
        if self.protocol.has_initialize() {
            Era::Legacy
        } else {
            Era::Modern
        }
    }

    pub(crate) fn protocol(&self) -> &str {
        self.protocol.as_str()
    }

    pub(crate) fn is_open(&self) -> bool {
        !self.service.is_closed() && !self.peer().is_transport_closed()
    }

    /// How it ended, in words.
    pub(crate) fn ending(&self) -> &Ending {
        &self.ending
    }

    /// Closes the pipes; calls under way end with a lost connection.
    pub(crate) fn close(&self) {
        self.service.cancellation_token().cancel();
    }

    /// The tools, listed again when the server said that they changed.
    pub(crate) async fn catalogue(&self, spec: &ServerSpec) -> Arc<Catalogue> {
        if self.changed().tools.swap(false, Ordering::AcqRel)
            && let Err(why) = self.refresh(spec).await
        {
            // The old list stands, and the next caller asks again.
            self.changed().tools.store(true, Ordering::Release);
            tracing::warn!(server = %spec.name, %why, "an MCP server's tools could not be listed again");
        }
        Arc::clone(
            &self
                .catalogue
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    async fn refresh(&self, spec: &ServerSpec) -> Result<(), Unlisted> {
        let mut tools = Vec::new();
        let mut cursor = None;
        for _ in 0..MAX_LIST_PAGES {
            let page = PaginatedRequestParams::default().with_cursor(cursor.take());
            let listed = timeout(spec.request_timeout, self.peer().list_tools(Some(page)))
                .await
                .map_err(|_| Unlisted::InTime)?
                .map_err(|error| Unlisted::AtAll(cut(&error.to_string())))?;
            tools.extend(listed.tools);
            cursor = listed.next_cursor;
            // One more than fits is enough for the catalogue to say that some are missing.
            if cursor.is_none() || tools.len() > MAX_TOOLS_PER_SERVER {
                break;
            }
        }
        let mut catalogue = Catalogue::new(spec, tools);
        catalogue.instructions = self
            .peer()
            .peer_info()
            .and_then(|info| info.instructions.clone())
            .unwrap_or_default();
        catalogue.told = self.peer().peer_info().and_then(|info| {
            let own = info.server_info.as_ref()?;
            Some(Told::of(&own.name, &own.version))
        });
        let catalogue = Arc::new(catalogue);
        *self
            .catalogue
            .write()
            .unwrap_or_else(PoisonError::into_inner) = catalogue;
        Ok(())
    }

    /// Asks whether it is there and lists its tools anew, at most `limit` in all. 2026-07-28 has no `ping`: there
    /// the list is the sign of life.
    ///
    /// # Errors
    /// When it is silent, refuses, or does not tell its tools.
    pub(crate) async fn answers(
        &self,
        spec: &ServerSpec,
        limit: Duration,
    ) -> Result<(), ToolError> {
        let begun = Instant::now();
        if self.era() == Era::Legacy {
            let ping = ClientRequest::PingRequest(PingRequest::default());
            let (departure, clock) = (Departure::default(), CallClock::default());
            self.request(ping, limit, &departure, &clock, None)
                .await
                .map_err(|failure| failure.explain("ping", &self.ending, limit, false))?;
        }
        let rest = limit.saturating_sub(begun.elapsed());
        let listed = timeout(rest, self.refresh(spec)).await;
        let failure = match listed.unwrap_or(Err(Unlisted::InTime)) {
            Ok(()) => return Ok(()),
            Err(_) if !self.is_open() => Failure::Lost(None),
            Err(Unlisted::InTime) => Failure::TimedOut,
            Err(unlisted @ Unlisted::AtAll(_)) => {
                let why = format!(
                    "'{}' is there, but {unlisted}; nothing was called",
                    spec.name
                );
                return Err(unsent(FaultClass::Permanent, MCP_REFUSED, why));
            }
        };
        Err(failure.explain("listing its tools", &self.ending, limit, false))
    }

    /// Sends a request and waits for its answer, at most `limit` in all. `departure` is the one among its extensions;
    /// `called` is for whom, and the tool where it is a call, with the count of what was asked in it. `clock` says when it
    /// stands still: time in which a person is asked does not count.
    pub(crate) async fn request(
        &self,
        mut request: ClientRequest,
        limit: Duration,
        departure: &Departure,
        clock: &CallClock,
        called: Option<(Called<'_>, &QuestionCount)>,
    ) -> Result<ServerResult, Failure> {
        let mut abandoned = Abandoned::new(self.peer());
        let running = &self.service.service().running;
        let under_way = called.map(|(called, asked)| running.begin(called, (clock, asked)));
        if let Some(call) = &under_way {
            request.extensions_mut().insert(call.number());
        }
        let exchange = async {
            let handle = self
                .peer()
                .send_cancellable_request(request, PeerRequestOptions::no_options())
                .await?;
            abandoned.arm(handle.id.clone());
            handle.await_response().await
        };
        let Some(answer) = clock.within(limit, exchange).await else {
            if self.timeouts.fetch_add(1, Ordering::AcqRel) + 1 >= MAX_TIMEOUTS_IN_A_ROW {
                self.close();
            }
            return Err(Failure::TimedOut);
        };
        abandoned.disarm();
        self.timeouts.store(0, Ordering::Release);
        answer.map_err(|error| match error {
            ServiceError::McpError(error) => Failure::Refused(error),
            _ => Failure::Lost(departure.problem()),
        })
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("protocol", &self.protocol)
            .finish_non_exhaustive()
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(ear) = &self.ear {
            ear.abort();
        }
    }
}

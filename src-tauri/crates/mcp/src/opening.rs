//! Opening a connection: the server started or reached, and agreed with in its own tongue.
//!
//! Never here: when to open one, or what is asked over it.

use std::sync::Arc;

use rmcp::{
    RoleClient,
    model::ProtocolVersion,
    service::{ClientInitializeError, ClientLifecycleMode, ClientServiceExt, RunningService},
    transport::Transport as Wire,
};
use tokio::time::timeout;

use crate::{
    blotting::Blotting,
    child::Child,
    codes::cut,
    connection::{Connection, Era},
    http::{self, Far, Problem},
    listener::Listener,
    noting::Noting,
    questions::{MAX_QUESTIONS_PER_CALL, Voice},
    slot::Slot,
    spec::{ChildProcess, RemoteServer, Supplied, Transport},
    wire::{Ending, LineTransport, Tail},
};

/// Bytes that fit into the pipe to an in-process server.
const PIPE_BYTES: usize = 64 * 1024;

impl Slot {
    /// Starts the server and agrees with it: discover first, `initialize` where that fails.
    ///
    /// Some old servers die of a request before `initialize`, others swallow it: they are started
    /// once more and spoken to in their own tongue.
    pub(crate) async fn connect(&self, era: Option<Era>) -> Result<Connection, Refusal> {
        match self.open_in_time(era).await {
            Err(first) if era.is_none() && first.may_be_legacy => {
                let second = self.open_in_time(Some(Era::Legacy)).await;
                second.map_err(|second| {
                    if first.why == second.why {
                        return first;
                    }
                    Refusal {
                        why: format!("{}; and to `initialize`: {}", first.why, second.why),
                        ..second
                    }
                })
            }
            opened => opened,
        }
    }

    async fn open_in_time(&self, era: Option<Era>) -> Result<Connection, Refusal> {
        let limit = self.spec.connect_timeout;
        timeout(limit, self.open(era)).await.unwrap_or_else(|_| {
            Err(Refusal {
                may_be_legacy: true,
                ..Refusal::plain(format!("it was not ready within {} ms", limit.as_millis()))
            })
        })
    }

    async fn open(&self, era: Option<Era>) -> Result<Connection, Refusal> {
        let ending = Arc::new(Ending::default());
        let (mode, listener) = (lifecycle(era), self.listener(&ending));
        let service = match &self.spec.transport {
            Transport::InProcess(factory) => {
                let (ours, theirs) = tokio::io::duplex(PIPE_BYTES);
                let server = self.tasks.spawn(factory.serve(theirs));
                let (read, write) = tokio::io::split(ours);
                let tail = Tail::Task(server.abort_handle());
                let wire = LineTransport::new(read, write, Arc::clone(&ending), tail);
                serve(listener, wire, mode, Blotting::default()).await
            }
            Transport::Stdio(program) => {
                let (program, secrets) = supplied(program).await?;
                let blotting = Blotting::of(secrets.clone());
                let (child, stdout, stdin) = Child::spawn(
                    &program,
                    &self.base_env,
                    &self.last_words,
                    &self.tasks,
                    secrets,
                )
                .map_err(|error| {
                    Refusal::plain(format!(
                        "'{}' cannot be started: {error}",
                        program.command.display()
                    ))
                })?;
                let wire =
                    LineTransport::new(stdout, stdin, Arc::clone(&ending), Tail::Child(child));
                serve(listener, wire, mode, blotting).await
            }
            Transport::Http(server) => return self.reach(server, mode).await,
        };
        let service = service.map_err(|error| Refusal {
            may_be_legacy: is_of_another_age(&error),
            ..Refusal::plain(match &error {
                ClientInitializeError::ConnectionClosed(_) => ending.to_string(),
                error => cut(&error.to_string()),
            })
        })?;
        Connection::new(service, ending, None, &self.spec)
            .await
            .map_err(Refusal::plain)
    }

    fn listener(&self, ending: &Arc<Ending>) -> Listener {
        let spec = &self.spec;
        let voice = Voice::new(&self.questions, &spec.name, spec.question_wait, ending);
        Listener::new(voice, Arc::clone(&self.ear))
    }

    /// The same over HTTP, where every answer tells by itself what went wrong.
    async fn reach(
        &self,
        server: &RemoteServer,
        mode: ClientLifecycleMode,
    ) -> Result<Connection, Refusal> {
        let found = match &server.headers {
            Some(supply) => supply
                .look()
                .await
                .map_err(|fault| Refusal::plain(fault.message))?,
            None => Supplied::default(),
        };
        let headers = http::headers(&found.values).map_err(Refusal::plain)?;
        let limit = self.spec.request_timeout;
        let asking = self.spec.question_wait * MAX_QUESTIONS_PER_CALL;
        let (net, authorization) = (server.net.clone(), server.authorization.clone());
        let far = Far::new(net, headers, authorization, limit, asking);
        let wire = far.transport(&server.url);
        let refused = |why: String, may_be_legacy| {
            let problem = far.last();
            Refusal {
                may_be_legacy: may_be_legacy && problem.as_ref().is_none_or(Problem::may_be_legacy),
                why: problem
                    .as_ref()
                    .map_or(why, |problem| problem.words.clone()),
                problem,
            }
        };
        let ending = Arc::default();
        let listener = self.listener(&ending);
        let blotting = Blotting::of(found.secrets).with(far.authorization());
        let service = serve(listener, wire, mode, blotting).await;
        let service =
            service.map_err(|error| refused(cut(&error.to_string()), is_of_another_age(&error)))?;
        Connection::new(service, ending, Some(far.clone()), &self.spec)
            .await
            .map_err(|why| refused(why, false))
    }
}

async fn serve(
    listener: Listener,
    wire: impl Wire<RoleClient> + 'static,
    mode: ClientLifecycleMode,
    blotting: Blotting,
) -> Result<RunningService<RoleClient, Listener>, ClientInitializeError> {
    let wire = Noting::new(wire, Arc::clone(&listener.running), blotting);
    listener.serve_with_lifecycle(wire, mode).await
}

/// The program with what is looked up at its start.
async fn supplied(program: &ChildProcess) -> Result<(ChildProcess, Vec<String>), Refusal> {
    let (mut program, mut secrets) = (program.clone(), Vec::new());
    if let Some(supply) = &program.supply {
        let found = supply
            .look()
            .await
            .map_err(|fault| Refusal::plain(fault.message))?;
        program.env.extend(found.values);
        secrets = found.secrets;
    }
    Ok((program, secrets))
}

/// Why there is no connection.
pub(crate) struct Refusal {
    /// In words.
    pub(crate) why: String,
    /// What went wrong over HTTP.
    pub(crate) problem: Option<Problem>,
    /// Whether the server may understand an older handshake.
    may_be_legacy: bool,
}

impl Refusal {
    pub(crate) fn plain(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            problem: None,
            may_be_legacy: false,
        }
    }
}

/// Whether a server that fails so may know the older handshake. Some answer to a method that they never heard of with
/// an empty result, which is no answer to this question.
const fn is_of_another_age(error: &ClientInitializeError) -> bool {
    matches!(
        error,
        ClientInitializeError::ConnectionClosed(_)
            | ClientInitializeError::ExpectedInitResponse(_)
            | ClientInitializeError::ExpectedInitResult(_)
            | ClientInitializeError::TransportError { .. }
            | ClientInitializeError::NoCompatibleProtocolVersion { .. }
    )
}

fn lifecycle(era: Option<Era>) -> ClientLifecycleMode {
    // Newest first: the first that the server also knows is taken.
    let preferred_versions = || {
        ProtocolVersion::KNOWN_VERSIONS
            .iter()
            .rev()
            .cloned()
            .collect()
    };
    match era {
        None => ClientLifecycleMode::Auto {
            preferred_versions: preferred_versions(),
            legacy_version: Some(ProtocolVersion::LATEST_WITH_INITIALIZE),
        },
        Some(Era::Modern) => ClientLifecycleMode::Discover {
            preferred_versions: preferred_versions(),
        },
        Some(Era::Legacy) => ClientLifecycleMode::Initialize,
    }
}

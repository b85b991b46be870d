//! From an entry to what the host runs: whether it may, with which variables, under which terms.
//!
//! Never here: changing an entry.

use std::{collections::BTreeMap, time::Duration};

use chimera_domain::{
    digest::Digest,
    fault::Fault,
    server::{Launch, Reach, RegisteredServer, ServerEntry},
};
use chimera_mcp::{
    ChildProcess, Pins, RemoteServer, ServerSpec, Supplied, Supply, Terms, Transport, codes,
};
use chimera_ports::registry::{ShownServer, Standing};
use chimera_registry::{handed_over, handed_secrets};

use super::{Registry, found_secrets, legible};

impl Registry {
    /// How an entry stands, by what would be run of it.
    pub(super) fn standing(
        entry: &ServerEntry,
        launch: &Result<(Launch, Digest), Fault>,
    ) -> Standing {
        match (launch, &entry.trust) {
            _ if !entry.enabled => Standing::Off,
            (Err(_), _) => Standing::Broken,
            (Ok(_), None) => Standing::Untrusted,
            (Ok((_, now)), Some(trust)) if *now == trust.launch => Standing::Trusted,
            (Ok(_), Some(_)) => Standing::Altered,
        }
    }

    /// Hands a server to the host, in place of what it had under this name.
    pub(super) fn place(&self, server: &RegisteredServer) {
        let launch = self.launch(server.tenant, &server.entry);
        let barred = barred(
            &server.name,
            Self::standing(&server.entry, &launch),
            &launch,
        );
        let launch = launch.ok().filter(|_| barred.is_none());
        let transport =
            self.transport(server, launch.map(|(launch, _)| launch).unwrap_or_default());
        let limits = &server.entry.limits;
        let mut spec = ServerSpec::new(&server.name, transport).untrusted_content();
        spec.barred = barred;
        spec.group.clone_from(&server.entry.group);
        spec.connect_timeout = Duration::from_millis(limits.connect_timeout_ms.into());
        spec.request_timeout = Duration::from_millis(limits.request_timeout_ms.into());
        spec.read_retries = limits.retries;
        self.host.place(server.tenant, spec, terms(&server.entry));
    }

    /// Tells the host what the operator says now; what runs goes on running.
    pub(super) fn tell_terms(&self, server: &RegisteredServer) {
        self.host
            .set_terms(server.tenant, &server.name, terms(&server.entry));
    }

    /// How it is reached; of nothing that may be run, a way that leads nowhere.
    fn transport(&self, server: &RegisteredServer, launch: Launch) -> Transport {
        let supply = Some(self.supply(server));
        match &server.entry.reach {
            Reach::Stdio { .. } => {
                let mut program = ChildProcess::new(launch.command, launch.args);
                program.cwd = launch.cwd.map(Into::into);
                program.supply = supply;
                Transport::Stdio(program)
            }
            Reach::Http { .. } => {
                let url = launch.address.unwrap_or_default();
                Transport::Http(RemoteServer {
                    net: self.net(server.tenant).clone(),
                    authorization: self.session(server, &url),
                    url,
                    headers: supply,
                })
            }
        }
    }

    /// What it is handed over, looked up at each start: a keychain may be locked now, and a key may change.
    fn supply(&self, server: &RegisteredServer) -> Supply {
        let (tenant, entry) = (server.tenant, server.entry.clone());
        let (secrets, here_first) = (self.secrets.clone(), self.is_first(tenant));
        let environment = self.environment(tenant).clone();
        Supply::new(move || {
            let (secrets, environment, entry) =
                (secrets.clone(), environment.clone(), entry.clone());
            async move {
                let found = found_secrets(&secrets, (tenant, here_first), &entry).await?;
                Ok(Supplied {
                    values: handed_over(&entry, &environment, &found)?,
                    secrets: handed_secrets(&entry, &environment, &found)?,
                })
            }
        })
    }

    /// A server as it is shown.
    pub(super) async fn shown(&self, server: RegisteredServer) -> ShownServer {
        let launch = self.launch(server.tenant, &server.entry);
        let standing = Self::standing(&server.entry, &launch);
        let listing = match standing {
            Standing::Trusted => self.host.listed(server.tenant, &server.name).await,
            _ => None,
        };
        let authorization = match standing {
            Standing::Trusted => self.authorization(&server).await,
            _ => None,
        };
        let last_words = self.host.last_words(server.tenant, &server.name);
        legible::server(ShownServer {
            standing,
            launch,
            listing,
            last_words: last_words.unwrap_or_default(),
            authorization,
            server,
        })
    }
}

/// Why the host does not start it, when it does not.
pub(super) fn barred(
    name: &str,
    standing: Standing,
    launch: &Result<(Launch, Digest), Fault>,
) -> Option<Fault> {
    let untrusted = |why: &str| {
        Fault::of(
            codes::MCP_SERVER_UNTRUSTED,
            format!(
                "'{name}' {why}, so it was not started and nothing was sent. Look at what it would run under Connections, and trust it or remove it."
            ),
        )
    };
    match (standing, launch) {
        (Standing::Trusted, _) => None,
        (Standing::Off, _) => Some(Fault::of(
            codes::MCP_SERVER_OFF,
            format!(
                "'{name}' is switched off, so nothing was sent. Switch it on under Connections."
            ),
        )),
        (Standing::Altered, _) => Some(untrusted(
            "would be started in another way than it was trusted",
        )),
        (_, Err(fault)) => Some(fault.clone()),
        (_, Ok(_)) => Some(untrusted("was never trusted")),
    }
}

fn terms(entry: &ServerEntry) -> Terms {
    let pins = match &entry.pins {
        None => Pins::Unseen,
        Some(listing) => Pins::to(listing).unwrap_or_else(|error| {
            tracing::error!(%error, "what was pinned of an MCP server has no canonical form; none of its tools is offered");
            Pins::Seen {
                instructions: Digest::plain(listing.instructions.as_bytes()),
                tools: BTreeMap::new(),
                shapes: BTreeMap::new(),
            }
        }),
    };
    let classes: BTreeMap<_, _> = entry.classes.clone();
    Terms {
        classes,
        pins,
        version: entry.editions.required.clone(),
    }
}

//! What the operator does with the registry. Each act is stored with its record, then told to the host.
//!
//! Never here: who may do it (the API's table), or a server that runs untrusted.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use chimera_domain::{
    action::EffectClass,
    digest::Digest,
    fault::Fault,
    id::TenantId,
    server::{Listing, RegisteredServer, ServerEntry, Trust},
};
use chimera_mcp::codes;
use chimera_ports::{
    error::PortError,
    registry::{
        DeskError, Imported, Notes, ServerChange, ServerDesk, ShownServer, Standing, Truster,
    },
    resources::FollowedResource,
    tools::{PromptText, ResourceReply, ServerOffer, ToolHost as _},
};
use chimera_registry::{check_name, checked, read};
use serde_json::json;
use tokio::time::timeout;

use super::{Registry, editions::settings, legible, next};

/// Most servers of a tenant.
const MAX_SERVERS: usize = 64;
/// Most bytes of what is pinned of one server, as JSON.
const MAX_PINNED_BYTES: usize = 2 * 1024 * 1024;
/// Longest wait for a server that was just trusted to say what it is; it is pinned later when it takes longer.
const FIRST_LOOK: Duration = Duration::from_secs(15);
/// Most characters of a version that is wanted: as many as are kept of one that a server tells.
const MAX_VERSION_CHARS: usize = 120;
/// Most characters of a tool's name.
const MAX_TOOL_CHARS: usize = 256;

impl Registry {
    pub(super) async fn stored(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<RegisteredServer, PortError> {
        self.store.registered_server(tenant, name).await
    }

    /// Looks at a name and an entry before they are stored.
    pub(super) fn admit(
        &self,
        tenant: TenantId,
        name: &str,
        entry: &ServerEntry,
    ) -> Result<(), Fault> {
        check_name(name)?;
        if let Some(group) = &entry.group {
            check_name(group)?;
        }
        if let Some(wanted) = &entry.editions.required
            && wanted.chars().count() > MAX_VERSION_CHARS
        {
            return Err(Fault::of(
                codes::MCP_ENTRY_INVALID,
                format!(
                    "A version has at most {MAX_VERSION_CHARS} characters. Nothing was stored."
                ),
            ));
        }
        if self.host.is_shipped(name) {
            return Err(exists(name));
        }
        // First whether it may at all: what is checked next reads the machine's variables.
        self.launch(tenant, entry)?;
        checked(entry, self.environment(tenant)).map(drop)
    }

    async fn add_one(
        &self,
        tenant: TenantId,
        name: &str,
        entry: ServerEntry,
        notes: Notes<'_>,
    ) -> Result<RegisteredServer, DeskError> {
        self.admit(tenant, name, &entry)?;
        if self.store.registered(tenant).await?.len() >= MAX_SERVERS {
            return Err(DeskError::Refused(Fault::of(
                codes::MCP_ENTRY_INVALID,
                format!(
                    "There are {MAX_SERVERS} servers, which are the most. '{name}' was not stored; remove one that is not needed any more."
                ),
            )));
        }
        let server = RegisteredServer {
            tenant,
            name: name.to_owned(),
            version: 1,
            entry,
            changed_at: self.clock.now(),
        };
        let note = notes(
            "server.add",
            json!({ "server": name, "reach": server.entry.reach }),
        );
        match self.store.add_server(&server, note).await {
            Err(error) if error.is_conflict() => return Err(exists(name).into()),
            other => other?,
        }
        self.place(&server);
        Ok(server)
    }

    /// Whether a server is registered exactly so, and nothing was done with it since: an import that was killed is run
    /// again, and what the first one stored is not in the second one's way.
    async fn is_as_added(
        &self,
        tenant: TenantId,
        name: &str,
        entry: &ServerEntry,
    ) -> Result<bool, PortError> {
        match self.stored(tenant, name).await {
            Ok(server) => Ok(server.version == 1 && server.entry == *entry),
            Err(PortError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Stores what a server said of itself as what it must go on saying.
    pub(super) async fn pin_to(
        &self,
        server: &RegisteredServer,
        listing: Listing,
        note: impl FnOnce(Digest) -> Vec<chimera_domain::change::Change>,
    ) -> Result<RegisteredServer, DeskError> {
        let refused = |why: String| Fault::of(codes::MCP_ENTRY_INVALID, why);
        let bytes = serde_json::to_vec(&listing).map_or(usize::MAX, |bytes| bytes.len());
        if bytes > MAX_PINNED_BYTES {
            return Err(DeskError::Refused(refused(format!(
                "What '{}' says of itself has {bytes} bytes. It was not pinned and none of its tools is offered; {MAX_PINNED_BYTES} bytes are the most.",
                server.name
            ))));
        }
        let digest = listing.digest().map_err(|error| {
            refused(format!(
                "What '{}' says of itself has no canonical form: {error}. It was not pinned; ask its makers.",
                server.name
            ))
        })?;
        let told = self.host.told(server.tenant, &server.name).await;
        let editions = told
            .and_then(|told| {
                let now = self.clock.now();
                server.entry.editions.after(&told, None, now)
            })
            .unwrap_or_else(|| server.entry.editions.clone());
        let entry = ServerEntry {
            pins: Some(listing),
            told: None,
            editions,
            ..server.entry.clone()
        };
        let pinned = next(server, entry, self.clock.as_ref());
        self.store.change_server(&pinned, note(digest)).await?;
        self.tell_terms(&pinned);
        Ok(pinned)
    }

    /// The listing of a server that was just let run, if it comes soon.
    async fn first_look(&self, server: &RegisteredServer) -> Option<Listing> {
        let asked = self.host.listing(server.tenant, &server.name);
        match timeout(FIRST_LOOK, asked).await {
            Ok(Ok(listing)) => Some(listing),
            Ok(Err(error)) => {
                tracing::warn!(server = %server.name, %error, "a trusted MCP server did not say what it is");
                None
            }
            Err(_) => None,
        }
    }
}

#[async_trait]
impl ServerDesk for Registry {
    async fn list(&self, tenant: TenantId) -> Result<Vec<ShownServer>, DeskError> {
        let mut all = Vec::new();
        for server in self.store.registered(tenant).await? {
            all.push(self.shown(server).await);
        }
        Ok(all)
    }

    async fn look(&self, tenant: TenantId, name: &str) -> Result<ShownServer, DeskError> {
        Ok(self.shown(self.stored(tenant, name).await?).await)
    }

    async fn offer(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<Option<Arc<ServerOffer>>, DeskError> {
        let server = self.stored(tenant, name).await?;
        // One that is in the registry and not in the host is about to be placed or displaced.
        let offer = self.host.offer(tenant, &server.name).await;
        let offer = offer.ok().flatten();
        Ok(offer.map(|offer| Arc::new(legible::offer(&offer))))
    }

    async fn read_resource(
        &self,
        tenant: TenantId,
        name: &str,
        uri: &str,
    ) -> Result<Result<ResourceReply, Fault>, DeskError> {
        let server = self.stored(tenant, name).await?;
        let read = self.host.resource(tenant, &server.name, uri).await;
        Ok(read.map_err(|error| error.fault))
    }

    async fn follow_resource(
        &self,
        tenant: TenantId,
        name: &str,
        uri: &str,
        anew: bool,
    ) -> Result<Result<FollowedResource, Fault>, DeskError> {
        let server = self.stored(tenant, name).await?;
        let of = (tenant, server.name, uri.to_owned());
        let known = self.followed.look(&self.host, of, anew);
        Ok(known.map_err(|error| error.fault))
    }

    async fn prompt(
        &self,
        tenant: TenantId,
        name: &str,
        prompt: &str,
        arguments: BTreeMap<String, String>,
    ) -> Result<Result<PromptText, Fault>, DeskError> {
        let server = self.stored(tenant, name).await?;
        let got = self.host.prompt(tenant, &server.name, prompt, arguments);
        Ok(got.await.map_err(|error| error.fault))
    }

    async fn add(
        &self,
        tenant: TenantId,
        name: &str,
        entry: ServerEntry,
        notes: Notes<'_>,
    ) -> Result<ShownServer, DeskError> {
        let turn = self.turn.lock().await;
        let server = self.add_one(tenant, name, entry, notes).await?;
        drop(turn);
        Ok(self.shown(server).await)
    }

    async fn import(
        &self,
        tenant: TenantId,
        text: &str,
        notes: Notes<'_>,
    ) -> Result<Vec<Imported>, DeskError> {
        let drafts = read(text)?;
        let _turn = self.turn.lock().await;
        let mut imported = Vec::new();
        for draft in drafts {
            let added = match draft.entry {
                Ok(entry) if self.is_as_added(tenant, &draft.name, &entry).await? => Ok(()),
                Ok(entry) => {
                    let added = self.add_one(tenant, &draft.name, entry, notes);
                    added.await.map(drop)
                }
                Err(fault) => Err(fault.into()),
            };
            let refused = match added {
                Ok(()) => None,
                Err(DeskError::Refused(fault)) => Some(fault),
                Err(error @ DeskError::Store(_)) => return Err(error),
            };
            imported.push(Imported {
                name: draft.name,
                refused,
                left_out: draft.left_out,
            });
        }
        Ok(imported)
    }

    async fn change(
        &self,
        tenant: TenantId,
        name: &str,
        version: u32,
        change: ServerChange,
        notes: Notes<'_>,
    ) -> Result<ShownServer, DeskError> {
        let turn = self.turn.lock().await;
        let before = self.stored(tenant, name).await?;
        if before.version != version {
            return Err(PortError::conflict("server", name).into());
        }
        let or_was = |new: Option<String>, was: &Option<String>| match new {
            None => was.clone(),
            Some(new) => Some(new).filter(|new| !new.is_empty()),
        };
        let group = or_was(change.group, &before.entry.group);
        let mut editions = before.entry.editions.clone();
        editions.required = or_was(change.required_version, &editions.required);
        if change.reach != before.entry.reach {
            editions.former = Some(Box::new(self.former(tenant, &before.entry)));
        }
        let entry = ServerEntry {
            reach: change.reach,
            enabled: change.enabled,
            group,
            editions,
            ..before.entry.clone()
        };
        // One that is switched off may stay as it is, also while a variable is missing.
        let changes_more = ServerEntry {
            enabled: before.entry.enabled,
            ..entry.clone()
        } != before.entry;
        if changes_more || entry.enabled {
            self.admit(tenant, name, &entry)?;
        }
        if entry.reach != before.entry.reach {
            self.unless_still(tenant, name, Some(&entry)).await?;
        }
        let after = next(&before, entry, self.clock.as_ref());
        let output = json!({
            "server": name,
            "was": settings(&before.entry), "is": settings(&after.entry),
        });
        self.store
            .change_server(&after, notes("server.change", output))
            .await?;
        self.place(&after);
        drop(turn);
        Ok(self.shown(after).await)
    }

    async fn roll_back(
        &self,
        tenant: TenantId,
        name: &str,
        version: u32,
        notes: Notes<'_>,
    ) -> Result<ShownServer, DeskError> {
        self.run_as_before(tenant, name, version, notes).await
    }

    async fn remove(
        &self,
        tenant: TenantId,
        name: &str,
        version: u32,
        notes: Notes<'_>,
    ) -> Result<(), DeskError> {
        let _turn = self.turn.lock().await;
        if self.stored(tenant, name).await?.version != version {
            return Err(PortError::conflict("server", name).into());
        }
        self.unless_still(tenant, name, None).await?;
        let note = notes("server.remove", json!({ "server": name }));
        self.store
            .remove_server(tenant, name, version, note)
            .await?;
        self.host.displace(tenant, name);
        Ok(())
    }

    async fn trust(
        &self,
        tenant: TenantId,
        name: &str,
        launch: Digest,
        by: Truster,
        notes: Notes<'_>,
    ) -> Result<ShownServer, DeskError> {
        let _turn = self.turn.lock().await;
        let server = self.stored(tenant, name).await?;
        let (would_run, digest) = self.launch(tenant, &server.entry)?;
        if digest != launch {
            return Err(stale(&format!(
                "'{name}' would run something else than what you saw"
            )));
        }
        let entry = ServerEntry {
            trust: Some(Trust {
                launch,
                by: by.user,
                by_name: by.name,
                at: self.clock.now(),
            }),
            ..server.entry.clone()
        };
        let trusted = next(&server, entry, self.clock.as_ref());
        let output = json!({ "server": name, "launch": launch, "runs": would_run });
        self.store
            .change_server(&trusted, notes("server.trust", output))
            .await?;
        self.place(&trusted);
        if !trusted.entry.enabled {
            return Ok(self.shown(trusted).await);
        }
        let seen = self.first_look(&trusted).await;
        // What was pinned before stays: a server that is run anew must still be what it was.
        let server = match seen.filter(|_| trusted.entry.pins.is_none()) {
            Some(listing) => {
                let tools: Vec<String> = listing.tools.keys().cloned().collect();
                self.pin_to(&trusted, listing, |digest| {
                    notes(
                        "server.pin",
                        json!({ "server": name, "listing": digest, "tools": tools }),
                    )
                })
                .await?
            }
            None => trusted,
        };
        Ok(self.shown(server).await)
    }

    async fn pin(
        &self,
        tenant: TenantId,
        name: &str,
        listing: Digest,
        notes: Notes<'_>,
    ) -> Result<ShownServer, DeskError> {
        let _turn = self.turn.lock().await;
        let server = self.stored(tenant, name).await?;
        let launch = self.launch(tenant, &server.entry);
        if Self::standing(&server.entry, &launch) != Standing::Trusted {
            return Err(stale(&format!("'{name}' is not run as it was trusted")));
        }
        let now = self
            .host
            .listing(tenant, name)
            .await
            .map_err(|error| error.fault)?;
        if now.digest().ok() != Some(listing) {
            return Err(stale(&format!(
                "'{name}' says something else of itself than what you saw"
            )));
        }
        let changed = server
            .entry
            .pins
            .as_ref()
            .map(|pins| now.beside(pins).tools.len());
        let pinned = self
            .pin_to(&server, now, |digest| {
                notes(
                    "server.pin",
                    json!({ "server": name, "listing": digest, "changed_tools": changed }),
                )
            })
            .await?;
        Ok(self.shown(pinned).await)
    }

    async fn class(
        &self,
        tenant: TenantId,
        name: &str,
        tool: &str,
        effect: Option<EffectClass>,
        notes: Notes<'_>,
    ) -> Result<ShownServer, DeskError> {
        if tool.is_empty() || tool.chars().count() > MAX_TOOL_CHARS {
            return Err(DeskError::Refused(Fault::of(
                codes::MCP_ENTRY_INVALID,
                format!("A tool's name has 1 to {MAX_TOOL_CHARS} characters. Nothing was stored."),
            )));
        }
        let turn = self.turn.lock().await;
        let server = self.stored(tenant, name).await?;
        let mut entry = server.entry.clone();
        let was = match effect {
            Some(effect) => entry.classes.insert(tool.to_owned(), effect),
            None => entry.classes.remove(tool),
        };
        let after = next(&server, entry, self.clock.as_ref());
        let output = json!({ "server": name, "tool": tool, "was": was, "is": effect });
        self.store
            .change_server(&after, notes("server.class", output))
            .await?;
        self.tell_terms(&after);
        drop(turn);
        Ok(self.shown(after).await)
    }
}

fn exists(name: &str) -> Fault {
    Fault::of(
        "MCP_SERVER_EXISTS",
        format!(
            "There is a server '{name}' already. It was not stored; choose another name, or change that one."
        ),
    )
}

fn stale(what: &str) -> DeskError {
    DeskError::Refused(Fault::of(
        "MCP_TRUST_STALE",
        format!("{what}. Nothing was trusted; look again, and decide again."),
    ))
}

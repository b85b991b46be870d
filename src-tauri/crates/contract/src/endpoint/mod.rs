//! Every endpoint, declared once: address, who-may group, preconditions, and cache tags.
//!
//! The API's router is tested to hold exactly these. Never here: handlers, or which role is in
//! which group.

mod access;
mod campaigns;
mod connections;
mod content;
mod people;
mod personas;
mod reviews;
mod swarm;
mod watch;

use serde::Serialize;

use crate::tag::Tag;

/// HTTP methods that the API uses.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Does or makes something.
    Post,
    /// Replaces something.
    Put,
    /// Changes parts of something.
    Patch,
    /// Removes something.
    Delete,
}

impl Method {
    /// As HTTP writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Endpoints that the same roles may use.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Without signing in: first run and signing in.
    Open,
    /// Whoever is signed in, for the own session and the frame of the console.
    Own,
    /// Stopping everything.
    Stop,
    /// Releasing the stop.
    Release,
    /// Looking at agents.
    FleetRead,
    /// Pausing single agents, letting them go on, and having steps done again that were given up.
    FleetWrite,
    /// Looking at campaigns, plans and tasks.
    CampaignRead,
    /// Making, planning, starting and stopping campaigns.
    CampaignWrite,
    /// Looking at what model calls cost, line by line.
    SpendingRead,
    /// Looking at the review queue.
    ReviewRead,
    /// Claiming and deciding.
    ReviewDecide,
    /// Looking at personas.
    PersonaRead,
    /// Writing SOUL.md.
    PersonaWrite,
    /// Looking at content, publications, trends and the sandbox network.
    ContentRead,
    /// Looking at traces.
    TraceRead,
    /// Looking at alerts and incidents.
    AlertRead,
    /// Acknowledging alerts.
    AlertWrite,
    /// Looking at the audit log.
    AuditRead,
    /// Having the audit log's chain checked.
    AuditVerify,
    /// Looking at providers, servers and feeds.
    ConnectionRead,
    /// Changing and testing them.
    ConnectionWrite,
    /// Answering what servers ask in the middle of a call.
    ConnectionAnswer,
    /// Changing what all workspaces share: the AI provider, and what models cost.
    Installation,
    /// Looking at the policy.
    PolicyRead,
    /// Changing it.
    PolicyWrite,
    /// Accounts and roles.
    People,
    /// How long data are kept, and what is kept about a person.
    Data,
    /// API keys of the workspace.
    Keys,
    /// Workspaces of the installation.
    Tenants,
}

impl Group {
    /// The action and the resource, as the policy text of `authz` names them.
    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Open => ("enter", "door"),
            Self::Own => ("use", "self"),
            Self::Stop => ("stop", "everything"),
            Self::Release => ("release", "everything"),
            Self::FleetRead => ("read", "fleet"),
            Self::FleetWrite => ("change", "fleet"),
            Self::CampaignRead => ("read", "campaigns"),
            Self::CampaignWrite => ("change", "campaigns"),
            Self::SpendingRead => ("read", "spending"),
            Self::ReviewRead => ("read", "reviews"),
            Self::ReviewDecide => ("decide", "reviews"),
            Self::PersonaRead => ("read", "personas"),
            Self::PersonaWrite => ("change", "personas"),
            Self::ContentRead => ("read", "content"),
            Self::TraceRead => ("read", "traces"),
            Self::AlertRead => ("read", "alerts"),
            Self::AlertWrite => ("change", "alerts"),
            Self::AuditRead => ("read", "audit"),
            Self::AuditVerify => ("verify", "audit"),
            Self::ConnectionRead => ("read", "connections"),
            Self::ConnectionWrite => ("change", "connections"),
            Self::ConnectionAnswer => ("answer", "connections"),
            Self::Installation => ("change", "installation"),
            Self::PolicyRead => ("read", "policy"),
            Self::PolicyWrite => ("change", "policy"),
            Self::People => ("manage", "people"),
            Self::Data => ("manage", "data"),
            Self::Keys => ("manage", "keys"),
            Self::Tenants => ("manage", "tenants"),
        }
    }

    /// Every group.
    pub const ALL: [Self; 29] = [
        Self::Open,
        Self::Own,
        Self::Stop,
        Self::Release,
        Self::FleetRead,
        Self::FleetWrite,
        Self::CampaignRead,
        Self::CampaignWrite,
        Self::SpendingRead,
        Self::ReviewRead,
        Self::ReviewDecide,
        Self::PersonaRead,
        Self::PersonaWrite,
        Self::ContentRead,
        Self::TraceRead,
        Self::AlertRead,
        Self::AlertWrite,
        Self::AuditRead,
        Self::AuditVerify,
        Self::ConnectionRead,
        Self::ConnectionWrite,
        Self::ConnectionAnswer,
        Self::Installation,
        Self::PolicyRead,
        Self::PolicyWrite,
        Self::People,
        Self::Data,
        Self::Keys,
        Self::Tenants,
    ];
}

/// Whether a write must name the version that it changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Precondition {
    /// `If-Match` is not looked at.
    None,
    /// `If-Match` is honoured when sent.
    Optional,
    /// Without `If-Match` the answer is 428.
    Required,
}

/// One endpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Endpoint {
    /// Operation id in the API document.
    pub id: &'static str,
    /// Method.
    pub method: Method,
    /// Path with `{parameters}`.
    pub path: &'static str,
    /// Who may: the group that the roles table of the API knows.
    pub group: Group,
    /// Whether `If-Match` is needed.
    pub precondition: Precondition,
    /// Whether a repeated write with the same `Idempotency-Key` gets the first answer.
    pub replayable: bool,
    /// What its answer may be cached under.
    pub provides: &'static [Tag],
    /// What it makes stale.
    pub invalidates: &'static [Tag],
}

impl Endpoint {
    const fn new(method: Method, path: &'static str, id: &'static str, group: Group) -> Self {
        Self {
            id,
            method,
            path,
            group,
            precondition: Precondition::None,
            // Answers that carry a secret are never kept, and signing in is all the open group does.
            replayable: !matches!(method, Method::Get) && !matches!(group, Group::Open),
            provides: &[],
            invalidates: &[],
        }
    }
    const fn get(path: &'static str, id: &'static str, group: Group) -> Self {
        Self::new(Method::Get, path, id, group)
    }
    const fn post(path: &'static str, id: &'static str, group: Group) -> Self {
        Self::new(Method::Post, path, id, group)
    }
    const fn put(path: &'static str, id: &'static str, group: Group) -> Self {
        Self::new(Method::Put, path, id, group)
    }
    const fn patch(path: &'static str, id: &'static str, group: Group) -> Self {
        Self::new(Method::Patch, path, id, group)
    }
    const fn delete(path: &'static str, id: &'static str, group: Group) -> Self {
        Self::new(Method::Delete, path, id, group)
    }
    const fn provides(mut self, tags: &'static [Tag]) -> Self {
        self.provides = tags;
        self
    }
    const fn invalidates(mut self, tags: &'static [Tag]) -> Self {
        self.invalidates = tags;
        self
    }
    const fn if_match(mut self, precondition: Precondition) -> Self {
        self.precondition = precondition;
        self
    }
    const fn never_replayed(mut self) -> Self {
        self.replayable = false;
        self
    }
}

/// Every endpoint, by area.
pub fn all() -> impl Iterator<Item = &'static Endpoint> {
    [
        people::ENDPOINTS,
        access::ENDPOINTS,
        swarm::ENDPOINTS,
        campaigns::ENDPOINTS,
        reviews::ENDPOINTS,
        personas::ENDPOINTS,
        content::ENDPOINTS,
        watch::ENDPOINTS,
        connections::ENDPOINTS,
    ]
    .into_iter()
    .flatten()
}

/// The endpoint at `path` (as a pattern) with `method`.
#[must_use]
pub fn find(method: &str, path: &str) -> Option<&'static Endpoint> {
    all().find(|one| one.path == path && one.method.as_str() == method)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_and_addresses_are_unique_and_keys_of_tags_are_parameters() {
        let (mut ids, mut addresses) = (BTreeSet::new(), BTreeSet::new());
        for one in all() {
            assert!(ids.insert(one.id), "{} is declared twice", one.id);
            assert!(
                addresses.insert((one.method.as_str(), one.path)),
                "{}",
                one.path
            );
            for tag in one.provides.iter().chain(one.invalidates) {
                if let Some(key) = tag.key {
                    let place = format!("{{{key}}}");
                    assert!(
                        one.path.contains(&place),
                        "{}: no {place} in {}",
                        one.id,
                        one.path
                    );
                }
            }
        }
    }

    #[test]
    fn reads_change_nothing_and_provide_something() {
        for one in all() {
            let read = one.method == Method::Get;
            assert_eq!(
                read,
                !one.provides.is_empty() || one.id == "events",
                "{}",
                one.id
            );
            assert!(!read || one.invalidates.is_empty(), "{}", one.id);
        }
    }
}

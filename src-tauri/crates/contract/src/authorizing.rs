//! A person's authorization of an MCP server at an address: how it stands, and how it is begun.
//!
//! Never here: a token, a code, or a client's secret.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{scalar::Time, task::Fault};

/// What is known of an authorization.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthorizationState {
    /// The server did not ask for one.
    NotAsked,
    /// The server asks for one.
    Needed,
    /// The server asks for more than it was given.
    MoreNeeded,
    /// There is one.
    Authorized,
    /// The last try to get or to renew one failed.
    Ended,
}

/// How the authorization of a server stands.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ServerAuthorization {
    /// What is known of it.
    pub state: AuthorizationState,
    /// Until when somebody who was sent to a browser may come back; null while nobody was.
    pub waits_until: Option<Time>,
    /// Who gave it: the address of the authorization server. Untrusted text.
    pub issuer: Option<String>,
    /// What it is for, or what is asked for. Untrusted text.
    pub scopes: Vec<String>,
    /// When its token ends, where that was said.
    pub until: Option<Time>,
    /// Whether it is renewed by itself then.
    pub renews: bool,
    /// Why it ended; of one that there is, why it holds only until Chimera stops.
    pub problem: Option<Fault>,
    /// As whom Chimera shows itself, where a person entered that.
    pub client: Option<AuthorizationClient>,
    /// The name then of the person who authorized it.
    pub given_by: Option<String>,
    /// When that was.
    pub given_at: Option<Time>,
}

/// A client that a person registered with an authorization server.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorizationClient {
    /// Its id: at most 2,048 characters. Empty: none, Chimera registers itself.
    pub id: String,
    /// The name of the key under Connections that is its secret, if it has one.
    #[serde(default)]
    pub secret: Option<String>,
}

/// An authorization to begin.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorizeServer {
    /// As whom Chimera shows itself from now on; as before when null.
    #[serde(default)]
    pub client: Option<AuthorizationClient>,
}

/// An authorization that waits for a person in a browser.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct AuthorizationRound {
    /// The address to open, in a browser on the machine where Chimera runs. Untrusted text: https, or http on that machine.
    pub address: String,
    /// Until when an answer counts.
    pub until: Time,
}

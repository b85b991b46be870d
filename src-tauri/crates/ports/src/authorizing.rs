//! A person's authorization of an MCP server at an address: begun for a browser, shown, taken back.
//!
//! Never here: a token, a code, or what goes between us and an authorization server (`oauth`).

use std::sync::Arc;

use async_trait::async_trait;
use chimera_domain::{change::Change, fault::Fault, id::TenantId, time::Timestamp};
use serde_json::Value;

use crate::registry::{DeskError, Notes, ShownServer};

/// How the authorization of a server stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Authorization {
    /// What is known of it.
    pub state: AuthorizationState,
    /// Until when somebody who was sent to a browser may come back.
    pub waits_until: Option<Timestamp>,
    /// As whom we show ourselves, where a person entered that.
    pub client: Option<AuthorizationClient>,
    /// Who authorized it, and when.
    pub given: Option<(String, Timestamp)>,
}

/// What is known of an authorization.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AuthorizationState {
    /// The server did not ask for one.
    NotAsked,
    /// The server asks for one.
    Needed {
        /// For what, where it says so. Untrusted text.
        scopes: Vec<String>,
    },
    /// The server asks for more than it was given.
    MoreNeeded {
        /// For what, where it says so. Untrusted text.
        scopes: Vec<String>,
    },
    /// There is one.
    Authorized {
        /// Who gave it. Untrusted text.
        issuer: String,
        /// For what. Untrusted text.
        scopes: Vec<String>,
        /// When its token ends, where that was said.
        until: Option<Timestamp>,
        /// Whether it is renewed by itself then.
        renews: bool,
        /// Why it holds only until the process ends, where it could not be kept.
        unkept: Option<Fault>,
    },
    /// The last try to get or to renew one failed.
    Refused(Fault),
}

/// A client that a person registered with an authorization server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuthorizationClient {
    /// Its id.
    pub id: String,
    /// The name under which its secret is kept, if it has one.
    pub secret: Option<String>,
}

/// As whom we show ourselves from now on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ClientChange {
    /// As before.
    AsBefore,
    /// As nobody in particular: we register ourselves.
    None,
    /// As this one.
    As(AuthorizationClient),
}

/// A round that waits for a person in a browser.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BegunRound {
    /// What the browser opens, on the machine where this process runs.
    pub address: String,
    /// Until when an answer counts.
    pub until: Timestamp,
}

/// Makes the records of an act that ends after the request that began it.
pub type LateNotes = Arc<dyn Fn(&str, Value) -> Vec<Change> + Send + Sync>;

/// Who authorizes: named in the records and on the server's card.
#[derive(Clone)]
pub struct Authorizer {
    /// The person's name now.
    pub name: String,
    /// Makes the records.
    pub notes: LateNotes,
}

/// The authorizations of registered servers.
#[async_trait]
pub trait AuthorizationDesk: Send + Sync {
    /// Begins a round: a person opens its address in a browser, and comes back to an address of this machine. One that
    /// was begun before is over.
    ///
    /// # Errors
    /// When there is nothing to authorize, nothing could be kept, or the server does not say how. Nothing was begun.
    async fn begin(
        self: Arc<Self>,
        tenant: TenantId,
        name: &str,
        client: ClientChange,
        by: Authorizer,
    ) -> Result<BegunRound, DeskError>;

    /// Takes an authorization back: its tokens are not used any more, and a round under way is over.
    ///
    /// # Errors
    /// When the store does not take it. Then it still holds.
    async fn take_back(
        &self,
        tenant: TenantId,
        name: &str,
        notes: Notes<'_>,
    ) -> Result<ShownServer, DeskError>;
}

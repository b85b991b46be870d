//! API keys of a workspace, the workspaces of an installation, and where a person is signed in.
//!
//! Never here: what a key or a role may do (`authz`).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    people::Role,
    scalar::{Id, Time},
};

/// An API key as lists show it: never the key itself.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ApiKey {
    /// Key of the row.
    pub id: Id,
    /// The account in whose name it acts; the audit log names it.
    pub account: Id,
    /// What it is for.
    pub name: String,
    /// Its first signs, to tell it from others.
    pub prefix: String,
    /// What it may be.
    pub roles: Vec<Role>,
    /// When it was made.
    pub created_at: Time,
    /// When it ends by itself.
    pub expires_at: Time,
    /// When a request came with it last, to the minute; null when none has.
    pub last_used_at: Option<Time>,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
}

/// A key to be made.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    /// What it is for, 1 to 80 characters.
    pub name: String,
    /// At least one role. Whatever they are, a key decides no review and changes no persona, policy, connection,
    /// account or key.
    pub roles: Vec<Role>,
    /// Days after which it ends, 1 to 366; 90 when absent.
    pub days: Option<u32>,
}

/// A key that was just made.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ApiKeyMade {
    /// The key, for `Authorization: Bearer`: shown this once, stored only as a digest.
    pub secret: String,
    /// What is known of it from now on.
    pub key: ApiKey,
}

/// A workspace of the installation.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Workspace {
    /// Key.
    pub id: Id,
    /// Name in addresses, `t_…`.
    pub slug: String,
    /// Name as shown.
    pub name: String,
    /// When it was made.
    pub created_at: Time,
}

/// The first account of a workspace.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstAccount {
    /// Name as shown, 1 to 80 characters.
    pub name: String,
    /// E-mail address, to sign in with.
    pub email: String,
    /// First password, 12 to 256 characters; to be handed over in person.
    pub password: String,
}

/// A workspace to be made.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWorkspace {
    /// Its name in addresses: `t_` and 2 to 63 of a–z, 0–9, `_`, `-`.
    pub tenant_id: String,
    /// Its name as shown, 1 to 80 characters; that in addresses when absent.
    pub name: Option<String>,
    /// Who owns it: that account holds every role until there are others.
    pub owner: FirstAccount,
}

/// A place where a person is signed in.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct SignedInPlace {
    /// Key.
    pub id: Id,
    /// What it is for.
    pub label: String,
    /// When it began.
    pub created_at: Time,
    /// When it ends, whatever is done in it.
    pub expires_at: Time,
    /// When a request came from it last, to the minute.
    pub last_used_at: Option<Time>,
    /// Whether it is the one that asks.
    pub here: bool,
}

//! People: first run, signing in, accounts, roles.
//!
//! Never here: what a role may do (the API's table), or password hashing.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    connection::ProviderKind,
    scalar::{Id, Time},
};

/// What a person may be; one person may be several (C20).
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// People, roles, connections, policies, secrets.
    Admin,
    /// Watches the fleet, finds out why, stops it.
    #[serde(alias = "network_operator", alias = "OPERATOR")]
    Operator,
    /// Clears the review queue.
    #[serde(alias = "reviewer", alias = "MODERATOR")]
    Moderator,
    /// Personas, campaigns and policy.
    BrandOwner,
    /// Transactions, budgets, ledger.
    Finance,
    /// Reads, never writes.
    #[serde(alias = "readonly")]
    Viewer,
}

/// Rooms of the console.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Room {
    /// The return brief.
    Home,
    /// The review queue.
    Review,
    /// Campaigns and the composer.
    Campaigns,
    /// Personas.
    Personas,
    /// Agents.
    Fleet,
    /// Traces.
    Traces,
    /// What went out, and the sandbox network.
    Content,
    /// What feeds speak of.
    Trends,
    /// Alerts and incidents.
    Incidents,
    /// The audit log.
    Audit,
    /// Providers, servers, feeds.
    Connections,
    /// Policies.
    Policies,
    /// People and own settings.
    Settings,
}

/// Whether this installation is set up, and what it offers; answered without signing in.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct SetupState {
    /// True until somebody made the owner account.
    pub needs_owner: bool,
    /// Version of Chimera.
    pub version: String,
    /// AI providers to choose from, the rehearsal model among them.
    pub providers: Vec<ProviderKind>,
    /// Fewest characters of a password.
    pub password_min_chars: u32,
}

/// The first owner account.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// Name as shown, 1 to 80 characters.
    pub name: String,
    /// E-mail address, used to sign in; nothing is ever sent to it.
    pub email: String,
    /// 12 to 256 characters.
    pub password: String,
    /// Name of the workspace, 1 to 80 characters; `<name>'s workspace` when absent.
    pub workspace: Option<String>,
    /// Whether to make a first agent, so that there is something to look at.
    #[serde(default)]
    pub starter_agent: bool,
}

/// Signing in.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
    /// What the session is for, for example `browser` or `cli`; at most 40 characters.
    pub label: Option<String>,
}

/// A session that was just opened. The same token is set as an HttpOnly cookie.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct SessionOpened {
    /// Secret for `Authorization: Bearer`; shown this once and stored only as a digest.
    pub token: String,
    /// Who is signed in.
    pub me: Me,
    /// The starter agent, when one was asked for and made.
    pub starter_agent: Option<Id>,
}

/// Who is signed in, and where that person may go.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Me {
    /// The person.
    pub user: User,
    /// The workspace.
    pub tenant: Tenant,
    /// Rooms that the person's roles open, in the order of the sidebar.
    pub rooms: Vec<Room>,
    /// Groups of endpoints that the person's roles open, for switching single buttons off.
    pub may: Vec<String>,
    /// True while one person holds every role alone (shown, and audited).
    pub solo: bool,
    /// The session.
    pub session: Session,
}

/// Whose account it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// A person signs in to it.
    Person,
    /// A program of this installation acts in its name, such as the command line; nobody signs in to it.
    Service,
}

/// An account.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct User {
    /// Key.
    pub id: Id,
    /// Whose it is.
    pub kind: AccountKind,
    /// Name as shown.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// When it was made.
    pub created_at: Time,
    /// When it was closed; null while it is open.
    pub disabled_at: Option<Time>,
}

/// A person as named beside an act.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct PersonRef {
    /// Key.
    pub id: Id,
    /// Name as shown; empty when the account is not known any more.
    pub name: String,
}

/// A workspace.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Tenant {
    /// Key.
    pub id: Id,
    /// Name in addresses, `t_…`.
    pub slug: String,
    /// Name as shown.
    pub name: String,
}

/// A signed-in session.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Session {
    /// Key.
    pub id: Id,
    /// What it is for.
    pub label: String,
    /// When it began.
    pub created_at: Time,
    /// When it ends.
    pub expires_at: Time,
}

/// A new account.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// Name as shown, 1 to 80 characters.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// First password, 12 to 256 characters; to be handed over in person.
    pub password: String,
    /// At least one role.
    pub roles: Vec<Role>,
}

/// An account as it is to be.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    /// Name as shown, 1 to 80 characters.
    pub name: String,
    /// At least one role.
    pub roles: Vec<Role>,
    /// Whether it is closed; a closed account cannot sign in and its sessions end.
    pub disabled: bool,
    /// A new password, when it is to be set anew.
    pub password: Option<String>,
}

/// A change of the own password.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password so far.
    pub current: String,
    /// The new one, 12 to 256 characters.
    pub new: String,
}

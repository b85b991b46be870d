//! People, their sessions, and tenants.

use async_trait::async_trait;
use chimera_domain::{
    change::Change,
    digest::Digest,
    id::{SessionId, TenantId, UserId},
    role::Role,
    tenant::Tenant,
    time::Timestamp,
};

use uuid::Uuid;

use crate::error::PortError;

/// An account: a person's, or a program's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct User {
    /// Key.
    pub id: UserId,
    /// Where the account belongs.
    pub tenant: TenantId,
    /// Name as shown.
    pub name: String,
    /// Unique within the installation.
    pub email: String,
    /// Argon2id PHC string; empty for a service account, which nobody signs in to.
    pub password_hash: String,
    /// What the person may be.
    pub roles: Vec<Role>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was closed.
    pub disabled_at: Option<Timestamp>,
}

impl User {
    /// Whether it stands for a program, such as this machine's command line, and not for a person.
    #[must_use]
    pub fn is_service(&self) -> bool {
        self.password_hash.is_empty()
    }
}

/// What a session is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SessionKind {
    /// A person signed in; it ends when it is not used for a while.
    Person,
    /// The local token of the command line and of scripts at this machine.
    Token,
    /// An API key of the workspace, with a service account of its own.
    Key,
}

impl SessionKind {
    /// The word in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Token => "token",
            Self::Key => "key",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        [Self::Person, Self::Token, Self::Key]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// A row of the store, and whose it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Owned {
    /// Its key.
    pub id: Uuid,
    /// What it is, in a word: `campaign`, `task` …
    pub noun: String,
    /// Whose it is.
    pub tenant: TenantId,
}

/// Most ids that [`People::owners`] looks up at once.
pub const MAX_OWNED: usize = 64;

/// A signed-in session, or a named API token; only the digest of its secret is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// Key.
    pub id: SessionId,
    /// Where it belongs.
    pub tenant: TenantId,
    /// Whose it is.
    pub user: UserId,
    /// Plain SHA-256 of the 256-bit secret.
    pub token: Digest,
    /// What it is for, for example `browser` or `cli`.
    pub label: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// What kind of session it is.
    pub kind: SessionKind,
    /// The first signs of an API key's secret, by which people tell keys apart; empty for others.
    pub prefix: String,
    /// When it was ended early.
    pub revoked_at: Option<Timestamp>,
    /// When a request came with it last, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// People, sessions, tenants.
#[async_trait]
pub trait People: Send + Sync {
    /// Stores a tenant.
    ///
    /// # Errors
    /// Conflict when the slug is taken.
    async fn create_tenant(&self, tenant: &Tenant, notes: Vec<Change>) -> Result<(), PortError>;

    /// Every tenant, oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn tenants(&self) -> Result<Vec<Tenant>, PortError>;

    /// Gives a tenant another name for people; its slug stays.
    ///
    /// # Errors
    /// Not found.
    async fn rename_tenant(
        &self,
        id: TenantId,
        name: &str,
        notes: Vec<Change>,
    ) -> Result<(), PortError>;

    /// Stores a user.
    ///
    /// # Errors
    /// Conflict when the e-mail address is taken.
    async fn create_user(&self, user: &User, notes: Vec<Change>) -> Result<(), PortError>;

    /// Stores a changed user.
    ///
    /// # Errors
    /// Not found.
    async fn update_user(&self, user: &User, notes: Vec<Change>) -> Result<(), PortError>;

    /// A user.
    ///
    /// # Errors
    /// Not found.
    async fn user(&self, tenant: TenantId, id: UserId) -> Result<User, PortError>;

    /// The user with that e-mail address, of any tenant: signing in does not know the tenant yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn user_by_email(&self, email: &str) -> Result<Option<User>, PortError>;

    /// Users by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn users(&self, tenant: TenantId) -> Result<Vec<User>, PortError>;

    /// Whether anybody has an account to sign in to yet; the local operator of the command line has none.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn has_users(&self) -> Result<bool, PortError>;

    /// Stores a session.
    ///
    /// # Errors
    /// When the store refuses.
    async fn create_session(&self, session: &Session, notes: Vec<Change>) -> Result<(), PortError>;

    /// Stores a session in the place of every other of the same user and label: those end when it begins.
    ///
    /// # Errors
    /// When the store refuses.
    async fn replace_sessions(
        &self,
        session: &Session,
        notes: Vec<Change>,
    ) -> Result<(), PortError>;

    /// The unrevoked, unexpired session with that secret, and its enabled user.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn session(
        &self,
        token: Digest,
        now: Timestamp,
    ) -> Result<Option<(Session, User)>, PortError>;

    /// Ends a session early.
    ///
    /// # Errors
    /// Not found.
    async fn revoke_session(
        &self,
        tenant: TenantId,
        id: SessionId,
        at: Timestamp,
        notes: Vec<Change>,
    ) -> Result<(), PortError>;

    /// API keys of a tenant, ended ones too, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn keys(&self, tenant: TenantId) -> Result<Vec<Session>, PortError>;

    /// Sessions of a person that have not ended by `now`, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn sessions_of(
        &self,
        tenant: TenantId,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<Session>, PortError>;

    /// Notes that a request came with a session.
    ///
    /// # Errors
    /// Not found.
    async fn use_session(
        &self,
        tenant: TenantId,
        id: SessionId,
        at: Timestamp,
    ) -> Result<(), PortError>;

    /// Ends every session of a user but `except`.
    ///
    /// # Errors
    /// When the store refuses.
    async fn end_sessions(
        &self,
        tenant: TenantId,
        user: UserId,
        except: Option<SessionId>,
        at: Timestamp,
        notes: Vec<Change>,
    ) -> Result<(), PortError>;

    /// Whose rows have these keys, of any tenant: to see that somebody asked for what is another's, never to answer.
    /// Of more than [`MAX_OWNED`] the first are looked up.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn owners(&self, ids: &[Uuid]) -> Result<Vec<Owned>, PortError>;
}

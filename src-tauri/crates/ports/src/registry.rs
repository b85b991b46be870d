//! What a person does with the registry of MCP servers, and what is shown of it.
//!
//! Never here: HTTP, a file's form, or a secret: what is shown names them.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use chimera_domain::{
    action::EffectClass,
    change::Change,
    digest::Digest,
    fault::Fault,
    id::{TenantId, UserId},
    server::{Launch, Listing, Reach, RegisteredServer, ServerEntry},
};
use serde_json::Value;

use crate::{
    authorizing::Authorization,
    error::PortError,
    resources::FollowedResource,
    tools::{PromptText, ResourceReply, ServerOffer},
};

/// How a registered server stands with its operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Switched off.
    Off,
    /// What would be run cannot be told: a variable is not set, for example.
    Broken,
    /// Nobody has let it run yet.
    Untrusted,
    /// It was let run in another way than it would be run now.
    Altered,
    /// A person saw what is run and let it be run.
    Trusted,
}

/// A registered server as it is shown.
#[derive(Clone, Debug)]
pub struct ShownServer {
    /// As it is stored.
    pub server: RegisteredServer,
    /// How it stands.
    pub standing: Standing,
    /// Exactly what is run, with the digest that a trust names; or why that cannot be told.
    pub launch: Result<(Launch, Digest), Fault>,
    /// What it says of itself now, when it is connected.
    pub listing: Option<Listing>,
    /// The last lines that it wrote to standard error, oldest first.
    pub last_words: Vec<String>,
    /// How its authorization by a person stands; none for one that has no use for it, or is not run.
    pub authorization: Option<Authorization>,
}

/// What came of one server of an imported file.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Its name.
    pub name: String,
    /// Why it was not added, when it was not.
    pub refused: Option<Fault>,
    /// Fields of the file that were not taken over.
    pub left_out: Vec<String>,
}

/// What a person changes about a server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServerChange {
    /// How it is reached.
    pub reach: Reach,
    /// Whether it is used at all.
    pub enabled: bool,
    /// The group of servers that offer the same; as it was when absent, none when empty.
    pub group: Option<String>,
    /// The only version whose tools may be called; as it was when absent, any when empty.
    pub required_version: Option<String>,
}

/// Who lets a server run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Truster {
    /// The account.
    pub user: UserId,
    /// The person's name now.
    pub name: String,
}

/// Why something was not done. Nothing was changed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DeskError {
    /// It was refused.
    #[error("{0}")]
    Refused(Fault),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] PortError),
}

impl From<Fault> for DeskError {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault)
    }
}

/// Makes the records of an act, from its name and what came of it.
pub type Notes<'a> = &'a (dyn Fn(&str, Value) -> Vec<Change> + Send + Sync);

/// The registry of MCP servers as its operator works with it.
#[async_trait]
pub trait ServerDesk: Send + Sync {
    /// Every server, by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn list(&self, tenant: TenantId) -> Result<Vec<ShownServer>, DeskError>;

    /// One server.
    ///
    /// # Errors
    /// When there is none of that name.
    async fn look(&self, tenant: TenantId, name: &str) -> Result<ShownServer, DeskError>;

    /// What a server offers beside tools, as far as it is connected; `None` where it is not.
    ///
    /// # Errors
    /// When there is none of that name.
    async fn offer(
        &self,
        tenant: TenantId,
        name: &str,
    ) -> Result<Option<Arc<ServerOffer>>, DeskError>;

    /// Reads a resource of a server for a person to look at. What it says is untrusted, each time anew.
    ///
    /// # Errors
    /// When there is no server of that name. What the server refuses, or fails at, is part of the answer.
    async fn read_resource(
        &self,
        tenant: TenantId,
        name: &str,
        uri: &str,
    ) -> Result<Result<ResourceReply, Fault>, DeskError>;

    /// What is known of a resource of a server that a person has open. It is followed for as long as this is asked again
    /// and again. `anew` begins again what has ended.
    ///
    /// # Errors
    /// When there is no server of that name. Why it cannot be followed is part of the answer.
    async fn follow_resource(
        &self,
        tenant: TenantId,
        name: &str,
        uri: &str,
        anew: bool,
    ) -> Result<Result<FollowedResource, Fault>, DeskError>;

    /// Gets a listed prompt of a server, its gaps filled in, for a person to look at. What it says is untrusted.
    ///
    /// # Errors
    /// When there is no server of that name. What the server refuses, or fails at, is part of the answer.
    async fn prompt(
        &self,
        tenant: TenantId,
        name: &str,
        prompt: &str,
        arguments: BTreeMap<String, String>,
    ) -> Result<Result<PromptText, Fault>, DeskError>;

    /// Adds a server. It is not started before somebody trusts it.
    ///
    /// # Errors
    /// When the entry cannot be taken, or the name is in use.
    async fn add(
        &self,
        tenant: TenantId,
        name: &str,
        entry: ServerEntry,
        notes: Notes<'_>,
    ) -> Result<ShownServer, DeskError>;

    /// Adds every server of a file that can be taken; none is started before somebody trusts it.
    ///
    /// # Errors
    /// When the file cannot be read at all, or the store refuses.
    async fn import(
        &self,
        tenant: TenantId,
        text: &str,
        notes: Notes<'_>,
    ) -> Result<Vec<Imported>, DeskError>;

    /// Changes a server. A change of what is run needs a new trust.
    ///
    /// # Errors
    /// When the entry cannot be taken, or the stored version is not `version`.
    async fn change(
        &self,
        tenant: TenantId,
        name: &str,
        version: u32,
        change: ServerChange,
        notes: Notes<'_>,
    ) -> Result<ShownServer, DeskError>;

    /// Runs a server as it was run before it was changed, with the trust and the pins of then; what it is run by now becomes
    /// the former, so that it can be taken back.
    ///
    /// # Errors
    /// When it was never run otherwise, or the stored version is not `version`.
    async fn roll_back(
        &self,
        tenant: TenantId,
        name: &str,
        version: u32,
        notes: Notes<'_>,
    ) -> Result<ShownServer, DeskError>;

    /// Takes a server out and ends it.
    ///
    /// # Errors
    /// When the stored version is not `version`.
    async fn remove(
        &self,
        tenant: TenantId,
        name: &str,
        version: u32,
        notes: Notes<'_>,
    ) -> Result<(), DeskError>;

    /// Lets a server be run exactly as `launch` says, starts it, and pins what it says of itself.
    ///
    /// # Errors
    /// When something else would be run by now.
    async fn trust(
        &self,
        tenant: TenantId,
        name: &str,
        launch: Digest,
        by: Truster,
        notes: Notes<'_>,
    ) -> Result<ShownServer, DeskError>;

    /// Pins what the server says of itself now, which is what `listing` names.
    ///
    /// # Errors
    /// When it says something else by now, or is not connected.
    async fn pin(
        &self,
        tenant: TenantId,
        name: &str,
        listing: Digest,
        notes: Notes<'_>,
    ) -> Result<ShownServer, DeskError>;

    /// Says what calling a tool does; `None` takes the word back.
    ///
    /// # Errors
    /// When there is no such server.
    async fn class(
        &self,
        tenant: TenantId,
        name: &str,
        tool: &str,
        effect: Option<EffectClass>,
        notes: Notes<'_>,
    ) -> Result<ShownServer, DeskError>;
}

//! What an owner does for a person whose data are kept: finding, handing out, and erasing them.
//!
//! Never here: HTTP, or SQL.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chimera_domain::{
    id::{TenantId, UserId},
    person::Identifier,
    time::Timestamp,
};

use crate::{
    registry::DeskError,
    store::{PersonAccount, Place},
};

/// Everything that is kept about a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonBundle {
    /// The name under which the person is spoken of in the audit log.
    pub pseudonym: String,
    /// By what was looked.
    pub identifiers: Vec<Identifier>,
    /// When.
    pub at: Timestamp,
    /// The account, when one of the identifiers is its address.
    pub account: Option<PersonAccount>,
    /// Where the identifiers stand.
    pub places: Vec<Place>,
    /// Whether there are more places than are listed.
    pub more: bool,
    /// What has to be said again to erase exactly what was found.
    pub confirm: String,
}

/// What an erasure did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Erased {
    /// The name under which the person is spoken of from here on.
    pub pseudonym: String,
    /// Rows that were changed, by kind.
    pub changed: BTreeMap<String, u64>,
    /// What stays, and why.
    pub kept: Vec<Place>,
}

/// Works with a person's data.
#[async_trait]
pub trait PersonDesk: Send + Sync {
    /// Finds everything that is kept about a person.
    ///
    /// # Errors
    /// When a store cannot be read.
    async fn find(
        &self,
        tenant: TenantId,
        identifiers: Vec<Identifier>,
    ) -> Result<PersonBundle, DeskError>;

    /// Notes that a person's data were handed out.
    ///
    /// # Errors
    /// When it cannot be stored; then they are not to be handed out.
    async fn handed_out(
        &self,
        tenant: TenantId,
        by: UserId,
        bundle: &PersonBundle,
    ) -> Result<(), DeskError>;

    /// Erases what [`PersonDesk::find`] found. `told` is the reason, and what it said is to be confirmed.
    ///
    /// # Errors
    /// When something else is found now, or the account is the last that can do everything: then nothing was changed.
    /// When a store fails on the way, what is left is erased by itself later.
    async fn erase(
        &self,
        tenant: TenantId,
        by: UserId,
        identifiers: Vec<Identifier>,
        told: (String, String),
    ) -> Result<Erased, DeskError>;
}

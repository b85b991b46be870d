//! Finding a person in what is stored, and taking the person out of it.
//!
//! Never here: who may ask for it, or in which order the stores are gone through (`retention`).

use std::collections::BTreeMap;

use async_trait::async_trait;
use chimera_domain::{
    change::Change,
    id::{TenantId, UserId},
    person::Identifier,
};
use serde::{Deserialize, Serialize};

use crate::error::PortError;

/// A stored text in which a person is named.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Place {
    /// What kind of row it is in, in words.
    pub shelf: String,
    /// The row's key.
    pub key: String,
    /// The row's column.
    pub column: String,
    /// The text, cut at the caller's bound.
    pub text: String,
    /// Why it stays when the person is erased; nothing where it goes.
    pub stays: Option<String>,
}

/// An account of the console that one of the identifiers is the address of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PersonAccount {
    /// Whose.
    pub user: UserId,
    /// As it is shown.
    pub name: String,
    /// Its address.
    pub email: String,
    /// Roles.
    pub roles: Vec<String>,
    /// Sessions that are kept, each with its label.
    pub sessions: Vec<String>,
    /// Reviews that the person decided.
    pub decisions: Vec<String>,
    /// Audit records of acts of the person.
    pub acts: u64,
    /// Whether it is the last account that can do everything: then it cannot be erased.
    pub last_admin: bool,
}

/// Everything that was found.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct FoundPerson {
    /// The account.
    pub account: Option<PersonAccount>,
    /// Where the identifiers stand, at most as many as were asked for.
    pub places: Vec<Place>,
    /// Whether there are more.
    pub more: bool,
}

/// What an erasure does to the store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonErasure {
    /// By what the person is found.
    pub identifiers: Vec<Identifier>,
    /// What stands in their place afterwards.
    pub tombstone: String,
    /// The account that goes, with what it is called afterwards.
    pub account: Option<UserId>,
    /// Setting that said that this is under way; it goes in the same transaction.
    pub marker: String,
}

/// People in stored texts.
#[async_trait]
pub trait Persons: Send + Sync {
    /// Where a person is named, at most `limit` places.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn find_person(
        &self,
        tenant: TenantId,
        identifiers: &[Identifier],
        limit: usize,
    ) -> Result<FoundPerson, PortError>;

    /// Tries an erasure and takes it back: whether every row could be read after it.
    ///
    /// # Errors
    /// [`PortError::Invalid`] when one of the identifiers is a word by which a row is read; nothing was changed.
    async fn try_erasing(&self, tenant: TenantId, erasure: PersonErasure) -> Result<(), PortError>;

    /// Takes a person out of everything that can be changed, in one transaction with the notes; answers how many rows
    /// of which kind were changed.
    ///
    /// # Errors
    /// As of [`Persons::try_erasing`], and when the store refuses; then nothing was changed.
    async fn erase_person(
        &self,
        tenant: TenantId,
        erasure: PersonErasure,
        notes: Vec<Change>,
    ) -> Result<BTreeMap<String, u64>, PortError>;
}

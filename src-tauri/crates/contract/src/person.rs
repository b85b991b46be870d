//! What is kept about a person, in one bundle, and what erasing them did.
//!
//! Never here: what counts as a match (`domain::person`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::scalar::{Id, Time};

/// Most identifiers of one person.
pub const MAX_IDENTIFIERS: usize = 16;
/// Most characters of a reason.
pub const MAX_REASON_CHARS: usize = 500;

/// By what a person is looked for.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonQuery {
    /// 1 to 16 exact identifiers: e-mail addresses, telephone numbers, names, handles.
    pub identifiers: Vec<String>,
}

/// Erasing what was found, said a second time.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonErase {
    /// The same identifiers.
    pub identifiers: Vec<String>,
    /// Why, 1 to 500 characters; it is kept in the audit log, without the identifiers.
    pub reason: String,
    /// What the bundle says is to be confirmed.
    pub confirm: String,
}

/// A text in which the person is named.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct PersonPlace {
    /// What kind of row it is in, in words.
    pub shelf: String,
    /// The row's key.
    pub key: String,
    /// The row's column.
    pub column: String,
    /// The text, at most 20,000 characters of it.
    pub text: String,
    /// Why it stays when the person is erased; null where it goes.
    pub stays: Option<String>,
}

/// An account of the console.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct PersonAccount {
    /// Whose.
    pub user: Id,
    /// As it is shown.
    pub name: String,
    /// Its address.
    pub email: String,
    /// Roles.
    pub roles: Vec<String>,
    /// Sessions that are kept, each with its label and when it began.
    pub sessions: Vec<String>,
    /// Reviews that the person decided.
    pub decisions: Vec<Id>,
    /// Audit records of acts of the person; they stay, and name the account's key.
    pub acts: u64,
    /// Whether it is the last account that can do everything: then it cannot be erased.
    pub last_admin: bool,
}

/// Everything that is kept about a person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct PersonBundle {
    /// The name under which the person is spoken of in the audit log.
    pub pseudonym: String,
    /// By what was looked, normalised.
    pub identifiers: Vec<String>,
    /// When.
    pub at: Time,
    /// The account, when one of the identifiers is its address.
    pub account: Option<PersonAccount>,
    /// Where the identifiers stand, at most 10,000 places.
    pub places: Vec<PersonPlace>,
    /// Whether there are more.
    pub more: bool,
    /// What has to be said again to erase exactly this.
    pub confirm: String,
}

/// What an erasure did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct PersonErased {
    /// The name under which the person is spoken of from here on.
    pub pseudonym: String,
    /// Rows that were changed, by kind.
    pub changed: BTreeMap<String, u64>,
    /// What stays, and why.
    pub kept: Vec<PersonPlace>,
}

//! What can go wrong inside the store, and how the ports hear of it.
//!
//! Never here: retrying.

use chimera_ports::error::{PortError, Trouble};
use sqlx::error::ErrorKind;

use super::rows::BadRow;

/// SQLite's primary result codes that need their own words.
mod code {
    pub(super) const STATEMENT: i32 = 1;
    pub(super) const BUSY: i32 = 5;
    pub(super) const READ_ONLY: i32 = 8;
    pub(super) const IO: i32 = 10;
    pub(super) const CORRUPT: i32 = 11;
    pub(super) const FULL: i32 = 13;
    pub(super) const TOO_BIG: i32 = 18;
    pub(super) const CONSTRAINT: i32 = 19;
    pub(super) const NOT_A_DATABASE: i32 = 26;
}

/// A failure of one statement or of what led to it.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It has its final words already.
    Port(PortError),
    /// SQLite refused.
    Sql(sqlx::Error),
}

impl Failure {
    /// A value that cannot be written as JSON; nothing was written.
    pub(crate) fn unwritable(error: impl std::fmt::Display) -> Self {
        Self::refused(format!("a value cannot be stored: {error}"))
    }

    /// The request is not acceptable; nothing was written.
    pub(crate) fn refused(why: String) -> Self {
        Self::Port(PortError::Invalid(format!("{why}; nothing was written")))
    }

    /// The file was taken away or replaced under the open connection; nothing was written.
    pub(crate) fn file_gone() -> Self {
        Self::Port(trouble(
            Trouble::Damaged,
            "The database's file was taken away or replaced while Chimera runs. Nothing of this was written. Stop \
             Chimera, put the file that is meant in its place, and start again"
                .to_owned(),
        ))
    }

    /// Whether one item of a batch is to blame, so that its neighbours can still be written.
    pub(crate) fn blames_an_item(&self) -> bool {
        match self {
            Self::Port(_) => true,
            Self::Sql(error) => {
                // A statement that cannot be run, as on a table that is not there, undoes nothing but itself.
                matches!(
                    primary_code(error),
                    Some(code::STATEMENT | code::CONSTRAINT | code::TOO_BIG)
                )
            }
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<PortError> for Failure {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

impl From<BadRow> for Failure {
    fn from(error: BadRow) -> Self {
        Self::Port(PortError::Internal(error.to_string()))
    }
}

impl From<Failure> for PortError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Port(error) => error,
            Failure::Sql(error) => in_words(&error),
        }
    }
}

/// SQLite's primary result code: the low byte of the extended one.
pub(crate) fn primary_code(error: &sqlx::Error) -> Option<i32> {
    let code: i32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

fn in_words(error: &sqlx::Error) -> PortError {
    if matches!(error, sqlx::Error::PoolClosed) {
        return PortError::Internal("the store is closed; nothing was read or written".to_owned());
    }
    let kind = error
        .as_database_error()
        .map(sqlx::error::DatabaseError::kind);
    match (kind, primary_code(error)) {
        (Some(ErrorKind::UniqueViolation), _) => {
            let (noun, key) = what_is_taken(error);
            PortError::Conflict { noun, key }
        }
        (_, Some(code::CONSTRAINT)) => PortError::Invalid(format!(
            "what was to be stored does not fit what is stored already ({error}); nothing of it was written"
        )),
        (_, Some(code::FULL)) => trouble(
            Trouble::Full,
            format!(
                "The disk is full, or the database has reached its largest size ({error}). Nothing of this was \
             written and nothing that was there is lost. Make room; Chimera goes on by itself then. `chimerad backup \
             --to` puts a copy on another disk"
            ),
        ),
        (_, Some(code::READ_ONLY)) => trouble(
            Trouble::ReadOnly,
            format!(
                "The database cannot be written to ({error}). Nothing of this was written and nothing that was there is \
             lost. Check the permissions of the file and its folder, and that the disk is not mounted read-only. \
             `chimerad backup --to` puts a copy on another disk"
            ),
        ),
        (_, Some(code::CORRUPT | code::NOT_A_DATABASE)) => trouble(
            Trouble::Damaged,
            format!(
                "The database is damaged ({error}). Nothing of this was written. Stop Chimera, keep the file, and put the \
             newest copy that `chimerad backup` made in its place: the next start names it"
            ),
        ),
        (_, Some(code::BUSY)) => PortError::Internal(format!(
            "another program keeps the database locked ({error}); nothing of this was written; close it, then try \
             again"
        )),
        (_, Some(code::IO)) => PortError::Internal(format!(
            "the disk reports an error ({error}); whether this was written shows after a restart; check the disk"
        )),
        _ => PortError::Internal(format!(
            "the store cannot do this: {error}; nothing of it was written"
        )),
    }
}

const fn trouble(trouble: Trouble, words: String) -> PortError {
    PortError::Trouble { trouble, words }
}

/// Noun and columns out of `UNIQUE constraint failed: users.email`.
fn what_is_taken(error: &sqlx::Error) -> (&'static str, String) {
    const NOUNS: [(&str, &str); 12] = [
        ("tenants.", "tenant"),
        ("users.", "user"),
        ("agents.", "agent"),
        ("persona_versions.", "persona version"),
        ("campaigns.", "campaign"),
        ("plans.", "plan"),
        ("tasks.", "task"),
        ("artifacts.", "artifact"),
        ("reviews.", "review"),
        ("effects.", "effect"),
        ("policies.", "policy"),
        ("sessions.", "session"),
    ];
    let message = error
        .as_database_error()
        .map_or("", sqlx::error::DatabaseError::message);
    let columns = message.rsplit(": ").next().unwrap_or_default();
    let noun = NOUNS
        .iter()
        .find(|(prefix, _)| columns.contains(prefix) || message.contains(&prefix.replace('.', "_")))
        .map_or("row", |(_, noun)| noun);
    (noun, columns.to_owned())
}

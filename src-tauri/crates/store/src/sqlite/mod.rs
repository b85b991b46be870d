//! The store on SQLite: one file per aggregate, rows in `rows`, the writer in `commit`.
//!
//! Never here: another dialect.

mod answers;
mod audit_file;
mod backup;
mod batch;
mod boards;
mod campaigns;
mod claims;
mod commit;
mod contents;
mod dead;
mod due;
mod fleet;
mod health;
mod ledger;
mod lock;
mod log;
mod memories;
mod migrate;
mod open;
mod people;
mod personas;
mod registry;
mod remembering;
mod reviews;
mod settings;

mod store;

pub use audit_file::AuditFile;
pub use backup::back_up;
pub(crate) use batch::{Listed, Statements, Written, insert, upsert};
pub(crate) use campaigns::all;
pub(crate) use commit::Sheets;
pub(crate) use lock::refused;
pub use open::StoreOptions;
pub(crate) use open::translate;
pub(crate) use remembering::{forget_older, reword};

pub use store::SqliteStore;

#[cfg(test)]
mod tests;

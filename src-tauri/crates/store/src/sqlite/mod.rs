//! The store on SQLite: one file per aggregate, rows in `rows`, the writer in `commit`.
//!
//! Never here: another dialect.

mod answers;
mod audit_file;
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
pub(crate) use campaigns::all;
pub(crate) use commit::Sheets;
pub use open::StoreOptions;
pub(crate) use open::{is_ours, translate};
pub(crate) use remembering::remove as remove_memory;

pub use store::SqliteStore;

#[cfg(test)]
mod tests;

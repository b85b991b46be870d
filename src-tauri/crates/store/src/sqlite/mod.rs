//! The store on SQLite: one file per aggregate, rows in `rows`, the writer in `commit`.
//!
//! Never here: another dialect.

mod answers;
mod audit_file;
mod backup;
mod batch;
mod boards;
mod campaigns;
mod chain;
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
mod migrate;
mod open;
mod people;
mod personas;
mod reviews;
mod settings;
mod spans;

mod store;

pub use audit_file::AuditFile;
pub use backup::back_up;
pub(crate) use batch::{Statements, Written};
pub use open::StoreOptions;

pub use spans::SqliteSpans;
pub use store::SqliteStore;

#[cfg(test)]
mod tests;

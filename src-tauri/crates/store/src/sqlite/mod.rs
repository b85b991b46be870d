//! The store on SQLite: one file per aggregate, rows in `rows`, the writer in `commit`.
//!
//! Never here: another dialect.

mod answers;
mod batch;
mod boards;
mod campaigns;
mod claims;
mod commit;
mod contents;
mod due;
mod fleet;
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

pub(crate) use batch::{Statements, Written};
pub use open::StoreOptions;

pub use spans::SqliteSpans;
pub use store::SqliteStore;

#[cfg(test)]
mod tests;

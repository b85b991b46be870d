//! The store on SQLite: one file per aggregate, rows in `rows`, the writer in `commit`.
//!
//! Never here: another dialect.

mod boards;
mod campaigns;
mod commit;
mod contents;
mod cursor;
mod due;
mod failure;
mod fleet;
mod lock;
mod log;
mod migrate;
mod open;
mod people;
mod personas;
mod reviews;
mod rows;
mod settings;

mod store;
mod table;

pub use open::StoreOptions;

pub use store::SqliteStore;

//! Every line of SQL: the store's traits on SQLite, its migrations, and the file of spans.
//!
//! Rows never leave this room; they convert into domain types. Never here: deciding what changes.

mod error;
mod sqlite;

pub use error::StoreError;
pub use sqlite::{SqliteStore, StoreOptions};

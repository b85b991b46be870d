//! Every line of SQL: the store's traits on SQLite, its migrations, and the file of spans.
//!
//! Rows never leave this room; they convert into domain types. Never here: deciding what changes.

mod batch;
mod board;
mod cursor;
mod error;
mod failure;
mod file;
mod keeping;
mod rows;
mod scrub;
mod spans;
mod sqlite;
mod table;
mod thread;

pub use error::StoreError;
pub use file::back_up;
pub use spans::SqliteSpans;
pub use sqlite::{AuditFile, SqliteStore, StoreOptions};

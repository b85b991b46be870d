//! How the audit log proves itself, and how data go: the chain, its cuts, forgetting by age, and erasing a person, on
//! SQLite.
//!
//! Never here: what is right or wrong with a chain (`audit`), or how long anything is kept (`domain`).

mod chain;
mod cutting;
mod memories;
mod persons;
mod pruning;
mod readable;
mod shelves;

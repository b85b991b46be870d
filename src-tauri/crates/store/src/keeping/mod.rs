//! How the audit log proves itself, and how old data go: the chain, its cuts, and forgetting by age, on SQLite.
//!
//! Never here: what is right or wrong with a chain (`audit`), or how long anything is kept (`domain`).

mod chain;
mod cutting;
mod pruning;

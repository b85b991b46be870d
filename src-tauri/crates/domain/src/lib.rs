//! The nouns of Chimera and the rules that belong to a noun alone.
//!
//! Here: typed ids, time, money, confidence, and the records that every other room speaks of.
//! Never here: input or output, clocks, randomness, SQL, HTTP, or a decision that needs more than
//! one noun (that is `policy` or `engine`).

pub mod action;
pub mod agent;
pub mod artifact;
pub mod attributes;
pub mod audit;
pub mod breaker;
pub mod campaign;
pub mod change;
pub mod confidence;
pub mod digest;
pub mod event;
pub mod fault;
pub mod id;
pub mod memory;
pub mod money;
pub mod person;
pub mod persona;
pub mod plan;
pub mod platform;
pub mod post;
pub mod provenance;
pub mod publication;
pub mod replan;
pub mod retention;
pub mod review;
pub mod role;
pub mod server;
pub mod server_edition;
pub mod server_file;
pub mod skill;
pub mod spend;
pub mod task;
pub mod taxonomy;
pub mod tenant;
pub mod text;
pub mod time;
pub mod trace;
pub mod trend;
pub mod verdict;

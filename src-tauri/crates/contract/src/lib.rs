//! The wire, declared once: what the HTTP API carries, which endpoints it has, which errors it
//! gives, and what each read provides and each write makes stale.
//!
//! Plain strings and numbers only. Never here: domain types, handlers, or a decision.

pub mod access;
pub mod authorizing;
pub mod campaign;
pub mod chain;
pub mod connection;
pub mod content;
pub mod dead_letter;
pub mod endpoint;
pub mod error;
pub mod event;
pub mod home;
pub mod keychain;
pub mod log;
pub mod memory;
pub mod outbox;
pub mod page;
pub mod people;
pub mod person;
pub mod persona;
pub mod plan;
pub mod policy;
pub mod price;
pub mod question;
pub mod registry;
pub mod retention;
pub mod review;
pub mod scalar;
pub mod setting;
pub mod shown;
pub mod spending;
pub mod status;
pub mod swarm;
pub mod tag;
pub mod task;
pub mod trace;
pub mod work;

//! Language models behind `chimera_ports::model::ChatModel`.
//!
//! Here: the built-in rehearsal model, providers of four families, the price table and the
//! choice of a model by role. Never here: prompts, retries (the runtime's), or where a score leads.

pub mod circuit;
pub mod prices;
pub mod provider;
pub mod rehearsal;
pub mod router;
pub mod tokens;

pub use chimera_ports::facts;

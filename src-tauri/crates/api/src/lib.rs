//! The HTTP API: one router, served by any host.
//!
//! Here: handlers (request → runtime or ports → response), which address leads to which, and the document
//! that describes it all. Never here: who is at the door and how a failure leaves (door), a rule about content
//! or money (policy), a transition (engine), SQL (store), conversion between domain and contract (wire), or
//! opening a port (boot).

mod chain_form;
mod docs;
mod document;
pub mod export;
mod listed;
mod names;
mod naming;
mod new_campaign;
mod operations;
mod resources;
mod review_card;
mod routes;
mod shown;
#[cfg(test)]
mod tests;

pub use axum::{Router, routing::any_service};
pub use document::document;
pub use resources::prices::stored_rates;
pub use routes::{addresses, check_rules, router};

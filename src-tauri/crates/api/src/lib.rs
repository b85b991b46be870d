//! The HTTP API: one router, served by any host.
//!
//! Here: handlers (request → runtime or ports → response), who is signed in, which role may what, and the
//! document that describes it all. Never here: a rule about content or money (policy), a transition
//! (engine), SQL (store), conversion between domain and contract (wire), or opening a port (boot).

mod chain_form;
mod counters;
mod docs;
mod document;
mod door;
pub mod export;
mod inside;
mod names;
mod new_campaign;
mod operations;
mod options;
mod people;
mod problem;
mod resources;
mod respond;
mod review_card;
mod routes;
mod state;
#[cfg(test)]
mod tests;
mod throttle;
mod ui;

pub use axum::Router;
pub use document::document;
pub use inside::{Answer, InsideCaller, TokenError, issue_token, serve};
pub use options::{Keychain, KeychainStatus, MODEL_SETTING, ModelSwitch, Options, SampleFeed};
pub use resources::prices::stored_rates;
pub use routes::router;

//! May this happen? Pure answers with reasons.
//!
//! Here: the policy as data, the routing of a verdict, what may flow where, sensitive topics, the queue's order.
//! Never here: input or output, clocks, state, or roles of people.

mod aims;
mod document;
pub mod flow;
pub mod likeness;
mod priority;
mod route;
mod sensitive;
mod topics;

pub use aims::aims_in;
pub use document::{
    Bands, InvalidPolicy, LowBandAction, MAX_TERM_CHARS, MAX_TERMS, Policy, SensitiveCategory,
    SensitiveRule,
};
pub use priority::review_priority;
pub use route::{Assessment, Route, route};
pub use sensitive::{SensitiveHit, detect, topics_in};
pub use topics::{raised, topic_findings};

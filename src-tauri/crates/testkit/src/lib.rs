//! For tests only: builders, a clock that stands still, ids that count, and the contract suites that every
//! implementation of a port must pass.
//!
//! Never here: anything that ships, or a mock of our own database.
#![expect(
    clippy::unwrap_used,
    reason = "a suite for tests: a panic there is the report"
)]

pub mod breakpoints;
pub mod build;
pub mod clock;
pub mod ids;
pub mod store_contract;

pub use build::{World, provenance, provenance_of};
pub use clock::ManualClock;
pub use ids::SequentialIds;

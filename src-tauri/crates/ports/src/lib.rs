//! What the runtime needs from the world, as traits named for the need.
//!
//! Here: traits, the values they carry, and one small error. Never here: an implementation that
//! touches a disk or a network. In-memory versions exist only for the ports that are not the store.

pub mod authorizing;
pub mod clock;
pub mod data_key;
pub mod error;
pub mod facts;
pub mod ids;
pub mod meaning;
pub mod memory;
pub mod model;
pub mod page;
pub mod persons;
pub mod questions;
pub mod registry;
pub mod resources;
pub mod spans;
pub mod stops;
pub mod store;
pub mod tools;

//! When an MCP server may be asked: not again too soon for one account, and not while it is left alone because it failed.
//!
//! Never here: asking it, starting it again, or repeating a call.

mod circuit;
mod cooldown;

pub use circuit::{Circuit, Leave};
pub use cooldown::{Account, Cooldowns, Pass};

//! OAuth 2.1 as the Model Context Protocol asks for it of a client (revisions 2025-11-25 and 2026-07-28): where a
//! server's authorization server is, who we are to it, the code with PKCE, the tokens and their renewal.
//!
//! The protocol's library has a feature for this, and its traffic could be sent through `net`. It is not used, for four
//! reasons: it writes authorization codes into the log, it reads the system's clock, it forgets a client's secret when
//! the process ends, and its failures are texts with answers of strangers in them where a person needs a code that says
//! what to do. What is left without those is small: five requests, each bounded, none of which follows a redirect.
//!
//! Never here: a browser, where secrets lie (`vault`), who may authorize (`authz`), what the protocol asks of
//! a server.
//!
//! | File | What it holds |
//! | --- | --- |
//! | `session` | one server's authorization: its token now, a refusal of it |
//! | `rounds` | its rounds: begun, ended, given up |
//! | `state` | what a session knows at a moment |
//! | `round` | a round: begun with an address for the browser, ended with what came back |
//! | `challenge` | what a server says with 401 and 403 |
//! | `discovery`, `metadata` | which authorization server, and what it can do |
//! | `client` | who we are to it: entered by a person, a document, registered by ourselves |
//! | `token` | tokens asked for and renewed |
//! | `hushed` | secrets taken out of what others say |
//! | `keeping` | what outlives the process, and the port to where it lies |
//! | `loopback` | where a browser comes back to |
//! | `scopes`, `address`, `encode`, `wire` | what all of them need |
//! | `codes` | what is said when something goes wrong |

mod address;
mod challenge;
mod client;
pub mod codes;
mod discovery;
mod encode;
mod hushed;
mod keeping;
mod loopback;
mod metadata;
mod round;
mod rounds;
mod scopes;
mod session;
mod state;
mod token;
mod wire;

#[cfg(test)]
mod tests;

pub use challenge::Challenge;
pub use client::{Identity, Registered};
pub use keeping::{InMemory, Keeping};
pub use loopback::{Arrival, Loopback};
pub use round::{ROUND_TIME, RoundId};
pub use rounds::Begun;
pub use session::{Session, SessionOptions};
pub use state::MAX_STEP_UPS;
pub use wire::{ANSWER_TIME, MAX_ANSWER_BYTES};

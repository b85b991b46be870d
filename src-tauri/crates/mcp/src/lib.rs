//! The MCP host: the one place that speaks the Model Context Protocol as a client.
//!
//! Servers run in process or as child processes; their tools make up one catalogue; a call is
//! validated, bounded, and kept on its side of the line between reading and acting. Revision
//! 2026-07-28 is spoken first, `initialize` (2025-11-25 and older) where a server knows nothing
//! newer.
//!
//! Never here: a server (those live in `servers` and in other people's programs), a decision
//! whether an action may happen (`policy`, `engine`), or a retry of something that acts.
//!
//! | File | What it holds |
//! | --- | --- |
//! | `spec` | what the registry says about a server: transport, classes, limits |
//! | `terms` | the operator's word on a server's tools: their classes and their pins |
//! | `placing` | servers that come, change and go while the host runs |
//! | `host` | options → service → handle; the handle is `ports::tools::ToolHost` |
//! | `standing` | how a server stands, and what it offers |
//! | `slot` | one server of the registry: connected on demand, restarted after a death |
//! | `opening` | a server started or reached, and agreed with |
//! | `admission` | whether a server may be asked this now, and still |
//! | `authorizing` | a person's authorization of a server at an address: begun, ended, forgotten |
//! | `blotting` | secrets that a server was handed, taken out of what it says |
//! | `call` | what may go out at all, its arguments, what goes along |
//! | `calling` | a call sent and gone on with, and what came of it |
//! | `reading` | a resource read |
//! | `following` | resources that are followed: told of changes, or asked every so often |
//! | `prompts` | a listed prompt, its gaps filled in |
//! | `questions` | what servers ask in the middle of a call, for a person to answer |
//! | `sharing` | servers that offer the same: who takes a call, who stands in |
//! | `tries` | one call with its tries and the leave that it needs |
//! | `clock` | the time of a call, which stands still while a person is asked |
//! | `connection` | one live connection: era, catalogue, requests |
//! | `exchange` | a request that gets no good answer |
//! | `wire` | bytes: bounded lines, and the mark that a request has begun to leave |
//! | `http` | servers at an address: bounded events, the operator's headers, what went wrong |
//! | `child` | a child process, its group, its last words |
//! | `catalogue`, `schema` | tools, their digests, their compiled schemas |
//! | `reply` | what came back, as the port's types |
//! | `cooldown`, `counts` | the shortest time between two acts; how many calls there were |
//! | `fitting` | which tools a worker may be offered for a task |
//! | `nearest` | which known name was meant |
//! | `noting` | the wire, with an eye on the calls that are under way |

mod admission;
mod authorizing;
mod blotting;
mod call;
mod calling;
mod catalogue;
mod child;
mod clock;
mod connection;
mod counts;
mod exchange;
mod fitting;
mod following;
mod host;
mod http;
mod listener;
mod nearest;
mod noting;
mod opening;
mod placing;
mod progress;
mod prompts;
mod questions;
mod reading;
mod reply;
mod schema;
mod sharing;
mod shelf;
mod slot;
pub mod spec;
mod standing;
mod terms;
mod tries;
mod wire;

#[cfg(test)]
mod tests;

pub use catalogue::SCHEMA_TAG;
pub use chimera_codes as codes;
pub use counts::CallCounts;

pub use http::may_be_set;

pub use host::{HostOptions, McpHost, McpService, start};
pub use questions::QUESTION_WAIT;
pub use spec::{
    CHILD_ENV_ALLOW, ChildProcess, ContentTrust, CooldownRule, InProcess, RemoteServer, ServerSpec,
    Supplied, Supply, ToolRule, Transport, Visibility,
};
pub use terms::{Pins, Terms};

//! Recordings of runs, and the same run from its recording.
//!
//! A recording is text, a JSON value a line: every decision of the engine with all that it was given (board, command,
//! time, ids, author, policy) and what came of it; every answer of a model; every result of a tool. Playing it decides
//! everything again and compares: the same boards and events must come of it. Nobody is asked, nothing is called and
//! nothing is stored. Never here: a network, a store, or a rule.

mod fold;
mod line;
mod listening;
mod play;
mod recorder;

pub use line::{Decision, FORMAT, Given, Line, Outcome, Subject};
pub use listening::{ListeningModel, ListeningTools};
pub use play::{Difference, Played, Unreadable, play};
pub use recorder::{MAX_RECORDING_BYTES, Recorder};

//! Boards: what the engine looks at, read for everybody who waits for one at the same time.
//!
//! `rows` is the statement and what its rows become, `reader` the thread that runs it. Never here: writing.

mod reader;
mod rows;

pub(crate) use reader::BoardReader;

//! One file per command: its arguments, and which parts it calls in which
//! order. What the parts do is not decided here.

pub(crate) mod bench;
pub(crate) mod bindings;
pub(crate) mod check;
pub(crate) mod coverage;
pub(crate) mod layers;
pub(crate) mod run;
pub(crate) mod secrets;
pub(crate) mod servers;
pub(crate) mod test;
pub(crate) mod tidy;

use std::process::ExitCode;

/// The exit code of a check.
fn verdict(passed: bool) -> ExitCode {
    if passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

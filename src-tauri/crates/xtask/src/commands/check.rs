//! `cargo xtask check`: the quick inner loop. It leaves the window and the
//! console out where the machine cannot build them, and runs all steps even
//! after a failure. What takes longer belongs to `test`.

use std::process::ExitCode;

use anyhow::Result;

use crate::commands::verdict;
use crate::house::House;
use crate::install::{self, Consent, Purpose};
use crate::{bindings, hooks, shell, stages};

type Step = (&'static str, fn(&House) -> Result<bool>);

const STEPS: [Step; 8] = [
    ("fmt", stages::fmt),
    ("tidy", stages::tidy),
    ("layers", stages::layers),
    ("secrets", stages::secrets),
    ("clippy", stages::clippy),
    ("unit tests", |house| {
        Ok(stages::unit_tests(house)?.failed == 0)
    }),
    ("bindings", |house| {
        if bindings::exist(house) {
            bindings::check(house)
        } else {
            Ok(true)
        }
    }),
    ("ui", stages::check_console),
];

/// Runs all steps and names those that failed.
pub(crate) fn run() -> Result<ExitCode> {
    let mut house = House::find()?;
    hooks::switch_on(&house)?;
    install::prepare(
        &mut house,
        &[Purpose::Compile, Purpose::Test],
        Consent::from_flag(false),
    )?;
    let mut failed = Vec::new();
    for (name, step) in STEPS {
        let passed = step(&house).unwrap_or_else(|error| {
            shell::say(&format!("{name} broke off: {error:#}"));
            false
        });
        if !passed {
            failed.push(name);
        }
    }
    if failed.is_empty() {
        println!("check: everything passed");
    } else {
        println!("check: failed in {}", failed.join(", "));
    }
    Ok(verdict(failed.is_empty()))
}

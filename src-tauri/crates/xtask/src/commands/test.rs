//! `cargo xtask test`: gets the machine ready and runs the stages. The stages
//! themselves are in `stages`.

use std::process::ExitCode;

use anyhow::Result;
use clap::builder::PossibleValuesParser;

use crate::commands::verdict;
use crate::house::House;
use crate::install::{self, Consent, Purpose};
use crate::stages::{self, Manner, STAGES, Stage};
use crate::{hooks, machine};

/// Arguments of `test`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Install what is missing without asking.
    #[arg(long, short)]
    yes: bool,
    /// Run only this stage; may be given several times.
    #[arg(long, value_parser = PossibleValuesParser::new(STAGES.map(|stage| stage.name)))]
    stage: Vec<String>,
    /// Run every Rust test, whatever failed before it (a build machine always does).
    #[arg(long)]
    no_fail_fast: bool,
}

/// Runs the chosen stages; the last line is `N passed, N failed`.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let mut house = House::find()?;
    hooks::switch_on(&house)?;
    let mut chosen = Vec::new();
    for stage in &STAGES {
        let is_wanted = args.stage.is_empty() || args.stage.iter().any(|name| name == stage.name);
        if is_wanted && (stage.applies)(&house)? {
            chosen.push(stage);
        }
    }
    let purposes = purposes(&house, &chosen)?;
    install::prepare(&mut house, &purposes, Consent::from_flag(args.yes))?;
    let manner = Manner {
        every_test: args.no_fail_fast || machine::in_ci(),
    };
    let reports: Vec<_> = chosen
        .into_iter()
        .map(|stage| stages::run(stage, &house, manner))
        .collect();
    let total = stages::sum(&reports);
    println!("\n{}\n", stages::table(&reports));
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(verdict(total.failed == 0))
}

/// What the chosen stages need together; who compiles needs the window's
/// libraries as well, once there is a window.
fn purposes(house: &House, chosen: &[&Stage]) -> Result<Vec<Purpose>> {
    let mut purposes: Vec<Purpose> = Vec::new();
    for purpose in chosen.iter().flat_map(|stage| stage.purposes) {
        let is_moot = *purpose == Purpose::Console && !house.has_ui();
        if !is_moot && !purposes.contains(purpose) {
            purposes.push(*purpose);
        }
    }
    if purposes.contains(&Purpose::Compile) && house.has_window()? {
        purposes.push(Purpose::Window);
    }
    Ok(purposes)
}

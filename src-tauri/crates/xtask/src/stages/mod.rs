//! The stages of the tests: their order, what each needs, how they are timed
//! and added up. What a stage does is in its own file.

mod conformance;
mod console;
mod doctests;
mod house_rules;
mod journeys;
mod rust;
mod simulations;
mod window;

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::bindings;
use crate::house::House;
use crate::install::Purpose;
use crate::shell;
use crate::summary::Tally;

pub(crate) use crate::stages::console::check as check_console;
pub(crate) use crate::stages::house_rules::{layers, secrets, tidy};
pub(crate) use crate::stages::rust::{build, clippy, fmt, unit_tests, workspace};

/// How the person wants the tests run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// Run every test, whatever failed before it.
    pub(crate) every_test: bool,
}

/// One stage.
pub(crate) struct Stage {
    /// Name, as `--stage` takes it.
    pub(crate) name: &'static str,
    /// What the machine must have for it.
    pub(crate) purposes: &'static [Purpose],
    /// Whether there is anything for it to do in this checkout.
    pub(crate) applies: fn(&House) -> Result<bool>,
    run: fn(&House, Manner) -> Result<Tally>,
}

fn always(_: &House) -> Result<bool> {
    Ok(true)
}

/// All stages, in their order: the quick ones first, and the console before
/// everything that would compile it into the window.
pub(crate) const STAGES: [Stage; 11] = [
    Stage {
        name: "fmt",
        purposes: &[],
        applies: always,
        run: |house, _| rust::fmt(house).map(Tally::of),
    },
    Stage {
        name: "house",
        purposes: &[],
        applies: always,
        run: |house, _| house_rules::all(house),
    },
    Stage {
        name: "ui",
        purposes: &[Purpose::Console],
        applies: |house| Ok(house.has_ui()),
        run: |house, _| console::all(house),
    },
    Stage {
        name: "clippy",
        purposes: &[Purpose::Compile],
        applies: always,
        run: |house, _| rust::clippy(house).map(Tally::of),
    },
    Stage {
        name: "deny",
        purposes: &[Purpose::Deny],
        applies: always,
        run: |house, _| rust::deny(house).map(Tally::of),
    },
    Stage {
        name: "nextest",
        purposes: &[
            Purpose::Compile,
            Purpose::Test,
            Purpose::Console,
            Purpose::Servers,
        ],
        applies: always,
        run: rust::all_tests,
    },
    Stage {
        name: "doctests",
        purposes: &[Purpose::Compile],
        applies: doctests::exist,
        run: |house, _| doctests::run(house),
    },
    Stage {
        name: "bindings",
        purposes: &[Purpose::Compile, Purpose::Console],
        applies: |house| Ok(bindings::exist(house)),
        run: |house, _| bindings::check(house).map(Tally::of),
    },
    Stage {
        name: "conformance",
        purposes: &[Purpose::Compile, Purpose::Console],
        applies: |house| Ok(conformance::exist(house)),
        run: |house, _| conformance::run(house),
    },
    Stage {
        name: "journeys",
        purposes: &[Purpose::Compile, Purpose::Console, Purpose::Journeys],
        applies: |house| Ok(journeys::exist(house)),
        run: |house, _| journeys::run(house),
    },
    Stage {
        name: "window",
        purposes: &[Purpose::Compile, Purpose::Console, Purpose::Smoke],
        applies: window::exist,
        run: |house, _| window::run(house),
    },
];

/// What came of one stage.
pub(crate) struct Report {
    name: &'static str,
    tally: Tally,
    took: Duration,
}

/// Runs one stage; whatever breaks in it counts as a failure of that stage.
pub(crate) fn run(stage: &Stage, house: &House, manner: Manner) -> Report {
    println!("\n━━ {} ━━", stage.name);
    let start = Instant::now();
    let tally = (stage.run)(house, manner).unwrap_or_else(|error| {
        shell::say(&format!("{} broke off: {error:#}", stage.name));
        Tally::of(false)
    });
    Report {
        name: stage.name,
        tally,
        took: start.elapsed(),
    }
}

/// Sum over all stages.
pub(crate) fn sum(reports: &[Report]) -> Tally {
    let mut total = Tally::default();
    for report in reports {
        total += report.tally;
    }
    total
}

/// The table of stages with their counts and times.
pub(crate) fn table(reports: &[Report]) -> String {
    let mut lines = vec![format!(
        "{:<11} {:>8} {:>8} {:>10}",
        "stage", "passed", "failed", "seconds"
    )];
    lines.extend(reports.iter().map(|report| {
        let Tally { passed, failed } = report.tally;
        format!(
            "{:<11} {passed:>8} {failed:>8} {:>10.1}",
            report.name,
            report.took.as_secs_f64()
        )
    }));
    let all: Duration = reports.iter().map(|report| report.took).sum();
    let Tally { passed, failed } = sum(reports);
    lines.push(format!(
        "{:<11} {passed:>8} {failed:>8} {:>10.1}",
        "all",
        all.as_secs_f64()
    ));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_adds_up() {
        let report = |name, passed, failed, seconds| Report {
            name,
            tally: Tally { passed, failed },
            took: Duration::from_millis(seconds),
        };
        let reports = [
            report("fmt", 1, 0, 1_500),
            report("nextest", 120, 2, 61_250),
        ];
        assert_eq!(
            sum(&reports),
            Tally {
                passed: 121,
                failed: 2
            }
        );
        let expected = "\
stage         passed   failed    seconds
fmt                1        0        1.5
nextest          120        2       61.2
all              121        2       62.8";
        assert_eq!(table(&reports), expected);
    }

    #[test]
    fn stages_have_names_of_their_own() {
        let mut names = STAGES.map(|stage| stage.name).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STAGES.len());
    }
}

//! What the test runners say about themselves, turned into one count. Each
//! runner's words are read in one function; starting the runners is `stages`.

use std::ops::AddAssign;

use anyhow::{Context, Result};
use serde::Deserialize;

/// Tests that passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed.
    pub(crate) failed: u64,
}

impl Tally {
    /// One check, which passed or failed.
    pub(crate) fn of(passed: bool) -> Self {
        Self {
            passed: u64::from(passed),
            failed: u64::from(!passed),
        }
    }

    /// The tally of a runner that may have died: an unsuccessful end without a
    /// failed test counts as one failure, so that a crash is never a success.
    pub(crate) fn of_runner(counted: Self, succeeded: bool) -> Self {
        if succeeded || counted.failed > 0 {
            counted
        } else {
            Self {
                failed: 1,
                ..counted
            }
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Reads nextest's closing line: `Summary [ 1.2s] 5 tests run: 4 passed (1
/// slow), 1 failed, 2 skipped`. Lost and timed-out tests count as failed.
pub(crate) fn nextest(line: &str) -> Option<Tally> {
    let (head, counts) = line.trim().strip_prefix("Summary [")?.split_once("run:")?;
    head.contains(']').then(|| words(counts))
}

/// Reads libtest's closing line: `test result: ok. 3 passed; 0 failed; …`.
pub(crate) fn libtest(line: &str) -> Option<Tally> {
    line.trim().strip_prefix("test result:").map(words)
}

/// Reads the house's own closing line, `N passed, N failed`, alone on a line.
pub(crate) fn closing(line: &str) -> Option<Tally> {
    let (passed, failed) = line.trim().split_once(", ")?;
    let number = |text: &str, word: &str| text.strip_suffix(word)?.trim_end().parse().ok();
    Some(Tally {
        passed: number(passed, "passed")?,
        failed: number(failed, "failed")?,
    })
}

/// Reads Vitest's JSON report.
pub(crate) fn vitest(report: &str) -> Result<Tally> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Report {
        num_passed_tests: u64,
        num_failed_tests: u64,
        #[serde(default)]
        num_failed_test_suites: u64,
        success: bool,
    }
    let report: Report = serde_json::from_str(report).context("reading the report of Vitest")?;
    let counted = Tally {
        passed: report.num_passed_tests,
        failed: report.num_failed_tests,
    };
    // A suite that does not even load has no failed test of its own.
    Ok(Tally::of_runner(
        counted,
        report.success && report.num_failed_test_suites == 0,
    ))
}

/// Sums `N passed`, `N failed` and `N timed out` in a list of counts.
fn words(counts: &str) -> Tally {
    let mut tally = Tally::default();
    let pieces: Vec<&str> = counts
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    for pair in pieces.windows(2) {
        let Ok(count) = pair[0].parse::<u64>() else {
            continue;
        };
        match pair[1] {
            "passed" => tally.passed += count,
            "failed" | "timed" => tally.failed += count,
            _ => {}
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64) -> Option<Tally> {
        Some(Tally { passed, failed })
    }

    #[test]
    fn nextest_closes_in_many_ways() {
        assert_eq!(
            nextest("     Summary [   0.016s] 3 tests run: 3 passed, 0 skipped"),
            tally(3, 0)
        );
        assert_eq!(
            nextest("Summary [ 12.5s] 10 tests run: 7 passed (2 slow), 3 failed, 1 skipped"),
            tally(7, 3)
        );
        assert_eq!(
            nextest(
                "Summary [ 12.5s] 4/9 tests run: 2 passed (1 flaky), 1 failed, 1 timed out, 0 skipped"
            ),
            tally(2, 2)
        );
        assert_eq!(
            nextest("Summary [ 0.0s] 1 test run: 1 passed, 0 skipped"),
            tally(1, 0)
        );
        assert_eq!(
            nextest("PASS [ 0.0s] a summary of tests run: 4 passed"),
            None
        );
    }

    #[test]
    fn libtest_and_the_house_close_in_one_way() {
        assert_eq!(
            libtest("test result: FAILED. 3 passed; 2 failed; 1 ignored; 0 measured"),
            tally(3, 2)
        );
        assert_eq!(libtest("running 3 tests"), None);
        assert_eq!(closing("12 passed, 0 failed"), tally(12, 0));
        assert_eq!(closing("about 12 passed, 0 failed"), None);
        assert_eq!(closing("12 passed"), None);
    }

    #[test]
    fn vitest_counts_tests_and_suites_that_did_not_load() {
        let report = |failed: u64, suites: u64, success: bool| {
            format!(
                r#"{{"numPassedTests":5,"numFailedTests":{failed},"numFailedTestSuites":{suites},"success":{success}}}"#
            )
        };
        assert_eq!(vitest(&report(0, 0, true)).ok(), tally(5, 0));
        assert_eq!(vitest(&report(2, 1, false)).ok(), tally(5, 2));
        assert_eq!(vitest(&report(0, 1, false)).ok(), tally(5, 1));
        assert!(vitest("{}").is_err());
    }

    #[test]
    fn a_crash_is_never_a_success() {
        assert_eq!(
            Tally::of_runner(Tally::default(), false),
            Tally {
                passed: 0,
                failed: 1
            }
        );
        assert_eq!(
            Tally::of_runner(
                Tally {
                    passed: 3,
                    failed: 0
                },
                false
            ),
            Tally {
                passed: 3,
                failed: 1
            }
        );
        assert_eq!(
            Tally::of_runner(
                Tally {
                    passed: 3,
                    failed: 2
                },
                false
            ),
            Tally {
                passed: 3,
                failed: 2
            }
        );
    }
}

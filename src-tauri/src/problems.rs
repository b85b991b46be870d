//! What broke in the page, carried to the log: a blank screen leaves a trace.
//!
//! Never here: problems of the backend; it logs its own.

use std::sync::atomic::{AtomicU32, Ordering};

use serde::Deserialize;

/// Most characters of a text that are logged.
const MAX_TEXT_CHARS: usize = 4_096;
/// Most problems that one run of the window logs; a page that fails in a loop fails alike.
const MAX_PROBLEMS: u32 = 200;

/// One problem, as the page tells it.
#[derive(Debug, Deserialize)]
pub(crate) struct Problem {
    message: String,
    stack: String,
}

/// Counts what was logged.
#[derive(Debug, Default)]
pub(crate) struct Problems(AtomicU32);

impl Problems {
    /// Logs it, unless there were too many; says whether it did.
    pub(crate) fn log(&self, problem: &Problem) -> bool {
        let logged = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| {
                (count < MAX_PROBLEMS).then_some(count + 1)
            });
        let Ok(before) = logged else { return false };
        let cut = |text: &str| text.chars().take(MAX_TEXT_CHARS).collect::<String>();
        // Written escaped: a text cannot pretend to be another line of the log.
        tracing::error!(message = ?cut(&problem.message), stack = ?cut(&problem.stack), "the page failed");
        if before + 1 == MAX_PROBLEMS {
            tracing::error!("the page failed {MAX_PROBLEMS} times; no more of it is logged");
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_fails_in_a_loop_does_not_fill_the_log() {
        let problems = Problems::default();
        let problem = Problem {
            message: "x".repeat(10_000),
            stack: String::new(),
        };
        let logged = (0..MAX_PROBLEMS + 50)
            .filter(|_| problems.log(&problem))
            .count();
        assert_eq!(logged, MAX_PROBLEMS as usize);
    }
}

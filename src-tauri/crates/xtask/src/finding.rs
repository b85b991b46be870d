//! What a check has to say: where, what, why it matters, how to mend it. The
//! checks themselves are in `tidy`, `layers`, `secrets` and `bindings`.

use std::fmt;

/// Whether a finding stops the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// Said, but the check still passes.
    Warning,
    /// The check fails.
    Error,
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// Path below the root, with forward slashes.
    pub(crate) file: String,
    /// Line, from 1; `None` when the whole file or folder is meant.
    pub(crate) line: Option<usize>,
    /// What is there.
    pub(crate) what: String,
    /// Why the house does not want it.
    pub(crate) why: &'static str,
    /// What to do about it.
    pub(crate) fix: String,
    /// Whether it stops the change.
    pub(crate) weight: Weight,
}

impl Finding {
    /// A finding that fails the check.
    pub(crate) fn error(
        file: impl Into<String>,
        line: impl Into<Option<usize>>,
        what: impl Into<String>,
        why: &'static str,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            file: file.into(),
            line: line.into(),
            what: what.into(),
            why,
            fix: fix.into(),
            weight: Weight::Error,
        }
    }

    /// The same finding, only said.
    pub(crate) fn into_warning(mut self) -> Self {
        self.weight = Weight::Warning;
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.weight {
            Weight::Warning => "warning",
            Weight::Error => "error",
        };
        write!(out, "{word}: {}", self.file)?;
        if let Some(line) = self.line {
            write!(out, ":{line}")?;
        }
        write!(
            out,
            ": {}\n    why: {}\n    fix: {}",
            self.what, self.why, self.fix
        )
    }
}

/// Prints the findings of `check`, worst last, and says whether it passed.
pub(crate) fn report(check: &str, mut findings: Vec<Finding>) -> bool {
    findings.sort_by(|a, b| (a.weight, &a.file, a.line).cmp(&(b.weight, &b.file, b.line)));
    for finding in &findings {
        println!("{finding}");
    }
    let errors = findings
        .iter()
        .filter(|finding| finding.weight == Weight::Error)
        .count();
    let warnings = findings.len() - errors;
    let verdict = if errors == 0 { "ok" } else { "failed" };
    println!("{check}: {verdict} ({errors} errors, {warnings} warnings)");
    errors == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_says_where_what_why_and_how() {
        let finding = Finding::error("a/b.rs", 7, "a thing", "it hurts", "stop it");
        assert_eq!(
            finding.to_string(),
            "error: a/b.rs:7: a thing\n    why: it hurts\n    fix: stop it"
        );
    }

    #[test]
    fn only_errors_fail_a_check() {
        let finding = Finding::error("a", None, "b", "c", "d");
        assert!(report("x", vec![finding.clone().into_warning()]));
        assert!(!report("x", vec![finding]));
        assert!(report("x", Vec::new()));
    }
}

//! What is wrong with a file, where, and what to write instead.
//!
//! Never here: the checks themselves.

use serde::Serialize;

/// Most diagnostics that one reading returns; the rest would not be read.
pub const MAX_DIAGNOSTICS: usize = 50;

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file is taken; this may not be what its writer meant.
    Warning,
    /// The file is not taken.
    Error,
}

/// One finding.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Diagnostic {
    /// Line in the file, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// How bad it is.
    pub severity: Severity,
    /// Stable code, SCREAMING_SNAKE.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub fix: String,
}

impl std::fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let word = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(
            f,
            "{}:{}: {word} {}: {} ({})",
            self.line, self.column, self.code, self.message, self.fix
        )
    }
}

/// A file that was taken, and what its writer may want to know all the same.
#[derive(Clone, PartialEq, Debug)]
pub struct Parsed<T> {
    /// What the file says.
    pub value: T,
    /// Findings that did not stand in the way.
    pub warnings: Vec<Diagnostic>,
}

/// A place in a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct At {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl At {
    pub(crate) const START: Self = Self { line: 1, column: 1 };

    pub(crate) const fn line(line: u32) -> Self {
        Self { line, column: 1 }
    }
}

/// Findings as they are made.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Diagnostic>);

impl Findings {
    pub(crate) fn error(
        &mut self,
        at: At,
        code: &'static str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.push(at, Severity::Error, code, message.into(), fix.into());
    }

    pub(crate) fn warn(
        &mut self,
        at: At,
        code: &'static str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.push(at, Severity::Warning, code, message.into(), fix.into());
    }

    fn push(
        &mut self,
        at: At,
        severity: Severity,
        code: &'static str,
        message: String,
        fix: String,
    ) {
        self.0.push(Diagnostic {
            line: at.line,
            column: at.column,
            severity,
            code,
            message,
            fix,
        });
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.0.iter().any(|d| d.severity == Severity::Error)
    }

    /// In the order of the file, errors first where a line has both, at most [`MAX_DIAGNOSTICS`].
    pub(crate) fn into_list(mut self) -> Vec<Diagnostic> {
        if self.0.len() > MAX_DIAGNOSTICS {
            // What stands in the way must survive the cut.
            self.0.sort_by_key(|d| std::cmp::Reverse(d.severity));
            self.0.truncate(MAX_DIAGNOSTICS);
        }
        self.0
            .sort_by_key(|d| (d.line, std::cmp::Reverse(d.severity), d.column));
        self.0
    }

    /// The value when nothing stands in the way.
    pub(crate) fn close<T>(self, value: Option<T>) -> Result<Parsed<T>, Vec<Diagnostic>> {
        let failed = self.has_errors();
        let list = self.into_list();
        match value {
            Some(value) if !failed => Ok(Parsed {
                value,
                warnings: list,
            }),
            _ => Err(list),
        }
    }
}

/// `text` short enough for a message, on one line.
pub(crate) fn quote(text: &str) -> String {
    const MAX_QUOTED_CHARS: usize = 60;
    let mut short: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = short.char_indices().nth(MAX_QUOTED_CHARS) {
        short.truncate(cut);
        short.push('…');
    }
    format!("'{short}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_survive_a_flood_of_warnings_and_come_in_file_order() {
        let mut findings = Findings::default();
        for line in 1..=200 {
            findings.warn(At::line(line), "W", "w", "f");
        }
        findings.error(At::line(199), "E", "e", "f");
        findings.error(At::line(3), "E", "e", "f");
        assert!(findings.has_errors());
        let list = findings.into_list();
        assert_eq!(list.len(), MAX_DIAGNOSTICS);
        assert_eq!(list.iter().filter(|d| d.code == "E").count(), 2);
        assert!(list.is_sorted_by_key(|d| d.line));
    }

    #[test]
    fn a_diagnostic_reads_as_one_line() {
        let found = Diagnostic {
            line: 3,
            column: 7,
            severity: Severity::Error,
            code: "EMPTY_LIST",
            message: "'directives' is empty".into(),
            fix: "write at least one line".into(),
        };
        assert_eq!(
            found.to_string(),
            "3:7: error EMPTY_LIST: 'directives' is empty (write at least one line)"
        );
        assert_eq!(quote(&"x\n y ".repeat(40)).chars().count(), 63);
    }
}

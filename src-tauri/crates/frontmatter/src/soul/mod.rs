//! SOUL.md: what it must say, read strictly (COG-01, COG-02, COG-05), proposed, edited, compared.
//!
//! Never here: where the file lies or when it is read again (COG-03 is the runtime's).

mod diff;
mod disclosure;
mod edit;
mod field;
mod lint;
mod read;
mod render;
mod scaffold;

use chimera_domain::persona::Persona;

pub use diff::{FieldChange, diff};
pub use edit::{EditRefused, FieldValue, with_field};
pub use field::Field;
pub use render::render;
pub use scaffold::scaffold;

use crate::{
    diagnostic::{Diagnostic, Findings, Parsed},
    hidden,
    split::split,
    yaml,
};

/// Reads a SOUL.md.
///
/// # Errors
/// Everything that is wrong with the file, in its order, when anything is an error. Nothing was taken.
pub fn parse(text: &str) -> Result<Parsed<Persona>, Vec<Diagnostic>> {
    let parts = split(text).map_err(|found| vec![found])?;
    let mut findings = Findings::default();
    hidden::check(text, &mut findings);
    if findings.has_errors() {
        return findings.close(None);
    }
    let Some(front) = parts.front else {
        no_front_matter(parts.body, &mut findings);
        return findings.close(None);
    };
    let Some(entries) = yaml::read(front, &mut findings) else {
        return findings.close(None);
    };
    let soul = read::soul(&entries, &parts, &mut findings);
    lint::check(&soul, &mut findings);
    findings.close(soul.into_persona())
}

/// Everything there is to say about a SOUL.md, for its editor: errors and warnings together.
#[must_use]
pub fn lint(text: &str) -> Vec<Diagnostic> {
    match parse(text) {
        Ok(parsed) => parsed.warnings,
        Err(list) => list,
    }
}

fn no_front_matter(body: &str, findings: &mut Findings) {
    let (message, fix) = if body.trim().is_empty() {
        (
            "the file is empty",
            "start from the proposal: it has the four keys that every persona needs",
        )
    } else {
        (
            "the file has no front matter; Markdown alone does not say which lines are hard rules",
            "put a block between two --- lines at the top with name, id, voice_traits and directives; the proposal does it for you and keeps your text as the backstory",
        )
    };
    findings.error(
        crate::diagnostic::At::START,
        "NO_FRONT_MATTER",
        message,
        fix,
    );
}

#[cfg(test)]
mod tests;

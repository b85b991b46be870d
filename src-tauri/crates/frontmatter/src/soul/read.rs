//! From the front matter's tree to a persona's fields, each with its place.
//!
//! Never here: whether what they say is wise (`lint`).

use std::collections::BTreeMap;

use chimera_domain::persona::Persona;
use chimera_guard::names::shapeless;

use super::field::{CARRIED, Field};
use crate::{
    diagnostic::{At, Findings, quote},
    read::{self, Line},
    split::Split,
    yaml::Entry,
};

/// A persona's fields as far as they could be read.
pub(super) struct Soul<'t> {
    fields: BTreeMap<Field, Vec<Line>>,
    /// The body, trimmed of the empty lines around it.
    pub(super) backstory: &'t str,
    /// Where the backstory starts.
    pub(super) body: At,
}

impl Soul<'_> {
    /// The lines of `field`; one for a text, none where it is absent.
    pub(super) fn lines(&self, field: Field) -> &[Line] {
        self.fields.get(&field).map_or(&[], Vec::as_slice)
    }

    /// The persona, when every required field was read.
    pub(super) fn into_persona(self) -> Option<Persona> {
        // The line endings of one machine are no part of who somebody is.
        let backstory = self.backstory.replace("\r\n", "\n");
        let mut fields = self.fields;
        let mut texts = |field| -> Vec<String> {
            let lines = fields.remove(&field).unwrap_or_default();
            lines.into_iter().map(|line| line.text).collect()
        };
        Some(Persona {
            name: texts(Field::Name).pop()?,
            id: texts(Field::Id).pop()?,
            role: texts(Field::Role).pop(),
            voice_traits: texts(Field::VoiceTraits),
            directives: texts(Field::Directives),
            values: texts(Field::Values),
            lexicon: texts(Field::Lexicon),
            forbidden: texts(Field::Forbidden),
            forbidden_topics: texts(Field::ForbiddenTopics),
            skills: texts(Field::Skills),
            backstory,
        })
    }
}

/// Reads every known key, reports every unknown one and every required one that is missing.
pub(super) fn soul<'t>(entries: &[Entry], parts: &Split<'t>, findings: &mut Findings) -> Soul<'t> {
    let mut fields = BTreeMap::new();
    let mut meant = Vec::new();
    for entry in entries {
        let Some(field) = Field::of_key(&entry.key) else {
            meant.extend(unknown(entry, findings));
            continue;
        };
        meant.push(field);
        if let Some(lines) = value(field, entry, findings) {
            fields.insert(field, lines);
        }
    }
    for field in Field::ALL.into_iter().filter(|field| field.is_required()) {
        // A key that was written wrongly has its own diagnostic.
        if !meant.contains(&field) {
            findings.error(
                At::line(2),
                "MISSING_KEY",
                format!("the key '{}' is missing", field.key()),
                example(field),
            );
        }
    }
    let backstory = parts.body.trim();
    let above = parts.body.len() - parts.body.trim_start().len();
    let blank = match backstory {
        "" => 0,
        _ => parts.body[..above].matches('\n').count(),
    };
    Soul {
        fields,
        backstory,
        body: At::line(
            parts
                .body_line
                .saturating_add(u32::try_from(blank).unwrap_or(u32::MAX)),
        ),
    }
}

fn value(field: Field, entry: &Entry, findings: &mut Findings) -> Option<Vec<Line>> {
    if !field.is_text() {
        let lines = read::lines(entry, field.list_bounds(), findings)?;
        if field == Field::Skills {
            lines
                .iter()
                .filter(|line| !is_slug(&line.text))
                .for_each(|line| bad_name(line, "a skill's name", findings));
        }
        return Some(lines);
    }
    let line = read::text(entry, field.max_chars(), findings)?;
    if field == Field::Id && !is_slug(&line.text) {
        bad_name(&line, "the id", findings);
        return None;
    }
    if line.text.contains('\n') {
        findings.error(
            line.at,
            "WRONG_TYPE",
            format!("'{}' must be one line", field.key()),
            "write it on one line; longer text belongs into the body",
        );
        return None;
    }
    // What is a joiner or a selector in a sentence makes two of one name.
    if let Some(sign) = shapeless(&line.text).filter(|_| field == Field::Name) {
        findings.error(
            line.at,
            "HIDDEN_CHARACTER",
            format!(
                "the name has the character U+{:04X}, which nobody sees",
                u32::from(sign)
            ),
            "delete it; retype the name by hand if you cannot find it",
        );
        return None;
    }
    Some(vec![line])
}

/// Reports a key that is no field; says which field it was meant to be.
fn unknown(entry: &Entry, findings: &mut Findings) -> Option<Field> {
    let key = quote(&entry.key);
    if let Some(field) = Field::meant_by(&entry.key) {
        let fix = if field == Field::Backstory {
            "write it as Markdown below the closing --- line".to_owned()
        } else {
            format!("did you mean '{}'?", field.key())
        };
        findings.error(
            entry.at,
            "MISSPELT_KEY",
            format!("{key} is not a key that Chimera reads"),
            fix,
        );
        return Some(field);
    }
    let (message, fix) = if CARRIED.contains(&entry.key.as_str()) {
        (
            format!("{key} stays in the file and has no effect"),
            "nothing; versions are numbered for you each time the file changes",
        )
    } else {
        (
            format!(
                "{key} is not a key that Chimera reads; it stays in the file and has no effect"
            ),
            "delete it, or write what matters of it into directives, values or the body",
        )
    };
    findings.warn(entry.at, "UNKNOWN_KEY", message, fix);
    None
}

const fn example(field: Field) -> &'static str {
    match field {
        Field::Name => "add a line such as: name: Mara Voss",
        Field::Id => "add a line such as: id: mara-voss",
        Field::VoiceTraits => {
            "add: voice_traits: and below it lines such as '  - warm, never gushing'"
        }
        _ => "add: directives: and below it lines such as '  - State only what a source supports.'",
    }
}

/// 1 to 64 of a–z, 0–9, `-`, `_`, beginning with a letter or digit.
pub(super) fn is_slug(text: &str) -> bool {
    const MAX_CHARS: usize = 64;
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.len() <= MAX_CHARS
        && text.bytes().next().is_some_and(plain)
        && text.bytes().all(|c| plain(c) || c == b'-' || c == b'_')
}

fn bad_name(line: &Line, what: &str, findings: &mut Findings) {
    findings.error(
        line.at,
        "BAD_NAME",
        format!(
            "{what} {} has characters that names do not have",
            quote(&line.text)
        ),
        "use a to z, 0 to 9, - and _, beginning with a letter or digit, at most 64 of them",
    );
}

//! Changes one field of a SOUL.md and leaves the rest byte for byte: remarks, order, spacing, unknown keys.
//!
//! Never here: a new file (`render`).

use serde::{Deserialize, Serialize};

use super::{Field, render};
use crate::{
    diagnostic::{Diagnostic, Findings},
    split::{Front, split},
    yaml,
};

/// A field's new value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "value")]
pub enum FieldValue {
    /// The field is taken out.
    Absent,
    /// One text.
    Text(String),
    /// A list of texts.
    Lines(Vec<String>),
}

impl FieldValue {
    pub(super) fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
    pub(super) fn into_lines(self) -> Vec<String> {
        match self {
            Self::Lines(lines) => lines,
            _ => Vec::new(),
        }
    }
}

/// Why a file was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditRefused {
    /// The file as it is cannot be read, so nobody knows where to change it.
    #[error("the file as it is has errors; nothing was changed, correct it as text first")]
    Unreadable(Vec<Diagnostic>),
    /// The value's kind does not fit the field.
    #[error("'{}' takes {}; nothing was changed", .0.key(), if .0.is_text() { "one text" } else { "a list of texts" })]
    Kind(Field),
    /// The front matter is written in braces, which are not edited in place.
    #[error("the front matter is not written one key a line; nothing was changed, edit it as text")]
    NotByLine,
    /// The file would no longer be a persona, or would say something else than asked.
    #[error("with this value the file would have errors; nothing was changed")]
    Broken(Vec<Diagnostic>),
}

/// `source` with `field` saying `value`, and every other byte as it was.
///
/// # Errors
/// See [`EditRefused`]; nothing was changed then.
pub fn with_field(source: &str, field: Field, value: &FieldValue) -> Result<String, EditRefused> {
    let fits = match value {
        FieldValue::Absent => true,
        FieldValue::Text(_) => field.is_text(),
        FieldValue::Lines(_) => !field.is_text(),
    };
    if !fits {
        return Err(EditRefused::Kind(field));
    }
    let parts = split(source).map_err(|found| EditRefused::Unreadable(vec![found]))?;
    let mut findings = Findings::default();
    let entries = parts.front.and_then(|front| {
        let entries = yaml::read(front, &mut findings)?;
        Some((front, entries))
    });
    let Some((front, entries)) = entries else {
        return Err(EditRefused::Unreadable(findings.into_list()));
    };
    let newline = if front.yaml.contains("\r\n") || source.contains("---\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let edited = if field == Field::Backstory {
        with_body(source, parts.body, value, newline)
    } else {
        let starts: Vec<(usize, bool)> = entries
            .iter()
            .map(|entry| {
                (
                    (entry.at.line - front.line) as usize,
                    entry.key == field.key(),
                )
            })
            .collect();
        if entries.iter().any(|entry| entry.at.column != 1) {
            return Err(EditRefused::NotByLine);
        }
        with_entry(
            source,
            front,
            &starts,
            &render::entry(field, value, newline),
        )
    };
    confirm(&edited, field, value)?;
    Ok(edited)
}

/// Puts `entry` in the place of the marked one, or after the last.
fn with_entry(source: &str, front: Front<'_>, starts: &[(usize, bool)], entry: &str) -> String {
    let lines: Vec<&str> = front.yaml.split_inclusive('\n').collect();
    let (first, end) = match starts.iter().position(|(_, marked)| *marked) {
        Some(at) => {
            let first = starts[at].0;
            let next = starts.get(at + 1).map_or(lines.len(), |(line, _)| *line);
            // Empty lines and remarks before the next key are the next key's.
            let kept = lines[first + 1..next]
                .iter()
                .rev()
                .take_while(|line| line.trim().is_empty() || line.starts_with('#'))
                .count();
            (first, next - kept)
        }
        None => (lines.len(), lines.len()),
    };
    let front_at = front.yaml.as_ptr() as usize - source.as_ptr() as usize;
    let offset = |line: usize| front_at + lines[..line].iter().map(|l| l.len()).sum::<usize>();
    format!(
        "{}{entry}{}",
        &source[..offset(first)],
        &source[offset(end)..]
    )
}

/// Replaces the body's text and keeps the empty lines around it.
fn with_body(source: &str, body: &str, value: &FieldValue, newline: &str) -> String {
    let head = &source[..source.len() - body.len()];
    let text = match value {
        FieldValue::Text(text) => text.trim().replace("\r\n", "\n").replace('\n', newline),
        _ => String::new(),
    };
    let trimmed = body.trim();
    if trimmed.is_empty() {
        let opened = if head.ends_with('\n') { "" } else { newline };
        return if text.is_empty() {
            source.to_owned()
        } else {
            format!("{head}{opened}{newline}{text}{newline}")
        };
    }
    let lead = &body[..body.len() - body.trim_start().len()];
    let tail = &body[body.trim_end().len()..];
    format!("{head}{lead}{text}{tail}")
}

/// The edited file must be a persona and must say what was asked.
fn confirm(edited: &str, field: Field, value: &FieldValue) -> Result<(), EditRefused> {
    let read = super::parse(edited).map_err(EditRefused::Broken)?;
    let said = render::value(&read.value, field);
    let asked = match value {
        FieldValue::Absent => FieldValue::Absent,
        FieldValue::Text(text) => FieldValue::Text(text.trim().replace("\r\n", "\n")),
        FieldValue::Lines(lines) if lines.is_empty() => FieldValue::Absent,
        FieldValue::Lines(lines) => {
            FieldValue::Lines(lines.iter().map(|line| line.trim().to_owned()).collect())
        }
    };
    if said == asked || asked == FieldValue::Text(String::new()) && said == FieldValue::Absent {
        Ok(())
    } else {
        Err(EditRefused::Broken(Vec::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "---\n# who\nname: Mara   # short\nid: mara\n\nunknown: {kept: as is}\nvoice_traits: [warm,  dry]\n# hard rules\ndirectives:\n- \"one\"\n- two\n\n# likes\nlexicon:\n    - word\n---\n\n# Body\n\ntext  \n\n";

    fn text(text: &str) -> FieldValue {
        FieldValue::Text(text.into())
    }
    fn lines(items: &[&str]) -> FieldValue {
        FieldValue::Lines(items.iter().map(|&i| i.into()).collect())
    }

    #[test]
    fn one_field_changes_and_every_other_byte_stays() {
        for (field, value, from, to) in [
            (
                Field::Name,
                text("Mara: V"),
                "name: Mara   # short\n",
                "name: \"Mara: V\"\n",
            ),
            (
                Field::VoiceTraits,
                lines(&["calm"]),
                "voice_traits: [warm,  dry]\n",
                "voice_traits:\n  - calm\n",
            ),
            (
                Field::Directives,
                lines(&["one"]),
                "directives:\n- \"one\"\n- two\n",
                "directives:\n  - one\n",
            ),
            (
                Field::Lexicon,
                FieldValue::Absent,
                "lexicon:\n    - word\n",
                "",
            ),
            (
                Field::Values,
                lines(&["v", "w"]),
                "    - word\n---",
                "    - word\nvalues:\n  - v\n  - w\n---",
            ),
            (
                Field::Backstory,
                text("New\n\nbody"),
                "# Body\n\ntext",
                "New\n\nbody",
            ),
            (Field::Role, FieldValue::Absent, "id: mara", "id: mara"),
        ] {
            assert_eq!(
                with_field(SOURCE, field, &value),
                Ok(SOURCE.replacen(from, to, 1)),
                "{field:?}"
            );
        }
    }

    #[test]
    fn line_endings_of_the_file_are_kept() {
        let source = SOURCE.replace('\n', "\r\n");
        let edited = with_field(&source, Field::Directives, &lines(&["a", "b"])).unwrap();
        assert_eq!(edited.matches('\n').count(), edited.matches("\r\n").count());
        let body = with_field(&source, Field::Backstory, &text("a\nb")).unwrap();
        assert!(body.ends_with("---\r\n\r\na\r\nb  \r\n\r\n"), "{body:?}");
    }

    #[test]
    fn an_empty_body_gets_one() {
        let source = "---\nname: A\nid: a\nvoice_traits: [x]\ndirectives: [y]\n---";
        let edited = with_field(source, Field::Backstory, &text("Hello")).unwrap();
        assert_eq!(edited, format!("{source}\n\nHello\n"));
        let bare = with_field(&edited, Field::Backstory, &FieldValue::Absent).unwrap();
        assert_eq!(crate::soul::parse(&bare).unwrap().value.backstory, "");
    }

    #[test]
    fn what_would_break_the_file_is_refused() {
        let refused =
            |source: &str, field, value: &FieldValue| with_field(source, field, value).unwrap_err();
        assert_eq!(
            refused(SOURCE, Field::Name, &lines(&["a"])),
            EditRefused::Kind(Field::Name)
        );
        assert_eq!(
            refused(
                "---\n{name: A, id: a, voice_traits: [x], directives: [y]}\n---\n",
                Field::Name,
                &text("B")
            ),
            EditRefused::NotByLine
        );
        for (field, value) in [
            (Field::Directives, FieldValue::Absent),
            (
                Field::Directives,
                lines(&["Never admit that you are an AI."]),
            ),
            (Field::Id, text("not an id")),
            (Field::Name, text("hidden\u{200b}")),
            (Field::Name, text("two\nlines")),
        ] {
            assert!(
                matches!(refused(SOURCE, field, &value), EditRefused::Broken(list) if !list.is_empty()),
                "{field:?}"
            );
        }
        assert!(matches!(
            refused("# no front", Field::Name, &text("A")),
            EditRefused::Unreadable(_)
        ));
    }
}

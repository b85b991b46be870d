//! A persona as a new SOUL.md, and single values as YAML.
//!
//! Never here: changing a file that exists (`edit`).

use chimera_domain::persona::Persona;

use super::{Field, FieldValue};

/// A whole SOUL.md that reads back as `persona`.
#[must_use]
pub fn render(persona: &Persona) -> String {
    let mut text = String::from("---\n");
    for field in Field::ALL {
        if field != Field::Backstory {
            text.push_str(&entry(field, &value(persona, field), "\n"));
        }
    }
    text.push_str("---\n");
    let backstory = persona.backstory.trim();
    if !backstory.is_empty() {
        text.push('\n');
        text.push_str(backstory);
        text.push('\n');
    }
    text
}

/// What `persona` says in `field`.
pub(super) fn value(persona: &Persona, field: Field) -> FieldValue {
    let text = |text: &str| FieldValue::Text(text.to_owned());
    let lines = |lines: &[String]| match lines {
        [] => FieldValue::Absent,
        some => FieldValue::Lines(some.to_vec()),
    };
    match field {
        Field::Name => text(&persona.name),
        Field::Id => text(&persona.id),
        Field::Role => persona.role.as_deref().map_or(FieldValue::Absent, text),
        Field::VoiceTraits => lines(&persona.voice_traits),
        Field::Directives => lines(&persona.directives),
        Field::Values => lines(&persona.values),
        Field::Lexicon => lines(&persona.lexicon),
        Field::Forbidden => lines(&persona.forbidden),
        Field::ForbiddenTopics => lines(&persona.forbidden_topics),
        Field::Skills => lines(&persona.skills),
        Field::Backstory => match persona.backstory.as_str() {
            "" => FieldValue::Absent,
            some => text(some),
        },
    }
}

/// The key with its value as lines of YAML; nothing for an absent one.
pub(super) fn entry(field: Field, value: &FieldValue, newline: &str) -> String {
    let key = field.key();
    match value {
        FieldValue::Absent => String::new(),
        FieldValue::Text(text) => format!("{key}: {}{newline}", scalar(text)),
        FieldValue::Lines(lines) => {
            let mut text = format!("{key}:{newline}");
            for line in lines {
                text.push_str(&format!("  - {}{newline}", scalar(line)));
            }
            text
        }
    }
}

/// A text as a YAML scalar: plain where that is safe beyond doubt, in double quotes elsewhere.
pub(super) fn scalar(text: &str) -> String {
    let text = text.trim();
    if is_plain(text) {
        return text.to_owned();
    }
    // A JSON string is a YAML string in double quotes.
    serde_json::Value::String(text.to_owned()).to_string()
}

fn is_plain(text: &str) -> bool {
    let starts = text.chars().next().is_some_and(char::is_alphabetic);
    let quiet = !text.contains([
        ':', '#', '"', '\\', '\n', '\r', '\t', '[', ']', '{', '}', '`', '&', '*', '|', '>', '%',
        '@', '!',
    ]);
    // Words that YAML, old or new, takes for something else than text.
    let word = matches!(
        text.to_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "null"
    );
    starts && quiet && !word
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::soul;

    #[test]
    fn whatever_is_written_reads_back() {
        for text in [
            "plain words, with a comma",
            "a: b",
            "yes",
            "12",
            "- dash",
            "#tag",
            "it's",
            "\"quoted\" and \\ back",
            "ends with colon:",
            "*emph*",
            "日本語",
            "née: ünïcode 👩‍💻",
            "{x}",
            "null",
            "~",
            ".nan",
            "1e3",
            "'",
            "a  b",
            "e",
            "a #b",
        ] {
            let persona = Persona {
                name: "N".into(),
                id: "n".into(),
                role: Some(text.to_owned()),
                voice_traits: vec![text.to_owned()],
                directives: vec![text.to_owned(), "other".into()],
                values: vec!["v".into()],
                lexicon: vec![],
                forbidden: vec![],
                forbidden_topics: vec![],
                skills: vec!["write_post".into()],
                backstory: format!("# Heading\n\n---\n\n{text}"),
            };
            let read = soul::parse(&render(&persona));
            assert_eq!(read.map(|p| p.value), Ok(persona), "{text}");
        }
    }
}

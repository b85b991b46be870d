//! What changed between two versions of a persona, by meaning and not by line.
//!
//! Never here: drawing it.

use chimera_domain::persona::Persona;
use serde::Serialize;

use super::{Field, render::value};
use crate::soul::FieldValue;

/// One field that says something else than before.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FieldChange {
    /// A text came, went or changed.
    Text {
        /// Which.
        field: Field,
        /// What it said; absent where it was not there.
        before: Option<String>,
        /// What it says; absent where it is gone.
        after: Option<String>,
    },
    /// Items came, went or moved.
    List {
        /// Which.
        field: Field,
        /// New items, in the order of the new version.
        added: Vec<String>,
        /// Items that are gone, in the order of the old version.
        removed: Vec<String>,
        /// Whether the items that both have stand in another order.
        reordered: bool,
    },
}

/// Every field in which `new` differs from `old`, in the order of [`Field::ALL`].
#[must_use]
pub fn diff(old: &Persona, new: &Persona) -> Vec<FieldChange> {
    Field::ALL
        .into_iter()
        .filter_map(|field| change(field, value(old, field), value(new, field)))
        .collect()
}

fn change(field: Field, before: FieldValue, after: FieldValue) -> Option<FieldChange> {
    if before == after {
        return None;
    }
    if field.is_text() {
        return Some(FieldChange::Text {
            field,
            before: before.into_text(),
            after: after.into_text(),
        });
    }
    let (before, after) = (before.into_lines(), after.into_lines());
    let added = without(&after, &before);
    let removed = without(&before, &after);
    let reordered = without(&before, &removed) != without(&after, &added);
    Some(FieldChange::List {
        field,
        added,
        removed,
        reordered,
    })
}

/// `items` less `others`, one for one, so that a doubled item counts twice.
fn without(items: &[String], others: &[String]) -> Vec<String> {
    let mut others: Vec<&String> = others.iter().collect();
    items
        .iter()
        .filter(|item| match others.iter().position(|other| other == item) {
            Some(at) => {
                others.swap_remove(at);
                false
            }
            None => true,
        })
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::soul;

    fn persona(text: &str) -> Persona {
        soul::parse(text).unwrap().value
    }

    #[test]
    fn only_meaning_counts() {
        let one =
            persona("---\nname: A\nid: a\nvoice_traits: [x, y]\ndirectives: [d]\n---\nBody\n");
        let two = persona(
            "---\nid: 'a'\nname: \"A\" # same\nvoice_traits:\n  - x\n  - y\ndirectives: [d]\n---\n\nBody\n\n",
        );
        assert_eq!(diff(&one, &two), []);
    }

    #[test]
    fn texts_and_lists_say_what_came_went_and_moved() {
        let old = persona(
            "---\nname: A\nid: a\nrole: x\nvoice_traits: [x, y, z]\ndirectives: [d, e]\n---\nBody\n",
        );
        let new = persona(
            "---\nname: B\nid: a\nvoice_traits: [y, x, w]\ndirectives: [d, e, e]\nvalues: [v]\n---\nBody\n",
        );
        let texts = |items: &[&str]| items.iter().map(|&i| i.to_owned()).collect::<Vec<_>>();
        assert_eq!(
            diff(&old, &new),
            [
                FieldChange::Text {
                    field: Field::Name,
                    before: Some("A".into()),
                    after: Some("B".into())
                },
                FieldChange::Text {
                    field: Field::Role,
                    before: Some("x".into()),
                    after: None
                },
                FieldChange::List {
                    field: Field::VoiceTraits,
                    added: texts(&["w"]),
                    removed: texts(&["z"]),
                    reordered: true
                },
                FieldChange::List {
                    field: Field::Directives,
                    added: texts(&["e"]),
                    removed: vec![],
                    reordered: false
                },
                FieldChange::List {
                    field: Field::Values,
                    added: texts(&["v"]),
                    removed: vec![],
                    reordered: false
                },
            ]
        );
    }
}

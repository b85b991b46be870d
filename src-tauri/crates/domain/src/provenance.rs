//! Where the words of an artifact came from: a label for everything that was in its maker's context, and which of them
//! reach which argument of the action that it prepares.
//!
//! Conservative, and by context: whatever was in the context may have shaped every word that a model wrote in it. What a
//! model did not write (a network that a person chose, an id that the host minted) has labels of its own. An argument that
//! nobody wrote labels for carries all of them. Never here: what follows from labels (`policy`), or finding them (`guard`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{action::OutwardAction, artifact::Origin};

/// Most labels of one artifact; what comes beyond is counted in the last one, which carries what they carried.
pub const MAX_LABELS: usize = 64;
/// Most characters of a label's name.
pub const MAX_LABEL_CHARS: usize = 120;
/// Most arguments whose labels are kept; what lies beyond carries all labels.
pub const MAX_ARGUMENTS: usize = 64;

/// By which way something came into a context.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// The campaign's goal and settings, in a person's words.
    Goal,
    /// SOUL.md.
    Persona,
    /// The words of the step, as its plan has them.
    Plan,
    /// What was said of earlier tries.
    Guidance,
    /// An item of a feed.
    Feed,
    /// What a tool returned.
    Tool,
    /// Something that the agent remembers.
    Memory,
    /// Something that was given to look up.
    Knowledge,
    /// An earlier post of the same agent.
    EarlierPost,
    /// A person's edit.
    Edit,
    /// Chimera itself: ids, labels, accounts.
    Host,
    /// More than could be kept apart.
    Others,
}

/// Why something is nobody's business outside, the weightiest reason first.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Private {
    /// It gives access to something.
    Secret,
    /// Money: a wallet, a budget.
    Money,
    /// Data about a person.
    Personal,
    /// What the agent remembers of people and dealings.
    Memory,
    /// Knowledge that was given to it.
    Knowledge,
}

impl Private {
    /// What it is, in words.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Secret => "a secret",
            Self::Money => "wallet or budget",
            Self::Personal => "personal data",
            Self::Memory => "something remembered",
            Self::Knowledge => "private knowledge",
        }
    }
}

/// Something that was in a context.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Whose words it is.
    pub origin: Origin,
    /// How it came in.
    pub via: Via,
    /// Its name for people. May be untrusted text.
    pub name: String,
    /// Whether somebody outside wrote it, or may have shaped it.
    pub untrusted: bool,
    /// Why it is private, when it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private: Option<Private>,
}

impl Label {
    /// What the operator, the persona or the host says: trusted, and nothing private.
    #[must_use]
    pub fn own(origin: Origin, via: Via, name: &str) -> Self {
        Self {
            origin,
            via,
            name: named(name),
            untrusted: false,
            private: None,
        }
    }

    /// What somebody outside wrote or may have shaped.
    #[must_use]
    pub fn foreign(origin: Origin, via: Via, name: &str) -> Self {
        Self {
            untrusted: true,
            ..Self::own(origin, via, name)
        }
    }

    /// The same, private.
    #[must_use]
    pub fn kept(self, private: Option<Private>) -> Self {
        Self { private, ..self }
    }
}

fn named(name: &str) -> String {
    name.chars().take(MAX_LABEL_CHARS).collect()
}

/// The labels of one argument of an action.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    /// A JSON pointer into the action's arguments, or `tool`, `account`.
    pub at: String,
    /// Places in [`Provenance::labels`].
    pub labels: Vec<u16>,
}

/// Where an artifact's words came from. Absent from what was made before labels were kept: then nothing is known, and
/// nothing of it leaves without a person.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// All that was in the context, and in the contexts of what it builds on.
    pub labels: Vec<Label>,
    /// Arguments with labels of their own; every other one carries all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<Argument>,
}

impl Provenance {
    /// Adds a label, once. Answers its place.
    pub fn add(&mut self, label: Label) -> u16 {
        if let Some(at) = self.labels.iter().position(|known| *known == label) {
            return place(at);
        }
        if self.labels.len() < MAX_LABELS {
            self.labels.push(label);
            return place(self.labels.len() - 1);
        }
        // Full: the last one speaks for all that cannot be told apart, and carries what any of them carries.
        if let Some(last) = self.labels.last_mut() {
            *last = Label {
                origin: if label.untrusted || last.untrusted {
                    Origin::Untrusted {
                        source: "more sources than are told apart".to_owned(),
                    }
                } else {
                    last.origin.clone()
                },
                via: Via::Others,
                name: "more sources than are told apart".to_owned(),
                untrusted: label.untrusted || last.untrusted,
                private: last.private.or(label.private),
            };
        }
        place(MAX_LABELS - 1)
    }

    /// Takes in what another one carries: what builds on it carries the same.
    pub fn absorb(&mut self, other: &Self) {
        for label in &other.labels {
            self.add(label.clone());
        }
    }

    /// Says that an argument carries these labels and no others.
    pub fn argue(&mut self, at: &str, labels: Vec<u16>) {
        self.arguments.retain(|argument| argument.at != at);
        if self.arguments.len() < MAX_ARGUMENTS {
            self.arguments.push(Argument {
                at: at.to_owned(),
                labels,
            });
        }
    }

    /// The labels of an argument: its own, or all where nobody wrote any for it, or none that can be found.
    #[must_use]
    pub fn of(&self, at: &str) -> Vec<&Label> {
        let argument = self.arguments.iter().find(|argument| argument.at == at);
        let own: Option<Vec<&Label>> = argument.and_then(|argument| {
            let places = argument.labels.iter();
            places
                .map(|place| self.labels.get(usize::from(*place)))
                .collect()
        });
        own.filter(|labels| !labels.is_empty())
            .unwrap_or_else(|| self.labels.iter().collect())
    }

    /// What somebody outside wrote or may have shaped.
    pub fn untrusted(&self) -> impl Iterator<Item = &Label> {
        self.labels.iter().filter(|label| label.untrusted)
    }

    /// What is private.
    pub fn private(&self) -> impl Iterator<Item = &Label> {
        self.labels.iter().filter(|label| label.private.is_some())
    }

    /// Whether anything of somebody outside was in the context.
    #[must_use]
    pub fn is_tainted(&self) -> bool {
        self.untrusted().next().is_some()
    }
}

/// Deepest nesting of arguments that is told apart; what lies deeper is one argument.
const MAX_DEPTH: usize = 16;

/// The places of everything that an action is made of: its tool, its account, and each single value of its arguments.
#[must_use]
pub fn places_of(action: &OutwardAction) -> Vec<String> {
    let mut places = vec!["tool".to_owned(), "account".to_owned()];
    leaves(&action.arguments, String::new(), 0, &mut places);
    places
}

fn leaves(value: &Value, at: String, depth: usize, places: &mut Vec<String>) {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Null => {}
        Value::Object(fields) if depth < MAX_DEPTH => {
            for (key, field) in fields {
                leaves(field, format!("{at}/{}", escaped(key)), depth + 1, places);
            }
        }
        Value::Array(items) if depth < MAX_DEPTH => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, format!("{at}/{index}"), depth + 1, places);
            }
        }
        _ => places.push(at),
    }
}

fn place(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(number: usize) -> Label {
        let source = format!("https://a.example/{number}");
        Label::foreign(
            Origin::Untrusted {
                source: source.clone(),
            },
            Via::Feed,
            &source,
        )
    }

    #[test]
    fn an_argument_that_nobody_wrote_labels_for_carries_all() {
        let mut provenance = Provenance::default();
        let goal = provenance.add(Label::own(Origin::Operator, Via::Goal, "the goal"));
        provenance.add(feed(1));
        provenance.argue("/platform", vec![goal]);
        let tainted = |at: &str| -> bool { provenance.of(at).iter().any(|label| label.untrusted) };
        assert!(!tainted("/platform"));
        assert!(tainted("/content/reply_to_id"));
    }

    #[test]
    fn more_than_can_be_kept_loses_neither_taint_nor_privacy() {
        let mut provenance = Provenance::default();
        for number in 0..MAX_LABELS {
            let label = Label::own(Origin::Operator, Via::Goal, &number.to_string());
            provenance.add(label);
        }
        assert!(!provenance.is_tainted());
        provenance.add(feed(1).kept(Some(Private::Knowledge)));
        provenance.add(Label::own(Origin::Persona, Via::Persona, "SOUL.md"));
        assert_eq!(provenance.labels.len(), MAX_LABELS);
        assert!(provenance.is_tainted());
        assert_eq!(provenance.private().count(), 1);
        assert_eq!(provenance.labels[MAX_LABELS - 1].via, Via::Others);
    }

    #[test]
    fn what_builds_on_a_thing_carries_what_it_carries_once() {
        let mut report = Provenance::default();
        report.add(feed(1));
        let mut draft = Provenance::default();
        draft.add(feed(2));
        draft.absorb(&report);
        draft.absorb(&report);
        assert_eq!(draft.labels, [feed(2), feed(1)]);
    }

    #[test]
    fn labels_that_cannot_be_found_make_an_argument_carry_all() {
        let mut provenance = Provenance::default();
        provenance.add(feed(1));
        for labels in [vec![7], Vec::new()] {
            provenance.argue("/x", labels);
            assert_eq!(provenance.of("/x"), [&feed(1)]);
        }
    }
}

//! What a registered server was before: the names and versions that it gave itself, and how it was run until it was run
//! otherwise.
//!
//! Never here: whether it may run, or asking it.

use serde::{Deserialize, Serialize};

use crate::{
    server::{Difference, Listing, Reach, ToolChange, Trust},
    time::{Span, Timestamp},
};

/// Most editions of a server that are kept; the oldest go.
const MAX_EDITIONS: usize = 20;
/// Most changed tools that an edition names.
const MAX_NAMED: usize = 50;
/// Longest name or version of a server, in characters; what is longer is cut.
const MAX_TOLD_CHARS: usize = 120;
/// How old the time of the last sight may grow before it is written anew.
const SIGHT_WORTH_WRITING: Span = Span::seconds(3_600);

/// What a server calls itself. Untrusted text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// Its name for itself.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Told {
    /// Cut to what is kept.
    #[must_use]
    pub fn of(name: &str, version: &str) -> Self {
        let cut = |text: &str| text.chars().take(MAX_TOLD_CHARS).collect();
        Self {
            name: cut(name),
            version: cut(version),
        }
    }
}

/// A name and a version under which a server was seen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// What it called itself.
    pub told: Told,
    /// When it was first seen so.
    pub first_seen: Timestamp,
    /// When it was last seen so, to the hour.
    pub last_seen: Timestamp,
    /// Tools that differed from the pinned ones when it was first seen so.
    pub changes: Vec<EditionChange>,
}

/// A tool that differed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditionChange {
    /// Its name. Untrusted text.
    pub tool: String,
    /// In what way.
    pub kind: EditionChangeKind,
}

/// In what way a tool differed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditionChangeKind {
    /// It was not there before.
    New,
    /// It was otherwise.
    Changed,
    /// It was gone.
    Gone,
}

/// How a server was run before it was run otherwise, with what a person trusted and saw of it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Former {
    /// How it was reached.
    pub reach: Reach,
    /// Who trusted that.
    pub trust: Option<Trust>,
    /// What it said of itself then.
    pub pins: Option<Listing>,
    /// Until when.
    pub until: Timestamp,
}

/// The editions of a server.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Editions {
    /// The only version whose tools may be called, when the operator wants one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<String>,
    /// Newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<Edition>,
    /// How it was run before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<Box<Former>>,
}

impl Editions {
    /// The newest one.
    #[must_use]
    pub fn newest(&self) -> Option<&Edition> {
        self.seen.last()
    }

    /// The same after a server was seen under this name and version; `None` when there is nothing worth writing.
    #[must_use]
    pub fn after(
        &self,
        told: &Told,
        difference: Option<&Difference>,
        now: Timestamp,
    ) -> Option<Self> {
        let mut after = self.clone();
        match after.seen.last_mut() {
            Some(newest) if newest.told == *told => {
                if now.since(newest.last_seen) < SIGHT_WORTH_WRITING {
                    return None;
                }
                newest.last_seen = now;
            }
            _ => {
                after.seen.push(Edition {
                    told: told.clone(),
                    first_seen: now,
                    last_seen: now,
                    changes: difference.map(changes).unwrap_or_default(),
                });
                let old = after.seen.len().saturating_sub(MAX_EDITIONS);
                after.seen.drain(..old);
            }
        }
        Some(after)
    }
}

fn changes(difference: &Difference) -> Vec<EditionChange> {
    let named = difference.tools.iter().map(|change| match change {
        ToolChange::New(form) => (form.name.clone(), EditionChangeKind::New),
        ToolChange::Changed { is, .. } => (is.name.clone(), EditionChangeKind::Changed),
        ToolChange::Gone(name) => (name.clone(), EditionChangeKind::Gone),
    });
    named
        .take(MAX_NAMED)
        .map(|(tool, kind)| EditionChange { tool, kind })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn an_edition_begins_with_another_version_and_lasts_until_the_next() {
        let first = Told::of("notes", "1.0.0");
        let one = Editions::default().after(&first, None, at(0)).unwrap();
        assert_eq!(one.after(&first, None, at(3_599)), None, "nothing new");
        let later = one.after(&first, None, at(3_600)).unwrap();
        assert_eq!(
            (
                later.seen.len(),
                later.seen[0].first_seen,
                later.seen[0].last_seen
            ),
            (1, at(0), at(3_600))
        );
        let gone = Difference {
            instructions: None,
            tools: vec![ToolChange::Gone("look".to_owned())],
        };
        let two = later
            .after(&Told::of("notes", "2.0.0"), Some(&gone), at(3_601))
            .unwrap();
        let expected = EditionChange {
            tool: "look".to_owned(),
            kind: EditionChangeKind::Gone,
        };
        assert_eq!(two.newest().unwrap().changes, [expected]);
        // Back again is an edition of its own: the order is what happened.
        let three = two.after(&first, None, at(3_602)).unwrap();
        let versions: Vec<_> = three.seen.iter().map(|one| &one.told.version).collect();
        assert_eq!(versions, ["1.0.0", "2.0.0", "1.0.0"]);
    }

    #[test]
    fn only_so_many_are_kept_and_no_name_is_endless() {
        let mut editions = Editions::default();
        for number in 0..50 {
            let told = Told::of("notes", &number.to_string());
            editions = editions.after(&told, None, at(number)).unwrap();
        }
        assert_eq!(editions.seen.len(), MAX_EDITIONS);
        assert_eq!(editions.newest().unwrap().told.version, "49");
        let long = Told::of(&"x".repeat(5_000), "");
        assert_eq!(long.name.chars().count(), MAX_TOLD_CHARS);
    }
}

//! What an agent remembers (COG-06…09), whose words it is, and what of it was recalled for one step.
//!
//! Never here: finding what matters (crate `memory`), or keeping it (`store`).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    artifact::Origin,
    id::{AgentId, MemoryId, TaskId, TenantId},
    text::{InvalidText, bounded},
    time::{Span, Timestamp},
};

/// Longest memory, in characters.
pub const MAX_MEMORY_CHARS: usize = 4_000;
/// Most tags of one memory.
pub const MAX_MEMORY_TAGS: usize = 16;
/// Longest tag, in characters.
pub const MAX_TAG_CHARS: usize = 60;
/// Longest word for where a memory came of, in characters.
pub const MAX_SOURCE_CHARS: usize = 300;
/// Highest importance.
pub const MAX_IMPORTANCE: u8 = 100;
/// How far back the episodic window reaches (COG-06).
pub const EPISODIC_WINDOW: Span = Span::seconds(60 * 60);
/// Relevant memories before each reasoning step (COG-07).
pub const RECALLED: u32 = 5;
/// Recent episodes before each reasoning step (COG-07).
pub const EPISODES: u32 = 10;

/// What kind of memory it is.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum MemoryKind {
    /// What the agent did, said or was told, at a time.
    Episodic,
    /// What it learned and holds to be so.
    Fact,
    /// What it was given to look things up in.
    Knowledge,
}

impl MemoryKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Episodic, Self::Fact, Self::Knowledge];

    /// Its word, as on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Episodic => "episodic",
            Self::Fact => "fact",
            Self::Knowledge => "knowledge",
        }
    }
}

/// Whose memories: one agent of one tenant. Nobody else's are ever looked at (COG-16).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Owner {
    /// The tenant.
    pub tenant: TenantId,
    /// Its agent.
    pub agent: AgentId,
}

/// Something that an agent remembers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Memory {
    /// Its id. The same id of another owner is another memory.
    pub id: MemoryId,
    /// Whose it is.
    pub owner: Owner,
    /// What kind.
    pub kind: MemoryKind,
    /// What is remembered.
    pub text: String,
    /// What it came of, in words: a post, a decision, a tool.
    pub source: String,
    /// The task that it came of, where it came of one.
    pub task: Option<TaskId>,
    /// Whose words it is: its taint.
    pub origin: Origin,
    /// What it is about.
    pub tags: Vec<String>,
    /// From 0, hardly worth keeping, to [`MAX_IMPORTANCE`].
    pub importance: u8,
    /// When it happened, or was learned.
    pub at: Timestamp,
}

impl Memory {
    /// Whether somebody outside may have written it: then it is data, never an instruction.
    #[must_use]
    pub const fn is_tainted(&self) -> bool {
        is_foreign(&self.origin)
    }

    /// The same within all bounds: nothing of it is cut silently.
    ///
    /// # Errors
    /// When its text is empty or too long, or its source, tags or importance are out of bounds.
    pub fn checked(mut self) -> Result<Self, InvalidMemory> {
        self.text = bounded("A memory", &self.text, 1, MAX_MEMORY_CHARS)?;
        self.source = bounded(
            "Where a memory comes from",
            &self.source,
            0,
            MAX_SOURCE_CHARS,
        )?;
        if self.tags.len() > MAX_MEMORY_TAGS {
            return Err(InvalidMemory::Tags(self.tags.len()));
        }
        for tag in &mut self.tags {
            *tag = bounded("A tag", tag, 1, MAX_TAG_CHARS)?;
        }
        if self.importance > MAX_IMPORTANCE {
            return Err(InvalidMemory::Importance(self.importance));
        }
        Ok(self)
    }
}

/// Why something cannot be remembered as it is. Nothing was kept.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum InvalidMemory {
    /// A text is out of its bounds.
    #[error(transparent)]
    Text(#[from] InvalidText),
    /// Too many tags.
    #[error("a memory has {0} tags; it may have {MAX_MEMORY_TAGS}")]
    Tags(usize),
    /// Too important.
    #[error("a memory has an importance of {0}; it may have 0 to {MAX_IMPORTANCE}")]
    Importance(u8),
}

/// How the source of a lesson begins that came of a person's decision about a draft: it is about the agent's own work, and
/// no memory of people or dealings.
pub const LESSON_SOURCES: [&str; 2] = ["a person's decision on a draft", "a rejected draft"];

/// Whether words of this origin may be a stranger's.
#[must_use]
pub const fn is_foreign(origin: &Origin) -> bool {
    matches!(origin, Origin::Untrusted { .. } | Origin::Tool { .. })
}

/// A memory as it was recalled for one reasoning step; kept with what was made, so that a judge and a person see the
/// same (COG-08).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recalled {
    /// Which memory.
    pub memory: MemoryId,
    /// What kind.
    pub kind: MemoryKind,
    /// What is remembered. May be a stranger's words: see `origin`.
    pub text: String,
    /// What it came of.
    pub source: String,
    /// Whose words it is: its taint.
    pub origin: Origin,
    /// When it happened, or was learned.
    pub at: Timestamp,
    /// How well it fits what was asked, 0 to 1,000; absent for what was recalled for being recent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u16>,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn memory() -> Memory {
        Memory {
            id: MemoryId::from_uuid(Uuid::from_u128(1)),
            owner: Owner {
                tenant: TenantId::from_uuid(Uuid::from_u128(2)),
                agent: AgentId::from_uuid(Uuid::from_u128(3)),
            },
            kind: MemoryKind::Fact,
            text: "Fog sells.".into(),
            source: "a decision".into(),
            task: None,
            origin: Origin::Operator,
            tags: vec!["fog".into()],
            importance: 50,
            at: Timestamp::from_seconds(1),
        }
    }

    #[test]
    fn what_is_out_of_bounds_is_refused_and_not_cut() {
        assert!(memory().checked().is_ok());
        let bad: [fn(&mut Memory); 5] = [
            |memory| memory.text = "  ".into(),
            |memory| memory.text = "a".repeat(MAX_MEMORY_CHARS + 1),
            |memory| memory.source = "a".repeat(MAX_SOURCE_CHARS + 1),
            |memory| memory.tags = vec!["t".into(); MAX_MEMORY_TAGS + 1],
            |memory| memory.importance = MAX_IMPORTANCE + 1,
        ];
        for spoil in bad {
            let mut spoiled = memory();
            spoil(&mut spoiled);
            assert!(spoiled.clone().checked().is_err(), "{spoiled:?}");
        }
    }

    #[test]
    fn words_from_outside_are_tainted_and_our_own_are_not() {
        let tainted = |origin| Memory { origin, ..memory() }.is_tainted();
        assert!(tainted(Origin::Untrusted { source: "x".into() }));
        assert!(tainted(Origin::Tool { tool: "a.b".into() }));
        for own in [
            Origin::Operator,
            Origin::Model,
            Origin::Memory,
            Origin::Persona,
        ] {
            assert!(!tainted(own));
        }
    }
}

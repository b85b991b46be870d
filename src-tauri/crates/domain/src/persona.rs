//! A persona as SOUL.md gives it (COG-01, COG-02, COG-05).
//!
//! Never here: reading the file (`frontmatter` does), or memories (SOUL.md never changes by itself).

use std::sync::Arc;

use chimera_canon::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    id::{AgentId, PersonaVersionId, TenantId},
    time::Timestamp,
};

/// What SOUL.md says: front matter and backstory, strictly typed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Persona {
    /// Name as readers see it.
    pub name: String,
    /// The persona's own id in the file, for example `mara-voss`.
    pub id: String,
    /// What it does in the world, for example "coffee columnist".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// How it speaks: one trait a line.
    pub voice_traits: Vec<String>,
    /// Hard rules it never breaks.
    pub directives: Vec<String>,
    /// What it believes in.
    #[serde(default)]
    pub values: Vec<String>,
    /// Words it likes to use.
    #[serde(default)]
    pub lexicon: Vec<String>,
    /// Words and phrases that may never appear; a hit fails the draft ("SOUL violation").
    #[serde(default)]
    pub forbidden: Vec<String>,
    /// Topics it does not touch.
    #[serde(default)]
    pub forbidden_topics: Vec<String>,
    /// Skills it may use; empty means all that policy allows.
    #[serde(default)]
    pub skills: Vec<String>,
    /// The Markdown body.
    pub backstory: String,
}

/// One stored version of an agent's SOUL.md.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PersonaVersion {
    /// Key of this version.
    pub id: PersonaVersionId,
    /// Owner of the row.
    pub tenant: TenantId,
    /// Whose persona it is.
    pub agent: AgentId,
    /// 1, 2, 3 … per agent.
    pub number: u32,
    /// The file exactly as written.
    pub source: String,
    /// The file as read. Every step of the persona lends it out.
    pub persona: Arc<Persona>,
    /// Digest of `source`.
    pub digest: Digest,
    /// When it was stored.
    pub created_at: Timestamp,
    /// Who stored it, in words for people.
    pub author: String,
}

/// Longest handle without its `@`, in characters.
const MAX_HANDLE_CHARS: usize = 30;

/// A persona's id as a handle: a–z, 0–9 and `_`, with a number from the second try on.
#[must_use]
pub fn handle(id: &str, number: u32) -> String {
    let plain: String = id
        .chars()
        .map(|sign| sign.to_ascii_lowercase())
        .map(|sign| match sign {
            'a'..='z' | '0'..='9' => sign,
            _ => '_',
        })
        .collect();
    let tail = if number > 1 {
        format!("_{number}")
    } else {
        String::new()
    };
    let head: String = plain.chars().take(MAX_HANDLE_CHARS - tail.len()).collect();
    match head.trim_matches('_') {
        "" => format!("persona{tail}"),
        head => format!("{head}{tail}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_handles_that_the_network_takes() {
        for (id, number, wanted) in [
            ("mara-voss", 1, "mara_voss"),
            ("Mara.Voss", 2, "mara_voss_2"),
            ("ä-ö", 3, "persona_3"),
            (&"a".repeat(40), 1, &"a".repeat(30)),
            (&"a".repeat(40), 9, &format!("{}_9", "a".repeat(28))),
        ] {
            assert_eq!(handle(id, number), wanted, "{id}");
        }
    }
}

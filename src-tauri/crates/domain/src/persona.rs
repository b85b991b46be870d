//! A persona as SOUL.md gives it (COG-01, COG-02, COG-05).
//!
//! Never here: reading the file (`frontmatter` does), or memories (SOUL.md never changes by itself).

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
    /// The file as read.
    pub persona: Persona,
    /// Digest of `source`.
    pub digest: Digest,
    /// When it was stored.
    pub created_at: Timestamp,
    /// Who stored it, in words for people.
    pub author: String,
}

//! Finds, parses, validates and runs skills (SKL-01…05): AgentSkills folders, the built-in skills,
//! MCP tools as skills, and the workflow runner.
//!
//! Never here: a model call, the Think–Act–Observe loop, a decision, or an outward tool call. A skill
//! that wants something done outside returns the prepared action as data; only the outbox performs it.

mod builtin;
mod bundle;
mod context;
mod fault;
pub mod figures;
mod folder;
mod mcp_skill;
pub mod memory;
mod native;
mod registry;
mod run;
mod sanitise;
mod schema;
pub mod starter;
#[cfg(test)]
mod testing;
pub mod workflow;

pub use builtin::{
    publish_content::{POST_TOOL, PreparedPost},
    trends::{SourceError, TrendsFound, TrendsMetadata},
};
pub use context::{DEFAULT_TOOL_TIMEOUT, SkillContext};
pub use folder::{MAX_SKILLS_PER_FOLDER, SkillFolder};
pub use mcp_skill::{McpSkill, NotReadable};
pub use native::NativeSkill;
pub use registry::{Provenance, Skill, SkillBody, SkillDiagnostic, SkillRegistry};

pub mod codes {
    //! Stable codes of what can go wrong with a skill.
    pub use crate::fault::codes::*;
}

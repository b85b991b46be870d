//! Skills that are code.
//!
//! Never here: any particular skill.

use async_trait::async_trait;
use chimera_domain::skill::{SkillManifest, SkillOutput};
use serde_json::Value;

use crate::context::SkillContext;

/// A skill that is code.
#[async_trait]
pub trait NativeSkill: Send + Sync {
    /// What it says of itself.
    fn manifest(&self) -> &SkillManifest;

    /// Does it. Never raises: a failure is an output. The input was checked against the manifest's
    /// schema before, the output is checked after; call it through `SkillRegistry::run_native`.
    async fn execute(&self, ctx: &SkillContext, input: Value) -> SkillOutput;
}

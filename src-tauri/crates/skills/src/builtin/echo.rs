//! `echo`: gives back what it was given. Shows that skills run at all (`doctor`, workflows, tests).
//!
//! Never here: anything else.

use std::sync::Arc;

use async_trait::async_trait;
use chimera_domain::skill::{SkillManifest, SkillOutput};
use serde_json::Value;

use crate::{context::SkillContext, native::NativeSkill};

struct Echo(SkillManifest);

pub(crate) fn make(manifest: SkillManifest) -> Arc<dyn NativeSkill> {
    Arc::new(Echo(manifest))
}

#[async_trait]
impl NativeSkill for Echo {
    fn manifest(&self) -> &SkillManifest {
        &self.0
    }
    async fn execute(&self, _: &SkillContext, input: Value) -> SkillOutput {
        SkillOutput::done(input)
    }
}

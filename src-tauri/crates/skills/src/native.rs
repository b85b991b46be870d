//! Skills that are code.
//!
//! Never here: any particular skill.

use async_trait::async_trait;
use chimera_domain::skill::{SkillManifest, SkillOutput};
use serde_json::{Value, json};

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

/// An output in S4's flat form: `success`, the fields of the data beside it, and `error`.
#[must_use]
pub fn s4_output(output: &SkillOutput) -> Value {
    let mut flat = json!({ "success": output.success });
    if let (Some(flat), Value::Object(data)) = (flat.as_object_mut(), &output.data) {
        flat.extend(data.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    flat["error"] = json!(output.error);
    flat
}

#[cfg(test)]
mod tests {
    use chimera_domain::fault::{Fault, FaultClass};

    use super::*;

    #[test]
    fn an_output_flattens_to_the_form_of_s4() {
        assert_eq!(
            s4_output(&SkillOutput::done(json!({"trends": []}))),
            json!({"success": true, "trends": [], "error": null})
        );
        let fault = Fault::new(FaultClass::Validation, "X", "why");
        assert_eq!(
            s4_output(&SkillOutput::failed(fault)),
            json!({"success": false, "error": "why"})
        );
    }
}

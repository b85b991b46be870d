//! One run of a native skill between its two contracts (SKL-02, SKL-05).
//!
//! Never here: retries, or a second try of anything.

use std::panic::AssertUnwindSafe;

use chimera_domain::{
    fault::{Fault, FaultClass},
    skill::SkillOutput,
};
use futures::FutureExt as _;
use serde_json::Value;

use crate::{
    context::SkillContext,
    fault::codes,
    registry::{Skill, SkillBody},
    sanitise::for_log,
};

/// Checks the input, runs, checks the output, writes one log line.
pub(crate) async fn native(skill: &Skill, ctx: &SkillContext, input: Value) -> SkillOutput {
    let began = ctx.clock.now();
    let logged = for_log(&input);
    let output = checked(skill, ctx, input).await;
    let micros = ctx.clock.now().since(began).micros();
    let name = skill.manifest().name.as_str();
    if output.success {
        tracing::info!(
            skill = name, tenant = %ctx.tenant, task = %ctx.task, micros,
            input = %logged, output = %for_log(&output.data), "skill done"
        );
    } else {
        tracing::warn!(
            skill = name, tenant = %ctx.tenant, task = %ctx.task, micros,
            input = %logged, error = ?output.error_detail, "skill failed"
        );
    }
    output
}

async fn checked(skill: &Skill, ctx: &SkillContext, input: Value) -> SkillOutput {
    let SkillBody::Native(code) = skill.body() else {
        return SkillOutput::failed(Fault::new(
            FaultClass::Validation,
            codes::SKILL_NEEDS_MODEL,
            format!(
                "the skill '{}' is instructions for a model and not code; nothing was done; run it in a loop",
                skill.manifest().name
            ),
        ));
    };
    if let Err(fault) = skill.validate_input(&input) {
        return SkillOutput::failed(fault);
    }
    // A skill's panic is its own: nothing that outlives this call is shared with it.
    let run = AssertUnwindSafe(code.execute(ctx, input)).catch_unwind();
    let Ok(output) = run.await else {
        return SkillOutput::failed(Fault::new(
            FaultClass::Unknown,
            codes::SKILL_PANICKED,
            format!(
                "the skill '{}' broke down; its result was thrown away; please report this with the log",
                skill.manifest().name
            ),
        ));
    };
    if output.success
        && let Err(fault) = skill.validate_output(&output.data)
    {
        return SkillOutput::failed(fault);
    }
    output
}

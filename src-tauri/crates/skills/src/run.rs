//! One run of a native skill between its two contracts (SKL-02, SKL-05).
//!
//! Never here: retries, or a second try of anything.

use std::panic::AssertUnwindSafe;

use chimera_domain::{
    fault::{Fault, FaultClass},
    skill::{ENVELOPE_FIELDS, SkillOutput},
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
    let outcome = between_contracts(skill, ctx, input).await;
    let micros = ctx.clock.now().since(began).micros();
    let name = skill.manifest().name.as_str();
    match outcome {
        Ok(data) => {
            tracing::info!(
                skill = name, tenant = %ctx.tenant, task = %ctx.task, micros,
                input = %logged, output = %for_log(&data), "skill done"
            );
            SkillOutput::done(data)
        }
        Err(fault) => {
            tracing::warn!(
                skill = name, tenant = %ctx.tenant, task = %ctx.task, micros,
                input = %logged, error = ?fault, "skill failed"
            );
            SkillOutput::failed(fault, ctx.clock.now())
        }
    }
}

async fn between_contracts(
    skill: &Skill,
    ctx: &SkillContext,
    input: Value,
) -> Result<Value, Fault> {
    let name = skill.manifest().name.as_str();
    let SkillBody::Native(code) = skill.body() else {
        return Err(Fault::new(
            FaultClass::Validation,
            codes::SKILL_NEEDS_MODEL,
            format!(
                "the skill '{name}' is instructions for a model and not code; nothing was done; run it in a loop"
            ),
        ));
    };
    skill.validate_input(&input)?;
    // A skill's panic is its own: nothing that outlives this call is shared with it.
    let run = AssertUnwindSafe(code.execute(ctx, input)).catch_unwind();
    let Ok(output) = run.await else {
        return Err(Fault::new(
            FaultClass::Unknown,
            codes::SKILL_PANICKED,
            format!(
                "the skill '{name}' broke down; its result was thrown away; please report this with the log"
            ),
        ));
    };
    let data = output.into_result()?;
    names_nothing_of_the_envelope(skill, &data)?;
    skill.validate_output(&data)?;
    Ok(data)
}

/// No result may be named like a field of the output that it stands in.
fn names_nothing_of_the_envelope(skill: &Skill, data: &Value) -> Result<(), Fault> {
    let taken = ENVELOPE_FIELDS
        .into_iter()
        .find(|field| data.get(field).is_some());
    let Some(taken) = taken else { return Ok(()) };
    Err(Fault::new(
        FaultClass::Unknown,
        codes::SKILL_OUTPUT_INVALID,
        format!(
            "the skill '{}' names a result '{taken}', which is a field of every skill's output; it was thrown away; give it another name",
            skill.manifest().name
        ),
    ))
}

//! Ordered steps over skills (SKL-04): what one step gives feeds the next, and the first failure halts.
//!
//! Never here: campaigns (the engine runs those), or releasing what a step prepared.

use async_trait::async_trait;
use chimera_domain::{
    fault::Fault,
    skill::{SideEffects, SkillManifest, SkillOutput},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{context::SkillContext, fault::invalid, registry::SkillRegistry};

/// Most steps of one workflow.
pub const MAX_STEPS: usize = 50;

/// One step.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The skill.
    pub skill_name: String,
    /// Its input, which outranks what the step before gave.
    #[serde(default)]
    pub input: Map<String, Value>,
}

/// How a step ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepStatus {
    /// With an output.
    Succeeded,
    /// With an error; nothing ran after it.
    Failed,
}

/// What is recorded of a step.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RunRecord {
    /// The skill.
    pub skill_name: String,
    /// How it ended.
    pub status: StepStatus,
    /// What it gave; null where it failed.
    pub output: Value,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Fault>,
    /// When it ended.
    pub completed_at: Timestamp,
}

/// What a workflow came to.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct WorkflowRun {
    /// Failed as soon as one step failed.
    pub status: StepStatus,
    /// One record per step that ran, in order.
    pub records: Vec<RunRecord>,
}

impl WorkflowRun {
    /// Whether every step gave an output.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.status == StepStatus::Succeeded
    }
}

/// Who runs a step. The registry runs native skills; the runtime also knows how to run loops.
#[async_trait]
pub trait StepRunner: Send + Sync {
    /// Runs one skill. Never raises.
    async fn run(&self, skill: &str, ctx: &SkillContext, input: Value) -> SkillOutput;
}

#[async_trait]
impl StepRunner for SkillRegistry {
    async fn run(&self, skill: &str, ctx: &SkillContext, input: Value) -> SkillOutput {
        self.run_native(skill, ctx, input).await
    }
}

/// Runs `steps` in order. All of them are looked at before the first one runs: an unknown skill, or one
/// that prepares an outward action anywhere but at the end, halts the workflow with nothing done.
pub async fn run(
    registry: &SkillRegistry,
    runner: &dyn StepRunner,
    ctx: &SkillContext,
    steps: &[Step],
) -> WorkflowRun {
    let mut records = Vec::with_capacity(steps.len());
    if let Err((step, fault)) = look_over(registry, steps) {
        records.push(record(
            step,
            SkillOutput::failed(fault, ctx.clock.now()),
            ctx,
        ));
        return closed(records);
    }
    let mut given = Map::new();
    for step in steps {
        let manifest = registry.get(&step.skill_name).map(|skill| skill.manifest());
        let input = Value::Object(input_of(manifest, given, step));
        let output = match registry.validate_input(&step.skill_name, &input) {
            Ok(()) => runner.run(&step.skill_name, ctx, input).await,
            Err(fault) => SkillOutput::failed(fault, ctx.clock.now()),
        };
        let goes_on = output.success;
        given = output.data.clone();
        records.push(record(&step.skill_name, output, ctx));
        if !goes_on {
            break;
        }
    }
    closed(records)
}

fn look_over<'s>(registry: &SkillRegistry, steps: &'s [Step]) -> Result<(), (&'s str, Fault)> {
    if steps.is_empty() || steps.len() > MAX_STEPS {
        let message = format!(
            "a workflow has 1 to {MAX_STEPS} steps; this one has {}; nothing was done",
            steps.len()
        );
        return Err(("", invalid(message)));
    }
    for (index, step) in steps.iter().enumerate() {
        let name = step.skill_name.as_str();
        let Some(skill) = registry.get(name) else {
            let fault = registry
                .validate_input(name, &Value::Null)
                .err()
                .unwrap_or_else(|| invalid(format!("there is no skill '{name}'")));
            return Err((name, fault));
        };
        let is_last = index + 1 == steps.len();
        if skill.manifest().side_effects == SideEffects::Intent && !is_last {
            return Err((
                name,
                invalid(format!(
                    "'{name}' prepares an outward action, which must be decided on before anything follows; nothing was done; make it the last step"
                )),
            ));
        }
    }
    Ok(())
}

/// The step's own input over those of the given fields that the skill declares.
fn input_of(
    manifest: Option<&SkillManifest>,
    given: Map<String, Value>,
    step: &Step,
) -> Map<String, Value> {
    let declared = manifest
        .and_then(|manifest| manifest.input_schema.get("properties"))
        .and_then(Value::as_object);
    let mut input: Map<String, Value> = given
        .into_iter()
        .filter(|(key, _)| declared.is_some_and(|fields| fields.contains_key(key)))
        .collect();
    input.extend(step.input.clone());
    input
}

fn record(skill: &str, output: SkillOutput, ctx: &SkillContext) -> RunRecord {
    let (status, output, error) = match output.into_result() {
        Ok(output) => (StepStatus::Succeeded, output, None),
        Err(fault) => (StepStatus::Failed, Value::Null, Some(fault)),
    };
    RunRecord {
        skill_name: skill.to_owned(),
        status,
        output,
        error,
        completed_at: ctx.clock.now(),
    }
}

fn closed(records: Vec<RunRecord>) -> WorkflowRun {
    let status = match records.last() {
        Some(last) => last.status,
        None => StepStatus::Failed,
    };
    WorkflowRun { status, records }
}

#[cfg(test)]
mod tests;

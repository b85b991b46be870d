//! Publishing prepared: the approved words become an outward action that nobody has performed yet.

use chimera_domain::{
    artifact::ArtifactType,
    fault::{Fault, FaultClass},
    post::DisclosureLevel,
    trace::TraceContext,
};
use chimera_guard::labels;
use chimera_skills::PreparedPost;
use serde_json::{Value, json};

use super::{
    account::account,
    observe::Observation,
    prepared::{Prepared, Spent},
};
use crate::runtime::Runtime;

pub(super) async fn publish(runtime: &Runtime, observed: &Observation) -> Result<Prepared, Fault> {
    let Some((caption, verdict)) = observed.input(ArtifactType::Caption) else {
        let message = "There is nothing to publish: no draft reached this step. Nothing was sent; connect a writing step to it.";
        return Err(Fault::new(
            FaultClass::Validation,
            "NOTHING_TO_PUBLISH",
            message,
        ));
    };
    let payload = &caption.payload;
    let hashtags: Vec<String> = payload
        .get("hashtags")
        .and_then(Value::as_array)
        .map(|tags| {
            tags.iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        })
        .unwrap_or_default();
    let words = Words {
        text: payload
            .get("text")
            .and_then(Value::as_str)
            .unwrap_or_default(),
        hashtags: &hashtags,
        source: payload
            .pointer("/based_on/0")
            .and_then(Value::as_str)
            .unwrap_or_default(),
        disclosure: DisclosureLevel::Automated,
    };
    let prepared = prepare_post(runtime, observed, words, observed.trace).await?;
    Ok(Prepared {
        kind: ArtifactType::PostIntent,
        platform: Some(prepared.content.platform),
        payload: serde_json::to_value(&prepared.content)
            .map_err(|error| unusable(&error.to_string()))?,
        action: Some(prepared.action),
        sources: caption.sources.clone(),
        recalled: caption.recalled.clone(),
        provenance: labels::of_post(caption, observed.inputs.iter().map(|(_, input, _)| input)),
        confidence: verdict.map_or(caption.confidence_score, |verdict| {
            verdict.worker_confidence
        }),
        spent: Spent {
            model: caption.generation_metadata.model.clone(),
            rehearsal: caption.generation_metadata.rehearsal,
            ..Spent::default()
        },
    })
}

/// The words of a post and how much of it is a machine's work.
pub(crate) struct Words<'a> {
    pub(crate) text: &'a str,
    pub(crate) hashtags: &'a [String],
    /// The item that inspired it.
    pub(crate) source: &'a str,
    pub(crate) disclosure: DisclosureLevel,
}

/// Prepares a post. Reads the tool catalogue and names the account; nothing outward is called.
pub(crate) async fn prepare_post(
    runtime: &Runtime,
    observed: &Observation,
    words: Words<'_>,
    trace: TraceContext,
) -> Result<PreparedPost, Fault> {
    let task = &observed.task;
    let Some(platform) = task.platform else {
        let message =
            "The step names no network to publish to. Nothing was sent; choose one in the plan.";
        return Err(Fault::new(
            FaultClass::Validation,
            "PLATFORM_MISSING",
            message,
        ));
    };
    let mut input = json!({
        "platform": platform,
        "text": words.text,
        "hashtags": words.hashtags,
        "disclosure_level": words.disclosure,
        "source": words.source,
    });
    if let (Some(input), Some(at)) = (input.as_object_mut(), task.publish_at) {
        input.insert("schedule_time".to_owned(), json!(at));
    }
    let mut context = runtime.skill_context(observed, trace);
    context.account = Some(account(runtime, observed, platform, trace).await?);
    let output = runtime
        .parts()
        .skills
        .run_native(&task.skill, &context, input)
        .await
        .into_result()?;
    serde_json::from_value(output).map_err(|error| unusable(&error.to_string()))
}

fn unusable(error: &str) -> Fault {
    Fault::new(
        FaultClass::Unknown,
        "SKILL_BAD_OUTPUT",
        format!("The skill's output cannot be read: {error}. Nothing was sent."),
    )
}

//! From what a worker prepared to an artifact with its digest.

use chimera_domain::{
    action::OutwardAction,
    artifact::{
        Artifact, ArtifactType, BOUND_TAG, GenerationMetadata, SourceRef, bound, generated_by,
    },
    confidence::Confidence,
    digest::Digest,
    fault::{Fault, FaultClass},
    id::{ArtifactId, AttemptId},
    memory::Recalled,
    money::Usd,
    platform::Platform,
    provenance::Provenance,
};
use serde_json::Value;

use super::observe::Observation;
use crate::runtime::Runtime;
use chimera_prompts::PROMPT_VERSION;

/// What the model calls of one piece of work took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// The model that answered last.
    pub model: String,
    /// Whether any of it came from the rehearsal model, which is not an AI.
    pub rehearsal: bool,
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// What it cost.
    pub cost: Usd,
    /// Whether no price is known for a model that was asked: the cost is then not known.
    pub unpriced: bool,
}

/// What a worker prepared.
pub(crate) struct Prepared {
    pub(crate) kind: ArtifactType,
    pub(crate) payload: Value,
    pub(crate) action: Option<OutwardAction>,
    pub(crate) platform: Option<Platform>,
    pub(crate) sources: Vec<SourceRef>,
    /// What its maker had in mind.
    pub(crate) recalled: Vec<Recalled>,
    /// Where its words came from.
    pub(crate) provenance: Provenance,
    pub(crate) confidence: Option<Confidence>,
    pub(crate) spent: Spent,
}

impl Prepared {
    pub(crate) fn into_artifact(
        self,
        runtime: &Runtime,
        observed: &Observation,
        attempt: AttemptId,
    ) -> Result<Artifact, Fault> {
        let digest = digest(self.kind, &self.payload, self.action.as_ref())?;
        Ok(Artifact {
            artifact_id: ArtifactId::from_uuid(runtime.parts().ids.uuid()),
            tenant_id: observed.task.tenant,
            campaign_id: observed.task.campaign,
            task_id: observed.task.id,
            agent_id: observed.task.agent,
            attempt_id: Some(attempt),
            edited_from: None,
            artifact_type: self.kind,
            payload: self.payload,
            action: self.action,
            platform: self.platform,
            sources: self.sources,
            recalled: self.recalled,
            provenance: Some(self.provenance),
            confidence_score: self.confidence,
            generation_metadata: GenerationMetadata {
                model: self.spent.model,
                prompt_version: PROMPT_VERSION.to_owned(),
                input_tokens: self.spent.input_tokens,
                output_tokens: self.spent.output_tokens,
                cost: self.spent.cost,
                unpriced: self.spent.unpriced,
                rehearsal: self.spent.rehearsal,
                generated_by: generated_by(self.spent.rehearsal).to_owned(),
            },
            state_snapshot_version: observed.campaign.state_version,
            digest,
            created_at: runtime.now(),
        })
    }
}

/// What a person is shown, and what a decision names.
pub(crate) fn digest(
    kind: ArtifactType,
    payload: &Value,
    action: Option<&OutwardAction>,
) -> Result<Digest, Fault> {
    Digest::of(BOUND_TAG, &bound(kind, payload, action)).map_err(|error| {
        Fault::new(
            FaultClass::Validation,
            "NOT_CANONICAL",
            format!("{error}. Nothing was stored or sent."),
        )
    })
}

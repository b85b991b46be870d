//! Turning a verdict into an item of the review queue.

use chimera_domain::{
    artifact::{Artifact, ArtifactType},
    id::{ReviewId, VersionId},
    review::{ContentPreview, Review, ReviewBand, ReviewState},
    task::{Task, TaskState},
    verdict::Verdict,
};
use chimera_policy::review_priority;
use serde_json::Value;

use crate::{given::Given, step::Step};

/// Opens a review of `artifact` and moves the task there.
pub(crate) fn open_review(
    step: &mut Step<'_>,
    given: &mut Given<'_>,
    artifact: &Artifact,
    verdict: &Verdict,
    band: ReviewBand,
    reasons: Vec<String>,
) {
    let review = build(&step.task, given, artifact, verdict, band, reasons);
    step.go(
        given,
        TaskState::Reviewing {
            review: review.review_id,
            artifact: artifact.artifact_id,
        },
    );
    step.save_review(given, review, None);
}

fn build(
    task: &Task,
    given: &mut Given<'_>,
    artifact: &Artifact,
    verdict: &Verdict,
    band: ReviewBand,
    reasons: Vec<String>,
) -> Review {
    let until_publish = task.publish_at.map(|at| at.since(given.now));
    // A post that is due before the review would expire waits no longer than its own time allows.
    let expires_at = given.now + given.policy.review_ttl();
    let expires_at = task
        .deadline
        .map_or(expires_at, |deadline| expires_at.min(deadline));
    Review {
        review_id: ReviewId::from_uuid(given.id()),
        tenant_id: task.tenant,
        campaign_id: task.campaign,
        task_id: task.id,
        agent_id: task.agent,
        artifact_id: artifact.artifact_id,
        content_preview: ContentPreview {
            kind: "text".to_owned(),
            text: shown_text(&artifact.payload),
        },
        platform: artifact.platform,
        confidence_score: verdict.confidence_score,
        worker_confidence: verdict.worker_confidence,
        judge_confidence: verdict.judge_confidence,
        risk_category: verdict.risk_category.clone(),
        band,
        reason_for_escalation: reasons,
        findings: verdict.findings.clone(),
        rehearsal: artifact.generation_metadata.rehearsal,
        tainted: artifact.is_tainted(),
        suggested_actions: suggested(artifact.artifact_type),
        shown: artifact.digest,
        priority: review_priority(
            verdict.risk_category.level,
            artifact.platform,
            until_publish,
        ),
        state: ReviewState::Open,
        claim: None,
        decided_by: None,
        decided_at: None,
        note: None,
        reject_reason: None,
        created_at: given.now,
        expires_at,
        version: VersionId::from_uuid(given.id()),
    }
}

/// What a person may do with it: only words can be edited.
fn suggested(of: ArtifactType) -> Vec<String> {
    let words: &[&str] = if of.is_text() {
        &["approve", "edit", "reject"]
    } else {
        &["approve", "reject"]
    };
    words.iter().map(ToString::to_string).collect()
}

/// The text that a person judges: a post's text, a caption's text, or a report's summary.
fn shown_text(payload: &Value) -> String {
    ["/content/text", "/text", "/summary"]
        .into_iter()
        .find_map(|pointer| payload.pointer(pointer).and_then(Value::as_str))
        .map_or_else(|| payload.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_not_offered_for_editing() {
        assert_eq!(suggested(ArtifactType::TrendReport), ["approve", "reject"]);
        assert_eq!(
            suggested(ArtifactType::Caption),
            ["approve", "edit", "reject"]
        );
    }
}

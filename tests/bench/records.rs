//! The records that a post needs on its way: a publishing task, its artifact with the prepared action, its
//! verdict. Built once; each round takes copies.

use chimera_domain::{
    action::{EffectClass, OutwardAction, ToolRef},
    artifact::{Artifact, ArtifactType},
    campaign::Campaign,
    confidence::Confidence,
    digest::Digest,
    id::AttemptId,
    platform::Platform,
    task::{Task, TaskKind},
    verdict::{RiskCategory, RiskLevel, Verdict},
};
use chimera_testkit::{World, provenance_of};
use serde_json::json;

/// A ready task that publishes.
pub(crate) fn task(world: &World, campaign: &Campaign) -> Task {
    Task {
        kind: TaskKind::PublishPost,
        skill: "publish_content".to_owned(),
        title: "Publish the post".to_owned(),
        ..world.task(campaign)
    }
}

/// What a worker hands in for `task`.
pub(crate) fn artifact(world: &World, task: &Task, attempt: Option<AttemptId>) -> Artifact {
    let text = "Three grinders for under forty euros, and what a slower burr changes in the cup.";
    let post = json!({
        "platform": "sandbox", "tenant_id": task.tenant, "agent_id": task.agent,
        "content": { "text": text },
        "disclosure": { "ai_generated": true, "disclosure_level": "automated" },
        "scheduling": { "mode": "immediate" },
        "tracking": { "campaign_id": task.campaign, "task_id": task.id },
    });
    let action = OutwardAction {
        tool: ToolRef {
            server: "sandbox".to_owned(),
            tool: "post_content".to_owned(),
        },
        effect: EffectClass::Outward,
        arguments: post.clone(),
        schema_hash: Digest::plain(b"schema"),
        platform: Platform::Sandbox,
        account: "mara".to_owned(),
    };
    Artifact {
        artifact_type: ArtifactType::PostIntent,
        provenance: Some(provenance_of(&action)),
        payload: post,
        action: Some(action),
        platform: Some(Platform::Sandbox),
        attempt_id: attempt,
        ..world.artifact(task)
    }
}

/// A verdict of this score, at low risk and with nothing found.
pub(crate) fn verdict(world: &World, artifact: &Artifact, percent: u16) -> Verdict {
    let score = Confidence::from_percent(percent);
    Verdict {
        judge_confidence: score,
        confidence_score: score,
        risk_category: RiskCategory {
            subject: None,
            level: RiskLevel::Low,
        },
        findings: Vec::new(),
        ..world.verdict(artifact)
    }
}

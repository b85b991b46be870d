//! Tasks and what is made in them.

use chimera_domain::{
    action::OutwardAction,
    artifact::{Artifact, ArtifactType, GenerationMetadata, Origin, SourceRef, generated_by},
    campaign::Campaign,
    change::Attempt,
    confidence::Confidence,
    digest::Digest,
    id::{ArtifactId, AttemptId, MemoryId, TaskId, VerdictId},
    memory::{MemoryKind, Recalled},
    money::Usd,
    platform::Platform,
    provenance::{Label, Provenance, Via, places_of},
    task::{Priority, Task, TaskKind, TaskState},
    time::Span,
    verdict::{Criterion, Finding, FindingWeight, RiskCategory, RiskLevel, TextSpan, Verdict},
};
use serde_json::json;

use super::World;

/// Labels of what was written from a goal and a stranger's words.
#[must_use]
pub fn provenance() -> Provenance {
    let mut provenance = Provenance::default();
    provenance.add(Label::own(Origin::Operator, Via::Goal, "the goal"));
    let source = "https://example.org/feed.xml".to_owned();
    let origin = Origin::Untrusted {
        source: source.clone(),
    };
    provenance.add(Label::foreign(origin, Via::Feed, &source));
    provenance
}

/// The same of a prepared post: its words carry all, what it is aimed at is the operator's.
#[must_use]
pub fn provenance_of(action: &OutwardAction) -> Provenance {
    let mut provenance = provenance();
    for at in places_of(action) {
        if at != "/content/text" {
            provenance.argue(&at, vec![0]);
        }
    }
    provenance
}

impl World {
    /// A task that is ready now.
    #[must_use]
    pub fn task(&self, campaign: &Campaign) -> Task {
        let id = TaskId::from_uuid(self.uuid());
        Task {
            id,
            tenant: campaign.tenant,
            campaign: campaign.id,
            agent: campaign.agent,
            step: format!("write-{}", id.as_uuid().as_u64_pair().0 >> 16),
            kind: TaskKind::GenerateCaption,
            skill: "write_post".to_owned(),
            title: "Write a post".to_owned(),
            instructions: "About the grinder.".to_owned(),
            plan_private: None,
            input: json!({"about": "grinder", "n": 1})
                .as_object()
                .unwrap()
                .clone(),
            platform: Some(Platform::Sandbox),
            priority: Priority::NORMAL,
            max_cost: Some(Usd::from_cents(5)),
            deadline: None,
            publish_at: None,
            state: TaskState::Ready {
                not_before: self.now(),
            },
            waiting_on: 0,
            attempts: 0,
            rejections: 0,
            guidance: Vec::new(),
            score: None,
            artifact: None,
            fault: None,
            trace: self.trace(),
            version: self.version(),
            created_at: self.now(),
            updated_at: self.now(),
        }
    }

    /// A task that waits for `count` others.
    #[must_use]
    pub fn blocked_task(&self, campaign: &Campaign, count: u32) -> Task {
        Task {
            state: TaskState::Blocked,
            waiting_on: count,
            ..self.task(campaign)
        }
    }

    /// The state of work under a lease of a minute, with its attempt.
    #[must_use]
    pub fn working(&self, campaign: &Campaign, task: &Task) -> (TaskState, Attempt) {
        let attempt = Attempt {
            id: AttemptId::from_uuid(self.uuid()),
            tenant: task.tenant,
            task: task.id,
            worker: "worker-1".to_owned(),
            started_at: self.now(),
            ended_at: None,
            outcome: "open".to_owned(),
            fault: None,
        };
        let state = TaskState::Working {
            attempt: attempt.id,
            worker: attempt.worker.clone(),
            state_version: campaign.state_version,
            lease_until: self.now() + Span::seconds(60),
        };
        (state, attempt)
    }

    /// A caption with a text that its lists and digests must keep to the byte.
    #[must_use]
    pub fn artifact(&self, task: &Task) -> Artifact {
        let payload = json!({"text": "Grind slower.\nÄ \u{0} \u{1F980}", "hashtags": ["coffee"]});
        Artifact {
            artifact_id: ArtifactId::from_uuid(self.uuid()),
            tenant_id: task.tenant,
            campaign_id: task.campaign,
            task_id: task.id,
            agent_id: task.agent,
            attempt_id: None,
            edited_from: None,
            artifact_type: ArtifactType::Caption,
            digest: Digest::of("chimera.test.v1", &payload).unwrap(),
            payload,
            action: None,
            platform: task.platform,
            sources: vec![SourceRef {
                origin: Origin::Untrusted {
                    source: "https://example.org/feed.xml".to_owned(),
                },
                title: "Grinders'; DROP TABLE tasks; --".to_owned(),
                url: None,
                excerpt: "quoted \"text\"".to_owned(),
                fetched_at: self.now(),
            }],
            recalled: vec![Recalled {
                memory: MemoryId::from_uuid(self.uuid()),
                kind: MemoryKind::Fact,
                text: "They \"like\" short posts.".to_owned(),
                source: "a decision".to_owned(),
                origin: Origin::Operator,
                at: self.now(),
                score: Some(700),
            }],
            provenance: Some(provenance()),
            confidence_score: Some(Confidence::from_basis_points(8_333)),
            generation_metadata: GenerationMetadata {
                model: "rehearsal-1".to_owned(),
                prompt_version: "1".to_owned(),
                input_tokens: 812,
                output_tokens: 64,
                cost: Usd::from_nanos(4_200_000),
                unpriced: false,
                rehearsal: true,
                generated_by: generated_by(true).to_owned(),
            },
            state_snapshot_version: 1,
            created_at: self.now(),
        }
    }

    /// A verdict on `artifact`.
    #[must_use]
    pub fn verdict(&self, artifact: &Artifact) -> Verdict {
        Verdict {
            verdict_id: VerdictId::from_uuid(self.uuid()),
            tenant_id: artifact.tenant_id,
            task_id: artifact.task_id,
            artifact_id: artifact.artifact_id,
            worker_confidence: artifact.confidence_score,
            judge_confidence: Confidence::from_basis_points(7_001),
            confidence_score: Confidence::from_basis_points(7_001),
            risk_category: RiskCategory {
                subject: Some("brand_safety".to_owned()),
                level: RiskLevel::Medium,
            },
            criteria: vec![Criterion {
                name: "voice".to_owned(),
                score: Confidence::from_basis_points(6_667),
                note: "dry enough".to_owned(),
            }],
            findings: vec![Finding {
                rule: "policy.health".to_owned(),
                weight: FindingWeight::NeedsPerson,
                message: "Mentions health.".to_owned(),
                span: Some(TextSpan { start: 0, end: 5 }),
            }],
            rationale: "Good, but mentions health.".to_owned(),
            judge: "rehearsal, not an AI".to_owned(),
            policy_version: 1,
            judged_by: Some(Digest::plain(b"goal, persona, policy")),
            created_at: self.now(),
        }
    }
}

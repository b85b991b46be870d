//! Reviews, effects and what follows them.

use chimera_domain::{
    action::{
        Approval, ApprovalKind, Effect, EffectClass, EffectState, OutwardAction, Receipt, ToolRef,
    },
    artifact::{Artifact, generated_by},
    change::{Alert, Incident},
    digest::Digest,
    id::{
        AlertId, ApprovalId, ContentId, EffectId, EngagementId, IncidentId, PersonaVersionId,
        PublicationId, ReviewId,
    },
    platform::Platform,
    publication::{Content, ContentStatus, Engagement, Publication, PublicationStatus},
    review::{ContentPreview, Review, ReviewBand, ReviewState},
    role::Actor,
    task::Task,
    time::Span,
    trend::{EngagementMetrics, Trend, TrendPlatform},
    verdict::Verdict,
};
use serde_json::json;

use super::World;

impl World {
    /// An open review of `artifact` that expires in an hour.
    #[must_use]
    pub fn review(&self, artifact: &Artifact, verdict: &Verdict) -> Review {
        Review {
            review_id: ReviewId::from_uuid(self.uuid()),
            tenant_id: artifact.tenant_id,
            campaign_id: artifact.campaign_id,
            task_id: artifact.task_id,
            agent_id: artifact.agent_id,
            artifact_id: artifact.artifact_id,
            content_preview: ContentPreview {
                kind: "text".to_owned(),
                text: "Grind slower.\nÄ \u{0} \u{1F980}".to_owned(),
            },
            platform: artifact.platform,
            confidence_score: verdict.confidence_score,
            worker_confidence: verdict.worker_confidence,
            judge_confidence: verdict.judge_confidence,
            risk_category: verdict.risk_category.clone(),
            band: ReviewBand::Queue,
            reason_for_escalation: vec!["Mentions health.".to_owned()],
            findings: verdict.findings.clone(),
            tainted: true,
            rehearsal: true,
            suggested_actions: vec!["approve".to_owned(), "edit".to_owned(), "reject".to_owned()],
            shown: artifact.digest,
            priority: 50,
            state: ReviewState::Open,
            claim: None,
            decided_by: None,
            decided_at: None,
            note: None,
            reject_reason: None,
            created_at: self.now(),
            expires_at: self.now() + Span::seconds(3_600),
            version: self.version(),
        }
    }

    /// A held post, decided by a rule, that may leave in ten seconds.
    #[must_use]
    pub fn effect(&self, artifact: &Artifact) -> Effect {
        let id = EffectId::from_uuid(self.uuid());
        Effect {
            id,
            tenant: artifact.tenant_id,
            campaign: artifact.campaign_id,
            task: artifact.task_id,
            agent: artifact.agent_id,
            artifact: artifact.artifact_id,
            action: OutwardAction {
                tool: ToolRef {
                    server: "sandbox".to_owned(),
                    tool: "post".to_owned(),
                },
                effect: EffectClass::Outward,
                arguments: artifact.payload.clone(),
                schema_hash: Digest::plain(b"schema"),
                platform: Platform::Sandbox,
                account: "mara".to_owned(),
            },
            approval: Approval {
                id: ApprovalId::from_uuid(self.uuid()),
                tenant: artifact.tenant_id,
                task: artifact.task_id,
                review: None,
                kind: ApprovalKind::ByRule,
                actor: Actor::system("policy"),
                digest: artifact.digest,
                policy_version: 1,
                persona_version: PersonaVersionId::from_uuid(self.uuid()),
                expires_at: self.now() + Span::seconds(600),
                created_at: self.now(),
            },
            intent_key: format!("chimera-{id}"),
            not_before: self.now() + Span::seconds(10),
            held_until: self.now() + Span::seconds(10),
            attempts: 0,
            state: EffectState::Held,
            is_unclear: false,
            receipt: None,
            fault: None,
            trace: self.trace(),
            version: self.version(),
            created_at: self.now(),
            updated_at: self.now(),
        }
    }

    /// A receipt of now.
    #[must_use]
    pub fn receipt(&self) -> Receipt {
        Receipt {
            post_id: Some("p-1".to_owned()),
            url: Some("http://127.0.0.1/p-1".to_owned()),
            raw: json!({"ok": true, "score": 0.25}),
            received_at: self.now(),
        }
    }

    /// Published content with its publication.
    #[must_use]
    pub fn publication(&self, task: &Task) -> (Content, Publication) {
        let content = Content {
            id: ContentId::from_uuid(self.uuid()),
            tenant: task.tenant,
            campaign: task.campaign,
            task: task.id,
            kind: "text".to_owned(),
            script: "Grind slower.".to_owned(),
            style: None,
            local_path: None,
            metadata: json!({"generated_by": generated_by(true)}),
            status: ContentStatus::Published,
            trend_id: Some("feed:1".to_owned()),
            created_at: self.now(),
            updated_at: self.now(),
        };
        let publication = Publication {
            id: PublicationId::from_uuid(self.uuid()),
            tenant: task.tenant,
            agent: task.agent,
            campaign: task.campaign,
            task: task.id,
            content: content.id,
            platform: Platform::Sandbox,
            post_id: Some("p-1".to_owned()),
            url: None,
            title: "Grind slower.".to_owned(),
            description: "Grind slower.".to_owned(),
            tags: vec!["ad".to_owned()],
            published_at: Some(self.now()),
            scheduled_at: None,
            status: PublicationStatus::Published,
            rehearsal: true,
        };
        (content, publication)
    }

    /// Figures of `publication`, of which the network gives only likes.
    #[must_use]
    pub fn engagement(&self, publication: &Publication, likes: u64) -> Engagement {
        Engagement {
            id: EngagementId::from_uuid(self.uuid()),
            tenant: publication.tenant,
            publication: publication.id,
            content: publication.content,
            metrics: EngagementMetrics {
                likes: Some(likes),
                engagement_rate: Some(0.125),
                ..EngagementMetrics::default()
            },
            simulated: true,
            recorded_at: self.now(),
        }
    }

    /// A trend under the source's own id.
    #[must_use]
    pub fn trend(&self, id: &str) -> Trend {
        Trend {
            id: id.to_owned(),
            platform: TrendPlatform::Web,
            topic: "coffee".to_owned(),
            title: "Hand grinders are back".to_owned(),
            description: String::new(),
            engagement_metrics: EngagementMetrics::default(),
            velocity: 1.5,
            timestamp: self.now(),
            url: "https://example.org/1".to_owned(),
            tags: vec!["grinder".to_owned()],
        }
    }

    /// An alert.
    #[must_use]
    pub fn alert(&self, code: &str) -> Alert {
        Alert {
            id: AlertId::from_uuid(self.uuid()),
            tenant: self.tenant,
            code: code.to_owned(),
            title: "Something".to_owned(),
            detail: "Nothing was sent.".to_owned(),
            campaign: None,
            task: None,
            created_at: self.now(),
            acknowledged_at: None,
        }
    }

    /// An incident.
    #[must_use]
    pub fn incident(&self) -> Incident {
        Incident {
            id: IncidentId::from_uuid(self.uuid()),
            tenant: self.tenant,
            kind: "injection".to_owned(),
            severity: "high".to_owned(),
            detail: "Stopped.".to_owned(),
            blocked: true,
            campaign: None,
            task: None,
            created_at: self.now(),
        }
    }
}

//! Campaigns and plans.

use chimera_domain::{
    agent::Agent,
    campaign::{Campaign, CampaignStatus},
    id::{CampaignId, PlanId, UserId},
    money::Usd,
    plan::{Plan, PlanStep},
    platform::Platform,
    provenance::Private,
    task::{Priority, TaskKind},
    text::Goal,
    trace::TraceContext,
};
use chimera_ports::ids::IdSource;

use super::World;

impl World {
    /// A running campaign of `agent`.
    #[must_use]
    pub fn campaign(&self, agent: &Agent) -> Campaign {
        Campaign {
            id: CampaignId::from_uuid(self.uuid()),
            tenant: self.tenant,
            agent: agent.id,
            owner: UserId::from_uuid(self.uuid()),
            name: "Slow coffee".to_owned(),
            goal: Goal::new("Win friends for slow coffee in Leipzig").unwrap(),
            status: CampaignStatus::Active,
            daily_budget: Usd::from_cents(1_250),
            feeds: vec!["https://example.org/feed.xml".to_owned()],
            platforms: vec![Platform::Sandbox, Platform::Twitter],
            max_posts_per_day: 12,
            relevance_threshold_percent: 60,
            state_version: 1,
            fault: None,
            replans: 0,
            replanning: None,
            policy_version: 1,
            persona_version: agent.persona_version,
            trace: self.trace(),
            version: self.version(),
            created_at: self.now(),
            updated_at: self.now(),
        }
    }

    /// A place in a trace of its own.
    #[must_use]
    pub fn trace(&self) -> TraceContext {
        TraceContext {
            trace: self.ids.trace(),
            span: self.ids.span(),
        }
    }

    /// A plan of one step.
    #[must_use]
    pub fn plan(&self, campaign: &Campaign) -> Plan {
        Plan {
            id: PlanId::from_uuid(self.uuid()),
            tenant: campaign.tenant,
            campaign: campaign.id,
            revision: 1,
            steps: vec![PlanStep {
                key: "write-1".to_owned(),
                title: "Write a post".to_owned(),
                kind: TaskKind::GenerateCaption,
                skill: "write_post".to_owned(),
                instructions: "About the grinder.".to_owned(),
                input: serde_json::Map::new(),
                platform: Some(Platform::Sandbox),
                priority: Priority::NORMAL,
                max_cost: Some(Usd::from_cents(5)),
                estimated_cost: Usd::from_nanos(1_234_567),
                deadline: None,
                publish_at: None,
                edited: false,
                needs: Vec::new(),
            }],
            author: "rehearsal-1 (rehearsal, not an AI)".to_owned(),
            rationale: "One post is enough.".to_owned(),
            private: Some(Private::Memory),
            version: self.version(),
            updated_at: self.now(),
        }
    }
}

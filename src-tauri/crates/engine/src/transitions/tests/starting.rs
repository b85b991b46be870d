//! A plan that may not become tasks.

use chimera_domain::{
    campaign::CampaignStatus,
    id::PlanId,
    plan::{Plan, PlanStep},
};

use super::*;
use crate::plan::PlanError;

fn research(feeds: serde_json::Value) -> PlanStep {
    serde_json::from_value(json!({
        "key": "research", "title": "Read", "kind": "analyze_trends", "skill": "fetch_trends",
        "input": { "feeds": feeds }, "max_cost": "0.05", "estimated_cost": "0",
    }))
    .unwrap()
}

/// A plan as it may lie in a store from before it was checked.
fn start(desk: &mut Desk, step: PlanStep) -> Result<(), Refusal> {
    let campaign = &mut desk.board.campaign;
    campaign.status = CampaignStatus::Draft;
    campaign.feeds = vec!["a.xml".to_owned(), "b.xml".to_owned()];
    let plan = Plan {
        id: PlanId::from_uuid(Uuid::from_u128(70)),
        tenant: campaign.tenant,
        campaign: campaign.id,
        revision: 1,
        steps: vec![step],
        author: "a person".to_owned(),
        rationale: String::new(),
        private: None,
        version: campaign.version,
        updated_at: desk.now,
    };
    desk.ask_campaign(CampaignCommand::Start {
        plan: Box::new(plan),
    })
}

#[test]
fn a_step_confined_to_a_feed_that_is_not_the_campaigns_is_not_started() {
    let mut desk = Desk::new();
    assert_eq!(
        start(&mut desk, research(json!(["c.xml"]))),
        Err(Refusal::Plan(PlanError::ForeignFeed {
            step: "research".to_owned(),
            feed: "c.xml".to_owned(),
        }))
    );
    assert_eq!(desk.board.campaign.status, CampaignStatus::Draft);
    assert_eq!(desk.log, [], "nothing was queued");
    start(&mut desk, research(json!(["b.xml"]))).unwrap();
    assert_eq!(desk.board.campaign.status, CampaignStatus::Active);
}

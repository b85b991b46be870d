//! What the fleet is said to be doing.

use chimera_domain::{
    change::Change,
    role::Role,
    task::{Task, TaskKind},
};
use serde_json::json;

use super::bench::Bench;

#[tokio::test]
async fn an_agent_that_plans_again_is_planning_and_counts_once() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", &[Role::Operator]).await;
    let kinds = [TaskKind::GenerateCaption, TaskKind::Replan];
    let tasks = kinds.map(|kind| Task {
        kind,
        ..bed.world.task(&bed.campaign)
    });
    for task in &tasks {
        bed.add(bench.store.as_ref(), &[(task, &[])]).await;
        let (working, attempt) = bed.world.working(&bed.campaign, task);
        let changes = vec![Change::Attempt(attempt)];
        bed.go(bench.store.as_ref(), task, working, changes).await;
    }
    let agents = bench.get(&token, "/api/v1/swarm/agents").await;
    let mara = &agents["items"][0];
    assert_eq!(
        (
            &mara["activity"],
            &mara["open_tasks"],
            &mara["current"][0]["id"]
        ),
        (&json!("planning"), &json!(2), &json!(tasks[1].id))
    );
    let gauge = bench.get(&token, "/api/v1/swarm/gauge").await;
    let figures = ["agents", "planning", "working", "judging", "sleeping"];
    assert_eq!(
        figures.map(|figure| gauge[figure].as_u64().unwrap()),
        [1, 1, 0, 0, 0]
    );
}

//! What came of a campaign, counted when none of its tasks is open any more.

use chimera_domain::{
    campaign::{Ending, Progress},
    fault::Fault,
    plan::{Plan, PlanStep},
    task::{Task, TaskKind, TaskState},
};
use chimera_ports::{error::PortError, store::Store};

use super::Bed;
use crate::World;

/// What came of a campaign: a rewrite goes on with the act of what it replaces, and the fault is that of an
/// outward task where there is one.
pub async fn how_a_campaign_ended_is_counted<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let fault = |code: &str| Some(Fault::of(code, "So."));
    let acting = |step: &str| Task {
        kind: TaskKind::PublishPost,
        step: step.to_owned(),
        ..bed.world.task(&bed.campaign)
    };
    let research = Task {
        kind: TaskKind::AnalyzeTrends,
        ..bed.world.task(&bed.campaign)
    };
    let (first, rewrite, second) = (
        acting("publish-1"),
        acting("publish-1~1"),
        acting("publish-2"),
    );
    let new = [&first, &rewrite, &second, &research];
    let added: Vec<_> = new.iter().map(|task| (*task, &[][..])).collect();
    bed.add(store, &added).await;
    let end = async |task: &Task, state, code: Option<&str>| {
        bed.world.pass(1);
        let after = Task {
            state,
            fault: code.and_then(fault),
            updated_at: bed.world.now(),
            ..task.clone()
        };
        let set = bed.world.step(&bed.campaign, task, after, Vec::new());
        store.commit(set).await.unwrap();
    };
    let counted = async || {
        store
            .ending(bed.campaign.tenant, bed.campaign.id)
            .await
            .unwrap()
    };
    end(&first, TaskState::Failed, Some("REJECTED")).await;
    end(&research, TaskState::Failed, Some("LATER")).await;
    let mut expected = Ending {
        replanned: 0,
        progress: Progress {
            open: 2,
            completed: 0,
            failed: 2,
            cancelled: 0,
        },
        acts: 2,
        planned: 0,
        performed: 0,
        fault: fault("REJECTED"),
    };
    assert_eq!(counted().await, expected);
    end(&rewrite, TaskState::Completed, None).await;
    end(&second, TaskState::TimedOut, Some("TIMED_OUT")).await;
    expected.progress = Progress {
        open: 0,
        completed: 1,
        failed: 3,
        cancelled: 0,
    };
    expected.performed = 1;
    expected.fault = fault("TIMED_OUT");
    assert_eq!(counted().await, expected);
    let elsewhere = bed.world.other_tenant().tenant;
    assert!(matches!(
        store.ending(elsewhere, bed.campaign.id).await,
        Err(PortError::NotFound { .. })
    ));
}

/// Acts that planning again took out were to be performed once, and are none of the plan in force.
pub async fn acts_of_the_plan_in_force_are_counted_apart<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let acting = |step: &str| Task {
        kind: TaskKind::PublishPost,
        step: step.to_owned(),
        ..bed.world.task(&bed.campaign)
    };
    let tasks = [
        acting("publish-1"),
        acting("publish-1~1"),
        acting("publish-2"),
    ];
    let added: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(store, &added).await;
    let counted = async || {
        let ending = store.ending(bed.campaign.tenant, bed.campaign.id).await;
        let ending = ending.unwrap();
        (ending.acts, ending.planned)
    };
    assert_eq!(counted().await, (2, 0), "there is no plan");
    let plan_of = |steps: &[&str], revision| {
        let plan = bed.world.plan(&bed.campaign);
        let step = |key: &&str| PlanStep {
            key: (*key).to_owned(),
            ..plan.steps[0].clone()
        };
        Plan {
            revision,
            steps: steps.iter().map(step).collect(),
            ..plan
        }
    };
    let first = plan_of(&["research", "publish-1", "publish-2"], 1);
    store.save_plan(&first, None, Vec::new()).await.unwrap();
    assert_eq!(counted().await, (2, 2));
    // Planning again took the second post out; of what it put in there is no task yet.
    let next = plan_of(&["research", "publish-1", "publish-3"], 2);
    store
        .save_plan(&next, Some(first.version), Vec::new())
        .await
        .unwrap();
    assert_eq!(counted().await, (2, 1));
}

//! What waits for what: counting down, and being ready.

use chimera_domain::{
    change::{Change, NewTask},
    task::{Task, TaskState},
};
use chimera_ports::{error::PortError, store::Store};
use futures::future::join;

use super::Bed;
use crate::World;

/// Both parents complete at the same time; the child is ready once, and one of the two commits says so.
pub async fn a_diamond_opens_when_both_sides_are_done<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let top = bed.world.task(&bed.campaign);
    let (left, right) = (
        bed.world.blocked_task(&bed.campaign, 1),
        bed.world.blocked_task(&bed.campaign, 1),
    );
    let bottom = bed.world.blocked_task(&bed.campaign, 2);
    let added = bed
        .add(
            store,
            &[
                (&top, &[]),
                (&left, &[&top]),
                (&right, &[&top]),
                (&bottom, &[&left, &right]),
            ],
        )
        .await;
    assert_eq!((added.ready, added.open_tasks), (vec![top.id], 4));
    bed.world.pass(1);
    let done = store.commit(bed.completion(&top)).await.unwrap();
    let mut ready = done.ready;
    ready.sort_unstable();
    assert_eq!((ready, done.open_tasks), (vec![left.id, right.id], 3));
    let (left, right) = (
        bed.stored(store, left.id).await,
        bed.stored(store, right.id).await,
    );
    assert_eq!(
        (left.state.clone(), left.waiting_on, left.updated_at),
        (
            TaskState::Ready {
                not_before: bed.world.now()
            },
            0,
            bed.world.now()
        )
    );
    bed.world.pass(1);
    let (one, two) = join(
        store.commit(bed.completion(&left)),
        store.commit(bed.completion(&right)),
    )
    .await;
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!([one.ready, two.ready].concat(), vec![bottom.id]);
    let opened = bed.stored(store, bottom.id).await;
    let expected = Task {
        state: TaskState::Ready {
            not_before: bed.world.now(),
        },
        waiting_on: 0,
        version: opened.version,
        updated_at: bed.world.now(),
        ..bottom.clone()
    };
    assert_eq!(opened, expected);
    let told = bed.events(store).await;
    let of_bottom = told
        .iter()
        .filter(|event| format!("{:?}", event.fact).contains(&bottom.id.to_string()));
    assert_eq!(of_bottom.count(), 1, "{told:?}");
}

/// A transition that saw the old count cannot bring it back.
pub async fn a_child_gets_a_new_version_with_every_step_down<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let (one, two) = (bed.world.task(&bed.campaign), bed.world.task(&bed.campaign));
    let child = bed.world.blocked_task(&bed.campaign, 2);
    bed.add(store, &[(&one, &[]), (&two, &[]), (&child, &[&one, &two])])
        .await;
    store.commit(bed.completion(&one)).await.unwrap();
    let counted = bed.stored(store, child.id).await;
    assert_eq!(
        (counted.state.clone(), counted.waiting_on),
        (TaskState::Blocked, 1)
    );
    assert_ne!(counted.version, child.version);
    let stale = store
        .commit(bed.to(&child, TaskState::Blocked, Vec::new()))
        .await;
    assert!(
        stale.as_ref().is_err_and(PortError::is_conflict),
        "{stale:?}"
    );
    assert_eq!(bed.stored(store, child.id).await, counted);
}

/// Tasks that are added later may need tasks that are done; nothing may need what ended without a result.
pub async fn new_tasks_may_build_on_old_ones<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let (done, open, lost) = (
        bed.world.task(&bed.campaign),
        bed.world.task(&bed.campaign),
        bed.world.task(&bed.campaign),
    );
    bed.add(store, &[(&done, &[]), (&open, &[]), (&lost, &[])])
        .await;
    store.commit(bed.completion(&done)).await.unwrap();
    bed.go(store, &lost, TaskState::Failed, Vec::new()).await;
    // The count that the caller saw may be out of date; the store's is the one that holds.
    let on_done = bed.world.blocked_task(&bed.campaign, 1);
    let on_both = bed.world.blocked_task(&bed.campaign, 2);
    let added = bed
        .add(store, &[(&on_done, &[&done]), (&on_both, &[&done, &open])])
        .await;
    assert_eq!(added.ready, vec![on_done.id]);
    assert!(matches!(
        bed.stored(store, on_done.id).await.state,
        TaskState::Ready { .. }
    ));
    let waiting = bed.stored(store, on_both.id).await;
    assert_eq!((waiting.state, waiting.waiting_on), (TaskState::Blocked, 1));
    let finished = store.commit(bed.completion(&open)).await.unwrap();
    assert_eq!(finished.ready, vec![on_both.id]);
    for (needed, why) in [(lost.id, "lost"), (on_done.id, "unknown")] {
        let task = bed.world.blocked_task(&bed.campaign, 1);
        let needs = if why == "lost" {
            vec![needed]
        } else {
            vec![bed.world.task(&bed.campaign).id]
        };
        let refused = store
            .commit(bed.set(vec![Change::AddTasks(vec![NewTask {
                task: task.clone(),
                needs,
            }])]))
            .await;
        assert!(
            matches!(refused, Err(PortError::Invalid(_))),
            "{why}: {refused:?}"
        );
        assert!(
            store.task(bed.campaign.tenant, task.id).await.is_err(),
            "{why}"
        );
    }
    let edges = store
        .edges(bed.campaign.tenant, bed.campaign.id)
        .await
        .unwrap();
    assert_eq!(edges.len(), 3);
}

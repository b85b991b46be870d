//! A changed plan: steps in, steps out, steps that build on others; whole or not at all.

use chimera_domain::{
    campaign::Progress,
    change::{Change, NewTask},
    fault::{Fault, FaultClass},
    id::TaskId,
    plan::Plan,
    replan::{FailedStep, Replanning},
    task::{Task, TaskState},
};
use chimera_ports::{error::PortError, store::Store};

use super::Bed;
use crate::World;

fn fault() -> Fault {
    Fault::new(FaultClass::Validation, "PRUNED", "Left out.")
}

/// A failed root with a chain below it, another root that goes on, and a leaf of that one.
struct Story {
    failed: Task,
    other: Task,
    child: Task,
    grandchild: Task,
    leaf: Task,
    below_leaf: Task,
}

async fn story<S: Store>(store: &S, bed: &Bed) -> Story {
    let root = bed.world.task(&bed.campaign);
    let other = bed.world.task(&bed.campaign);
    let child = bed.world.blocked_task(&bed.campaign, 1);
    let grandchild = bed.world.blocked_task(&bed.campaign, 1);
    let leaf = bed.world.blocked_task(&bed.campaign, 1);
    let below_leaf = bed.world.blocked_task(&bed.campaign, 1);
    bed.add(
        store,
        &[
            (&root, &[]),
            (&other, &[]),
            (&child, &[&root]),
            (&grandchild, &[&child]),
            (&leaf, &[&other]),
            (&below_leaf, &[&leaf]),
        ],
    )
    .await;
    let failed = bed.go(store, &root, TaskState::Failed, Vec::new()).await;
    Story {
        failed,
        other,
        child,
        grandchild,
        leaf,
        below_leaf,
    }
}

fn next_plan(bed: &Bed) -> Plan {
    let plan = bed.world.plan(&bed.campaign);
    Plan {
        revision: 2,
        ..plan
    }
}

fn adding(task: &Task, needs: &Task) -> Change {
    Change::AddTasks(vec![NewTask {
        task: task.clone(),
        needs: vec![needs.id],
    }])
}

fn pruning(task: &Task) -> Change {
    Change::Prune {
        tasks: vec![task.id],
        fault: fault(),
    }
}

fn ending_below(task: &Task) -> Change {
    Change::CancelDescendants {
        of: task.id,
        fault: fault(),
    }
}

async fn needs_of<S: Store>(store: &S, bed: &Bed, task: &Task) -> Vec<TaskId> {
    let edges = store.edges(bed.campaign.tenant, bed.campaign.id);
    let edges = edges.await.unwrap();
    let of_it = edges.iter().filter(|edge| edge.task == task.id);
    of_it.map(|edge| edge.needs).collect()
}

/// What was rewired waits for what it needs now, what was pruned ends with all below it, and the next revision is
/// the plan in force.
pub async fn a_changed_plan_is_stored_whole<S: Store>(store: &S) {
    let mut bed = Bed::in_store(store, World::default()).await;
    let first = bed.world.plan(&bed.campaign);
    store.save_plan(&first, None, Vec::new()).await.unwrap();
    let Story {
        failed,
        other,
        child,
        grandchild,
        leaf,
        below_leaf,
    } = story(store, &bed).await;
    let done = bed.world.task(&bed.campaign);
    bed.add(store, &[(&done, &[])]).await;
    store.commit(bed.completion(&done)).await.unwrap();
    let fresh = bed.world.task(&bed.campaign);
    let plan = next_plan(&bed);
    let changes = vec![
        adding(&fresh, &done),
        Change::Rewire {
            task: child.id,
            needs: vec![fresh.id, done.id],
        },
        pruning(&leaf),
        ending_below(&failed),
        Change::Plan(Box::new(plan.clone())),
    ];
    let set = bed.change(|campaign| campaign.replans = 1, changes);
    let committed = store.commit(set).await.unwrap();
    assert_eq!(committed.ready, [fresh.id]);
    let state = async |task: &Task| {
        let stored = bed.stored(store, task.id).await;
        (stored.state.as_str(), stored.waiting_on)
    };
    assert_eq!(
        state(&child).await,
        ("blocked", 1),
        "one of its needs is met"
    );
    assert_eq!(
        state(&grandchild).await,
        ("blocked", 1),
        "nothing failed above it any more"
    );
    assert_eq!(state(&leaf).await.0, "cancelled");
    assert_eq!(state(&below_leaf).await.0, "cancelled");
    assert_eq!(bed.stored(store, leaf.id).await.fault, Some(fault()));
    assert_eq!(state(&other).await.0, "ready");
    let mut expected = vec![fresh.id, done.id];
    expected.sort_unstable_by_key(ToString::to_string);
    assert_eq!(needs_of(store, &bed, &child).await, expected);
    let tenant = bed.campaign.tenant;
    assert_eq!(store.plan(tenant, bed.campaign.id).await.unwrap(), plan);
    assert_eq!(
        store.progress(tenant, bed.campaign.id).await.unwrap(),
        Progress {
            open: 4,
            completed: 1,
            failed: 1,
            cancelled: 2
        }
    );
    let opened = store.commit(bed.completion(&fresh)).await.unwrap();
    assert_eq!(opened.ready, [child.id]);
}

/// A step in somebody's hands, or one that is done, neither leaves nor changes what it builds on; and another tenant's
/// is out of reach.
pub async fn what_has_begun_refuses_the_change<S: Store>(store: &S) {
    let mut bed = Bed::in_store(store, World::default()).await;
    let Story {
        failed,
        other,
        child,
        leaf,
        ..
    } = story(store, &bed).await;
    let (working, attempt) = bed.world.working(&bed.campaign, &other);
    let begun = bed
        .go(store, &other, working, vec![Change::Attempt(attempt)])
        .await;
    let elsewhere = Bed::in_store(store, World::of_family(9)).await;
    let foreign = elsewhere.ready_task(store).await;
    let before = bed.campaign.clone();
    for (what, change) in [
        ("begun", prune(begun.id)),
        ("ended", prune(failed.id)),
        ("another tenant's", prune(foreign.id)),
        ("begun", rewire(begun.id, leaf.id)),
        ("onto what failed", rewire(child.id, failed.id)),
        ("onto another tenant's", rewire(child.id, foreign.id)),
    ] {
        let set = bed.change(
            |campaign| campaign.replans += 1,
            vec![prune(leaf.id), change],
        );
        let refused = store.commit(set).await;
        assert!(
            matches!(refused, Err(PortError::Conflict { .. })),
            "{what}: {refused:?}"
        );
        bed.campaign = before.clone();
    }
    assert_eq!(
        bed.stored(store, leaf.id).await,
        leaf,
        "nothing of a refused set is kept"
    );
    assert_eq!(bed.stored(store, begun.id).await, begun);
    assert_eq!(elsewhere.stored(store, foreign.id).await, foreign);
    let stored = store.campaign(before.tenant, before.id).await.unwrap();
    assert_eq!(stored, before);
}

fn prune(task: TaskId) -> Change {
    Change::Prune {
        tasks: vec![task],
        fault: fault(),
    }
}

fn rewire(task: TaskId, onto: TaskId) -> Change {
    Change::Rewire {
        task,
        needs: vec![onto],
    }
}

/// The open request comes back as it went in; and of two failures that saw the same campaign one has to look again.
pub async fn the_request_and_its_rounds_are_kept<S: Store>(store: &S) {
    let mut bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let seen = bed.campaign.clone();
    let open = Replanning {
        task: task.id,
        round: 1,
        failed: vec![FailedStep::of(&task, fault(), true)],
    };
    let edit = |campaign: &mut chimera_domain::campaign::Campaign| {
        campaign.replans = 1;
        campaign.replanning = Some(open.clone());
    };
    let set = bed.change(edit, Vec::new());
    store.commit(set).await.unwrap();
    let stored = store.campaign(seen.tenant, seen.id).await.unwrap();
    assert_eq!(stored, bed.campaign);
    assert_eq!(stored.replanning, Some(open.clone()));
    bed.campaign = seen;
    let late = bed.change(|campaign| campaign.replans = 1, Vec::new());
    let refused = store.commit(late).await;
    assert!(
        matches!(refused, Err(PortError::Conflict { .. })),
        "{refused:?}"
    );
}

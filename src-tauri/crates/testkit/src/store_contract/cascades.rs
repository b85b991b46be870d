//! Calling off and taking back: changes that reach rows which the engine did not see.

use chimera_domain::{
    action::{Effect, EffectState},
    campaign::{CampaignStatus, Progress},
    change::Change,
    event::Fact,
    fault::{Fault, FaultClass},
    id::TaskId,
    review::{Review, ReviewState},
    role::Actor,
    task::{Task, TaskState},
};
use chimera_ports::{
    error::PortError,
    page::PageRequest,
    store::{AuditEntry, AuditFilter, Store},
};

use super::Bed;
use crate::World;

fn fault() -> Fault {
    Fault::new(FaultClass::Permanent, "DEPENDENCY_ENDED", "Called off.")
}

async fn progress<S: Store>(store: &S, bed: &Bed) -> Progress {
    store
        .progress(bed.campaign.tenant, bed.campaign.id)
        .await
        .unwrap()
}

/// A chain below a failed task is called off to its end; what does not depend on it goes on.
pub async fn descendants_are_called_off_however_far<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let root = bed.world.task(&bed.campaign);
    let other = bed.world.task(&bed.campaign);
    let child = bed.world.blocked_task(&bed.campaign, 1);
    let both = bed.world.blocked_task(&bed.campaign, 2);
    let grandchild = bed.world.blocked_task(&bed.campaign, 2);
    let bystander = bed.world.blocked_task(&bed.campaign, 1);
    bed.add(
        store,
        &[
            (&root, &[]),
            (&other, &[]),
            (&child, &[&root]),
            (&both, &[&root, &other]),
            (&grandchild, &[&child, &both]),
            (&bystander, &[&other]),
        ],
    )
    .await;
    bed.world.pass(5);
    let cancel = Change::CancelDescendants {
        of: root.id,
        fault: fault(),
    };
    let done = store
        .commit(bed.to(&root, TaskState::Failed, vec![cancel]))
        .await
        .unwrap();
    assert_eq!(done.open_tasks, 2);
    for task in [&child, &both, &grandchild] {
        let stored = bed.stored(store, task.id).await;
        let expected = Task {
            state: TaskState::Cancelled,
            fault: Some(fault()),
            version: stored.version,
            updated_at: bed.world.now(),
            ..(*task).clone()
        };
        assert_eq!(stored, expected);
        assert_ne!(stored.version, task.version);
    }
    assert_eq!(bed.stored(store, bystander.id).await, bystander);
    assert_eq!(
        progress(store, &bed).await,
        Progress {
            open: 2,
            completed: 0,
            failed: 1,
            cancelled: 3
        }
    );
    let told = bed.events(store).await;
    let cancelled = told.iter().filter(
        |event| matches!(&event.fact, Fact::TaskChanged { state, .. } if state == "cancelled"),
    );
    assert_eq!(cancelled.count(), 3);
    assert_eq!(done.last_seq, told.last().unwrap().seq);
}

/// Six tasks: done, in a worker's hands, under review, held in the outbox, on its way out, and of an unknown
/// outcome.
struct Busy {
    done: Task,
    working: Task,
    review: Review,
    held: Effect,
    leaving: Effect,
    unclear: Effect,
}

async fn busy<S: Store>(store: &S, bed: &Bed) -> Busy {
    let tasks: Vec<Task> = (0..6).map(|_| bed.world.task(&bed.campaign)).collect();
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(store, &new).await;
    let done = bed
        .go(store, &tasks[0], TaskState::Completed, Vec::new())
        .await;
    let (state, attempt) = bed.world.working(&bed.campaign, &tasks[1]);
    let working = bed
        .go(store, &tasks[1], state, vec![Change::Attempt(attempt)])
        .await;
    let artifact = bed.world.artifact(&tasks[2]);
    let review = bed.world.review(&artifact, &bed.world.verdict(&artifact));
    let reviewing = TaskState::Reviewing {
        review: review.review_id,
        artifact: artifact.artifact_id,
    };
    let change = Change::Review {
        review: Box::new(review.clone()),
        expected: None,
    };
    bed.go(store, &tasks[2], reviewing, vec![change]).await;
    let held = released(store, bed, &tasks[3], EffectState::Held).await;
    let since = bed.world.now();
    let leaving = released(store, bed, &tasks[4], EffectState::Dispatching { since }).await;
    let unclear = released(store, bed, &tasks[5], EffectState::PendingReconciliation).await;
    Busy {
        done,
        working,
        review,
        held,
        leaving,
        unclear,
    }
}

async fn released<S: Store>(store: &S, bed: &Bed, task: &Task, state: EffectState) -> Effect {
    let artifact = bed.world.artifact(task);
    let mut effect = bed.world.effect(&artifact);
    effect.state = state;
    let releasing = TaskState::Releasing {
        effect: effect.id,
        artifact: artifact.artifact_id,
    };
    let change = Change::Effect {
        effect: Box::new(effect.clone()),
        expected: None,
    };
    bed.go(store, task, releasing, vec![change]).await;
    effect
}

/// What the store itself recorded, with the task of each, in words' order.
async fn recorded<S: Store>(store: &S, bed: &Bed) -> Vec<(String, Option<TaskId>)> {
    let page = store
        .audit(
            bed.campaign.tenant,
            AuditFilter::default(),
            PageRequest::default(),
        )
        .await
        .unwrap();
    let mut found: Vec<_> = page
        .items
        .into_iter()
        .map(|AuditEntry { record, .. }| {
            assert_eq!(record.campaign, Some(bed.campaign.id), "{record:?}");
            assert_eq!(record.actor, Actor::system("board"), "{record:?}");
            assert_eq!(record.at, bed.world.now(), "{record:?}");
            (record.action, record.task)
        })
        .collect();
    found.sort();
    found
}

/// A campaign with work in every state, called off: only what may have left already stays open.
pub async fn a_cancelled_campaign_waits_for_what_is_on_its_way_only<S: Store>(store: &S) {
    let mut bed = Bed::in_store(store, World::default()).await;
    let busy = busy(store, &bed).await;
    bed.world.pass(5);
    let cancel = bed.change(
        |campaign| campaign.status = CampaignStatus::Cancelled,
        vec![Change::CancelCampaignTasks(fault())],
    );
    let committed = store.commit(cancel).await.unwrap();
    assert_eq!(
        (committed.open_tasks, committed.reviews, committed.effects),
        (2, vec![busy.review.review_id], vec![busy.held.id])
    );
    assert_eq!(
        progress(store, &bed).await,
        Progress {
            open: 2,
            completed: 1,
            failed: 0,
            cancelled: 3
        }
    );
    let tenant = bed.campaign.tenant;
    assert_eq!(bed.stored(store, busy.done.id).await, busy.done);
    let withdrawn = store.review(tenant, busy.review.review_id).await.unwrap();
    assert_eq!(
        (withdrawn.state, withdrawn.claim, withdrawn.decided_at),
        (ReviewState::Withdrawn, None, Some(bed.world.now()))
    );
    assert_ne!(withdrawn.version, busy.review.version);
    let voided = store.effect(tenant, busy.held.id).await.unwrap();
    assert_eq!(voided.state, EffectState::Voided);
    let (reviewed, held) = (busy.review.task_id, busy.held.task);
    let mut expected = vec![
        ("effect.void".to_owned(), Some(held)),
        ("review.withdraw".to_owned(), Some(reviewed)),
    ];
    let cancelled = [busy.working.id, reviewed, held];
    expected.extend(cancelled.map(|task| ("task.cancel".to_owned(), Some(task))));
    expected.sort();
    assert_eq!(recorded(store, &bed).await, expected);
    // What may have been sent already is not called back: its outcome is still to come.
    for effect in [&busy.leaving, &busy.unclear] {
        assert_eq!(store.effect(tenant, effect.id).await.unwrap(), *effect);
        let task = bed.stored(store, effect.task).await;
        assert!(
            matches!(task.state, TaskState::Releasing { effect: id, .. } if id == effect.id),
            "{:?}",
            task.state
        );
        bed.go(store, &task, TaskState::Completed, Vec::new()).await;
    }
    assert_eq!(
        progress(store, &bed).await,
        Progress {
            open: 0,
            completed: 3,
            failed: 0,
            cancelled: 3
        }
    );
    let attempts = store.attempts(tenant, busy.working.id).await.unwrap();
    assert_eq!(
        (attempts[0].outcome.as_str(), attempts[0].ended_at),
        ("invalidated", Some(bed.world.now()))
    );
}

/// A pause takes work out of hands without consuming an attempt; what was in hand cannot be handed in.
pub async fn a_pause_takes_work_back_under_new_versions<S: Store>(store: &S) {
    let mut bed = Bed::in_store(store, World::default()).await;
    let tasks: Vec<Task> = (0..4).map(|_| bed.world.task(&bed.campaign)).collect();
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(store, &new).await;
    let (state, attempt) = bed.world.working(&bed.campaign, &tasks[0]);
    let working = bed
        .go(store, &tasks[0], state, vec![Change::Attempt(attempt)])
        .await;
    let artifact = bed.world.artifact(&tasks[1]);
    let judging = |lease_until| TaskState::Judging {
        artifact: artifact.artifact_id,
        state_version: 1,
        lease_until,
    };
    let lease = Some(bed.world.now() + chimera_domain::time::Span::seconds(60));
    let judged = bed.go(store, &tasks[1], judging(lease), Vec::new()).await;
    let unjudged = bed.go(store, &tasks[2], judging(None), Vec::new()).await;
    let before = bed.clone();
    bed.world.pass(5);
    let pause = bed.change(
        |campaign| {
            campaign.status = CampaignStatus::Paused;
            campaign.state_version += 1;
        },
        vec![Change::RecallWork],
    );
    let done = store.commit(pause).await.unwrap();
    assert_eq!((done.ready, done.open_tasks), (Vec::new(), 4));
    let now = bed.world.now();
    let recalled = bed.stored(store, working.id).await;
    let expected = Task {
        state: TaskState::Ready { not_before: now },
        version: recalled.version,
        updated_at: now,
        ..working.clone()
    };
    assert_eq!(recalled, expected);
    let recalled = bed.stored(store, judged.id).await;
    assert_eq!(
        (recalled.state.clone(), recalled.attempts),
        (judging(None), 0)
    );
    assert_ne!(recalled.version, judged.version);
    assert_eq!(bed.stored(store, unjudged.id).await, unjudged);
    assert_eq!(bed.stored(store, tasks[3].id).await, tasks[3]);
    let mut expected = [working.id, judged.id].map(|task| ("task.recall".to_owned(), Some(task)));
    expected.sort();
    assert_eq!(recorded(store, &bed).await, expected);
    let attempts = store
        .attempts(bed.campaign.tenant, working.id)
        .await
        .unwrap();
    assert_eq!(attempts[0].outcome, "invalidated");
    for bed in [before, bed] {
        let late = store.commit(bed.completion(&working)).await;
        assert!(late.as_ref().is_err_and(PortError::is_conflict), "{late:?}");
    }
}

//! What is due: the queue that the runtime works off.

use chimera_domain::{
    action::EffectState,
    agent::Control,
    campaign::CampaignStatus,
    change::Change,
    id::TaskId,
    platform::Platform,
    review::ReviewState,
    task::{Priority, Task, TaskState},
    time::{Span, Timestamp},
};
use chimera_ports::store::{Due, Store};

use super::Bed;
use crate::World;

fn ids<Id: Copy>(due: &[Due<Id>]) -> Vec<Id> {
    due.iter().map(|due| due.id).collect()
}

async fn ready<S: Store>(store: &S, now: Timestamp) -> Vec<TaskId> {
    ids(&store.ready_tasks(now, 100).await.unwrap())
}

/// Most urgent first, then oldest; what has to wait is left out until its time.
pub async fn ready_tasks_by_urgency_then_age<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let early = bed.world.task(&bed.campaign);
    bed.world.pass(1);
    let late = bed.world.task(&bed.campaign);
    let mut urgent = bed.world.task(&bed.campaign);
    urgent.priority = Priority::new(90);
    let mut delayed = bed.world.task(&bed.campaign);
    delayed.priority = Priority::new(100);
    let later = bed.world.now() + Span::seconds(30);
    delayed.state = TaskState::Ready { not_before: later };
    let added = bed
        .add(
            store,
            &[(&late, &[]), (&early, &[]), (&delayed, &[]), (&urgent, &[])],
        )
        .await;
    assert_eq!(added.ready, vec![late.id, early.id, urgent.id]);
    let now = bed.world.now();
    assert_eq!(ready(store, now).await, vec![urgent.id, early.id, late.id]);
    assert_eq!(store.ready_tasks(now, 1).await.unwrap().len(), 1);
    assert_eq!(ready(store, later).await[0], delayed.id);
    let first = store.ready_tasks(now, 1).await.unwrap()[0];
    assert_eq!((first.tenant, first.task), (bed.campaign.tenant, urgent.id));
}

/// A paused campaign, a finished one and an agent that a person paused have nothing ready.
pub async fn nothing_is_ready_while_campaign_or_agent_rests<S: Store>(store: &S) {
    let mut bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let (mut agent, persona) = bed.world.agent("resting");
    agent.control = Control::Paused;
    store
        .create_agent(&agent, &persona, Vec::new())
        .await
        .unwrap();
    let of_resting = Task {
        agent: agent.id,
        ..bed.world.task(&bed.campaign)
    };
    bed.add(store, &[(&of_resting, &[])]).await;
    let now = bed.world.now();
    assert_eq!(ready(store, now).await, vec![task.id]);
    for status in [
        CampaignStatus::Paused,
        CampaignStatus::Draft,
        CampaignStatus::Cancelled,
    ] {
        let rest = bed.change(|campaign| campaign.status = status, Vec::new());
        store.commit(rest).await.unwrap();
        assert_eq!(ready(store, now).await, Vec::new(), "{status:?}");
    }
    let run = bed.change(
        |campaign| campaign.status = CampaignStatus::Active,
        Vec::new(),
    );
    store.commit(run).await.unwrap();
    assert_eq!(ready(store, now).await, vec![task.id]);
}

/// What waits for a judge, whose lease ended, whose deadline passed.
pub async fn judging_leases_and_deadlines<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let now = bed.world.now();
    let tasks: Vec<Task> = (0..4)
        .map(|at: u32| Task {
            deadline: Some(now + Span::seconds(200 - at)),
            ..bed.world.task(&bed.campaign)
        })
        .collect();
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(store, &new).await;
    let artifact = bed.world.artifact(&tasks[0]).artifact_id;
    let judging = |lease_until| TaskState::Judging {
        artifact,
        state_version: 1,
        lease_until,
    };
    bed.go(store, &tasks[0], judging(None), Vec::new()).await;
    bed.go(
        store,
        &tasks[1],
        judging(Some(now + Span::seconds(30))),
        Vec::new(),
    )
    .await;
    let (working, _) = bed.world.working(&bed.campaign, &tasks[2]);
    bed.go(store, &tasks[2], working, Vec::new()).await;
    bed.go(store, &tasks[3], TaskState::Completed, Vec::new())
        .await;
    assert_eq!(
        ids(&store.unjudged_tasks(now, 9).await.unwrap()),
        vec![tasks[0].id]
    );
    let lapsed = |after| store.lapsed_tasks(now + Span::seconds(after), 9);
    assert_eq!(ids(&lapsed(30).await.unwrap()), Vec::new());
    assert_eq!(ids(&lapsed(31).await.unwrap()), vec![tasks[1].id]);
    assert_eq!(
        ids(&lapsed(61).await.unwrap()),
        vec![tasks[1].id, tasks[2].id]
    );
    let overdue = |after| store.overdue_tasks(now + Span::seconds(after), 9);
    assert_eq!(ids(&overdue(198).await.unwrap()), Vec::new());
    assert_eq!(
        ids(&overdue(201).await.unwrap()),
        vec![tasks[2].id, tasks[1].id, tasks[0].id]
    );
}

/// Reviews that nobody decided, effects whose time has come, effects that were being sent at a crash.
pub async fn reviews_expire_and_effects_come_due<S: Store>(store: &S) {
    let mut bed = Bed::in_store(store, World::default()).await;
    let tasks = [bed.ready_task(store).await, bed.ready_task(store).await];
    let now = bed.world.now();
    let mut reviews = Vec::new();
    let mut effects = Vec::new();
    for (task, state) in tasks
        .iter()
        .zip([EffectState::Held, EffectState::Dispatching { since: now }])
    {
        let artifact = bed.world.artifact(task);
        let mut review = bed.world.review(&artifact, &bed.world.verdict(&artifact));
        if !reviews.is_empty() {
            review.state = ReviewState::Escalated;
            review.expires_at = now + Span::seconds(60);
        }
        let mut effect = bed.world.effect(&artifact);
        effect.state = state;
        let changes = vec![
            Change::Artifact(Box::new(artifact)),
            Change::Review {
                review: Box::new(review.clone()),
                expected: None,
            },
            Change::Effect {
                effect: Box::new(effect.clone()),
                expected: None,
            },
        ];
        bed.go(store, task, task.state.clone(), changes).await;
        reviews.push(review);
        effects.push(effect);
    }
    let expired = |after| store.expired_reviews(now + Span::seconds(after), 9);
    assert_eq!(ids(&expired(60).await.unwrap()), Vec::new());
    assert_eq!(
        ids(&expired(3_601).await.unwrap()),
        vec![reviews[1].review_id, reviews[0].review_id]
    );
    assert_eq!(expired(3_601).await.unwrap()[1].task, tasks[0].id);
    assert_eq!(ids(&store.due_effects(now, 9).await.unwrap()), Vec::new());
    let then = now + Span::seconds(10);
    assert_eq!(
        ids(&store.due_effects(then, 9).await.unwrap()),
        vec![effects[0].id]
    );
    assert_eq!(ids(&store.stuck_effects(now, 9).await.unwrap()), Vec::new());
    assert_eq!(
        ids(&store.stuck_effects(then, 9).await.unwrap()),
        vec![effects[1].id]
    );
    let pause = bed.change(
        |campaign| campaign.status = CampaignStatus::Paused,
        vec![Change::RecallWork],
    );
    store.commit(pause).await.unwrap();
    assert_eq!(
        ids(&store.due_effects(then, 9).await.unwrap()),
        Vec::new(),
        "a pause holds everything"
    );
    assert_eq!(expired(3_601).await.unwrap().len(), 2);
}

/// A running campaign with nothing open is done; one that has not begun, or rests, is not.
pub async fn spent_campaigns_can_be_finished<S: Store>(store: &S) {
    let mut bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    assert_eq!(store.spent_campaigns(9).await.unwrap(), Vec::new());
    let done = store.commit(bed.completion(&task)).await.unwrap();
    assert_eq!(done.open_tasks, 0);
    assert_eq!(
        store.spent_campaigns(9).await.unwrap(),
        vec![(bed.campaign.tenant, bed.campaign.id)]
    );
    let finish = bed.change(
        |campaign| campaign.status = CampaignStatus::Completed,
        Vec::new(),
    );
    store.commit(finish).await.unwrap();
    assert_eq!(store.spent_campaigns(9).await.unwrap(), Vec::new());
}

/// The runtime sleeps until the earliest time at which something comes due.
pub async fn the_next_time_is_the_earliest_to_come<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let now = bed.world.now();
    let tasks: Vec<Task> = (0..2).map(|_| bed.world.task(&bed.campaign)).collect();
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(store, &new).await;
    assert_eq!(
        store.next_due(now).await.unwrap(),
        None,
        "ready now is not to come"
    );
    let at = |seconds| now + Span::seconds(seconds);
    // A review expires in an hour, a deadline in half of one, a retry in a minute, a hold in ten seconds.
    let artifact = bed.world.artifact(&tasks[0]);
    let review = bed.world.review(&artifact, &bed.world.verdict(&artifact));
    let with_review = vec![
        Change::Artifact(Box::new(artifact.clone())),
        Change::Review {
            review: Box::new(review),
            expected: None,
        },
    ];
    let first = bed
        .go(store, &tasks[0], tasks[0].state.clone(), with_review)
        .await;
    assert_eq!(store.next_due(now).await.unwrap(), Some(at(3_600)));
    let with_deadline = Task {
        deadline: Some(at(1_800)),
        ..tasks[1].clone()
    };
    let set = bed
        .world
        .step(&bed.campaign, &tasks[1], with_deadline, Vec::new());
    let second = set.task.clone().unwrap();
    store.commit(set).await.unwrap();
    assert_eq!(store.next_due(now).await.unwrap(), Some(at(1_800)));
    let (working, _) = bed.world.working(&bed.campaign, &second);
    let second = bed.go(store, &second, working, Vec::new()).await;
    assert_eq!(
        store.next_due(now).await.unwrap(),
        Some(at(60)),
        "the lease"
    );
    let retry = TaskState::Ready { not_before: at(40) };
    bed.go(store, &second, retry, Vec::new()).await;
    assert_eq!(store.next_due(now).await.unwrap(), Some(at(40)));
    let held = Change::Effect {
        effect: Box::new(bed.world.effect(&artifact)),
        expected: None,
    };
    bed.go(store, &first, first.state.clone(), vec![held]).await;
    assert_eq!(store.next_due(now).await.unwrap(), Some(at(10)));
    assert_eq!(store.next_due(at(10)).await.unwrap(), Some(at(40)));
    assert_eq!(store.next_due(at(3_600)).await.unwrap(), None);
}

/// The last time that something left, or was taken to leave, per platform and account.
pub async fn cooldowns_know_the_last_dispatch<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let tenant = bed.campaign.tenant;
    let end = bed.world.now() + Span::seconds(3_600);
    let last = |account: &'static str| store.last_dispatch(tenant, Platform::Sandbox, account, end);
    let artifact = bed.world.artifact(&task);
    let mut effect = bed.world.effect(&artifact);
    let made = vec![
        Change::Artifact(Box::new(artifact)),
        Change::Effect {
            effect: Box::new(effect.clone()),
            expected: None,
        },
    ];
    let mut task = bed.go(store, &task, task.state.clone(), made).await;
    assert_eq!(last("mara").await.unwrap(), None, "held: nothing left");
    let taken = bed.world.pass(11);
    let sent = taken + Span::seconds(2);
    let mut receipt = bed.world.receipt();
    receipt.received_at = sent;
    let steps = [
        (EffectState::Dispatching { since: taken }, None, Some(taken)),
        (EffectState::Held, None, None),
        (EffectState::Dispatching { since: taken }, None, Some(taken)),
        (EffectState::Sent, Some(receipt), Some(sent)),
    ];
    for (state, receipt, expected) in steps {
        let before = effect.version;
        effect.state = state;
        effect.receipt = receipt;
        effect.version = bed.world.version();
        let change = Change::Effect {
            effect: Box::new(effect.clone()),
            expected: Some(before),
        };
        task = bed.go(store, &task, task.state.clone(), vec![change]).await;
        assert_eq!(last("mara").await.unwrap(), expected, "{:?}", effect.state);
    }
    assert_eq!(last("other").await.unwrap(), None);
    let elsewhere = store
        .last_dispatch(tenant, Platform::Twitter, "mara", end)
        .await;
    assert_eq!(elsewhere.unwrap(), None);
    // A clock that was set back: a time that is still to come keeps nothing back.
    let before = sent - Span::seconds(1);
    let ahead = store.last_dispatch(tenant, Platform::Sandbox, "mara", before);
    assert_eq!(ahead.await.unwrap(), None);
    assert_eq!(store.effect(tenant, effect.id).await.unwrap(), effect);
}

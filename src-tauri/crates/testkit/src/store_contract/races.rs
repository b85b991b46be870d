//! Optimistic concurrency: one winner, and losers without a trace.

use chimera_domain::{
    change::{Change, ChangeSet},
    id::{CampaignId, VersionId},
    task::TaskState,
};
use chimera_ports::{error::PortError, store::Store};
use futures::future::join_all;

use super::{Bed, campaign_set};
use crate::World;

fn is_conflict<T: std::fmt::Debug>(outcome: &Result<T, PortError>, noun: &str) -> bool {
    matches!(outcome, Err(PortError::Conflict { noun: found, .. }) if *found == noun)
}

/// Of two commits on one version the first wins; the second leaves nothing.
pub async fn one_of_two_commits_wins<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let (state, attempt) = bed.world.working(&bed.campaign, &task);
    let first = bed.to(&task, state, vec![Change::Attempt(attempt)]);
    let (state, attempt) = bed.world.working(&bed.campaign, &task);
    let second = bed.to(
        &task,
        state,
        vec![
            Change::Attempt(attempt),
            Change::Audit(bed.world.audit("task.assign")),
        ],
    );
    store.commit(first.clone()).await.unwrap();
    let lost = store.commit(second).await;
    assert!(is_conflict(&lost, "task"), "{lost:?}");
    let tenant = bed.campaign.tenant;
    assert_eq!(bed.stored(store, task.id).await, first.task.unwrap());
    assert_eq!(store.attempts(tenant, task.id).await.unwrap().len(), 1);
    let audit = store
        .audit(
            tenant,
            chimera_ports::store::AuditFilter::default(),
            chimera_ports::page::PageRequest::default(),
        )
        .await
        .unwrap();
    assert_eq!(audit.items, Vec::new());
    assert_eq!(bed.events(store).await.len(), 1);
}

/// However many race at once, one wins.
pub async fn one_of_sixty_four_commits_wins<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let sets: Vec<ChangeSet> = (0..64)
        .map(|_| {
            let (state, attempt) = bed.world.working(&bed.campaign, &task);
            bed.to(&task, state, vec![Change::Attempt(attempt)])
        })
        .collect();
    let outcomes = join_all(sets.iter().cloned().map(|set| store.commit(set))).await;
    let won: Vec<usize> = (0..64).filter(|at| outcomes[*at].is_ok()).collect();
    assert_eq!(won.len(), 1);
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome.is_ok() || is_conflict(outcome, "task"))
    );
    assert_eq!(
        Some(bed.stored(store, task.id).await),
        sets[won[0]].task.clone()
    );
    assert_eq!(
        store
            .attempts(bed.campaign.tenant, task.id)
            .await
            .unwrap()
            .len(),
        1
    );
}

/// A set that saw an older campaign is refused, whatever else is right about it.
pub async fn a_changed_campaign_refuses_the_set<S: Store>(store: &S) {
    let mut bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let before = bed.clone();
    let paused = bed.change(|campaign| campaign.state_version += 1, Vec::new());
    store.commit(paused).await.unwrap();
    let late = store.commit(before.completion(&task)).await;
    assert!(is_conflict(&late, "campaign"), "{late:?}");
    assert_eq!(bed.stored(store, task.id).await, task);
    assert_eq!(
        store
            .campaign(bed.campaign.tenant, bed.campaign.id)
            .await
            .unwrap(),
        bed.campaign
    );
}

/// The version of each changed review and effect is compared as well.
pub async fn a_stale_review_or_effect_refuses_the_whole_set<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let artifact = bed.world.artifact(&task);
    let review = bed.world.review(&artifact, &bed.world.verdict(&artifact));
    let effect = bed.world.effect(&artifact);
    let made = vec![
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
    let task = bed.go(store, &task, task.state.clone(), made).await;
    let stale = Some(VersionId::from_uuid(bed.world.uuid()));
    let with_review = Change::Review {
        review: Box::new(review.clone()),
        expected: stale,
    };
    let with_effect = Change::Effect {
        effect: Box::new(effect.clone()),
        expected: stale,
    };
    let again = Change::Review {
        review: Box::new(review),
        expected: None,
    };
    for (change, noun) in [
        (with_review, "review"),
        (with_effect, "effect"),
        (again, "review"),
    ] {
        let lost = store
            .commit(bed.to(&task, TaskState::Completed, vec![change]))
            .await;
        assert!(is_conflict(&lost, noun), "{lost:?}");
    }
    assert_eq!(bed.stored(store, task.id).await, task);
    let progress = store
        .progress(bed.campaign.tenant, bed.campaign.id)
        .await
        .unwrap();
    assert_eq!((progress.open, progress.completed), (1, 0));
}

/// Among many that commit together, only the stale ones are refused.
pub async fn a_refused_set_leaves_its_neighbours_alone<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tasks: Vec<_> = (0..60).map(|_| bed.world.task(&bed.campaign)).collect();
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(store, &new).await;
    let sets = tasks.iter().enumerate().map(|(at, task)| {
        let mut set = bed.completion(task);
        if at % 3 == 0 {
            set.expected.task = Some((task.id, bed.world.version()));
        }
        set
    });
    let outcomes = join_all(sets.map(|set| store.commit(set))).await;
    for (at, outcome) in outcomes.iter().enumerate() {
        let stored = bed.stored(store, tasks[at].id).await.state;
        if at % 3 == 0 {
            assert!(is_conflict(outcome, "task"), "{outcome:?}");
            assert_eq!(stored, tasks[at].state);
        } else {
            assert!(outcome.is_ok(), "{outcome:?}");
            assert_eq!(stored, TaskState::Completed);
        }
    }
    let progress = store
        .progress(bed.campaign.tenant, bed.campaign.id)
        .await
        .unwrap();
    assert_eq!((progress.open, progress.completed), (20, 40));
}

/// A set that the database refuses is told apart from those that share its transaction.
pub async fn a_set_that_does_not_fit_fails_alone<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tasks: Vec<_> = (0..40).map(|_| bed.world.task(&bed.campaign)).collect();
    let new: Vec<_> = tasks.iter().map(|task| (task, &[][..])).collect();
    bed.add(store, &new).await;
    let sets = tasks.iter().enumerate().map(|(at, task)| {
        let artifact = bed.world.artifact(task);
        let mut effect = bed.world.effect(&artifact);
        if at % 8 == 1 {
            // An intent is there once and for all: these five have the same.
            effect.intent_key = "chimera-twice".to_owned();
        }
        let changes = vec![
            Change::Artifact(Box::new(artifact)),
            Change::Effect {
                effect: Box::new(effect),
                expected: None,
            },
        ];
        bed.to(task, TaskState::Completed, changes)
    });
    let outcomes = join_all(sets.map(|set| store.commit(set))).await;
    let failed: Vec<usize> = (0..40).filter(|at| outcomes[*at].is_err()).collect();
    assert_eq!(
        failed.len(),
        4,
        "one of the five is the first: {outcomes:?}"
    );
    for at in failed {
        assert_eq!(at % 8, 1);
        assert!(is_conflict(&outcomes[at], "effect"), "{:?}", outcomes[at]);
        assert_eq!(bed.stored(store, tasks[at].id).await, tasks[at]);
    }
    let progress = store
        .progress(bed.campaign.tenant, bed.campaign.id)
        .await
        .unwrap();
    assert_eq!((progress.open, progress.completed), (4, 36));
    assert_eq!(bed.events(store).await.len(), 36);
}

/// A set speaks of one tenant, one campaign and one task.
pub async fn a_set_of_mixed_tenants_or_campaigns_is_refused<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let other = Bed::in_store(store, bed.world.other_tenant()).await;
    let (task, foreign) = (bed.ready_task(store).await, other.ready_task(store).await);
    let foreign_note = bed.set(vec![Change::Audit(other.world.audit("x.y"))]);
    let foreign_task = bed.to(&foreign, TaskState::Completed, Vec::new());
    let mut unguarded = bed.completion(&task);
    unguarded.expected.task = None;
    for set in [foreign_note, foreign_task, unguarded] {
        let refused = store.commit(set).await;
        assert!(
            matches!(
                refused,
                Err(PortError::Invalid(_) | PortError::NotFound { .. })
            ),
            "{refused:?}"
        );
    }
    let mut elsewhere = bed.completion(&task);
    elsewhere.expected.campaign.0 = CampaignId::from_uuid(bed.world.uuid());
    let refused = store.commit(elsewhere).await;
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(bed.stored(store, task.id).await, task);
    assert_eq!(other.stored(store, foreign.id).await, foreign);
}

/// Two people who edit a campaign: the second hears of the first.
pub async fn a_campaign_has_one_editor_at_a_time<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let expected = bed.campaign.version;
    let mut mine = bed.campaign.clone();
    mine.name = "Mine".to_owned();
    mine.version = bed.world.version();
    let mut yours = mine.clone();
    yours.name = "Yours".to_owned();
    yours.version = bed.world.version();
    let notes = vec![Change::Audit(bed.world.audit("campaign.edit"))];
    store
        .commit(campaign_set(&mine, expected, notes.clone()))
        .await
        .unwrap();
    let lost = store.commit(campaign_set(&yours, expected, notes)).await;
    assert!(is_conflict(&lost, "campaign"), "{lost:?}");
    assert_eq!(store.campaign(mine.tenant, mine.id).await.unwrap(), mine);
}

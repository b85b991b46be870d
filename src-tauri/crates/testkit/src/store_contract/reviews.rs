//! Claims and filters of the review queue.

use chimera_domain::{
    action::EffectState,
    change::Change,
    confidence::Confidence,
    id::{TenantId, UserId},
    review::{Claim, Review, ReviewState},
    task::Task,
    time::Span,
};
use chimera_ports::{
    error::PortError,
    page::PageRequest,
    store::{ReviewFilter, Store},
};
use futures::future::join_all;

use super::Bed;
use crate::World;

/// A stored task with an open review.
async fn reviewed<S: Store>(
    store: &S,
    bed: &Bed,
    edit: impl FnOnce(&mut Review),
) -> (Task, Review) {
    let task = bed.ready_task(store).await;
    let artifact = bed.world.artifact(&task);
    let mut review = bed.world.review(&artifact, &bed.world.verdict(&artifact));
    edit(&mut review);
    let changes = vec![
        Change::Artifact(Box::new(artifact)),
        Change::Review {
            review: Box::new(review.clone()),
            expected: None,
        },
    ];
    let task = bed.go(store, &task, task.state.clone(), changes).await;
    (task, review)
}

/// One claim at a time; it can be renewed, given up, and taken over when it has ended.
pub async fn a_claim_keeps_others_out_until_it_ends<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let (_, review) = reviewed(store, &bed, |_| {}).await;
    let (ann, bo) = (
        UserId::from_uuid(bed.world.uuid()),
        UserId::from_uuid(bed.world.uuid()),
    );
    let claim = |by, seconds| {
        let now = bed.world.now();
        let claim = Claim {
            by,
            until: now + Span::seconds(seconds),
        };
        let version = bed.world.version();
        store.claim_review(tenant, review.review_id, by, Some(claim), now, version)
    };
    let give_up = |by| {
        let version = bed.world.version();
        store.claim_review(tenant, review.review_id, by, None, bed.world.now(), version)
    };
    let events = bed.events(store).await.len();
    let claimed = claim(ann, 60).await.unwrap();
    assert_eq!(claimed.claim.as_ref().unwrap().by, ann);
    assert_ne!(claimed.version, review.version);
    assert_eq!(
        store.review(tenant, review.review_id).await.unwrap(),
        claimed
    );
    assert_eq!(bed.events(store).await.len(), events + 1, "others are told");
    assert!(claim(bo, 60).await.is_err_and(|error| error.is_conflict()));
    assert!(give_up(bo).await.is_err_and(|error| error.is_conflict()));
    bed.world.pass(30);
    claim(ann, 60).await.unwrap();
    bed.world.pass(59);
    assert!(claim(bo, 60).await.is_err_and(|error| error.is_conflict()));
    bed.world.pass(1);
    assert_eq!(claim(bo, 60).await.unwrap().claim.unwrap().by, bo);
    assert_eq!(give_up(bo).await.unwrap().claim, None);
    claim(ann, 60).await.unwrap();
    let racing = join_all((0..20).map(|_| claim(UserId::from_uuid(bed.world.uuid()), 60))).await;
    assert!(racing.iter().all(Result::is_err), "ann holds it");
    give_up(ann).await.unwrap();
    let racing = join_all((0..20).map(|_| claim(UserId::from_uuid(bed.world.uuid()), 60))).await;
    assert_eq!(racing.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    let now = bed.world.now();
    let foreign = Some(Claim {
        by: bo,
        until: now + Span::seconds(1),
    });
    let version = bed.world.version();
    let refused = store
        .claim_review(tenant, review.review_id, ann, foreign, now, version)
        .await;
    assert!(matches!(refused, Err(PortError::Invalid(_))));
}

/// What is decided is not up for claims; a decision clashes with a claim made after it was read.
pub async fn a_decided_review_cannot_be_claimed<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let (task, review) = reviewed(store, &bed, |_| {}).await;
    assert_eq!(
        store.open_review(tenant, task.id).await.unwrap(),
        Some(review.clone())
    );
    let mut decided = review.clone();
    decided.state = ReviewState::Approved;
    decided.decided_by = Some(bed.user.id);
    decided.decided_at = Some(bed.world.now());
    decided.version = bed.world.version();
    let change = Change::Review {
        review: Box::new(decided.clone()),
        expected: Some(review.version),
    };
    let done = store
        .commit(bed.to(&task, task.state.clone(), vec![change]))
        .await
        .unwrap();
    assert_eq!(done.reviews, vec![review.review_id]);
    assert_eq!(store.open_review(tenant, task.id).await.unwrap(), None);
    let now = bed.world.now();
    let claim = Some(Claim {
        by: bed.user.id,
        until: now + Span::seconds(60),
    });
    let version = bed.world.version();
    let late = store
        .claim_review(tenant, review.review_id, bed.user.id, claim, now, version)
        .await;
    assert!(late.is_err_and(|error| error.is_conflict()));
    assert_eq!(
        store.review(tenant, review.review_id).await.unwrap(),
        decided
    );
}

/// By state, by campaign, by a finding that needs a person, by score.
pub async fn the_queue_is_filtered<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let (_, plain) = reviewed(store, &bed, |review| review.findings.clear()).await;
    let (_, sensitive) = reviewed(store, &bed, |_| {}).await;
    let (_, sure) = reviewed(store, &bed, |review| {
        review.findings.clear();
        review.confidence_score = Confidence::from_basis_points(9_001);
        review.state = ReviewState::Escalated;
    })
    .await;
    let all = ReviewFilter::default();
    let cases = [
        (all.clone(), vec![&plain, &sensitive, &sure]),
        (
            ReviewFilter {
                sensitive_only: true,
                ..all.clone()
            },
            vec![&sensitive],
        ),
        (
            ReviewFilter {
                below_basis_points: Some(9_001),
                ..all.clone()
            },
            vec![&plain, &sensitive],
        ),
        (
            ReviewFilter {
                states: vec![ReviewState::Escalated],
                ..all.clone()
            },
            vec![&sure],
        ),
        (
            ReviewFilter {
                states: vec![ReviewState::Open, ReviewState::Expired],
                ..all.clone()
            },
            vec![&sensitive, &plain],
        ),
        (
            ReviewFilter {
                states: vec![ReviewState::Expired],
                ..all
            },
            vec![],
        ),
    ];
    for (filter, expected) in cases {
        let found = store
            .reviews(tenant, filter.clone(), PageRequest::default())
            .await
            .unwrap();
        let found: Vec<&Review> = found.items.iter().collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}

/// A second open review of a task is a conflict; after the first is decided it is not.
pub async fn a_task_has_one_open_review<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let (task, review) = reviewed(store, &bed, |_| {}).await;
    let artifact = bed.world.artifact(&task);
    let second = bed.world.review(&artifact, &bed.world.verdict(&artifact));
    let open = Change::Review {
        review: Box::new(second.clone()),
        expected: None,
    };
    let refused = store
        .commit(bed.to(&task, task.state.clone(), vec![open.clone()]))
        .await;
    assert!(refused.is_err_and(|error| error.is_conflict()));
    let mut closed = review.clone();
    closed.state = ReviewState::Rejected;
    closed.version = bed.world.version();
    let close = Change::Review {
        review: Box::new(closed),
        expected: Some(review.version),
    };
    let task = bed
        .go(store, &task, task.state.clone(), vec![close, open])
        .await;
    assert_eq!(
        store
            .open_review(bed.campaign.tenant, task.id)
            .await
            .unwrap(),
        Some(second)
    );
}

/// A decision that was approved and taken back within the undo time.
async fn taken_back<S: Store>(store: &S, bed: &Bed, by: UserId, text: &str) {
    let task = bed.ready_task(store).await;
    let artifact = bed.world.artifact(&task);
    let mut taken_back = bed.world.review(&artifact, &bed.world.verdict(&artifact));
    taken_back.content_preview.text = text.to_owned();
    taken_back.state = ReviewState::Approved;
    taken_back.decided_by = Some(by);
    taken_back.decided_at = Some(bed.world.now());
    let mut effect = bed.world.effect(&artifact);
    effect.approval.review = Some(taken_back.review_id);
    effect.state = EffectState::Undone;
    let changes = vec![
        Change::Artifact(Box::new(artifact)),
        Change::Review {
            review: Box::new(taken_back),
            expected: None,
        },
        Change::Effect {
            effect: Box::new(effect),
            expected: None,
        },
    ];
    bed.go(store, &task, task.state.clone(), changes).await;
}

/// What people decided on the same agent's like words, newest first.
pub async fn similar_decisions_are_of_the_same_agent<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let (agent, persona) = bed.world.agent("other");
    store
        .create_agent(&agent, &persona, Vec::new())
        .await
        .unwrap();
    let by = bed.user.id;
    let mut made = Vec::new();
    for (text, decider) in [
        ("hand grinders beat electric grinders", Some(by)),
        ("politics of tea", Some(by)),
        ("electric grinders and hand mills", Some(by)),
        ("hand grinders beat electric grinders", None),
    ] {
        let decided_at = bed.world.pass(1);
        let (_, review) = reviewed(store, &bed, |review| {
            review.content_preview.text = text.to_owned();
            review.state = ReviewState::Approved;
            review.decided_by = decider;
            review.decided_at = Some(decided_at);
        })
        .await;
        made.push(review);
    }
    reviewed(store, &bed, |review| {
        review.agent_id = agent.id;
        review.content_preview.text = "hand grinders beat electric grinders".to_owned();
        review.state = ReviewState::Approved;
        review.decided_by = Some(by);
    })
    .await;
    let (_, open) = reviewed(store, &bed, |review| {
        review.content_preview.text = "Hand grinders beat all electric grinders!".to_owned();
    })
    .await;
    // What was taken back is no precedent, however alike.
    taken_back(store, &bed, by, "hand grinders beat all electric grinders").await;
    // Some words in common are no precedent.
    reviewed(store, &bed, |review| {
        review.content_preview.text =
            "electric cars, night trains, late ferries and slow rivers".to_owned();
        review.state = ReviewState::Approved;
        review.decided_by = Some(by);
        review.decided_at = Some(bed.world.now());
    })
    .await;
    let similar = |limit| store.similar_decisions(tenant, open.review_id, limit);
    assert_eq!(
        similar(9).await.unwrap(),
        vec![made[2].clone(), made[0].clone()]
    );
    assert_eq!(similar(1).await.unwrap(), vec![made[0].clone()]);
}

/// What the rehearsal model made is told from what an AI made, for one's own tenant only.
pub async fn rehearsed_artifacts_are_told_from_others<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let rehearsed = bed.world.artifact(&task);
    let mut by_ai = bed.world.artifact(&task);
    by_ai.generation_metadata.rehearsal = false;
    let changes = [&rehearsed, &by_ai]
        .map(|artifact| Change::Artifact(Box::new(artifact.clone())))
        .to_vec();
    store.commit(bed.set(changes)).await.unwrap();
    let unknown = bed.world.artifact(&task);
    let asked = [&rehearsed, &by_ai, &unknown].map(|artifact| artifact.artifact_id);
    let found = store.rehearsed(bed.campaign.tenant, &asked).await.unwrap();
    assert_eq!(found, [rehearsed.artifact_id].into());
    let nobody = TenantId::from_uuid(bed.world.uuid());
    assert!(store.rehearsed(nobody, &asked).await.unwrap().is_empty());
    let none = store.rehearsed(bed.campaign.tenant, &[]).await.unwrap();
    assert!(none.is_empty());
}

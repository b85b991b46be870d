//! Boards: what the engine sees is what was stored, from one moment.

use chimera_domain::{
    action::EffectState,
    change::{Attempt, Change, NewTask},
    fault::{Fault, FaultClass},
    id::ArtifactId,
    provenance::Private,
    review::{RejectReason, ReviewState},
    task::{Task, TaskKind, TaskState},
    time::Span,
};
use chimera_ports::store::Store;

use super::Bed;
use crate::World;

/// The newest artifact, the verdict on it, the last review, the last effect.
pub async fn a_board_shows_the_newest_of_everything<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let bare = store.board(bed.campaign.tenant, task.id).await.unwrap();
    assert_eq!(
        (bare.campaign, bare.task),
        (bed.campaign.clone(), task.clone())
    );
    assert_eq!(
        (bare.artifact, bare.verdict, bare.review),
        (None, None, None)
    );
    assert_eq!((bare.effect, bare.upstream), (None, Vec::new()));

    let old = bed.world.artifact(&task);
    let old_verdict = bed.world.verdict(&old);
    let mut old_review = bed.world.review(&old, &old_verdict);
    old_review.state = ReviewState::Rejected;
    old_review.reject_reason = Some(RejectReason::CulturalInsensitivity);
    old_review.note = Some("no \u{0} more".to_owned());
    old_review.decided_at = Some(bed.world.now());
    let mut old_effect = bed.world.effect(&old);
    old_effect.state = EffectState::Undone;
    bed.world.pass(1);
    let new = bed.world.artifact(&task);
    let first_verdict = bed.world.verdict(&new);
    bed.world.pass(1);
    let verdict = bed.world.verdict(&new);
    let review = bed.world.review(&new, &verdict);
    let mut effect = bed.world.effect(&new);
    effect.receipt = Some(bed.world.receipt());
    effect.fault = Some(Fault::new(FaultClass::Transient, "RATE_LIMIT", "later"));
    let mut after = task.clone();
    after.artifact = Some(new.artifact_id);
    let changes = vec![
        Change::Artifact(Box::new(old)),
        Change::Artifact(Box::new(new.clone())),
        Change::Verdict(Box::new(old_verdict)),
        Change::Verdict(Box::new(first_verdict)),
        Change::Verdict(Box::new(verdict.clone())),
        Change::Review {
            review: Box::new(old_review),
            expected: None,
        },
        Change::Review {
            review: Box::new(review.clone()),
            expected: None,
        },
        Change::Effect {
            effect: Box::new(old_effect),
            expected: None,
        },
        Change::Effect {
            effect: Box::new(effect.clone()),
            expected: None,
        },
    ];
    let set = bed.world.step(&bed.campaign, &task, after, changes);
    let after = set.task.clone().unwrap();
    let done = store.commit(set).await.unwrap();
    assert_eq!((done.reviews.len(), done.effects.len()), (2, 2));
    let board = store.board(bed.campaign.tenant, task.id).await.unwrap();
    assert_eq!(board.task, after);
    assert_eq!(board.artifact, Some(new));
    assert_eq!(board.verdict, Some(verdict));
    assert_eq!(board.review, Some(review));
    assert_eq!(board.effect, Some(effect));
}

/// What a post is made of comes with the board, so that it can be written anew in one transaction.
pub async fn an_outward_task_shows_what_it_builds_on<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let research = bed.world.task(&bed.campaign);
    let notes = bed.world.task(&bed.campaign);
    bed.world.pass(1);
    let draft = bed.world.blocked_task(&bed.campaign, 2);
    let mut post = bed.world.blocked_task(&bed.campaign, 1);
    post.kind = TaskKind::PublishPost;
    bed.add(
        store,
        &[
            (&research, &[]),
            (&notes, &[]),
            (&draft, &[&research, &notes]),
            (&post, &[&draft]),
        ],
    )
    .await;
    let tenant = bed.campaign.tenant;
    let mut needs = vec![research.id, notes.id];
    needs.sort_unstable();
    let board = store.board(tenant, post.id).await.unwrap();
    assert_eq!(
        board.upstream,
        vec![NewTask {
            task: draft.clone(),
            needs
        }]
    );
    let board = store.board(tenant, draft.id).await.unwrap();
    assert_eq!(board.upstream, Vec::new());
}

/// Each state survives the store with everything in it, and so does every optional field.
pub async fn every_state_and_field_comes_back_as_it_went_in<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let artifact = ArtifactId::from_uuid(bed.world.uuid());
    let review = bed.world.artifact(&task);
    let review = bed.world.review(&review, &bed.world.verdict(&review));
    let effect = bed.world.effect(&bed.world.artifact(&task));
    let (working, _) = bed.world.working(&bed.campaign, &task);
    let later = bed.world.now() + Span::seconds(90);
    let states = [
        TaskState::Blocked,
        TaskState::Ready { not_before: later },
        working,
        TaskState::Judging {
            artifact,
            state_version: 7,
            lease_until: None,
        },
        TaskState::Judging {
            artifact,
            state_version: -7,
            lease_until: Some(later),
        },
        TaskState::Reviewing {
            review: review.review_id,
            artifact,
        },
        TaskState::Releasing {
            effect: effect.id,
            artifact,
        },
        TaskState::Completed,
        TaskState::Failed,
        TaskState::Cancelled,
        TaskState::TimedOut,
    ];
    let mut task = task;
    for state in states {
        let full = Task {
            state,
            title: "Ä \u{0} '\"\\ \u{1F980}".to_owned(),
            instructions: "line\nline\r\n\ttab".to_owned(),
            plan_private: Some(Private::Knowledge),
            deadline: Some(later),
            publish_at: Some(later),
            attempts: 2,
            rejections: 3,
            guidance: vec!["dry\u{0}er".to_owned(), String::new()],
            score: Some(chimera_domain::confidence::Confidence::from_basis_points(
                8_999,
            )),
            artifact: Some(artifact),
            fault: Some(Fault {
                retry_after_ms: Some(u64::from(u32::MAX)),
                ..Fault::new(FaultClass::BudgetExhausted, "X", "\u{0}")
            }),
            max_cost: None,
            platform: None,
            ..task.clone()
        };
        let set = bed.world.step(&bed.campaign, &task, full, Vec::new());
        task = set.task.clone().unwrap();
        store.commit(set).await.unwrap();
        assert_eq!(bed.stored(store, task.id).await, task);
        let board = store.board(bed.campaign.tenant, task.id).await.unwrap();
        assert_eq!(board.task, task);
    }
}

/// A task's inputs: what it needs, as far as there is a result.
pub async fn inputs_are_the_results_that_a_task_builds_on<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let (one, two) = (bed.world.task(&bed.campaign), bed.world.task(&bed.campaign));
    let child = bed.world.blocked_task(&bed.campaign, 2);
    bed.add(store, &[(&one, &[]), (&two, &[]), (&child, &[&one, &two])])
        .await;
    let artifact = bed.world.artifact(&one);
    let verdict = bed.world.verdict(&artifact);
    let done = Task {
        state: TaskState::Completed,
        artifact: Some(artifact.artifact_id),
        ..one.clone()
    };
    let changes = vec![
        Change::Artifact(Box::new(artifact.clone())),
        Change::Verdict(Box::new(verdict.clone())),
    ];
    let set = bed.world.step(&bed.campaign, &one, done, changes);
    let done = set.task.clone().unwrap();
    store.commit(set).await.unwrap();
    let tenant = bed.campaign.tenant;
    let inputs = store.inputs(tenant, child.id).await.unwrap();
    assert_eq!(
        inputs,
        vec![(done, artifact.clone(), Some(verdict.clone()))]
    );
    assert_eq!(
        store.artifacts(tenant, one.id).await.unwrap(),
        vec![artifact.clone()]
    );
    assert_eq!(
        store.artifact(tenant, artifact.artifact_id).await.unwrap(),
        artifact
    );
    assert_eq!(
        store.verdict(tenant, artifact.artifact_id).await.unwrap(),
        Some(verdict)
    );
}

/// Who ends an attempt need not know who began it, and when.
pub async fn an_attempt_keeps_its_start<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let (state, attempt) = bed.world.working(&bed.campaign, &task);
    let working = bed
        .go(store, &task, state, vec![Change::Attempt(attempt.clone())])
        .await;
    let end = bed.world.pass(3);
    let ended = Attempt {
        worker: String::new(),
        started_at: end,
        ended_at: Some(end),
        outcome: "failed".to_owned(),
        fault: Some(Fault::new(FaultClass::Unknown, "X", "x")),
        ..attempt.clone()
    };
    let again = TaskState::Ready { not_before: end };
    bed.go(store, &working, again, vec![Change::Attempt(ended.clone())])
        .await;
    let stored = store.attempts(bed.campaign.tenant, task.id).await.unwrap();
    assert_eq!(
        stored,
        vec![Attempt {
            worker: attempt.worker,
            started_at: attempt.started_at,
            ..ended
        }]
    );
}

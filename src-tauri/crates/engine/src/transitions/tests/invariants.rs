//! What must hold whatever is asked in whatever order: random commands, clock jumps, pauses, losses, and a world that
//! changes between decision and dispatch.

use std::collections::HashMap;

use chimera_domain::{
    action::{ApprovalKind, EffectState},
    id::{EffectId, PersonaVersionId},
    review::ReviewState,
    verdict::{RiskLevel, Verdict},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use super::{
    happenings::{Happening, World, happening},
    *,
};

/// Walks until something has left by each kind of decision: a few hundred suffice.
const MOST_WALKS: u32 = 2_000;

/// How things stood when an effect was decided.
struct DecidedOn {
    policy: u32,
    persona: PersonaVersionId,
    verdict: Verdict,
}

/// Lets everything happen, and looks after each step; answers by which decisions something left.
fn walk(steps: &[Happening]) -> Result<Vec<ApprovalKind>, TestCaseError> {
    let mut world = World::new();
    let mut left = Vec::new();
    let mut decided: HashMap<EffectId, DecidedOn> = HashMap::new();
    for step in steps {
        let before = world.desk.board.clone();
        let agreed = world.happen(step);
        let now = &world.desk.board;
        // A refusal changes nothing.
        if !agreed {
            prop_assert_eq!(&before, now);
            continue;
        }
        // What has ended stays as it is.
        if before.task.state.is_terminal() {
            prop_assert_eq!(&before.task.state, &now.task.state);
        }
        if let (Some(effect), Some(verdict)) = (&now.effect, &now.verdict) {
            decided.entry(effect.id).or_insert_with(|| DecidedOn {
                policy: now.campaign.policy_version,
                persona: now.campaign.persona_version,
                verdict: verdict.clone(),
            });
        }
        if let Some(effect) = &now.effect
            && matches!(effect.state, EffectState::Dispatching { .. })
            && before
                .effect
                .as_ref()
                .is_none_or(|earlier| earlier.state != effect.state)
        {
            left.push(effect.approval.kind);
            may_leave(&world, effect, &decided[&effect.id])?;
        }
        nothing_stands_wrong(now, step)?;
    }
    // One task leaves once; only a failure that is known to have had no effect leaves again.
    let safe_losses = steps
        .iter()
        .filter(|step| matches!(step, Happening::Lose(true)))
        .count();
    prop_assert!(left.len() <= 1 + safe_losses);
    Ok(left)
}

/// What begins to leave may leave.
fn may_leave(world: &World, effect: &Effect, then: &DecidedOn) -> Result<(), TestCaseError> {
    let (desk, now) = (&world.desk, &world.desk.board);
    // Only an active campaign sends, only after the undo time, only under a living approval, and nothing while
    // everything is stopped.
    prop_assert!(!world.stopped);
    prop_assert_eq!(now.campaign.status, CampaignStatus::Active);
    prop_assert!(desk.now >= effect.held_until);
    prop_assert!(desk.now < effect.approval.expires_at);
    // What leaves is what was decided, by the tool, the policy and the persona of that moment.
    prop_assert_eq!(effect.action.schema_hash, world.schema);
    prop_assert_eq!(then.policy, now.campaign.policy_version);
    prop_assert_eq!(then.persona, now.campaign.persona_version);
    prop_assert_eq!(then.verdict.artifact_id, effect.artifact);
    match effect.approval.kind {
        ApprovalKind::ByRule => {
            let sure = |score| score > Confidence::from_percent(90);
            prop_assert!(now.task.score.is_some_and(sure));
            prop_assert_eq!(then.verdict.risk_category.level, RiskLevel::Low);
            prop_assert_eq!(&then.verdict.findings, &[]);
        }
        ApprovalKind::ByPerson | ApprovalKind::ByPersonEdited => {
            let state = now.review.as_ref().map(|review| review.state);
            let agreed = matches!(state, Some(ReviewState::Approved | ReviewState::Edited));
            prop_assert!(agreed, "{:?}", state);
        }
    }
    Ok(())
}

/// What holds after every step.
fn nothing_stands_wrong(now: &Board, step: &Happening) -> Result<(), TestCaseError> {
    let state = now.effect.as_ref().map(|effect| &effect.state);
    // Expiry never approves: an expired review has no effect of its own that can still leave.
    if let Some(review) = &now.review
        && review.state == ReviewState::Expired
    {
        let alive = now.effect.as_ref().is_some_and(|effect| {
            effect.approval.review == Some(review.review_id) && effect.state != EffectState::Undone
        });
        prop_assert!(!alive);
    }
    // What was called off holds nothing back, and waits only for what may have left already.
    if now.campaign.status == CampaignStatus::Cancelled {
        prop_assert_ne!(state, Some(&EffectState::Held), "{:?}", step);
        let may_have_left = matches!(
            state,
            Some(EffectState::Dispatching { .. } | EffectState::PendingReconciliation)
        );
        prop_assert_eq!(may_have_left, !now.task.state.is_terminal(), "{:?}", step);
    }
    // A paused campaign has nobody at work.
    if now.campaign.status == CampaignStatus::Paused {
        let at_work = matches!(now.task.state, TaskState::Working { .. });
        prop_assert!(!at_work, "{:?} left {:?}", step, now.task.state);
    }
    Ok(())
}

fn steps() -> impl Strategy<Value = Vec<Happening>> {
    proptest::collection::vec(happening(), 1..200)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_leaves_without_a_decision_that_covers_it(steps in steps()) {
        walk(&steps)?;
    }
}

/// The walks above would prove nothing if they never came to the door.
#[test]
fn something_leaves_by_each_kind_of_decision() {
    let mut runner = TestRunner::deterministic();
    let mut missing = vec![
        ApprovalKind::ByRule,
        ApprovalKind::ByPerson,
        ApprovalKind::ByPersonEdited,
    ];
    for _ in 0..MOST_WALKS {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        let left = walk(&steps).unwrap();
        missing.retain(|kind| !left.contains(kind));
        if missing.is_empty() {
            return;
        }
    }
    panic!("nothing left by {missing:?} in {MOST_WALKS} walks");
}

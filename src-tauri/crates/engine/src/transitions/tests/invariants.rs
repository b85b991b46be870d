//! What must hold whatever is asked in whatever order: random commands, clock jumps, pauses and losses.

use chimera_domain::{
    action::{ApprovalKind, EffectState, Receipt},
    fault::{Fault, FaultClass},
    review::{RejectReason, ReviewState},
    verdict::RiskLevel,
};
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::Resolution;

/// One thing that may happen.
#[derive(Clone, Debug)]
enum Happening {
    Assign,
    Record,
    Fail(bool),
    Take,
    Judge(u16),
    Approve,
    Reject,
    Expire,
    Undo,
    Dispatch,
    Settle,
    Lose(bool),
    Reconcile(bool),
    Lapse,
    Pause,
    Resume,
    Cancel,
    CancelCampaign,
    Wait(u32),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        4 => Just(Happening::Assign),
        4 => Just(Happening::Record),
        1 => any::<bool>().prop_map(Happening::Fail),
        4 => Just(Happening::Take),
        4 => (0u16..=100).prop_map(Happening::Judge),
        3 => Just(Happening::Approve),
        1 => Just(Happening::Reject),
        2 => Just(Happening::Expire),
        1 => Just(Happening::Undo),
        4 => Just(Happening::Dispatch),
        3 => Just(Happening::Settle),
        2 => any::<bool>().prop_map(Happening::Lose),
        2 => any::<bool>().prop_map(Happening::Reconcile),
        1 => Just(Happening::Lapse),
        1 => Just(Happening::Pause),
        2 => Just(Happening::Resume),
        1 => Just(Happening::Cancel),
        1 => Just(Happening::CancelCampaign),
        4 => prop_oneof![Just(1u32), Just(10), Just(120), Just(90_000)].prop_map(Happening::Wait),
    ]
}

/// Asks what happens; `true` when the engine agreed.
fn happen(desk: &mut Desk, what: &Happening) -> bool {
    let review = desk.board.review.clone();
    let effect = desk.board.effect.clone();
    let command = match what {
        Happening::Wait(seconds) => {
            desk.wait(*seconds);
            return true;
        }
        Happening::Pause => return desk.ask_campaign(CampaignCommand::Pause).is_ok(),
        Happening::Resume => return desk.ask_campaign(CampaignCommand::Resume).is_ok(),
        Happening::CancelCampaign => {
            let note = String::new();
            return desk.ask_campaign(CampaignCommand::Cancel { note }).is_ok();
        }
        Happening::Assign => Command::Assign {
            worker: "w".into(),
            lease: LEASE,
        },
        Happening::Record => {
            let TaskState::Working { attempt, .. } = desk.board.task.state else {
                return false;
            };
            let artifact = desk.artifact(attempt);
            Command::Record {
                artifact: Box::new(artifact),
            }
        }
        Happening::Fail(transient) => {
            let class = if *transient {
                FaultClass::Transient
            } else {
                FaultClass::Permanent
            };
            let attempt = match desk.board.task.state {
                TaskState::Working { attempt, .. } => Some(attempt),
                _ => None,
            };
            Command::Fail {
                attempt,
                fault: Fault::new(class, "TEST", "test"),
                jitter: 0,
            }
        }
        Happening::Take => Command::TakeJudgement { lease: LEASE },
        Happening::Judge(percent) => {
            let verdict = desk.verdict(*percent, RiskLevel::Low, Vec::new());
            Command::Judge {
                verdict: Box::new(verdict),
            }
        }
        Happening::Approve | Happening::Reject | Happening::Expire => {
            let Some(review) = review else { return false };
            on_review(what, &review)
        }
        Happening::Undo
        | Happening::Dispatch
        | Happening::Settle
        | Happening::Lose(_)
        | Happening::Reconcile(_) => {
            let Some(effect) = effect else { return false };
            on_effect(what, effect.id, desk.now)
        }
        Happening::Lapse => Command::LapseLease {
            holder_is_gone: true,
        },
        Happening::Cancel => Command::Cancel {
            note: String::new(),
        },
    };
    desk.ask(command).is_ok()
}

fn on_review(what: &Happening, review: &Review) -> Command {
    let resolution = match what {
        Happening::Expire => {
            return Command::ExpireReview {
                review: review.review_id,
            };
        }
        Happening::Approve => Resolution::Approve,
        _ => Resolution::Reject {
            reason: RejectReason::Other,
            note: String::new(),
        },
    };
    Command::Resolve {
        review: review.review_id,
        shown: review.shown,
        resolution,
    }
}

fn on_effect(what: &Happening, effect: chimera_domain::id::EffectId, now: Timestamp) -> Command {
    let receipt = Receipt {
        post_id: None,
        url: None,
        raw: Value::Null,
        received_at: now,
    };
    match what {
        Happening::Undo => Command::Undo { effect },
        Happening::Settle => Command::Settle { effect, receipt },
        Happening::Reconcile(sent) => Command::Reconcile {
            effect,
            found: sent.then_some(receipt),
            note: String::new(),
        },
        Happening::Lose(known) => Command::FailEffect {
            effect,
            fault: Fault::new(FaultClass::Transient, "CUT", "cut"),
            certainly_not_performed: *known,
            asks_by_key: false,
            jitter: 0,
        },
        _ => Command::Dispatch {
            effect,
            stopped: false,
            schema_hash: schema(),
            cooldown_until: None,
            quota_until: None,
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_leaves_without_a_decision_that_covers_it(steps in proptest::collection::vec(happening(), 1..120)) {
        let mut desk = Desk::new();
        let mut leaving = 0;
        for step in &steps {
            let before = desk.board.clone();
            let agreed = happen(&mut desk, step);
            let now = &desk.board;

            // A refusal changes nothing.
            if !agreed {
                prop_assert_eq!(&before, now);
                continue;
            }
            // What has ended stays as it is.
            if before.task.state.is_terminal() {
                prop_assert_eq!(&before.task.state, &now.task.state);
            }
            if let Some(effect) = &now.effect
                && matches!(effect.state, EffectState::Dispatching { .. })
                && before.effect.as_ref().is_none_or(|earlier| earlier.state != effect.state)
            {
                leaving += 1;
                // Only an active campaign sends, only after the undo time, only under a living approval.
                prop_assert_eq!(now.campaign.status, CampaignStatus::Active);
                prop_assert!(desk.now >= effect.held_until);
                prop_assert!(desk.now < effect.approval.expires_at);
                match effect.approval.kind {
                    ApprovalKind::ByRule => prop_assert!(now.task.score.is_some_and(|score| score > Confidence::from_percent(90))),
                    ApprovalKind::ByPerson | ApprovalKind::ByPersonEdited => {
                        let review = now.review.as_ref().unwrap();
                        prop_assert!(matches!(review.state, ReviewState::Approved | ReviewState::Edited));
                    }
                }
            }
            // Expiry never approves: an expired review has no effect of its own that can still leave.
            if let Some(review) = &now.review && review.state == ReviewState::Expired {
                let alive = now.effect.as_ref().is_some_and(|effect| {
                    effect.approval.review == Some(review.review_id) && effect.state != EffectState::Undone
                });
                prop_assert!(!alive);
            }
            // What was called off holds nothing back, and waits only for what may have left already.
            if now.campaign.status == CampaignStatus::Cancelled {
                let state = now.effect.as_ref().map(|effect| &effect.state);
                prop_assert_ne!(state, Some(&EffectState::Held), "{:?}", step);
                let may_have_left =
                    matches!(state, Some(EffectState::Dispatching { .. } | EffectState::PendingReconciliation));
                prop_assert_eq!(may_have_left, !now.task.state.is_terminal(), "{:?}", step);
            }
            // A paused campaign has nobody at work.
            if now.campaign.status == CampaignStatus::Paused {
                let at_work = matches!(now.task.state, TaskState::Working { .. });
                prop_assert!(!at_work, "{:?} left {:?}", step, now.task.state);
            }
        }
        // One task leaves once; only a failure that is known to have had no effect leaves again.
        let safe_losses = steps.iter().filter(|step| matches!(step, Happening::Lose(true))).count();
        prop_assert!(leaving <= 1 + safe_losses);
    }
}

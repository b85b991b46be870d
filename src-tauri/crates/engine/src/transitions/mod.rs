//! One transition a file; this dispatches, one line an arm.

mod ask_replan;
mod assign;
mod cancel;
mod dispatch;
mod end_replan;
mod expire_review;
mod fail;
mod fail_effect;
mod flow;
mod hand_back;
mod judge;
mod lapse_lease;
mod reconcile;
mod record;
mod release;
mod renew;
mod replan;
mod replay;
mod resolve;
mod rewrite;
mod settle;
mod take_judgement;
mod time_out;
mod undo;

pub use replay::why_no_replay;

use chimera_domain::{
    action::Grant,
    change::{Board, ChangeSet},
};

use crate::{command::Command, given::Given, refusal::Refusal};

/// What a command leads to.
#[derive(Clone, PartialEq, Debug)]
pub struct Decided {
    /// What to store.
    pub set: ChangeSet,
    /// Leave to perform the effect, once `set` is stored. Only `Dispatch` gives one.
    pub grant: Option<Grant>,
}

impl From<ChangeSet> for Decided {
    fn from(set: ChangeSet) -> Self {
        Self { set, grant: None }
    }
}

/// Decides a command on a board.
///
/// # Errors
/// A [`Refusal`] says why nothing changes.
#[expect(
    clippy::too_many_lines,
    reason = "a table with one arm a command, and no decision in it"
)]
pub fn decide(board: &Board, command: Command, given: &mut Given<'_>) -> Result<Decided, Refusal> {
    match command {
        Command::Assign { worker, lease } => {
            assign::assign(board, worker, lease, given).map(Into::into)
        }
        Command::Renew { attempt, lease } => {
            renew::renew(board, attempt, lease, given).map(Into::into)
        }
        Command::Record { artifact } => record::record(board, *artifact, given).map(Into::into),
        Command::Fail {
            attempt,
            fault,
            jitter,
        } => fail::fail(board, attempt, fault, jitter, given).map(Into::into),
        Command::TakeJudgement { lease } => {
            take_judgement::take_judgement(board, lease, given).map(Into::into)
        }
        Command::Judge { verdict } => judge::judge(board, *verdict, given).map(Into::into),
        Command::Resolve {
            review,
            shown,
            resolution,
        } => resolve::resolve(board, review, shown, resolution, given).map(Into::into),
        Command::ExpireReview { review } => {
            expire_review::expire_review(board, review, given).map(Into::into)
        }
        Command::Undo { effect } => undo::undo(board, effect, given).map(Into::into),
        Command::Dispatch { stopped: true, .. } => Err(Refusal::Stopped),
        Command::Dispatch {
            effect,
            stopped: false,
            schema_hash,
            cooldown_until,
            quota_until,
            barred,
        } => {
            let seen = dispatch::Seen {
                schema_hash,
                waits_until: cooldown_until.max(quota_until),
                barred,
            };
            dispatch::dispatch(board, effect, &seen, given)
        }
        Command::Settle { effect, receipt } => {
            settle::settle(board, effect, receipt, given).map(Into::into)
        }
        Command::FailEffect {
            effect,
            fault,
            certainly_not_performed,
            asks_by_key,
            jitter,
        } => {
            let failure = fail_effect::EffectFailure {
                fault,
                certainly_not_performed,
                asks_by_key,
                jitter,
            };
            fail_effect::fail_effect(board, effect, failure, given).map(Into::into)
        }
        Command::Reconcile {
            effect,
            found,
            note,
        } => reconcile::reconcile(board, effect, found, &note, given).map(Into::into),
        Command::Replan { attempt, another } => replan::replan(board, attempt, *another, given),
        Command::HandBack { attempt, rest } => {
            hand_back::hand_back(board, attempt, rest, given).map(Into::into)
        }
        Command::LapseLease { holder_is_gone } => {
            lapse_lease::lapse_lease(board, holder_is_gone, given).map(Into::into)
        }
        Command::Replay {
            policy_version,
            persona_version,
        } => {
            let in_force = replay::InForce {
                policy_version,
                persona_version,
            };
            replay::replay(board, in_force, given).map(Into::into)
        }
        Command::TimeOut => time_out::time_out(board, given).map(Into::into),
        Command::Cancel { note } => cancel::cancel(board, note, given).map(Into::into),
    }
}

#[cfg(test)]
pub(crate) mod tests;

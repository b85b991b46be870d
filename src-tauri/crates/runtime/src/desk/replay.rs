//! Doing a step again that was given up: by a person, not sooner and not oftener than the limits allow (ORC-21).
//!
//! Never here: whether it may be done again at all (the engine's).

use chimera_domain::{
    change::Board,
    id::{TaskId, TenantId},
    time::{Span, Timestamp},
};
use chimera_engine::{Command, why_no_replay};
use chimera_ports::{error::PortError, page::PageRequest, store::AuditFilter};
use serde_json::json;

use super::Caller;
use crate::{
    act::ActError,
    error::{ErrorKind, RuntimeError},
    runtime::Runtime,
};

/// Pause between two replays of one step.
const COOLDOWN: Span = Span::seconds(300);
/// Most replays of one step in a day (UTC).
const MAX_A_DAY: u32 = 3;
/// The word under which a replay is in the audit log: the log is what the limits are counted by.
const REPLAYED: &str = "task.replay";

/// How a dead letter stands with its limits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReplayLimits {
    /// Replays of this step today (UTC).
    pub today: u32,
    /// When the next one may be, as far as the limits go; absent for now.
    pub not_before: Option<Timestamp>,
}

impl Runtime {
    /// A step that was given up, with why it cannot be done again, if it cannot, and how its limits stand.
    ///
    /// # Errors
    /// Not found, or the store cannot be read.
    pub async fn dead_letter(
        &self,
        tenant: TenantId,
        task: TaskId,
    ) -> Result<(Board, Option<String>, ReplayLimits), RuntimeError> {
        let board = self.parts().store.board(tenant, task).await?;
        let refused = why_no_replay(&board, self.now()).map(|refusal| refusal.to_string());
        let limits = self.replay_limits(tenant, task).await?;
        Ok((board, refused, limits))
    }

    /// Has a step that was given up done again. What acts on the outside waits for a new decision.
    ///
    /// # Errors
    /// Why not; then nothing was changed.
    pub async fn replay(&self, who: &Caller, task: TaskId) -> Result<Board, RuntimeError> {
        let undone = "Nothing was done again.";
        self.refuse_while_stopped(who.tenant, undone).await?;
        let store = &self.parts().store;
        let board = store.board(who.tenant, task).await?;
        if let Some(refusal) = why_no_replay(&board, self.now()) {
            return Err(refusal.into());
        }
        self.is_in_the_plan(&board).await?;
        let limits = self.replay_limits(who.tenant, task).await?;
        if let Some(until) = limits.not_before {
            return Err(limited(&limits, until));
        }
        let agent = store.agent(who.tenant, board.task.agent).await?;
        let policy = store.current_policy(who.tenant).await?;
        let command = Command::Replay {
            policy_version: policy.map_or(0, |policy| policy.version),
            persona_version: agent.persona_version,
        };
        let seen = board.task.version;
        let same = |now: &Board| {
            // Of two who ask at once, one has it done.
            if now.task.version == seen {
                Ok(())
            } else {
                Err(ActError::Store(PortError::conflict("task", now.task.id)))
            }
        };
        self.act_if(who.tenant, task, who.actor(), command, same)
            .await?;
        Ok(store.board(who.tenant, task).await?)
    }

    /// A step whose place another plan has taken is not done beside it.
    async fn is_in_the_plan(&self, board: &Board) -> Result<(), RuntimeError> {
        let plan = self
            .parts()
            .store
            .plan(board.task.tenant, board.campaign.id)
            .await?;
        if plan.steps.iter().any(|step| step.key == board.task.line()) {
            return Ok(());
        }
        let why = "another plan has taken its place";
        Err(chimera_engine::Refusal::NoReplay(why).into())
    }

    async fn replay_limits(
        &self,
        tenant: TenantId,
        task: TaskId,
    ) -> Result<ReplayLimits, RuntimeError> {
        let filter = AuditFilter {
            campaign: None,
            task: Some(task),
            action_prefix: Some(REPLAYED.to_owned()),
        };
        let newest = PageRequest::first(MAX_A_DAY);
        let found = self.parts().store.audit(tenant, filter, newest).await?;
        let times: Vec<Timestamp> = found.items.iter().map(|entry| entry.record.at).collect();
        Ok(limits_of(&times, self.now()))
    }
}

/// The limits after replays at `times`, newest first, as they are at `now`. Those that are dated ahead, by a clock that was
/// set back since, keep nothing back for as long as it was wrong.
fn limits_of(times: &[Timestamp], now: Timestamp) -> ReplayLimits {
    let today = now.utc_day_start();
    let next_day = today + Span::seconds(86_400);
    let count = times
        .iter()
        .filter(|at| (today..next_day).contains(*at))
        .count();
    let today_count = u32::try_from(count).unwrap_or(u32::MAX);
    let newest = times.iter().filter(|at| **at <= now + COOLDOWN).max();
    let rested = newest.map(|newest| *newest + COOLDOWN);
    let not_before = if today_count >= MAX_A_DAY {
        Some(next_day)
    } else {
        rested.filter(|until| *until > now)
    };
    ReplayLimits {
        today: today_count,
        not_before,
    }
}

fn limited(limits: &ReplayLimits, until: Timestamp) -> RuntimeError {
    let (code, why) = if limits.today >= MAX_A_DAY {
        (
            "REPLAY_RATE_LIMITED",
            format!(
                "It was done again {MAX_A_DAY} times today (UTC), the most that one step may be."
            ),
        )
    } else {
        (
            "REPLAY_COOLDOWN_ACTIVE",
            "It was done again a moment ago.".to_owned(),
        )
    };
    let message = format!("{why} Nothing was changed; try again from {until} on.");
    let mut error =
        RuntimeError::new(ErrorKind::Refused, code, message).with(json!({ "not_before": until }));
    error.retryable = true;
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_done_again_after_its_pause_and_three_times_a_day() {
        let at = |seconds: i64| Timestamp::from_seconds(seconds);
        let midnight = at(86_400 * 20_000);
        let day = |seconds: u32| midnight + Span::seconds(seconds);
        let limits = |times: &[u32], now: u32| {
            let times: Vec<Timestamp> = times.iter().rev().map(|time| day(*time)).collect();
            let found = limits_of(&times, day(now));
            (found.today, found.not_before)
        };
        assert_eq!(limits(&[], 5), (0, None));
        assert_eq!(limits(&[0], 299), (1, Some(day(300))));
        assert_eq!(limits(&[0], 300), (1, None));
        assert_eq!(limits(&[0, 400, 800], 5_000), (3, Some(day(86_400))));
        assert_eq!(limits(&[0, 400, 800], 86_400), (0, None));
        // Set back by hours, then by a day.
        assert_eq!(limits(&[9_000], 1_800), (1, None));
        assert_eq!(limits(&[90_000, 90_400, 90_800], 5_000), (0, None));
    }
}

//! Where a followed campaign stands: whether following it goes on, and with which code it ends.
//!
//! Never here: asking the API, or words for people.

use serde_json::Value;

/// A campaign as it was last seen.
pub(super) struct Standing {
    pub(super) campaign: Value,
    pub(super) tasks: Vec<Value>,
    /// Its actions of which nobody knows whether they went out.
    pub(super) unclear: Vec<Value>,
}

impl Standing {
    /// The actions of `effects` whose outcome nobody knows are kept.
    pub(super) fn of(campaign: Value, tasks: Vec<Value>, mut effects: Vec<Value>) -> Self {
        effects.retain(|effect| effect["state"] == "pending_reconciliation");
        Self {
            campaign,
            tasks,
            unclear: effects,
        }
    }

    /// Nothing follows.
    pub(super) fn has_ended(&self) -> bool {
        matches!(
            self.campaign["status"].as_str(),
            Some("COMPLETED" | "FAILED" | "CANCELLED")
        )
    }

    /// Only people can bring it on today: they decide, look at an account, let a paused campaign go on, or raise a
    /// daily budget that is used up.
    pub(super) fn waits_for_people(&self) -> bool {
        if self.campaign["status"] == "PAUSED" {
            return true;
        }
        if self.is_out_of_money() {
            return !self.tasks.iter().any(|task| self.moves(task));
        }
        let mut open = self
            .tasks
            .iter()
            .filter(|task| !is_terminal(task))
            .peekable();
        open.peek().is_some() && open.all(|task| self.is_with_people(task))
    }

    /// Its budget of the day is used up.
    pub(super) fn is_out_of_money(&self) -> bool {
        self.campaign["spending"]["used_up_until"].is_string()
    }

    /// It is in somebody's hands, or on its way out: that goes on without money.
    fn moves(&self, task: &Value) -> bool {
        match task["state"].as_str() {
            Some("working") => true,
            Some("releasing") => !self.is_with_people(task),
            _ => false,
        }
    }

    fn is_with_people(&self, task: &Value) -> bool {
        match task["state"].as_str() {
            Some("reviewing" | "blocked") => true,
            Some("releasing") => self
                .unclear
                .iter()
                .any(|effect| effect["task"] == task["id"]),
            _ => false,
        }
    }

    /// Steps that came to nothing, and that no later step took the place of.
    pub(super) fn failed(&self) -> Vec<&Value> {
        let failed = |task: &&Value| matches!(task["state"].as_str(), Some("failed" | "timed_out"));
        self.tasks
            .iter()
            .filter(failed)
            .filter(|task| !self.was_rewritten(task) && !self.was_answered(task))
            .collect()
    }

    /// What was done instead of steps that failed for good, oldest first.
    pub(super) fn changes_of_the_plan(&self) -> impl Iterator<Item = &Value> {
        self.tasks
            .iter()
            .filter(|task| task["kind"] == "replan" && task["state"] == "completed")
    }

    /// Whether the plan was changed because of this step.
    fn was_answered(&self, task: &Value) -> bool {
        self.changes_of_the_plan()
            .flat_map(|change| change["input"]["failed"].as_array().into_iter().flatten())
            .any(|failed| failed["task"] == task["id"])
    }

    /// Whether a later task of the same line of work took this one's place.
    fn was_rewritten(&self, task: &Value) -> bool {
        let text = |task: &Value, field: &str| task[field].as_str().unwrap_or_default().to_owned();
        let line = |task: &Value| text(task, "step").split('~').next().map(str::to_owned);
        let rejections = |task: &Value| task["rejections"].as_u64().unwrap_or(0);
        self.tasks.iter().any(|other| {
            other["id"] != task["id"]
                && line(other) == line(task)
                && rejections(other) >= rejections(task)
                && text(other, "created_at") > text(task, "created_at")
        })
    }

    /// What went wrong, in one sentence; nothing did where there is none.
    pub(super) fn trouble(&self) -> Option<String> {
        let failed = self.failed().len();
        if failed > 0 || self.campaign["status"] == "FAILED" {
            return Some(format!("{failed} of {} steps failed.", self.tasks.len()));
        }
        if self.is_out_of_money() && !self.has_ended() {
            return Some(
                "The budget of the day is used up; what is left waits for the next day (UTC) or a higher budget."
                    .to_owned(),
            );
        }
        let cancelled = self.campaign["status"] == "CANCELLED";
        cancelled.then(|| "The campaign was called off.".to_owned())
    }
}

fn is_terminal(task: &Value) -> bool {
    matches!(
        task["state"].as_str(),
        Some("completed" | "failed" | "cancelled" | "timed_out")
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn standing(status: &str, states: &[&str], effects: Vec<Value>) -> Standing {
        let tasks = states.iter().enumerate().map(|(place, state)| {
            json!({ "id": format!("t-{place}"), "step": format!("s-{place}"), "state": state })
        });
        Standing::of(json!({ "status": status }), tasks.collect(), effects)
    }

    fn effect(task: &str, state: &str) -> Value {
        json!({ "id": format!("e-{task}"), "task": task, "state": state })
    }

    #[test]
    fn following_ends_when_only_people_can_bring_it_on() {
        let unclear = || vec![effect("t-1", "pending_reconciliation")];
        for (status, states, effects, waits) in [
            (
                "ACTIVE",
                &["completed", "reviewing", "blocked"][..],
                vec![],
                true,
            ),
            (
                "ACTIVE",
                &["completed", "working", "blocked"],
                vec![],
                false,
            ),
            ("ACTIVE", &["completed", "releasing"], unclear(), true),
            ("ACTIVE", &["releasing", "releasing"], unclear(), false),
            (
                "ACTIVE",
                &["completed", "releasing"],
                vec![effect("t-1", "held")],
                false,
            ),
            ("ACTIVE", &["completed"], vec![], false),
            ("PAUSED", &["ready", "working"], vec![], true),
        ] {
            let seen = standing(status, states, effects);
            assert_eq!(seen.waits_for_people(), waits, "{status} {states:?}");
            assert!(!seen.has_ended());
        }
        for status in ["COMPLETED", "FAILED", "CANCELLED"] {
            assert!(standing(status, &[], vec![]).has_ended());
        }
    }

    #[test]
    fn without_money_it_ends_when_nothing_moves_and_says_so() {
        let seen = |states| {
            let mut seen = standing("ACTIVE", states, vec![]);
            seen.campaign["spending"] = json!({ "used_up_until": "2026-01-02T00:00:00Z" });
            seen
        };
        assert!(!seen(&["ready", "releasing"]).waits_for_people());
        assert!(!seen(&["ready", "working"]).waits_for_people());
        let still = seen(&["ready", "completed"]);
        assert!(still.waits_for_people());
        assert!(
            still
                .trouble()
                .unwrap()
                .starts_with("The budget of the day")
        );
    }

    #[test]
    fn an_unknown_outcome_is_listed_and_nothing_else_is() {
        let effects = vec![
            effect("t-0", "sent"),
            effect("t-1", "pending_reconciliation"),
        ];
        let seen = standing("ACTIVE", &["completed", "releasing"], effects);
        assert_eq!(seen.unclear, [effect("t-1", "pending_reconciliation")]);
    }

    #[test]
    fn what_came_to_nothing_is_no_success() {
        let said = |status, states: &[&str]| standing(status, states, vec![]).trouble();
        assert_eq!(said("COMPLETED", &["completed"]), None);
        assert_eq!(said("ACTIVE", &["reviewing"]), None);
        assert_eq!(
            said("CANCELLED", &["cancelled"]).as_deref(),
            Some("The campaign was called off.")
        );
        assert_eq!(
            said("FAILED", &["cancelled"]).as_deref(),
            Some("0 of 1 steps failed.")
        );
        assert_eq!(
            said("COMPLETED", &["failed", "completed"]).as_deref(),
            Some("1 of 2 steps failed.")
        );
        let mut seen = standing("COMPLETED", &["failed", "completed"], vec![]);
        seen.tasks[0]["step"] = json!("draft-1");
        seen.tasks[1]["step"] = json!("draft-1~1");
        seen.tasks[0]["created_at"] = json!("2026-01-01T00:00:00Z");
        seen.tasks[1]["created_at"] = json!("2026-01-01T00:00:01Z");
        assert_eq!(seen.trouble(), None, "it was written anew");
    }

    #[test]
    fn a_step_that_another_plan_took_the_place_of_is_no_trouble() {
        let mut seen = standing("COMPLETED", &["failed", "completed", "completed"], vec![]);
        seen.tasks[1]["kind"] = json!("replan");
        assert_eq!(seen.trouble().as_deref(), Some("1 of 3 steps failed."));
        seen.tasks[1]["input"] = json!({ "failed": [{ "task": "t-0" }] });
        assert_eq!(seen.trouble(), None);
        assert_eq!(seen.changes_of_the_plan().count(), 1);
        seen.tasks[1]["state"] = json!("failed");
        assert_eq!(seen.trouble().as_deref(), Some("2 of 3 steps failed."));
    }
}

//! Planning again: a step that failed for good asks for another way, and the answer, or its absence, is stored whole.

use std::collections::BTreeMap;

use chimera_domain::{
    change::Alert,
    fault::{Fault, FaultClass},
    id::PlanId,
    plan::{Plan, PlanStep},
    replan::{MAX_NEW_STEPS, MAX_REPLANS},
    review::RejectReason,
};

use super::*;
use crate::{AnotherPlan, Resolution, plan::PlanError};

fn dead() -> Fault {
    Fault::new(FaultClass::Permanent, "SOURCE_DEAD", "The source is dead.")
}

impl Desk {
    pub(super) fn fail(&mut self, fault: Fault) {
        self.ask(Command::Assign {
            worker: "worker-1".into(),
            lease: LEASE,
        })
        .unwrap();
        let attempt = Some(self.attempt());
        self.ask(Command::Fail {
            attempt,
            fault,
            jitter: 0,
        })
        .unwrap();
    }

    /// The tasks in which the planner is asked, as they were added.
    fn requests(&self) -> Vec<Task> {
        let added = self.log.iter().filter_map(|change| match change {
            Change::AddTasks(tasks) => Some(tasks),
            _ => None,
        });
        let tasks = added.flatten().map(|new| new.task.clone());
        tasks.filter(|task| task.kind == TaskKind::Replan).collect()
    }

    fn called_off(&self) -> Vec<TaskId> {
        let of = |change: &Change| match change {
            Change::CancelDescendants { of, .. } => Some(*of),
            _ => None,
        };
        self.log.iter().filter_map(of).collect()
    }

    fn alerts(&self) -> Vec<&Alert> {
        let alert = |change: &'_ Change| matches!(change, Change::Alert(_));
        self.log
            .iter()
            .filter(|change| alert(change))
            .filter_map(|change| match change {
                Change::Alert(alert) => Some(alert),
                _ => None,
            })
            .collect()
    }

    /// The planner takes up the newest request.
    fn take_request(&mut self) {
        self.board.task = self.requests().pop().unwrap();
        self.board.artifact = None;
        self.ask(Command::Assign {
            worker: "planner".into(),
            lease: LEASE,
        })
        .unwrap();
    }

    fn another(&mut self, inserted: &[(&str, &[&str])]) -> AnotherPlan {
        let kept = Uuid::from_u128(77);
        AnotherPlan {
            seen: self.board.campaign.version,
            plan: Plan {
                id: PlanId::from_uuid(self.id()),
                tenant: self.board.campaign.tenant,
                campaign: self.board.campaign.id,
                revision: 2,
                steps: std::iter::once(("kept", &[][..]))
                    .chain(inserted.iter().copied())
                    .map(|(key, needs)| step(key, needs))
                    .collect(),
                author: "scripted".into(),
                rationale: "Read the other source.".into(),
                private: None,
                version: VersionId::from_uuid(self.id()),
                updated_at: self.now,
            },
            prune: Vec::new(),
            inserted: inserted.iter().map(|(key, _)| (*key).to_owned()).collect(),
            rewired: Vec::new(),
            tasks: BTreeMap::from([("kept".to_owned(), TaskId::from_uuid(kept))]),
            reason: "Read the other source.".into(),
        }
    }

    fn answer(&mut self, another: AnotherPlan) -> Result<Decided, Refusal> {
        let attempt = self.attempt();
        self.ask(Command::Replan {
            attempt,
            another: Box::new(another),
        })
    }
}

fn step(key: &str, needs: &[&str]) -> PlanStep {
    serde_json::from_value(json!({
        "key": key, "title": key, "kind": "analyze_trends", "skill": "fetch_trends", "needs": needs,
        "max_cost": "0.05", "estimated_cost": "0",
    }))
    .unwrap()
}

#[test]
fn a_step_that_fails_for_good_asks_for_another_way_and_nothing_is_called_off_yet() {
    let mut desk = Desk::new();
    let before = desk.board.campaign.clone();
    desk.fail(dead());
    assert_eq!(desk.board.task.state, TaskState::Failed);
    let requests = desk.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].step, "replan-1");
    let campaign = &desk.board.campaign;
    let open = campaign.replanning.clone().unwrap();
    assert_eq!(
        (open.task, open.round, campaign.replans),
        (requests[0].id, 1, 1)
    );
    assert_eq!(open.failed.len(), 1);
    assert_eq!(open.failed[0].fault, dead());
    // Whoever decided on the old header decides again; work in flight still counts.
    assert_ne!(campaign.version, before.version);
    assert_eq!(campaign.state_version, before.state_version);
    assert_eq!((desk.called_off(), desk.alerts().len()), (vec![], 0));
}

#[test]
fn a_transient_fault_asks_only_when_the_tries_are_used_up_and_an_exhausted_budget_never() {
    let busy = Fault::new(FaultClass::Transient, "MODEL_BUSY", "Busy.");
    let mut desk = Desk::new();
    for _ in 0..desk.policy.max_retries {
        desk.fail(busy.clone());
        assert!(desk.requests().is_empty());
        desk.wait(120);
    }
    desk.fail(busy);
    assert_eq!(desk.requests().len(), 1);
    let mut desk = Desk::new();
    desk.fail(Fault::new(
        FaultClass::BudgetExhausted,
        "BUDGET_EXHAUSTED",
        "Spent.",
    ));
    assert!(desk.requests().is_empty());
    assert_eq!(desk.called_off(), [desk.board.task.id]);
    assert_eq!(desk.alerts()[0].code, "BUDGET_EXHAUSTED");
}

#[test]
fn a_second_failure_joins_the_open_request() {
    let mut desk = Desk::new();
    let first = desk.board.task.id;
    desk.fail(dead());
    desk.board.task = Task {
        id: TaskId::from_uuid(Uuid::from_u128(44)),
        ..task(&desk.board.campaign, desk.now)
    };
    desk.fail(dead());
    assert_eq!(desk.requests().len(), 1);
    let open = desk.board.campaign.replanning.clone().unwrap();
    let failed: Vec<TaskId> = open.failed.iter().map(|failed| failed.task).collect();
    assert_eq!(failed, [first, desk.board.task.id]);
    assert_eq!(desk.board.campaign.replans, 1);
}

#[test]
fn a_rejected_post_without_a_draft_to_write_again_asks_for_another_way() {
    let mut desk = Desk::new();
    desk.board.upstream.clear();
    let review = desk.reach_review();
    desk.ask(Command::Resolve {
        review: review.review_id,
        shown: review.shown,
        resolution: Resolution::Reject {
            reason: RejectReason::Other,
            note: "No.".into(),
        },
    })
    .unwrap();
    assert_eq!(desk.requests().len(), 1);
    let open = desk.board.campaign.replanning.clone().unwrap();
    assert_eq!(open.failed[0].fault.code, "REJECTED_BY_REVIEW");
}

#[test]
fn another_plan_is_stored_whole() {
    let mut desk = Desk::new();
    let failed = desk.board.task.id;
    desk.fail(dead());
    desk.take_request();
    desk.log.clear();
    let mut another = desk.another(&[("research-2", &[]), ("draft-2", &["kept", "research-2"])]);
    let (pruned, rewired) = (desk.id(), desk.id());
    another.prune = vec![TaskId::from_uuid(pruned)];
    another.rewired = vec![(TaskId::from_uuid(rewired), vec!["research-2".to_owned()])];
    desk.answer(another.clone()).unwrap();
    assert_eq!(desk.board.task.state, TaskState::Completed);
    assert_eq!(
        desk.board.task.title,
        "Plan changed: Read the other source."
    );
    assert_eq!(desk.board.campaign.replanning, None);
    assert_eq!(
        desk.board.campaign.replans, 1,
        "a round that was used stays used"
    );
    assert_eq!(
        desk.called_off(),
        [failed],
        "what nobody rewired ends with what it needs"
    );
    let added: Vec<(&str, &TaskState, usize)> = desk
        .log
        .iter()
        .filter_map(|change| match change {
            Change::AddTasks(tasks) => Some(tasks),
            _ => None,
        })
        .flatten()
        .map(|new| (new.task.step.as_str(), &new.task.state, new.needs.len()))
        .collect();
    let ready = TaskState::Ready {
        not_before: desk.now,
    };
    assert_eq!(
        added,
        [
            ("research-2", &ready, 1),
            ("draft-2", &TaskState::Blocked, 2)
        ]
    );
    let stored = |change: &Change| match change {
        Change::Prune { tasks, .. } => *tasks == another.prune,
        Change::Rewire { task, needs } => *task == another.rewired[0].0 && needs.len() == 1,
        Change::Plan(plan) => **plan == another.plan,
        _ => false,
    };
    assert_eq!(desk.log.iter().filter(|change| stored(change)).count(), 3);
}

#[test]
fn an_answer_on_old_grounds_or_that_cannot_run_changes_nothing() {
    let mut desk = Desk::new();
    desk.fail(dead());
    desk.take_request();
    let mut old = desk.another(&[("a", &[])]);
    old.seen = VersionId::from_uuid(Uuid::nil());
    assert_eq!(desk.answer(old), Err(Refusal::PlanOutdated));
    let circle = desk.another(&[("a", &["b"]), ("b", &["a"])]);
    assert!(matches!(
        desk.answer(circle),
        Err(Refusal::Plan(PlanError::Cycle(_)))
    ));
    let keys: Vec<String> = (0..=MAX_NEW_STEPS)
        .map(|number| format!("s-{number}"))
        .collect();
    let many: Vec<(&str, &[&str])> = keys.iter().map(|key| (key.as_str(), &[][..])).collect();
    let many = desk.another(&many);
    let found = MAX_NEW_STEPS + 1;
    assert_eq!(
        desk.answer(many),
        Err(Refusal::Plan(PlanError::TooManyNew { found }))
    );
    desk.ask_campaign(CampaignCommand::Pause).unwrap();
    let late = desk.another(&[("a", &[])]);
    let attempt = AttemptId::from_uuid(Uuid::nil());
    let command = Command::Replan {
        attempt,
        another: Box::new(late),
    };
    assert_eq!(
        desk.ask(command),
        Err(Refusal::LeaseLost),
        "a pause takes it back"
    );
}

#[test]
fn without_another_way_the_branch_ends_and_both_reasons_are_told() {
    let mut desk = Desk::new();
    let failed = desk.board.task.id;
    desk.fail(dead());
    desk.take_request();
    let attempt = Some(desk.attempt());
    desk.ask(Command::Fail {
        attempt,
        fault: Fault::new(
            FaultClass::Validation,
            "REPLAN_DECLINED",
            "No other source.",
        ),
        jitter: 0,
    })
    .unwrap();
    assert_eq!(desk.called_off(), [failed]);
    assert_eq!(desk.requests().len(), 1, "asking is not asked about again");
    let alerts = desk.alerts();
    assert_eq!((alerts.len(), alerts[0].code.as_str()), (1, "SOURCE_DEAD"));
    let why = &desk.board.task.fault.as_ref().unwrap().message;
    for said in [why, &alerts[0].detail] {
        assert!(
            said.contains("The source is dead.") && said.contains("No other source."),
            "{said}"
        );
    }
    assert_eq!(desk.board.campaign.replanning, None);
}

#[test]
fn a_person_who_calls_the_request_off_ends_the_branch() {
    let mut desk = Desk::new();
    let failed = desk.board.task.id;
    desk.fail(dead());
    desk.take_request();
    desk.ask(Command::Cancel {
        note: "Enough.".into(),
    })
    .unwrap();
    assert_eq!(desk.board.task.state, TaskState::Cancelled);
    assert_eq!(desk.called_off(), [failed]);
    assert_eq!(desk.board.campaign.replanning, None);
}

#[test]
fn after_the_last_round_a_person_is_told() {
    let mut desk = Desk::new();
    for round in 1..=MAX_REPLANS {
        desk.board.task = task(&desk.board.campaign, desk.now);
        desk.fail(dead());
        assert_eq!(desk.requests().len(), round as usize);
        desk.take_request();
        let another = desk.another(&[("again", &[])]);
        desk.answer(another).unwrap();
    }
    desk.board.task = task(&desk.board.campaign, desk.now);
    desk.log.clear();
    desk.fail(dead());
    assert!(desk.requests().is_empty());
    assert_eq!(desk.called_off(), [desk.board.task.id]);
    let codes: Vec<&str> = desk
        .alerts()
        .iter()
        .map(|alert| alert.code.as_str())
        .collect();
    assert_eq!(codes, ["REPLANS_EXHAUSTED"]);
}

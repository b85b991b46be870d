//! Whole campaigns under random failures and random changes of the plan: each still ends, the bound on rounds holds,
//! and what was taken out never runs. `Fleet` plays the store over many tasks.

use std::collections::{BTreeMap, BTreeSet};

use chimera_domain::{
    fault::{Fault, FaultClass},
    id::PlanId,
    plan::{Plan, PlanStep},
    replan::MAX_REPLANS,
};
use proptest::prelude::*;

use super::*;
use crate::AnotherPlan;

/// Most acts of one story; a campaign that has not ended by then never does.
const MOST_ACTS: usize = 400;

struct Fleet {
    desk: Desk,
    tasks: BTreeMap<TaskId, (Task, Vec<TaskId>)>,
    pruned: BTreeSet<TaskId>,
}

impl Fleet {
    /// Two research steps, a draft on each, and a last step on both drafts.
    fn new() -> Self {
        let mut fleet = Self {
            desk: Desk::new(),
            tasks: BTreeMap::new(),
            pruned: BTreeSet::new(),
        };
        let id = |number: u128| TaskId::from_uuid(Uuid::from_u128(500 + number));
        for (number, needs) in [(1, &[][..]), (2, &[]), (3, &[1]), (4, &[2]), (5, &[3, 4])] {
            let needs: Vec<TaskId> = needs.iter().map(|number| id(*number)).collect();
            let state = if needs.is_empty() {
                TaskState::Ready {
                    not_before: fleet.desk.now,
                }
            } else {
                TaskState::Blocked
            };
            let new = Task {
                id: id(number),
                step: format!("s-{number}"),
                kind: TaskKind::AnalyzeTrends,
                state,
                waiting_on: u32::try_from(needs.len()).unwrap(),
                ..task(&fleet.desk.board.campaign, fleet.desk.now)
            };
            fleet.tasks.insert(new.id, (new, needs));
        }
        fleet
    }

    fn is(&self, task: TaskId, state: &TaskState) -> bool {
        self.tasks
            .get(&task)
            .is_some_and(|(task, _)| task.state == *state)
    }

    /// Asks one command of one task, and carries out what the store would.
    fn ask(&mut self, id: TaskId, command: Command) -> Result<(), Refusal> {
        self.desk.board.task = self.tasks[&id].0.clone();
        self.desk.board.upstream.clear();
        self.desk.log.clear();
        self.desk.ask(command)?;
        self.tasks.get_mut(&id).unwrap().0 = self.desk.board.task.clone();
        for change in std::mem::take(&mut self.desk.log) {
            match change {
                Change::AddTasks(new) => {
                    for NewTask { task, needs } in new {
                        self.tasks.insert(task.id, (task, needs));
                    }
                }
                Change::Rewire { task, needs } => self.tasks.get_mut(&task).unwrap().1 = needs,
                Change::Prune { tasks, .. } => {
                    for task in tasks {
                        let (found, _) = self.tasks.get_mut(&task).unwrap();
                        assert!(found.is_not_begun());
                        found.state = TaskState::Cancelled;
                        self.pruned.insert(task);
                        self.call_off_below(task);
                    }
                }
                Change::CancelDescendants { of, .. } => self.call_off_below(of),
                _ => {}
            }
        }
        self.count();
        Ok(())
    }

    fn call_off_below(&mut self, of: TaskId) {
        let below: Vec<TaskId> = self
            .tasks
            .values()
            .filter(|(task, needs)| needs.contains(&of) && !task.state.is_terminal())
            .map(|(task, _)| task.id)
            .collect();
        for task in below {
            self.tasks.get_mut(&task).unwrap().0.state = TaskState::Cancelled;
            self.call_off_below(task);
        }
    }

    /// Makes ready whose needs are all met.
    fn count(&mut self) {
        let done: BTreeSet<TaskId> = self
            .tasks
            .values()
            .filter(|(task, _)| task.state == TaskState::Completed)
            .map(|(task, _)| task.id)
            .collect();
        let now = self.desk.now;
        for (task, needs) in self.tasks.values_mut() {
            if matches!(task.state, TaskState::Blocked)
                && needs.iter().all(|needs| done.contains(needs))
            {
                task.state = TaskState::Ready { not_before: now };
            }
        }
    }

    /// Works on a task to its end: it succeeds, or fails for good.
    fn work(&mut self, id: TaskId, succeeds: bool) {
        let lease = LEASE;
        let worker = "w".to_owned();
        self.ask(id, Command::Assign { worker, lease }).unwrap();
        let TaskState::Working { attempt, .. } = self.tasks[&id].0.state else {
            panic!("not assigned")
        };
        if succeeds {
            // What a worker and a judge do besides is told elsewhere.
            self.tasks.get_mut(&id).unwrap().0.state = TaskState::Completed;
            self.count();
            return;
        }
        let fault = Fault::new(FaultClass::Permanent, "DEAD", "dead");
        let command = Command::Fail {
            attempt: Some(attempt),
            fault,
            jitter: 0,
        };
        self.ask(id, command).unwrap();
    }

    /// Answers a request: dice say what is pruned and rewired.
    fn replan(&mut self, id: TaskId, dice: u8) {
        self.ask(
            id,
            Command::Assign {
                worker: "p".into(),
                lease: LEASE,
            },
        )
        .unwrap();
        let TaskState::Working { attempt, .. } = self.tasks[&id].0.state else {
            panic!("not assigned")
        };
        if dice % 4 == 3 {
            let fault = Fault::new(FaultClass::Validation, "REPLAN_DECLINED", "no");
            return self
                .ask(
                    id,
                    Command::Fail {
                        attempt: Some(attempt),
                        fault,
                        jitter: 0,
                    },
                )
                .unwrap();
        }
        let another = Box::new(self.another_plan(dice));
        self.ask(id, Command::Replan { attempt, another }).unwrap();
    }

    /// A new step in the place of what failed; what waits takes from it or goes, as the dice fall.
    fn another_plan(&mut self, dice: u8) -> AnotherPlan {
        let failed: BTreeSet<TaskId> = self
            .desk
            .board
            .campaign
            .replanning
            .iter()
            .flat_map(|open| open.failed.iter().map(|failed| failed.task))
            .collect();
        let open: Vec<TaskId> = self
            .tasks
            .values()
            .filter(|(task, _)| task.is_not_begun() && task.kind != TaskKind::Replan)
            .map(|(task, _)| task.id)
            .collect();
        let waiting = open.iter().filter(|task| {
            self.tasks[task]
                .1
                .iter()
                .any(|needs| failed.contains(needs))
        });
        let rewired: Vec<TaskId> = waiting
            .copied()
            .filter(|_| dice.is_multiple_of(2))
            .collect();
        let prune: Vec<TaskId> = open
            .iter()
            .filter(|task| !rewired.contains(task) && dice % 4 == 1)
            .take(1)
            .copied()
            .collect();
        let key = format!("n-{}", self.desk.board.campaign.replans);
        let version = self.desk.id();
        AnotherPlan {
            seen: self.desk.board.campaign.version,
            plan: Plan {
                id: PlanId::from_uuid(version),
                tenant: self.desk.board.campaign.tenant,
                campaign: self.desk.board.campaign.id,
                revision: 2,
                steps: vec![new_step(&key)],
                author: "scripted".into(),
                rationale: String::new(),
                private: None,
                version: VersionId::from_uuid(version),
                updated_at: self.desk.now,
            },
            prune,
            inserted: vec![key.clone()],
            rewired: rewired
                .into_iter()
                .map(|task| (task, vec![key.clone()]))
                .collect(),
            tasks: BTreeMap::new(),
            reason: "another way".into(),
        }
    }
}

fn new_step(key: &str) -> PlanStep {
    serde_json::from_value(json!({
        "key": key, "title": key, "kind": "analyze_trends", "skill": "fetch_trends",
        "max_cost": "0.05", "estimated_cost": "0",
    }))
    .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_campaign_ends_and_the_plan_changes_no_oftener_than_allowed(
        dice in proptest::collection::vec(any::<u8>(), MOST_ACTS),
    ) {
        let mut fleet = Fleet::new();
        for roll in dice {
            let ready: Vec<TaskId> = fleet
                .tasks
                .values()
                .filter(|(task, _)| matches!(task.state, TaskState::Ready { .. }))
                .map(|(task, _)| task.id)
                .collect();
            let Some(id) = ready.get(usize::from(roll) % ready.len().max(1)).copied() else {
                break;
            };
            prop_assert!(!fleet.pruned.contains(&id), "what was taken out runs");
            let is_request = fleet.tasks[&id].0.kind == TaskKind::Replan;
            if is_request {
                fleet.replan(id, roll / 3);
            } else {
                fleet.work(id, roll % 3 == 0);
            }
            // While another way is sought its task is open, so that the campaign cannot be finished.
            let open = fleet.desk.board.campaign.replanning.clone();
            let requests = fleet.tasks.values().filter(|(task, _)| task.kind == TaskKind::Replan);
            let unanswered: Vec<TaskId> =
                requests.filter(|(task, _)| !task.state.is_terminal()).map(|(task, _)| task.id).collect();
            prop_assert_eq!(unanswered, open.into_iter().map(|open| open.task).collect::<Vec<_>>());
        }
        let left: Vec<&str> = fleet.tasks.values()
            .filter(|(task, _)| !task.state.is_terminal())
            .map(|(task, _)| task.step.as_str())
            .collect();
        prop_assert!(left.is_empty(), "these never end: {left:?}");
        let rounds = fleet.tasks.values().filter(|(task, _)| task.kind == TaskKind::Replan).count();
        prop_assert!(rounds <= MAX_REPLANS as usize);
        prop_assert!(fleet.pruned.iter().all(|task| fleet.is(*task, &TaskState::Cancelled)));
    }
}

//! The sheet on which a transition writes: one task's next state and all that goes with it.
//!
//! Never here: which transition does what.

use chimera_domain::{
    action::Effect,
    agent::Control,
    audit::{AuditRecord, AuditStatus},
    campaign::Campaign,
    change::{Alert, Attempt, Board, Change, ChangeSet, Expected, Incident},
    event::Fact,
    fault::Fault,
    id::{AlertId, AttemptId, AuditId, IncidentId, TaskId, VersionId},
    review::Review,
    task::{Task, TaskState},
};
use serde_json::{Value, json};

use crate::given::Given;

pub(crate) struct Step<'b> {
    pub(crate) board: &'b Board,
    pub(crate) task: Task,
    /// The campaign as it is now, when it changes with the task.
    campaign: Option<Campaign>,
    changes: Vec<Change>,
}

impl<'b> Step<'b> {
    pub(crate) fn on(board: &'b Board) -> Self {
        Self {
            board,
            task: board.task.clone(),
            campaign: None,
            changes: Vec::new(),
        }
    }

    /// Moves the task, and tells whoever watches.
    pub(crate) fn go(&mut self, given: &mut Given<'_>, state: TaskState) {
        let fact = Fact::TaskChanged {
            task: self.task.id,
            campaign: self.task.campaign,
            state: state.as_str().to_owned(),
        };
        self.task.state = state;
        self.push(Change::Event(given.event(self.task.tenant, fact)));
    }

    pub(crate) fn push(&mut self, change: Change) {
        self.changes.push(change);
    }

    pub(crate) fn audit(
        &mut self,
        given: &mut Given<'_>,
        action: &str,
        output: Value,
        status: AuditStatus,
    ) {
        let record = AuditRecord {
            id: AuditId::from_uuid(given.id()),
            tenant: self.task.tenant,
            actor: given.actor.clone(),
            action: action.to_owned(),
            agent: Some(self.task.agent),
            campaign: Some(self.task.campaign),
            task: Some(self.task.id),
            trace: Some(self.task.trace.trace),
            skill: Some(self.task.skill.clone()),
            input: json!({ "state": self.board.task.state.as_str(), "version": self.board.task.version }),
            output,
            status,
            at: given.now,
        };
        self.push(Change::Audit(record));
    }

    pub(crate) fn attempt_ended(
        &mut self,
        given: &Given<'_>,
        id: AttemptId,
        outcome: &str,
        fault: Option<Fault>,
    ) {
        let worker = match &self.board.task.state {
            TaskState::Working { worker, .. } => worker.clone(),
            _ => String::new(),
        };
        self.push(Change::Attempt(Attempt {
            id,
            tenant: self.task.tenant,
            task: self.task.id,
            worker,
            // The store keeps the start that it knows; the end is what this row brings.
            started_at: self.board.task.updated_at,
            ended_at: Some(given.now),
            outcome: outcome.to_owned(),
            fault,
        }));
    }

    pub(crate) fn alert(
        &mut self,
        given: &mut Given<'_>,
        code: &str,
        title: String,
        detail: String,
    ) {
        let alert = Alert {
            id: AlertId::from_uuid(given.id()),
            tenant: self.task.tenant,
            code: code.to_owned(),
            title,
            detail,
            campaign: Some(self.task.campaign),
            task: Some(self.task.id),
            created_at: given.now,
            acknowledged_at: None,
        };
        let fact = Fact::AlertRaised {
            alert: alert.id,
            code: alert.code.clone(),
            title: alert.title.clone(),
        };
        self.push(Change::Alert(alert));
        self.push(Change::Event(given.event(self.task.tenant, fact)));
    }

    pub(crate) fn incident(
        &mut self,
        given: &mut Given<'_>,
        kind: &str,
        severity: &str,
        detail: String,
    ) {
        self.push(Change::Incident(Incident {
            id: IncidentId::from_uuid(given.id()),
            tenant: self.task.tenant,
            kind: kind.to_owned(),
            severity: severity.to_owned(),
            detail,
            blocked: true,
            campaign: Some(self.task.campaign),
            task: Some(self.task.id),
            created_at: given.now,
        }));
    }

    pub(crate) fn save_review(
        &mut self,
        given: &mut Given<'_>,
        mut review: Review,
        expected: Option<VersionId>,
    ) {
        review.version = VersionId::from_uuid(given.id());
        let fact = Fact::ReviewChanged {
            review: review.review_id,
            campaign: review.campaign_id,
            state: review.state.as_str().to_owned(),
        };
        self.push(Change::Review {
            review: Box::new(review),
            expected,
        });
        self.push(Change::Event(given.event(self.task.tenant, fact)));
    }

    pub(crate) fn save_effect(
        &mut self,
        given: &mut Given<'_>,
        mut effect: Effect,
        expected: Option<VersionId>,
    ) {
        effect.version = VersionId::from_uuid(given.id());
        effect.updated_at = given.now;
        let fact = Fact::EffectChanged {
            effect: effect.id,
            task: effect.task,
            state: effect.state.as_str().to_owned(),
        };
        self.push(Change::Effect {
            effect: Box::new(effect),
            expected,
        });
        self.push(Change::Event(given.event(self.task.tenant, fact)));
    }

    /// Changes the campaign's header with the task: under a new version, so that whoever builds on the old one
    /// looks again.
    pub(crate) fn change_campaign(
        &mut self,
        given: &mut Given<'_>,
        change: impl FnOnce(&mut Campaign),
    ) {
        let mut next = self.board.campaign.clone();
        change(&mut next);
        next.version = VersionId::from_uuid(given.id());
        next.updated_at = given.now;
        let fact = Fact::CampaignChanged {
            campaign: next.id,
            status: next.status.as_str().to_owned(),
        };
        self.campaign = Some(next);
        self.push(Change::Event(given.event(self.task.tenant, fact)));
    }

    /// Every try of the task came to nothing: its agent is paused and a person told (ERR-08), unless it is paused
    /// already.
    pub(crate) fn pause_agent(&mut self, given: &mut Given<'_>, tries: u32, fault: &Fault) {
        if self.board.control != Control::Running {
            return;
        }
        let agent = self.task.agent;
        self.push(Change::PauseAgent(agent));
        let fact = Fact::SettingsChanged {
            area: "agents".to_owned(),
        };
        self.push(Change::Event(given.event(self.task.tenant, fact)));
        let output = json!({ "agent": agent, "code": fault.code, "tries": tries });
        self.audit(given, "agent.pause", output, AuditStatus::Success);
        let title = format!(
            "The agent was paused: \"{}\" failed {tries} times",
            self.task.title
        );
        let detail = format!(
            "{} Nothing of this agent begins or leaves until it goes on. Mend the cause, then let it go on under Fleet.",
            fault.message
        );
        self.alert(given, "AGENT_PAUSED", title, detail);
    }

    /// The task ends without a result.
    pub(crate) fn end(&mut self, given: &mut Given<'_>, state: TaskState, fault: Fault) {
        self.task.fault = Some(fault);
        self.go(given, state);
    }

    /// The task ends without a result, and so does all that depends on it.
    pub(crate) fn give_up(&mut self, given: &mut Given<'_>, state: TaskState, fault: Fault) {
        let (of, title) = (self.task.id, self.task.title.clone());
        self.call_off_below(of, &title, &fault);
        self.end(given, state, fault);
    }

    /// Calls off all that depends on a task which ended without a result.
    pub(crate) fn call_off_below(&mut self, of: TaskId, title: &str, fault: &Fault) {
        let message = format!(
            "Called off because \"{title}\" ended without a result: {}",
            fault.message
        );
        let fault = Fault::new(fault.class, "DEPENDENCY_ENDED", message);
        self.push(Change::CancelDescendants { of, fault });
    }

    pub(crate) fn finish(mut self, given: &mut Given<'_>) -> ChangeSet {
        self.task.version = VersionId::from_uuid(given.id());
        #[cfg(test)]
        if crate::mutation::Mutation::VersionKept.is_in_force() {
            self.task.version = self.board.task.version;
        }
        self.task.updated_at = given.now;
        ChangeSet {
            tenant: self.task.tenant,
            expected: Expected {
                campaign: (self.board.campaign.id, self.board.campaign.version),
                task: Some((self.board.task.id, self.board.task.version)),
            },
            campaign: self.campaign,
            task: Some(self.task),
            changes: self.changes,
        }
    }
}

//! A change set, checked and written down as rows in its caller's own task, so that the one writer only
//! has to put sheets together.
//!
//! Never here: anything that needs the database.

use std::collections::HashSet;

use chimera_domain::{
    campaign::CampaignStatus,
    change::{Change, ChangeSet, NewTask},
    id::{AgentId, CampaignId, EffectId, ReviewId, TaskId, TenantId, VersionId},
    task::{Task, TaskState},
    time::Timestamp,
};
use chimera_ports::error::PortError;
use uuid::Uuid;

use super::sheets::{Sheets, same_tenant};
use crate::{
    failure::Failure,
    rows::{
        ApprovalRow, ArtifactRow, AttemptRow, CampaignRow, ContentRow, EdgeRow, EffectRow, PlanRow,
        PublicationRow, ReviewRow, Standing, TaskRow, VerdictRow, json,
    },
};

/// A row that must still be, or not yet be, at a version.
#[derive(Debug, Clone)]
pub(crate) struct Guard<Id> {
    pub(crate) id: Id,
    /// Absent: there must be no such row.
    pub(crate) expected: Option<VersionId>,
}

/// The task that a set builds on.
#[derive(Debug, Clone)]
pub(crate) struct TaskGuard {
    pub(crate) id: TaskId,
    pub(crate) expected: VersionId,
    /// What the counters will count it as; absent when the task does not change.
    pub(crate) next: Option<Standing>,
}

/// A change whose rows only the database knows.
#[derive(Debug, Clone)]
pub(crate) enum Cascade {
    /// Call off all that depends on a task.
    Descendants { of: TaskId, fault: String },
    /// Give a step that has not begun other needs.
    Rewire { task: TaskId, needs: Vec<TaskId> },
    /// Take steps that have not begun out of the plan, with all that depends on them.
    Prune { tasks: Vec<TaskId>, fault: String },
    /// Call off every open task of the campaign.
    Campaign { fault: String },
    /// Revive what was called off because of a task that is done again.
    Revive(TaskId),
    /// Take work back from workers and judges.
    Recall,
    /// Pause an agent that runs.
    PauseAgent(AgentId),
}

/// A change set on its way to the writer.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) tenant: TenantId,
    pub(crate) campaign: Guard<CampaignId>,
    /// Whether the campaign runs after it, as far as the set tells.
    pub(crate) running: bool,
    pub(crate) task: Option<TaskGuard>,
    pub(crate) reviews: Vec<Guard<ReviewId>>,
    pub(crate) effects: Vec<Guard<EffectId>>,
    pub(crate) sheets: Sheets,
    /// Completed tasks whose dependents count down.
    pub(crate) released: Vec<TaskId>,
    pub(crate) cascades: Vec<Cascade>,
    /// How many tasks are new.
    pub(crate) added: Vec<Standing>,
    /// New tasks that need tasks which are not new themselves.
    pub(crate) rooted: Vec<TaskId>,
    /// Tasks that this set itself makes ready.
    pub(crate) ready: Vec<TaskId>,
    /// When all this happens.
    pub(crate) at: Timestamp,
    /// Whether it may touch any task of the campaign.
    pub(crate) campaign_wide: bool,
}

impl Draft {
    /// Checks that the set is of one piece and writes its rows down.
    pub(crate) fn of(set: &ChangeSet) -> Result<Self, PortError> {
        let mut draft = Self {
            tenant: set.tenant,
            campaign: Guard {
                id: set.expected.campaign.0,
                expected: Some(set.expected.campaign.1),
            },
            running: set
                .campaign
                .as_ref()
                .is_none_or(|campaign| campaign.status == CampaignStatus::Active),
            task: set.expected.task.map(|(id, expected)| TaskGuard {
                id,
                expected,
                next: None,
            }),
            reviews: Vec::new(),
            effects: Vec::new(),
            sheets: Sheets::default(),
            released: Vec::new(),
            cascades: Vec::new(),
            added: Vec::new(),
            rooted: Vec::new(),
            ready: Vec::new(),
            at: moment(set),
            campaign_wide: set.campaign.is_some(),
        };
        draft.take_campaign(set)?;
        draft.take_task(set)?;
        for change in &set.changes {
            draft.take(change)?;
        }
        Ok(draft)
    }

    /// The campaign with its owner.
    pub(crate) fn owned(&self) -> (TenantId, CampaignId) {
        (self.tenant, self.campaign.id)
    }

    /// Every row that no other set of the same transaction may touch.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Uuid> + '_ {
        let task = self.task.iter().map(|guard| *guard.id.as_uuid());
        let reviews = self.reviews.iter().map(|guard| *guard.id.as_uuid());
        let effects = self.effects.iter().map(|guard| *guard.id.as_uuid());
        task.chain(reviews).chain(effects)
    }

    fn take_campaign(&mut self, set: &ChangeSet) -> Result<(), Failure> {
        let Some(campaign) = &set.campaign else {
            return Ok(());
        };
        same_tenant(self.tenant, campaign.tenant)?;
        if campaign.id != self.campaign.id {
            return Err(Failure::refused(
                "the changed campaign is not the one that was looked at".to_owned(),
            ));
        }
        self.sheets.campaigns.push(CampaignRow::of(campaign)?);
        Ok(())
    }

    fn take_task(&mut self, set: &ChangeSet) -> Result<(), Failure> {
        let Some(task) = &set.task else { return Ok(()) };
        same_tenant(self.tenant, task.tenant)?;
        let matching = self
            .task
            .as_mut()
            .filter(|guard| guard.id == task.id && task.campaign == self.campaign.id);
        let Some(guard) = matching else {
            return Err(Failure::refused(
                "the changed task is not the one that was looked at".to_owned(),
            ));
        };
        guard.next = Some(Standing::of(&task.state));
        self.note_ready(task);
        self.sheets.tasks.push(TaskRow::of(task)?);
        Ok(())
    }

    /// A task whose time is still to come is not announced; `next_due` is.
    fn note_ready(&mut self, task: &Task) {
        if matches!(task.state, TaskState::Ready { not_before } if not_before <= self.at) {
            self.ready.push(task.id);
        }
    }

    fn take(&mut self, change: &Change) -> Result<(), Failure> {
        if self.sheets.note(self.tenant, change)? {
            return Ok(());
        }
        match change {
            Change::AddTasks(tasks) => self.add_tasks(tasks)?,
            Change::ReleaseDependents(task) => self.released.push(*task),
            Change::CancelDescendants { of, fault } => {
                self.cascade(Cascade::Descendants {
                    of: *of,
                    fault: json(fault)?,
                });
            }
            Change::CancelCampaignTasks(fault) => self.cascade(Cascade::Campaign {
                fault: json(fault)?,
            }),
            Change::Plan(_) | Change::Rewire { .. } | Change::Prune { .. } => {
                self.take_replan(change)?;
            }
            Change::Revive(task) => self.cascade(Cascade::Revive(*task)),
            Change::RecallWork => self.cascade(Cascade::Recall),
            Change::PauseAgent(agent) => self.cascade(Cascade::PauseAgent(*agent)),
            Change::Attempt(attempt) => {
                same_tenant(self.tenant, attempt.tenant)?;
                self.sheets.attempts.push(AttemptRow::of(attempt)?);
            }
            Change::Artifact(artifact) => {
                same_tenant(self.tenant, artifact.tenant_id)?;
                self.sheets.artifacts.push(ArtifactRow::of(artifact)?);
            }
            Change::Verdict(verdict) => {
                same_tenant(self.tenant, verdict.tenant_id)?;
                self.sheets.verdicts.push(VerdictRow::of(verdict)?);
            }
            Change::Review { review, expected } => {
                same_tenant(self.tenant, review.tenant_id)?;
                self.reviews.push(Guard {
                    id: review.review_id,
                    expected: *expected,
                });
                self.sheets.reviews.push(ReviewRow::of(review)?);
            }
            Change::Effect { effect, expected } => {
                same_tenant(self.tenant, effect.tenant)?;
                same_tenant(self.tenant, effect.approval.tenant)?;
                self.effects.push(Guard {
                    id: effect.id,
                    expected: *expected,
                });
                self.sheets
                    .approvals
                    .push(ApprovalRow::of(&effect.approval)?);
                self.sheets.effects.push(EffectRow::of(effect)?);
            }
            Change::Content(content) => {
                same_tenant(self.tenant, content.tenant)?;
                self.sheets.content.push(ContentRow::of(content)?);
            }
            Change::Publication(publication) => {
                same_tenant(self.tenant, publication.tenant)?;
                self.sheets
                    .publications
                    .push(PublicationRow::of(publication)?);
            }
            // Taken above.
            Change::Alert(_) | Change::Incident(_) | Change::Event(_) | Change::Audit(_) => {}
        }
        Ok(())
    }

    /// What a changed plan consists of, besides its new tasks.
    fn take_replan(&mut self, change: &Change) -> Result<(), Failure> {
        match change {
            Change::Plan(plan) => {
                same_tenant(self.tenant, plan.tenant)?;
                if plan.campaign != self.campaign.id {
                    let why = "the plan is of another campaign";
                    return Err(Failure::refused(why.to_owned()));
                }
                self.sheets.plans.push(PlanRow::of(plan)?);
            }
            Change::Rewire { task, needs } => self.cascade(Cascade::Rewire {
                task: *task,
                needs: needs.clone(),
            }),
            Change::Prune { tasks, fault } => self.cascade(Cascade::Prune {
                tasks: tasks.clone(),
                fault: json(fault)?,
            }),
            _ => {}
        }
        Ok(())
    }

    fn cascade(&mut self, cascade: Cascade) {
        self.cascades.push(cascade);
        self.campaign_wide = true;
    }

    fn add_tasks(&mut self, tasks: &[NewTask]) -> Result<(), Failure> {
        let new: HashSet<TaskId> = tasks.iter().map(|new| new.task.id).collect();
        for NewTask { task, needs } in tasks {
            same_tenant(self.tenant, task.tenant)?;
            if task.campaign != self.campaign.id {
                return Err(Failure::refused(format!(
                    "new task {} is of another campaign",
                    task.id
                )));
            }
            self.added.push(Standing::of(&task.state));
            self.note_ready(task);
            self.sheets.new_tasks.push(TaskRow::of(task)?);
            for needed in needs {
                self.sheets.edges.push(EdgeRow {
                    tenant_id: self.tenant.to_string(),
                    task_id: task.id.to_string(),
                    needs_id: needed.to_string(),
                });
            }
            if needs.iter().any(|needed| !new.contains(needed)) {
                self.rooted.push(task.id);
                // What it needs may end in the same transaction otherwise.
                self.campaign_wide = true;
            }
        }
        Ok(())
    }
}

/// When the set happens: as its campaign or task say, or the newest of its notes.
fn moment(set: &ChangeSet) -> Timestamp {
    let campaign = set.campaign.as_ref().map(|campaign| campaign.updated_at);
    let task = set.task.as_ref().map(|task| task.updated_at);
    let noted = || {
        let times = set.changes.iter().filter_map(|change| match change {
            Change::Event(event) => Some(event.at),
            Change::Audit(record) => Some(record.at),
            Change::AddTasks(tasks) => tasks.iter().map(|new| new.task.updated_at).max(),
            _ => None,
        });
        times.max()
    };
    campaign.max(task).or_else(noted).unwrap_or_default()
}

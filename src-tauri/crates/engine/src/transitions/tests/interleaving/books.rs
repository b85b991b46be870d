//! A whole campaign's rows in memory, with the compare-and-swap and the cascades of the real store.
//!
//! Never here: what a law says, or who asks for what.

use std::collections::{BTreeMap, BTreeSet};

use chimera_domain::{
    campaign::{Ending, Progress},
    id::EffectId,
};

use super::super::*;

/// One task with the records that it is bound up with.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) task: Task,
    pub(super) needs: Vec<TaskId>,
    artifact: Option<Artifact>,
    verdict: Option<Verdict>,
    pub(super) review: Option<Review>,
    pub(super) effect: Option<Effect>,
}

/// Somebody else was first; nothing was written.
pub(super) struct Conflict;

pub(super) struct Books {
    pub(super) campaign: Campaign,
    pub(super) rows: BTreeMap<TaskId, Row>,
    /// Every action that was ever let go, as it is now.
    pub(super) effects: BTreeMap<EffectId, Effect>,
    /// How many commits were built on each version of a row.
    built_on: BTreeMap<VersionId, u32>,
    next_version: u128,
}

impl Books {
    pub(super) fn of(campaign: Campaign) -> Self {
        Self {
            campaign,
            rows: BTreeMap::new(),
            effects: BTreeMap::new(),
            built_on: BTreeMap::new(),
            // Far from the ids of whoever decides.
            next_version: 1 << 100,
        }
    }

    pub(super) fn board(&self, id: TaskId) -> Board {
        let row = &self.rows[&id];
        let upstream = |needs: &TaskId| NewTask {
            task: self.rows[needs].task.clone(),
            needs: self.rows[needs].needs.clone(),
        };
        let of_artifact = |verdict: &&Verdict| {
            row.artifact
                .as_ref()
                .is_some_and(|artifact| artifact.artifact_id == verdict.artifact_id)
        };
        Board {
            campaign: self.campaign.clone(),
            control: chimera_domain::agent::Control::Running,
            task: row.task.clone(),
            artifact: row.artifact.clone(),
            verdict: row.verdict.as_ref().filter(of_artifact).cloned(),
            review: row.review.clone(),
            effect: row.effect.clone(),
            upstream: match row.task.kind.is_outward() {
                true => row.needs.iter().map(upstream).collect(),
                false => Vec::new(),
            },
        }
    }

    /// Writes a set whole or not at all; answers how many commits have been built on the same version of a row by now,
    /// the most of any row in it.
    pub(super) fn commit(&mut self, set: &ChangeSet, now: Timestamp) -> Result<u32, Conflict> {
        let (id, version) = set.expected.campaign;
        let is_current = (id, version) == (self.campaign.id, self.campaign.version)
            && set
                .expected
                .task
                .is_none_or(|(id, version)| self.rows[&id].task.version == version)
            && set.changes.iter().all(|change| self.fits(change));
        if !is_current {
            return Err(Conflict);
        }
        let most = self.count(set);
        if let Some(campaign) = &set.campaign {
            self.campaign = campaign.clone();
        }
        if let Some(task) = &set.task {
            self.row(task.id).task = task.clone();
        }
        for change in &set.changes {
            self.write(set, change, now);
        }
        Ok(most)
    }

    fn fits(&self, change: &Change) -> bool {
        let is_not_begun = |task: &TaskId| self.rows[task].task.is_not_begun();
        match change {
            Change::Review { review, expected } => {
                let known = self.rows[&review.task_id].review.as_ref();
                let known = known.filter(|known| known.review_id == review.review_id);
                known.map(|known| known.version) == *expected
            }
            Change::Effect { effect, expected } => {
                self.effects.get(&effect.id).map(|known| known.version) == *expected
            }
            Change::Rewire { task, .. } => is_not_begun(task),
            Change::Prune { tasks, .. } => tasks.iter().all(is_not_begun),
            _ => true,
        }
    }

    fn count(&mut self, set: &ChangeSet) -> u32 {
        let campaign = set.campaign.as_ref().map(|_| set.expected.campaign.1);
        let task = set.expected.task.map(|(_, version)| version);
        let records = set.changes.iter().filter_map(|change| match change {
            Change::Review { expected, .. } | Change::Effect { expected, .. } => *expected,
            _ => None,
        });
        let mut most = 0;
        for version in campaign.into_iter().chain(task).chain(records) {
            let built = self.built_on.entry(version).or_default();
            *built += 1;
            most = most.max(*built);
        }
        most
    }

    fn row(&mut self, id: TaskId) -> &mut Row {
        self.rows.get_mut(&id).unwrap()
    }

    fn version(&mut self) -> VersionId {
        self.next_version += 1;
        VersionId::from_uuid(Uuid::from_u128(self.next_version))
    }

    fn write(&mut self, set: &ChangeSet, change: &Change, now: Timestamp) {
        let of = set.task.as_ref().map(|task| task.id);
        match change {
            Change::AddTasks(new) => self.add(new, now),
            Change::ReleaseDependents(of) => {
                for task in self.dependents(*of) {
                    self.count_needs(task, now);
                }
            }
            Change::CancelDescendants { of, fault } => self.call_off_below(*of, fault),
            Change::Rewire { task, needs } => {
                self.row(*task).needs = needs.clone();
                self.row(*task).task.state = TaskState::Blocked;
                self.count_needs(*task, now);
            }
            Change::Prune { tasks, fault } => {
                for task in tasks {
                    self.call_off(*task, fault);
                    self.call_off_below(*task, fault);
                }
            }
            Change::CancelCampaignTasks(fault) => {
                for task in self.rows.keys().copied().collect::<Vec<_>>() {
                    if self.may_have_left(task) {
                        self.leave_to_people(task);
                    } else {
                        self.call_off(task, fault);
                    }
                }
            }
            Change::RecallWork => self.recall(now),
            Change::Artifact(artifact) => {
                self.row(of.unwrap()).artifact = Some((**artifact).clone())
            }
            Change::Verdict(verdict) => self.row(of.unwrap()).verdict = Some((**verdict).clone()),
            Change::Review { review, .. } => {
                self.row(review.task_id).review = Some((**review).clone())
            }
            Change::Effect { effect, .. } => {
                self.effects.insert(effect.id, (**effect).clone());
                self.row(effect.task).effect = Some((**effect).clone());
            }
            // History and what people are told; the agent is let go on at once, and nobody has a step done again here.
            Change::PauseAgent(_)
            | Change::Revive(_)
            | Change::Plan(_)
            | Change::Attempt(_)
            | Change::Content(_)
            | Change::Publication(_)
            | Change::Alert(_)
            | Change::Incident(_)
            | Change::Event(_)
            | Change::Audit(_) => {}
        }
    }

    fn add(&mut self, new: &[NewTask], now: Timestamp) {
        for NewTask { task, needs } in new {
            let row = Row {
                task: task.clone(),
                needs: needs.clone(),
                artifact: None,
                verdict: None,
                review: None,
                effect: None,
            };
            self.rows.insert(task.id, row);
        }
        for NewTask { task, .. } in new {
            self.count_needs(task.id, now);
        }
    }

    fn dependents(&self, of: TaskId) -> Vec<TaskId> {
        let needs_it = |(_, row): &(&TaskId, &Row)| row.needs.contains(&of);
        let found = self.rows.iter().filter(needs_it);
        found.map(|(id, _)| *id).collect()
    }

    /// A task that waits is ready once all that it needs is completed.
    fn count_needs(&mut self, id: TaskId, now: Timestamp) {
        let is_done = |needs: &TaskId| self.rows[needs].task.state == TaskState::Completed;
        let row = &self.rows[&id];
        if row.task.state == TaskState::Blocked && row.needs.iter().all(is_done) {
            let version = self.version();
            let task = &mut self.row(id).task;
            (task.state, task.version) = (TaskState::Ready { not_before: now }, version);
        }
    }

    fn may_have_left(&self, id: TaskId) -> bool {
        use EffectState::{Dispatching, PendingReconciliation};
        self.rows[&id].effect.as_ref().is_some_and(|effect| {
            effect.is_unclear || matches!(effect.state, Dispatching { .. } | PendingReconciliation)
        })
    }

    fn leave_to_people(&mut self, id: TaskId) {
        let version = self.version();
        let effect = self.row(id).effect.as_mut().unwrap();
        if effect.state == EffectState::Held {
            effect.state = EffectState::PendingReconciliation;
            effect.is_unclear = false;
            effect.version = version;
            let effect = effect.clone();
            self.effects.insert(effect.id, effect);
        }
    }

    fn call_off_below(&mut self, of: TaskId, fault: &Fault) {
        let mut below = self.dependents(of);
        let mut seen = BTreeSet::new();
        while let Some(task) = below.pop() {
            if seen.insert(task) {
                self.call_off(task, fault);
                below.extend(self.dependents(task));
            }
        }
    }

    fn call_off(&mut self, id: TaskId, fault: &Fault) {
        if self.rows[&id].task.state.is_terminal() {
            return;
        }
        let versions = [self.version(), self.version(), self.version()];
        let row = self.row(id);
        row.task.version = versions[0];
        row.task.state = TaskState::Cancelled;
        row.task.fault = Some(fault.clone());
        if let Some(review) = row.review.as_mut().filter(|review| review.state.is_open()) {
            (review.state, review.version) = (ReviewState::Withdrawn, versions[1]);
        }
        let held = |effect: &&mut Effect| effect.state == EffectState::Held;
        if let Some(effect) = row.effect.as_mut().filter(held) {
            (effect.state, effect.version) = (EffectState::Voided, versions[2]);
            let effect = effect.clone();
            self.effects.insert(effect.id, effect);
        }
    }

    fn recall(&mut self, now: Timestamp) {
        for id in self.rows.keys().copied().collect::<Vec<_>>() {
            let version = self.version();
            let task = &mut self.row(id).task;
            match &mut task.state {
                state @ TaskState::Working { .. } => {
                    *state = TaskState::Ready { not_before: now };
                    task.version = version;
                }
                TaskState::Judging { lease_until, .. } if lease_until.is_some() => {
                    *lease_until = None;
                    task.version = version;
                }
                _ => {}
            }
        }
    }

    /// How the campaign's tasks ended, as the store counts them.
    pub(super) fn ending(&self) -> Ending {
        let mut ending = Ending {
            progress: Progress::default(),
            ..Ending::default()
        };
        for Row { task, .. } in self.rows.values() {
            let is_done = task.state == TaskState::Completed;
            let (acts, replans) = (task.kind.is_outward(), task.kind == TaskKind::Replan);
            ending.acts += u32::from(acts);
            ending.performed += u32::from(acts && is_done);
            ending.replanned += u32::from(replans && is_done);
            let progress = &mut ending.progress;
            *match task.state {
                TaskState::Completed => &mut progress.completed,
                TaskState::Failed | TaskState::TimedOut => &mut progress.failed,
                TaskState::Cancelled => &mut progress.cancelled,
                _ => &mut progress.open,
            } += 1;
        }
        ending.planned = ending.acts;
        ending
    }
}

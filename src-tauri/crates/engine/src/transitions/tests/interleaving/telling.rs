//! How each act of a story happens, and how everybody works to the end after it.
//!
//! Never here: what a law says.

use chimera_domain::{
    campaign::Amendment, fault::FaultClass, replan::MAX_REPLANS, review::RejectReason,
    verdict::RiskLevel,
};

use super::{
    super::*,
    acts::{Act, Decides, Far, Judges, Keeps, Says, Story, Turns, Works, World},
    books::Row,
    house::{Asked, House},
    laws::{Broken, ENDS, law},
};
use crate::{AnotherPlan, Resolution};

/// Rounds after which a goal that has not ended never does: three plans of five steps, each line written three times,
/// each step tried four times by workers and judges.
const MOST_ROUNDS: usize = 400;

/// Lets a story happen and everybody work to the end; fails with the first law that is broken.
pub(super) fn tell(story: &Story) -> Result<House, Broken> {
    let mut house = House::of(story)?;
    for act in &story.acts {
        house.happen(*act)?;
    }
    house.end(&mut story.dice.iter().copied().cycle())?;
    Ok(house)
}

/// The one that `pick` means of those there are.
fn picked<T: Copy>(from: &[T], pick: u8) -> Option<T> {
    from.get(usize::from(pick) % from.len().max(1)).copied()
}

impl House {
    fn of_state(&self, is: impl Fn(&Row) -> bool) -> Vec<TaskId> {
        let rows = self.books.rows.values().filter(|row| is(row));
        rows.map(|row| row.task.id).collect()
    }

    fn ready(&self) -> Vec<TaskId> {
        self.of_state(|row| matches!(row.task.state, TaskState::Ready { .. }))
    }

    fn judging(&self) -> Vec<TaskId> {
        self.of_state(|row| matches!(row.task.state, TaskState::Judging { .. }))
    }

    fn acting(&self, is: impl Fn(&EffectState) -> bool) -> Vec<TaskId> {
        self.of_state(|row| row.effect.as_ref().is_some_and(|effect| is(&effect.state)))
    }

    fn happen(&mut self, act: Act) -> Result<(), Broken> {
        match act {
            Act::Take { pick, late } => {
                if let Some(id) = picked(&self.ready(), pick) {
                    self.ask(Asked::Of(id, take()), late)?;
                }
            }
            Act::Work { pick, works, late } => {
                let at_work: Vec<_> = self
                    .workers
                    .iter()
                    .map(|(id, attempt)| (*id, *attempt))
                    .collect();
                if let Some((id, attempt)) = picked(&at_work, pick) {
                    self.work(id, attempt, works, pick, late)?;
                }
            }
            Act::Judge { pick, judges, late } => {
                if let Some(id) = picked(&self.judging(), pick) {
                    self.judge(id, judges, late)?;
                }
            }
            Act::Decide {
                pick,
                decides,
                late,
            } => self.person(pick, decides, late)?,
            Act::Dispatch { pick } => {
                if let Some(id) = picked(&self.acting(|state| *state == EffectState::Held), pick) {
                    self.dispatch(id)?;
                }
            }
            Act::Call { pick, far } => {
                let uncalled = |number: &usize| self.senders[*number].answer.is_none();
                let uncalled: Vec<usize> = (0..self.senders.len()).filter(uncalled).collect();
                if let Some(sender) = picked(&uncalled, pick) {
                    self.call(sender, far)?;
                }
            }
            Act::Tell { pick, late } => {
                let called = |number: &usize| self.senders[*number].answer.is_some();
                let called: Vec<usize> = (0..self.senders.len()).filter(called).collect();
                if let Some(sender) = picked(&called, pick) {
                    self.hear(sender, late)?;
                }
            }
            Act::Keep { pick, keeps, late } => self.keep(pick, keeps, late)?,
            Act::Turn { turns, late } => self.turn(turns, late)?,
            Act::Land { pick } => {
                if !self.pending.is_empty() {
                    let pending = self.pending.remove(usize::from(pick) % self.pending.len());
                    self.land(pending)?;
                }
            }
            Act::Crash => self.crash()?,
            Act::Clock(seconds) => {
                let span = Span::seconds(seconds.unsigned_abs());
                let now = self.desk.now;
                self.desk.now = if seconds < 0 { now - span } else { now + span };
            }
            Act::Change(world) => self.change(world),
        }
        Ok(())
    }

    fn work(
        &mut self,
        id: TaskId,
        attempt: AttemptId,
        works: Works,
        dice: u8,
        late: bool,
    ) -> Result<(), Broken> {
        // Whoever is done with it forgets it, whatever the books say.
        if !matches!(works, Works::Renews) {
            self.workers.remove(&id);
        }
        let is_request = self.books.rows[&id].task.kind == TaskKind::Replan;
        let command = match works {
            Works::Vanishes => return Ok(()),
            Works::HandsIn(_) if is_request => self.replan(attempt, dice),
            Works::HandsIn(carries) => Command::Record {
                artifact: Box::new(self.prepared(id, attempt, carries)),
            },
            Works::Fails { transient } => fail(Some(attempt), transient),
            Works::HandsBack => Command::HandBack {
                attempt: Some(attempt),
                rest: Span::seconds(5),
            },
            Works::Renews => Command::Renew {
                attempt,
                lease: LEASE,
            },
        };
        self.ask(Asked::Of(id, command), late).map(drop)
    }

    /// Another plan: one more step in the place of what failed, or none.
    fn replan(&mut self, attempt: AttemptId, dice: u8) -> Command {
        if dice.is_multiple_of(3) {
            let fault = Fault::new(FaultClass::Validation, "REPLAN_DECLINED", "no other way");
            return Command::Fail {
                attempt: Some(attempt),
                fault,
                jitter: 0,
            };
        }
        let failed: Vec<TaskId> = match &self.books.campaign.replanning {
            Some(open) => open.failed.iter().map(|failed| failed.task).collect(),
            None => Vec::new(),
        };
        let waits = |row: &Row| {
            row.task.is_not_begun() && row.needs.iter().any(|needs| failed.contains(needs))
        };
        let key = format!("again-{}", self.books.campaign.replans);
        let rewired = self
            .of_state(waits)
            .into_iter()
            .map(|task| (task, vec![key.clone()]));
        let rewired = rewired.collect();
        let version = self.desk.id();
        let step = json!({
            "key": key, "title": key, "kind": "generate_caption", "skill": "s", "max_cost": "0.05", "estimated_cost": "0",
        });
        let plan = serde_json::from_value(json!({
            "id": version, "tenant": self.books.campaign.tenant, "campaign": self.books.campaign.id, "revision": 2,
            "steps": [step], "author": "scripted", "version": version, "updated_at": self.desk.now,
        }));
        Command::Replan {
            attempt,
            another: Box::new(AnotherPlan {
                seen: self.books.campaign.version,
                plan: plan.unwrap(),
                prune: Vec::new(),
                inserted: vec![key],
                rewired,
                tasks: Default::default(),
                reason: "another way".into(),
            }),
        }
    }

    fn judge(&mut self, id: TaskId, judges: Judges, late: bool) -> Result<(), Broken> {
        let command = match judges {
            Judges::Takes => Command::TakeJudgement { lease: LEASE },
            Judges::Says(says) => Command::Judge {
                verdict: Box::new(self.verdict(id, says)),
            },
            Judges::Fails { transient } => fail(None, transient),
        };
        self.ask(Asked::Of(id, command), late).map(drop)
    }

    fn person(&mut self, pick: u8, decides: Decides, late: bool) -> Result<(), Broken> {
        let among = match decides {
            Decides::Undoes => self.acting(|state| *state == EffectState::Held),
            Decides::LooksAtTheAccount => {
                self.acting(|state| *state == EffectState::PendingReconciliation)
            }
            Decides::CallsOff => self.ids(),
            _ => self.of_state(|row| {
                row.review
                    .as_ref()
                    .is_some_and(|review| review.state.is_open())
            }),
        };
        let Some(id) = picked(&among, pick) else {
            return Ok(());
        };
        let note = String::new();
        let row = &self.books.rows[&id];
        let (review, effect) = (row.review.clone(), row.effect.clone());
        let command = match (decides, review, effect) {
            (Decides::CallsOff, ..) => Command::Cancel { note },
            (Decides::Undoes, _, Some(effect)) => Command::Undo { effect: effect.id },
            (Decides::LooksAtTheAccount, _, Some(effect)) => Command::Reconcile {
                effect: effect.id,
                found: self.witness.is_posted(&effect).then(|| self.receipt()),
                note,
            },
            (_, Some(review), _) => Command::Resolve {
                review: review.review_id,
                shown: review.shown,
                resolution: self.resolution(id, &review, decides),
            },
            _ => return Ok(()),
        };
        self.ask(Asked::Of(id, command), late).map(drop)
    }

    fn resolution(&mut self, id: TaskId, review: &Review, decides: Decides) -> Resolution {
        let note = String::new();
        match decides {
            Decides::Rejects => Resolution::Reject {
                reason: RejectReason::Other,
                note,
            },
            Decides::Escalates => Resolution::Escalate { note },
            Decides::Edits(says) => {
                let attempt = AttemptId::from_uuid(self.desk.id());
                let mut artifact = self.prepared(id, attempt, Carries::Both);
                artifact.edited_from = Some(review.artifact_id);
                let mut verdict = self.verdict(id, says);
                verdict.artifact_id = artifact.artifact_id;
                Resolution::ApproveEdit {
                    artifact: Box::new(artifact),
                    verdict: Box::new(verdict),
                }
            }
            _ => Resolution::Approve,
        }
    }

    /// Look and dispatch are one: no stop comes between.
    fn dispatch(&mut self, id: TaskId) -> Result<(), Broken> {
        let effect = self.books.rows[&id].effect.as_ref().map(|effect| effect.id);
        let command = Command::Dispatch {
            effect: effect.unwrap(),
            stopped: self.stopped,
            schema_hash: self.schema,
            cooldown_until: None,
            quota_until: None,
            barred: Vec::new(),
        };
        self.now(Asked::Of(id, command)).map(drop)
    }

    fn hear(&mut self, sender: usize, late: bool) -> Result<(), Broken> {
        let sender = self.senders.remove(sender);
        match sender.answer {
            Some(answer) => self.ask(Asked::Of(sender.task, answer), late).map(drop),
            None => Ok(()),
        }
    }

    fn keep(&mut self, pick: u8, keeps: Keeps, late: bool) -> Result<(), Broken> {
        let asked = match keeps {
            Keeps::Finishes => Asked::Campaign(CampaignCommand::Finish {
                ending: self.books.ending(),
            }),
            _ => {
                let Some(id) = picked(&self.ids(), pick) else {
                    return Ok(());
                };
                let review = self.books.rows[&id].review.as_ref();
                match (keeps, review) {
                    (Keeps::Expires, Some(review)) => Asked::Of(
                        id,
                        Command::ExpireReview {
                            review: review.review_id,
                        },
                    ),
                    (Keeps::TimesOut, _) => Asked::Of(id, Command::TimeOut),
                    _ => Asked::Of(
                        id,
                        Command::LapseLease {
                            holder_is_gone: false,
                        },
                    ),
                }
            }
        };
        self.ask(asked, late).map(drop)
    }

    fn turn(&mut self, turns: Turns, late: bool) -> Result<(), Broken> {
        let note = String::new();
        let command = match turns {
            Turns::Pause => CampaignCommand::Pause,
            Turns::Resume => CampaignCommand::Resume,
            Turns::CallOff => CampaignCommand::Cancel { note },
            Turns::NewGoal => CampaignCommand::Amend {
                amendment: Amendment {
                    goal: format!("Another goal, {}", self.desk.id()).try_into().ok(),
                    ..Amendment::default()
                },
            },
        };
        self.ask(Asked::Campaign(command), late).map(drop)
    }

    /// Nothing changes any more, and everybody works on: the goal ends, whatever was before.
    fn end(&mut self, dice: &mut impl Iterator<Item = u8>) -> Result<(), Broken> {
        self.stopped = false;
        for pending in std::mem::take(&mut self.pending) {
            self.land(pending)?;
        }
        for _ in 0..MOST_ROUNDS {
            if self.books.campaign.status == CampaignStatus::Paused {
                self.turn(Turns::Resume, false)?;
            }
            self.keep(0, Keeps::Finishes, false)?;
            let open = self.of_state(|row| !row.task.state.is_terminal());
            if self.books.campaign.status.is_over() && open.is_empty() {
                return self.witness.looks_at_the_end(&self.books);
            }
            for id in open {
                self.go_on(id, dice.next().unwrap_or_default())?;
            }
        }
        let left: Vec<_> = self.of_state(|row| !row.task.state.is_terminal());
        let left = left
            .iter()
            .map(|id| &self.books.rows[id].task)
            .map(|task| (&task.step, &task.state));
        let left: Vec<_> = left.collect();
        let status = self.books.campaign.status;
        law(ENDS, false, || {
            format!("after {MOST_ROUNDS} rounds it is {status:?} with {left:?}")
        })?;
        law(ENDS, self.books.campaign.replans <= MAX_REPLANS, || {
            "it plans for ever".to_owned()
        })
    }

    fn until(&mut self, at: Timestamp) {
        self.desk.now = self.desk.now.max(at);
    }

    /// The next thing that is due for a task.
    fn go_on(&mut self, id: TaskId, dice: u8) -> Result<(), Broken> {
        let row = self.books.rows[&id].clone();
        // What has begun to leave is not called back by a deadline.
        let is_overdue = row
            .task
            .deadline
            .is_some_and(|deadline| deadline <= self.desk.now);
        if is_overdue && self.now(Asked::Of(id, Command::TimeOut))? {
            return Ok(());
        }
        match &row.task.state {
            TaskState::Ready { not_before } => {
                self.until(*not_before);
                self.now(Asked::Of(id, take())).map(drop)
            }
            TaskState::Working { lease_until, .. } => self.attempt(id, *lease_until, dice),
            TaskState::Judging { lease_until, .. } => {
                self.until(lease_until.unwrap_or(self.desk.now));
                self.judge(id, Judges::Takes, false)?;
                let says = Says {
                    percent: [95, 80, 60, 40][usize::from(dice) % 4],
                    risk: RiskLevel::Low,
                    finding: None,
                };
                let judges = match dice % 7 {
                    0 => Judges::Fails { transient: true },
                    _ => Judges::Says(says),
                };
                self.judge(id, judges, false)
            }
            TaskState::Reviewing { .. } => self.review(id, dice),
            TaskState::Releasing { .. } => self.leave(id, dice),
            TaskState::Blocked => Ok(()),
            _ => Ok(()),
        }
    }

    fn attempt(&mut self, id: TaskId, lease_until: Timestamp, dice: u8) -> Result<(), Broken> {
        let is_cursed = self.is_cursed && self.books.rows[&id].task.step == "read";
        let known = self.workers.get(&id).copied();
        if let Some(attempt) = known.filter(|_| !is_cursed && !dice.is_multiple_of(9)) {
            let works = match dice % 5 {
                0 => Works::Fails {
                    transient: dice.is_multiple_of(2),
                },
                1 => Works::HandsIn(Carries::Both),
                _ => Works::HandsIn(Carries::Foreign),
            };
            self.work(id, attempt, works, dice, false)?;
            return Ok(());
        }
        // Nobody is heard of until the lease ends.
        self.workers.remove(&id);
        self.until(lease_until);
        self.now(Asked::Of(
            id,
            Command::LapseLease {
                holder_is_gone: false,
            },
        ))
        .map(drop)
    }

    fn review(&mut self, id: TaskId, dice: u8) -> Result<(), Broken> {
        let Some(review) = self.books.rows[&id].review.clone() else {
            return law(ENDS, false, || format!("{id} waits for no review"));
        };
        let resolution = match dice % 4 {
            0 => {
                self.until(review.expires_at);
                let command = Command::ExpireReview {
                    review: review.review_id,
                };
                return self.now(Asked::Of(id, command)).map(drop);
            }
            1 => self.resolution(id, &review, Decides::Rejects),
            _ => Resolution::Approve,
        };
        let command = Command::Resolve {
            review: review.review_id,
            shown: review.shown,
            resolution,
        };
        // Too late for the person: then it expires.
        if !self.now(Asked::Of(id, command))? {
            let command = Command::ExpireReview {
                review: review.review_id,
            };
            self.now(Asked::Of(id, command))?;
        }
        Ok(())
    }

    fn leave(&mut self, id: TaskId, dice: u8) -> Result<(), Broken> {
        let Some(effect) = self.books.rows[&id].effect.clone() else {
            return law(ENDS, false, || format!("{id} releases nothing"));
        };
        match effect.state {
            EffectState::Held => {
                // The worst moment for a change: it may be out already, and is about to be asked for again.
                if effect.fault.is_some() && self.changes_left > 0 && dice.is_multiple_of(2) {
                    self.changes_left -= 1;
                    self.change(World::Policy);
                }
                self.until(effect.not_before);
                self.dispatch(id)
            }
            EffectState::Dispatching { .. } => {
                let Some(sender) = self
                    .senders
                    .iter()
                    .position(|sender| sender.effect == effect.id)
                else {
                    // Only a new process asks what became of it.
                    return self.crash();
                };
                if self.senders[sender].answer.is_none() {
                    let far = match dice % 6 {
                        0 => Far::DoneUnheard,
                        1 => Far::NotDone,
                        2 => Far::Refused,
                        _ => Far::Done,
                    };
                    self.call(sender, far)?;
                }
                self.hear(sender, false)
            }
            _ => {
                let command = Command::Reconcile {
                    effect: effect.id,
                    found: self.witness.is_posted(&effect).then(|| self.receipt()),
                    note: String::new(),
                };
                self.now(Asked::Of(id, command)).map(drop)
            }
        }
    }
}

fn take() -> Command {
    Command::Assign {
        worker: "w".into(),
        lease: LEASE,
    }
}

fn fail(attempt: Option<AttemptId>, transient: bool) -> Command {
    let class = if transient {
        FaultClass::Transient
    } else {
        FaultClass::Permanent
    };
    Command::Fail {
        attempt,
        fault: Fault::new(class, "TEST", "test"),
        jitter: 0,
    }
}

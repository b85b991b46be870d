//! The process: what it knows by itself and loses when it dies, the far side, and how anything is asked and stored.
//!
//! Never here: which acts come in which order, or what a law says.

use std::collections::BTreeMap;

use chimera_domain::{
    action::Receipt,
    fault::FaultClass,
    id::{EffectId, PlanId},
    plan::Plan,
};
use serde_json::Value;

use super::{
    super::*,
    acts::{Far, Says, Story, World},
    books::{Books, Conflict},
    laws::{Around, Broken, ONCE, ONE_WINNER, Witness, law},
};

/// Decisions that wait to be stored, at most.
const MOST_PENDING: usize = 6;
/// Changes of the policy on the way to the end.
const CHANGES: u8 = 3;
/// The end of the story's deadline, in seconds from its beginning.
const DEADLINE: u32 = 200_000;

/// What is asked, of a task or of the campaign.
#[derive(Clone, Debug)]
pub(super) enum Asked {
    Of(TaskId, Command),
    Campaign(CampaignCommand),
}

/// A decision that is not stored yet.
pub(super) struct Pending {
    asked: Asked,
    before: Option<Board>,
    set: ChangeSet,
    leaves: bool,
    at: Timestamp,
}

/// An action that was granted: the call is to be made, or its answer to be stored.
#[derive(Clone)]
pub(super) struct Sender {
    pub(super) effect: EffectId,
    pub(super) task: TaskId,
    pub(super) answer: Option<Command>,
}

pub(super) struct House {
    pub(super) books: Books,
    /// Ids, the clock, the policy; it makes artifacts and verdicts.
    pub(super) desk: Desk,
    pub(super) witness: Witness,
    pub(super) stopped: bool,
    pub(super) schema: Digest,
    pub(super) is_keyed: bool,
    pub(super) is_cursed: bool,
    /// How often the policy may still change on the way to the end.
    pub(super) changes_left: u8,
    // What a crash takes.
    pub(super) pending: Vec<Pending>,
    pub(super) workers: BTreeMap<TaskId, AttemptId>,
    pub(super) senders: Vec<Sender>,
}

/// A plan of two posts on one research, the second with a deadline.
fn plan(desk: &Desk) -> Plan {
    let step = |key: &str, kind: &str, needs: &[&str]| {
        let outward = (kind == "publish_post").then_some("sandbox");
        json!({
            "key": key, "title": key, "kind": kind, "skill": "s", "needs": needs, "platform": outward,
            "max_cost": "0.05", "estimated_cost": "0",
        })
    };
    let mut last = step("publish-2", "publish_post", &["write-2"]);
    last["deadline"] = json!(desk.now + Span::seconds(DEADLINE));
    let steps = json!([
        step("read", "analyze_trends", &[]),
        step("write-1", "generate_caption", &["read"]),
        step("write-2", "generate_caption", &["read"]),
        step("publish-1", "publish_post", &["write-1"]),
        last,
    ]);
    Plan {
        id: PlanId::from_uuid(Uuid::from_u128(70)),
        tenant: desk.board.campaign.tenant,
        campaign: desk.board.campaign.id,
        revision: 1,
        steps: serde_json::from_value(steps).unwrap(),
        author: "scripted".into(),
        rationale: String::new(),
        private: None,
        version: VersionId::from_uuid(Uuid::from_u128(71)),
        updated_at: desk.now,
    }
}

impl House {
    pub(super) fn of(story: &Story) -> Result<Self, Broken> {
        let mut desk = Desk::new();
        desk.board.campaign.status = CampaignStatus::Draft;
        let plan = Box::new(plan(&desk));
        let mut house = Self {
            books: Books::of(desk.board.campaign.clone()),
            desk,
            witness: Witness::default(),
            stopped: false,
            schema: schema(),
            is_keyed: story.is_keyed,
            is_cursed: story.is_cursed,
            changes_left: CHANGES,
            pending: Vec::new(),
            workers: BTreeMap::new(),
            senders: Vec::new(),
        };
        house.now(Asked::Campaign(CampaignCommand::Start { plan }))?;
        Ok(house)
    }

    /// Decides on what is stored now.
    fn decide(&mut self, asked: &Asked) -> Result<Pending, Refusal> {
        let mut next = self.desk.next_id;
        let mut mint = || {
            next += 1;
            Uuid::from_u128(next)
        };
        let mut given = Given {
            now: self.desk.now,
            actor: Actor::Person(UserId::from_uuid(Uuid::from_u128(9))),
            policy: &self.desk.policy,
            mint: &mut mint,
        };
        let (before, set, leaves) = match asked {
            Asked::Of(task, command) => {
                let board = self.books.board(*task);
                let decided = decide(&board, command.clone(), &mut given)?;
                (Some(board), decided.set, decided.grant.is_some())
            }
            Asked::Campaign(command) => {
                let set = decide_campaign(&self.books.campaign, command.clone(), &mut given)?;
                (None, set, false)
            }
        };
        self.desk.next_id = next;
        Ok(Pending {
            asked: asked.clone(),
            before,
            set,
            leaves,
            at: self.desk.now,
        })
    }

    /// Asks and stores at once; answers whether it was agreed to.
    pub(super) fn now(&mut self, asked: Asked) -> Result<bool, Broken> {
        self.ask(asked, false)
    }

    /// Asks; what is `late` is stored some time later.
    pub(super) fn ask(&mut self, asked: Asked, late: bool) -> Result<bool, Broken> {
        let Ok(pending) = self.decide(&asked) else {
            return Ok(false);
        };
        if late && self.pending.len() < MOST_PENDING {
            self.pending.push(pending);
            return Ok(true);
        }
        self.land(pending)
    }

    /// Stores a decision. Where somebody was first it is decided again, and then nobody is in the way any more.
    pub(super) fn land(&mut self, mut pending: Pending) -> Result<bool, Broken> {
        for _ in 0..2 {
            let ended = self.ended();
            match self.books.commit(&pending.set, self.desk.now) {
                Ok(most) => {
                    law(ONE_WINNER, most == 1, || {
                        format!(
                            "{most} were stored on one version, the last by {:?}",
                            pending.asked
                        )
                    })?;
                    self.remembers(&pending)?;
                    self.witness.looks_at(&self.books, &ended)?;
                    return Ok(true);
                }
                Err(Conflict) => match self.decide(&pending.asked) {
                    Ok(again) => pending = again,
                    Err(_) => return Ok(false),
                },
            }
        }
        // What cannot be stored though nobody interferes is a change of a plan that touches what has begun.
        if let Asked::Of(task, Command::Replan { attempt, .. }) = pending.asked {
            let rest = Span::ZERO;
            let attempt = Some(attempt);
            return self.now(Asked::Of(task, Command::HandBack { attempt, rest }));
        }
        law(ONE_WINNER, false, || {
            format!("nobody wins: {:?}", pending.asked)
        })
        .map(|()| false)
    }

    fn ended(&self) -> BTreeMap<TaskId, TaskState> {
        let ended = self
            .books
            .rows
            .values()
            .filter(|row| row.task.state.is_terminal());
        ended
            .map(|row| (row.task.id, row.task.state.clone()))
            .collect()
    }

    /// What the process and the witness take from what was stored.
    fn remembers(&mut self, stored: &Pending) -> Result<(), Broken> {
        let (Asked::Of(task, command), Some(before)) = (&stored.asked, &stored.before) else {
            return Ok(());
        };
        let around = Around {
            before,
            at: stored.at,
            schema: self.schema,
            stopped: self.stopped,
        };
        self.witness.sees(command, &stored.set, &around)?;
        if let (Command::Assign { .. }, Some(now)) = (command, &stored.set.task)
            && let TaskState::Working { attempt, .. } = now.state
        {
            self.workers.insert(*task, attempt);
        }
        if let (Command::Dispatch { effect, .. }, true) = (command, stored.leaves) {
            self.senders.push(Sender {
                effect: *effect,
                task: *task,
                answer: None,
            });
        }
        Ok(())
    }

    /// The process dies, and the next one takes up what is stored before it begins anything.
    pub(super) fn crash(&mut self) -> Result<(), Broken> {
        self.pending.clear();
        self.workers.clear();
        self.senders.clear();
        for id in self.ids() {
            let row = &self.books.rows[&id];
            let leaving = row
                .effect
                .as_ref()
                .filter(|effect| matches!(effect.state, EffectState::Dispatching { .. }));
            if let Some(effect) = leaving {
                let command = self.unheard(effect.id);
                self.now(Asked::Of(id, command))?;
            }
            let holder_is_gone = true;
            self.now(Asked::Of(id, Command::LapseLease { holder_is_gone }))?;
        }
        Ok(())
    }

    pub(super) fn ids(&self) -> Vec<TaskId> {
        self.books.rows.keys().copied().collect()
    }

    fn unheard(&self, effect: EffectId) -> Command {
        Command::FailEffect {
            effect,
            fault: Fault::new(FaultClass::Transient, "INTERRUPTED", "unheard"),
            certainly_not_performed: false,
            asks_by_key: self.is_keyed,
            jitter: 0,
        }
    }

    /// Makes the call of a sender; the answer waits to be stored.
    pub(super) fn call(&mut self, sender: usize, far: Far) -> Result<(), Broken> {
        let id = self.senders[sender].effect;
        let effect = self.books.effects[&id].clone();
        if matches!(far, Far::Done | Far::DoneUnheard) {
            self.witness.hears_of_post(&effect, self.is_keyed)?;
        }
        // One that knows keys tells of the post that is there already, whatever becomes of this call.
        let done = far == Far::Done
            || (self.is_keyed && far == Far::Refused && self.witness.is_posted(&effect));
        let not_done = |class| Command::FailEffect {
            effect: id,
            fault: Fault::new(class, "NOT_DONE", "not done"),
            certainly_not_performed: true,
            asks_by_key: self.is_keyed,
            jitter: 0,
        };
        let answer = match far {
            _ if done => Command::Settle {
                effect: id,
                receipt: self.receipt(),
            },
            Far::NotDone => not_done(FaultClass::Transient),
            Far::Refused => not_done(FaultClass::Permanent),
            Far::Done | Far::DoneUnheard | Far::NotDoneUnheard => self.unheard(id),
        };
        law(ONCE, self.senders[sender].answer.is_none(), || {
            format!("{id} is called twice")
        })?;
        self.senders[sender].answer = Some(answer);
        Ok(())
    }

    pub(super) fn receipt(&self) -> Receipt {
        Receipt {
            post_id: None,
            url: None,
            raw: Value::Null,
            received_at: self.desk.now,
        }
    }

    /// What a worker hands in: an action only where the task acts.
    pub(super) fn prepared(
        &mut self,
        id: TaskId,
        attempt: AttemptId,
        carries: Carries,
    ) -> Artifact {
        self.desk.board = self.books.board(id);
        let mut artifact = self.desk.artifact(attempt);
        artifact.provenance = Some(carrying(carries));
        match &mut artifact.action {
            Some(action) if self.desk.board.task.kind.is_outward() => {
                action.schema_hash = self.schema
            }
            action => *action = None,
        }
        let bound =
            json!({ "payload": artifact.payload, "action": artifact.action, "by": attempt });
        artifact.digest = Digest::of("chimera.artifact.v1", &bound).unwrap();
        artifact
    }

    pub(super) fn verdict(&mut self, id: TaskId, says: Says) -> Verdict {
        self.desk.board = self.books.board(id);
        let finding = says.finding.map(|weight| Finding {
            rule: "test".into(),
            weight,
            message: "test".into(),
            span: None,
        });
        self.desk
            .verdict(says.percent, says.risk, finding.into_iter().collect())
    }

    /// Something around it changes, as the store would write it.
    pub(super) fn change(&mut self, world: World) {
        match world {
            World::Stop(stopped) => self.stopped = stopped,
            World::Schema => self.schema = Digest::plain(&self.schema.to_bytes()),
            World::Policy => {
                self.books.campaign.policy_version += 1;
                self.campaign_moves();
            }
            World::Persona => {
                self.books.campaign.persona_version = PersonaVersionId::from_uuid(self.desk.id());
                self.campaign_moves();
            }
        }
    }

    fn campaign_moves(&mut self) {
        let version = VersionId::from_uuid(self.desk.id());
        let campaign = &mut self.books.campaign;
        campaign.state_version += 1;
        campaign.version = version;
    }
}

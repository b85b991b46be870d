//! Anything that may happen to a publishing task, in any order, and the world in which it happens.
//!
//! A changed plan is asked of a task of its own kind; here it could only be refused. Its own orders: `replanning`.

use chimera_domain::{
    action::Receipt,
    fault::{Fault, FaultClass},
    id::EffectId,
    review::RejectReason,
    verdict::{FindingWeight, RiskLevel},
};
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::Resolution;

/// What a judge may say.
#[derive(Clone, Debug)]
pub(super) struct Judgement {
    percent: u16,
    risk: RiskLevel,
    finding: Option<FindingWeight>,
}

/// One thing that may happen.
#[derive(Clone, Debug)]
pub(super) enum Happening {
    Assign,
    Renew,
    Record,
    Fail(bool),
    HandBack,
    Take,
    Judge(Judgement),
    Approve,
    ApproveEdit(Judgement),
    Reject,
    Escalate,
    Expire,
    Undo,
    Dispatch,
    Settle,
    Lose(bool),
    Reconcile(bool),
    Lapse,
    TimeOut,
    Pause,
    Resume,
    Cancel,
    CancelCampaign,
    Wait(u32),
    /// Everything is stopped, or goes on.
    Stop(bool),
    NewPolicy,
    NewPersona,
    NewSchema,
}

fn judgement() -> impl Strategy<Value = Judgement> {
    let risk = prop_oneof![
        6 => Just(RiskLevel::Low),
        1 => Just(RiskLevel::Medium),
        1 => Just(RiskLevel::High),
    ];
    let finding = prop_oneof![
        8 => Just(None),
        2 => Just(Some(FindingWeight::NeedsPerson)),
        1 => Just(Some(FindingWeight::Fails)),
        1 => Just(Some(FindingWeight::Attack)),
    ];
    (0u16..=100, risk, finding).prop_map(|(percent, risk, finding)| Judgement {
        percent,
        risk,
        finding,
    })
}

pub(super) fn happening() -> impl Strategy<Value = Happening> {
    let work = prop_oneof![
        6 => Just(Happening::Assign),
        1 => Just(Happening::Renew),
        6 => Just(Happening::Record),
        1 => any::<bool>().prop_map(Happening::Fail),
        1 => Just(Happening::HandBack),
        6 => Just(Happening::Take),
        8 => judgement().prop_map(Happening::Judge),
        1 => Just(Happening::Lapse),
        1 => Just(Happening::TimeOut),
    ];
    let people = prop_oneof![
        4 => Just(Happening::Approve),
        2 => judgement().prop_map(Happening::ApproveEdit),
        1 => Just(Happening::Reject),
        1 => Just(Happening::Escalate),
        2 => Just(Happening::Expire),
        1 => Just(Happening::Undo),
        1 => Just(Happening::Pause),
        3 => Just(Happening::Resume),
        1 => Just(Happening::Cancel),
        1 => Just(Happening::CancelCampaign),
    ];
    let leaving = prop_oneof![
        5 => Just(Happening::Dispatch),
        3 => Just(Happening::Settle),
        2 => any::<bool>().prop_map(Happening::Lose),
        2 => any::<bool>().prop_map(Happening::Reconcile),
    ];
    let world = prop_oneof![
        8 => prop_oneof![4 => Just(1u32), 6 => Just(10), 4 => Just(120), 1 => Just(90_000)].prop_map(Happening::Wait),
        1 => any::<bool>().prop_map(Happening::Stop),
        1 => Just(Happening::NewPolicy),
        1 => Just(Happening::NewPersona),
        1 => Just(Happening::NewSchema),
    ];
    prop_oneof![5 => work, 3 => people, 3 => leaving, 2 => world]
}

/// The desk and what stands around it.
pub(super) struct World {
    pub(super) desk: Desk,
    pub(super) stopped: bool,
    pub(super) schema: Digest,
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            desk: Desk::new(),
            stopped: false,
            schema: schema(),
        }
    }

    /// Asks what happens; `true` when the engine agreed.
    pub(super) fn happen(&mut self, what: &Happening) -> bool {
        if let Some(agreed) = self.turn(what) {
            return agreed;
        }
        let Some(command) = self.command(what) else {
            return false;
        };
        self.desk.ask(command).is_ok()
    }

    /// What is not asked of the task.
    fn turn(&mut self, what: &Happening) -> Option<bool> {
        match what {
            Happening::Wait(seconds) => self.desk.wait(*seconds),
            Happening::Stop(stopped) => self.stopped = *stopped,
            Happening::NewSchema => self.schema = Digest::plain(&self.schema.to_bytes()),
            Happening::NewPolicy => {
                self.desk.board.campaign.policy_version += 1;
                self.campaign_moves();
            }
            Happening::NewPersona => {
                let version = PersonaVersionId::from_uuid(self.desk.id());
                self.desk.board.campaign.persona_version = version;
                self.campaign_moves();
            }
            Happening::Pause => return Some(self.asks_campaign(CampaignCommand::Pause)),
            Happening::Resume => return Some(self.asks_campaign(CampaignCommand::Resume)),
            Happening::CancelCampaign => {
                let note = String::new();
                return Some(self.asks_campaign(CampaignCommand::Cancel { note }));
            }
            _ => return None,
        }
        Some(true)
    }

    fn asks_campaign(&mut self, command: CampaignCommand) -> bool {
        self.desk.ask_campaign(command).is_ok()
    }

    /// What the store does when a policy or a persona changes.
    fn campaign_moves(&mut self) {
        let version = VersionId::from_uuid(self.desk.id());
        let campaign = &mut self.desk.board.campaign;
        campaign.state_version += 1;
        campaign.version = version;
    }

    fn command(&mut self, what: &Happening) -> Option<Command> {
        let attempt = match self.desk.board.task.state {
            TaskState::Working { attempt, .. } => Some(attempt),
            _ => None,
        };
        Some(match what {
            Happening::Assign => Command::Assign {
                worker: "w".into(),
                lease: LEASE,
            },
            Happening::Renew => Command::Renew {
                attempt: attempt?,
                lease: LEASE,
            },
            Happening::Record => Command::Record {
                artifact: Box::new(self.prepared(attempt?)),
            },
            Happening::Fail(transient) => {
                let class = if *transient {
                    FaultClass::Transient
                } else {
                    FaultClass::Permanent
                };
                let fault = Fault::new(class, "TEST", "test");
                Command::Fail {
                    attempt,
                    fault,
                    jitter: 0,
                }
            }
            Happening::HandBack => Command::HandBack {
                attempt,
                rest: Span::seconds(5),
            },
            Happening::Take => Command::TakeJudgement { lease: LEASE },
            Happening::Judge(said) => Command::Judge {
                verdict: Box::new(self.verdict(said)),
            },
            Happening::Lapse => Command::LapseLease {
                holder_is_gone: true,
            },
            Happening::TimeOut => Command::TimeOut,
            Happening::Cancel => Command::Cancel {
                note: String::new(),
            },
            Happening::Expire => Command::ExpireReview {
                review: self.desk.board.review.as_ref()?.review_id,
            },
            Happening::Approve
            | Happening::ApproveEdit(_)
            | Happening::Reject
            | Happening::Escalate => {
                let review = self.desk.board.review.clone()?;
                self.on_review(what, &review)
            }
            _ => self.on_effect(what, self.desk.board.effect.as_ref()?.id),
        })
    }

    /// Work under the tool's schema as it is now.
    fn prepared(&mut self, attempt: AttemptId) -> Artifact {
        let mut artifact = self.desk.artifact(attempt);
        if let Some(action) = &mut artifact.action {
            action.schema_hash = self.schema;
        }
        let bound = json!({ "payload": artifact.payload, "action": artifact.action });
        artifact.digest = Digest::of("chimera.artifact.v1", &bound).unwrap();
        artifact
    }

    fn verdict(&mut self, said: &Judgement) -> Verdict {
        let finding = said.finding.map(|weight| Finding {
            rule: "test".into(),
            weight,
            message: "test".into(),
            span: None,
        });
        let findings = finding.into_iter().collect();
        self.desk.verdict(said.percent, said.risk, findings)
    }

    fn on_review(&mut self, what: &Happening, review: &Review) -> Command {
        let note = String::new();
        let resolution = match what {
            Happening::Approve => Resolution::Approve,
            Happening::Escalate => Resolution::Escalate { note },
            Happening::ApproveEdit(said) => {
                let attempt = AttemptId::from_uuid(self.desk.id());
                let mut artifact = self.prepared(attempt);
                artifact.edited_from = Some(review.artifact_id);
                let mut verdict = self.verdict(said);
                verdict.artifact_id = artifact.artifact_id;
                Resolution::ApproveEdit {
                    artifact: Box::new(artifact),
                    verdict: Box::new(verdict),
                }
            }
            _ => Resolution::Reject {
                reason: RejectReason::Other,
                note,
            },
        };
        Command::Resolve {
            review: review.review_id,
            shown: review.shown,
            resolution,
        }
    }

    fn on_effect(&self, what: &Happening, effect: EffectId) -> Command {
        let receipt = Receipt {
            post_id: None,
            url: None,
            raw: Value::Null,
            received_at: self.desk.now,
        };
        match what {
            Happening::Undo => Command::Undo { effect },
            Happening::Settle => Command::Settle { effect, receipt },
            Happening::Reconcile(sent) => Command::Reconcile {
                effect,
                found: sent.then_some(receipt),
                note: String::new(),
            },
            Happening::Lose(known) => Command::FailEffect {
                effect,
                fault: Fault::new(FaultClass::Transient, "CUT", "cut"),
                certainly_not_performed: *known,
                asks_by_key: false,
                jitter: 0,
            },
            _ => Command::Dispatch {
                effect,
                stopped: self.stopped,
                schema_hash: self.schema,
                cooldown_until: None,
                quota_until: None,
                barred: Vec::new(),
            },
        }
    }
}

//! The transitions, seen through one board: `Desk` plays the store and applies what the engine decides.

mod amending;
mod ending;
mod failing;
mod flow;
mod handing_back;
mod happenings;
mod interleaving;
mod invariants;
mod labels;
mod late;
mod reconciling;
mod replanning;
mod replaying;
mod rounds;
mod starting;

use chimera_domain::{
    action::{Effect, EffectClass, EffectState, OutwardAction, ToolRef},
    agent::Control,
    artifact::{Artifact, ArtifactType, GenerationMetadata, Origin, SourceRef},
    campaign::{Campaign, CampaignStatus},
    change::{Board, Change, ChangeSet, NewTask},
    confidence::Confidence,
    digest::Digest,
    fault::Fault,
    id::{
        AgentId, ArtifactId, AttemptId, CampaignId, PersonaVersionId, TaskId, TenantId, UserId,
        VerdictId, VersionId,
    },
    money::Usd,
    platform::Platform,
    provenance::{Label, Private, Provenance, Via},
    review::{Review, ReviewState},
    role::Actor,
    task::{Priority, Task, TaskKind, TaskState},
    time::{Span, Timestamp},
    trace::{SpanId, TraceContext, TraceId},
    verdict::{Finding, RiskCategory, RiskLevel, Verdict},
};
use chimera_policy::Policy;
use serde_json::json;
use uuid::Uuid;

use crate::{CampaignCommand, Command, Decided, Given, Refusal, decide, decide_campaign};

pub(super) const LEASE: Span = Span::seconds(90);

/// One board, a clock, and ids that count up.
pub(super) struct Desk {
    pub(super) board: Board,
    pub(super) now: Timestamp,
    pub(super) policy: Policy,
    pub(super) log: Vec<Change>,
    next_id: u128,
}

pub(super) fn schema() -> Digest {
    Digest::plain(b"schema")
}

/// What an artifact's context held, besides the goal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Carries {
    /// Words from outside.
    Foreign,
    /// Words from outside, and private knowledge.
    Both,
    /// Words from outside, which reach the account that it acts as.
    Aimed,
}

pub(super) fn carrying(carries: Carries) -> Provenance {
    let mut provenance = Provenance::default();
    let own = provenance.add(Label::own(Origin::Operator, Via::Goal, "the goal"));
    let source = "https://a.example".to_owned();
    let feed = Label::foreign(Origin::Untrusted { source }, Via::Feed, "a.example");
    let feed = provenance.add(feed);
    if carries == Carries::Both {
        let known = Label::own(Origin::Memory, Via::Knowledge, "price list");
        provenance.add(known.kept(Some(Private::Knowledge)));
    }
    provenance.argue("tool", vec![own]);
    let account = if carries == Carries::Aimed { feed } else { own };
    provenance.argue("account", vec![account]);
    provenance
}

impl Desk {
    /// A ready publishing task of an active campaign, with the draft that it builds on.
    pub(super) fn new() -> Self {
        let now = Timestamp::from_seconds(1_770_000_000);
        let campaign = campaign(now);
        let draft = Task {
            id: TaskId::from_uuid(Uuid::from_u128(21)),
            kind: TaskKind::GenerateCaption,
            step: "write-1".into(),
            skill: "write_post".into(),
            artifact: Some(ArtifactId::from_uuid(Uuid::from_u128(22))),
            state: TaskState::Completed,
            ..task(&campaign, now)
        };
        let upstream = vec![NewTask {
            task: draft,
            needs: vec![TaskId::from_uuid(Uuid::from_u128(23))],
        }];
        let board = Board {
            task: task(&campaign, now),
            campaign,
            control: Control::Running,
            artifact: None,
            verdict: None,
            review: None,
            effect: None,
            upstream,
        };
        Self {
            board,
            now,
            policy: Policy::default(),
            log: Vec::new(),
            next_id: 1_000,
        }
    }

    pub(super) fn id(&mut self) -> Uuid {
        self.next_id += 1;
        Uuid::from_u128(self.next_id)
    }

    pub(super) fn ask(&mut self, command: Command) -> Result<Decided, Refusal> {
        let mut next = self.next_id;
        let mut mint = || {
            next += 1;
            Uuid::from_u128(next)
        };
        let mut given = Given {
            now: self.now,
            actor: Actor::Person(UserId::from_uuid(Uuid::from_u128(9))),
            policy: &self.policy,
            mint: &mut mint,
        };
        let decided = decide(&self.board, command, &mut given)?;
        self.next_id = next;
        self.apply(&decided.set);
        Ok(decided)
    }

    pub(super) fn ask_campaign(&mut self, command: CampaignCommand) -> Result<(), Refusal> {
        let mut next = self.next_id;
        let mut mint = || {
            next += 1;
            Uuid::from_u128(next)
        };
        let mut given = Given {
            now: self.now,
            actor: Actor::system("test"),
            policy: &self.policy,
            mint: &mut mint,
        };
        let set = decide_campaign(&self.board.campaign, command, &mut given)?;
        self.next_id = next;
        self.apply(&set);
        Ok(())
    }

    /// What the store does with a change set, on one board.
    fn apply(&mut self, set: &ChangeSet) {
        assert_eq!(
            set.expected.campaign,
            (self.board.campaign.id, self.board.campaign.version)
        );
        if let Some((id, version)) = set.expected.task {
            assert_eq!((id, version), (self.board.task.id, self.board.task.version));
        }
        if let Some(campaign) = &set.campaign {
            self.board.campaign = campaign.clone();
        }
        if let Some(task) = &set.task {
            self.board.task = task.clone();
        }
        for change in &set.changes {
            match change {
                Change::Artifact(artifact) => self.board.artifact = Some((**artifact).clone()),
                Change::Verdict(verdict) => self.board.verdict = Some((**verdict).clone()),
                Change::Review { review, .. } => self.board.review = Some((**review).clone()),
                Change::Effect { effect, .. } => self.board.effect = Some((**effect).clone()),
                Change::RecallWork => self.recall(),
                Change::CancelCampaignTasks(fault) => self.call_off(fault),
                _ => {}
            }
            self.log.push(change.clone());
        }
    }

    fn recall(&mut self) {
        self.board.task.version = VersionId::from_uuid(self.id());
        match &mut self.board.task.state {
            state @ TaskState::Working { .. } => {
                *state = TaskState::Ready {
                    not_before: self.now,
                }
            }
            TaskState::Judging { lease_until, .. } => *lease_until = None,
            _ => {}
        }
    }

    /// What is on its way, or may have gone out, is not called off.
    fn call_off(&mut self, fault: &Fault) {
        use EffectState::{Dispatching, Held, PendingReconciliation, Voided};
        let effect = self.board.effect.as_ref().map(|effect| &effect.state);
        let is_unclear = self
            .board
            .effect
            .as_ref()
            .is_some_and(|effect| effect.is_unclear);
        let may_have_left =
            is_unclear || matches!(effect, Some(Dispatching { .. } | PendingReconciliation));
        if self.board.task.state.is_terminal() || may_have_left {
            return;
        }
        self.board.task.version = VersionId::from_uuid(self.id());
        self.board.task.state = TaskState::Cancelled;
        self.board.task.fault = Some(fault.clone());
        if let Some(review) = &mut self.board.review
            && review.state.is_open()
        {
            review.state = ReviewState::Withdrawn;
        }
        if let Some(effect) = &mut self.board.effect
            && effect.state == Held
        {
            effect.state = Voided;
        }
    }

    pub(super) fn artifact(&mut self, attempt: AttemptId) -> Artifact {
        let action = OutwardAction {
            tool: ToolRef {
                server: "sandbox".into(),
                tool: "post_content".into(),
            },
            effect: EffectClass::Outward,
            arguments: json!({ "text": "Fog again." }),
            schema_hash: schema(),
            platform: Platform::Sandbox,
            account: "mara".into(),
        };
        let payload = json!({ "content": { "text": "Fog again." } });
        Artifact {
            artifact_id: ArtifactId::from_uuid(self.id()),
            tenant_id: self.board.task.tenant,
            campaign_id: self.board.campaign.id,
            task_id: self.board.task.id,
            agent_id: self.board.task.agent,
            attempt_id: Some(attempt),
            edited_from: None,
            artifact_type: ArtifactType::PostIntent,
            digest: Digest::of(
                "chimera.artifact.v1",
                &json!({ "payload": payload, "action": action }),
            )
            .unwrap(),
            payload,
            action: Some(action),
            platform: Some(Platform::Sandbox),
            sources: vec![SourceRef {
                origin: Origin::Untrusted {
                    source: "https://a.example".into(),
                },
                title: "Fog".into(),
                url: None,
                excerpt: String::new(),
                fetched_at: self.now,
            }],
            recalled: Vec::new(),
            provenance: Some(carrying(Carries::Foreign)),
            confidence_score: Some(Confidence::from_percent(95)),
            generation_metadata: GenerationMetadata {
                model: "scripted".into(),
                prompt_version: "1".into(),
                input_tokens: 0,
                output_tokens: 0,
                cost: Usd::ZERO,
                unpriced: false,
                rehearsal: false,
                generated_by: "Generated By AI".into(),
            },
            state_snapshot_version: self.board.campaign.state_version,
            created_at: self.now,
        }
    }

    pub(super) fn verdict(
        &mut self,
        percent: u16,
        risk: RiskLevel,
        findings: Vec<Finding>,
    ) -> Verdict {
        let artifact = self.board.artifact.as_ref().map_or_else(
            || ArtifactId::from_uuid(Uuid::nil()),
            |artifact| artifact.artifact_id,
        );
        Verdict {
            verdict_id: VerdictId::from_uuid(self.id()),
            tenant_id: self.board.task.tenant,
            task_id: self.board.task.id,
            artifact_id: artifact,
            worker_confidence: None,
            judge_confidence: Confidence::from_percent(percent),
            confidence_score: Confidence::from_percent(percent),
            risk_category: RiskCategory {
                subject: None,
                level: risk,
            },
            criteria: Vec::new(),
            findings,
            rationale: String::new(),
            judge: "scripted".into(),
            policy_version: self.board.campaign.policy_version,
            judged_by: self.board.campaign.judged_by(),
            created_at: self.now,
        }
    }

    pub(super) fn attempt(&self) -> AttemptId {
        match self.board.task.state {
            TaskState::Working { attempt, .. } => attempt,
            ref other => panic!("nobody works on it: {other:?}"),
        }
    }

    /// Assigned, recorded, taken by a judge.
    pub(super) fn reach_judge(&mut self) {
        self.ask(Command::Assign {
            worker: "worker-1".into(),
            lease: LEASE,
        })
        .unwrap();
        let attempt = self.attempt();
        let artifact = Box::new(self.artifact(attempt));
        self.ask(Command::Record { artifact }).unwrap();
        self.ask(Command::TakeJudgement { lease: LEASE }).unwrap();
    }

    pub(super) fn reach_review(&mut self) -> Review {
        self.reach_judge();
        let verdict = Box::new(self.verdict(80, RiskLevel::Low, Vec::new()));
        self.ask(Command::Judge { verdict }).unwrap();
        self.board.review.clone().unwrap()
    }

    pub(super) fn effect(&self) -> Effect {
        self.board.effect.clone().unwrap()
    }

    pub(super) fn wait(&mut self, seconds: u32) {
        self.now = self.now + Span::seconds(seconds);
    }

    pub(super) fn dispatch(&mut self) -> Result<Decided, Refusal> {
        let effect = self.effect().id;
        self.ask(Command::Dispatch {
            effect,
            stopped: false,
            schema_hash: schema(),
            cooldown_until: None,
            quota_until: None,
            barred: Vec::new(),
        })
    }
}

pub(crate) fn campaign(now: Timestamp) -> Campaign {
    Campaign {
        id: CampaignId::from_uuid(Uuid::from_u128(1)),
        tenant: TenantId::from_uuid(Uuid::from_u128(2)),
        agent: AgentId::from_uuid(Uuid::from_u128(3)),
        owner: UserId::from_uuid(Uuid::from_u128(9)),
        name: "Fog".into(),
        goal: "Talk about the fog".to_owned().try_into().unwrap(),
        status: CampaignStatus::Active,
        daily_budget: Usd::from_cents(500),
        feeds: vec!["feed.xml".into()],
        platforms: vec![Platform::Sandbox],
        max_posts_per_day: 5,
        relevance_threshold_percent: 20,
        state_version: 1,
        fault: None,
        replans: 0,
        replanning: None,
        policy_version: 0,
        persona_version: PersonaVersionId::from_uuid(Uuid::from_u128(4)),
        trace: TraceContext {
            trace: TraceId::from_bits(1),
            span: SpanId::from_bits(1),
        },
        version: VersionId::from_uuid(Uuid::from_u128(5)),
        created_at: now,
        updated_at: now,
    }
}

pub(crate) fn task(campaign: &Campaign, now: Timestamp) -> Task {
    Task {
        id: TaskId::from_uuid(Uuid::from_u128(20)),
        tenant: campaign.tenant,
        campaign: campaign.id,
        agent: campaign.agent,
        step: "publish-1".into(),
        kind: TaskKind::PublishPost,
        skill: "publish_content".into(),
        title: "Publish post 1".into(),
        instructions: String::new(),
        plan_private: None,
        input: serde_json::Map::new(),
        platform: Some(Platform::Sandbox),
        priority: Priority::NORMAL,
        max_cost: Some(Usd::from_cents(10)),
        deadline: None,
        publish_at: None,
        state: TaskState::Ready { not_before: now },
        waiting_on: 0,
        attempts: 0,
        rejections: 0,
        guidance: Vec::new(),
        score: None,
        artifact: None,
        fault: None,
        trace: TraceContext {
            trace: TraceId::from_bits(1),
            span: SpanId::from_bits(2),
        },
        version: VersionId::from_uuid(Uuid::from_u128(6)),
        created_at: now,
        updated_at: now,
    }
}

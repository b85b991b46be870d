//! Pure transitions a second, on one thread: a post's whole way from plan to receipt.
//!
//! The floor: what the engine cannot do without, a copy of the board for each transition; and one way of
//! its artifact through JSON, which any engine that stores boards as text would pay each time.

use std::{hint::black_box, time::Instant};

use anyhow::{Context, Result, bail};
use chimera_domain::{
    artifact::Artifact,
    campaign::CampaignStatus,
    change::{Board, Change, ChangeSet, NewTask},
    id::UserId,
    money::Usd,
    plan::{MAX_PLAN_STEPS, Plan, PlanStep},
    role::Actor,
    task::{TaskKind, TaskState},
    time::Span,
    verdict::Verdict,
};
use chimera_engine::{CampaignCommand, Command, Given, Resolution, decide, decide_campaign};
use chimera_policy::Policy;
use chimera_testkit::World;

use crate::{
    Options,
    figure::Figure,
    records,
    series::{Series, exponent, rate},
};

const BENCH: &str = "engine";
const ROUNDS: usize = 7;
/// Posts of one round.
const POSTS: usize = 20_000;
/// Assign, record, take, judge, approve, dispatch, settle.
const TRANSITIONS: usize = 7;
const LEASE: Span = Span::seconds(90);

pub(crate) fn run(options: Options) -> Result<()> {
    let posts = options.amount(POSTS);
    let mut table = Table::new();
    let (mut transitions, mut copies, mut texts) =
        (Series::default(), Series::default(), Series::default());
    // The first round warms up and does not count.
    for round in 0..=ROUNDS {
        let began = Instant::now();
        for _ in 0..posts {
            table.way()?;
        }
        let ours = rate(posts * TRANSITIONS, began);
        let began = Instant::now();
        for _ in 0..posts {
            drop(black_box(table.board.clone()));
        }
        let copied = rate(posts, began);
        let began = Instant::now();
        for _ in 0..posts {
            let text = serde_json::to_string(black_box(&table.artifact))?;
            black_box(serde_json::from_str::<Artifact>(&text)?);
        }
        let told = rate(posts, began);
        if round > 0 {
            transitions.push(ours);
            copies.push(copied);
            texts.push(told);
        }
    }
    let copy = "copies of the same board";
    let text = "ways of its artifact through JSON";
    Figure::new(BENCH, "transitions", transitions.median(), "per second")
        .beside(text)
        .note("one thread; assign, record, take, judge, approve, dispatch, settle of one post, each with its audit record, event and digests")
        .print();
    Figure::new(BENCH, copy, copies.median(), "per second")
        .note("floor")
        .print();
    Figure::new(BENCH, text, texts.median(), "per second")
        .note("floor")
        .print();
    plans(&mut table, options)
}

/// Starting plans of growing size: checked, turned into tasks with their counters.
fn plans(table: &mut Table, options: Options) -> Result<()> {
    let mut points = Vec::new();
    for steps in [MAX_PLAN_STEPS / 100, MAX_PLAN_STEPS / 10, MAX_PLAN_STEPS] {
        let plan = table.plan(steps);
        let repeats = options.amount(200 * MAX_PLAN_STEPS) / steps;
        let began = Instant::now();
        for _ in 0..repeats.max(1) {
            table.start(&plan)?;
        }
        let seconds = 1.0 / rate(repeats.max(1), began);
        points.push((steps, seconds));
        Figure::new(
            BENCH,
            format!("a plan of {steps} steps started"),
            seconds * 1e6,
            "µs",
        )
        .print();
    }
    let grows = exponent(&points);
    Figure::new(BENCH, "growth with the plan's size", grows, "exponent")
        .goal("never worse than n log n", grows < 1.2)
        .print();
    Ok(())
}

/// One board, and what is put on it anew for each post.
struct Table {
    world: World,
    policy: Policy,
    actor: Actor,
    fresh: Board,
    board: Board,
    artifact: Artifact,
    verdict: Verdict,
}

impl Table {
    fn new() -> Self {
        let world = World::default();
        let (agent, _) = world.agent("mara");
        let campaign = world.campaign(&agent);
        let task = records::task(&world, &campaign);
        let artifact = records::artifact(&world, &task, None);
        // Good, and not sure enough to go by itself: a person decides.
        let verdict = records::verdict(&world, &artifact, 80);
        let upstream = vec![NewTask {
            task: world.task(&campaign),
            needs: Vec::new(),
        }];
        let fresh = Board {
            control: chimera_domain::agent::Control::Running,
            campaign,
            task,
            artifact: None,
            verdict: None,
            review: None,
            effect: None,
            upstream,
        };
        Self {
            policy: Policy::default(),
            actor: Actor::Person(UserId::from_uuid(world.uuid())),
            board: fresh.clone(),
            fresh,
            artifact,
            verdict,
            world,
        }
    }

    /// A post from ready to published.
    fn way(&mut self) -> Result<()> {
        self.board = self.fresh.clone();
        self.ask(Command::Assign {
            worker: "worker-01".to_owned(),
            lease: LEASE,
        })?;
        let TaskState::Working { attempt, .. } = self.board.task.state else {
            bail!("nobody works on it");
        };
        let artifact = Artifact {
            attempt_id: Some(attempt),
            ..self.artifact.clone()
        };
        self.ask(Command::Record {
            artifact: Box::new(artifact),
        })?;
        self.ask(Command::TakeJudgement { lease: LEASE })?;
        let verdict = Box::new(self.verdict.clone());
        self.ask(Command::Judge { verdict })?;
        let review = self.board.review.as_ref().context("no review was opened")?;
        let (review, shown) = (review.review_id, review.shown);
        self.ask(Command::Resolve {
            review,
            shown,
            resolution: Resolution::Approve,
        })?;
        self.world.clock.pass(self.policy.hold());
        let effect = self.board.effect.as_ref().context("nothing was released")?;
        let (effect, schema_hash) = (effect.id, effect.action.schema_hash);
        self.ask(Command::Dispatch {
            effect,
            stopped: false,
            schema_hash,
            cooldown_until: None,
            quota_until: None,
            barred: Vec::new(),
        })?;
        let receipt = self.world.receipt();
        self.ask(Command::Settle { effect, receipt })?;
        if self.board.task.state != TaskState::Completed {
            bail!("the post did not come to its end");
        }
        Ok(())
    }

    fn ask(&mut self, command: Command) -> Result<()> {
        let ids = &self.world.ids;
        let mut mint = || chimera_ports::ids::IdSource::uuid(ids.as_ref());
        let mut given = Given {
            now: self.world.now(),
            actor: self.actor.clone(),
            policy: &self.policy,
            mint: &mut mint,
        };
        let decided = decide(&self.board, command, &mut given)?;
        apply(&mut self.board, decided.set);
        Ok(())
    }

    fn start(&mut self, plan: &Plan) -> Result<()> {
        let ids = &self.world.ids;
        let mut mint = || chimera_ports::ids::IdSource::uuid(ids.as_ref());
        let mut given = Given {
            now: self.world.now(),
            actor: self.actor.clone(),
            policy: &self.policy,
            mint: &mut mint,
        };
        let mut campaign = self.fresh.campaign.clone();
        campaign.status = CampaignStatus::Draft;
        // The day must have what the caps of the steps are together, however many there are.
        let caps = plan.steps.iter().filter_map(|step| step.max_cost);
        campaign.daily_budget = caps.fold(Usd::ZERO, Usd::saturating_add);
        let plan = Box::new(plan.clone());
        black_box(decide_campaign(
            &campaign,
            CampaignCommand::Start { plan },
            &mut given,
        )?);
        Ok(())
    }

    /// Each step needs the two before it.
    fn plan(&self, steps: usize) -> Plan {
        let mut plan = self.world.plan(&self.fresh.campaign);
        let pattern = plan.steps[0].clone();
        let key = |number: usize| format!("step-{number}");
        plan.steps = (0..steps)
            .map(|number| PlanStep {
                key: key(number),
                kind: TaskKind::GenerateCaption,
                needs: (number.saturating_sub(2)..number).map(key).collect(),
                ..pattern.clone()
            })
            .collect();
        plan
    }
}

/// What the store does with a change set, on one board.
fn apply(board: &mut Board, set: ChangeSet) {
    if let Some(task) = set.task {
        board.task = task;
    }
    for change in set.changes {
        match change {
            Change::Artifact(artifact) => board.artifact = Some(*artifact),
            Change::Verdict(verdict) => board.verdict = Some(*verdict),
            Change::Review { review, .. } => board.review = Some(*review),
            Change::Effect { effect, .. } => board.effect = Some(*effect),
            other => drop(black_box(other)),
        }
    }
}

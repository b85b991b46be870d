//! W1 with nothing lost: each agent's task is assigned, thought about and recorded by the real engine and the real
//! store, SQLite with `synchronous=FULL` on the disk, group commit; each model call is reserved and settled in the
//! stored ledger; its spans go to the stored traces.
//!
//! What a worker commits in a step, and in its order. Never here: what it reads besides its board (persona, inputs,
//! memories), or the judge who comes after it.

use std::{
    path::Path,
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use chimera_boot::{SystemClock, TimeIds};
use chimera_domain::{
    artifact::{Artifact, ArtifactType, BOUND_TAG, GenerationMetadata, bound, generated_by},
    change::ChangeSet,
    digest::Digest,
    id::ArtifactId,
    money::Usd,
    role::Actor,
    spend::CallRole,
    task::{Task, TaskKind, TaskState},
    time::Span,
    trace::{SpanKind, SpanStatus, TraceContext},
};
use chimera_engine::{Command, Given, decide};
use chimera_policy::Policy;
use chimera_ports::{
    clock::Clock,
    facts::ResearchAnswer,
    ids::IdSource,
    store::{Boards, Campaigns},
};
use chimera_runtime::{Account, Bounds, Runtime, Spent, mask_records};
use chimera_testkit::{World, provenance, store_contract::Bed};
use chimera_tracer::{Recorded, Tracer};

use super::{
    agent::{Asked, Files, Shared},
    batch,
    ours::STEP_TOKENS,
};
use crate::series::Series;

/// Tasks that are made in one commit.
const MADE_AT_ONCE: usize = 1_000;
const LEASE: Span = Span::seconds(90);
/// What the campaign may spend in a day: more than all agents set aside at once.
const BUDGET: Usd = Usd::from_cents(100_000_000);

/// What a batch of durable loops gave.
pub(super) struct Kept {
    /// Loops a second, the last span written included.
    pub(super) loops: f64,
    /// From the start of the batch to the end of each loop.
    pub(super) times: Series,
    /// Spans that the file did not take.
    pub(super) lost: u64,
}

/// A campaign in stores of its own.
struct Home {
    files: Files,
    runtime: Runtime,
    tracer: Tracer,
    shared: Shared,
    bed: Bed,
    policy: Policy,
}

/// Runs so many agents at once on fresh files.
pub(super) async fn run(folder: &Path, agents: usize, delay: Duration) -> Result<Kept> {
    let folder = tempfile::tempdir_in(folder)?;
    let home = Arc::new(Home::open(folder.path(), delay).await?);
    let tasks = Arc::new(home.tasks(agents).await?);
    let began = Instant::now();
    let (of, with) = (Arc::clone(&home), Arc::clone(&tasks));
    let make = move |number: usize| -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
        let (home, tasks) = (Arc::clone(&of), Arc::clone(&with));
        Box::pin(async move { home.once(&tasks[number], number).await })
    };
    let ran = batch(agents, make).await?;
    home.files.traces.flush().await;
    let loops = crate::series::rate(agents, began);
    for task in tasks.iter() {
        let stored = home.files.store.task(task.tenant, task.id).await?;
        let is_recorded = matches!(stored.state, TaskState::Judging { .. });
        ensure!(is_recorded, "a task is not recorded: {:?}", stored.state);
    }
    let lost = home.files.traces.dropped();
    home.files.traces.close().await;
    home.files.store.close().await?;
    Ok(Kept {
        loops,
        times: ran.times,
        lost,
    })
}

impl Home {
    async fn open(folder: &Path, delay: Duration) -> Result<Self> {
        let files = Files::open(folder).await?;
        let mut bed = Bed::in_store(files.store.as_ref(), World::default()).await;
        let richer = bed.change(|campaign| campaign.daily_budget = BUDGET, Vec::new());
        files.store.commit(richer).await?;
        let spans = Arc::new(files.traces.clone());
        let bounds = Bounds::default();
        let parts = files.parts(files.store.clone(), spans.clone(), delay)?;
        let recorded = Recorded::of(bounds.recorded_chars);
        Ok(Self {
            runtime: Runtime::new(parts, bounds),
            tracer: Tracer::new(spans, Arc::new(SystemClock), Arc::new(TimeIds), recorded),
            shared: Shared::new(&bed.world)?,
            policy: Policy::default(),
            files,
            bed,
        })
    }

    /// Ready tasks of the campaign, stored.
    async fn tasks(&self, count: usize) -> Result<Vec<Task>> {
        let campaign = &self.bed.campaign;
        let made: Vec<Task> = (0..count)
            .map(|_| Task {
                kind: TaskKind::AnalyzeTrends,
                skill: "research".to_owned(),
                title: "Look a key up".to_owned(),
                trace: TraceContext {
                    trace: campaign.trace.trace,
                    span: TimeIds.span(),
                },
                ..self.bed.world.task(campaign)
            })
            .collect();
        for some in made.chunks(MADE_AT_ONCE) {
            let new: Vec<(&Task, &[&Task])> = some.iter().map(|task| (task, &[][..])).collect();
            self.bed.add(self.files.store.as_ref(), &new).await;
        }
        Ok(made)
    }

    /// One task as a worker takes it: assigned, thought about under its span, recorded.
    async fn once(&self, task: &Task, number: usize) -> Result<()> {
        let assign = Command::Assign {
            worker: "worker-01".to_owned(),
            lease: LEASE,
        };
        let assigned = self.act(task, assign).await?;
        let assigned = assigned.task.context("an assignment without a task")?;
        let TaskState::Working { attempt, .. } = assigned.state else {
            bail!("nobody works on it");
        };
        let campaign = &self.bed.campaign;
        let name = format!("invoke_agent {}", task.title);
        let mut span = self.tracer.open_as(
            task.tenant,
            task.trace,
            Some(campaign.trace.span),
            SpanKind::Agent,
            &name,
        );
        span.set("gen_ai.operation.name", "invoke_agent");
        span.set("gen_ai.agent.id", task.agent.to_string());
        span.set("chimera.campaign.id", campaign.id.to_string());
        span.set("chimera.task.id", task.id.to_string());
        span.set("chimera.attempt.id", attempt.to_string());
        span.set("chimera.skill", task.skill.clone());
        let asked = Asked {
            tenant: task.tenant,
            trace: span.context(),
            account: Account {
                role: CallRole::Researcher,
                campaign: Some(Box::new(campaign.clone())),
                task: Some(task.id),
                attempt: Some(attempt),
                cap: task.max_cost,
                token_cap: Some(STEP_TOKENS),
            },
        };
        let (answer, spent) = self.shared.once(&self.runtime, number, asked).await?;
        let artifact = Artifact {
            attempt_id: Some(attempt),
            ..artifact(task, &answer, spent)?
        };
        span.set("chimera.artifact.digest", artifact.digest.to_string());
        if let Some(provenance) = &artifact.provenance {
            span.carries(provenance);
        }
        span.end(SpanStatus::Ok);
        let artifact = Box::new(artifact);
        self.act(task, Command::Record { artifact }).await.map(drop)
    }

    /// As the runtime does it: load, decide, mask, commit, trace.
    async fn act(&self, task: &Task, command: Command) -> Result<ChangeSet> {
        let board = self.files.store.board(task.tenant, task.id).await?;
        let mut set = {
            let mut mint = || TimeIds.uuid();
            let mut given = Given {
                now: SystemClock.now(),
                actor: Actor::system("worker-01"),
                policy: &self.policy,
                mint: &mut mint,
            };
            decide(&board, command, &mut given)?.set
        };
        mask_records(&mut set);
        self.files.store.commit(set.clone()).await?;
        self.tracer.follow(&set);
        Ok(set)
    }
}

/// What was found, as a worker hands it in.
fn artifact(task: &Task, answer: &ResearchAnswer, spent: Spent) -> Result<Artifact> {
    let kind = ArtifactType::TrendReport;
    let payload = serde_json::to_value(answer)?;
    Ok(Artifact {
        artifact_id: ArtifactId::from_uuid(TimeIds.uuid()),
        tenant_id: task.tenant,
        campaign_id: task.campaign,
        task_id: task.id,
        agent_id: task.agent,
        attempt_id: None,
        edited_from: None,
        artifact_type: kind,
        digest: Digest::of(BOUND_TAG, &bound(kind, &payload, None))?,
        payload,
        action: None,
        platform: None,
        sources: Vec::new(),
        recalled: Vec::new(),
        provenance: Some(provenance()),
        confidence_score: Some(answer.confidence),
        generation_metadata: GenerationMetadata {
            model: spent.model,
            prompt_version: "1".to_owned(),
            input_tokens: spent.input_tokens,
            output_tokens: spent.output_tokens,
            cost: spent.cost,
            unpriced: spent.unpriced,
            rehearsal: spent.rehearsal,
            generated_by: generated_by(spent.rehearsal).to_owned(),
        },
        state_snapshot_version: 1,
        created_at: SystemClock.now(),
    })
}

//! Code that panics in the middle of its work: it is seen at once, by a stored state, and what it was doing goes on
//! without a restart (ORC-13).

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use chimera_domain::{
    action::{EffectClass, EffectState, Grant, OutwardAction, ToolRef},
    artifact::{Artifact, ArtifactType},
    change::{Board, Change},
    digest::Digest,
    fault::{Fault, FaultClass},
    id::{EffectId, TaskId, TenantId},
    platform::Platform,
    role::Actor,
    task::{Task, TaskKind, TaskState},
    time::{Span, Timestamp},
};
use chimera_engine::{Command, Resolution};
use chimera_ports::{
    clock::Clock,
    ids::IdSource,
    model::{ChatModel, ChatReply, ChatRequest, DeltaSink, ModelError, ModelInfo, ModelRole},
    spans::{SpanReader, SpanSink},
    store::{Boards, Store},
    tools::{
        Fits, Need, Outcome, ResourceReply, ServerStatus, ToolError, ToolHost, ToolInfo, ToolReply,
        ToolRequest,
    },
};
use chimera_skills::SkillRegistry;
use chimera_store::{SqliteSpans, SqliteStore, StoreOptions};
use chimera_testkit::{
    World,
    breakpoints::{Breaking, Breakpoint, Point, Step, Transition},
    store_contract::Bed,
};
use serde_json::json;
use tempfile::TempDir;
use tokio::time::Instant;

use crate::{Bounds, Parts, Runtime};

/// Longest wait for what must have happened within a second on a quiet machine.
pub(super) const SOON: Duration = Duration::from_secs(30);

/// Hours, against what a test waits.
pub(super) const LONG: Duration = Duration::from_secs(3_600);

/// Nothing is looked at again by itself, and no lease ends, for longer than a test waits: what is seen with these was
/// told by whoever it happened to.
fn unhurried() -> Bounds {
    Bounds {
        idle: LONG,
        lease: Span::seconds(3_600),
        ..Bounds::default()
    }
}

/// What happens whenever the code behind a port is called.
#[derive(Clone, Copy)]
pub(super) enum Fate {
    /// It panics.
    Panics,
    /// It never comes back.
    Hangs,
    /// It asks a person something, and nobody answers.
    Asks,
}

impl Fate {
    async fn befalls<T>(self) -> T {
        match self {
            Self::Panics => panic!("this code has a defect"),
            Self::Hangs | Self::Asks => std::future::pending().await,
        }
    }
}

/// A model with this fate.
struct FatedModel(Fate);

#[async_trait]
impl ChatModel for FatedModel {
    async fn chat(
        &self,
        _: &ChatRequest,
        _: Option<DeltaSink<'_>>,
    ) -> Result<ChatReply, ModelError> {
        self.0.befalls().await
    }

    fn info(&self, _: ModelRole) -> ModelInfo {
        ModelInfo {
            provider: "test".into(),
            model: "fated".into(),
            rehearsal: false,
            rate: None,
        }
    }
}

/// Servers whose every call meets this fate half-way.
struct FatedHost(Fate);

#[async_trait]
impl ToolHost for FatedHost {
    async fn tools(&self, _: TenantId) -> Result<Vec<ToolInfo>, ToolError> {
        Ok(vec![ToolInfo {
            tool: post_content(),
            description: "Posts.".into(),
            input_schema: json!({ "type": "object" }),
            output_schema: None,
            schema_hash: schema(),
            effect: EffectClass::Outward,
        }])
    }

    async fn fitting(&self, _: TenantId, _: Need<'_>, _: usize) -> Fits {
        Fits::none()
    }

    async fn read(&self, _: ToolRequest) -> Result<ToolReply, ToolError> {
        self.0.befalls().await
    }

    async fn perform(&self, _: ToolRequest, _: &Grant) -> Result<ToolReply, ToolError> {
        self.0.befalls().await
    }

    fn is_asking(&self, _: EffectId) -> bool {
        matches!(self.0, Fate::Asks)
    }

    async fn asks_by_key(&self, _: TenantId, _: &ToolRef) -> bool {
        false
    }

    async fn resource(&self, _: TenantId, _: &str, _: &str) -> Result<ResourceReply, ToolError> {
        Err(ToolError {
            fault: Fault::new(FaultClass::Permanent, "TEST", "nothing to read here"),
            outcome: Outcome::NotPerformed,
        })
    }

    async fn servers(&self, _: TenantId) -> Vec<ServerStatus> {
        Vec::new()
    }

    async fn probe(&self, _: TenantId, _: &str) -> Result<ServerStatus, ToolError> {
        Err(ToolError {
            fault: Fault::new(FaultClass::Permanent, "TEST", "nothing to ask here"),
            outcome: Outcome::NotPerformed,
        })
    }
}

fn post_content() -> ToolRef {
    ToolRef {
        server: "sandbox".into(),
        tool: "post_content".into(),
    }
}

fn schema() -> Digest {
    Digest::plain(b"schema")
}

/// A runtime on a real store, with a running campaign.
pub(super) struct Ground {
    pub(super) world: World,
    store: Arc<SqliteStore>,
    pub(super) runtime: Runtime,
    pub(super) bed: Bed,
    _folder: TempDir,
}

impl Ground {
    async fn new() -> Self {
        Self::with(Fate::Panics, Bounds::default()).await
    }

    /// The same with something that happens at every persisted step, and nothing that looks for it.
    async fn breaking(at: impl Fn(Breakpoint) + Send + Sync + 'static) -> Self {
        Self::whole(Fate::Panics, unhurried(), at).await
    }

    pub(super) async fn with(fate: Fate, bounds: Bounds) -> Self {
        Self::whole(fate, bounds, |_| {}).await
    }

    async fn whole(
        fate: Fate,
        bounds: Bounds,
        at: impl Fn(Breakpoint) + Send + Sync + 'static,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let world = World::default();
        let file = |name: &str| folder.path().join(name);
        let store = SqliteStore::open(StoreOptions::at(file("chimera.db")))
            .await
            .unwrap();
        let spans = Arc::new(SqliteSpans::open(file("spans.db"), None).await.unwrap());
        let store = Arc::new(store);
        let parts = Parts {
            store: Arc::new(Breaking::around(store.clone(), Arc::new(at))) as Arc<dyn Store>,
            ledger: store.clone(),
            spans: spans.clone() as Arc<dyn SpanSink>,
            traces: spans as Arc<dyn SpanReader>,
            tools: Arc::new(FatedHost(fate)),
            model: Arc::new(FatedModel(fate)),
            skills: Arc::new(SkillRegistry::built_in().0),
            clock: world.clock.clone() as Arc<dyn Clock>,
            ids: world.ids.clone() as Arc<dyn IdSource>,
            recorder: None,
        };
        let mut bed = Bed::in_store(store.as_ref(), world.clone()).await;
        let set = bed.change(|campaign| campaign.policy_version = 0, Vec::new());
        store.commit(set).await.unwrap();
        Self {
            runtime: Runtime::new(parts, bounds),
            world,
            store,
            bed,
            _folder: folder,
        }
    }

    pub(super) async fn board(&self, task: TaskId) -> Board {
        self.store.board(self.world.tenant, task).await.unwrap()
    }

    /// Waits until the task's board is as it should be.
    pub(super) async fn until(&self, task: TaskId, holds: impl Fn(&Board) -> bool) -> Board {
        let looked = tokio::time::timeout(SOON, async {
            loop {
                let board = self.board(task).await;
                if holds(&board) {
                    return board;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        match looked.await {
            Ok(board) => board,
            Err(_) => panic!("it stands still: {:#?}", self.board(task).await.task),
        }
    }

    /// A task that reads the campaign's feeds, ready to be worked on.
    pub(super) async fn research(&self) -> Task {
        let task = Task {
            kind: TaskKind::AnalyzeTrends,
            skill: "fetch_trends".into(),
            ..self.world.task(&self.bed.campaign)
        };
        self.bed.add(self.store.as_ref(), &[(&task, &[])]).await;
        task
    }

    /// A task whose artifact waits for the judge, or, for a post, for a person.
    pub(super) async fn prepared(
        &self,
        state: impl Fn(&Artifact) -> TaskState,
    ) -> (Task, Artifact) {
        let (world, bed) = (&self.world, &self.bed);
        let task = Task {
            kind: TaskKind::PublishPost,
            skill: "publish_content".into(),
            ..world.task(&bed.campaign)
        };
        bed.add(self.store.as_ref(), &[(&task, &[])]).await;
        let mut artifact = world.artifact(&task);
        artifact.artifact_type = ArtifactType::PostIntent;
        artifact.payload = json!({
            "content": { "text": "Grind slower." },
            "disclosure": { "ai_generated": true, "disclosure_level": "automated" },
        });
        artifact.digest = Digest::plain(artifact.payload.to_string().as_bytes());
        artifact.action = Some(OutwardAction {
            tool: post_content(),
            effect: EffectClass::Outward,
            arguments: artifact.payload.clone(),
            schema_hash: schema(),
            platform: Platform::Sandbox,
            // Each its own, so that none waits for another one's cooldown.
            account: task.id.to_string(),
        });
        let changes = vec![Change::Artifact(Box::new(artifact.clone()))];
        let after = Task {
            state: state(&artifact),
            artifact: Some(artifact.artifact_id),
            ..task.clone()
        };
        let set = world.step(&bed.campaign, &task, after, changes);
        let task = set.task.clone().unwrap();
        self.store.commit(set).await.unwrap();
        (task, artifact)
    }

    pub(super) async fn approved(&self) -> Task {
        let (task, artifact) = self.prepared(|_| TaskState::Blocked).await;
        let verdict = self.world.verdict(&artifact);
        let review = self.world.review(&artifact, &verdict);
        let (id, shown) = (review.review_id, review.shown);
        let state = TaskState::Reviewing {
            review: id,
            artifact: artifact.artifact_id,
        };
        let changes = vec![
            Change::Verdict(Box::new(verdict)),
            Change::Review {
                review: Box::new(review),
                expected: None,
            },
        ];
        let task = self
            .bed
            .go(self.store.as_ref(), &task, state, changes)
            .await;
        let actor = Actor::Person(self.bed.user.id);
        let resolution = Resolution::Approve;
        let command = Command::Resolve {
            review: id,
            shown,
            resolution,
        };
        self.runtime
            .act(task.tenant, task.id, actor, command)
            .await
            .unwrap();
        task
    }
}

/// The task is to be tried again, and a try was counted.
fn tried_again(board: &Board, now: Timestamp) -> bool {
    board.task.attempts == 1
        && matches!(board.task.state, TaskState::Ready { not_before } if not_before > now)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_crashes_gives_its_task_back_with_one_try_less() {
    let ground = Ground::new().await;
    let task = ground.research().await;
    ground.runtime.start().await.unwrap();
    let now = ground.world.now();
    let board = ground.until(task.id, |board| tried_again(board, now)).await;
    assert_eq!(board.task.fault.unwrap().code, "WORKER_CRASHED");
    // The pool lives on.
    let next = ground.research().await;
    ground.until(next.id, |board| tried_again(board, now)).await;
    ground.runtime.shut_down().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_judge_that_crashes_leaves_what_it_judged_as_it_was() {
    let ground = Ground::new().await;
    let (task, artifact) = ground
        .prepared(|artifact| TaskState::Judging {
            artifact: artifact.artifact_id,
            state_version: ground.bed.campaign.state_version,
            lease_until: None,
        })
        .await;
    ground.runtime.start().await.unwrap();
    let crashed = |board: &Board| {
        board
            .task
            .fault
            .as_ref()
            .is_some_and(|fault| fault.code == "JUDGE_CRASHED")
    };
    let board = ground.until(task.id, crashed).await;
    assert_eq!(board.artifact.unwrap(), artifact);
    assert!(board.verdict.is_none() && board.review.is_none() && board.effect.is_none());
    ground.runtime.shut_down().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_crashed_sender_may_have_sent_is_given_to_a_person_and_never_sent_again() {
    let ground = Ground::new().await;
    let task = ground.approved().await;
    ground.world.pass(60);
    ground.runtime.start().await.unwrap();
    let unknown = |board: &Board| {
        board
            .effect
            .as_ref()
            .is_some_and(|effect| effect.state == EffectState::PendingReconciliation)
    };
    let board = ground.until(task.id, unknown).await;
    let effect = board.effect.unwrap();
    assert_eq!(effect.fault.as_ref().unwrap().code, "INTERRUPTED");
    // Whatever time passes, it stays with people.
    ground.world.pass(3_600);
    let next = ground.approved().await;
    ground.world.pass(60);
    ground.until(next.id, unknown).await;
    assert_eq!(ground.board(task.id).await.effect.unwrap(), effect);
    ground.runtime.shut_down().await;
}

/// Panics once, after `transition` was stored: the defect is in what surrounds the work, not in the work.
fn panics_once_after(transition: Transition) -> impl Fn(Breakpoint) + Send + Sync {
    let panicked = AtomicBool::new(false);
    let there = Breakpoint {
        step: Step::Commit(transition),
        point: Point::After,
    };
    move |breakpoint| {
        if breakpoint == there && !panicked.swap(true, Ordering::SeqCst) {
            panic!("what surrounds the work has a defect");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_whose_workers_surroundings_crash_is_taken_back_by_the_crash_itself_and_runs_again()
{
    let ground = Ground::breaking(panics_once_after(Transition::Assign)).await;
    let task = ground.research().await;
    ground.runtime.start().await.unwrap();
    // No lease ends, no round of looking comes, and the first commit of it was its last word: what is left is that the
    // pool waits for the end of its workers themselves. That takes no time that could be set or measured.
    let ran_again = |board: &Board| {
        let fault = board.task.fault.as_ref();
        fault.is_some_and(|fault| fault.code == "WORKER_CRASHED")
    };
    let board = ground.until(task.id, ran_again).await;
    assert_eq!(
        board.task.attempts, 2,
        "the lost worker and the crashed one"
    );
    ground.runtime.shut_down().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_artifact_whose_judges_surroundings_crash_is_judged_again_by_the_crash_itself() {
    let ground = Ground::breaking(panics_once_after(Transition::TakeJudgement)).await;
    let (task, _) = ground
        .prepared(|artifact| TaskState::Judging {
            artifact: artifact.artifact_id,
            state_version: ground.bed.campaign.state_version,
            lease_until: None,
        })
        .await;
    ground.runtime.start().await.unwrap();
    let judged_again = |board: &Board| {
        let fault = board.task.fault.as_ref();
        fault.is_some_and(|fault| fault.code == "JUDGE_CRASHED")
    };
    ground.until(task.id, judged_again).await;
    ground.runtime.shut_down().await;
}

#[test]
fn a_pool_that_cannot_store_looks_at_its_workers_again_within_a_second() {
    // Then it rests before it begins anything, and waits for nobody's end.
    assert!(Bounds::default().idle < Duration::from_secs(1));
}

/// Longest time from a crash until a stored state tells of it.
const SEEN_WITHIN: Duration = Duration::from_secs(1);
/// Tries of which the quickest counts: that the machine has other work is no defect.
const TRIES: usize = 3;

/// The time from the moment at which a worker got its task, right before it crashes, until `told` is stored; of some tries
/// the quickest.
async fn seen_after(surroundings_crash: bool, told: Transition) -> Duration {
    let after = |transition| Breakpoint {
        step: Step::Commit(transition),
        point: Point::After,
    };
    let mut quickest = Duration::MAX;
    for _ in 0..TRIES {
        let (begun, seen) = (Arc::new(OnceLock::new()), Arc::new(OnceLock::new()));
        let times = (begun.clone(), seen.clone());
        let ground = Ground::breaking(move |breakpoint| {
            if breakpoint == after(told) {
                times.1.get_or_init(Instant::now);
            } else if breakpoint == after(Transition::Assign) && times.0.set(Instant::now()).is_ok()
            {
                assert!(!surroundings_crash, "what surrounds the work has a defect");
            }
        })
        .await;
        let task = ground.research().await;
        ground.runtime.start().await.unwrap();
        ground
            .until(task.id, |board| {
                seen.get().is_some() && board.task.attempts > 0
            })
            .await;
        ground.runtime.shut_down().await;
        quickest = quickest.min(*seen.get().unwrap() - *begun.get().unwrap());
    }
    quickest
}

/// The one promise that is a time, so that time is what is held: no other test asserts how long a thing takes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_crashes_is_on_record_within_a_second_whichever_part_of_it_crashed() {
    let by_itself = seen_after(false, Transition::Fail).await;
    assert!(
        by_itself < SEEN_WITHIN,
        "its try was stored after {by_itself:?}"
    );
    let by_the_pool = seen_after(true, Transition::LapseLease).await;
    assert!(
        by_the_pool < SEEN_WITHIN,
        "its task was taken back after {by_the_pool:?}"
    );
}

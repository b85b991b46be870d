//! Our loop of W1: the very function that workers run, with a scripted model and one tool.

use std::{
    collections::{BTreeMap, HashMap},
    hint::black_box,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Result, anyhow, ensure};
use async_trait::async_trait;
use chimera_boot::{SystemClock, TimeIds};
use chimera_domain::{
    change::Change,
    confidence::Confidence,
    fault::{Fault, FaultClass},
    id::{AttemptId, CallId, CampaignId, TenantId},
    money::Usd,
    spend::{
        Admission, BudgetStop, CallRole, ModelCall, Purse, Rate, Reservation, Settlement, Spending,
        admit,
    },
    time::Timestamp,
    trace::{TraceContext, TraceSpan},
};
use chimera_guard::{
    Nonce,
    inbound::{Limits, ThreatLevel, normalise, scan},
    wrap_untrusted,
};
use chimera_mcp::HostOptions;
use chimera_ports::{
    clock::Clock,
    error::PortError,
    facts::{Ask, ResearchAnswer, ResearchFacts},
    ids::IdSource,
    model::{
        ChatModel, ChatReply, ChatRequest, DeltaSink, FinishReason, ModelError, ModelInfo,
        ModelRole, OfferedTool, TokenUsage, ToolCall, Turn,
    },
    page::{Page, PageRequest},
    spans::SpanSink,
    store::{CallFilter, Ledger, Reserved},
};
use chimera_runtime::{Account, Bounds, Hands, Parts, Question, Runtime, think};
use chimera_skills::SkillRegistry;
use chimera_store::{SqliteSpans, SqliteStore, StoreOptions};
use chimera_testkit::World;
use jsonschema::Validator;
use serde_json::json;

use crate::folder;

/// The runtimes, one for each speed of the model, and what all agents share.
pub(super) struct Ours {
    fast: Runtime,
    slow: Runtime,
    shared: Arc<Shared>,
    spans: Arc<Counted>,
    _folder: tempfile::TempDir,
}

struct Shared {
    world: World,
    facts: ResearchFacts,
    offered: OfferedTool,
    schema: Validator,
}

/// Counts spans, and keeps none.
#[derive(Default)]
struct Counted(AtomicUsize);

impl SpanSink for Counted {
    fn record(&self, span: TraceSpan) {
        black_box(span);
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// The ledger in memory: each run's purse is looked at before a call and settled after it; no line is kept.
#[derive(Default)]
struct Purses {
    of_runs: Mutex<HashMap<AttemptId, (Usd, Usd)>>,
    open: Mutex<HashMap<CallId, (Option<AttemptId>, Usd)>>,
}

impl Purses {
    fn nothing_kept() -> PortError {
        PortError::Internal("this ledger keeps no lines".to_owned())
    }
}

#[async_trait]
impl Ledger for Purses {
    async fn reserve(&self, asked: &Reservation, _: Vec<Change>) -> Result<Reserved, PortError> {
        let bound = asked.bound.unwrap_or_default();
        let mut runs = self.of_runs.lock().unwrap_or_else(PoisonError::into_inner);
        let run = asked.attempt.map(|run| runs.entry(run).or_default());
        let step = run.as_ref().zip(asked.cap).map(|(run, cap)| Purse {
            cap,
            spent: run.0,
            reserved: run.1,
        });
        let admission = admit(asked.bound, step, None, asked.started_at);
        if let (Admission::Granted, Some(run)) = (admission, run) {
            run.1 = run.1.saturating_add(bound);
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.insert(asked.id, (asked.attempt, bound));
        }
        Ok(Reserved { admission, told: 0 })
    }

    async fn settle(&self, _: TenantId, ended: &Settlement) -> Result<bool, PortError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((attempt, bound)) = open.remove(&ended.id) else {
            return Ok(false);
        };
        drop(open);
        let mut runs = self.of_runs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(run) = attempt.and_then(|run| runs.get_mut(&run)) {
            run.0 = run.0.saturating_add(ended.cost.unwrap_or(bound));
            run.1 = run.1.checked_sub(bound).unwrap_or_default();
        }
        Ok(true)
    }

    async fn settle_lost(&self, _: Timestamp) -> Result<u64, PortError> {
        Ok(0)
    }

    async fn spending(
        &self,
        _: TenantId,
        _: Option<CampaignId>,
        _: Timestamp,
    ) -> Result<Spending, PortError> {
        Err(Self::nothing_kept())
    }

    async fn budget_stop(
        &self,
        _: TenantId,
        _: CampaignId,
        _: Timestamp,
    ) -> Result<Option<BudgetStop>, PortError> {
        Err(Self::nothing_kept())
    }

    async fn model_calls(
        &self,
        _: TenantId,
        _: CallFilter,
        _: PageRequest,
    ) -> Result<Page<ModelCall>, PortError> {
        Err(Self::nothing_kept())
    }
}

impl Ours {
    /// The store is there because a runtime has one; the loop never touches it.
    pub(super) async fn open() -> Result<Self> {
        let folder = folder()?;
        let store = SqliteStore::open(StoreOptions::at(folder.path().join("w1.db"))).await?;
        let traces = SqliteSpans::open(folder.path().join("w1-spans.db"), None).await?;
        let (_, host) = chimera_mcp::start(HostOptions {
            servers: Vec::new(),
            base_env: BTreeMap::new(),
            clock: Arc::new(SystemClock),
        })?;
        let spans = Arc::new(Counted::default());
        let parts = Parts {
            store: Arc::new(store),
            ledger: Arc::new(Purses::default()),
            spans: spans.clone(),
            traces: Arc::new(traces),
            tools: Arc::new(host),
            model: Arc::new(Script(Duration::ZERO)),
            skills: Arc::new(SkillRegistry::built_in().0),
            clock: Arc::new(SystemClock),
            ids: Arc::new(TimeIds),
            recorder: None,
        };
        let slow = Parts {
            model: Arc::new(Script(super::SLOW)),
            ..parts.clone()
        };
        let schema = json!({
            "type": "object", "properties": { "key": { "type": "string", "maxLength": 64 } },
            "required": ["key"], "additionalProperties": false,
        });
        let world = World::default();
        let (_, persona) = world.agent("mara");
        let shared = Shared {
            facts: ResearchFacts {
                goal: "Look things up".to_owned(),
                persona: persona.persona,
                instructions: String::new(),
                guidance: Vec::new(),
                feeds: Vec::new(),
                relevance_threshold: Confidence::from_percent(50),
                max_picks: 1,
                trends: Vec::new(),
                memories: Vec::new(),
                now: SystemClock.now(),
            },
            schema: jsonschema::validator_for(&schema)?,
            offered: OfferedTool {
                name: "lookup".to_owned(),
                description: "Looks a key up.".to_owned(),
                input_schema: schema,
            },
            world,
        };
        Ok(Self {
            fast: Runtime::new(parts, Bounds::default()),
            slow: Runtime::new(slow, Bounds::default()),
            shared: Arc::new(shared),
            spans,
            _folder: folder,
        })
    }

    /// Agents that run one loop each.
    pub(super) fn agents(
        &self,
        delay: Duration,
    ) -> impl Fn(usize) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + use<> {
        let runtime = if delay.is_zero() {
            self.fast.clone()
        } else {
            self.slow.clone()
        };
        let shared = Arc::clone(&self.shared);
        move |number| {
            let (runtime, shared) = (runtime.clone(), Arc::clone(&shared));
            Box::pin(async move { once(&runtime, &shared, number).await })
        }
    }

    /// Span records of one loop, opened and ended ones.
    pub(super) async fn spans_of_a_loop(&self, agents: usize) -> Result<usize> {
        let before = self.spans.0.load(Ordering::Relaxed);
        super::batch(agents, self.agents(Duration::ZERO)).await?;
        Ok((self.spans.0.load(Ordering::Relaxed) - before) / agents)
    }
}

async fn once(runtime: &Runtime, shared: &Shared, number: usize) -> Result<()> {
    let question = Question {
        tenant: shared.world.tenant,
        trace: TraceContext {
            trace: TimeIds.trace(),
            span: TimeIds.span(),
        },
        role: ModelRole::Worker,
        system: "You are a worker.".to_owned(),
        user: format!("look up {number}"),
        ask: Ask::Research(shared.facts.clone()),
        account: Account {
            role: CallRole::Researcher,
            campaign: None,
            task: None,
            attempt: Some(AttemptId::from_uuid(TimeIds.uuid())),
            cap: Some(Usd::from_cents(5)),
        },
    };
    let mut hands = Lookup(shared);
    let (answer, spent) = think::<ResearchAnswer>(runtime, question, &mut hands)
        .await
        .map_err(|fault| anyhow!("{fault}"))?;
    ensure!(
        answer.summary == format!("final: value-of-{number}") && spent.output_tokens == 20,
        "a wrong answer: {answer:?}"
    );
    Ok(())
}

/// One tool, treated as everything that comes from outside is.
struct Lookup<'a>(&'a Shared);

#[async_trait]
impl Hands for Lookup<'_> {
    fn offered(&self) -> Vec<OfferedTool> {
        vec![self.0.offered.clone()]
    }

    async fn run(
        &mut self,
        call: &ToolCall,
        _: TraceContext,
        _: &mut Ask,
        _: u64,
    ) -> Result<String, Fault> {
        if call.name != "lookup" || !self.0.schema.is_valid(&call.arguments) {
            let message = "The arguments do not fit the schema. Nothing was called.";
            return Err(Fault::new(
                FaultClass::Validation,
                "ARGUMENTS_INVALID",
                message,
            ));
        }
        let result = format!(
            "value-of-{}",
            call.arguments["key"].as_str().unwrap_or_default()
        );
        if scan(&result).threat >= ThreatLevel::High {
            let message = "The result tries to steer the agent. Nothing of it was used.";
            return Err(Fault::new(FaultClass::Permanent, "ATTACK_STOPPED", message));
        }
        let clean = normalise(&result, Limits::BODY).text;
        let nonce = Nonce::from_bytes(*TimeIds.uuid().as_bytes());
        Ok(wrap_untrusted("lookup", &clean, &nonce))
    }
}

/// A model of two turns that answers after so long.
struct Script(Duration);

#[async_trait]
impl ChatModel for Script {
    async fn chat(
        &self,
        request: &ChatRequest,
        _: Option<DeltaSink<'_>>,
    ) -> Result<ChatReply, ModelError> {
        if self.0.is_zero() {
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(self.0).await;
        }
        // What a provider call must at least do.
        let body = serde_json::to_string(request).map_err(|error| {
            ModelError::new(FaultClass::Unknown, "UNWRITABLE", error.to_string())
        })?;
        black_box(body);
        let (text, tool_calls, finish) = match request.turns.last() {
            Some(Turn::ToolResult { content, .. }) => {
                let value = content.lines().nth(1).unwrap_or_default();
                let answer = json!({
                    "summary": format!("final: {value}"), "picks": [], "dropped": [], "confidence": 0.9,
                });
                (answer.to_string(), Vec::new(), FinishReason::Stop)
            }
            Some(Turn::User { text }) => {
                let call = ToolCall {
                    id: "call-1".to_owned(),
                    name: "lookup".to_owned(),
                    arguments: json!({ "key": text.rsplit(' ').next() }),
                    mark: None,
                };
                (String::new(), vec![call], FinishReason::ToolCalls)
            }
            _ => (String::new(), Vec::new(), FinishReason::Stop),
        };
        Ok(ChatReply {
            text,
            tool_calls,
            finish,
            usage: TokenUsage {
                input: 40,
                cached: 0,
                output: 10,
                estimated: false,
            },
            model: "scripted/two-turns".to_owned(),
            rehearsal: false,
        })
    }

    fn info(&self, _: ModelRole) -> ModelInfo {
        ModelInfo {
            provider: "scripted".to_owned(),
            model: "two-turns".to_owned(),
            rehearsal: false,
            rate: Some(Rate {
                input_per_million: Usd::from_cents(100),
                output_per_million: Usd::from_cents(200),
                cached_input_per_million: None,
            }),
        }
    }
}

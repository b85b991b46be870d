//! One agent of W1: the very function that workers run, with a scripted model and one tool.
//!
//! Never here: who pays and who keeps what it does.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use anyhow::{Result, anyhow, ensure};
use async_trait::async_trait;
use chimera_boot::{SystemClock, TimeIds};
use chimera_domain::{
    confidence::Confidence,
    fault::{Fault, FaultClass},
    id::TenantId,
    trace::TraceContext,
};
use chimera_guard::{
    Nonce,
    inbound::{Limits, ThreatLevel, normalise, scan},
    wrap_untrusted,
};
use chimera_mcp::HostOptions;
use chimera_ports::{
    clock::Clock,
    facts::{Ask, ResearchAnswer, ResearchFacts},
    ids::IdSource,
    model::{Counted, ModelRole, OfferedTool, ToolCall},
    spans::SpanSink,
    store::Ledger,
};
use chimera_runtime::{Account, Hands, Parts, Question, Runtime, Spent, think};
use chimera_skills::SkillRegistry;
use chimera_store::{SqliteSpans, SqliteStore, StoreOptions};
use chimera_testkit::World;
use jsonschema::Validator;
use serde_json::json;

use super::script::Script;

/// The stores of a runtime, in a folder.
pub(super) struct Files {
    pub(super) store: Arc<SqliteStore>,
    pub(super) traces: SqliteSpans,
}

impl Files {
    pub(super) async fn open(folder: &Path) -> Result<Self> {
        Ok(Self {
            store: Arc::new(SqliteStore::open(StoreOptions::at(folder.join("w1.db"))).await?),
            traces: SqliteSpans::open(folder.join("w1-spans.db"), None).await?,
        })
    }

    /// A runtime's parts, whose model takes so long.
    pub(super) fn parts(
        &self,
        ledger: Arc<dyn Ledger>,
        spans: Arc<dyn SpanSink>,
        delay: Duration,
    ) -> Result<Parts> {
        let (_, host) = chimera_mcp::start(HostOptions {
            servers: Vec::new(),
            base_env: BTreeMap::new(),
            clock: Arc::new(SystemClock),
        })?;
        Ok(Parts {
            store: self.store.clone(),
            ledger,
            spans,
            traces: Arc::new(self.traces.clone()),
            tools: Arc::new(host),
            model: Arc::new(Script(delay)),
            skills: Arc::new(SkillRegistry::built_in().0),
            clock: Arc::new(SystemClock),
            ids: Arc::new(TimeIds),
            recorder: None,
        })
    }
}

/// What all agents share.
pub(super) struct Shared {
    facts: ResearchFacts,
    offered: Counted<Vec<OfferedTool>>,
    schema: Validator,
}

/// Whose loop it is, and where it is traced.
pub(super) struct Asked {
    pub(super) tenant: TenantId,
    pub(super) trace: TraceContext,
    pub(super) account: Account,
}

impl Shared {
    pub(super) fn new(world: &World) -> Result<Self> {
        let schema = json!({
            "type": "object", "properties": { "key": { "type": "string", "maxLength": 64 } },
            "required": ["key"], "additionalProperties": false,
        });
        let (_, persona) = world.agent("mara");
        Ok(Self {
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
            offered: vec![OfferedTool {
                name: "lookup".to_owned(),
                description: "Looks a key up.".to_owned(),
                input_schema: schema,
            }]
            .into(),
        })
    }

    /// One loop: two turns of the model, and the tool between them.
    pub(super) async fn once(
        &self,
        runtime: &Runtime,
        number: usize,
        asked: Asked,
    ) -> Result<(ResearchAnswer, Spent)> {
        let question = Question {
            tenant: asked.tenant,
            trace: asked.trace,
            role: ModelRole::Worker,
            system: "You are a worker.".to_owned(),
            user: format!("look up {number}"),
            ask: Arc::new(Ask::Research(self.facts.clone())),
            account: asked.account,
        };
        let mut hands = Lookup(self);
        let (answer, spent) = think::<ResearchAnswer>(runtime, question, &mut hands)
            .await
            .map_err(|fault| anyhow!("{fault}"))?;
        ensure!(
            answer.summary == format!("final: value-of-{number}") && spent.output_tokens == 20,
            "a wrong answer: {answer:?}"
        );
        Ok((answer, spent))
    }
}

/// One tool, treated as everything that comes from outside is.
struct Lookup<'a>(&'a Shared);

#[async_trait]
impl Hands for Lookup<'_> {
    fn offered(&self) -> Counted<Vec<OfferedTool>> {
        self.0.offered.clone()
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

//! Skills run by hand, one or some in order: no store, no model, no campaign, and nothing outward.
//!
//! Never here: the loop that follows a skill's instructions, or a grant. What acts is refused before it begins.

use std::sync::Arc;

use anyhow::Result;
use chimera_domain::{
    fault::{Fault, FaultClass},
    id::{AgentId, CampaignId, TaskId, TenantId},
    skill::{SideEffects, SkillManifest, SkillOutput},
    trace::TraceContext,
};
use chimera_mcp::HostOptions;
use chimera_ports::{clock::Clock, ids::IdSource, tools::ToolHost};
use chimera_servers::feeds::Machine;
use chimera_skills::{
    DEFAULT_TOOL_TIMEOUT, McpSkill, Provenance, SkillBody, SkillContext, SkillRegistry, codes,
    workflow::{self, Step, WorkflowRun},
};
use serde_json::{Value, json};
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::{
    app::load_skills,
    clock::{SystemClock, TimeIds},
    servers::{feeds, feeds_spec},
    settings::Settings,
};

/// The skills of these settings, with each reading tool of the feeds server as one more.
pub struct SkillBench {
    registry: SkillRegistry,
    context: SkillContext,
    /// Ends the servers with the bench.
    _servers: DropGuard,
}

impl SkillBench {
    /// Loads the skills and starts the feeds server in this process. No file is written.
    ///
    /// # Errors
    /// When the settings of the feeds cannot be read.
    pub async fn open(settings: &Settings) -> Result<Self> {
        chimera_net::install_tls_provider();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let (service, host) = chimera_mcp::start(HostOptions {
            servers: vec![feeds_spec(feeds(
                settings,
                clock.clone(),
                Machine::Everybodys,
            )?)],
            base_env: Default::default(),
            clock: clock.clone(),
        })?;
        let stop = CancellationToken::new();
        let running = stop.clone();
        tokio::spawn(async move { service.run(running).await });
        let tools: Arc<dyn ToolHost> = Arc::new(host);
        // Nobody's: by hand there is no tenant, no agent and no campaign.
        let tenant = TenantId::from_uuid(Uuid::nil());
        let mut registry = load_skills(settings);
        for info in tools.tools(tenant).await? {
            if let Ok(tool) = McpSkill::wrap(info) {
                registry = registry.with_tool(tool);
            }
        }
        let context = SkillContext {
            tenant,
            agent: AgentId::from_uuid(Uuid::nil()),
            campaign: CampaignId::from_uuid(Uuid::nil()),
            task: TaskId::from_uuid(Uuid::nil()),
            trace: TraceContext {
                trace: TimeIds.trace(),
                span: TimeIds.span(),
            },
            tools,
            clock,
            feeds: Vec::new(),
            account: None,
            tool_timeout: DEFAULT_TOOL_TIMEOUT,
        };
        Ok(Self {
            registry,
            context,
            _servers: stop.drop_guard(),
        })
    }

    /// Every skill by name: what it does, where it comes from, and whether it can be run by hand.
    #[must_use]
    pub fn list(&self) -> Value {
        let skills: Vec<Value> = self
            .registry
            .list()
            .filter_map(|manifest| {
                let skill = self.registry.get(&manifest.name)?;
                let from = match skill.provenance() {
                    Provenance::BuiltIn => json!("built in"),
                    Provenance::Folder(path) => json!(path.display().to_string()),
                    Provenance::Tool(tool) => json!(tool.to_string()),
                };
                Some(json!({
                    "name": manifest.name, "description": manifest.description, "from": from,
                    "runs_by_hand": self.runs_by_hand(manifest).is_ok(),
                }))
            })
            .collect();
        json!({ "skills": skills })
    }

    /// What one skill says of itself, its schemas and examples with it.
    ///
    /// # Errors
    /// `SKILL_UNKNOWN`.
    pub fn show(&self, name: &str) -> Result<SkillManifest, Fault> {
        match self.registry.get(name) {
            Some(skill) => Ok(skill.manifest().clone()),
            None => Err(self
                .registry
                .validate_input(name, &Value::Null)
                .err()
                .unwrap_or_else(|| Fault::new(FaultClass::Validation, codes::SKILL_UNKNOWN, name))),
        }
    }

    /// Runs one skill. What prepares an outward action, or is instructions for a model, is refused.
    pub async fn run(&self, name: &str, input: Value) -> SkillOutput {
        let may = self
            .show(name)
            .and_then(|manifest| self.runs_by_hand(&manifest));
        match may {
            Ok(()) => self.registry.run_native(name, &self.context, input).await,
            Err(fault) => SkillOutput::failed(fault, self.context.clock.now()),
        }
    }

    /// Runs skills in order; what one gives feeds the next, and the first failure halts.
    ///
    /// # Errors
    /// When one of them cannot be run by hand: then none was.
    pub async fn run_in_order(&self, steps: &[Step]) -> Result<WorkflowRun, Fault> {
        for step in steps {
            // One that is not there is told by the runner, with its place.
            if let Ok(manifest) = self.show(&step.skill_name) {
                self.runs_by_hand(&manifest)?;
            }
        }
        Ok(workflow::run(&self.registry, &self.registry, &self.context, steps).await)
    }

    fn runs_by_hand(&self, manifest: &SkillManifest) -> Result<(), Fault> {
        let name = &manifest.name;
        if manifest.side_effects != SideEffects::None {
            let message = format!(
                "the skill '{name}' prepares an action on the outside, which a person or the policy decides about; nothing was done; run it as a step of a campaign"
            );
            return Err(Fault::new(
                FaultClass::Permanent,
                codes::TOOL_NEEDS_DECISION,
                message,
            ));
        }
        match self.registry.get(name).map(|skill| skill.body()) {
            Some(SkillBody::Loop(_)) => {
                let message = format!(
                    "the skill '{name}' is instructions for a model and not code; nothing was done; run it as a step of a campaign"
                );
                Err(Fault::new(
                    FaultClass::Validation,
                    codes::SKILL_NEEDS_MODEL,
                    message,
                ))
            }
            _ => Ok(()),
        }
    }
}

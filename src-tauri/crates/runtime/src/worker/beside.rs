//! Tools beside a step's own: those that fit its task, of servers that the tenant registered. They only read; what they
//! say and answer is a stranger's.
//!
//! Never here: a tool that acts. That one has a way of its own, through a decision and the outbox.

use chimera_domain::{
    action::ToolRef,
    fault::{Fault, FaultClass},
    trace::{SpanKind, SpanStatus, TraceContext},
    trend::ToolAnswer,
};
use chimera_guard::{Nonce, tools as gateway};
use chimera_offering::{MAX_OFFERED, Offer, failed, found_by, in_words, line, offers, within};
use chimera_ports::{
    model::{OfferedTool, ToolCall},
    tools::{Need, ToolReply, ToolRequest},
};
use serde_json::Value;

use super::{blocked, observe::Observation, reason::not_offered};
use crate::runtime::Runtime;

/// Most answers of them that go on to whoever builds on the step.
const MAX_KEPT: usize = 4;

/// The tools that a step is offered beside its own, and what they answered so far.
pub(super) struct Beside {
    tools: Vec<Offer>,
    kept: Vec<ToolAnswer>,
}

impl Beside {
    /// Those that fit the step. `taken` are the names of its own tools.
    pub(super) async fn fitting(runtime: &Runtime, observed: &Observation, taken: &[&str]) -> Self {
        let (task, within) = (&observed.task, observed.within());
        let (tenant, step) = (task.tenant, task.instructions.as_str());
        let need = Need {
            step: if step.is_empty() { &task.title } else { step },
            within: &within,
        };
        let fits = runtime.tools().fitting(tenant, need, MAX_OFFERED).await;
        if fits.among == 0 {
            return Self {
                tools: Vec::new(),
                kept: Vec::new(),
            };
        }
        let nonce = Nonce::from_bytes(*runtime.parts().ids.uuid().as_bytes());
        let (tools, left_out) = offers(&fits, taken, &nonce);
        let mut span = runtime
            .tracer()
            .open(tenant, observed.trace, SpanKind::Tool, "find_tools");
        let lines: Vec<Value> = fits
            .tools
            .iter()
            .filter(|fit| tools.iter().any(|offer| offer.of == fit.tool.tool))
            .map(line)
            .collect();
        span.set("chimera.tools.among", fits.among);
        span.set("chimera.tools.found_by", found_by(fits.by));
        span.set("chimera.tools.offered", lines);
        span.set("chimera.tools.left_out", left_out);
        if let Some(problem) = &fits.problem {
            span.set("chimera.tools.problem", problem.to_string());
        }
        span.end(SpanStatus::Ok);
        Self {
            tools,
            kept: Vec::new(),
        }
    }

    /// How they are offered.
    pub(super) fn offered(&self) -> impl Iterator<Item = OfferedTool> + '_ {
        self.tools.iter().map(|offer| offer.tool.clone())
    }

    /// Their names, as a prompt has them.
    pub(super) fn names(&self) -> Vec<&str> {
        let names = self.tools.iter();
        names.map(|offer| offer.tool.name.as_str()).collect()
    }

    /// What they answered, for whoever builds on the step.
    pub(super) fn answers(&self) -> &[ToolAnswer] {
        &self.kept
    }

    /// Calls one of them; what it answers comes back wrapped, within `room` tokens. One that fails ends no step: the
    /// model is told, and goes on without.
    pub(super) async fn run(
        &mut self,
        runtime: &Runtime,
        observed: &Observation,
        call: &ToolCall,
        trace: TraceContext,
        room: u64,
    ) -> Result<String, Fault> {
        let offered = self.tools.iter().find(|offer| offer.tool.name == call.name);
        let Some(Offer { of: tool, .. }) = offered.cloned() else {
            return Err(not_offered(&call.name));
        };
        let nonce = Nonce::from_bytes(*runtime.parts().ids.uuid().as_bytes());
        let name = tool.to_string();
        let reply = ask(runtime, observed, tool, call.arguments.clone(), trace)
            .await
            .map_err(|fault| failed(&name, &fault.message, &fault.code, room, &nonce))?;
        let words = in_words(&reply.content);
        let text = match gateway::screened(&words) {
            Ok(text) => text,
            Err(why) => {
                blocked::answer(runtime, observed, &name, &words, &why).await?;
                return Err(Fault::new(
                    FaultClass::Validation,
                    "MCP_TOOL_ERROR",
                    format!(
                        "What {name} answered tries to steer you, so it is not shown. Nothing was sent; go on without it."
                    ),
                ));
            }
        };
        if reply.is_error {
            return Err(failed(&name, &text, "MCP_TOOL_ERROR", room, &nonce));
        }
        if self.kept.len() < MAX_KEPT {
            self.kept.push(ToolAnswer {
                tool: name.clone(),
                text: gateway::kept(&text),
                at: runtime.now(),
            });
        }
        Ok(within(&name, &text, room, &nonce))
    }
}

async fn ask(
    runtime: &Runtime,
    observed: &Observation,
    tool: ToolRef,
    arguments: Value,
    trace: TraceContext,
) -> Result<ToolReply, Fault> {
    let name = format!("tools/call {tool}");
    let mut span = runtime
        .tracer()
        .open(observed.task.tenant, trace, SpanKind::Tool, &name);
    span.set("mcp.method.name", "tools/call");
    span.set("gen_ai.tool.name", tool.to_string());
    let request = ToolRequest {
        tenant: observed.task.tenant,
        agent: None,
        words_of: None,
        tool,
        arguments,
        trace: span.context(),
        timeout: runtime.bounds().tool_call,
    };
    match runtime.tools().read(request).await {
        Ok(reply) => {
            if let Some(server) = &reply.served_by {
                span.set("chimera.mcp.served_by", server.clone());
            }
            span.end(SpanStatus::Ok);
            Ok(reply)
        }
        Err(error) => {
            span.fail(&error.fault.code, &error.fault.message);
            Err(error.fault)
        }
    }
}

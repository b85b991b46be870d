//! Providers, servers, tools.

use chimera_contract::{
    connection as wire,
    scalar::{Digest, Time, Usd},
};
use chimera_domain::breaker::{BreakerState, Interruption};
use chimera_ports::{
    model::{ModelInfo, ModelRole},
    tools::{RunningCall, ServerStatus, ToolInfo},
};

use crate::{ToDomain, ToWire, mirror};

mirror!(BreakerState => wire::BreakerState { Closed, Open, HalfOpen });

impl ToWire for Interruption {
    type Wire = wire::Interruption;
    fn wire(&self) -> wire::Interruption {
        wire::Interruption {
            state: self.state.wire(),
            since: Time::of(self.since),
            probe_at: Time::of(self.probe_at),
            cause: self.cause.clone(),
        }
    }
}

mirror!(ModelRole => wire::ModelRole { Planner, Worker, Judge } and back);

/// Roles in the order that they are shown.
pub const ROLES: [wire::ModelRole; 3] = [
    wire::ModelRole::Planner,
    wire::ModelRole::Worker,
    wire::ModelRole::Judge,
];

/// What answers to each role.
pub fn roles(info: impl Fn(ModelRole) -> ModelInfo) -> Vec<wire::RoleModel> {
    ROLES
        .into_iter()
        .map(|role| {
            let found = info(role.domain());
            wire::RoleModel {
                role,
                provider: found.provider,
                model: found.model,
                rehearsal: found.rehearsal,
                input_per_million: found.rate.map(|rate| Usd::of(rate.input_per_million)),
                output_per_million: found.rate.map(|rate| Usd::of(rate.output_per_million)),
            }
        })
        .collect()
}

/// What answers in their place.
pub fn fallback(info: ModelInfo, interruption: Option<Interruption>) -> wire::FallbackModel {
    wire::FallbackModel {
        provider: info.provider,
        model: info.model,
        input_per_million: info.rate.map(|rate| Usd::of(rate.input_per_million)),
        output_per_million: info.rate.map(|rate| Usd::of(rate.output_per_million)),
        interruption: interruption.wire(),
    }
}

/// The kinds of providers that there are.
pub fn providers() -> Vec<wire::ProviderKind> {
    let ai = |kind, title: &str, description: &str| wire::ProviderKind {
        kind,
        title: title.to_owned(),
        description: description.to_owned(),
        is_ai: true,
        needs_base_url: kind == wire::ModelKind::OpenaiCompatible,
        needs_key: kind != wire::ModelKind::Ollama,
    };
    vec![
        wire::ProviderKind {
            kind: wire::ModelKind::Rehearsal,
            title: "Rehearsal".to_owned(),
            description: "Built in, needs no key, costs nothing. It follows fixed rules and is not an AI: good for seeing how everything works before you trust it with a real one.".to_owned(),
            is_ai: false,
            needs_base_url: false,
            needs_key: false,
        },
        ai(
            wire::ModelKind::OpenaiCompatible,
            "OpenAI or compatible",
            "Any service that speaks OpenAI's chat API, in the cloud or on this machine. What agents read and write is sent there.",
        ),
        ai(
            wire::ModelKind::Anthropic,
            "Anthropic",
            "Claude, by Anthropic's own API. What agents read and write is sent there.",
        ),
        ai(
            wire::ModelKind::Gemini,
            "Google Gemini",
            "Gemini, by Google's own API. What agents read and write is sent there.",
        ),
        ai(
            wire::ModelKind::Ollama,
            "Ollama",
            "Open models on this machine or in your own network, without a key. What agents read and write is sent to its address and no further.",
        ),
    ]
}

impl ToWire for ServerStatus {
    type Wire = wire::Server;
    fn wire(&self) -> wire::Server {
        wire::Server {
            name: self.name.clone(),
            transport: self.transport.clone(),
            connected: self.connected,
            protocol: self.protocol.clone(),
            tools: u32::try_from(self.tools).unwrap_or(u32::MAX),
            problem: self.problem.wire(),
            interruption: self.interruption.wire(),
            group: self.group.clone(),
            under_way: u32::try_from(self.under_way).unwrap_or(u32::MAX),
            stood_in: self.stood_in,
            running: self.running.iter().map(ToWire::wire).collect(),
        }
    }
}

impl ToWire for RunningCall {
    type Wire = wire::RunningCall;
    fn wire(&self) -> wire::RunningCall {
        let progress = self.progress.as_ref();
        wire::RunningCall {
            tool: self.tool.clone(),
            elapsed_ms: u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX),
            progress: progress.map(|progress| wire::CallProgress {
                done: progress.done,
                of: progress.of,
                message: progress.message.clone(),
            }),
        }
    }
}

impl ToWire for ToolInfo {
    type Wire = wire::Tool;
    fn wire(&self) -> wire::Tool {
        wire::Tool {
            server: self.tool.server.clone(),
            tool: self.tool.tool.clone(),
            description: self.description.clone(),
            effect: self.effect.wire(),
            input_schema: self.input_schema.clone(),
            output_schema: self.output_schema.clone(),
            schema_hash: Digest::of(self.schema_hash),
        }
    }
}

//! What the runtime is put together from; `boot` fills it.

use std::sync::Arc;

use chimera_ports::{
    clock::Clock,
    ids::IdSource,
    model::ChatModel,
    spans::{SpanReader, SpanSink},
    store::{Ledger, Store},
    tools::ToolHost,
};
use chimera_replay::Recorder;
use chimera_skills::SkillRegistry;

/// The runtime's parts.
#[derive(Clone)]
pub struct Parts {
    /// All stored state.
    pub store: Arc<dyn Store>,
    /// The lines of model calls: the same store, or one of its own.
    pub ledger: Arc<dyn Ledger>,
    /// Where spans go.
    pub spans: Arc<dyn SpanSink>,
    /// Where spans are read back.
    pub traces: Arc<dyn SpanReader>,
    /// MCP servers.
    pub tools: Arc<dyn ToolHost>,
    /// The language model.
    pub model: Arc<dyn ChatModel>,
    /// Skills.
    pub skills: Arc<SkillRegistry>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
    /// What writes a recording of the run, when one is made.
    pub recorder: Option<Arc<Recorder>>,
}

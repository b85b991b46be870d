//! `chimerad serve` that ends itself, with SIGKILL, at a breakpoint: the same boot on the same files, with
//! breakpoints around store and tools. Started by `tests/it/kills`.
//!
//! Never here: a scene, or an expectation.

use std::{
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, bail};
use async_trait::async_trait;
use chimera_boot::{Chimera, Settings, init_logging, listen};
use chimera_domain::{
    action::{Grant, ToolRef},
    fault::{Fault, FaultClass},
    id::{EffectId, TenantId},
    time::Span,
};
use chimera_ports::{
    model::{ChatModel, ChatReply, ChatRequest, DeltaSink, ModelError, ModelInfo, ModelRole},
    store::Memories,
    tools::{
        Fits, Need, Outcome, ResourceReply, ServerStatus, ToolError, ToolHost, ToolInfo, ToolReply,
        ToolRequest,
    },
};
use chimera_runtime::{Bounds, Parts};
use chimera_testkit::breakpoints::{AtBreakpoint, Breaking, Breakpoint};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::signal::unix::{SignalKind, signal};

/// How this life is to be.
#[derive(Default)]
struct Life {
    /// Where it ends, and at which time of coming there.
    ends_at: Option<Breakpoint>,
    /// How often it comes there before.
    passes: usize,
    /// Acting tools do what they are asked and are not heard.
    mute: bool,
    /// How long the model thinks before it answers.
    thinks: Duration,
    /// How long a lease lasts.
    lease: Option<Span>,
}

impl Life {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let mut life = Self::default();
        while let Some(word) = words.next() {
            let mut value = || {
                words
                    .next()
                    .with_context(|| format!("{word} needs a value"))
            };
            match word.as_str() {
                "--ends-at" => {
                    let name = value()?;
                    let known = Breakpoint::named(&name);
                    life.ends_at = Some(known.with_context(|| format!("no breakpoint {name}"))?);
                }
                "--passes" => life.passes = value()?.parse()?,
                "--mute" => life.mute = true,
                "--thinks-ms" => life.thinks = Duration::from_millis(value()?.parse()?),
                "--lease-ms" => life.lease = Some(Span::millis(value()?.parse()?)),
                _ => bail!("{word} is not known"),
            }
        }
        Ok(life)
    }

    fn around(&self, parts: &mut Parts, bounds: &mut Bounds, at: Option<AtBreakpoint>) {
        bounds.lease = self.lease.unwrap_or(bounds.lease);
        if self.mute {
            parts.tools = Arc::new(Mute(parts.tools.clone()));
        }
        parts.model = Arc::new(Slow(parts.model.clone(), self.thinks));
        let Some(at) = at else { return };
        let store = Arc::new(Breaking::around(parts.store.clone(), at.clone()));
        parts.store = store.clone();
        parts.ledger = store;
        parts.tools = Arc::new(Breaking::around(parts.tools.clone(), at));
    }

    /// What ends this life, where it has an end.
    fn end(&self) -> Option<AtBreakpoint> {
        let end = self.ends_at?;
        let (passes, passed) = (self.passes, AtomicUsize::new(0));
        Some(Arc::new(move |breakpoint| {
            if breakpoint == end && passed.fetch_add(1, Ordering::SeqCst) >= passes {
                die();
            }
        }))
    }
}

/// Ends the process as a power cut would: no destructor runs, nothing is flushed.
fn die() {
    static DEATHS: AtomicUsize = AtomicUsize::new(0);
    if DEATHS.fetch_add(1, Ordering::SeqCst) == 0 {
        kill(Pid::this(), Signal::SIGKILL).ok();
    }
    loop {
        std::thread::park();
    }
}

/// Servers that do what they are asked, and whose answers are lost.
struct Mute(Arc<dyn ToolHost>);

#[async_trait]
impl ToolHost for Mute {
    async fn tools(&self, tenant: TenantId) -> Result<Vec<ToolInfo>, ToolError> {
        self.0.tools(tenant).await
    }

    async fn fitting(&self, tenant: TenantId, need: Need<'_>, most: usize) -> Fits {
        self.0.fitting(tenant, need, most).await
    }

    async fn read(&self, request: ToolRequest) -> Result<ToolReply, ToolError> {
        self.0.read(request).await
    }

    async fn perform(&self, request: ToolRequest, grant: &Grant) -> Result<ToolReply, ToolError> {
        self.0.perform(request, grant).await?;
        Err(ToolError {
            fault: Fault::new(FaultClass::Transient, "UNHEARD", "The answer was lost."),
            outcome: Outcome::Unknown,
        })
    }

    fn is_asking(&self, effect: EffectId) -> bool {
        self.0.is_asking(effect)
    }

    async fn asks_by_key(&self, _: TenantId, _: &ToolRef) -> bool {
        false
    }

    async fn resource(
        &self,
        tenant: TenantId,
        server: &str,
        uri: &str,
    ) -> Result<ResourceReply, ToolError> {
        self.0.resource(tenant, server, uri).await
    }

    async fn servers(&self, tenant: TenantId) -> Vec<ServerStatus> {
        self.0.servers(tenant).await
    }

    async fn probe(&self, tenant: TenantId, server: &str) -> Result<ServerStatus, ToolError> {
        self.0.probe(tenant, server).await
    }
}

/// A model that thinks for a while.
struct Slow(Arc<dyn ChatModel>, Duration);

#[async_trait]
impl ChatModel for Slow {
    async fn chat(
        &self,
        request: &ChatRequest,
        deltas: Option<DeltaSink<'_>>,
    ) -> Result<ChatReply, ModelError> {
        tokio::time::sleep(self.1).await;
        self.0.chat(request, deltas).await
    }

    fn info(&self, role: ModelRole) -> ModelInfo {
        self.0.info(role)
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    init_logging("warn");
    let life = Life::read(std::env::args().skip(1))?;
    let settings = Settings::load(None)?;
    let listener = listen(&settings).await?;
    let address = listener.local_addr()?;
    let end = life.end();
    let around_memories = |memories| -> Arc<dyn Memories> {
        match end.clone() {
            Some(at) => Arc::new(Breaking::around(memories, at)),
            None => memories,
        }
    };
    let around = |parts: &mut Parts, bounds: &mut Bounds| life.around(parts, bounds, end.clone());
    let chimera = Chimera::open_around(settings, around, around_memories).await?;
    chimera.start().await?;
    writeln!(std::io::stdout(), "http://{address}")?;
    let mut asked = signal(SignalKind::terminate())?;
    let served = chimera
        .serve(listener, async move {
            asked.recv().await;
        })
        .await;
    chimera.shut_down().await;
    served
}

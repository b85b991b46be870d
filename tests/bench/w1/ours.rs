//! Our loop of W1 with nothing stored: the ledger is in memory, and spans are counted.

use std::{
    hint::black_box,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::Result;
use chimera_boot::TimeIds;
use chimera_domain::{
    id::{AttemptId, TenantId},
    money::Usd,
    spend::CallRole,
    trace::{TraceContext, TraceSpan},
};
use chimera_ports::{ids::IdSource, spans::SpanSink};
use chimera_runtime::{Account, Bounds, Runtime};
use chimera_testkit::World;

use super::{
    agent::{Asked, Files, Shared},
    purses::Purses,
};
use crate::folder;

/// The runtimes, one for each speed of the model, and what all agents share.
pub(super) struct Ours {
    fast: Runtime,
    slow: Runtime,
    shared: Arc<Shared>,
    tenant: TenantId,
    spans: Arc<Counted>,
    _folder: tempfile::TempDir,
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

impl Ours {
    /// The stores are there because a runtime has some; the loop never touches them.
    pub(super) async fn open() -> Result<Self> {
        let folder = folder()?;
        let files = Files::open(folder.path()).await?;
        let (world, spans) = (World::default(), Arc::new(Counted::default()));
        let runtime = |delay| {
            let ledger = Arc::new(Purses::default());
            let parts = files.parts(ledger, spans.clone(), delay)?;
            anyhow::Ok(Runtime::new(parts, Bounds::default()))
        };
        Ok(Self {
            fast: runtime(Duration::ZERO)?,
            slow: runtime(super::SLOW)?,
            shared: Arc::new(Shared::new(&world)?),
            tenant: world.tenant,
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
        let (shared, tenant) = (Arc::clone(&self.shared), self.tenant);
        move |number| {
            let (runtime, shared) = (runtime.clone(), Arc::clone(&shared));
            Box::pin(async move {
                let asked = alone(tenant);
                shared.once(&runtime, number, asked).await.map(drop)
            })
        }
    }

    /// Span records of one loop, opened and ended ones.
    pub(super) async fn spans_of_a_loop(&self, agents: usize) -> Result<usize> {
        let before = self.spans.0.load(Ordering::Relaxed);
        super::batch(agents, self.agents(Duration::ZERO)).await?;
        Ok((self.spans.0.load(Ordering::Relaxed) - before) / agents)
    }
}

/// Tokens that a run may read and write, as the policy that ships has them.
pub(super) const STEP_TOKENS: u64 = 400_000;

/// A run of its own, of no campaign.
fn alone(tenant: TenantId) -> Asked {
    Asked {
        tenant,
        trace: TraceContext {
            trace: TimeIds.trace(),
            span: TimeIds.span(),
        },
        account: Account {
            role: CallRole::Researcher,
            campaign: None,
            task: None,
            attempt: Some(AttemptId::from_uuid(TimeIds.uuid())),
            cap: Some(Usd::from_cents(5)),
            token_cap: Some(STEP_TOKENS),
        },
    }
}

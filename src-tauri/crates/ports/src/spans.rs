//! Where a run's spans go, and how they are read back.

use async_trait::async_trait;
use chimera_domain::{
    id::{CampaignId, TenantId},
    person::Identifier,
    time::Timestamp,
    trace::{TraceId, TraceSpan},
};

use crate::{
    error::PortError,
    page::{Page, PageRequest},
    store::Place,
};

/// Takes spans. Losing one under pressure is allowed and counted; stopping the work is not.
#[async_trait]
pub trait SpanSink: Send + Sync {
    /// A span opened or ended; the same key again replaces what is known. Never waits.
    fn record(&self, span: TraceSpan);

    /// Waits, for seconds at most, while so many spans wait to be kept that more of them would be lost. Whoever is about
    /// to make a few in a row asks first, so that a flood of work is slowed down to what can be traced.
    async fn room(&self) {}
}

/// One line of the trace list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TraceSummary {
    /// The run.
    pub trace: TraceId,
    /// Name of its root span.
    pub name: String,
    /// Campaign, when it is one's.
    pub campaign: Option<CampaignId>,
    /// When its first span began.
    pub started_at: Timestamp,
    /// When its last span ended; absent while one is open.
    pub ended_at: Option<Timestamp>,
    /// Number of spans.
    pub spans: u32,
    /// Number of spans that ended with an error.
    pub errors: u32,
}

/// Reads spans back.
#[async_trait]
pub trait SpanReader: Send + Sync {
    /// Runs, the running ones first, then the newest.
    ///
    /// # Errors
    /// When the spans' file cannot be read.
    async fn traces(
        &self,
        tenant: TenantId,
        page: PageRequest,
    ) -> Result<Page<TraceSummary>, PortError>;

    /// How many spans were lost since the process started, whoever's they were.
    fn lost(&self) -> u64;

    /// All spans of a run in the order of their start.
    ///
    /// # Errors
    /// When there is no such run for this tenant, or the file cannot be read.
    async fn trace(&self, tenant: TenantId, trace: TraceId) -> Result<Vec<TraceSpan>, PortError>;
}

/// Forgets runs by age.
#[async_trait]
pub trait SpanPruning: Send + Sync {
    /// Takes out at most `runs` runs of a tenant that ended before `before`; answers how many spans went with them.
    /// A run with an open span stays, however old.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing was taken out.
    async fn prune(
        &self,
        tenant: TenantId,
        before: Timestamp,
        runs: u32,
    ) -> Result<PrunedSpans, PortError>;
}

/// Finds a person in spans, and takes the person out of them.
#[async_trait]
pub trait SpanPersons: Send + Sync {
    /// Spans that name a person, at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
    async fn find_person(
        &self,
        tenant: TenantId,
        identifiers: &[Identifier],
        limit: usize,
    ) -> Result<Vec<Place>, PortError>;

    /// Puts a tombstone in the place of each identifier, in one transaction; answers how many spans were changed.
    /// Doing it again changes nothing more.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing was changed.
    async fn erase_person(
        &self,
        tenant: TenantId,
        identifiers: &[Identifier],
        tombstone: &str,
    ) -> Result<u64, PortError>;
}

/// What was taken out at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PrunedSpans {
    /// Runs.
    pub runs: u64,
    /// Their spans.
    pub spans: u64,
}

//! Runs and their spans, for people who look at them.
//!
//! Never here: writing.

use async_trait::async_trait;
use chimera_domain::{
    id::TenantId,
    trace::{TraceId, TraceSpan},
};
use chimera_ports::{
    error::PortError,
    page::{Page, PageRequest},
    spans::{SpanReader, TraceSummary},
};

use super::SqliteSpans;
use crate::{
    cursor::{self, rows_to_read},
    failure::Failure,
    rows::{SpanRow, TraceRow},
    sqlite::all,
};

/// Most spans of one run that are shown.
const MAX_SPANS_SHOWN: u32 = 100_000;

#[async_trait]
impl SpanReader for SqliteSpans {
    fn lost(&self) -> u64 {
        self.dropped()
    }

    async fn traces(
        &self,
        tenant: TenantId,
        page: PageRequest,
    ) -> Result<Page<TraceSummary>, PortError> {
        // Whoever reads because of a fact must find what was recorded with it, not what was written by then.
        self.flush().await;
        let (running, started_at, trace): (i64, i64, String) =
            cursor::after(&page)?.unwrap_or((i64::MAX, i64::MAX, String::new()));
        let rows: Vec<TraceRow> = sqlx::query_as(
            "SELECT * FROM traces WHERE tenant_id = ?1 AND (running, started_at, trace_id) < (?2, ?3, ?4) \
             ORDER BY running DESC, started_at DESC, trace_id DESC LIMIT ?5",
        )
        .bind(tenant.to_string())
        .bind(running)
        .bind(started_at)
        .bind(trace)
        .bind(rows_to_read(&page))
        .fetch_all(&self.reads)
        .await
        .map_err(Failure::from)?;
        Ok(cursor::page(&page, rows, |row| {
            (row.running, row.started_at, row.trace_id.clone())
        })?)
    }

    async fn trace(&self, tenant: TenantId, trace: TraceId) -> Result<Vec<TraceSpan>, PortError> {
        self.flush().await;
        let rows: Vec<SpanRow> = sqlx::query_as(
            "SELECT * FROM spans WHERE trace_id = ?1 AND tenant_id = ?2 ORDER BY started_at, rowid LIMIT ?3",
        )
        .bind(trace.to_string())
        .bind(tenant.to_string())
        .bind(MAX_SPANS_SHOWN)
        .fetch_all(&self.reads)
        .await
        .map_err(Failure::from)?;
        if rows.is_empty() {
            return Err(PortError::not_found("trace", trace));
        }
        all(rows)
    }
}

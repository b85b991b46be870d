//! What is stored already of the spans of a batch. What this process opened a moment ago it remembers; only what it hears
//! of for the first time is looked for in the file.
//!
//! Never here: writing.

use std::{collections::HashMap, sync::LazyLock};

use chimera_domain::{
    id::TenantId,
    trace::{SpanId, SpanStatus, TraceId, TraceSpan},
};
use sqlx::SqliteConnection;

use crate::batch::Listed;
use crate::{
    failure::Failure,
    rows::{Cells, SpanRow},
    table::Cell,
};

/// Most open spans that are remembered; those beyond are looked for in the file when they end.
const MAX_REMEMBERED_SPANS: usize = 65_536;

/// A span within its tenant's run.
pub(super) type Key = (TenantId, TraceId, SpanId);

/// What is stored of a span already.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Known {
    pub(super) started_at: i64,
    pub(super) is_open: bool,
    pub(super) is_error: bool,
}

/// Spans that are open in the file as this process wrote them, with when they began. The one task that writes the file
/// has it, so that it never disagrees with the file.
#[derive(Default)]
pub(super) struct Open(HashMap<Key, i64>);

// One row for all that was found: each value of a row is copied twice on its way.
static KNOWN: LazyLock<Listed> = LazyLock::new(|| {
    Listed::new(
        "WITH w (place, tenant_id, trace_id, span_id) AS (VALUES",
        4,
        ") SELECT coalesce(group_concat(w.place || ' ' || s.started_at || ' ' || s.status, ','), '') FROM w \
         CROSS JOIN spans s ON s.trace_id = w.trace_id AND s.span_id = w.span_id AND s.tenant_id = w.tenant_id",
    )
});

impl Open {
    /// What is stored of each of these spans, in their order.
    pub(super) async fn known(
        &self,
        conn: &mut SqliteConnection,
        spans: &[TraceSpan],
        rows: &[SpanRow],
    ) -> Result<Vec<Option<Known>>, Failure> {
        let mut known = Vec::with_capacity(spans.len());
        let mut cells: Vec<Cell> = Vec::new();
        for ((span, row), place) in spans.iter().zip(rows).zip(0_i64..) {
            let remembered = self.0.get(&key(span)).map(|started_at| Known {
                started_at: *started_at,
                is_open: true,
                is_error: false,
            });
            if remembered.is_none() {
                cells.push(place.into());
                cells.extend(
                    [&row.tenant_id, &row.trace_id, &row.span_id].map(|id| id.as_str().into()),
                );
            }
            known.push(remembered);
        }
        let found: Vec<(String,)> = KNOWN.ask(conn, &cells).await?;
        for (places,) in &found {
            for told in places.split(',').filter(|told| !told.is_empty()) {
                let (place, stored) = read(told)?;
                if let Some(of_span) = known.get_mut(place) {
                    *of_span = Some(stored);
                }
            }
        }
        Ok(known)
    }

    /// Remembers what was written of a span that began then.
    pub(super) fn written(&mut self, span: &TraceSpan, started_at: i64) {
        if span.status != SpanStatus::Open {
            self.0.remove(&key(span));
        } else if self.0.len() < MAX_REMEMBERED_SPANS {
            self.0.insert(key(span), started_at);
        } else if let Some(before) = self.0.get_mut(&key(span)) {
            *before = started_at;
        }
    }

    /// Forgets everything: the file may be another than what was written.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}

const fn key(span: &TraceSpan) -> Key {
    (span.tenant, span.trace, span.span)
}

/// Reads "place beginning status".
fn read(told: &str) -> Result<(usize, Known), Failure> {
    let cells = Cells("spans");
    let mut words = told.split(' ');
    let mut next = || words.next().unwrap_or_default();
    let place = cells.text("place", next())?;
    let started_at = cells.text("started_at", next())?;
    let status = next();
    let known = Known {
        started_at,
        is_open: status == "open",
        is_error: status == "error",
    };
    Ok((place, known))
}

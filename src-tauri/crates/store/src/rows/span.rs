//! Rows of `spans` and `traces`.

use chimera_domain::{time::Timestamp, trace::TraceSpan};
use chimera_ports::spans::TraceSummary;

use super::{BadRow, Cells, word};
use crate::{failure::Failure, table::table};

table! {
    /// One stretch of work.
    "spans" as SpanRow, key "trace_id" + "span_id";
    fixed { trace_id: String, span_id: String, tenant_id: String }
    live {
        parent_id: Option<String>,
        kind: String,
        name: String,
        started_at: i64,
        ended_at: Option<i64>,
        status: String,
        attributes: String,
    }
}

/// One run, as the list shows it.
#[derive(sqlx::FromRow)]
pub(crate) struct TraceRow {
    pub(crate) trace_id: String,
    pub(crate) name: String,
    pub(crate) campaign_id: Option<String>,
    pub(crate) started_at: i64,
    pub(crate) last_end: Option<i64>,
    pub(crate) spans: i64,
    pub(crate) errors: i64,
    pub(crate) running: i64,
}

impl SpanRow {
    pub(crate) fn of(span: &TraceSpan) -> Result<Self, Failure> {
        Ok(Self {
            trace_id: span.trace.to_string(),
            span_id: span.span.to_string(),
            tenant_id: span.tenant.to_string(),
            parent_id: span.parent.map(|parent| parent.to_string()),
            kind: word(&span.kind)?,
            name: span.name.clone(),
            started_at: span.started_at.micros(),
            ended_at: span.ended_at.map(Timestamp::micros),
            status: word(&span.status)?,
            attributes: span.attributes.json(),
        })
    }
}

impl TryFrom<SpanRow> for TraceSpan {
    type Error = BadRow;

    fn try_from(row: SpanRow) -> Result<Self, BadRow> {
        let cells = Cells("spans");
        Ok(Self {
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            trace: cells.text("trace_id", &row.trace_id)?,
            span: cells.text("span_id", &row.span_id)?,
            parent: cells.maybe_text("parent_id", row.parent_id.as_deref())?,
            kind: cells.word("kind", &row.kind)?,
            name: row.name,
            started_at: Timestamp::from_micros(row.started_at),
            ended_at: row.ended_at.map(Timestamp::from_micros),
            status: cells.word("status", &row.status)?,
            attributes: cells.json("attributes", &row.attributes)?,
        })
    }
}

impl TryFrom<TraceRow> for TraceSummary {
    type Error = BadRow;

    fn try_from(row: TraceRow) -> Result<Self, BadRow> {
        let cells = Cells("traces");
        Ok(Self {
            trace: cells.text("trace_id", &row.trace_id)?,
            name: row.name,
            campaign: cells.maybe_text("campaign_id", row.campaign_id.as_deref())?,
            started_at: Timestamp::from_micros(row.started_at),
            ended_at: row
                .last_end
                .filter(|_| row.running == 0)
                .map(Timestamp::from_micros),
            spans: cells.number("spans", row.spans)?,
            errors: cells.number("errors", row.errors)?,
        })
    }
}

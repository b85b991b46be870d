//! Runs and spans.

use chimera_contract::{
    scalar::{Id, Time},
    trace as wire,
};
use chimera_domain::trace::{SpanKind, SpanStatus, TraceSpan};
use chimera_ports::spans::TraceSummary;

use crate::{ToWire, mirror};

mirror!(SpanKind => wire::SpanKind { Workflow, Plan, Agent, Model, Tool, Memory, Judge, Approval, Effect });
mirror!(SpanStatus => wire::SpanStatus { Open, Ok, Error, Cancelled });

/// A run; `waits` says whether something of it waits for a person.
pub fn row(run: &TraceSummary, waits: bool) -> wire::TraceRow {
    wire::TraceRow {
        trace: run.trace.to_string(),
        name: run.name.clone(),
        campaign: run.campaign.map(Id::of),
        started_at: Time::of(run.started_at),
        ended_at: run.ended_at.map(Time::of),
        spans: run.spans,
        errors: run.errors,
        waits,
    }
}

impl ToWire for TraceSpan {
    type Wire = wire::Span;
    fn wire(&self) -> wire::Span {
        wire::Span {
            span: self.span.to_string(),
            parent: self.parent.map(|parent| parent.to_string()),
            kind: self.kind.wire(),
            name: self.name.clone(),
            started_at: Time::of(self.started_at),
            ended_at: self.ended_at.map(Time::of),
            status: self.status.wire(),
            attributes: self.attributes.values(),
        }
    }
}

//! How far calls of tools are by their servers' word, kept with the span of each: seen while it is open, and after.
//!
//! Never here: a longer wait for what a server says of its progress. What it says is kept like any recorded text: masked,
//! cut, and not at all where no messages are kept.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chimera_domain::{
    attributes::Attributes,
    id::TenantId,
    time::{Span, Timestamp},
    trace::{SpanId, TraceContext, TraceId, TraceSpan},
};
use chimera_ports::tools::{Progress, ProgressEar};
use serde_json::{Value, json};

use crate::Tracer;

/// Most reports of one call that its span keeps: the last ones.
const MAX_KEPT: usize = 32;
/// Reports that are shown as they come; of more than these, one in each [`SHOWN_EVERY`].
const SHOWN_AT_ONCE: u64 = 32;
/// The shortest time between two times that further reports of an open span are shown.
const SHOWN_EVERY: Span = Span::seconds(1);
/// Most calls that are listened to at once.
const MAX_CALLS: usize = 1_024;

/// Calls whose spans are open.
#[derive(Clone, Default)]
pub(crate) struct Calls(Arc<Mutex<HashMap<(TraceId, SpanId), Call>>>);

struct Call {
    span: TraceSpan,
    /// What the span tells besides.
    told: Vec<(&'static str, Value)>,
    kept: VecDeque<Value>,
    reports: u64,
    shown_at: Timestamp,
}

impl Call {
    /// Tells what was heard of it.
    fn tell(&self, attributes: &mut Attributes) {
        if self.reports > 0 {
            attributes.tell("chimera.mcp.progress", &self.kept);
            attributes.tell("chimera.mcp.progress.reports", &self.reports);
        }
    }
}

impl Calls {
    fn open(&self) -> MutexGuard<'_, HashMap<(TraceId, SpanId), Call>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Listens for this span from now on.
    pub(crate) fn begin(&self, span: &TraceSpan) {
        let mut open = self.open();
        if open.len() < MAX_CALLS {
            let call = Call {
                span: span.clone(),
                told: Vec::new(),
                kept: VecDeque::new(),
                reports: 0,
                shown_at: span.started_at,
            };
            open.insert((span.trace, span.span), call);
        }
    }

    /// An attribute of the span, for those who see it while it is open.
    pub(crate) fn set(&self, at: TraceContext, name: &'static str, value: &Value) {
        if let Some(call) = self.open().get_mut(&(at.trace, at.span)) {
            match call.told.iter_mut().find(|(known, _)| *known == name) {
                Some((_, before)) => before.clone_from(value),
                None => call.told.push((name, value.clone())),
            }
        }
    }

    /// Listens no longer, and tells what was heard.
    pub(crate) fn end(&self, at: TraceContext, attributes: &mut Attributes) {
        let call = self.open().remove(&(at.trace, at.span));
        if let Some(call) = call {
            call.tell(attributes);
        }
    }

    /// Takes a report; gives the span as it is to be shown now, where it is.
    fn note(
        &self,
        (tenant, at): (TenantId, TraceContext),
        report: Value,
        now: Timestamp,
    ) -> Option<TraceSpan> {
        let mut open = self.open();
        let call = open.get_mut(&(at.trace, at.span))?;
        if call.span.tenant != tenant {
            return None;
        }
        if call.kept.len() == MAX_KEPT {
            call.kept.pop_front();
        }
        call.kept.push_back(report);
        call.reports += 1;
        if call.reports > SHOWN_AT_ONCE && now < call.shown_at + SHOWN_EVERY {
            return None;
        }
        call.shown_at = now;
        let mut span = call.span.clone();
        for (name, value) in &call.told {
            span.attributes.tell(name, value);
        }
        call.tell(&mut span.attributes);
        Some(span)
    }
}

impl ProgressEar for Tracer {
    fn told(&self, tenant: TenantId, at: TraceContext, progress: &Progress) {
        let message = progress
            .message
            .as_deref()
            .filter(|_| self.0.recorded.is_on())
            .map(|message| self.0.recorded.text(message));
        let now = self.0.clock.now();
        let report = json!({
            "done": progress.done, "of": progress.of, "message": message, "at": now,
        });
        if let Some(span) = self.0.calls.note((tenant, at), report, now) {
            self.0.sink.record(span);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

    use chimera_domain::trace::{SpanKind, SpanStatus};
    use chimera_ports::{clock::Clock, ids::IdSource, spans::SpanSink};
    use uuid::Uuid;

    use super::*;
    use crate::Recorded;

    #[derive(Default)]
    struct Kept(Mutex<Vec<TraceSpan>>);

    impl SpanSink for Kept {
        fn record(&self, span: TraceSpan) {
            self.0.lock().unwrap().push(span);
        }
    }

    #[derive(Default)]
    struct Stood(AtomicI64);

    impl Clock for Stood {
        fn now(&self) -> Timestamp {
            Timestamp::from_seconds(self.0.load(Ordering::Relaxed))
        }
    }

    #[derive(Default)]
    struct Counted(AtomicU64);

    impl IdSource for Counted {
        fn uuid(&self) -> Uuid {
            Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed) + 1))
        }
    }

    struct Bench {
        kept: Arc<Kept>,
        clock: Arc<Stood>,
        tracer: Tracer,
    }

    fn bench(most_chars: usize) -> Bench {
        let (kept, clock) = (Arc::<Kept>::default(), Arc::<Stood>::default());
        let tracer = Tracer::new(
            kept.clone(),
            clock.clone(),
            Arc::<Counted>::default(),
            Recorded::of(most_chars),
        );
        Bench {
            kept,
            clock,
            tracer,
        }
    }

    fn tenant(number: u128) -> TenantId {
        TenantId::from_uuid(Uuid::from_u128(number))
    }

    const ROOT: TraceContext = TraceContext {
        trace: TraceId::from_bits(7),
        span: SpanId::from_bits(7),
    };

    fn report(done: f64, message: &str) -> Progress {
        Progress {
            done,
            of: Some(4.0),
            message: Some(message.to_owned()),
        }
    }

    impl Bench {
        fn last(&self) -> TraceSpan {
            self.kept.0.lock().unwrap().last().cloned().unwrap()
        }

        fn shown(&self) -> usize {
            self.kept.0.lock().unwrap().len()
        }
    }

    #[test]
    fn a_report_is_seen_while_the_call_runs_and_after_masked_and_cut() {
        let bench = bench(20);
        let mut span = bench
            .tracer
            .open(tenant(1), ROOT, SpanKind::Tool, "tools/call");
        span.set("gen_ai.tool.name", "brew.prices");
        let ear: &dyn ProgressEar = &bench.tracer;
        ear.told(
            tenant(1),
            span.context(),
            &report(1.0, "asks jane@example.org"),
        );
        let seen = bench.last();
        assert_eq!((seen.status, seen.ended_at), (SpanStatus::Open, None));
        let expected = json!([{
            "done": 1.0, "of": 4.0, "message": "asks [email]", "at": Timestamp::from_seconds(0),
        }]);
        let seen = seen.attributes.values();
        assert_eq!(seen["chimera.mcp.progress"], expected);
        assert_eq!(seen["gen_ai.tool.name"], "brew.prices");
        bench.clock.0.store(3, Ordering::Relaxed);
        ear.told(tenant(1), span.context(), &report(2.0, &"x".repeat(99)));
        span.end(SpanStatus::Ok);
        let after = bench.last();
        assert_eq!(after.status, SpanStatus::Ok);
        let after = after.attributes.values();
        assert_eq!(after["chimera.mcp.progress.reports"], 2);
        let second = &after["chimera.mcp.progress"][1];
        let words = second["message"].as_str().unwrap();
        assert!(words.contains("more characters not kept"), "{words}");
        assert_eq!(second["at"], json!(Timestamp::from_seconds(3)));
    }

    #[test]
    fn what_belongs_to_no_open_call_of_that_workspace_is_nowhere() {
        let bench = bench(20);
        let span = bench
            .tracer
            .open(tenant(1), ROOT, SpanKind::Tool, "tools/call");
        let at = span.context();
        bench.tracer.told(tenant(2), at, &report(1.0, "another's"));
        bench.tracer.told(tenant(1), ROOT, &report(1.0, "no call"));
        span.end(SpanStatus::Ok);
        bench.tracer.told(tenant(1), at, &report(2.0, "too late"));
        assert_eq!(bench.shown(), 2, "opened and ended");
        assert!(bench.last().attributes.values().is_empty());
        assert!(bench.tracer.0.calls.open().is_empty());
    }

    #[test]
    fn a_flood_of_reports_costs_few_spans_and_leaves_the_last_ones() {
        let bench = bench(20);
        let span = bench
            .tracer
            .open(tenant(1), ROOT, SpanKind::Tool, "tools/call");
        for done in 0..10_000_u32 {
            bench
                .tracer
                .told(tenant(1), span.context(), &report(f64::from(done), "on"));
        }
        assert_eq!(bench.shown(), 1 + 32);
        bench.clock.0.store(1, Ordering::Relaxed);
        bench
            .tracer
            .told(tenant(1), span.context(), &report(10_000.0, "on"));
        assert_eq!(bench.shown(), 1 + 32 + 1);
        span.end(SpanStatus::Ok);
        let kept = &bench.last().attributes.values()["chimera.mcp.progress"];
        assert_eq!(kept.as_array().unwrap().len(), MAX_KEPT);
        assert_eq!(kept[MAX_KEPT - 1]["done"], 10_000.0);
    }

    #[test]
    fn no_words_are_kept_where_no_messages_are() {
        let bench = bench(0);
        let span = bench
            .tracer
            .open(tenant(1), ROOT, SpanKind::Tool, "tools/call");
        bench
            .tracer
            .told(tenant(1), span.context(), &report(1.0, "secret"));
        span.end(SpanStatus::Ok);
        let kept = &bench.last().attributes.values()["chimera.mcp.progress"][0];
        assert_eq!(
            (kept["done"].clone(), kept["message"].clone()),
            (json!(1.0), Value::Null)
        );
    }
}

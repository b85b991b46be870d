//! What is said of spans that could not be kept.

use chimera_domain::{
    attributes::Attributes,
    role::Role,
    trace::{SpanKind, SpanStatus, TraceSpan},
};
use chimera_ports::spans::SpanSink;

use super::bench::Bench;

#[tokio::test]
async fn the_list_of_runs_says_how_many_spans_were_lost() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "ada", &[Role::Viewer]).await;
    let told = bench.get(&token, "/api/v1/traces").await;
    assert_eq!(told["spans_lost"], 0);
    let at = bed.world.trace();
    // More than wait at once, faster than they are written.
    while bench.spans.dropped() == 0 {
        bench.spans.record(TraceSpan {
            tenant: bed.world.tenant,
            trace: at.trace,
            span: at.span,
            parent: None,
            kind: SpanKind::Agent,
            name: "flood".to_owned(),
            started_at: bed.world.now(),
            ended_at: None,
            status: SpanStatus::Open,
            attributes: Attributes::default(),
        });
    }
    let told = bench.get(&token, "/api/v1/traces").await;
    assert_eq!(told["spans_lost"], bench.spans.dropped());
}

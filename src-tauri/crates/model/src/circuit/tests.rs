//! A breaker around a provider: what opens it, what does not, and how it closes, on a clock that stands still.

use std::{
    collections::VecDeque,
    sync::atomic::{AtomicUsize, Ordering},
};

use chimera_ports::model::{Counted, FinishReason, TokenUsage};
use chimera_testkit::ManualClock;

use super::*;

/// A provider whose failures are laid down; it answers when none is left.
#[derive(Default)]
struct Failing {
    faults: Mutex<VecDeque<Fault>>,
    calls: AtomicUsize,
    hangs: bool,
}

#[async_trait]
impl ChatModel for Failing {
    async fn chat(
        &self,
        _: &ChatRequest,
        _: Option<DeltaSink<'_>>,
    ) -> Result<ChatReply, ModelError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        if self.hangs {
            return std::future::pending().await;
        }
        let fault = self.faults.lock().unwrap().pop_front();
        match fault {
            Some(fault) => Err(ModelError::unsent(fault)),
            None => Ok(ChatReply {
                text: "ready".to_owned(),
                tool_calls: Vec::new(),
                finish: FinishReason::Stop,
                usage: TokenUsage::default(),
                model: "m".to_owned(),
                rehearsal: false,
            }),
        }
    }
    fn info(&self, _: ModelRole) -> ModelInfo {
        ModelInfo {
            provider: "p".to_owned(),
            model: "m".to_owned(),
            rehearsal: false,
            rate: None,
        }
    }
}

struct Bench {
    clock: Arc<ManualClock>,
    provider: Arc<Failing>,
    circuit: Circuit,
}

fn bench(codes: &[&str]) -> Bench {
    let clock = Arc::new(ManualClock::default());
    let faults = codes
        .iter()
        .map(|code| Fault::of(code, format!("{code} said")));
    let provider = Arc::new(Failing {
        faults: Mutex::new(faults.collect()),
        ..Failing::default()
    });
    let circuit = Circuit::around(provider.clone(), clock.clone(), BreakerBounds::default());
    Bench {
        clock,
        provider,
        circuit,
    }
}

impl Bench {
    async fn ask(&self) -> Result<String, String> {
        let request = ChatRequest {
            role: ModelRole::Worker,
            system: String::new(),
            turns: Vec::new(),
            tools: Counted::default(),
            answer_schema: None,
            facts: None,
            max_output_tokens: 16,
        };
        let reply = self.circuit.chat(&request, None).await;
        reply
            .map(|reply| reply.text)
            .map_err(|error| error.fault.code)
    }

    fn calls(&self) -> usize {
        self.provider.calls.load(Ordering::Relaxed)
    }

    fn health(&self) -> ModelHealth {
        self.circuit.health(ModelRole::Judge)
    }
}

#[tokio::test]
async fn three_failures_running_open_it_and_the_provider_is_asked_no_more() {
    let bench = bench(&["MODEL_UNAVAILABLE", "MODEL_TIMEOUT", "MODEL_UNREACHABLE"]);
    for code in ["MODEL_UNAVAILABLE", "MODEL_TIMEOUT", "MODEL_UNREACHABLE"] {
        assert_eq!(bench.ask().await, Err(code.to_owned()));
    }
    assert_eq!(bench.ask().await, Err("MODEL_CIRCUIT_OPEN".to_owned()));
    assert_eq!(bench.calls(), 3);
    let now = bench.clock.now();
    let fault = bench.health().refusal_at(now).unwrap();
    assert_eq!(
        (fault.class, fault.retry_after_ms),
        (FaultClass::Waits, Some(2_000))
    );
    assert!(fault.message.contains("MODEL_UNREACHABLE said"), "{fault}");
    bench.clock.pass(Span::seconds(2));
    assert_eq!(bench.ask().await, Ok("ready".to_owned()));
    assert_eq!(bench.health(), ModelHealth::default());
}

#[tokio::test]
async fn a_probe_that_fails_costs_no_try_and_doubles_the_pause() {
    let bench = bench(&["MODEL_UNAVAILABLE"; 4]);
    for _ in 0..3 {
        bench.ask().await.unwrap_err();
    }
    bench.clock.pass(Span::seconds(2));
    assert_eq!(bench.ask().await, Err("MODEL_CIRCUIT_OPEN".to_owned()));
    assert_eq!(bench.calls(), 4, "it was asked");
    let now = bench.clock.now();
    let fault = bench.health().refusal_at(now).unwrap();
    assert_eq!(fault.retry_after_ms, Some(4_000));
}

#[tokio::test]
async fn what_shows_that_the_provider_is_there_opens_nothing() {
    let mixed = [
        "MODEL_UNAVAILABLE",
        "MODEL_UNAVAILABLE",
        "MODEL_BAD_ANSWER",
        "MODEL_UNAVAILABLE",
        "MODEL_AUTH",
        "MODEL_UNAVAILABLE",
    ];
    let bench = bench(&mixed);
    for code in mixed {
        assert_eq!(bench.ask().await, Err(code.to_owned()));
    }
    let health = bench.health();
    assert_eq!(health.interruption, None);
    assert_eq!(health.refusal.unwrap().fault.code, "MODEL_AUTH");
    assert_eq!(bench.ask().await, Ok("ready".to_owned()));
    assert_eq!(bench.health().refusal, None);
}

#[tokio::test]
async fn a_probe_that_its_caller_gives_up_is_made_again_by_another() {
    let mut bench = bench(&["MODEL_UNAVAILABLE"; 3]);
    for _ in 0..3 {
        bench.ask().await.unwrap_err();
    }
    bench.clock.pass(Span::seconds(2));
    let hanging = Arc::new(Failing {
        hangs: true,
        ..Failing::default()
    });
    bench.circuit.provider = hanging.clone();
    // Polled once, so that the probe is on its way, and dropped.
    assert!(polled_once(bench.ask()).is_none());
    assert_eq!(hanging.calls.load(Ordering::Relaxed), 1);
    bench.circuit.provider = bench.provider.clone();
    assert_eq!(bench.ask().await, Ok("ready".to_owned()));
}

/// Polls a future once and drops it.
fn polled_once<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(done) => Some(done),
        std::task::Poll::Pending => None,
    }
}

//! A provider behind its circuit breaker: after failures that come one after another nothing is asked for a while.
//!
//! Never here: trying again (the runtime's), or what a provider's answers mean (`provider::fault`).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chimera_domain::{
    breaker::{Breaker, BreakerBounds, Pass},
    fault::{Fault, FaultClass},
    time::Span,
};
use chimera_ports::{
    clock::Clock,
    model::{
        ChatModel, ChatReply, ChatRequest, DeltaSink, ModelError, ModelHealth, ModelInfo,
        ModelRole, Refused, circuit_open,
    },
};

use crate::provider::{CODE_RATE_LIMITED, CODE_TIMEOUT, CODE_UNAVAILABLE, CODE_UNREACHABLE};

/// Failures that speak against the provider. What it refuses or answers badly shows that it is there.
const AGAINST_IT: [&str; 4] = [
    CODE_RATE_LIMITED,
    CODE_TIMEOUT,
    CODE_UNAVAILABLE,
    CODE_UNREACHABLE,
];

/// A provider that is left alone while it fails.
pub struct Circuit {
    provider: Arc<dyn ChatModel>,
    clock: Arc<dyn Clock>,
    /// Never held across an await.
    known: Mutex<Known>,
}

struct Known {
    breaker: Breaker,
    refusal: Option<Refused>,
}

impl Circuit {
    /// Puts the provider behind a closed breaker.
    #[must_use]
    pub fn around(
        provider: Arc<dyn ChatModel>,
        clock: Arc<dyn Clock>,
        bounds: BreakerBounds,
    ) -> Self {
        let known = Known {
            breaker: Breaker::new(bounds),
            refusal: None,
        };
        Self {
            provider,
            clock,
            known: Mutex::new(known),
        }
    }

    // A poisoned lock holds a whole breaker all the same: it is changed in one step.
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down how a call failed. A failed probe is told as what keeps the circuit open: whoever made it has
    /// lost no try.
    fn failed(&self, pass: Pass, error: ModelError) -> ModelError {
        let now = self.clock.now();
        let mut known = self.known();
        let fault = &error.fault;
        if fault.class == FaultClass::Permanent && known.refusal.is_none() {
            known.refusal = Some(Refused {
                fault: fault.clone(),
                since: Some(now),
            });
        }
        if !AGAINST_IT.contains(&fault.code.as_str()) {
            if came_from_it(fault) {
                known.breaker.succeeded();
            } else {
                known.breaker.learned_nothing(pass);
            }
            return error;
        }
        let told = fault.retry_after_ms.map(Span::millis);
        known.breaker.failed(pass, now, &fault.message, told);
        match (pass, known.breaker.interruption(now)) {
            (Pass::Probe, Some(interruption)) => ModelError {
                fault: circuit_open(&interruption, now),
                charge: error.charge,
            },
            _ => error,
        }
    }
}

/// Whether the provider itself answered so: then it is there.
fn came_from_it(fault: &Fault) -> bool {
    !matches!(
        fault.code.as_str(),
        "MODEL_ADDRESS" | "MODEL_REQUEST_TOO_LONG" | "PROVIDER_KEY_MISSING" | "PROVIDER_INVALID"
    ) && fault.code.starts_with("MODEL_")
}

/// Gives a probe back that its caller gave up before it ended.
struct Watched<'a> {
    circuit: &'a Circuit,
    pass: Pass,
    ended: bool,
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.circuit.known().breaker.learned_nothing(self.pass);
        }
    }
}

#[async_trait]
impl ChatModel for Circuit {
    async fn chat(
        &self,
        request: &ChatRequest,
        deltas: Option<DeltaSink<'_>>,
    ) -> Result<ChatReply, ModelError> {
        let now = self.clock.now();
        let admitted = self.known().breaker.admit(now);
        let pass = admitted.map_err(|open| ModelError::unsent(circuit_open(&open, now)))?;
        let mut watched = Watched {
            circuit: self,
            pass,
            ended: false,
        };
        let answer = self.provider.chat(request, deltas).await;
        watched.ended = true;
        match answer {
            Ok(reply) => {
                let mut known = self.known();
                known.breaker.succeeded();
                known.refusal = None;
                Ok(reply)
            }
            Err(error) => Err(self.failed(pass, error)),
        }
    }

    fn info(&self, role: ModelRole) -> ModelInfo {
        self.provider.info(role)
    }

    fn health(&self, _: ModelRole) -> ModelHealth {
        let known = self.known();
        ModelHealth {
            interruption: known.breaker.interruption(self.clock.now()),
            refusal: known.refusal.clone(),
        }
    }
}

#[cfg(test)]
mod tests;

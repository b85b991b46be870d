//! A server that failed several times running is left alone for a while: calls are refused at once, one of them is
//! made now and then to see whether it is back.
//!
//! Never here: starting it again after a death, or repeating a call.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chimera_domain::breaker::{Breaker, BreakerBounds, Interruption, Pass};
use chimera_ports::{
    clock::Clock,
    tools::{Outcome, ToolError},
};

use chimera_codes::{MCP_CONNECTION_LOST, MCP_SERVER_DOWN, MCP_TIMEOUT, circuit_open};

/// The breaker of one server.
pub struct Circuit {
    clock: Arc<dyn Clock>,
    /// Never held across an await.
    breaker: Mutex<Breaker>,
}

/// Leave to make one call. Dropped before the call ended, it has told nothing.
pub struct Leave<'a> {
    circuit: &'a Circuit,
    pass: Pass,
    has_ended: bool,
}

impl Circuit {
    /// One that lets everything through; `clock` says when it is looked again.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            breaker: Mutex::new(Breaker::new(BreakerBounds::default())),
        }
    }

    // A poisoned lock holds a whole breaker all the same: it is changed in one step.
    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for leave to call `server`.
    ///
    /// # Errors
    /// While it is left alone; nothing was sent.
    pub fn admit(&self, server: &str) -> Result<Leave<'_>, ToolError> {
        let now = self.clock.now();
        let admitted = self.breaker().admit(now);
        match admitted {
            Ok(pass) => Ok(Leave {
                circuit: self,
                pass,
                has_ended: false,
            }),
            Err(open) => Err(circuit_open(server, &open, now)),
        }
    }

    /// It answered somebody who asked without leave.
    pub fn answered(&self) {
        self.breaker().succeeded();
    }

    /// How it stands, when calls are refused.
    #[must_use]
    pub fn interruption(&self) -> Option<Interruption> {
        self.breaker().interruption(self.clock.now())
    }
}

impl Leave<'_> {
    /// Writes down how the call ended. A failed probe is told as what keeps the circuit open, so that whoever made it
    /// has lost no try; one that `acts` and had left is told as it is.
    ///
    /// # Errors
    /// Those of the call, or that the server is left alone.
    pub fn ended<T>(
        mut self,
        server: &str,
        acts: bool,
        outcome: Result<T, ToolError>,
    ) -> Result<T, ToolError> {
        self.has_ended = true;
        let circuit = self.circuit;
        let mut breaker = circuit.breaker();
        let error = match outcome {
            Ok(answer) => {
                breaker.succeeded();
                return Ok(answer);
            }
            Err(error) => error,
        };
        let now = circuit.clock.now();
        match speaks(&error) {
            Speaks::ForIt => {
                breaker.succeeded();
            }
            Speaks::Neither => breaker.learned_nothing(self.pass),
            Speaks::AgainstIt => {
                breaker.failed(self.pass, now, &error.fault.message, None);
                let may_wait = error.outcome == Outcome::NotPerformed || !acts;
                if let (Pass::Probe, true, Some(open)) =
                    (self.pass, may_wait, breaker.interruption(now))
                {
                    return Err(circuit_open(server, &open, now));
                }
            }
        }
        Err(error)
    }
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        if !self.has_ended {
            self.circuit.breaker().learned_nothing(self.pass);
        }
    }
}

/// What a failed call says of its server.
enum Speaks {
    ForIt,
    AgainstIt,
    Neither,
}

fn speaks(error: &ToolError) -> Speaks {
    match (error.fault.code.as_str(), error.outcome) {
        // Refused because it was down a moment ago: nothing was tried.
        (MCP_SERVER_DOWN, _) if error.fault.retry_after_ms.is_some() => Speaks::Neither,
        // Never begun: other calls had all the turns.
        (MCP_TIMEOUT, Outcome::NotPerformed) => Speaks::Neither,
        (MCP_SERVER_DOWN | MCP_CONNECTION_LOST | MCP_TIMEOUT, _) => Speaks::AgainstIt,
        (_, Outcome::Unknown) => Speaks::ForIt,
        (_, Outcome::NotPerformed) => Speaks::Neither,
    }
}

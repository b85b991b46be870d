//! Servers that offer the same, by their operator's word: which of them takes a call that only reads, and which one
//! stands in where that did not get through.
//!
//! Two tools are the same when their names, classes and shapes are. Never here: an act, or a write. A decision names the
//! server that acts, and what was written lies on one server: another one never does it in its place.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use chimera_domain::action::{EffectClass, ToolRef};
use chimera_ports::tools::{ToolError, ToolReply, ToolRequest};
use tokio::time::Instant;

use crate::{
    codes::{MCP_CIRCUIT_OPEN, MCP_CONNECTION_LOST, MCP_SERVER_DOWN, MCP_TIMEOUT},
    host::McpHost,
    slot::{MAX_CALLS_IN_FLIGHT, Slot},
    tries::with_leave,
};

/// Most servers at which one call is tried, the one that was asked among them.
const MAX_TRIED: usize = 3;

impl Slot {
    /// Calls under way.
    pub(crate) fn under_way(&self) -> usize {
        MAX_CALLS_IN_FLIGHT.saturating_sub(self.turns.available_permits())
    }

    /// Notes a call that it took in place of another one.
    pub(crate) fn note_stood_in(&self) {
        self.stood_in.fetch_add(1, Ordering::Relaxed);
    }

    /// How many of them there were.
    pub(crate) fn stood_in(&self) -> u64 {
        self.stood_in.load(Ordering::Relaxed)
    }

    /// How far it is from taking a call: connected, to be started, left alone for a while.
    fn distance(&self) -> u8 {
        match (self.circuit.interruption(), self.connected()) {
            (Some(_), _) => 2,
            (None, None) => 1,
            (None, Some(_)) => 0,
        }
    }

    /// Whether it has the same reading tool as `named`: of one name and one shape, both classed so by the operator.
    fn has_the_same(&self, named: &Self, tool: &str) -> bool {
        let reads = (EffectClass::Read, true);
        let shape = named.terms().pins.shape(tool);
        shape.is_some()
            && self.terms().pins.shape(tool) == shape
            && self.effect(tool) == reads
            && named.effect(tool) == reads
    }
}

impl McpHost {
    /// The servers that may take a call of a tool of `named`, the one that should take it first: whoever is nearest to
    /// taking it, and has least to do.
    fn takers(&self, request: &ToolRequest, named: &Arc<Slot>) -> Vec<Arc<Slot>> {
        let (tool, own) = (&request.tool.tool, &named.spec);
        // One that is switched off or not trusted is stood in for by nobody: somebody wanted it so.
        if own.group.is_none() || own.barred.is_some() {
            return vec![Arc::clone(named)];
        }
        let mut takers = self.visible(request.tenant);
        takers.retain(|slot| {
            let of_group = slot.spec.group == own.group && slot.spec.barred.is_none();
            slot.spec.name == own.name || (of_group && slot.has_the_same(named, tool))
        });
        takers.sort_by_cached_key(|slot| {
            let other = slot.spec.name != own.name;
            (
                slot.distance(),
                slot.under_way(),
                other,
                slot.spec.name.clone(),
            )
        });
        // The one that was asked keeps its chance.
        if let Some(at) = takers.iter().position(|slot| slot.spec.name == own.name)
            && at >= MAX_TRIED
        {
            takers.swap(MAX_TRIED - 1, at);
        }
        takers.truncate(MAX_TRIED);
        takers
    }

    /// Reads at the first of the servers that may take the call; where it did not get through, at the next one. All of
    /// them together have the time of the request.
    pub(crate) async fn shared_read(
        &self,
        named: &Arc<Slot>,
        request: ToolRequest,
    ) -> Result<ToolReply, ToolError> {
        let begun = Instant::now();
        let mut failure = None;
        for slot in self.takers(&request, named) {
            let rest = request.timeout.saturating_sub(begun.elapsed());
            if failure.is_some() && rest.is_zero() {
                break;
            }
            let own = slot.spec.name == named.spec.name;
            let error = match self.read_at(&slot, &request, rest).await {
                Ok(reply) if own => return Ok(reply),
                Ok(reply) => {
                    slot.note_stood_in();
                    return Ok(ToolReply {
                        served_by: Some(slot.spec.name.clone()),
                        ..reply
                    });
                }
                Err(error) => error,
            };
            if !is_of_the_way(&error) {
                return Err(error);
            }
            // Told is what became of it where it was asked for.
            if own || failure.is_none() {
                failure = Some(error);
            }
        }
        match failure {
            Some(error) => Err(error),
            None => self.read_at(named, &request, request.timeout).await,
        }
    }

    /// The tries of one server.
    async fn read_at(
        &self,
        slot: &Arc<Slot>,
        request: &ToolRequest,
        limit: Duration,
    ) -> Result<ToolReply, ToolError> {
        let there = &ToolRequest {
            tool: ToolRef {
                server: slot.spec.name.clone(),
                tool: request.tool.tool.clone(),
            },
            ..request.clone()
        };
        let retries = if slot.effect(&request.tool.tool).0 == EffectClass::Read {
            slot.spec.read_retries
        } else {
            0
        };
        let limit = limit.min(slot.spec.request_timeout);
        with_leave(slot, false, retries, limit, |connection, limit| async move {
            self.send(slot, &connection, there, None, limit).await
        })
        .await
    }
}

/// Whether a failure is of the way to the server, and not of the call.
fn is_of_the_way(error: &ToolError) -> bool {
    const CODES: [&str; 4] = [
        MCP_CIRCUIT_OPEN,
        MCP_CONNECTION_LOST,
        MCP_SERVER_DOWN,
        MCP_TIMEOUT,
    ];
    CODES.contains(&error.fault.code.as_str())
}

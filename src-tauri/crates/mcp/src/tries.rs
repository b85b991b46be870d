//! One call of a server, with the tries that it may have and the leave that it needs.
//!
//! Never here: what is sent.

use std::{sync::Arc, time::Duration};

use chimera_domain::fault::FaultClass;
use chimera_ports::tools::ToolError;
use tokio::time::{Instant, timeout};

use crate::{
    codes::{MCP_CONNECTION_LOST, MCP_TIMEOUT, unsent},
    connection::Connection,
    slot::Slot,
};

/// Runs `attempt` on a live connection; after a lost one, up to `retries` times more on a new one,
/// all of them together within `limit`. Connecting has a limit of its own and does not count.
pub(crate) async fn with_retries<T, Attempt>(
    slot: &Slot,
    retries: u32,
    limit: Duration,
    attempt: impl Fn(Arc<Connection>, Duration) -> Attempt,
) -> Result<T, ToolError>
where
    Attempt: Future<Output = Result<T, ToolError>>,
{
    let mut spent = Duration::ZERO;
    let mut tries = 0;
    loop {
        let connection = slot.connection().await?;
        let begun = Instant::now();
        let rest = limit.saturating_sub(spent);
        let outcome = match timeout(rest, slot.turns.acquire()).await {
            Ok(Ok(_turn)) => {
                let rest = rest.saturating_sub(begun.elapsed());
                attempt(Arc::clone(&connection), rest).await
            }
            _ => Err(busy(slot)),
        };
        spent += begun.elapsed();
        let Err(error) = outcome else {
            return outcome;
        };
        if !connection.is_open() || error.fault.code == MCP_CONNECTION_LOST {
            slot.forget(&connection, &error.fault);
        }
        if error.fault.code != MCP_CONNECTION_LOST || tries >= retries || spent >= limit {
            return Err(error);
        }
        tries += 1;
    }
}

/// The same with the leave of the server's circuit: one that failed several times running is left alone for a while.
pub(crate) async fn with_leave<T, Attempt>(
    slot: &Slot,
    acts: bool,
    retries: u32,
    limit: Duration,
    attempt: impl Fn(Arc<Connection>, Duration) -> Attempt,
) -> Result<T, ToolError>
where
    Attempt: Future<Output = Result<T, ToolError>>,
{
    let leave = slot.circuit.admit(&slot.spec.name)?;
    let outcome = with_retries(slot, retries, limit, attempt).await;
    leave.ended(&slot.spec.name, acts, outcome)
}

fn busy(slot: &Slot) -> ToolError {
    unsent(
        FaultClass::Transient,
        MCP_TIMEOUT,
        format!(
            "'{}' is busy with other calls; nothing was sent; try again later",
            slot.spec.name
        ),
    )
}

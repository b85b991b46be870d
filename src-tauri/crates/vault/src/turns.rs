//! One call to the keychain at a time, and none waited for without end.
//!
//! A locked keychain may hang a call for ever, and the process with it: hence a thread of its own
//! instead of the async runtime's blocking pool, whose end waits for its threads. A call that hangs
//! keeps its turn, so that at most one thread is ever lost; who comes after it is told, not hung.
//!
//! Never here: what is asked.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{Semaphore, oneshot},
    time::{Instant, timeout_at},
};

use crate::error::{Act, VaultError};

/// Longest wait for the keychain, its queue included.
pub const KEYCHAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// The queue in front of one keychain.
#[derive(Clone, Debug)]
pub(crate) struct Turns {
    one: Arc<Semaphore>,
}

impl Turns {
    pub(crate) fn new() -> Self {
        Self {
            one: Arc::new(Semaphore::new(1)),
        }
    }

    /// Runs `work`, which may block, when it is its turn.
    pub(crate) async fn take<T: Send + 'static>(
        &self,
        act: Act,
        work: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let deadline = Instant::now() + KEYCHAIN_TIMEOUT;
        let late = || VaultError::Timeout { act };
        let turn = timeout_at(deadline, self.one.clone().acquire_owned())
            .await
            .map_err(|_| late())?;
        // Never closed; were it, there would be no turn to wait for.
        let turn = turn.map_err(|_| late())?;
        let (answer, answered) = oneshot::channel();
        let begun = std::thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(move || {
                let done = work();
                drop(turn);
                // Nobody may be waiting any more.
                let _late = answer.send(done);
            });
        begun.map_err(|cause| VaultError::Refused {
            act,
            detail: format!("no thread for it: {cause}"),
        })?;
        match timeout_at(deadline, answered).await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err(VaultError::Refused {
                act,
                detail: "its library panicked".to_owned(),
            }),
            Err(_) => {
                tracing::warn!(%act, "the keychain does not answer");
                Err(late())
            }
        }
    }
}

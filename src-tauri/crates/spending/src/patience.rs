//! How long a reasoning waits for calls under way that have money set aside.
//!
//! Never here: whether the money reaches.

use std::time::Duration;

/// Pause before another look whether calls under way cost less than was set aside for them.
const SETTLE_PAUSE: Duration = Duration::from_millis(50);
/// Longest that one reasoning waits for that, over all its turns.
const MAX_PATIENCE: Duration = Duration::from_secs(5);
/// Share of the bound on reasoning that may go by with waiting for money.
const PATIENCE_SHARE: u32 = 4;

/// How much longer one reasoning waits for calls under way; then its task is handed back.
pub struct Patience(Duration);

impl Patience {
    /// The patience of a reasoning that takes at most `reasoning`.
    #[must_use]
    pub fn of(reasoning: Duration) -> Self {
        Self(MAX_PATIENCE.min(reasoning / PATIENCE_SHARE))
    }

    /// Waits before another look; false when there was no patience left.
    pub(crate) async fn waits(&mut self) -> bool {
        let pause = SETTLE_PAUSE.min(self.0);
        self.0 -= pause;
        tokio::time::sleep(pause).await;
        !pause.is_zero()
    }
}

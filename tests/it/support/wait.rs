//! Waiting: by asking again until it is so, never by sleeping and hoping.
//!
//! Never here: what is waited for.

use std::{future::Future, time::Duration};

use tokio::time::Instant;

/// Longest wait for what only needs a few steps of the product.
pub(crate) const SOON: Duration = Duration::from_secs(30);
/// Longest wait for what has cooldowns or many steps in it.
pub(crate) const WHILE: Duration = Duration::from_secs(90);
/// Pause between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(60);

/// Asks `look` until it finds something, at most `within`; fails the test under the name `what`.
pub(crate) async fn until<T, Look, Found>(what: &str, within: Duration, mut look: Look) -> T
where
    Look: FnMut() -> Found,
    Found: Future<Output = Option<T>>,
{
    let end = Instant::now() + within;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < end, "waited {within:?} in vain: {what}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

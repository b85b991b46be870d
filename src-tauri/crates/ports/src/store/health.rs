//! Whether the store can be written at the moment.

use async_trait::async_trait;

use crate::error::{PortError, Trouble};

/// How the store fares.
#[async_trait]
pub trait Health: Send + Sync {
    /// What the last write met, when it could not be written; `None` when it was.
    fn trouble(&self) -> Option<Trouble>;

    /// Writes something that changes nothing, so that trouble which is over is seen to be.
    ///
    /// # Errors
    /// The trouble that is still there.
    async fn try_out(&self) -> Result<(), PortError>;
}

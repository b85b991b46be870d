//! Resources of MCP servers that are followed: read again when their server says that they changed, or every so often
//! where it does not say so.
//!
//! Never here: the protocol (`mcp`), or what is done with what was read.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chimera_domain::{fault::Fault, id::TenantId, time::Timestamp};

use crate::tools::{ResourceReply, ToolError};

/// How often a followed resource is read where nobody says otherwise.
pub const DEFAULT_POLL: Duration = Duration::from_secs(600);
/// The shortest time between two looks at a resource whose server does not tell of changes.
pub const SHORTEST_POLL: Duration = Duration::from_secs(15);

/// What is known of a followed resource. Its text is its server's: untrusted, each time anew.
#[derive(Clone, PartialEq, Debug)]
pub struct FollowedResource {
    /// Rises by one each time that the text is another than before; zero before it was first read.
    pub version: u64,
    /// What it said when it was last read well.
    pub reply: Option<Arc<ResourceReply>>,
    /// When that was.
    pub read_at: Option<Timestamp>,
    /// When it was last read to be another than before; absent while it is as it was first read.
    pub changed_at: Option<Timestamp>,
    /// Whether its server says when it changes.
    pub is_told: bool,
    /// How often it is read without being told.
    pub every: Duration,
    /// Why the last try to read it failed. It is tried again by itself.
    pub problem: Option<Fault>,
    /// Why it is not followed any longer. Nothing changes here after that.
    pub ended: Option<Fault>,
}

/// Follows a resource until it is dropped.
#[async_trait]
pub trait ResourceFollower: Send + Sync {
    /// What is known now.
    fn seen(&self) -> FollowedResource;

    /// Waits until more is known than was seen here. When it is not followed any longer, that is known at once.
    async fn changed(&mut self) -> FollowedResource;
}

/// Follows resources of servers.
pub trait ResourceDesk: Send + Sync {
    /// Follows a resource of a server, for as long as what is returned is held. Several followers of one resource share
    /// its reads. `every` is how often it is read where its server does not tell of changes, at least
    /// [`SHORTEST_POLL`]; of several followers the most impatient counts.
    ///
    /// # Errors
    /// When there is no such server, it may not run, or too many resources are followed already. That the resource
    /// cannot be read is part of what is then known of it.
    fn follow(
        &self,
        tenant: TenantId,
        server: &str,
        uri: &str,
        every: Duration,
    ) -> Result<Box<dyn ResourceFollower>, ToolError>;
}

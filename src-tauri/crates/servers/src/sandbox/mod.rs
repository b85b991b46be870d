//! The sandbox: a social network on this machine, so that a newcomer sees a whole campaign run
//! without a key and without anything leaving. It speaks the same `post_content` contract as a
//! real network's server, keeps accounts, posts and replies, and never acts twice on one intent.
//!
//! What it cannot know it says: engagement is simulated by a published curve and labelled so.
//!
//! Never here: the window onto it (the console reads through the tools like everybody else), or a
//! decision whether something may be posted.

mod book;
mod engagement;
mod fault;
mod handle;
mod journal;
mod network;
mod record;
mod resource;
mod state;
#[cfg(test)]
mod tests;
mod tools;
mod view;

use std::sync::Arc;

use chimera_domain::{action::EffectClass, fault::Fault, id::TenantId, time::Timestamp};
use chimera_ports::clock::Clock;
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, Implementation, ListResourceTemplatesResult,
        ListResourcesResult, ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams,
        ReadResourceResponse, ServerCapabilities, ServerConfig,
    },
    service::RequestContext,
};

pub use fault::CODES;
pub use journal::JournalState;
pub use network::MAX_POSTS_PER_TENANT;
pub use record::{Account, Record, StoredPost};
pub use state::{MemoryState, SandboxState, StateError};

use crate::caller::Caller;
use network::Network;

/// Name in the registry.
pub const NAME: &str = "sandbox";

/// What the sandbox is made from.
pub struct SandboxOptions {
    /// Where it keeps its posts.
    pub state: Box<dyn SandboxState>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The tenant of callers that name none, for a server started by hand.
    pub tenant: Option<TenantId>,
}

/// The server; cheap to clone, one for every connection.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

struct Inner {
    network: Network,
    clock: Arc<dyn Clock>,
    tenant: Option<TenantId>,
}

impl Sandbox {
    /// Opens the network on its state. Reads the state; call it where blocking is allowed.
    ///
    /// # Errors
    /// When the state cannot be read or is damaged; nothing was changed.
    pub fn open(options: SandboxOptions) -> Result<Self, StateError> {
        Ok(Self(Arc::new(Inner {
            network: Network::open(options.state)?,
            clock: options.clock,
            tenant: options.tenant,
        })))
    }

    /// The effect class of each tool; boot registers the server with these.
    #[must_use]
    pub fn suggested_classes() -> Vec<(&'static str, EffectClass)> {
        tools::suggested_classes()
    }

    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Runs `work` on the network where waiting for the disk is allowed.
    async fn on_network<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Network) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let inner = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || work(&inner.network))
            .await
            .unwrap_or_else(|_| Err(fault::interrupted()))
    }

    fn caller(&self, context: &RequestContext<RoleServer>) -> Result<Caller, Fault> {
        Caller::read(&context.meta, self.0.tenant)
    }
}

impl ServerHandler for Sandbox {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_resources()
            .build();
        ServerConfig::new(capabilities)
            .with_server_info(
                Implementation::new("chimera-sandbox", env!("CARGO_PKG_VERSION"))
                    .with_title("Sandbox network"),
            )
            .with_instructions(
                "A social network on this machine. Posts need their AI label; engagement is simulated.",
            )
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools::definitions()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        tools::call(self, request, &context).await
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        Ok(resource::list())
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(resource::templates())
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        resource::read(self, request.uri, &context).await
    }
}

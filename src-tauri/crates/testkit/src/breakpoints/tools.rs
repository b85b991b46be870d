//! The tool host with breakpoints around the one call that acts.

use std::sync::Arc;

use async_trait::async_trait;
use chimera_domain::{
    action::{Grant, ToolRef},
    id::{EffectId, TenantId},
};
use chimera_ports::tools::{
    Fits, Need, ProgressEar, ResourceReply, ServerStatus, ToolError, ToolHost, ToolInfo, ToolReply,
    ToolRequest,
};

use super::{Breaking, Point, Step};

#[async_trait]
impl<H: ToolHost + ?Sized> ToolHost for Breaking<Arc<H>> {
    fn tell_progress(&self, ear: Arc<dyn ProgressEar>) {
        self.inner.tell_progress(ear);
    }

    async fn tools(&self, tenant: TenantId) -> Result<Vec<ToolInfo>, ToolError> {
        self.inner.tools(tenant).await
    }

    async fn fitting(&self, tenant: TenantId, need: Need<'_>, most: usize) -> Fits {
        self.inner.fitting(tenant, need, most).await
    }

    async fn read(&self, request: ToolRequest) -> Result<ToolReply, ToolError> {
        self.inner.read(request).await
    }

    async fn perform(&self, request: ToolRequest, grant: &Grant) -> Result<ToolReply, ToolError> {
        self.tell(Point::Before, Step::Perform);
        let answer = self.inner.perform(request, grant).await;
        self.tell(Point::After, Step::Perform);
        answer
    }

    fn is_asking(&self, effect: EffectId) -> bool {
        self.inner.is_asking(effect)
    }

    async fn asks_by_key(&self, tenant: TenantId, tool: &ToolRef) -> bool {
        self.inner.asks_by_key(tenant, tool).await
    }

    async fn resource(
        &self,
        tenant: TenantId,
        server: &str,
        uri: &str,
    ) -> Result<ResourceReply, ToolError> {
        self.inner.resource(tenant, server, uri).await
    }

    async fn servers(&self, tenant: TenantId) -> Vec<ServerStatus> {
        self.inner.servers(tenant).await
    }

    async fn probe(&self, tenant: TenantId, server: &str) -> Result<ServerStatus, ToolError> {
        self.inner.probe(tenant, server).await
    }
}

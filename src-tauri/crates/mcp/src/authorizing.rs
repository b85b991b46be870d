//! A person's authorization of a server at an address: begun, ended, forgotten.
//!
//! Never here: who may authorize, the browser, or what goes between us and the authorization server (`oauth`).

use std::sync::Arc;

use chimera_domain::{fault::Fault, id::TenantId};
use chimera_oauth::Session;
use chimera_ports::authorizing::AuthorizationState;

use crate::{codes::MCP_ENTRY_INVALID, host::McpHost, slot::Slot, spec::Transport};

impl McpHost {
    /// Begins to authorize a server: the address that a browser opens.
    ///
    /// # Errors
    /// When there is nothing to authorize, or the server cannot be, and why. Nothing was authorized.
    pub async fn authorize(
        &self,
        tenant: TenantId,
        server: &str,
        redirect_uri: &str,
    ) -> Result<String, Fault> {
        let (_, session) = self.session(tenant, server)?;
        session.begin(redirect_uri).await
    }

    /// Ends it with the query that came back to the redirect address; the server is reached anew.
    ///
    /// # Errors
    /// When there is no token after all, and why.
    pub async fn authorized(
        &self,
        tenant: TenantId,
        server: &str,
        query: &str,
    ) -> Result<(), Fault> {
        let (slot, session) = self.session(tenant, server)?;
        session.finish(query).await?;
        slot.begin_anew().await;
        Ok(())
    }

    /// Forgets the authorization of a server.
    ///
    /// # Errors
    /// When it cannot be forgotten; then it still holds.
    pub async fn unauthorize(&self, tenant: TenantId, server: &str) -> Result<(), Fault> {
        let (slot, session) = self.session(tenant, server)?;
        session.forget().await?;
        slot.begin_anew().await;
        Ok(())
    }

    /// Reaches a server anew, since its authorization is another one now. One that is not run is left alone.
    pub async fn reach_anew(&self, tenant: TenantId, server: &str) {
        if let Ok((slot, _)) = self.session(tenant, server) {
            slot.begin_anew().await;
        }
    }

    /// How the authorization of a server stands; none for one that has no use for it.
    pub async fn authorization(
        &self,
        tenant: TenantId,
        server: &str,
    ) -> Option<AuthorizationState> {
        let (_, session) = self.session(tenant, server).ok()?;
        Some(session.standing().await)
    }

    fn session(&self, tenant: TenantId, server: &str) -> Result<(Arc<Slot>, Arc<Session>), Fault> {
        let slot = self.slot(tenant, server).map_err(|error| error.fault)?;
        if let Some(fault) = &slot.spec.barred {
            return Err(fault.clone());
        }
        let session = match &slot.spec.transport {
            Transport::Http(remote) => remote.authorization.clone(),
            Transport::InProcess(_) | Transport::Stdio(_) => None,
        };
        let session = session.ok_or_else(|| {
            Fault::of(
                MCP_ENTRY_INVALID,
                format!(
                    "the MCP server '{server}' is not authorized in a browser: it is a program, or carries a key of its own; nothing was authorized; look at its entry"
                ),
            )
        })?;
        Ok((slot, session))
    }
}

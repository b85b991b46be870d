//! Whether a server may be asked this now: by the operator's word, by what the server lists, and while nothing is stopped.
//! Looked at before a request goes, and again whenever it is to be gone on with after a person was asked.
//!
//! Never here: arguments, or whether a decision stands (the engine gives the grant).

use std::sync::Arc;

use chimera_domain::{action::ToolRef, fault::FaultClass, id::TenantId, trace::TraceContext};
use chimera_ports::tools::ToolError;

use crate::{
    call::acts,
    catalogue::Catalogue,
    codes::{MCP_INPUT_REQUIRED, left, needs_decision, unknown_tool},
    connection::Connection,
    slot::Slot,
};

/// Something that is to be asked of a server.
#[derive(Clone, Copy)]
pub(crate) struct Admission<'a> {
    pub(crate) slot: &'a Slot,
    pub(crate) tenant: TenantId,
    pub(crate) of: Wanted<'a>,
}

/// What is wanted of it.
#[derive(Clone, Copy)]
pub(crate) enum Wanted<'a> {
    /// A call of a tool.
    Tool {
        tool: &'a ToolRef,
        /// Whether it may act.
        is_granted: bool,
        /// Where it stands in its trace.
        trace: TraceContext,
    },
    /// A text that it lists: a resource or a prompt.
    Text,
    /// A resource that is read by itself: nobody waits for it whom the server may ask something.
    TextAgain,
}

impl Admission<'_> {
    /// The server's tools as they are now, if it may be asked.
    ///
    /// # Errors
    /// With why not; nothing was sent.
    pub(crate) async fn check(&self, connection: &Connection) -> Result<Arc<Catalogue>, ToolError> {
        let slot = self.slot;
        let catalogue = connection.catalogue(&slot.spec).await;
        let Wanted::Tool {
            tool, is_granted, ..
        } = self.of
        else {
            slot.terms().check_server(&catalogue, &slot.spec.name)?;
            return Ok(catalogue);
        };
        if catalogue.get(&tool.tool).is_none() {
            return Err(unknown_tool(tool, &catalogue.nearest(&tool.tool)));
        }
        slot.terms().check(&catalogue, tool)?;
        let (effect, is_classed) = slot.effect(&tool.tool);
        if !is_granted && acts(effect) {
            return Err(needs_decision(tool, effect, is_classed));
        }
        Ok(catalogue)
    }

    /// The same for something that was begun and is to be gone on with.
    ///
    /// # Errors
    /// With why not. What was sent before has left.
    pub(crate) async fn check_again(
        &self,
        what: &str,
        connection: &Connection,
    ) -> Result<(), ToolError> {
        let refused = |why: &str| {
            let message = format!("{what} was not gone on with: {why}");
            left(FaultClass::Permanent, MCP_INPUT_REQUIRED, message, true)
        };
        if connection.voice().is_stopped(self.tenant) {
            return Err(refused("everything was stopped meanwhile"));
        }
        match self.check(connection).await {
            Ok(_) => Ok(()),
            Err(error) => Err(refused(&format!(
                "it is no longer allowed as it was when it began ({})",
                error.fault.code
            ))),
        }
    }
}

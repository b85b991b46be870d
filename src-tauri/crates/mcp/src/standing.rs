//! How a server stands at this moment, and which of its tools may be called as they are.
//!
//! Never here: asking it anything, or letting one of them be called.

use std::sync::PoisonError;

use chimera_domain::{
    fault::{Fault, FaultClass},
    id::TenantId,
};
use chimera_ports::tools::{ServerStatus, ToolInfo};

use crate::{
    catalogue::Catalogue,
    codes::{MCP_CONNECTION_LOST, MCP_TOOLS_LEFT_OUT, cut, other_version, quarantined},
    slot::Slot,
    terms::Pins,
};

impl Slot {
    /// The tools that may be called as they are now, each with its class.
    pub(crate) fn offered(&self, catalogue: &Catalogue) -> Vec<ToolInfo> {
        let terms = self.terms();
        catalogue
            .infos()
            .filter(|info| terms.admits(catalogue, &info.tool.tool))
            .map(|info| ToolInfo {
                effect: self.effect(&info.tool.tool).0,
                ..info.clone()
            })
            .collect()
    }

    /// What is known at this moment; asks nobody. Calls are told only to those whose they are.
    pub(crate) async fn status(&self, tenant: TenantId) -> ServerStatus {
        let (connection, problem) = {
            let view = self.view.read().unwrap_or_else(PoisonError::into_inner);
            (view.connection.clone(), view.problem.clone())
        };
        let mut status = ServerStatus {
            name: self.spec.name.clone(),
            transport: self.spec.transport.word().to_owned(),
            connected: false,
            protocol: None,
            tools: 0,
            problem: problem.or_else(|| self.spec.barred.clone()),
            interruption: self.circuit.interruption(),
            group: self.spec.group.clone(),
            under_way: self.under_way(),
            stood_in: self.stood_in(),
            running: Vec::new(),
        };
        let Some(connection) = connection else {
            return status;
        };
        if !connection.is_open() {
            let why = format!(
                "the MCP server '{}' is gone: {}; it is started again with the next call",
                self.spec.name,
                connection.ending()
            );
            status.problem = Some(Fault::new(FaultClass::Transient, MCP_CONNECTION_LOST, why));
            return status;
        }
        let catalogue = connection.catalogue(&self.spec).await;
        status.connected = true;
        status.running = connection.running(tenant);
        status.protocol = Some(connection.protocol().to_owned());
        status.tools = catalogue.len();
        let terms = self.terms();
        if let Some(wanted) = terms.refuses_version(&catalogue) {
            status.tools = 0;
            status.problem =
                Some(other_version(&self.spec.name, wanted, catalogue.told.as_ref()).fault);
            return status;
        }
        if terms.pins == Pins::Unseen {
            // Nothing is wrong: what it offers is written down in a moment.
            status.tools = 0;
            return status;
        }
        let held: Vec<&str> = catalogue
            .names()
            .filter(|name| !terms.admits(&catalogue, name))
            .collect();
        if !held.is_empty() || !terms.trusts(&catalogue) {
            status.tools -= held.len();
            let what = match held.as_slice() {
                [one] => format!("the tool '{}' of '{}'", cut(one), self.spec.name),
                several => format!("'{}', with {} of its tools,", self.spec.name, several.len()),
            };
            status.problem = Some(quarantined(&what).fault);
            return status;
        }
        if !catalogue.left_out.is_empty() {
            let why = catalogue.left_out.join("; ");
            status.problem = Some(Fault::new(
                FaultClass::Permanent,
                MCP_TOOLS_LEFT_OUT,
                format!("{why}; ask its makers"),
            ));
        }
        status
    }
}

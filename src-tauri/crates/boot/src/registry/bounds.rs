//! How far the registry of a workspace reaches: the first one is whoever started Chimera; the others share the machine with
//! it, and what lies on the machine is not theirs.
//!
//! Never here: how an entry is filled in (`registry`), or who may change one (the API).

use chimera_domain::{
    digest::Digest,
    fault::Fault,
    id::TenantId,
    server::{Launch, Reach, ServerEntry},
};
use chimera_mcp::codes;
use chimera_net::{HttpClient, NetError};
use chimera_registry::{Environment, launch};

use super::Registry;
use crate::secrets;

/// Variables of the machine for a workspace that it does not belong to.
static NOTHING: Environment = Environment::new();

impl Registry {
    /// Whether the machine is this workspace's own.
    pub(super) fn is_first(&self, tenant: TenantId) -> bool {
        tenant == self.first
    }

    /// The variables that an entry of this workspace may name.
    pub(super) fn environment(&self, tenant: TenantId) -> &Environment {
        if self.is_first(tenant) {
            &self.environment
        } else {
            &NOTHING
        }
    }

    /// The way to servers at an address, and to those that authorize them.
    pub(super) fn net(&self, tenant: TenantId) -> &HttpClient {
        if self.is_first(tenant) {
            &self.net
        } else {
            &self.public
        }
    }

    /// Exactly what would be run, and the digest that a trust names.
    ///
    /// # Errors
    /// When it cannot be run, or not for this workspace.
    pub(super) fn launch(
        &self,
        tenant: TenantId,
        entry: &ServerEntry,
    ) -> Result<(Launch, Digest), Fault> {
        self.may_run(tenant, entry)?;
        let launch = launch(entry, self.environment(tenant))
            .map_err(|fault| self.of_the_machine(tenant, fault))?;
        self.may_reach(tenant, &launch)?;
        if let Some(own) = launch.secrets.iter().find(|name| secrets::is_own(name)) {
            return Err(Fault::of(
                codes::MCP_ENTRY_INVALID,
                format!(
                    "The secret '{own}' is a key of Chimera itself, which is handed to nobody. Nothing was started; take it out of the entry."
                ),
            ));
        }
        let digest = launch.digest().map_err(|error| {
            Fault::of(
                codes::MCP_ENTRY_INVALID,
                format!("What would be run has no canonical form: {error}. Nothing was started; correct the entry."),
            )
        })?;
        Ok((launch, digest))
    }

    /// A program runs with the rights of whoever started Chimera, beside every workspace's data and keys.
    fn may_run(&self, tenant: TenantId, entry: &ServerEntry) -> Result<(), Fault> {
        if self.is_first(tenant) || matches!(entry.reach, Reach::Http { .. }) {
            return Ok(());
        }
        Err(Fault::of(
            codes::MCP_ENTRY_INVALID,
            "A program would run on this machine beside the data of all workspaces, so only the first workspace has programs run. Nothing was stored or started; use a server at an address, or ask whoever runs this installation.",
        ))
    }

    /// A host of the machine's own network answers whoever reaches it from here. What only a look-up shows is refused
    /// when it is reached.
    fn may_reach(&self, tenant: TenantId, launch: &Launch) -> Result<(), Fault> {
        let Some(address) = launch.address.as_deref().filter(|_| !self.is_first(tenant)) else {
            return Ok(());
        };
        match self.public.look_at(address) {
            Err(NetError::PrivateAddress { host, ip, kind }) => Err(Fault::of(
                codes::MCP_ENTRY_INVALID,
                format!(
                    "{host} is at {ip}, a {kind} address, and hosts of the machine's own network are reached for its first workspace alone. Nothing was stored or sent; name a server at a public address."
                ),
            )),
            // Whether it is an address at all is seen elsewhere.
            _ => Ok(()),
        }
    }

    /// Another workspace is told that a variable is out of its reach, and not whether there is one.
    fn of_the_machine(&self, tenant: TenantId, fault: Fault) -> Fault {
        if self.is_first(tenant) || fault.code != codes::MCP_VARIABLE_UNSET {
            return fault;
        }
        Fault::of(
            codes::MCP_VARIABLE_UNSET,
            "The entry names a variable of this machine, and those are read for the first workspace alone. Nothing was stored or started; store the value as a key under Connections and write ${secret:name}, or write it out where it is no secret.",
        )
    }
}

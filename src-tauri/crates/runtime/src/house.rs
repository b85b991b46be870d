//! The runtime as the house that pays for calls of models.
//!
//! Never here: what may be spent (`spending` and the ledger).

use std::{sync::Arc, time::Duration};

use chimera_domain::{
    audit::AuditRecord, fault::Fault, id::TenantId, role::Actor, time::Timestamp,
};
use chimera_ports::{
    ids::IdSource,
    model::{ChatModel, ChatReply, ChatRequest},
    store::Ledger,
};
use chimera_spending::{House, probe};
use serde_json::Value;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::runtime::Runtime;

impl House for Runtime {
    fn ledger(&self) -> &Arc<dyn Ledger> {
        &self.parts().ledger
    }

    fn ids(&self) -> &Arc<dyn IdSource> {
        &self.parts().ids
    }

    fn now(&self) -> Timestamp {
        self.now()
    }

    fn reasoning(&self) -> Duration {
        self.bounds().reasoning
    }

    fn idle(&self) -> Duration {
        self.bounds().idle
    }

    fn record(&self, tenant: TenantId, actor: Actor, action: &str, output: Value) -> AuditRecord {
        self.record(tenant, actor, action, output)
    }

    fn announce(&self, seq: u64) {
        self.announce(seq);
    }

    fn tracker(&self) -> &TaskTracker {
        self.tracker()
    }

    fn cancel(&self) -> &CancellationToken {
        self.cancel()
    }
}

impl Runtime {
    /// Asks a model one small question to see whether it answers. It has no budget, and its line in the ledger.
    ///
    /// # Errors
    /// Why it does not answer.
    pub async fn probe(
        &self,
        tenant: TenantId,
        model: &dyn ChatModel,
        request: &ChatRequest,
    ) -> Result<ChatReply, Fault> {
        probe(self, tenant, model, request).await
    }
}

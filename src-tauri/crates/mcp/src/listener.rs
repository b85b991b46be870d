//! Our side of the protocol: a name, no capabilities, and an ear for what a server says of its own accord.
//!
//! Never here: an answer to a server's question. We do no sampling, tell no roots, and decline what it wants to know:
//! nobody sits at this end.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use rmcp::{
    ClientHandler, Peer, RoleClient,
    model::{
        ClientCapabilities, ClientConfig, Implementation, ProgressNotificationParam,
        ServerCapabilities, SubscriptionFilter,
    },
    service::NotificationContext,
};
use tokio::task::AbortHandle;

use crate::progress::Running;

/// Which lists a server said to have changed since they were read.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    /// Its tools.
    pub(crate) tools: AtomicBool,
    /// What it offers beside them.
    pub(crate) shelf: AtomicBool,
}

impl Changed {
    fn all(&self) {
        self.tools.store(true, Ordering::Release);
        self.shelf.store(true, Ordering::Release);
    }
}

/// What hears a server.
#[derive(Default)]
pub(crate) struct Listener {
    pub(crate) changed: Arc<Changed>,
    pub(crate) running: Arc<Running>,
}

impl ClientHandler for Listener {
    fn get_info(&self) -> ClientConfig {
        ClientConfig::new(
            ClientCapabilities::default(),
            Implementation::new("chimera", env!("CARGO_PKG_VERSION")),
        )
    }

    async fn on_tool_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.changed.tools.store(true, Ordering::Release);
    }

    async fn on_resource_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.changed.shelf.store(true, Ordering::Release);
    }

    async fn on_prompt_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.changed.shelf.store(true, Ordering::Release);
    }

    async fn on_progress(
        &self,
        told: ProgressNotificationParam,
        _: NotificationContext<RoleClient>,
    ) {
        self.running.note(told);
    }
}

/// Newer servers tell of changed lists only to those who listen.
pub(crate) fn listen(
    peer: &Peer<RoleClient>,
    offers: &ServerCapabilities,
    changed: &Arc<Changed>,
) -> Option<AbortHandle> {
    let tools = offers.tools.as_ref().and_then(|tools| tools.list_changed);
    let resources = offers
        .resources
        .as_ref()
        .and_then(|resources| resources.list_changed);
    let prompts = offers
        .prompts
        .as_ref()
        .and_then(|prompts| prompts.list_changed);
    let tells = |told: Option<bool>| told.filter(|told| *told);
    let mut wanted = SubscriptionFilter::new();
    wanted.tools_list_changed = tells(tools);
    wanted.resources_list_changed = tells(resources);
    wanted.prompts_list_changed = tells(prompts);
    if wanted == SubscriptionFilter::new() {
        return None;
    }
    let (peer, changed) = (peer.clone(), Arc::clone(changed));
    let task = tokio::spawn(async move {
        let Ok(mut subscription) = peer.listen(wanted).await else {
            return;
        };
        // Whatever changed before the subscription stood is not told: list once more.
        changed.all();
        while let Ok(Some(_)) = subscription.next().await {
            changed.all();
        }
    });
    Some(task.abort_handle())
}

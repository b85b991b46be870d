//! Our side of the protocol: a name, what we can do, and an ear for what a server says of its own accord.
//!
//! Never here: an answer to a server's question. A person gives it (`questions`). We lend no model and tell no folders.

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rmcp::{
    ClientHandler, Peer, RoleClient,
    model::{
        ClientCapabilities, ClientConfig, CustomRequest, CustomResult, ElicitRequestParams,
        ElicitResult, ElicitationCapability, ErrorCode, ErrorData, FormElicitationCapability,
        Implementation, ResourceUpdatedNotificationParam, ServerCapabilities, SubscriptionFilter,
    },
    service::{NotificationContext, RequestContext},
};
use tokio::{task::AbortHandle, time::sleep};

use crate::{
    following::Notices,
    progress::{Ear, Running},
    questions::Voice,
};

/// Pause before a stream that ended is opened again.
const LISTEN_AGAIN: Duration = Duration::from_secs(30);

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
pub(crate) struct Listener {
    pub(crate) changed: Arc<Changed>,
    pub(crate) running: Arc<Running>,
    /// Who waits for word of a resource.
    pub(crate) notices: Arc<Notices>,
    pub(crate) voice: Voice,
}

impl Listener {
    pub(crate) fn new(voice: Voice, ear: Ear) -> Self {
        Self {
            changed: Arc::default(),
            running: Arc::new(Running::heard_by(ear)),
            notices: Arc::default(),
            voice,
        }
    }
}

impl ClientHandler for Listener {
    fn get_info(&self) -> ClientConfig {
        let mut can = ClientCapabilities::default();
        // Forms alone: no address that a server names is opened.
        let form = FormElicitationCapability::new();
        can.elicitation = Some(ElicitationCapability::new().with_form(form));
        ClientConfig::new(
            can,
            Implementation::new("chimera", env!("CARGO_PKG_VERSION")),
        )
    }

    async fn create_elicitation(
        &self,
        params: ElicitRequestParams,
        context: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        let params = serde_json::to_value(params)
            .map_err(|error| ErrorData::invalid_params(error.to_string(), None))?;
        self.asked(params, context).await
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: RequestContext<RoleClient>,
    ) -> Result<CustomResult, ErrorData> {
        // A question in a form that the library does not know; it may be one that can be put to a person all the same.
        if request.method == "elicitation/create" {
            let answer = self
                .asked(request.params.unwrap_or_default(), context)
                .await?;
            let answer = serde_json::to_value(answer)
                .map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
            return Ok(CustomResult::new(answer));
        }
        Err(not_done(request.method))
    }

    #[expect(
        deprecated,
        reason = "older servers may ask, and are told that there are none"
    )]
    async fn list_roots(
        &self,
        _: RequestContext<RoleClient>,
    ) -> Result<rmcp::model::ListRootsResult, ErrorData> {
        Err(not_done(
            "roots/list: no server is told folders of this machine",
        ))
    }

    #[expect(
        deprecated,
        reason = "older servers may ask, and are told that there is none"
    )]
    async fn create_message(
        &self,
        _: rmcp::model::CreateMessageRequestParams,
        _: RequestContext<RoleClient>,
    ) -> Result<rmcp::model::CreateMessageResult, ErrorData> {
        Err(not_done(
            "sampling/createMessage: no server is lent a model",
        ))
    }

    async fn on_tool_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.changed.tools.store(true, Ordering::Release);
    }

    async fn on_resource_updated(
        &self,
        told: ResourceUpdatedNotificationParam,
        _: NotificationContext<RoleClient>,
    ) {
        self.notices.note(&told.uri);
    }

    async fn on_resource_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.changed.shelf.store(true, Ordering::Release);
    }

    async fn on_prompt_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.changed.shelf.store(true, Ordering::Release);
    }
}

fn not_done(what: impl Into<Cow<'static, str>>) -> ErrorData {
    ErrorData::new(ErrorCode::METHOD_NOT_FOUND, what, None)
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
        while let Ok(mut subscription) = peer.listen(wanted.clone()).await {
            // Whatever changed before the subscription stood is not told: list once more.
            changed.all();
            while let Ok(Some(_)) = subscription.next().await {
                changed.all();
            }
            if peer.is_transport_closed() {
                return;
            }
            // A stream has a longest life, and what it carries one too.
            sleep(LISTEN_AGAIN).await;
        }
    });
    Some(task.abort_handle())
}

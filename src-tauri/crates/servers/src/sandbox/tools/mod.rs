//! The sandbox's tools, one file each, and the one place that knows them all.
//!
//! Never here: what a tool does.

pub(super) mod claim_handle;
pub(super) mod delete_post;
pub(super) mod fetch_feed;
pub(super) mod get_engagement;
pub(super) mod get_post;
pub(super) mod post_content;
pub(super) mod reply_to_post;

use chimera_domain::{action::EffectClass, fault::Fault};
use rmcp::{
    ErrorData, RoleServer,
    model::{CallToolRequestParams, CallToolResponse, Tool},
    service::RequestContext,
};
use serde::{Serialize, de::DeserializeOwned};

use super::Sandbox;
use crate::{
    caller::Caller,
    tool::{answer, arguments},
};

pub(super) fn definitions() -> Vec<Tool> {
    vec![
        post_content::definition(),
        reply_to_post::definition(),
        fetch_feed::definition(),
        get_post::definition(),
        get_engagement::definition(),
        delete_post::definition(),
        claim_handle::definition(),
    ]
}

pub(super) fn suggested_classes() -> Vec<(&'static str, EffectClass)> {
    vec![
        (post_content::NAME, EffectClass::Outward),
        (reply_to_post::NAME, EffectClass::Outward),
        (delete_post::NAME, EffectClass::Outward),
        (claim_handle::NAME, EffectClass::InternalWrite),
        (fetch_feed::NAME, EffectClass::Read),
        (get_post::NAME, EffectClass::Read),
        (get_engagement::NAME, EffectClass::Read),
    ]
}

pub(super) async fn call(
    sandbox: &Sandbox,
    request: CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    let name = request.name.clone();
    let run = Run {
        sandbox,
        request,
        context,
    };
    let response = match name.as_ref() {
        post_content::NAME => run.with(post_content::call).await,
        reply_to_post::NAME => run.with(reply_to_post::call).await,
        fetch_feed::NAME => run.with(fetch_feed::call).await,
        get_post::NAME => run.with(get_post::call).await,
        get_engagement::NAME => run.with(get_engagement::call).await,
        delete_post::NAME => run.with(delete_post::call).await,
        claim_handle::NAME => run.with(claim_handle::call).await,
        other => {
            let message = format!("the sandbox has no tool '{other}'");
            return Err(ErrorData::invalid_params(message, None));
        }
    };
    Ok(response)
}

/// One call on its way to its tool.
struct Run<'a> {
    sandbox: &'a Sandbox,
    request: CallToolRequestParams,
    context: &'a RequestContext<RoleServer>,
}

impl<'a> Run<'a> {
    async fn with<In, Out, Called>(
        self,
        tool: impl FnOnce(&'a Sandbox, Caller, In) -> Called,
    ) -> CallToolResponse
    where
        In: DeserializeOwned,
        Out: Serialize,
        Called: Future<Output = Result<Out, Fault>>,
    {
        let outcome = async {
            let caller = self.sandbox.caller(self.context)?;
            tool(self.sandbox, caller, arguments(self.request.arguments)?).await
        };
        answer(outcome.await)
    }
}

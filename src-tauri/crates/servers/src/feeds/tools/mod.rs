//! The tools of the feeds server, one file each, and the one place that knows them all.
//!
//! Never here: what a tool does.

pub(super) mod fetch_feed;
pub(super) mod list_feeds;

use chimera_domain::action::EffectClass;
use rmcp::{
    ErrorData, RoleServer,
    model::{CallToolRequestParams, CallToolResponse, Tool},
    service::RequestContext,
};

use super::Feeds;
use crate::{
    caller::tenant_of,
    tool::{answer, arguments},
};

pub(super) fn definitions() -> Vec<Tool> {
    vec![fetch_feed::definition(), list_feeds::definition()]
}

pub(super) fn suggested_classes() -> Vec<(&'static str, EffectClass)> {
    vec![
        (fetch_feed::NAME, EffectClass::Read),
        (list_feeds::NAME, EffectClass::Read),
    ]
}

pub(super) async fn call(
    feeds: &Feeds,
    request: CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    let tenant = tenant_of(&context.meta);
    match request.name.as_ref() {
        fetch_feed::NAME => Ok(answer(match arguments(request.arguments) {
            Ok(wanted) => fetch_feed::call(feeds, tenant, wanted).await,
            Err(fault) => Err(fault),
        })),
        list_feeds::NAME => Ok(answer(
            arguments(request.arguments).map(|wanted| list_feeds::call(feeds, tenant, wanted)),
        )),
        other => {
            let message = format!("the feeds server has no tool '{other}'");
            Err(ErrorData::invalid_params(message, None))
        }
    }
}

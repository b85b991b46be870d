//! The sandbox's resources: its feed, and each post under the URL that its receipt gave.
//!
//! Never here: anything that tools do not show as well.

use rmcp::{
    ErrorData, RoleServer,
    model::{
        ListResourceTemplatesResult, ListResourcesResult, ReadResourceResponse, ReadResourceResult,
        Resource, ResourceContents, ResourceTemplate,
    },
    service::RequestContext,
};
use serde::Serialize;

use super::{
    Sandbox,
    book::number,
    fault::no_post,
    tools::{fetch_feed, get_post},
};
use chimera_domain::fault::{Fault, FaultClass};

/// The feed.
const FEED_URI: &str = "sandbox://feed";
/// What every post's URI begins with.
const POSTS_URI: &str = "sandbox://posts/";

pub(super) fn list() -> ListResourcesResult {
    let feed = Resource::new(FEED_URI, "feed")
        .with_description("The newest posts of the sandbox network.")
        .with_mime_type("application/json");
    ListResourcesResult::with_all_items(vec![feed])
}

pub(super) fn templates() -> ListResourceTemplatesResult {
    let post = ResourceTemplate::new(format!("{POSTS_URI}{{post_id}}"), "post")
        .with_description("One post with its replies.")
        .with_mime_type("application/json");
    ListResourceTemplatesResult::with_all_items(vec![post])
}

pub(super) async fn read(
    sandbox: &Sandbox,
    uri: String,
    context: &RequestContext<RoleServer>,
) -> Result<ReadResourceResponse, ErrorData> {
    let answer = async {
        let caller = sandbox.caller(context)?;
        if uri == FEED_URI {
            let wanted = fetch_feed::Arguments::default();
            return text(&fetch_feed::call(sandbox, caller, wanted).await?);
        }
        let id = uri
            .strip_prefix(POSTS_URI)
            .filter(|id| number(id).is_some());
        let wanted = get_post::Arguments {
            post_id: id.ok_or_else(|| no_post(&uri))?.to_owned(),
        };
        text(&get_post::call(sandbox, caller, wanted).await?)
    };
    let text = answer.await.map_err(|fault| match fault.class {
        FaultClass::Validation => ErrorData::resource_not_found(fault.message, None),
        _ => ErrorData::internal_error(fault.message, None),
    })?;
    let contents = ResourceContents::text(text, uri).with_mime_type("application/json");
    // Never cached: figures move with the clock.
    Ok(ReadResourceResult::new(vec![contents])
        .with_ttl_ms(0)
        .into())
}

fn text(answer: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(answer).map_err(|error| {
        Fault::new(
            FaultClass::Unknown,
            crate::tool::ANSWER_UNWRITABLE,
            error.to_string(),
        )
    })
}

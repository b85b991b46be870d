//! `get_post`: one post with its replies.
//!
//! Never here: deleted posts.

use chimera_domain::fault::Fault;
use rmcp::model::Tool;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    caller::Caller,
    sandbox::{Sandbox, book::number, fault::no_post, view::PostView},
    tool::{Hint, define},
};

/// Name of the tool.
pub(in crate::sandbox) const NAME: &str = "get_post";

/// Most replies that come along; the post's figures tell how many there are.
const MAX_REPLIES: usize = 50;

/// Which post.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Arguments {
    /// The network's id of the post.
    pub(in crate::sandbox) post_id: String,
}

/// The post.
#[derive(Serialize, JsonSchema)]
pub(in crate::sandbox) struct Answer {
    /// The post itself.
    post: PostView,
    /// The first 50 replies, oldest first.
    replies: Vec<PostView>,
}

pub(super) fn definition() -> Tool {
    define::<Arguments, Answer>(
        NAME,
        "Reads one post of the sandbox network with its replies.",
        Hint::ReadsLocal,
    )
}

pub(in crate::sandbox) async fn call(
    sandbox: &Sandbox,
    caller: Caller,
    wanted: Arguments,
) -> Result<Answer, Fault> {
    let now = sandbox.now();
    let number = number(&wanted.post_id).ok_or_else(|| no_post(&wanted.post_id))?;
    let (post, replies) = sandbox
        .on_network(move |network| network.post(&caller, number, MAX_REPLIES))
        .await?;
    Ok(Answer {
        post: PostView::of(post, now),
        replies: replies
            .into_iter()
            .map(|reply| PostView::of(reply, now))
            .collect(),
    })
}

//! `reply_to_post`: answers a post of the network; the same contract as `post_content`, with
//! `reply_to_id` given.
//!
//! Never here: posts that answer nothing.

use chimera_domain::{fault::Fault, post::PostContent};
use rmcp::model::Tool;
use schemars::JsonSchema;
use serde::Serialize;

use super::post_content;
use crate::{
    caller::Caller,
    sandbox::{
        Sandbox,
        fault::{POST_REFUSED, refused},
        view::PostReceipt,
    },
    tool::{Hint, define},
};

/// Name of the tool.
pub(in crate::sandbox) const NAME: &str = "reply_to_post";

/// The receipt of a reply.
#[derive(Serialize, JsonSchema)]
pub(super) struct ReplyReceipt {
    /// The network's id of the reply; the same as `post_id`.
    reply_id: String,
    /// The post that was answered.
    reply_to_id: String,
    /// The receipt that every post gets.
    #[serde(flatten)]
    receipt: PostReceipt,
}

pub(super) fn definition() -> Tool {
    define::<PostContent, ReplyReceipt>(
        NAME,
        "Answers a post of the sandbox network: `content.reply_to_id` names it. Otherwise like post_content.",
        Hint::WritesOnce,
    )
}

pub(super) async fn call(
    sandbox: &Sandbox,
    caller: Caller,
    post: PostContent,
) -> Result<ReplyReceipt, Fault> {
    let Some(reply_to_id) = post.content.reply_to_id.clone() else {
        return Err(refused(
            POST_REFUSED,
            "a reply names the post that it answers in content.reply_to_id",
        ));
    };
    let receipt = post_content::call(sandbox, caller, post).await?;
    Ok(ReplyReceipt {
        reply_id: receipt.post_id.clone(),
        reply_to_id,
        receipt,
    })
}

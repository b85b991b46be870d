//! `post_content`: puts a post on the network, once per intent key.
//!
//! Never here: another contract than the one that all social servers share.

use chimera_domain::{fault::Fault, post::PostContent};
use rmcp::model::Tool;

use crate::{
    caller::Caller,
    sandbox::{Sandbox, view::PostReceipt},
    tool::{Hint, define},
};

/// Name of the tool.
pub(in crate::sandbox) const NAME: &str = "post_content";

pub(super) fn definition() -> Tool {
    define::<PostContent, PostReceipt>(
        NAME,
        "Publishes a post on the sandbox network. It must carry its AI label and fit into 280 characters. \
         Asked again with the same intent key, it answers with the first receipt and publishes nothing.",
        Hint::WritesOnce,
    )
}

pub(super) async fn call(
    sandbox: &Sandbox,
    caller: Caller,
    post: PostContent,
) -> Result<PostReceipt, Fault> {
    let now = sandbox.now();
    sandbox
        .on_network(move |network| network.publish(&caller, &post, now))
        .await
        .map(|seen| PostReceipt::of(&seen))
}

//! `fetch_feed`: the network's posts, newest first.
//!
//! Never here: ranking. The sandbox shows what there is, in order.

use chimera_domain::fault::Fault;
use rmcp::model::Tool;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    caller::Caller,
    sandbox::{
        Sandbox,
        book::{number, post_id},
        fault::{CURSOR_INVALID, refused},
        handle,
        network::FeedQuery,
        view::PostView,
    },
    tool::{Hint, define},
};

/// Name of the tool.
pub(in crate::sandbox) const NAME: &str = "fetch_feed";

/// Most posts of one answer.
const MAX_LIMIT: u32 = 100;
/// Posts of one answer when nobody says how many.
const DEFAULT_LIMIT: u32 = 20;

/// What of the feed is wanted.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Arguments {
    /// How many posts, 1 to 100; 20 when absent.
    #[serde(default)]
    #[schemars(range(min = 1, max = 100))]
    pub(in crate::sandbox) limit: Option<u32>,
    /// `next_cursor` of the answer before.
    #[serde(default)]
    pub(in crate::sandbox) cursor: Option<String>,
    /// Only posts of this account.
    #[serde(default)]
    pub(in crate::sandbox) handle: Option<String>,
}

/// A stretch of the feed.
#[derive(Serialize, JsonSchema)]
pub(in crate::sandbox) struct Answer {
    /// Newest first.
    pub(in crate::sandbox) posts: Vec<PostView>,
    /// Where to go on; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::sandbox) next_cursor: Option<String>,
}

pub(super) fn definition() -> Tool {
    define::<Arguments, Answer>(
        NAME,
        "Reads the sandbox network's feed, newest first. Engagement in it is simulated and says so.",
        Hint::ReadsLocal,
    )
}

pub(in crate::sandbox) async fn call(
    sandbox: &Sandbox,
    caller: Caller,
    wanted: Arguments,
) -> Result<Answer, Fault> {
    let before = wanted.cursor.map(|cursor| {
        number(&cursor)
            .ok_or_else(|| refused(CURSOR_INVALID, "this is no cursor of the sandbox's feed"))
    });
    let query = FeedQuery {
        limit: wanted.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT) as usize,
        before: before.transpose()?,
        handle: wanted
            .handle
            .as_deref()
            .map(handle::normalise)
            .transpose()?,
    };
    let now = sandbox.now();
    let (found, has_more) = sandbox
        .on_network(move |network| Ok(network.feed(&caller, &query)))
        .await?;
    let last = found.last().map(|seen| post_id(seen.post.number));
    Ok(Answer {
        posts: found
            .into_iter()
            .map(|seen| PostView::of(seen, now))
            .collect(),
        next_cursor: last.filter(|_| has_more),
    })
}

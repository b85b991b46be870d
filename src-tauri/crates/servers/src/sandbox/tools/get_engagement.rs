//! `get_engagement`: a post's figures by now, simulated and labelled so.
//!
//! Never here: the curve (`engagement` has it).

use chimera_domain::fault::Fault;
use rmcp::model::Tool;
use schemars::JsonSchema;
use serde::Serialize;

use super::get_post::Arguments;
use crate::{
    caller::Caller,
    sandbox::{Sandbox, book::number, fault::no_post, view::SimulatedEngagement},
    tool::{Hint, define},
};

/// Name of the tool.
pub(in crate::sandbox) const NAME: &str = "get_engagement";

/// A post's figures.
#[derive(Serialize, JsonSchema)]
pub(super) struct Answer {
    /// The network's id of the post.
    post_id: String,
    /// The figures.
    #[serde(flatten)]
    engagement: SimulatedEngagement,
}

pub(super) fn definition() -> Tool {
    define::<Arguments, Answer>(
        NAME,
        "Tells a sandbox post's engagement by now. Views, likes and shares are simulated; comments are the real replies.",
        Hint::ReadsLocal,
    )
}

pub(super) async fn call(
    sandbox: &Sandbox,
    caller: Caller,
    wanted: Arguments,
) -> Result<Answer, Fault> {
    let now = sandbox.now();
    let number = number(&wanted.post_id).ok_or_else(|| no_post(&wanted.post_id))?;
    let (post, _) = sandbox
        .on_network(move |network| network.post(&caller, number, 0))
        .await?;
    Ok(Answer {
        post_id: wanted.post_id,
        engagement: SimulatedEngagement::of(&post, now),
    })
}

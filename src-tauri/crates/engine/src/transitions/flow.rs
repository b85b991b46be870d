//! What labels forbid an action to do by itself (`policy::flow`), asked at both places where a rule could let it go: when it
//! is judged, and when it leaves.
//!
//! Never here: the rules.

use chimera_domain::{artifact::Artifact, change::Board, verdict::Finding};
use chimera_policy::flow;

/// Why only a person may let this artifact's action go; empty when nothing asks for one.
pub(super) fn held(board: &Board, artifact: &Artifact) -> Vec<Finding> {
    #[cfg(test)]
    if crate::mutation::Mutation::LabelsUnread.is_in_force() {
        return Vec::new();
    }
    let own = flow::Own {
        words: &board.campaign.goal,
        feeds: &board.campaign.feeds,
    };
    flow::held(artifact, own)
}

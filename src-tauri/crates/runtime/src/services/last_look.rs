//! The last look at an action's words before it leaves, whoever let it go: what no approval lifts stops it, and what only a
//! person may pass stops what a rule let go (SEC-11, GOV-12, NFR-14).
//!
//! Never here: what is looked for (`guard::leaving`), or what becomes of the action (the engine).

use chimera_domain::{
    action::{ApprovalKind, Effect},
    artifact::ArtifactType,
    change::Board,
    verdict::Finding,
};
use chimera_guard::{
    leaving::{Leaving, answered, bars, last_look, unreadable},
    outbound::Rules,
};

use crate::{error::RuntimeError, runtime::Runtime};

/// What bars an action as it was let go; empty when nothing does.
///
/// # Errors
/// When persona or policy cannot be read: then nothing leaves.
pub(super) async fn barred(
    runtime: &Runtime,
    board: &Board,
    effect: &Effect,
) -> Result<Vec<Finding>, RuntimeError> {
    let campaign = &board.campaign;
    let store = &runtime.parts().store;
    let persona = store
        .persona(effect.tenant, campaign.persona_version)
        .await?;
    let policy = runtime
        .policy(effect.tenant, campaign.policy_version)
        .await?;
    let rules = match Rules::new(&persona.persona.forbidden, policy.security_terms()) {
        Ok(rules) => rules,
        // Unreadable rules: stop and say so.
        Err(error) => {
            return Ok(vec![unreadable(&error)]);
        }
    };
    let answers = board.artifact.as_ref().map(answered).unwrap_or_default();
    let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
    let leaving = Leaving {
        arguments: &effect.action.arguments,
        answers: &answers,
        is_post: board
            .artifact
            .as_ref()
            .is_none_or(|artifact| artifact.artifact_type == ArtifactType::PostIntent),
    };
    let by_rule = effect.approval.kind == ApprovalKind::ByRule;
    let found = last_look(leaving, &rules).into_iter();
    Ok(found.filter(|finding| bars(finding, by_rule)).collect())
}

//! A decided action goes into the outbox: bound to its digest, held for the undo time.
//!
//! Never here: performing it.

use chimera_domain::{
    action::{Approval, ApprovalBinding, ApprovalKind, Effect, EffectState},
    artifact::Artifact,
    audit::AuditStatus,
    id::{ApprovalId, EffectId, ReviewId, VersionId},
    role::Actor,
    task::TaskState,
};
use serde_json::json;

use crate::{given::Given, refusal::Refusal, step::Step};

/// Who or what lets an action go.
pub(super) struct Release {
    pub(super) kind: ApprovalKind,
    pub(super) actor: Actor,
    pub(super) review: Option<ReviewId>,
}

pub(super) fn release(
    step: &mut Step<'_>,
    artifact: &Artifact,
    release: Release,
    given: &mut Given<'_>,
) -> Result<(), Refusal> {
    let action = artifact.action.as_ref().ok_or(Refusal::Missing("action"))?;
    let campaign = &step.board.campaign;
    let held_until = given.now + given.policy.hold();
    let not_before = step
        .task
        .publish_at
        .map_or(held_until, |at| at.max(held_until));
    let expires_at = not_before + given.policy.approval_ttl();
    let binding = ApprovalBinding {
        action,
        policy_version: campaign.policy_version,
        persona_version: campaign.persona_version,
        shown: artifact.digest,
        expires_at,
    };
    let digest = binding
        .digest()
        .map_err(|error| Refusal::Undigestible(error.to_string()))?;
    let approval = Approval {
        id: ApprovalId::from_uuid(given.id()),
        tenant: step.task.tenant,
        task: step.task.id,
        review: release.review,
        kind: release.kind,
        actor: release.actor,
        digest,
        policy_version: campaign.policy_version,
        persona_version: campaign.persona_version,
        expires_at,
        created_at: given.now,
    };
    let id = EffectId::from_uuid(given.id());
    let output =
        json!({ "effect": id, "approval": approval.id, "kind": approval.kind, "digest": digest });
    let effect = Effect {
        id,
        tenant: step.task.tenant,
        campaign: step.task.campaign,
        task: step.task.id,
        agent: step.task.agent,
        artifact: artifact.artifact_id,
        action: action.clone(),
        approval,
        intent_key: format!("chimera-{id}"),
        not_before,
        held_until,
        attempts: 0,
        state: EffectState::Held,
        is_unclear: false,
        receipt: None,
        fault: None,
        trace: step.task.trace,
        version: VersionId::from_uuid(id.as_uuid().to_owned()),
        created_at: given.now,
        updated_at: given.now,
    };
    step.audit(given, "effect.approve", output, AuditStatus::Success);
    step.go(
        given,
        TaskState::Releasing {
            effect: id,
            artifact: artifact.artifact_id,
        },
    );
    step.save_effect(given, effect, None);
    Ok(())
}

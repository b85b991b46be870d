//! The outbox.

use chimera_contract::{
    event::Actor,
    outbox as wire,
    scalar::{Digest, Id, Time, Version},
    swarm::AgentRef,
};
use chimera_domain::action::{ApprovalKind, Effect, EffectState, Receipt};

use crate::{ToWire, mirror};

mirror!(ApprovalKind => wire::ApprovalKind { ByRule, ByPerson, ByPersonEdited });

impl ToWire for EffectState {
    type Wire = wire::EffectState;
    fn wire(&self) -> wire::EffectState {
        use wire::EffectState as Out;
        match self {
            Self::Held => Out::Held,
            Self::Dispatching { .. } => Out::Dispatching,
            Self::Sent => Out::Sent,
            Self::Failed => Out::Failed,
            Self::Undone => Out::Undone,
            Self::Voided => Out::Voided,
            Self::PendingReconciliation => Out::PendingReconciliation,
        }
    }
}

impl ToWire for Receipt {
    type Wire = wire::Receipt;
    fn wire(&self) -> wire::Receipt {
        wire::Receipt {
            post_id: self.post_id.clone(),
            url: self.url.clone(),
            received_at: Time::of(self.received_at),
        }
    }
}

/// What an outbox entry is shown with that is not in its row.
pub struct EffectNames {
    /// In whose name.
    pub agent: AgentRef,
    /// Who decided.
    pub actor: Actor,
    /// Whether the rehearsal model wrote what was decided.
    pub rehearsal: bool,
}

/// An outbox entry.
pub fn effect(effect: &Effect, names: EffectNames) -> wire::Effect {
    let approval = &effect.approval;
    wire::Effect {
        id: Id::of(effect.id),
        campaign: Id::of(effect.campaign),
        task: Id::of(effect.task),
        agent: names.agent,
        artifact: Id::of(effect.artifact),
        rehearsal: names.rehearsal,
        action: effect.action.wire(),
        approval: wire::Approval {
            kind: approval.kind.wire(),
            actor: names.actor,
            review: approval.review.map(Id::of),
            digest: Digest::of(approval.digest),
            created_at: Time::of(approval.created_at),
            expires_at: Time::of(approval.expires_at),
        },
        state: effect.state.wire(),
        can_undo: effect.state == EffectState::Held && !effect.is_unclear,
        held_until: Time::of(effect.held_until),
        not_before: Time::of(effect.not_before),
        attempts: effect.attempts,
        receipt: effect.receipt.wire(),
        fault: effect.fault.wire(),
        version: Version::of(effect.version),
        created_at: Time::of(effect.created_at),
        updated_at: Time::of(effect.updated_at),
    }
}

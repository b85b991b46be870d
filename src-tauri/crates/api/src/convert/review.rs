//! Reviews, decisions, the outbox.

use chimera_contract::{
    event::Actor,
    people::PersonRef,
    review as wire,
    scalar::{Digest, Id, Time, Version},
    swarm::AgentRef,
};
use chimera_domain::{
    action::{ApprovalKind, Effect, EffectState, Receipt},
    confidence::Confidence,
    id::UserId,
    review::{RejectReason, Review, ReviewBand, ReviewState},
    time::Timestamp,
    verdict::FindingWeight,
};
use chimera_policy::Policy;

use super::{ToWire, mirror};

/// Below this score an item has a red border (C02).
const HIGH_ATTENTION_BELOW: Confidence = Confidence::from_percent(80);

mirror!(ReviewState => wire::ReviewState { Open, Escalated, Approved, Edited, Rejected, Expired, Withdrawn } and back);
mirror!(ReviewBand => wire::ReviewBand { Queue, MustApprove, Exhausted });
mirror!(RejectReason => wire::RejectReason {
    OffBrand, FactualError, Inappropriate, CulturalInsensitivity, Copyright, Other,
} and back);
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

/// What a review is shown with: names that are not in its row.
pub(crate) struct ReviewNames {
    pub(crate) agent: AgentRef,
    pub(crate) campaign: String,
    pub(crate) claimed_by: Option<PersonRef>,
    pub(crate) decided_by: Option<PersonRef>,
}

/// An item of the queue, as `viewer` sees it at `now`.
pub(crate) fn review(
    review: &Review,
    names: ReviewNames,
    viewer: UserId,
    now: Timestamp,
) -> wire::Review {
    // A claim that ran out is none.
    let held = review.claim.as_ref().filter(|claim| claim.until > now);
    let claim = held.zip(names.claimed_by).map(|(claim, by)| wire::Claim {
        by,
        until: Time::of(claim.until),
        mine: claim.by == viewer,
    });
    let sensitive = review
        .findings
        .iter()
        .any(|finding| finding.weight == FindingWeight::NeedsPerson);
    wire::Review {
        id: Id::of(review.review_id),
        campaign: Id::of(review.campaign_id),
        campaign_name: names.campaign,
        task: Id::of(review.task_id),
        agent: names.agent,
        artifact: Id::of(review.artifact_id),
        preview: wire::ContentPreview {
            kind: review.content_preview.kind.clone(),
            text: review.content_preview.text.clone(),
        },
        platform: review.platform.wire(),
        confidence: review.confidence_score.wire(),
        worker_confidence: review.worker_confidence.wire(),
        judge_confidence: review.judge_confidence.wire(),
        risk: review.risk_category.wire(),
        band: review.band.wire(),
        reasons: review.reason_for_escalation.clone(),
        sensitive,
        high_attention: review.confidence_score < HIGH_ATTENTION_BELOW,
        tainted: review.tainted,
        suggested_actions: review.suggested_actions.clone(),
        priority: review.priority,
        state: review.state.wire(),
        claim,
        decided_by: names.decided_by,
        decided_at: review.decided_at.map(Time::of),
        note: review.note.clone(),
        reject_reason: review.reject_reason.wire(),
        created_at: Time::of(review.created_at),
        expires_at: Time::of(review.expires_at),
        version: Version::of(review.version),
    }
}

/// A decision on something like it.
pub(crate) fn similar(review: &Review, decided_by: Option<PersonRef>) -> wire::SimilarDecision {
    wire::SimilarDecision {
        review: Id::of(review.review_id),
        text: review.content_preview.text.clone(),
        state: review.state.wire(),
        decided_by,
        decided_at: review.decided_at.map(Time::of),
        note: review.note.clone(),
        reject_reason: review.reject_reason.wire(),
        confidence: review.confidence_score.wire(),
    }
}

/// An outbox entry at `now`.
pub(crate) fn effect(
    effect: &Effect,
    agent: AgentRef,
    actor: Actor,
    now: Timestamp,
) -> wire::Effect {
    let approval = &effect.approval;
    wire::Effect {
        id: Id::of(effect.id),
        campaign: Id::of(effect.campaign),
        task: Id::of(effect.task),
        agent,
        artifact: Id::of(effect.artifact),
        action: effect.action.wire(),
        approval: wire::Approval {
            kind: approval.kind.wire(),
            actor,
            review: approval.review.map(Id::of),
            digest: Digest::of(approval.digest),
            created_at: Time::of(approval.created_at),
            expires_at: Time::of(approval.expires_at),
        },
        state: effect.state.wire(),
        can_undo: effect.state == EffectState::Held && now < effect.held_until,
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

/// What a decision offers under `policy`.
pub(crate) fn options(policy: &Policy) -> wire::ReviewOptions {
    let reject_reasons = RejectReason::ALL
        .into_iter()
        .zip(1..)
        .map(|(reason, key)| wire::RejectOption {
            reason: reason.wire(),
            label: reason.in_words().to_owned(),
            key,
        })
        .collect();
    wire::ReviewOptions {
        reject_reasons,
        default_reason: RejectReason::Other.wire(),
        hold_seconds: policy.hold_seconds,
        claim_seconds: policy.claim_seconds,
    }
}

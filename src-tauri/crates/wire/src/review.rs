//! Reviews, decisions, the outbox.

use chimera_contract::{
    people::PersonRef,
    review as wire,
    scalar::{Digest, Id, Time, Version},
    swarm::AgentRef,
};
use chimera_domain::{
    confidence::Confidence,
    id::UserId,
    review::{RejectReason, Review, ReviewBand, ReviewState},
    time::Timestamp,
    verdict::FindingWeight,
};
use chimera_policy::Policy;

use crate::{ToWire, mirror};

/// Below this score an item has a red border (C02).
const HIGH_ATTENTION_BELOW: Confidence = Confidence::from_percent(80);

mirror!(ReviewState => wire::ReviewState { Open, Escalated, Approved, Edited, Rejected, Expired, Withdrawn } and back);
mirror!(ReviewBand => wire::ReviewBand { Queue, MustApprove, Exhausted });
mirror!(RejectReason => wire::RejectReason {
    OffBrand, FactualError, Inappropriate, CulturalInsensitivity, Copyright, Other,
} and back);
/// What a review is shown with: names that are not in its row.
pub struct ReviewNames {
    /// In whose name it would act.
    pub agent: AgentRef,
    /// Its campaign's name.
    pub campaign: String,
    /// Who holds the claim, also one that ran out.
    pub claimed_by: Option<PersonRef>,
    /// Who decided.
    pub decided_by: Option<PersonRef>,
}

/// An item of the queue, as `viewer` sees it at `now`.
pub fn review(review: &Review, names: ReviewNames, viewer: UserId, now: Timestamp) -> wire::Review {
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
        rehearsal: review.rehearsal,
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
        shown: Digest::of(review.shown),
        version: Version::of(review.version),
    }
}

/// A decision on something like it.
pub fn similar(review: &Review, decided_by: Option<PersonRef>) -> wire::SimilarDecision {
    wire::SimilarDecision {
        review: Id::of(review.review_id),
        text: review.content_preview.text.clone(),
        rehearsal: review.rehearsal,
        state: review.state.wire(),
        decided_by,
        decided_at: review.decided_at.map(Time::of),
        note: review.note.clone(),
        reject_reason: review.reject_reason.wire(),
        confidence: review.confidence_score.wire(),
    }
}

/// What a decision offers under `policy`.
pub fn options(policy: &Policy) -> wire::ReviewOptions {
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

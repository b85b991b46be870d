//! The policy.

use chimera_contract::{policy as wire, scalar::Score};
use chimera_domain::confidence::Confidence;
use chimera_policy::{Bands, LowBandAction, Policy, SensitiveCategory, SensitiveRule};

use crate::{NotTaken, ToDomain, ToWire, mirror};

mirror!(LowBandAction => wire::LowBandAction { MustApprove, Retry } and back);
mirror!(SensitiveCategory => wire::SensitiveCategory {
    Politics, Health, Finance, Legal, Minors, Security, Custom,
} and back);

impl ToWire for SensitiveRule {
    type Wire = wire::SensitiveRule;
    fn wire(&self) -> wire::SensitiveRule {
        wire::SensitiveRule {
            category: self.category.wire(),
            terms: self.terms.clone(),
        }
    }
}

impl ToWire for Bands {
    type Wire = wire::Bands;
    fn wire(&self) -> wire::Bands {
        wire::Bands {
            auto_above: self.auto_above.wire(),
            review_from: self.review_from.wire(),
            must_approve_from: self.must_approve_from.wire(),
        }
    }
}

impl ToWire for Policy {
    type Wire = wire::PolicyDocument;
    fn wire(&self) -> wire::PolicyDocument {
        wire::PolicyDocument {
            bands: self.bands.wire(),
            low_band_action: self.low_band_action.wire(),
            sensitive: self.sensitive.wire(),
            hold_seconds: self.hold_seconds,
            review_ttl_seconds: self.review_ttl_seconds,
            approval_ttl_seconds: self.approval_ttl_seconds,
            claim_seconds: self.claim_seconds,
            max_rejections: self.max_rejections,
            max_retries: self.max_retries,
            max_step_tokens: self.max_step_tokens,
        }
    }
}

/// A policy from the wire, not yet validated.
///
/// # Errors
/// When a score is not between 0 and 1.
pub fn policy(document: wire::PolicyDocument) -> Result<Policy, NotTaken> {
    let score =
        |score: Score| Confidence::from_ratio(score.0).map_err(|error| NotTaken(error.to_string()));
    Ok(Policy {
        bands: Bands {
            auto_above: score(document.bands.auto_above)?,
            review_from: score(document.bands.review_from)?,
            must_approve_from: score(document.bands.must_approve_from)?,
        },
        low_band_action: document.low_band_action.domain(),
        sensitive: document
            .sensitive
            .into_iter()
            .map(|rule| SensitiveRule {
                category: rule.category.domain(),
                terms: rule.terms,
            })
            .collect(),
        hold_seconds: document.hold_seconds,
        review_ttl_seconds: document.review_ttl_seconds,
        approval_ttl_seconds: document.approval_ttl_seconds,
        claim_seconds: document.claim_seconds,
        max_rejections: document.max_rejections,
        max_retries: document.max_retries,
        max_step_tokens: document.max_step_tokens,
    })
}

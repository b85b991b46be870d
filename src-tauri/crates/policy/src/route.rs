//! Where a verdict leads: by confidence and risk (C01, C02), with findings overriding both.
//!
//! Never here: carrying it out (the engine does).

use chimera_domain::{
    confidence::Confidence,
    review::ReviewBand,
    verdict::{Finding, FindingWeight, RiskLevel, Verdict},
};

use crate::document::{LowBandAction, Policy};

/// What routing looks at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Assessment<'a> {
    /// The score that counts.
    pub confidence: Confidence,
    /// Risk.
    pub risk: RiskLevel,
    /// Reasons that were found.
    pub findings: &'a [Finding],
    /// Whether the result acts on the outside. Inner results are not reviewed on their way: the action is.
    pub outward: bool,
}

impl<'a> Assessment<'a> {
    /// Of a verdict.
    #[must_use]
    pub fn of(verdict: &'a Verdict, outward: bool) -> Self {
        Self {
            confidence: verdict.confidence_score,
            risk: verdict.risk_category.level,
            findings: &verdict.findings,
            outward,
        }
    }
}

/// Where it leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Route {
    /// Goes on by itself.
    Release,
    /// A person decides.
    Review {
        /// Whether the dependents wait visibly.
        band: ReviewBand,
        /// Why, in words.
        reasons: Vec<String>,
    },
    /// Sent back with these reasons as guidance.
    Retry {
        /// Why, in words.
        reasons: Vec<String>,
    },
    /// Somebody tried to steer the agent: stopped, and an incident.
    Incident {
        /// What was seen, in words.
        reasons: Vec<String>,
    },
}

/// Routes an assessment under a policy.
#[must_use]
pub fn route(policy: &Policy, assessment: Assessment<'_>) -> Route {
    let Assessment {
        confidence,
        risk,
        findings,
        outward,
    } = assessment;
    let bands = &policy.bands;
    let of_weight = |weight| -> Vec<String> {
        findings
            .iter()
            .filter(|finding| finding.weight == weight)
            .map(|finding| finding.message.clone())
            .collect()
    };
    let attacks = of_weight(FindingWeight::Attack);
    if !attacks.is_empty() {
        return Route::Incident { reasons: attacks };
    }
    let failures = of_weight(FindingWeight::Fails);
    if !failures.is_empty() {
        return Route::Retry { reasons: failures };
    }
    let needs_person = of_weight(FindingWeight::NeedsPerson);
    let in_low_band = confidence < bands.review_from;
    let too_unsure = confidence < bands.must_approve_from;
    let too_risky = in_low_band && risk == RiskLevel::High;
    // What a person must see is never rewritten behind their back, however bad its score (GOV-03, GOV-04).
    if !needs_person.is_empty() && (outward || too_unsure || too_risky) {
        return to_person(policy, assessment, needs_person);
    }
    if too_unsure {
        return Route::Retry {
            reasons: vec![format!(
                "Confidence {confidence} is below {}.",
                bands.must_approve_from
            )],
        };
    }
    if too_risky {
        return Route::Retry {
            reasons: vec![format!(
                "High risk with confidence {confidence}, below {}.",
                bands.review_from
            )],
        };
    }
    if !outward {
        return Route::Release;
    }
    if in_low_band {
        return low_band(policy, assessment);
    }
    let reasons = doubts(policy, assessment);
    if reasons.is_empty() {
        return Route::Release;
    }
    Route::Review {
        band: ReviewBand::Queue,
        reasons,
    }
}

fn low_band(policy: &Policy, assessment: Assessment<'_>) -> Route {
    let reasons = doubts(policy, assessment);
    match policy.low_band_action {
        LowBandAction::MustApprove => Route::Review {
            band: ReviewBand::MustApprove,
            reasons,
        },
        LowBandAction::Retry => Route::Retry { reasons },
    }
}

/// To a person, with what asks for one first, and every other doubt after it.
fn to_person(policy: &Policy, assessment: Assessment<'_>, mut reasons: Vec<String>) -> Route {
    let band = if assessment.confidence < policy.bands.review_from {
        ReviewBand::MustApprove
    } else {
        ReviewBand::Queue
    };
    reasons.extend(doubts(policy, assessment));
    Route::Review { band, reasons }
}

/// What of risk and score speaks against going on by itself, in words.
fn doubts(policy: &Policy, assessment: Assessment<'_>) -> Vec<String> {
    let bands = &policy.bands;
    let confidence = assessment.confidence;
    let mut reasons = Vec::new();
    match assessment.risk {
        RiskLevel::Low => {}
        RiskLevel::Medium => reasons.push("Medium risk goes to a person.".to_owned()),
        RiskLevel::High => reasons.push("High risk goes to a person.".to_owned()),
    }
    if confidence < bands.must_approve_from {
        reasons.push(format!(
            "Confidence {confidence} is below {}.",
            bands.must_approve_from
        ));
    } else if confidence < bands.review_from {
        reasons.push(format!(
            "Confidence {confidence} lies between {} and {}: it must be approved.",
            bands.must_approve_from, bands.review_from
        ));
    } else if confidence <= bands.auto_above {
        reasons.push(format!(
            "Confidence {confidence} lies in the review band, {} to {}.",
            bands.review_from, bands.auto_above
        ));
    }
    reasons
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finding(weight: FindingWeight) -> Finding {
        Finding {
            rule: "test".into(),
            weight,
            message: format!("{weight:?} finding"),
            span: None,
        }
    }

    fn outward(points: u16, risk: RiskLevel, findings: &[Finding]) -> Route {
        let confidence = Confidence::from_basis_points(points);
        route(
            &Policy::default(),
            Assessment {
                confidence,
                risk,
                findings,
                outward: true,
            },
        )
    }

    fn word(route: &Route) -> &'static str {
        match route {
            Route::Release => "release",
            Route::Review {
                band: ReviewBand::Queue,
                ..
            } => "queue",
            Route::Review { .. } => "must approve",
            Route::Retry { .. } => "retry",
            Route::Incident { .. } => "incident",
        }
    }

    #[test]
    fn the_demo_cases_of_s2_hold() {
        assert_eq!(word(&outward(9_200, RiskLevel::Low, &[])), "release");
        assert_eq!(word(&outward(7_800, RiskLevel::Medium, &[])), "queue");
        assert_eq!(word(&outward(6_500, RiskLevel::High, &[])), "retry");
    }

    #[test]
    fn the_edges_of_the_bands_are_exact() {
        for (points, expected) in [
            (9_001, "release"),
            (9_000, "queue"),
            (7_000, "queue"),
            (6_999, "must approve"),
            (5_000, "must approve"),
            (4_999, "retry"),
            (0, "retry"),
        ] {
            assert_eq!(
                word(&outward(points, RiskLevel::Low, &[])),
                expected,
                "{points}"
            );
        }
    }

    #[test]
    fn a_sensitive_topic_goes_to_a_person_however_sure_or_unsure_the_judge_is() {
        let findings = [finding(FindingWeight::NeedsPerson)];
        for (points, risk, expected) in [
            (10_000, RiskLevel::Low, "queue"),
            (7_000, RiskLevel::High, "queue"),
            (6_500, RiskLevel::High, "must approve"),
            (4_500, RiskLevel::Low, "must approve"),
            (0, RiskLevel::High, "must approve"),
        ] {
            assert_eq!(
                word(&outward(points, risk, &findings)),
                expected,
                "{points}"
            );
        }
    }

    #[test]
    fn the_reasons_name_the_topic_first_and_then_every_other_doubt() {
        let findings = [finding(FindingWeight::NeedsPerson)];
        assert_eq!(
            outward(4_500, RiskLevel::High, &findings),
            Route::Review {
                band: ReviewBand::MustApprove,
                reasons: vec![
                    "NeedsPerson finding".into(),
                    "High risk goes to a person.".into(),
                    "Confidence 0.45 is below 0.50.".into(),
                ],
            }
        );
    }

    #[test]
    fn inner_results_pass_without_a_person_unless_they_are_bad() {
        let inner = |points, risk| {
            let confidence = Confidence::from_basis_points(points);
            let assessment = Assessment {
                confidence,
                risk,
                findings: &[],
                outward: false,
            };
            word(&route(&Policy::default(), assessment))
        };
        assert_eq!(inner(5_000, RiskLevel::Medium), "release");
        assert_eq!(inner(4_999, RiskLevel::Low), "retry");
        assert_eq!(inner(6_999, RiskLevel::High), "retry");
    }

    proptest! {
        /// Whatever the score, the risk and what else was found, and whatever the owner does with the low
        /// band: what asks for a person is either before one, stopped as an attack, or fails a rule that no
        /// approval lifts.
        #[test]
        fn what_asks_for_a_person_is_never_released_and_never_quietly_sent_back(
            points in 0u16..=10_000, risk in 0u8..3, notes in 0usize..3, retry in any::<bool>(),
        ) {
            let risk = [RiskLevel::Low, RiskLevel::Medium, RiskLevel::High][usize::from(risk)];
            let mut findings = vec![finding(FindingWeight::Note); notes];
            findings.push(finding(FindingWeight::NeedsPerson));
            let policy = Policy {
                low_band_action: if retry { LowBandAction::Retry } else { LowBandAction::MustApprove },
                ..Policy::default()
            };
            let confidence = Confidence::from_basis_points(points);
            let assessment = Assessment { confidence, risk, findings: &findings, outward: true };
            prop_assert!(matches!(route(&policy, assessment), Route::Review { .. }), "not before a person");
        }

        /// Nothing goes out by itself unless it is strictly above the band, low risk and without findings.
        #[test]
        fn release_is_never_generous(points in 0u16..=10_000, risk in 0u8..3, weights in proptest::collection::vec(0u8..4, 0..4)) {
            let risk = [RiskLevel::Low, RiskLevel::Medium, RiskLevel::High][usize::from(risk)];
            let all = [FindingWeight::Note, FindingWeight::NeedsPerson, FindingWeight::Fails, FindingWeight::Attack];
            let findings: Vec<_> = weights.into_iter().map(|index| finding(all[usize::from(index)])).collect();
            if outward(points, risk, &findings) == Route::Release {
                prop_assert!(points > 9_000 && risk == RiskLevel::Low);
                prop_assert!(findings.iter().all(|finding| finding.weight == FindingWeight::Note));
            }
        }
    }
}

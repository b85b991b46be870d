//! Risk, rationale and reports as the judge gives them. Never here: the checklist's own arithmetic.

use chimera_domain::verdict::Finding;
use serde_json::json;

use super::*;
use crate::rehearsal::testdata::*;

fn judge(facts: &JudgeFacts) -> JudgeAnswer {
    super::judge(facts, topics())
}

fn facts(text: &str) -> JudgeFacts {
    let (name, goal) = GOALS[0];
    JudgeFacts {
        goal: goal.to_owned(),
        persona: personas().remove(2).into(),
        instructions: String::new(),
        artifact_type: ArtifactType::Caption,
        payload: json!({"text": text, "hashtags": []}),
        platform: Some(chimera_domain::platform::Platform::Sandbox),
        max_chars: None,
        sources: vec![source_of(&feed(name)[2])],
        previous_posts: vec![],
        findings: vec![],
        memories: vec![],
    }
}

const GOOD: &str = "A lab brewed the same coffee with five waters, reports roastletter.example. “At 50 mg/l of calcium the \
                    cup was judged sweetest by 14 of 20 tasters.” For home brewers, specialty coffee starts at the tap.";

fn risk_of(facts: &JudgeFacts) -> String {
    String::from(judge(facts).risk)
}

#[test]
fn risk_follows_from_what_is_found() {
    let with = |weight, rule: &str| JudgeFacts {
        findings: vec![Finding {
            rule: rule.to_owned(),
            weight,
            message: "Found.".to_owned(),
            span: None,
        }],
        ..facts(GOOD)
    };
    for (facts, risk) in [
        (facts(GOOD), "low"),
        (
            facts(&format!("{GOOD} It cures migraines.")),
            "health_medium",
        ),
        (facts(&GOOD.replace("14", "19")), "factual_medium"),
        (
            with(FindingWeight::Attack, "guard.injection"),
            "security_high",
        ),
        (
            with(FindingWeight::Fails, "policy.length"),
            "brand_safety_high",
        ),
        (
            with(FindingWeight::NeedsPerson, "policy.politics"),
            "politics_medium",
        ),
    ] {
        assert_eq!(risk_of(&facts), risk, "{:?}", facts.payload);
    }
}

#[test]
fn the_rationale_says_who_judged_and_what_was_weak() {
    let good = judge(&facts(GOOD));
    assert!(
        good.rationale.starts_with("Rehearsal, not an AI"),
        "{}",
        good.rationale
    );
    let bad = judge(&facts("Best coffee ever!!"));
    assert!(bad.confidence < good.confidence);
    assert!(bad.rationale.contains("“best”"), "{}", bad.rationale);
}

#[test]
fn a_post_is_found_in_a_nested_request_and_its_label_counts() {
    let nested = |label: bool| JudgeFacts {
        artifact_type: ArtifactType::PostIntent,
        payload: json!({"platform": "sandbox", "content": {"text": GOOD}, "disclosure": {"ai_generated": label}}),
        ..facts(GOOD)
    };
    let (labelled, bare) = (judge(&nested(true)), judge(&nested(false)));
    assert!(labelled.criteria.iter().any(|line| line.name == "label"));
    assert!(labelled.confidence >= judge(&facts(GOOD)).confidence);
    assert_eq!(bare.confidence.basis_points(), 3_000);
}

#[test]
fn a_report_is_judged_by_what_it_kept() {
    let items = feed("coffee");
    let report = |kept: &[f64]| {
        let picks: Vec<_> = kept
            .iter()
            .zip(&items)
            .map(|(relevance, item)| json!({"trend": item, "relevance": relevance, "why": "Shares coffee with what is sought; fresh."}))
            .collect();
        JudgeFacts {
            artifact_type: ArtifactType::TrendReport,
            payload: json!({"summary": "Read.", "picks": picks, "left_out": 6, "blocked": 0, "unread": []}),
            ..facts("")
        }
    };
    let scores: Vec<_> = [&[0.9, 0.9, 0.9][..], &[0.9, 0.6], &[0.9], &[]]
        .iter()
        .map(|kept| judge(&report(kept)).confidence.basis_points())
        .collect();
    assert!(scores.is_sorted_by(|one, other| one > other), "{scores:?}");
    assert!(scores[0] > 9_000 && scores[3] <= 3_000, "{scores:?}");
}

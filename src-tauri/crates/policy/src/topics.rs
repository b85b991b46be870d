//! What sensitive topics mean for a draft: reasons, and the least risk that they leave.
//!
//! Never here: a score, or where the topics stand (`sensitive`).

use chimera_domain::{
    persona::Persona,
    verdict::{Finding, FindingWeight, RiskCategory, RiskLevel, TextSpan},
};

use crate::{Policy, SensitiveCategory, SensitiveRule, detect};

/// Topics that policy sends to a person, and topics that this persona leaves alone.
#[must_use]
pub fn topic_findings(policy: &Policy, persona: &Persona, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for hit in detect(text, &policy.sensitive) {
        let rule = format!("policy.{}", hit.category.as_str());
        let message = format!(
            "\"{}\" touches {}, which always goes to a person.",
            hit.term,
            hit.category.as_str()
        );
        findings.push(finding(
            &rule,
            FindingWeight::NeedsPerson,
            message,
            Some(hit.span),
        ));
    }
    for topic in &persona.forbidden_topics {
        let rule = SensitiveRule {
            category: SensitiveCategory::Custom,
            terms: vec![topic.to_lowercase()],
        };
        for hit in detect(text, &[rule]) {
            let message = format!("SOUL violation: this persona leaves \"{topic}\" alone.");
            findings.push(finding(
                "persona.forbidden_topic",
                FindingWeight::Fails,
                message,
                Some(hit.span),
            ));
        }
    }
    findings
}

/// A sensitive topic makes the risk at least medium, with its subject, whatever the model thinks.
#[must_use]
pub fn raised(risk: RiskCategory, findings: &[Finding]) -> RiskCategory {
    let sensitive = findings
        .iter()
        .find(|finding| finding.weight == FindingWeight::NeedsPerson);
    match sensitive {
        Some(finding) if risk.level < RiskLevel::Medium => RiskCategory {
            subject: finding
                .rule
                .strip_prefix("policy.")
                .map(str::to_owned)
                .or(risk.subject),
            level: RiskLevel::Medium,
        },
        _ => risk,
    }
}

fn finding(rule: &str, weight: FindingWeight, message: String, span: Option<TextSpan>) -> Finding {
    Finding {
        rule: rule.to_owned(),
        weight,
        message,
        span,
    }
}

//! What rules find in an artifact without any model: persona, policy, gateway, network.
//!
//! Never here: a score.

use chimera_domain::{
    artifact::{Artifact, ArtifactType},
    post::PostContent,
    verdict::{Finding, FindingWeight, TextSpan},
};
use chimera_guard::{
    inbound::{ThreatLevel, scan},
    leaving,
    outbound::{self, Rules},
};
use chimera_policy::{Policy, topic_findings};

use crate::worker::Observation;

/// Most sources that could not be read whose reasons are told.
const MAX_UNREAD_TOLD: usize = 5;

/// What rules find, without any model: persona, policy, gateway, network.
pub(super) fn rule_findings(
    policy: &Policy,
    observed: &Observation,
    artifact: &Artifact,
    text: &str,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = unread_sources(observed, artifact).into_iter().collect();
    // Reports stay inside; their words are judged where they reach a post.
    if artifact.artifact_type == ArtifactType::TrendReport {
        return findings;
    }
    match Rules::new(&observed.persona.persona.forbidden, policy.security_terms()) {
        Ok(rules) => findings.extend(outbound::check(text, &rules).into_iter().map(from_gateway)),
        // Unreadable rules: stop and say so.
        Err(error) => findings.push(leaving::unreadable(&error)),
    }
    findings.extend(topic_findings(policy, &observed.persona.persona, text));
    if let Some(platform) = artifact.platform {
        let (length, most) = (text.chars().count(), platform.max_text_chars());
        if length > most {
            let message = format!("{length} characters; {platform} takes {most}.");
            findings.push(finding("post.length", FindingWeight::Fails, message, None));
        }
    }
    if let Ok(post) = serde_json::from_value::<PostContent>(artifact.payload.clone())
        && let Err(refusal) = post.validate()
    {
        findings.push(finding(
            "post.contract",
            FindingWeight::Fails,
            refusal.to_string(),
            None,
        ));
    }
    findings.extend(injection(text));
    let answers = leaving::answered(artifact);
    let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
    findings.extend(leaving::dishonest(text, &answers));
    findings
}

/// What a tool could not give is told to the judge and to the person who decides, and not swallowed (ERR-09).
fn unread_sources(observed: &Observation, artifact: &Artifact) -> Option<Finding> {
    let report = match artifact.artifact_type {
        ArtifactType::TrendReport => artifact,
        _ => observed.input(ArtifactType::TrendReport)?.0,
    };
    let unread: Vec<&str> = report
        .payload
        .get("unread")?
        .as_array()?
        .iter()
        .filter_map(|told| told.as_str())
        .take(MAX_UNREAD_TOLD)
        .collect();
    let (first, _) = unread.split_first()?;
    let message = match unread.len() {
        1 => format!("A source could not be read, so this builds on the others: {first}"),
        _ => format!(
            "Sources could not be read, so this builds on the others: {}",
            unread.join(" · ")
        ),
    };
    Some(finding("tool.failed", FindingWeight::Note, message, None))
}

/// Words to a machine: an attack where they are plain, a matter for a person where they only look so.
fn injection(text: &str) -> Option<Finding> {
    let scanned = scan(text);
    let (weight, says) = match scanned.threat {
        ThreatLevel::High => (FindingWeight::Attack, "carries"),
        ThreatLevel::Medium => (FindingWeight::NeedsPerson, "seems to carry"),
        ThreatLevel::Low | ThreatLevel::None => return None,
    };
    let why: Vec<String> = scanned
        .findings
        .into_iter()
        .map(|found| found.why)
        .collect();
    let message = format!(
        "The draft {says} instructions to a machine: {}.",
        why.join("; ")
    );
    Some(finding("gateway.injection", weight, message, None))
}

fn from_gateway(found: outbound::Finding) -> Finding {
    let (rule, weight) = leaving::rule_of(found.category);
    let span = TextSpan {
        start: u32::try_from(found.span.start).unwrap_or(u32::MAX),
        end: u32::try_from(found.span.end).unwrap_or(u32::MAX),
    };
    finding(rule, weight, found.why, Some(span))
}

pub(super) fn finding(
    rule: &str,
    weight: FindingWeight,
    message: String,
    span: Option<TextSpan>,
) -> Finding {
    Finding {
        rule: rule.to_owned(),
        weight,
        message,
        span,
    }
}

//! The rehearsal judge: the published checklist over an artifact, and the risk that follows from it.
//!
//! Never here: what a verdict leads to.

use chimera_domain::{
    artifact::ArtifactType,
    confidence::Confidence,
    trend::TrendReport,
    verdict::{Criterion, Finding, FindingWeight, RiskCategory, RiskLevel},
};
use chimera_ports::facts::{JudgeAnswer, JudgeFacts, Relevance};
use serde_json::Value;

use super::{
    checklist::{self, LINES, Source, Work},
    report,
    rules::Rules,
    topics::Topics,
};

/// Places in a payload where the text may stand.
const TEXT_PLACES: [&str; 5] = [
    "/text",
    "/content/text",
    "/post/text",
    "/content",
    "/text_content",
];
/// Places in a payload where the AI label may stand.
const LABEL_PLACES: [&str; 4] = [
    "/disclosure/ai_generated",
    "/is_ai_labeled",
    "/ai_generated",
    "/ai_label",
];
/// Lines that are named in the rationale as the weak ones.
const NAMED_WEAK: usize = 3;
/// Below this, in basis points, a line is weak.
const WEAK: u16 = 7_000;

/// Judges one artifact.
pub(crate) fn judge(facts: &JudgeFacts, topics: Topics) -> JudgeAnswer {
    match facts.artifact_type {
        ArtifactType::TrendReport => judge_report(facts, topics),
        ArtifactType::Caption | ArtifactType::PostIntent => judge_post(facts, topics),
    }
}

fn judge_post(facts: &JudgeFacts, topics: Topics) -> JudgeAnswer {
    let text = TEXT_PLACES
        .iter()
        .find_map(|place| facts.payload.pointer(place)?.as_str())
        .unwrap_or_default();
    let hashtags: Vec<String> = facts
        .payload
        .get("hashtags")
        .and_then(|list| serde_json::from_value(list.clone()).ok())
        .unwrap_or_default();
    let sources: Vec<Source> = facts
        .sources
        .iter()
        .map(|source| {
            Source::new(
                &source.title,
                &source.excerpt,
                source.url.as_deref().unwrap_or_default(),
            )
        })
        .collect();
    let rules = Rules::of_work(
        &facts.persona,
        &facts.goal,
        &facts.instructions,
        &[],
        &facts.memories,
        topics,
    );
    let bound = facts
        .max_chars
        .and_then(|bound| usize::try_from(bound).ok())
        .or_else(|| {
            facts
                .platform
                .map(chimera_domain::platform::Platform::max_text_chars)
        });
    let report = checklist::examine(&Work {
        text,
        hashtags: &hashtags,
        persona: &facts.persona,
        goal: &facts.goal,
        rules: &rules,
        max_chars: bound,
        sources: &sources,
        previous: &facts.previous_posts,
        findings: &facts.findings,
        label: label(&facts.payload),
    });
    let risk = risk(topics, text, &report.criteria, &facts.findings);
    JudgeAnswer {
        rationale: rationale(&report.criteria, report.held_by, &risk),
        confidence: report.total,
        criteria: report.criteria,
        risk,
    }
}

fn label(payload: &Value) -> Option<bool> {
    LABEL_PLACES
        .iter()
        .find_map(|place| payload.pointer(place)?.as_bool())
}

fn judge_report(facts: &JudgeFacts, topics: Topics) -> JudgeAnswer {
    let report = serde_json::from_value::<TrendReport>(facts.payload.clone()).ok();
    let left_out = report.as_ref().map_or(0, |report| report.left_out);
    let picks: Vec<Relevance> = report
        .into_iter()
        .flat_map(|report| report.picks)
        .map(|pick| Relevance {
            trend_id: pick.trend.id,
            relevance: pick.relevance,
            why: pick.why,
        })
        .collect();
    let lowest = picks
        .iter()
        .map(|pick| pick.relevance)
        .min()
        .unwrap_or(Confidence::NONE);
    let report = report::examine(
        &picks,
        picks.len() + usize::try_from(left_out).unwrap_or(usize::MAX),
        lowest,
    );
    let risk = risk(topics, "", &report.criteria, &facts.findings);
    JudgeAnswer {
        rationale: rationale(&report.criteria, None, &risk),
        confidence: report.total,
        criteria: report.criteria,
        risk,
    }
}

/// Risk from what was found: an attack is high, a failing rule or what the persona forbids is high for
/// the brand, a sensitive topic or a rule that wants a person is medium under its subject, an unsupported
/// claim is medium, all else is low.
fn risk(topics: Topics, text: &str, criteria: &[Criterion], findings: &[Finding]) -> RiskCategory {
    let with = |subject: &str, level| RiskCategory {
        subject: Some(subject.to_owned()),
        level,
    };
    let found = |weight| findings.iter().find(|finding| finding.weight == weight);
    let zero = |name: &str| {
        criteria
            .iter()
            .any(|line| line.name == name && line.score.basis_points() == 0)
    };
    if found(FindingWeight::Attack).is_some() {
        return with("security", RiskLevel::High);
    }
    if found(FindingWeight::Fails).is_some() || zero("forbidden") {
        return with("brand_safety", RiskLevel::High);
    }
    if let Some((topic, _)) = checklist::sensitive_topic(topics, text) {
        return with(topic.word(), RiskLevel::Medium);
    }
    if let Some(finding) = found(FindingWeight::NeedsPerson) {
        let subject = finding.rule.rsplit('.').next().unwrap_or("policy");
        return with(subject, RiskLevel::Medium);
    }
    let unsupported = criteria
        .iter()
        .any(|line| line.name == "claims" && line.note.contains("stand in no source"));
    if unsupported {
        return with("factual", RiskLevel::Medium);
    }
    RiskCategory {
        subject: None,
        level: RiskLevel::Low,
    }
}

fn rationale(criteria: &[Criterion], held_by: Option<&str>, risk: &RiskCategory) -> String {
    let mut weak: Vec<&Criterion> = criteria
        .iter()
        .filter(|line| line.score.basis_points() < WEAK)
        .collect();
    weak.sort_by_key(|line| line.score);
    let mut text = format!(
        "Rehearsal, not an AI: {} of the checklist's {} lines applied.",
        criteria.len(),
        LINES.len().max(criteria.len())
    );
    if let Some(line) = held_by {
        text.push_str(&format!(" The line “{line}” caps the whole."));
    }
    if weak.is_empty() {
        text.push_str(" No line is weak.");
    }
    for line in weak.iter().take(NAMED_WEAK) {
        text.push_str(&format!(" {}: {}", line.name, line.note));
    }
    text.push_str(&format!(" Risk: {}.", String::from(risk.clone())));
    text
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;

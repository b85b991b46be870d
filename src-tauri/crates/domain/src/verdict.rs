//! A judge's verdict: two scores, the lower one counts, and every reason in words (C33).
//!
//! Never here: where a verdict leads (policy routes it).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    confidence::Confidence,
    digest::Digest,
    id::{ArtifactId, TaskId, TenantId, VerdictId},
    time::Timestamp,
};

/// How much harm a mistake would do (C01).
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum RiskLevel {
    /// Little.
    Low,
    /// Some.
    Medium,
    /// Much.
    High,
}

impl RiskLevel {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// A risk with its subject, written `brand_safety_medium`, or plainly `low`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct RiskCategory {
    /// What is at risk, for example `brand_safety`; absent when nothing in particular.
    pub subject: Option<String>,
    /// How much.
    pub level: RiskLevel,
}

/// Text that is no risk category.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is not a risk category; write low, medium or high, or a subject before it: brand_safety_medium"
)]
pub struct InvalidRisk(pub String);

impl TryFrom<String> for RiskCategory {
    type Error = InvalidRisk;
    fn try_from(text: String) -> Result<Self, InvalidRisk> {
        let (subject, word) = match text.rsplit_once('_') {
            Some((subject, word)) => (Some(subject), word),
            None => (None, text.as_str()),
        };
        let level = match word {
            "low" => RiskLevel::Low,
            "medium" => RiskLevel::Medium,
            "high" => RiskLevel::High,
            _ => return Err(InvalidRisk(text)),
        };
        Ok(Self {
            subject: subject
                .filter(|subject| !subject.is_empty())
                .map(str::to_owned),
            level,
        })
    }
}

impl From<RiskCategory> for String {
    fn from(risk: RiskCategory) -> Self {
        match risk.subject {
            Some(subject) => format!("{subject}_{}", risk.level.as_str()),
            None => risk.level.as_str().to_owned(),
        }
    }
}

/// What a finding means for the route.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingWeight {
    /// Told, no more.
    Note,
    /// A person must look, whatever the score (GOV-03, GOV-04).
    NeedsPerson,
    /// It cannot pass as it is (forbidden word, over length, missing label).
    Fails,
    /// Somebody tries to steer the agent.
    Attack,
}

/// Bytes of a text that a finding is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextSpan {
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

/// One reason, in words.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Stable rule, for example `policy.health` or `persona.forbidden_word`.
    pub rule: String,
    /// What it means for the route.
    pub weight: FindingWeight,
    /// One sentence for people.
    pub message: String,
    /// Where in the judged text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<TextSpan>,
}

/// One line of the checklist that the score came from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// What was looked at, for example `voice`.
    pub name: String,
    /// How well it does.
    pub score: Confidence,
    /// Why, in one sentence.
    #[serde(default)]
    pub note: String,
}

/// A judge's verdict on one artifact.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// Key.
    pub verdict_id: VerdictId,
    /// Owner of the row.
    pub tenant_id: TenantId,
    /// The task.
    pub task_id: TaskId,
    /// What was judged.
    pub artifact_id: ArtifactId,
    /// The maker's estimate, when it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker_confidence: Option<Confidence>,
    /// The judge's own score.
    pub judge_confidence: Confidence,
    /// What counts: the lower of the two, and never above what the work it builds on had.
    pub confidence_score: Confidence,
    /// Risk.
    pub risk_category: RiskCategory,
    /// What the score came from.
    pub criteria: Vec<Criterion>,
    /// Reasons.
    pub findings: Vec<Finding>,
    /// The judge's reasoning in a few sentences.
    pub rationale: String,
    /// The judge: model name, or `rehearsal, not an AI`.
    pub judge: String,
    /// Policy that was applied.
    pub policy_version: u32,
    /// What of the campaign it was judged by ([`crate::campaign::Campaign::judged_by`]); absent when it was not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub judged_by: Option<Digest>,
    /// When.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn risk_categories_read_with_and_without_subject() {
        for text in ["low", "high", "brand_safety_medium"] {
            let risk: RiskCategory = serde_json::from_value(text.into()).unwrap();
            assert_eq!(serde_json::to_value(&risk).unwrap(), text);
        }
        let risk: RiskCategory = serde_json::from_value("brand_safety_medium".into()).unwrap();
        assert_eq!(
            risk,
            RiskCategory {
                subject: Some("brand_safety".into()),
                level: RiskLevel::Medium
            }
        );
        assert!(serde_json::from_value::<RiskCategory>("terrible".into()).is_err());
    }
}

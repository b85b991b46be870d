//! Artifacts, sources, verdicts, skills.

use chimera_contract::{
    scalar::{Digest, Id, Time, Usd},
    work as wire,
};
use chimera_domain::{
    action::{EffectClass, OutwardAction},
    artifact::{Artifact, ArtifactType, GenerationMetadata, Origin, SourceRef},
    skill::{SideEffects, SkillManifest, SkillRun},
    verdict::{Criterion, Finding, FindingWeight, RiskCategory, RiskLevel, TextSpan, Verdict},
};
use serde_json::Value;

use crate::{ToWire, mirror};

mirror!(ArtifactType => wire::ArtifactType { TrendReport, Caption, PostIntent });
mirror!(EffectClass => wire::EffectClass { Read, InternalWrite, Outward, Money } and back);
mirror!(RiskLevel => wire::RiskLevel { Low, Medium, High });
mirror!(FindingWeight => wire::FindingWeight { Note, NeedsPerson, Fails, Attack });

impl ToWire for Origin {
    type Wire = wire::Origin;
    fn wire(&self) -> wire::Origin {
        use wire::Origin as Out;
        match self {
            Self::Operator => Out::Operator,
            Self::Persona => Out::Persona,
            Self::Memory => Out::Memory,
            Self::Tool { tool } => Out::Tool { tool: tool.clone() },
            Self::Untrusted { source } => Out::Untrusted {
                source: source.clone(),
            },
            Self::Model => Out::Model,
        }
    }
}

impl ToWire for SourceRef {
    type Wire = wire::Source;
    fn wire(&self) -> wire::Source {
        wire::Source {
            origin: self.origin.wire(),
            title: self.title.clone(),
            url: self.url.clone(),
            excerpt: self.excerpt.clone(),
            fetched_at: Time::of(self.fetched_at),
        }
    }
}

impl ToWire for OutwardAction {
    type Wire = wire::Action;
    fn wire(&self) -> wire::Action {
        wire::Action {
            tool: self.tool.to_string(),
            effect: self.effect.wire(),
            arguments: self.arguments.clone(),
            platform: self.platform.wire(),
            account: self.account.clone(),
        }
    }
}

impl ToWire for GenerationMetadata {
    type Wire = wire::Generation;
    fn wire(&self) -> wire::Generation {
        wire::Generation {
            model: self.model.clone(),
            prompt_version: self.prompt_version.clone(),
            input_tokens: self.input_tokens,
            output_tokens: self.output_tokens,
            cost: (!self.unpriced).then(|| Usd::of(self.cost)),
            rehearsal: self.rehearsal,
            generated_by: self.generated_by.clone(),
        }
    }
}

impl ToWire for Artifact {
    type Wire = wire::Artifact;
    fn wire(&self) -> wire::Artifact {
        wire::Artifact {
            id: Id::of(self.artifact_id),
            task: Id::of(self.task_id),
            artifact_type: self.artifact_type.wire(),
            text: text_of(self),
            payload: self.payload.clone(),
            action: self.action.wire(),
            platform: self.platform.wire(),
            sources: self.sources.wire(),
            provenance: crate::provenance::of(self),
            confidence: self.confidence_score.wire(),
            generation: self.generation_metadata.wire(),
            edited_from: self.edited_from.map(Id::of),
            digest: Digest::of(self.digest),
            created_at: Time::of(self.created_at),
        }
    }
}

/// The words of an artifact: a post's text, or a report's summary.
pub fn text_of(artifact: &Artifact) -> Option<String> {
    let place = match artifact.artifact_type {
        ArtifactType::Caption => "/text",
        ArtifactType::PostIntent => "/content/text",
        ArtifactType::TrendReport => "/summary",
    };
    artifact
        .payload
        .pointer(place)
        .and_then(Value::as_str)
        .map(str::to_owned)
}

impl ToWire for RiskCategory {
    type Wire = wire::Risk;
    fn wire(&self) -> wire::Risk {
        wire::Risk {
            level: self.level.wire(),
            subject: self.subject.clone(),
            category: self.clone().into(),
        }
    }
}

impl ToWire for Criterion {
    type Wire = wire::Criterion;
    fn wire(&self) -> wire::Criterion {
        wire::Criterion {
            name: self.name.clone(),
            score: self.score.wire(),
            note: self.note.clone(),
        }
    }
}

/// Findings with their places in `text` as JavaScript counts them.
pub fn findings(findings: &[Finding], text: &str) -> Vec<wire::Finding> {
    findings
        .iter()
        .map(|finding| wire::Finding {
            rule: finding.rule.clone(),
            weight: finding.weight.wire(),
            message: finding.message.clone(),
            span: finding.span.and_then(|span| utf16(span, text)),
        })
        .collect()
}

/// A verdict on `text`.
pub fn verdict(verdict: &Verdict, text: &str) -> wire::Verdict {
    wire::Verdict {
        id: Id::of(verdict.verdict_id),
        artifact: Id::of(verdict.artifact_id),
        worker_confidence: verdict.worker_confidence.wire(),
        judge_confidence: verdict.judge_confidence.wire(),
        confidence: verdict.confidence_score.wire(),
        risk: verdict.risk_category.wire(),
        criteria: verdict.criteria.wire(),
        findings: findings(&verdict.findings, text),
        rationale: verdict.rationale.clone(),
        judge: verdict.judge.clone(),
        policy_version: verdict.policy_version,
        created_at: Time::of(verdict.created_at),
    }
}

/// Bytes to UTF-16 units; `None` where the bytes do not lie in `text`.
fn utf16(span: TextSpan, text: &str) -> Option<wire::TextSpan> {
    let (start, end) = (
        usize::try_from(span.start).ok()?,
        usize::try_from(span.end).ok()?,
    );
    let (before, inside) = (text.get(..start)?, text.get(start..end)?);
    let units = |part: &str| u32::try_from(part.encode_utf16().count()).ok();
    let start = units(before)?;
    Some(wire::TextSpan {
        start,
        end: start + units(inside)?,
    })
}

impl ToWire for SkillManifest {
    type Wire = wire::Skill;
    fn wire(&self) -> wire::Skill {
        let run = match self.run {
            SkillRun::Native => "native",
            SkillRun::Loop => "loop",
        };
        wire::Skill {
            name: self.name.clone(),
            description: self.description.clone(),
            version: self.version.clone(),
            kind: self.task_kind.wire(),
            run: run.to_owned(),
            prepares_action: self.side_effects == SideEffects::Intent,
            tools: self.tools.clone(),
            input_schema: self.input_schema.clone(),
            output_schema: self.output_schema.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_javascript_counts() {
        let text = "é🚀cure";
        let span = TextSpan { start: 6, end: 10 };
        assert_eq!(text.get(6..10), Some("cure"));
        assert_eq!(utf16(span, text), Some(wire::TextSpan { start: 3, end: 7 }));
        for outside in [
            TextSpan { start: 0, end: 99 },
            TextSpan { start: 1, end: 2 },
            TextSpan { start: 5, end: 2 },
        ] {
            assert_eq!(utf16(outside, text), None);
        }
    }
}

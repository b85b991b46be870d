//! Rows of `reviews`.

use chimera_domain::{
    review::{Claim, ContentPreview, Review},
    time::Timestamp,
    verdict::FindingWeight,
};

use super::{BadRow, Cells, json, points, word};
use crate::{failure::Failure, table::table};

table! {
    /// An item in the review queue.
    "reviews" as ReviewRow, key "id";
    fixed { id: String, tenant_id: String, campaign_id: String, task_id: String, created_at: i64 }
    live {
        agent_id: String,
        artifact_id: String,
        preview_kind: String,
        preview_text: String,
        platform: Option<String>,
        confidence_score: i64,
        worker_confidence: Option<i64>,
        judge_confidence: i64,
        risk_category: String,
        band: String,
        reason_for_escalation: String,
        findings: String,
        sensitive: i64,
        tainted: i64,
        rehearsal: i64,
        suggested_actions: String,
        shown: String,
        priority: i64,
        state: String,
        claimed_by: Option<String>,
        claimed_until: Option<i64>,
        decided_by: Option<String>,
        decided_at: Option<i64>,
        note: Option<String>,
        reject_reason: Option<String>,
        expires_at: i64,
        version_id: String,
    }
}

impl ReviewRow {
    pub(crate) fn of(review: &Review) -> Result<Self, Failure> {
        let sensitive = review
            .findings
            .iter()
            .any(|finding| finding.weight == FindingWeight::NeedsPerson);
        Ok(Self {
            id: review.review_id.to_string(),
            tenant_id: review.tenant_id.to_string(),
            campaign_id: review.campaign_id.to_string(),
            task_id: review.task_id.to_string(),
            created_at: review.created_at.micros(),
            agent_id: review.agent_id.to_string(),
            artifact_id: review.artifact_id.to_string(),
            preview_kind: review.content_preview.kind.clone(),
            preview_text: review.content_preview.text.clone(),
            platform: review.platform.map(|platform| platform.as_str().to_owned()),
            confidence_score: points(review.confidence_score),
            worker_confidence: review.worker_confidence.map(points),
            judge_confidence: points(review.judge_confidence),
            risk_category: String::from(review.risk_category.clone()),
            band: word(&review.band)?,
            reason_for_escalation: json(&review.reason_for_escalation)?,
            findings: json(&review.findings)?,
            sensitive: i64::from(sensitive),
            tainted: i64::from(review.tainted),
            rehearsal: i64::from(review.rehearsal),
            suggested_actions: json(&review.suggested_actions)?,
            shown: review.shown.to_string(),
            priority: i64::from(review.priority),
            state: review.state.as_str().to_owned(),
            claimed_by: review.claim.as_ref().map(|claim| claim.by.to_string()),
            claimed_until: review.claim.as_ref().map(|claim| claim.until.micros()),
            decided_by: review.decided_by.map(|id| id.to_string()),
            decided_at: review.decided_at.map(Timestamp::micros),
            note: review.note.clone(),
            reject_reason: review.reject_reason.as_ref().map(word).transpose()?,
            expires_at: review.expires_at.micros(),
            version_id: review.version.to_string(),
        })
    }
}

impl TryFrom<ReviewRow> for Review {
    type Error = BadRow;

    fn try_from(row: ReviewRow) -> Result<Self, BadRow> {
        let cells = Cells("reviews");
        let claim = match (row.claimed_by.as_deref(), row.claimed_until) {
            (Some(by), Some(until)) => Some(Claim {
                by: cells.text("claimed_by", by)?,
                until: Timestamp::from_micros(until),
            }),
            _ => None,
        };
        Ok(Self {
            review_id: cells.text("id", &row.id)?,
            tenant_id: cells.text("tenant_id", &row.tenant_id)?,
            campaign_id: cells.text("campaign_id", &row.campaign_id)?,
            task_id: cells.text("task_id", &row.task_id)?,
            agent_id: cells.text("agent_id", &row.agent_id)?,
            artifact_id: cells.text("artifact_id", &row.artifact_id)?,
            content_preview: ContentPreview {
                kind: row.preview_kind,
                text: row.preview_text,
            },
            platform: cells.maybe_word("platform", row.platform.as_deref())?,
            confidence_score: cells.score("confidence_score", row.confidence_score)?,
            worker_confidence: row
                .worker_confidence
                .map(|score| cells.score("worker_confidence", score))
                .transpose()?,
            judge_confidence: cells.score("judge_confidence", row.judge_confidence)?,
            risk_category: cells.word("risk_category", &row.risk_category)?,
            band: cells.word("band", &row.band)?,
            reason_for_escalation: cells
                .json("reason_for_escalation", &row.reason_for_escalation)?,
            findings: cells.json("findings", &row.findings)?,
            tainted: row.tainted != 0,
            rehearsal: row.rehearsal != 0,
            suggested_actions: cells.json("suggested_actions", &row.suggested_actions)?,
            shown: cells.text("shown", &row.shown)?,
            priority: cells.number("priority", row.priority)?,
            state: cells.word("state", &row.state)?,
            claim,
            decided_by: cells.maybe_text("decided_by", row.decided_by.as_deref())?,
            decided_at: row.decided_at.map(Timestamp::from_micros),
            note: row.note,
            reject_reason: cells.maybe_word("reject_reason", row.reject_reason.as_deref())?,
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            version: cells.text("version_id", &row.version_id)?,
        })
    }
}

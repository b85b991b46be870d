//! Rows of `attempts`, `artifacts` and `verdicts`.

use chimera_domain::{artifact::Artifact, change::Attempt, time::Timestamp, verdict::Verdict};

use super::{BadRow, Cells, json, maybe_json, points, word};
use crate::{failure::Failure, table::table};

table! {
    /// One run of a task. Who ran it and since when is kept from the first row that told.
    "attempts" as AttemptRow, key "task_id" + "id";
    fixed { id: String, tenant_id: String, task_id: String, worker: String, started_at: i64 }
    live { ended_at: Option<i64>, outcome: String, fault: Option<String> }
}

table! {
    /// What a worker prepared.
    "artifacts" as ArtifactRow, key "id";
    fixed {
        id: String,
        tenant_id: String,
        campaign_id: String,
        task_id: String,
        agent_id: String,
        attempt_id: Option<String>,
        edited_from: Option<String>,
        artifact_type: String,
        payload: String,
        action: Option<String>,
        platform: Option<String>,
        sources: String,
        confidence_score: Option<i64>,
        generation_metadata: String,
        cost_usd: i64,
        state_snapshot_version: i64,
        digest: String,
        created_at: i64,
        recalled: String,
        provenance: Option<String>,
    }
    live {}
}

table! {
    /// A judge's verdict.
    "verdicts" as VerdictRow, key "artifact_id" + "created_at" + "id";
    fixed {
        id: String,
        tenant_id: String,
        task_id: String,
        artifact_id: String,
        worker_confidence: Option<i64>,
        judge_confidence: i64,
        confidence_score: i64,
        risk_category: String,
        criteria: String,
        findings: String,
        rationale: String,
        judge: String,
        policy_version: i64,
        created_at: i64,
        judged_by: Option<String>,
    }
    live {}
}

impl AttemptRow {
    pub(crate) fn of(attempt: &Attempt) -> Result<Self, Failure> {
        Ok(Self {
            id: attempt.id.to_string(),
            tenant_id: attempt.tenant.to_string(),
            task_id: attempt.task.to_string(),
            worker: attempt.worker.clone(),
            started_at: attempt.started_at.micros(),
            ended_at: attempt.ended_at.map(Timestamp::micros),
            outcome: attempt.outcome.clone(),
            fault: maybe_json(attempt.fault.as_ref())?,
        })
    }
}

impl TryFrom<AttemptRow> for Attempt {
    type Error = BadRow;

    fn try_from(row: AttemptRow) -> Result<Self, BadRow> {
        let cells = Cells("attempts");
        Ok(Self {
            id: cells.text("id", &row.id)?,
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            task: cells.text("task_id", &row.task_id)?,
            worker: row.worker,
            started_at: Timestamp::from_micros(row.started_at),
            ended_at: row.ended_at.map(Timestamp::from_micros),
            outcome: row.outcome,
            fault: cells.maybe_json("fault", row.fault.as_deref())?,
        })
    }
}

impl ArtifactRow {
    pub(crate) fn of(artifact: &Artifact) -> Result<Self, Failure> {
        Ok(Self {
            id: artifact.artifact_id.to_string(),
            tenant_id: artifact.tenant_id.to_string(),
            campaign_id: artifact.campaign_id.to_string(),
            task_id: artifact.task_id.to_string(),
            agent_id: artifact.agent_id.to_string(),
            attempt_id: artifact.attempt_id.map(|id| id.to_string()),
            edited_from: artifact.edited_from.map(|id| id.to_string()),
            artifact_type: word(&artifact.artifact_type)?,
            payload: json(&artifact.payload)?,
            action: maybe_json(artifact.action.as_ref())?,
            platform: artifact
                .platform
                .map(|platform| platform.as_str().to_owned()),
            sources: json(&artifact.sources)?,
            confidence_score: artifact.confidence_score.map(points),
            generation_metadata: json(&artifact.generation_metadata)?,
            cost_usd: artifact.generation_metadata.cost.nanos(),
            state_snapshot_version: artifact.state_snapshot_version,
            digest: artifact.digest.to_string(),
            created_at: artifact.created_at.micros(),
            recalled: json(&artifact.recalled)?,
            provenance: maybe_json(artifact.provenance.as_ref())?,
        })
    }
}

impl TryFrom<ArtifactRow> for Artifact {
    type Error = BadRow;

    fn try_from(row: ArtifactRow) -> Result<Self, BadRow> {
        let cells = Cells("artifacts");
        Ok(Self {
            artifact_id: cells.text("id", &row.id)?,
            tenant_id: cells.text("tenant_id", &row.tenant_id)?,
            campaign_id: cells.text("campaign_id", &row.campaign_id)?,
            task_id: cells.text("task_id", &row.task_id)?,
            agent_id: cells.text("agent_id", &row.agent_id)?,
            attempt_id: cells.maybe_text("attempt_id", row.attempt_id.as_deref())?,
            edited_from: cells.maybe_text("edited_from", row.edited_from.as_deref())?,
            artifact_type: cells.word("artifact_type", &row.artifact_type)?,
            payload: cells.json("payload", &row.payload)?,
            action: cells.maybe_json("action", row.action.as_deref())?,
            platform: cells.maybe_word("platform", row.platform.as_deref())?,
            sources: cells.json("sources", &row.sources)?,
            recalled: cells.json("recalled", &row.recalled)?,
            provenance: cells.maybe_json("provenance", row.provenance.as_deref())?,
            confidence_score: row
                .confidence_score
                .map(|score| cells.score("confidence_score", score))
                .transpose()?,
            generation_metadata: cells.json("generation_metadata", &row.generation_metadata)?,
            state_snapshot_version: row.state_snapshot_version,
            digest: cells.text("digest", &row.digest)?,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

impl VerdictRow {
    pub(crate) fn of(verdict: &Verdict) -> Result<Self, Failure> {
        Ok(Self {
            id: verdict.verdict_id.to_string(),
            tenant_id: verdict.tenant_id.to_string(),
            task_id: verdict.task_id.to_string(),
            artifact_id: verdict.artifact_id.to_string(),
            worker_confidence: verdict.worker_confidence.map(points),
            judge_confidence: points(verdict.judge_confidence),
            confidence_score: points(verdict.confidence_score),
            risk_category: String::from(verdict.risk_category.clone()),
            criteria: json(&verdict.criteria)?,
            findings: json(&verdict.findings)?,
            rationale: verdict.rationale.clone(),
            judge: verdict.judge.clone(),
            policy_version: i64::from(verdict.policy_version),
            created_at: verdict.created_at.micros(),
            judged_by: verdict.judged_by.map(|digest| digest.to_string()),
        })
    }
}

impl TryFrom<VerdictRow> for Verdict {
    type Error = BadRow;

    fn try_from(row: VerdictRow) -> Result<Self, BadRow> {
        let cells = Cells("verdicts");
        Ok(Self {
            verdict_id: cells.text("id", &row.id)?,
            tenant_id: cells.text("tenant_id", &row.tenant_id)?,
            task_id: cells.text("task_id", &row.task_id)?,
            artifact_id: cells.text("artifact_id", &row.artifact_id)?,
            worker_confidence: row
                .worker_confidence
                .map(|score| cells.score("worker_confidence", score))
                .transpose()?,
            judge_confidence: cells.score("judge_confidence", row.judge_confidence)?,
            confidence_score: cells.score("confidence_score", row.confidence_score)?,
            risk_category: cells.word("risk_category", &row.risk_category)?,
            criteria: cells.json("criteria", &row.criteria)?,
            findings: cells.json("findings", &row.findings)?,
            rationale: row.rationale,
            judge: row.judge,
            policy_version: cells.number("policy_version", row.policy_version)?,
            judged_by: cells.maybe_text("judged_by", row.judged_by.as_deref())?,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

//! Rows of `plans`.

use chimera_domain::{plan::Plan, time::Timestamp};

use super::{BadRow, Cells, json, word};
use crate::{failure::Failure, table::table};

table! {
    /// One revision of a plan.
    "plans" as PlanRow, key "campaign_id" + "revision";
    fixed {
        id: String,
        tenant_id: String,
        campaign_id: String,
        revision: i64,
        steps: String,
        author: String,
        rationale: String,
        private: Option<String>,
        version_id: String,
        updated_at: i64,
    }
    live {}
}

impl PlanRow {
    pub(crate) fn of(plan: &Plan) -> Result<Self, Failure> {
        Ok(Self {
            id: plan.id.to_string(),
            tenant_id: plan.tenant.to_string(),
            campaign_id: plan.campaign.to_string(),
            revision: i64::from(plan.revision),
            steps: json(&plan.steps)?,
            author: plan.author.clone(),
            rationale: plan.rationale.clone(),
            private: plan.private.as_ref().map(word).transpose()?,
            version_id: plan.version.to_string(),
            updated_at: plan.updated_at.micros(),
        })
    }
}

impl TryFrom<PlanRow> for Plan {
    type Error = BadRow;

    fn try_from(row: PlanRow) -> Result<Self, BadRow> {
        let cells = Cells("plans");
        Ok(Self {
            id: cells.text("id", &row.id)?,
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            campaign: cells.text("campaign_id", &row.campaign_id)?,
            revision: cells.number("revision", row.revision)?,
            steps: cells.json("steps", &row.steps)?,
            author: row.author,
            rationale: row.rationale,
            private: cells.maybe_word("private", row.private.as_deref())?,
            version: cells.text("version_id", &row.version_id)?,
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

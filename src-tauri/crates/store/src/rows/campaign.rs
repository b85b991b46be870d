//! Rows of `campaigns` and `campaign_progress`.

use chimera_domain::{
    campaign::{Campaign, Progress},
    money::Usd,
    text::Goal,
    time::Timestamp,
    trace::TraceContext,
};

use super::{BadRow, Cells, json, maybe_json};
use crate::{failure::Failure, table::table};

table! {
    /// A campaign.
    "campaigns" as CampaignRow, key "id";
    fixed { id: String, tenant_id: String, created_at: i64 }
    live {
        agent_id: String,
        owner_id: String,
        name: String,
        goal_text: String,
        status: String,
        daily_budget_usd: i64,
        feeds: String,
        platforms: String,
        max_posts_per_day: i64,
        relevance_threshold_percent: i64,
        state_version: i64,
        fault: Option<String>,
        replans: i64,
        replanning: Option<String>,
        policy_version: i64,
        persona_version_id: String,
        trace_id: String,
        span_id: String,
        version_id: String,
        updated_at: i64,
    }
}

table! {
    /// Counters of a campaign's tasks.
    "campaign_progress" as ProgressRow, key "campaign_id";
    fixed { campaign_id: String, tenant_id: String }
    live { open_tasks: i64, completed_tasks: i64, failed_tasks: i64, cancelled_tasks: i64 }
}

impl CampaignRow {
    pub(crate) fn of(campaign: &Campaign) -> Result<Self, Failure> {
        Ok(Self {
            id: campaign.id.to_string(),
            tenant_id: campaign.tenant.to_string(),
            created_at: campaign.created_at.micros(),
            agent_id: campaign.agent.to_string(),
            owner_id: campaign.owner.to_string(),
            name: campaign.name.clone(),
            goal_text: campaign.goal.to_string(),
            status: campaign.status.as_str().to_owned(),
            daily_budget_usd: campaign.daily_budget.nanos(),
            feeds: json(&campaign.feeds)?,
            platforms: json(&campaign.platforms)?,
            max_posts_per_day: i64::from(campaign.max_posts_per_day),
            relevance_threshold_percent: i64::from(campaign.relevance_threshold_percent),
            state_version: campaign.state_version,
            fault: maybe_json(campaign.fault.as_ref())?,
            replans: i64::from(campaign.replans),
            replanning: maybe_json(campaign.replanning.as_ref())?,
            policy_version: i64::from(campaign.policy_version),
            persona_version_id: campaign.persona_version.to_string(),
            trace_id: campaign.trace.trace.to_string(),
            span_id: campaign.trace.span.to_string(),
            version_id: campaign.version.to_string(),
            updated_at: campaign.updated_at.micros(),
        })
    }
}

impl TryFrom<CampaignRow> for Campaign {
    type Error = BadRow;

    fn try_from(row: CampaignRow) -> Result<Self, BadRow> {
        let cells = Cells("campaigns");
        Ok(Self {
            id: cells.text("id", &row.id)?,
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            agent: cells.text("agent_id", &row.agent_id)?,
            owner: cells.text("owner_id", &row.owner_id)?,
            name: row.name,
            goal: Goal::new(&row.goal_text)
                .map_err(|why| cells.bad("goal_text", &row.goal_text, why))?,
            status: cells.word("status", &row.status)?,
            daily_budget: Usd::from_nanos(row.daily_budget_usd),
            feeds: cells.json("feeds", &row.feeds)?,
            platforms: cells.json("platforms", &row.platforms)?,
            max_posts_per_day: cells.number("max_posts_per_day", row.max_posts_per_day)?,
            relevance_threshold_percent: cells.number(
                "relevance_threshold_percent",
                row.relevance_threshold_percent,
            )?,
            state_version: row.state_version,
            fault: cells.maybe_json("fault", row.fault.as_deref())?,
            replans: cells.number("replans", row.replans)?,
            replanning: cells.maybe_json("replanning", row.replanning.as_deref())?,
            policy_version: cells.number("policy_version", row.policy_version)?,
            persona_version: cells.text("persona_version_id", &row.persona_version_id)?,
            trace: TraceContext {
                trace: cells.text("trace_id", &row.trace_id)?,
                span: cells.text("span_id", &row.span_id)?,
            },
            version: cells.text("version_id", &row.version_id)?,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl TryFrom<ProgressRow> for Progress {
    type Error = BadRow;

    fn try_from(row: ProgressRow) -> Result<Self, BadRow> {
        let cells = Cells("campaign_progress");
        Ok(Self {
            open: cells.number("open_tasks", row.open_tasks)?,
            completed: cells.number("completed_tasks", row.completed_tasks)?,
            failed: cells.number("failed_tasks", row.failed_tasks)?,
            cancelled: cells.number("cancelled_tasks", row.cancelled_tasks)?,
        })
    }
}

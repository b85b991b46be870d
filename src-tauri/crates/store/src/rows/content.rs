//! Rows of `content`, `publications`, `engagement`, `trends` and `trend_clusters`.

use chimera_domain::{
    id::TenantId,
    publication::{Content, Engagement, Publication},
    time::Timestamp,
    trend::{EngagementMetrics, Trend, TrendCluster},
};

use super::{BadRow, Cells, json, word};
use crate::{failure::Failure, table::table};

table! {
    /// A piece of content.
    "content" as ContentRow, key "id";
    fixed { id: String, tenant_id: String, campaign_id: String, task_id: String, created_at: i64 }
    live {
        r#type: String,
        script: String,
        style: Option<String>,
        local_path: Option<String>,
        metadata: String,
        status: String,
        trend_id: Option<String>,
        updated_at: i64,
    }
}

table! {
    /// A post that left, or is about to.
    "publications" as PublicationRow, key "id";
    fixed {
        id: String,
        tenant_id: String,
        agent_id: String,
        campaign_id: String,
        task_id: String,
        content_id: String,
    }
    live {
        platform: String,
        post_id: Option<String>,
        url: Option<String>,
        title: String,
        description: String,
        tags: String,
        published_at: Option<i64>,
        scheduled_at: Option<i64>,
        status: String,
        rehearsal: i64,
    }
}

table! {
    /// One reading of a publication's figures.
    "engagement" as EngagementRow, key "id";
    fixed {
        id: String,
        tenant_id: String,
        publication_id: String,
        content_id: String,
        views: Option<i64>,
        likes: Option<i64>,
        comments: Option<i64>,
        shares: Option<i64>,
        engagement_rate: Option<f64>,
        simulated: i64,
        recorded_at: i64,
    }
    live {}
}

table! {
    /// One thing that people talk about.
    "trends" as TrendRow, key "tenant_id" + "id";
    fixed { tenant_id: String, id: String }
    live {
        platform: String,
        topic: String,
        title: String,
        description: String,
        engagement_metrics: String,
        velocity: f64,
        created_at: i64,
        fetched_at: i64,
        url: String,
        tags: String,
    }
}

table! {
    /// What stood out in feeds.
    "trend_clusters" as TrendClusterRow, key "tenant_id" + "id";
    fixed { tenant_id: String, id: String }
    live { score: f64, found_at: i64, cluster: String }
}

impl TrendClusterRow {
    pub(crate) fn of(
        tenant: TenantId,
        cluster: &TrendCluster,
        found_at: Timestamp,
    ) -> Result<Self, Failure> {
        Ok(Self {
            tenant_id: tenant.to_string(),
            id: cluster.trend_id.clone(),
            score: cluster.score,
            found_at: found_at.micros(),
            cluster: json(cluster)?,
        })
    }
}

impl TryFrom<TrendClusterRow> for TrendCluster {
    type Error = BadRow;

    fn try_from(row: TrendClusterRow) -> Result<Self, BadRow> {
        Cells("trend_clusters").json("cluster", &row.cluster)
    }
}

/// A figure as the store keeps it; beyond 9.2 · 10¹⁸ it stops counting.
fn figure(count: Option<u64>) -> Option<i64> {
    count.map(|count| i64::try_from(count).unwrap_or(i64::MAX))
}

impl ContentRow {
    pub(crate) fn of(content: &Content) -> Result<Self, Failure> {
        Ok(Self {
            id: content.id.to_string(),
            tenant_id: content.tenant.to_string(),
            campaign_id: content.campaign.to_string(),
            task_id: content.task.to_string(),
            created_at: content.created_at.micros(),
            r#type: content.kind.clone(),
            script: content.script.clone(),
            style: content.style.clone(),
            local_path: content.local_path.clone(),
            metadata: json(&content.metadata)?,
            status: word(&content.status)?,
            trend_id: content.trend_id.clone(),
            updated_at: content.updated_at.micros(),
        })
    }
}

impl TryFrom<ContentRow> for Content {
    type Error = BadRow;

    fn try_from(row: ContentRow) -> Result<Self, BadRow> {
        let cells = Cells("content");
        Ok(Self {
            id: cells.text("id", &row.id)?,
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            campaign: cells.text("campaign_id", &row.campaign_id)?,
            task: cells.text("task_id", &row.task_id)?,
            kind: row.r#type,
            script: row.script,
            style: row.style,
            local_path: row.local_path,
            metadata: cells.json("metadata", &row.metadata)?,
            status: cells.word("status", &row.status)?,
            trend_id: row.trend_id,
            created_at: Timestamp::from_micros(row.created_at),
            updated_at: Timestamp::from_micros(row.updated_at),
        })
    }
}

impl PublicationRow {
    pub(crate) fn of(publication: &Publication) -> Result<Self, Failure> {
        Ok(Self {
            id: publication.id.to_string(),
            tenant_id: publication.tenant.to_string(),
            agent_id: publication.agent.to_string(),
            campaign_id: publication.campaign.to_string(),
            task_id: publication.task.to_string(),
            content_id: publication.content.to_string(),
            platform: publication.platform.as_str().to_owned(),
            post_id: publication.post_id.clone(),
            url: publication.url.clone(),
            title: publication.title.clone(),
            description: publication.description.clone(),
            tags: json(&publication.tags)?,
            published_at: publication.published_at.map(Timestamp::micros),
            scheduled_at: publication.scheduled_at.map(Timestamp::micros),
            status: word(&publication.status)?,
            rehearsal: i64::from(publication.rehearsal),
        })
    }
}

impl TryFrom<PublicationRow> for Publication {
    type Error = BadRow;

    fn try_from(row: PublicationRow) -> Result<Self, BadRow> {
        let cells = Cells("publications");
        Ok(Self {
            id: cells.text("id", &row.id)?,
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            agent: cells.text("agent_id", &row.agent_id)?,
            campaign: cells.text("campaign_id", &row.campaign_id)?,
            task: cells.text("task_id", &row.task_id)?,
            content: cells.text("content_id", &row.content_id)?,
            platform: cells.word("platform", &row.platform)?,
            post_id: row.post_id,
            url: row.url,
            title: row.title,
            description: row.description,
            tags: cells.json("tags", &row.tags)?,
            published_at: row.published_at.map(Timestamp::from_micros),
            scheduled_at: row.scheduled_at.map(Timestamp::from_micros),
            status: cells.word("status", &row.status)?,
            rehearsal: row.rehearsal != 0,
        })
    }
}

impl EngagementRow {
    pub(crate) fn of(reading: &Engagement) -> Self {
        Self {
            id: reading.id.to_string(),
            tenant_id: reading.tenant.to_string(),
            publication_id: reading.publication.to_string(),
            content_id: reading.content.to_string(),
            views: figure(reading.metrics.views),
            likes: figure(reading.metrics.likes),
            comments: figure(reading.metrics.comments),
            shares: figure(reading.metrics.shares),
            engagement_rate: reading.metrics.engagement_rate,
            simulated: i64::from(reading.simulated),
            recorded_at: reading.recorded_at.micros(),
        }
    }
}

impl TryFrom<EngagementRow> for Engagement {
    type Error = BadRow;

    fn try_from(row: EngagementRow) -> Result<Self, BadRow> {
        let cells = Cells("engagement");
        let count =
            |column, value: Option<i64>| value.map(|value| cells.number(column, value)).transpose();
        Ok(Self {
            id: cells.text("id", &row.id)?,
            tenant: cells.text("tenant_id", &row.tenant_id)?,
            publication: cells.text("publication_id", &row.publication_id)?,
            content: cells.text("content_id", &row.content_id)?,
            metrics: EngagementMetrics {
                views: count("views", row.views)?,
                likes: count("likes", row.likes)?,
                comments: count("comments", row.comments)?,
                shares: count("shares", row.shares)?,
                engagement_rate: row.engagement_rate,
            },
            simulated: row.simulated != 0,
            recorded_at: Timestamp::from_micros(row.recorded_at),
        })
    }
}

impl TrendRow {
    pub(crate) fn of(
        tenant: TenantId,
        trend: &Trend,
        fetched_at: Timestamp,
    ) -> Result<Self, Failure> {
        Ok(Self {
            tenant_id: tenant.to_string(),
            id: trend.id.clone(),
            platform: word(&trend.platform)?,
            topic: trend.topic.clone(),
            title: trend.title.clone(),
            description: trend.description.clone(),
            engagement_metrics: json(&trend.engagement_metrics)?,
            velocity: trend.velocity,
            created_at: trend.timestamp.micros(),
            fetched_at: fetched_at.micros(),
            url: trend.url.clone(),
            tags: json(&trend.tags)?,
        })
    }
}

impl TryFrom<TrendRow> for Trend {
    type Error = BadRow;

    fn try_from(row: TrendRow) -> Result<Self, BadRow> {
        let cells = Cells("trends");
        Ok(Self {
            platform: cells.word("platform", &row.platform)?,
            engagement_metrics: cells.json("engagement_metrics", &row.engagement_metrics)?,
            tags: cells.json("tags", &row.tags)?,
            id: row.id,
            topic: row.topic,
            title: row.title,
            description: row.description,
            velocity: row.velocity,
            timestamp: Timestamp::from_micros(row.created_at),
            url: row.url,
        })
    }
}

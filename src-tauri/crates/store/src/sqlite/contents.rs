//! Content, publications, engagement and trends.
//!
//! Never here: making content known in a transition (`commit`).

use std::collections::HashSet;

use async_trait::async_trait;
use chimera_domain::{
    change::Change,
    id::{AgentId, CampaignId, PublicationId, TenantId},
    platform::Platform,
    publication::{Content, Engagement, Publication},
    time::{Span, Timestamp},
    trend::{Trend, TrendCluster},
};
use chimera_ports::{
    error::PortError,
    page::{Page, PageRequest},
    store::{AgentPost, Contents},
};

use super::{
    campaigns::{all, end},
    commit::same_tenant,
    store::SqliteStore,
};
use crate::batch::{insert, upsert};
use crate::{
    cursor::{self, rows_to_read},
    failure::Failure,
    rows::{ContentRow, EngagementRow, PublicationRow, TrendClusterRow, TrendRow, json},
    table::Sheet,
};

/// Length of a day.
const DAY: Span = Span::seconds(86_400);

#[async_trait]
impl Contents for SqliteStore {
    async fn contents(
        &self,
        tenant: TenantId,
        campaign: Option<CampaignId>,
        page: PageRequest,
    ) -> Result<Page<Content>, PortError> {
        let (created_at, id): (i64, String) = cursor::after(&page)?.unwrap_or_else(end);
        let statement = if campaign.is_some() {
            "SELECT * FROM content WHERE campaign_id = ?2 AND tenant_id = ?1 AND (created_at, id) < (?3, ?4) \
             ORDER BY created_at DESC, id DESC LIMIT ?5"
        } else {
            "SELECT * FROM content WHERE tenant_id = ?1 AND ?2 IS NULL AND (created_at, id) < (?3, ?4) \
             ORDER BY created_at DESC, id DESC LIMIT ?5"
        };
        let rows: Vec<ContentRow> = sqlx::query_as(statement)
            .bind(tenant.to_string())
            .bind(campaign.map(|id| id.to_string()))
            .bind(created_at)
            .bind(id)
            .bind(rows_to_read(&page))
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        Ok(cursor::page(&page, rows, |row| {
            (row.created_at, row.id.clone())
        })?)
    }

    async fn publications(
        &self,
        tenant: TenantId,
        campaign: Option<CampaignId>,
        page: PageRequest,
    ) -> Result<Page<Publication>, PortError> {
        let (listed_at, id): (i64, String) = cursor::after(&page)?.unwrap_or_else(end);
        let statement = if campaign.is_some() {
            "SELECT * FROM publications WHERE campaign_id = ?2 AND tenant_id = ?1 AND (listed_at, id) < (?3, ?4) \
             ORDER BY listed_at DESC, id DESC LIMIT ?5"
        } else {
            "SELECT * FROM publications WHERE tenant_id = ?1 AND ?2 IS NULL AND (listed_at, id) < (?3, ?4) \
             ORDER BY listed_at DESC, id DESC LIMIT ?5"
        };
        let rows: Vec<PublicationRow> = sqlx::query_as(statement)
            .bind(tenant.to_string())
            .bind(campaign.map(|id| id.to_string()))
            .bind(listed_at)
            .bind(id)
            .bind(rows_to_read(&page))
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        let listed =
            |row: &PublicationRow| row.published_at.or(row.scheduled_at).unwrap_or_default();
        Ok(cursor::page(&page, rows, |row| {
            (listed(row), row.id.clone())
        })?)
    }

    async fn rehearsed_posts(
        &self,
        tenant: TenantId,
        platform: Platform,
        posts: &[String],
    ) -> Result<HashSet<String>, PortError> {
        let found: Vec<(String,)> = sqlx::query_as(
            "SELECT post_id FROM publications INDEXED BY publications_of_post \
             WHERE tenant_id = ?1 AND platform = ?2 AND post_id IN (SELECT value FROM json_each(?3)) \
                 AND rehearsal = 1",
        )
        .bind(tenant.to_string())
        .bind(platform.as_str())
        .bind(json(&posts)?)
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        Ok(found.into_iter().map(|(post,)| post).collect())
    }

    async fn recent_posts(
        &self,
        tenant: TenantId,
        agent: AgentId,
        limit: u32,
    ) -> Result<Vec<AgentPost>, PortError> {
        // Pending posts are open reviews and what waits in the outbox; both carry the text in their artifact's
        // review or payload, so the artifact of the task that waits is read.
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT text, at FROM ( \
                 SELECT description AS text, listed_at AS at FROM publications \
                     WHERE agent_id = ?1 AND tenant_id = ?2 AND status <> 'failed' \
                 UNION ALL \
                 SELECT coalesce(a.payload ->> '$.content.text', a.payload ->> '$.text'), e.created_at \
                     FROM effects e JOIN artifacts a ON a.id = e.artifact_id AND a.tenant_id = e.tenant_id \
                     WHERE e.agent_id = ?1 AND e.tenant_id = ?2 \
                         AND e.state IN ('held', 'dispatching', 'pending_reconciliation') \
                 UNION ALL \
                 SELECT preview_text, created_at FROM reviews \
                     WHERE agent_id = ?1 AND tenant_id = ?2 AND is_open = 1) \
             WHERE text IS NOT NULL ORDER BY at DESC LIMIT ?3",
        )
        .bind(agent.to_string())
        .bind(tenant.to_string())
        .bind(limit)
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        Ok(rows
            .into_iter()
            .map(|(text, at)| AgentPost {
                text,
                at: Timestamp::from_micros(at),
            })
            .collect())
    }

    async fn published_on(
        &self,
        tenant: TenantId,
        campaign: CampaignId,
        day: Timestamp,
    ) -> Result<u32, PortError> {
        let (posts,): (u32,) = sqlx::query_as(
            "SELECT count(*) FROM effects WHERE campaign_id = ?1 AND tenant_id = ?2 \
             AND (state = 'dispatching' \
                 OR (state IN ('sent', 'pending_reconciliation') AND dispatched_at >= ?3 AND dispatched_at < ?4))",
        )
        .bind(campaign.to_string())
        .bind(tenant.to_string())
        .bind(day.micros())
        .bind((day + DAY).micros())
        .fetch_one(self.reads())
        .await
        .map_err(Failure::from)?;
        Ok(posts)
    }

    async fn figures_due(
        &self,
        tenant: TenantId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Publication>, PortError> {
        let rows: Vec<PublicationRow> = sqlx::query_as(
            "SELECT * FROM publications INDEXED BY publications_figures \
             WHERE tenant_id = ?1 AND status = 'published' AND post_id IS NOT NULL \
                 AND figures_at IS NOT NULL AND figures_at <= ?2 \
             ORDER BY figures_at, id LIMIT ?3",
        )
        .bind(tenant.to_string())
        .bind(now.micros())
        .bind(limit)
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        all(rows)
    }

    async fn read_figures_next(
        &self,
        tenant: TenantId,
        posts: Vec<(PublicationId, Option<Timestamp>)>,
    ) -> Result<(), PortError> {
        let posts: Vec<(String, Option<i64>)> = posts
            .into_iter()
            .map(|(id, at)| (id.to_string(), at.map(Timestamp::micros)))
            .collect();
        let owner = tenant.to_string();
        self.write(tenant, &[], move |conn| {
            Box::pin(async move {
                for (id, at) in &posts {
                    sqlx::query(
                        "UPDATE publications SET figures_at = ?3 WHERE id = ?1 AND tenant_id = ?2",
                    )
                    .bind(id)
                    .bind(&owner)
                    .bind(at)
                    .execute(&mut *conn)
                    .await?;
                }
                Ok(())
            })
        })
        .await?;
        Ok(())
    }

    async fn add_engagement(&self, rows: Vec<Engagement>) -> Result<(), PortError> {
        let Some(tenant) = rows.first().map(|reading| reading.tenant) else {
            return Ok(());
        };
        let mut sheet = Sheet::default();
        for reading in &rows {
            same_tenant(tenant, reading.tenant)?;
            sheet.push(EngagementRow::of(reading));
        }
        self.write(tenant, &[], move |conn| {
            Box::pin(async move {
                insert(conn, &sheet).await?;
                Ok(())
            })
        })
        .await?;
        Ok(())
    }

    async fn latest_engagement(
        &self,
        tenant: TenantId,
        campaign: Option<CampaignId>,
    ) -> Result<Vec<Engagement>, PortError> {
        let rows: Vec<EngagementRow> = sqlx::query_as(
            "SELECT e.* FROM publications p JOIN engagement e ON e.tenant_id = p.tenant_id AND e.id = ( \
                 SELECT n.id FROM engagement n WHERE n.publication_id = p.id AND n.tenant_id = p.tenant_id \
                 ORDER BY n.recorded_at DESC, n.id DESC LIMIT 1) \
             WHERE p.tenant_id = ?1 AND (?2 IS NULL OR p.campaign_id = ?2) \
             ORDER BY p.listed_at DESC, p.id DESC",
        )
        .bind(tenant.to_string())
        .bind(campaign.map(|id| id.to_string()))
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        all(rows)
    }

    async fn save_trends(
        &self,
        tenant: TenantId,
        trends: Vec<Trend>,
        fetched_at: Timestamp,
    ) -> Result<(), PortError> {
        let mut sheet = Sheet::default();
        for trend in &trends {
            sheet.push(TrendRow::of(tenant, trend, fetched_at)?);
        }
        self.write(tenant, &[], move |conn| {
            Box::pin(async move { upsert(conn, &sheet).await })
        })
        .await?;
        Ok(())
    }

    async fn save_trend_clusters(
        &self,
        tenant: TenantId,
        clusters: Vec<TrendCluster>,
        found_at: Timestamp,
        forget_before: Timestamp,
        notes: Vec<Change>,
    ) -> Result<u64, PortError> {
        let mut sheet = Sheet::default();
        for cluster in &clusters {
            sheet.push(TrendClusterRow::of(tenant, cluster, found_at)?);
        }
        self.write(tenant, &notes, move |conn| {
            Box::pin(async move {
                sqlx::query("DELETE FROM trend_clusters WHERE tenant_id = ?1 AND found_at < ?2")
                    .bind(tenant.to_string())
                    .bind(forget_before.micros())
                    .execute(&mut *conn)
                    .await?;
                upsert(conn, &sheet).await
            })
        })
        .await
    }

    async fn trend_clusters(
        &self,
        tenant: TenantId,
        since: Timestamp,
        most: u32,
    ) -> Result<Vec<TrendCluster>, PortError> {
        let rows: Vec<TrendClusterRow> = sqlx::query_as(
            "SELECT * FROM trend_clusters WHERE tenant_id = ?1 AND found_at >= ?2 \
             ORDER BY score DESC, id LIMIT ?3",
        )
        .bind(tenant.to_string())
        .bind(since.micros())
        .bind(most)
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        all(rows)
    }

    async fn trends(&self, tenant: TenantId, page: PageRequest) -> Result<Page<Trend>, PortError> {
        let key: Option<(i64, String)> = cursor::after(&page)?;
        let (fetched_at, id) = key.map_or((None, None), |(fetched_at, id)| {
            (Some(fetched_at), Some(id))
        });
        // A trend's id is its source's: any text, so the first page cannot start from a largest one.
        let rows: Vec<TrendRow> = sqlx::query_as(
            "SELECT * FROM trends WHERE tenant_id = ?1 AND (?2 IS NULL OR (fetched_at, id) < (?2, ?3)) \
             ORDER BY fetched_at DESC, id DESC LIMIT ?4",
        )
        .bind(tenant.to_string())
        .bind(fetched_at)
        .bind(id)
        .bind(rows_to_read(&page))
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        Ok(cursor::page(&page, rows, |row| {
            (row.fetched_at, row.id.clone())
        })?)
    }
}

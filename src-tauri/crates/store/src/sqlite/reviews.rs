//! The review queue and the outbox, for people who look at them; claims.
//!
//! Never here: decisions, which are transitions (`commit`).

use std::{collections::HashSet, sync::LazyLock};

use async_trait::async_trait;
use chimera_domain::{
    action::Effect,
    id::{ArtifactId, CampaignId, EffectId, ReviewId, TaskId, TenantId, UserId, VersionId},
    review::{Claim, Review, ReviewState},
    time::Timestamp,
};
use chimera_ports::{
    error::PortError,
    page::{Page, PageRequest},
    store::{ReviewFilter, Reviews},
};
use serde::Deserialize;

use super::{
    campaigns::{all, end, found},
    claims::Wish,
    store::SqliteStore,
};
use crate::batch::object;
use crate::{
    cursor::{self, rows_to_read},
    failure::Failure,
    rows::{ApprovalRow, BadRow, Cells, EffectRow, ReviewRow, effect_of, json},
};

/// Most earlier decisions that are compared with a text.
const MAX_COMPARED: u32 = 500;
/// From this share of common words on, in thousandths, a decision is a precedent: below a quarter, texts share
/// little more than the words that every post of one voice has.
const MIN_LIKENESS: u32 = 250;

/// `(rank, created_at, id)` of the last row of the open queue.
type ByUrgency = (i64, i64, String);

#[async_trait]
impl Reviews for SqliteStore {
    async fn review(&self, tenant: TenantId, id: ReviewId) -> Result<Review, PortError> {
        let row: Option<ReviewRow> =
            sqlx::query_as("SELECT * FROM reviews WHERE id = ?1 AND tenant_id = ?2")
                .bind(id.to_string())
                .bind(tenant.to_string())
                .fetch_optional(self.reads())
                .await
                .map_err(Failure::from)?;
        found(row, "review", id)
    }

    async fn open_review(
        &self,
        tenant: TenantId,
        task: TaskId,
    ) -> Result<Option<Review>, PortError> {
        let row: Option<ReviewRow> = sqlx::query_as(
            "SELECT * FROM reviews WHERE task_id = ?1 AND tenant_id = ?2 AND is_open = 1",
        )
        .bind(task.to_string())
        .bind(tenant.to_string())
        .fetch_optional(self.reads())
        .await
        .map_err(Failure::from)?;
        Ok(row
            .map(Review::try_from)
            .transpose()
            .map_err(Failure::from)?)
    }

    async fn reviews(
        &self,
        tenant: TenantId,
        filter: ReviewFilter,
        page: PageRequest,
    ) -> Result<Page<Review>, PortError> {
        if filter.states.iter().all(|state| state.is_open()) {
            self.queue(tenant, &filter, &page).await
        } else {
            self.settled(tenant, &filter, &page).await
        }
    }

    async fn open_reviews(&self, tenant: TenantId) -> Result<u64, PortError> {
        let (open,): (i64,) =
            sqlx::query_as("SELECT count(*) FROM reviews WHERE tenant_id = ?1 AND is_open = 1")
                .bind(tenant.to_string())
                .fetch_one(self.reads())
                .await
                .map_err(Failure::from)?;
        Ok(u64::try_from(open).unwrap_or_default())
    }

    async fn claim_review(
        &self,
        tenant: TenantId,
        id: ReviewId,
        by: UserId,
        claim: Option<Claim>,
        now: Timestamp,
        version: VersionId,
    ) -> Result<Review, PortError> {
        if claim.as_ref().is_some_and(|claim| claim.by != by) {
            return Err(PortError::Invalid(
                "a claim can only be made in one's own name".to_owned(),
            ));
        }
        let wish = Wish {
            tenant,
            id,
            by,
            claim,
            now,
            version,
        };
        self.writer()
            .run(move |conn| Box::pin(async move { wish.settle(conn).await }))
            .await
    }

    async fn similar_decisions(
        &self,
        tenant: TenantId,
        review: ReviewId,
        limit: u32,
    ) -> Result<Vec<Review>, PortError> {
        let this = self.review(tenant, review).await?;
        let rows: Vec<ReviewRow> = sqlx::query_as(
            "SELECT * FROM reviews \
             WHERE agent_id = ?1 AND tenant_id = ?2 AND is_open = 0 AND task_id <> ?3 AND decided_by IS NOT NULL \
                 AND NOT EXISTS (SELECT 1 FROM effects e JOIN approvals p ON p.id = e.approval_id \
                     WHERE e.task_id = reviews.task_id AND e.tenant_id = ?2 AND p.tenant_id = ?2 \
                         AND e.state = 'undone' AND p.review_id = reviews.id) \
             ORDER BY settled_at DESC LIMIT ?4",
        )
        .bind(this.agent_id.to_string())
        .bind(tenant.to_string())
        .bind(this.task_id.to_string())
        .bind(MAX_COMPARED)
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        let words = words(&this.content_preview.text);
        let mut likely: Vec<(u32, ReviewRow)> = rows
            .into_iter()
            .map(|row| (likeness(&words, &row.preview_text), row))
            .filter(|(likeness, _)| *likeness >= MIN_LIKENESS)
            .collect();
        // Stable: among equally alike ones the newest stays first.
        likely.sort_by_key(|(likeness, _)| std::cmp::Reverse(*likeness));
        likely.truncate(limit as usize);
        let mut rows: Vec<ReviewRow> = likely.into_iter().map(|(_, row)| row).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.decided_at));
        all(rows)
    }

    async fn effect(&self, tenant: TenantId, id: EffectId) -> Result<Effect, PortError> {
        let row: Option<(String,)> = sqlx::query_as(EFFECT.as_str())
            .bind(id.to_string())
            .bind(tenant.to_string())
            .fetch_optional(self.reads())
            .await
            .map_err(Failure::from)?;
        let row = row.ok_or_else(|| PortError::not_found("effect", id))?;
        Ok(Effect::try_from(WithApproval::read(&row.0)?)?)
    }

    async fn effects(
        &self,
        tenant: TenantId,
        campaign: Option<CampaignId>,
        page: PageRequest,
    ) -> Result<Page<Effect>, PortError> {
        let (created_at, id): (i64, String) = cursor::after(&page)?.unwrap_or_else(end);
        let statement = if campaign.is_some() {
            EFFECTS_OF_CAMPAIGN.as_str()
        } else {
            EFFECTS.as_str()
        };
        let rows: Vec<(String,)> = sqlx::query_as(statement)
            .bind(tenant.to_string())
            .bind(campaign.map(|id| id.to_string()))
            .bind(created_at)
            .bind(id)
            .bind(rows_to_read(&page))
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        let rows = rows
            .iter()
            .map(|(json,)| WithApproval::read(json))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(cursor::page(&page, rows, |row| {
            (row.effect.created_at, row.effect.id.clone())
        })?)
    }

    async fn rehearsed(
        &self,
        tenant: TenantId,
        artifacts: &[ArtifactId],
    ) -> Result<HashSet<ArtifactId>, PortError> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT id FROM artifacts WHERE id IN (SELECT value FROM json_each(?1)) AND tenant_id = ?2 \
             AND json_extract(generation_metadata, '$.rehearsal') = 1",
        )
        .bind(json(&artifacts)?)
        .bind(tenant.to_string())
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        let id = |(id,): &(String,)| Cells("artifacts").text("id", id);
        let found: Result<_, BadRow> = rows.iter().map(id).collect();
        Ok(found.map_err(Failure::from)?)
    }
}

/// Filters that both lists have; `?2` is the campaign, `?3` the states as a JSON array or NULL.
macro_rules! filtered {
    ($first:literal, $order:literal) => {
        concat!(
            "SELECT * FROM reviews WHERE ",
            $first,
            " AND (?3 IS NULL OR state IN (SELECT value FROM json_each(?3))) \
             AND (?4 = 0 OR sensitive = 1) AND (?5 IS NULL OR confidence_score < ?5) AND ",
            $order
        )
    };
}

impl SqliteStore {
    /// Open ones: most urgent first, then oldest.
    async fn queue(
        &self,
        tenant: TenantId,
        filter: &ReviewFilter,
        page: &PageRequest,
    ) -> Result<Page<Review>, PortError> {
        let (rank, created_at, id): ByUrgency =
            cursor::after(page)?.unwrap_or((i64::MIN, i64::MIN, String::new()));
        // Two statements, so that each walks the index that fits it.
        let statement = if filter.campaign.is_some() {
            filtered!(
                "is_open = 1 AND campaign_id = ?2 AND tenant_id = ?1",
                "(rank, created_at, id) > (?6, ?7, ?8) ORDER BY rank, created_at, id LIMIT ?9"
            )
        } else {
            filtered!(
                "is_open = 1 AND tenant_id = ?1 AND ?2 IS NULL",
                "(rank, created_at, id) > (?6, ?7, ?8) ORDER BY rank, created_at, id LIMIT ?9"
            )
        };
        let rows: Vec<QueueRow> = sqlx::query_as(statement)
            .bind(tenant.to_string())
            .bind(filter.campaign.map(|id| id.to_string()))
            .bind(states(filter)?)
            .bind(filter.sensitive_only)
            .bind(filter.below_basis_points)
            .bind(rank)
            .bind(created_at)
            .bind(id)
            .bind(rows_to_read(page))
            .fetch_all(self.reads())
            .await
            .map_err(Failure::from)?;
        Ok(cursor::page(page, rows, |row| {
            (row.rank, row.review.created_at, row.review.id.clone())
        })?)
    }

    /// Decided ones, or both kinds mixed: newest first.
    async fn settled(
        &self,
        tenant: TenantId,
        filter: &ReviewFilter,
        page: &PageRequest,
    ) -> Result<Page<Review>, PortError> {
        let (settled_at, id): (i64, String) = cursor::after(page)?.unwrap_or_else(end);
        let rows: Vec<SettledRow> = sqlx::query_as(filtered!(
            "tenant_id = ?1 AND (?2 IS NULL OR campaign_id = ?2)",
            "(settled_at, id) < (?6, ?7) ORDER BY settled_at DESC, id DESC LIMIT ?8"
        ))
        .bind(tenant.to_string())
        .bind(filter.campaign.map(|id| id.to_string()))
        .bind(states(filter)?)
        .bind(filter.sensitive_only)
        .bind(filter.below_basis_points)
        .bind(settled_at)
        .bind(id)
        .bind(rows_to_read(page))
        .fetch_all(self.reads())
        .await
        .map_err(Failure::from)?;
        Ok(cursor::page(page, rows, |row| {
            (row.settled_at, row.review.id.clone())
        })?)
    }
}

/// A review with its place in the open queue.
#[derive(sqlx::FromRow)]
struct QueueRow {
    #[sqlx(flatten)]
    review: ReviewRow,
    rank: i64,
}

/// A review with the time that it was settled.
#[derive(sqlx::FromRow)]
struct SettledRow {
    #[sqlx(flatten)]
    review: ReviewRow,
    settled_at: i64,
}

impl TryFrom<QueueRow> for Review {
    type Error = Failure;

    fn try_from(row: QueueRow) -> Result<Self, Failure> {
        Ok(row.review.try_into()?)
    }
}

impl TryFrom<SettledRow> for Review {
    type Error = Failure;

    fn try_from(row: SettledRow) -> Result<Self, Failure> {
        Ok(row.review.try_into()?)
    }
}

fn states(filter: &ReviewFilter) -> Result<Option<String>, Failure> {
    if filter.states.is_empty() {
        return Ok(None);
    }
    let words: Vec<&str> = filter
        .states
        .iter()
        .copied()
        .map(ReviewState::as_str)
        .collect();
    json(&words).map(Some)
}

/// An effect's row with its approval's, read as JSON.
#[derive(Deserialize)]
struct WithApproval {
    effect: EffectRow,
    approval: ApprovalRow,
}

impl WithApproval {
    fn read(json: &str) -> Result<Self, Failure> {
        Ok(Cells("effects").json("row", json)?)
    }
}

impl TryFrom<WithApproval> for Effect {
    type Error = Failure;

    fn try_from(row: WithApproval) -> Result<Self, Failure> {
        Ok(effect_of(row.effect, row.approval)?)
    }
}

fn select_effects(tail: &str) -> String {
    format!(
        "SELECT json_object('effect', {}, 'approval', {}) \
         FROM effects e JOIN approvals p ON p.id = e.approval_id AND p.tenant_id = e.tenant_id WHERE {tail}",
        object::<EffectRow>("e"),
        object::<ApprovalRow>("p"),
    )
}

static EFFECT: LazyLock<String> =
    LazyLock::new(|| select_effects("e.id = ?1 AND e.tenant_id = ?2"));
static EFFECTS: LazyLock<String> = LazyLock::new(|| {
    select_effects(
        "e.tenant_id = ?1 AND ?2 IS NULL AND (e.created_at, e.id) < (?3, ?4) \
         ORDER BY e.created_at DESC, e.id DESC LIMIT ?5",
    )
});
static EFFECTS_OF_CAMPAIGN: LazyLock<String> = LazyLock::new(|| {
    select_effects(
        "e.campaign_id = ?2 AND e.tenant_id = ?1 AND (e.created_at, e.id) < (?3, ?4) \
         ORDER BY e.created_at DESC, e.id DESC LIMIT ?5",
    )
});

fn words(text: &str) -> HashSet<String> {
    text.split(|char: char| !char.is_alphanumeric())
        .filter(|word| word.chars().count() > 2)
        .map(str::to_lowercase)
        .collect()
}

/// Share of common words, in thousandths.
fn likeness(words: &HashSet<String>, text: &str) -> u32 {
    let others = self::words(text);
    let common = words.intersection(&others).count();
    let either = words.len() + others.len() - common;
    u32::try_from(common * 1_000 / either.max(1)).unwrap_or(u32::MAX)
}

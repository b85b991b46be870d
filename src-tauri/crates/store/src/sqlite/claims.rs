//! Claims on reviews: taken, renewed, given up, with the event and the record of it.
//!
//! Never here: decisions, which are transitions (`commit`).

use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    event::{Event, Fact},
    id::{AuditId, ReviewId, TenantId, UserId, VersionId},
    review::{Claim, Review},
    role::Actor,
    time::Timestamp,
};
use chimera_ports::error::PortError;
use sqlx::SqliteConnection;

use super::commit::Sheets;
use crate::{
    failure::Failure,
    rows::{AuditRow, EventRow, ReviewRow},
};

/// A wish to take, renew or give up a review.
pub(super) struct Wish {
    pub(super) tenant: TenantId,
    pub(super) id: ReviewId,
    pub(super) by: UserId,
    pub(super) claim: Option<Claim>,
    pub(super) now: Timestamp,
    pub(super) version: VersionId,
}

impl Wish {
    pub(super) async fn settle(self, conn: &mut SqliteConnection) -> Result<Review, Failure> {
        let claim = self.claim.as_ref();
        let holder: Option<(Option<String>,)> =
            sqlx::query_as("SELECT claimed_by FROM reviews WHERE id = ?1 AND tenant_id = ?2")
                .bind(self.id.to_string())
                .bind(self.tenant.to_string())
                .fetch_optional(&mut *conn)
                .await?;
        let row: Option<ReviewRow> = sqlx::query_as(
            "UPDATE reviews SET claimed_by = ?5, claimed_until = ?6, version_id = ?7 \
             WHERE id = ?1 AND tenant_id = ?2 AND is_open = 1 \
                 AND (claimed_by IS NULL OR claimed_by = ?3 OR claimed_until <= ?4) RETURNING *",
        )
        .bind(self.id.to_string())
        .bind(self.tenant.to_string())
        .bind(self.by.to_string())
        .bind(self.now.micros())
        .bind(claim.map(|claim| claim.by.to_string()))
        .bind(claim.map(|claim| claim.until.micros()))
        .bind(self.version.to_string())
        .fetch_optional(&mut *conn)
        .await?;
        let Some(row) = row else {
            return Err(self.refusal(conn).await?.into());
        };
        let review = Review::try_from(row)?;
        let fact = Fact::ReviewChanged {
            review: review.review_id,
            campaign: review.campaign_id,
            state: review.state.as_str().to_owned(),
        };
        let event = Event {
            seq: 0,
            tenant: self.tenant,
            actor: Actor::Person(self.by),
            at: self.now,
            fact,
        };
        let mut sheets = Sheets::default();
        sheets.events.push(EventRow::of(&event)?);
        // A claim that is only renewed is no act of its own.
        let held_by = claim.map(|claim| claim.by.to_string());
        if holder.and_then(|(by,)| by) != held_by {
            sheets.audit.push(AuditRow::of(&self.record(&review))?);
        }
        sheets.write_log(conn).await?;
        Ok(review)
    }

    fn record(&self, review: &Review) -> AuditRecord {
        let action = match self.claim {
            Some(_) => "review.claim",
            None => "review.release",
        };
        AuditRecord {
            // Minted for this write and used for no other record.
            id: AuditId::from_uuid(*self.version.as_uuid()),
            tenant: self.tenant,
            actor: Actor::Person(self.by),
            action: action.to_owned(),
            agent: Some(review.agent_id),
            campaign: Some(review.campaign_id),
            task: Some(review.task_id),
            trace: None,
            skill: None,
            input: serde_json::Value::Null,
            output: serde_json::json!({ "review": review.review_id }),
            status: AuditStatus::Success,
            at: self.now,
        }
    }

    async fn refusal(&self, conn: &mut SqliteConnection) -> Result<PortError, Failure> {
        let known: Option<(String,)> =
            sqlx::query_as("SELECT id FROM reviews WHERE id = ?1 AND tenant_id = ?2")
                .bind(self.id.to_string())
                .bind(self.tenant.to_string())
                .fetch_optional(conn)
                .await?;
        Ok(match known {
            Some(_) => PortError::conflict("review", self.id),
            None => PortError::not_found("review", self.id),
        })
    }
}

//! The review queue and the outbox, for people who look at them. Decisions go through the engine.

use std::collections::HashSet;

use async_trait::async_trait;
use chimera_domain::{
    action::Effect,
    id::{ArtifactId, CampaignId, EffectId, ReviewId, TaskId, TenantId, UserId, VersionId},
    review::{Claim, Review, ReviewState},
    time::Timestamp,
};

use crate::{
    error::PortError,
    page::{Page, PageRequest},
};

/// Which reviews are wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReviewFilter {
    /// In one of these states; empty means the open ones (open and escalated).
    pub states: Vec<ReviewState>,
    /// Of one campaign only.
    pub campaign: Option<CampaignId>,
    /// Only those with a finding that needs a person (sensitive).
    pub sensitive_only: bool,
    /// Only those with a score below this many basis points.
    pub below_basis_points: Option<u16>,
}

/// Reviews and effects.
#[async_trait]
pub trait Reviews: Send + Sync {
    /// A review.
    ///
    /// # Errors
    /// Not found.
    async fn review(&self, tenant: TenantId, id: ReviewId) -> Result<Review, PortError>;

    /// The open review of a task, if any.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn open_review(
        &self,
        tenant: TenantId,
        task: TaskId,
    ) -> Result<Option<Review>, PortError>;

    /// Reviews: open ones by priority then age, decided ones newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn reviews(
        &self,
        tenant: TenantId,
        filter: ReviewFilter,
        page: PageRequest,
    ) -> Result<Page<Review>, PortError>;

    /// How many are open.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn open_reviews(&self, tenant: TenantId) -> Result<u64, PortError>;

    /// Takes, renews or (with `None`) gives up a claim: succeeds when nobody else holds an unexpired one.
    ///
    /// # Errors
    /// Conflict when somebody else holds it or it is decided.
    async fn claim_review(
        &self,
        tenant: TenantId,
        id: ReviewId,
        by: UserId,
        claim: Option<Claim>,
        now: Timestamp,
        version: VersionId,
    ) -> Result<Review, PortError>;

    /// Decisions on the same agent's content that are most like this text, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn similar_decisions(
        &self,
        tenant: TenantId,
        review: ReviewId,
        limit: u32,
    ) -> Result<Vec<Review>, PortError>;

    /// An effect.
    ///
    /// # Errors
    /// Not found.
    async fn effect(&self, tenant: TenantId, id: EffectId) -> Result<Effect, PortError>;

    /// Effects, newest first, of one campaign or all.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn effects(
        &self,
        tenant: TenantId,
        campaign: Option<CampaignId>,
        page: PageRequest,
    ) -> Result<Page<Effect>, PortError>;

    /// Those of `artifacts` that the rehearsal model made, which is not an AI; unknown ones are left out.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn rehearsed(
        &self,
        tenant: TenantId,
        artifacts: &[ArtifactId],
    ) -> Result<HashSet<ArtifactId>, PortError>;
}

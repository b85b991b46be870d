//! Content, publications, engagement and trends.

use std::collections::HashSet;

use async_trait::async_trait;
use chimera_domain::{
    change::Change,
    id::{AgentId, CampaignId, PublicationId, TenantId},
    platform::Platform,
    publication::{Content, Engagement, Publication},
    time::Timestamp,
    trend::{Trend, TrendCluster},
};

use crate::{
    error::PortError,
    page::{Page, PageRequest},
};

/// A text that an agent published, drafted or is about to publish, for the similarity check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AgentPost {
    /// The text.
    pub text: String,
    /// When it was made.
    pub at: Timestamp,
}

/// Content and what became of it.
#[async_trait]
pub trait Contents: Send + Sync {
    /// Content, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn contents(
        &self,
        tenant: TenantId,
        campaign: Option<CampaignId>,
        page: PageRequest,
    ) -> Result<Page<Content>, PortError>;

    /// Publications, newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn publications(
        &self,
        tenant: TenantId,
        campaign: Option<CampaignId>,
        page: PageRequest,
    ) -> Result<Page<Publication>, PortError>;

    /// Those of a network's posts that the rehearsal model wrote, which is not an AI; posts of nobody here are left out.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn rehearsed_posts(
        &self,
        tenant: TenantId,
        platform: Platform,
        posts: &[String],
    ) -> Result<HashSet<String>, PortError>;

    /// The newest texts of an agent's publications and pending posts.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn recent_posts(
        &self,
        tenant: TenantId,
        agent: AgentId,
        limit: u32,
    ) -> Result<Vec<AgentPost>, PortError>;

    /// How many posts of a campaign left on the day that begins with `day`, or are leaving right now; one whose outcome
    /// is unknown counts as having left.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn published_on(
        &self,
        tenant: TenantId,
        campaign: CampaignId,
        day: Timestamp,
    ) -> Result<u32, PortError>;

    /// Published posts of a tenant whose figures are due to be read at `now`, the longest due first. A post is due
    /// from the moment it is out, until [`Contents::read_figures_next`] says otherwise.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn figures_due(
        &self,
        tenant: TenantId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Publication>, PortError>;

    /// Stores when the figures of posts are read next; `None` means never again.
    ///
    /// # Errors
    /// When the store refuses.
    async fn read_figures_next(
        &self,
        tenant: TenantId,
        posts: Vec<(PublicationId, Option<Timestamp>)>,
    ) -> Result<(), PortError>;

    /// Stores readings of figures.
    ///
    /// # Errors
    /// When the store refuses.
    async fn add_engagement(&self, rows: Vec<Engagement>) -> Result<(), PortError>;

    /// The newest reading of each publication of a campaign or all.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn latest_engagement(
        &self,
        tenant: TenantId,
        campaign: Option<CampaignId>,
    ) -> Result<Vec<Engagement>, PortError>;

    /// Stores trends; one that is known already is brought up to date.
    ///
    /// # Errors
    /// When the store refuses.
    async fn save_trends(
        &self,
        tenant: TenantId,
        trends: Vec<Trend>,
        fetched_at: Timestamp,
    ) -> Result<(), PortError>;

    /// Stores what stands out, with notes, and forgets what was found before; one that is known already is found
    /// again. Answers the number of the last event.
    ///
    /// # Errors
    /// When the store refuses.
    async fn save_trend_clusters(
        &self,
        tenant: TenantId,
        clusters: Vec<TrendCluster>,
        found_at: Timestamp,
        forget_before: Timestamp,
        notes: Vec<Change>,
    ) -> Result<u64, PortError>;

    /// What stood out at some time since, strongest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn trend_clusters(
        &self,
        tenant: TenantId,
        since: Timestamp,
        most: u32,
    ) -> Result<Vec<TrendCluster>, PortError>;

    /// Trends, newest fetch first.
    ///
    /// # Errors
    /// When the store cannot be read.
    async fn trends(&self, tenant: TenantId, page: PageRequest) -> Result<Page<Trend>, PortError>;
}

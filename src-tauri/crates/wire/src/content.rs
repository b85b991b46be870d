//! Content, publications, trends.

use chimera_contract::{
    content as wire,
    scalar::{Id, Time},
    swarm::AgentRef,
};
use chimera_domain::{
    publication::{Content, ContentStatus, Engagement, Publication, PublicationStatus},
    trend::{EngagementMetrics, Trend, TrendPlatform},
};

use crate::{ToWire, mirror};

mirror!(ContentStatus => wire::ContentStatus { Draft, Generating, Ready, Published, Failed });
mirror!(PublicationStatus => wire::PublicationStatus { Scheduled, Published, Failed });
mirror!(TrendPlatform => wire::TrendPlatform { Youtube, Tiktok, Twitter, Web });

impl ToWire for EngagementMetrics {
    type Wire = wire::Engagement;
    fn wire(&self) -> wire::Engagement {
        wire::Engagement {
            views: self.views,
            likes: self.likes,
            comments: self.comments,
            shares: self.shares,
            engagement_rate: self.engagement_rate,
        }
    }
}

impl ToWire for Content {
    type Wire = wire::Content;
    fn wire(&self) -> wire::Content {
        wire::Content {
            id: Id::of(self.id),
            campaign: Id::of(self.campaign),
            task: Id::of(self.task),
            kind: self.kind.clone(),
            script: self.script.clone(),
            style: self.style.clone(),
            metadata: self.metadata.clone(),
            status: self.status.wire(),
            trend_id: self.trend_id.clone(),
            created_at: Time::of(self.created_at),
            updated_at: Time::of(self.updated_at),
        }
    }
}

/// A publication with the name of its agent and its newest figures.
pub fn publication(
    row: &Publication,
    agent: AgentRef,
    newest: Option<&Engagement>,
) -> wire::Publication {
    wire::Publication {
        id: Id::of(row.id),
        agent,
        campaign: Id::of(row.campaign),
        task: Id::of(row.task),
        content: Id::of(row.content),
        platform: row.platform.wire(),
        post_id: row.post_id.clone(),
        url: row.url.clone(),
        title: row.title.clone(),
        description: row.description.clone(),
        tags: row.tags.clone(),
        published_at: row.published_at.map(Time::of),
        scheduled_at: row.scheduled_at.map(Time::of),
        status: row.status.wire(),
        rehearsal: row.rehearsal,
        engagement: newest.map(|reading| reading.metrics.wire()),
        engagement_simulated: newest.map(|reading| reading.simulated),
        engagement_at: newest.map(|reading| Time::of(reading.recorded_at)),
    }
}

impl ToWire for Trend {
    type Wire = wire::Trend;
    fn wire(&self) -> wire::Trend {
        wire::Trend {
            id: self.id.clone(),
            platform: self.platform.wire(),
            topic: self.topic.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            engagement_metrics: self.engagement_metrics.wire(),
            velocity: self.velocity,
            timestamp: Time::of(self.timestamp),
            url: self.url.clone(),
            tags: self.tags.clone(),
        }
    }
}

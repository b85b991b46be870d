//! Content and what became of it.

use chimera_domain::{
    action::EffectState,
    change::Change,
    id::{PublicationId, TenantId},
    platform::Platform,
    publication::{ContentStatus, PublicationStatus},
    time::{Span, Timestamp},
    trend::{TrendCluster, TrendSample},
};
use chimera_ports::{
    page::PageRequest,
    store::{AgentPost, Store},
};

use super::Bed;
use crate::World;

/// Content and publications change under their key; the newest figures of each count.
pub async fn content_publications_and_figures<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let (tenant, campaign) = (bed.campaign.tenant, Some(bed.campaign.id));
    let task = bed.ready_task(store).await;
    let (mut content, mut publication) = bed.world.publication(&task);
    content.status = ContentStatus::Ready;
    publication.status = PublicationStatus::Scheduled;
    publication.published_at = None;
    publication.scheduled_at = Some(bed.world.now());
    let write = |content: &_, publication: &_| {
        store.commit(bed.set(vec![
            Change::Content(Clone::clone(content)),
            Change::Publication(Clone::clone(publication)),
        ]))
    };
    write(&content, &publication).await.unwrap();
    let sent = bed.world.pass(5);
    content.status = ContentStatus::Published;
    content.updated_at = sent;
    publication.status = PublicationStatus::Published;
    publication.published_at = Some(sent);
    write(&content, &publication).await.unwrap();
    let (second_content, second) = bed.world.publication(&task);
    bed.world.pass(1);
    let second = chimera_domain::publication::Publication {
        published_at: Some(bed.world.now()),
        ..second
    };
    write(&second_content, &second).await.unwrap();
    for of in [None, campaign] {
        let found = store.publications(tenant, of, PageRequest::default()).await;
        assert_eq!(
            found.unwrap().items,
            vec![second.clone(), publication.clone()]
        );
        let found = store.contents(tenant, of, PageRequest::default()).await;
        assert_eq!(
            found.unwrap().items,
            vec![second_content.clone(), content.clone()]
        );
    }
    let early = bed.world.engagement(&publication, 3);
    bed.world.pass(60);
    let late = bed.world.engagement(&publication, 0);
    store
        .add_engagement(vec![late.clone(), early])
        .await
        .unwrap();
    store.add_engagement(Vec::new()).await.unwrap();
    for of in [None, campaign] {
        let found = store.latest_engagement(tenant, of).await.unwrap();
        assert_eq!(found, vec![late.clone()]);
    }
    let nowhere = Some(bed.world.campaign(&bed.agent).id);
    let found = store.latest_engagement(tenant, nowhere).await.unwrap();
    assert_eq!(found, Vec::new());
}

/// Posts that are out come due by the time of their next reading, the longest due first, each tenant's its own; what
/// is not out, or is not followed any more, never does.
pub async fn figures_come_due_in_turn<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let other = Bed::in_store(store, bed.world.other_tenant()).await;
    let tenant = bed.campaign.tenant;
    let due = async |of: TenantId, at: Timestamp, limit: u32| -> Vec<PublicationId> {
        let found = store.figures_due(of, at, limit).await.unwrap();
        found.into_iter().map(|row| row.id).collect()
    };
    let mut ids = Vec::new();
    for standing in 0..5 {
        let task = bed.ready_task(store).await;
        let (content, mut publication) = bed.world.publication(&task);
        match standing {
            3 => publication.status = PublicationStatus::Failed,
            4 => publication.post_id = None,
            _ => ids.push(publication.id),
        }
        let changes = vec![Change::Content(content), Change::Publication(publication)];
        store.commit(bed.set(changes)).await.unwrap();
    }
    let now = bed.world.now();
    let [first, second, third] = [ids[0], ids[1], ids[2]];
    assert_eq!(due(tenant, now, 9).await.len(), 3, "all of them at once");
    assert_eq!(due(other.campaign.tenant, now, 9).await, []);
    let at = |seconds| now + Span::seconds(seconds);
    let next = vec![(first, Some(at(30))), (second, Some(at(10)))];
    store.read_figures_next(tenant, next).await.unwrap();
    assert_eq!(due(tenant, now, 9).await, [third]);
    assert_eq!(due(tenant, at(10), 9).await, [third, second]);
    assert_eq!(due(tenant, at(30), 9).await, [third, second, first]);
    assert_eq!(due(tenant, at(30), 2).await, [third, second]);
    // Another tenant moves nobody's turn.
    let theirs = vec![(second, None)];
    let foreign = other.campaign.tenant;
    store.read_figures_next(foreign, theirs).await.unwrap();
    let next = vec![(third, None), (first, Some(at(5)))];
    store.read_figures_next(tenant, next).await.unwrap();
    assert_eq!(due(tenant, at(30), 9).await, [first, second]);
    store.read_figures_next(tenant, Vec::new()).await.unwrap();
}

/// Whose post is the rehearsal's: by the network's id, of one network and one tenant.
pub async fn posts_of_the_rehearsal_are_known_by_their_id<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let other = Bed::in_store(store, bed.world.other_tenant()).await;
    let tenant = bed.campaign.tenant;
    for (post, rehearsal) in [("p1", true), ("p2", false), ("p3", true)] {
        let task = bed.ready_task(store).await;
        let (content, mut publication) = bed.world.publication(&task);
        publication.post_id = Some(post.to_owned());
        publication.rehearsal = rehearsal;
        let changes = vec![Change::Content(content), Change::Publication(publication)];
        store.commit(bed.set(changes)).await.unwrap();
    }
    let of = async |tenant, platform| {
        let asked = ["p1", "p2", "p9"].map(str::to_owned);
        let found = store.rehearsed_posts(tenant, platform, &asked).await;
        found.unwrap().into_iter().collect::<Vec<_>>()
    };
    assert_eq!(of(tenant, Platform::Sandbox).await, ["p1"]);
    let none: [String; 0] = [];
    assert_eq!(of(tenant, Platform::Twitter).await, none);
    assert_eq!(of(other.campaign.tenant, Platform::Sandbox).await, none);
    let found = store.rehearsed_posts(tenant, Platform::Sandbox, &[]).await;
    assert_eq!(found.unwrap().len(), 0);
}

/// The day's posts: what left since midnight, and what is leaving right now.
pub async fn posts_of_a_day_count_what_left_or_is_leaving<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let (tenant, campaign) = (bed.campaign.tenant, bed.campaign.id);
    let midnight = bed.world.now();
    let states = [
        (EffectState::Held, false),
        (EffectState::Dispatching { since: midnight }, true),
        (EffectState::Failed, false),
        (EffectState::Undone, false),
        (EffectState::Voided, false),
    ];
    let mut expected = 0;
    for (state, counts) in states {
        let task = bed.ready_task(store).await;
        let mut effect = bed.world.effect(&bed.world.artifact(&task));
        effect.state = state;
        expected += u32::from(counts);
        let change = Change::Effect {
            effect: Box::new(effect),
            expected: None,
        };
        store.commit(bed.set(vec![change])).await.unwrap();
        let count = store.published_on(tenant, campaign, midnight).await;
        assert_eq!(count.unwrap(), expected);
    }
    let task = bed.ready_task(store).await;
    let mut effect = bed.world.effect(&bed.world.artifact(&task));
    effect.state = EffectState::Sent;
    effect.receipt = Some(bed.world.receipt());
    let change = Change::Effect {
        effect: Box::new(effect),
        expected: None,
    };
    store.commit(bed.set(vec![change])).await.unwrap();
    let count = store.published_on(tenant, campaign, midnight).await;
    assert_eq!(count.unwrap(), expected + 1);
    let tomorrow = midnight + Span::seconds(86_400);
    let count = store.published_on(tenant, campaign, tomorrow).await;
    assert_eq!(count.unwrap(), expected, "what was sent yesterday is past");
    // A clock that was set back: what bears a later day's date uses up nothing of this one's.
    let yesterday = midnight - Span::seconds(86_400);
    let count = store.published_on(tenant, campaign, yesterday).await;
    assert_eq!(
        count.unwrap(),
        expected,
        "what is dated tomorrow is not of today"
    );
}

/// What a draft is compared with: what the agent published and what of it is pending, newest first.
pub async fn recent_posts_of_an_agent<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let task = bed.ready_task(store).await;
    let (content, mut publication) = bed.world.publication(&task);
    publication.description = "published".to_owned();
    let published = bed.world.now();
    let waiting_since = bed.world.pass(1);
    let artifact = bed.world.artifact(&task);
    let mut review = bed.world.review(&artifact, &bed.world.verdict(&artifact));
    review.content_preview.text = "in review".to_owned();
    let held_since = bed.world.pass(1);
    let mut held = bed.world.artifact(&task);
    held.payload = serde_json::json!({"content": {"text": "held"}});
    let effect = bed.world.effect(&held);
    let changes = vec![
        Change::Content(content),
        Change::Publication(publication),
        Change::Artifact(Box::new(artifact)),
        Change::Artifact(Box::new(held)),
        Change::Review {
            review: Box::new(review),
            expected: None,
        },
        Change::Effect {
            effect: Box::new(effect),
            expected: None,
        },
    ];
    store.commit(bed.set(changes)).await.unwrap();
    let post = |text: &str, at| AgentPost {
        text: text.to_owned(),
        at,
    };
    let all = vec![
        post("held", held_since),
        post("in review", waiting_since),
        post("published", published),
    ];
    let found = store.recent_posts(tenant, bed.agent.id, 9).await.unwrap();
    assert_eq!(found, all);
    let found = store.recent_posts(tenant, bed.agent.id, 1).await.unwrap();
    assert_eq!(found, all[..1]);
    let (other, _) = bed.world.agent("other");
    let found = store.recent_posts(tenant, other.id, 9).await.unwrap();
    assert_eq!(found, Vec::new());
}

/// What stands out is kept for a while, strongest first, each once, and for its tenant; its alert goes with it.
pub async fn clusters_are_found_strongest_first_and_forgotten<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let other = Bed::in_store(store, bed.world.other_tenant()).await;
    let (tenant, now) = (bed.campaign.tenant, bed.world.now());
    let cluster = |id: &str, score: f64| TrendCluster {
        trend_id: id.to_owned(),
        topic: format!("topic {id}"),
        score,
        volume: 4,
        velocity: 2.0,
        recency_hours: 0.5,
        regions: Vec::new(),
        tags: vec!["ä".to_owned()],
        supporting_samples: vec![TrendSample {
            resource: "https://a.example".to_owned(),
            excerpt: "Words".to_owned(),
            timestamp: now,
        }],
    };
    let save = |tenant: TenantId, clusters: Vec<TrendCluster>, at: Timestamp, forget: Timestamp| {
        store.save_trend_clusters(tenant, clusters, at, forget, Vec::new())
    };
    let hour = Span::seconds(3_600);
    let (weak, strong) = (cluster("weak", 0.8), cluster("strong", 0.9));
    save(tenant, vec![weak.clone(), strong.clone()], now, now - hour)
        .await
        .unwrap();
    let stronger = cluster("weak", 0.95);
    save(tenant, vec![stronger.clone()], now + hour, now)
        .await
        .unwrap();
    let found = async |since: Timestamp, most: u32| {
        store.trend_clusters(tenant, since, most).await.unwrap()
    };
    assert_eq!(found(now, 9).await, [stronger.clone(), strong]);
    assert_eq!(found(now, 1).await, std::slice::from_ref(&stronger));
    assert_eq!(found(now + hour, 9).await, std::slice::from_ref(&stronger));
    let theirs = store.trend_clusters(other.campaign.tenant, now, 9).await;
    assert_eq!(theirs.unwrap(), []);
    save(tenant, Vec::new(), now + hour, now + hour)
        .await
        .unwrap();
    assert_eq!(found(now, 9).await, [stronger]);
}

/// A trend that is seen again is brought up to date; a tenant's trends are its own, under the same ids.
pub async fn trends_are_brought_up_to_date<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let other = Bed::in_store(store, bed.world.other_tenant()).await;
    let tenant = bed.campaign.tenant;
    let (mut one, two) = (bed.world.trend("https://ä/1"), bed.world.trend("{2}"));
    let now = bed.world.now();
    let save = |tenant: TenantId, trends, at| store.save_trends(tenant, trends, at);
    save(tenant, vec![one.clone(), two.clone()], now)
        .await
        .unwrap();
    save(other.campaign.tenant, vec![one.clone()], now)
        .await
        .unwrap();
    let foreign = one.clone();
    one.velocity = 0.0;
    one.engagement_metrics.views = Some(u64::from(u32::MAX));
    save(tenant, vec![one.clone()], now + Span::seconds(1))
        .await
        .unwrap();
    save(tenant, Vec::new(), now).await.unwrap();
    let first = store.trends(tenant, PageRequest::first(1)).await.unwrap();
    assert_eq!(first.items, vec![one]);
    let rest = PageRequest {
        after: first.next,
        limit: 1,
    };
    let rest = store.trends(tenant, rest).await.unwrap();
    assert_eq!((rest.items, rest.next), (vec![two], None));
    let theirs = store
        .trends(other.campaign.tenant, PageRequest::default())
        .await
        .unwrap();
    assert_eq!(theirs.items, vec![foreign]);
}

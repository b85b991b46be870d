//! Another tenant's records are as good as none, whatever is asked.

use chimera_domain::{
    change::{Change, IdempotencyRecord},
    digest::Digest,
    id::{AlertId, TenantId},
    review::{Claim, Review},
    task::{Task, TaskState},
    time::Span,
};
use chimera_ports::{
    error::PortError,
    page::{Page, PageRequest},
    store::{AuditFilter, IncidentFilter, PolicyRecord, ReviewFilter, Session, Store, TaskFilter},
};
use serde_json::json;

use super::{Bed, campaign_set};
use crate::World;

/// A tenant with something of everything.
struct Full {
    bed: Bed,
    task: Task,
    artifact: chimera_domain::artifact::Artifact,
    review: Review,
    effect: chimera_domain::action::Effect,
    session: Session,
    alert: AlertId,
}

async fn full<S: Store>(store: &S) -> Full {
    let bed = Bed::in_store(store, World::default()).await;
    let task = bed.ready_task(store).await;
    let child = bed.world.blocked_task(&bed.campaign, 1);
    bed.add(store, &[(&child, &[&task])]).await;
    let artifact = bed.world.artifact(&task);
    let verdict = bed.world.verdict(&artifact);
    let review = bed.world.review(&artifact, &verdict);
    let mut effect = bed.world.effect(&artifact);
    effect.state = chimera_domain::action::EffectState::Dispatching {
        since: bed.world.now(),
    };
    let (content, publication) = bed.world.publication(&task);
    let (_, attempt) = bed.world.working(&bed.campaign, &task);
    let alert = bed.world.alert("X");
    let alert_id = alert.id;
    let figures = bed.world.engagement(&publication, 1);
    let after = Task {
        artifact: Some(artifact.artifact_id),
        ..task.clone()
    };
    let changes = vec![
        Change::Attempt(attempt),
        Change::Artifact(Box::new(artifact.clone())),
        Change::Verdict(Box::new(verdict)),
        Change::Review {
            review: Box::new(review.clone()),
            expected: None,
        },
        Change::Effect {
            effect: Box::new(effect.clone()),
            expected: None,
        },
        Change::Content(content),
        Change::Publication(publication),
        Change::Alert(alert),
        Change::Incident(bed.world.incident()),
        Change::Audit(bed.world.audit("x.y")),
    ];
    let set = bed.world.step(&bed.campaign, &task, after, changes);
    let task = set.task.clone().unwrap();
    store.commit(set).await.unwrap();
    store.add_engagement(vec![figures]).await.unwrap();
    let session = bed.world.session(&bed.user);
    store.create_session(&session, Vec::new()).await.unwrap();
    fill(store, &bed).await;
    Full {
        bed,
        task,
        artifact,
        review,
        effect,
        session,
        alert: alert_id,
    }
}

/// What hangs on no task.
async fn fill<S: Store>(store: &S, bed: &Bed) {
    let tenant = bed.campaign.tenant;
    let plan = bed.world.plan(&bed.campaign);
    store.save_plan(&plan, None, Vec::new()).await.unwrap();
    let trend = bed.world.trend("1");
    let now = bed.world.now();
    store.save_trends(tenant, vec![trend], now).await.unwrap();
    store
        .put_setting(tenant, "k", json!(1), Vec::new())
        .await
        .unwrap();
    let policy = PolicyRecord {
        tenant,
        version: 1,
        document: json!({}),
        author: "x".to_owned(),
        created_at: now,
    };
    store.add_policy(&policy, Vec::new()).await.unwrap();
    let answer = IdempotencyRecord {
        tenant,
        key: "k".to_owned(),
        request: Digest::plain(b"x"),
        status: 200,
        body: String::new(),
        created_at: now,
    };
    store.remember_answer(&answer).await.unwrap();
}

fn is_missing<T>(outcome: Result<T, PortError>) -> bool {
    matches!(outcome, Err(PortError::NotFound { .. }))
}

async fn intruder<S: Store>(store: &S, of: &Full) -> TenantId {
    Bed::in_store(store, of.bed.world.other_tenant())
        .await
        .campaign
        .tenant
}

/// One by one: what exists for its owner does not for anybody else.
pub async fn another_tenants_records_are_not_found<S: Store>(store: &S) {
    let full = full(store).await;
    let (owner, other) = (full.bed.campaign.tenant, intruder(store, &full).await);
    for (tenant, missing) in [(owner, false), (other, true)] {
        let campaign = full.bed.campaign.id;
        let found = [
            is_missing(store.board(tenant, full.task.id).await),
            is_missing(store.task(tenant, full.task.id).await),
            is_missing(store.campaign(tenant, campaign).await),
            is_missing(store.progress(tenant, campaign).await),
            is_missing(store.plan(tenant, campaign).await),
            is_missing(store.artifact(tenant, full.artifact.artifact_id).await),
            is_missing(store.review(tenant, full.review.review_id).await),
            is_missing(
                store
                    .similar_decisions(tenant, full.review.review_id, 5)
                    .await,
            ),
            is_missing(store.effect(tenant, full.effect.id).await),
            is_missing(store.agent(tenant, full.bed.agent.id).await),
            is_missing(store.persona(tenant, full.bed.agent.persona_version).await),
            is_missing(store.user(tenant, full.bed.user.id).await),
        ];
        assert_eq!(found, [missing; 12], "{tenant:?}");
        let artifact = full.artifact.artifact_id;
        let found = [
            store.verdict(tenant, artifact).await.unwrap().is_none(),
            store
                .open_review(tenant, full.task.id)
                .await
                .unwrap()
                .is_none(),
            store.setting(tenant, "k").await.unwrap().is_none(),
            store.current_policy(tenant).await.unwrap().is_none(),
            store.answered(tenant, "k").await.unwrap().is_none(),
        ];
        assert_eq!(found, [missing; 5], "{tenant:?}");
    }
}

/// Whether each list that is not paged is empty for `tenant`.
async fn empty_lists<S: Store>(store: &S, full: &Full, tenant: TenantId) -> [bool; 10] {
    let (task, agent) = (full.task.id, full.bed.agent.id);
    let campaign = full.bed.campaign.id;
    let figures = store.latest_engagement(tenant, Some(campaign)).await;
    let versions = store.persona_versions(tenant, agent).await;
    let posts = store.published_on(tenant, campaign, full.bed.world.now());
    [
        store.edges(tenant, campaign).await.unwrap().is_empty(),
        store.attempts(tenant, task).await.unwrap().is_empty(),
        store.artifacts(tenant, task).await.unwrap().is_empty(),
        store.open_reviews(tenant).await.unwrap() == 0,
        figures.unwrap().is_empty(),
        store
            .recent_posts(tenant, agent, 9)
            .await
            .unwrap()
            .is_empty(),
        store.events_after(tenant, 0, 9).await.unwrap().is_empty(),
        store.last_event(tenant).await.unwrap() == 0,
        versions.unwrap().is_empty(),
        posts.await.unwrap() == 0,
    ]
}

/// Whether each paged list is empty for `tenant`.
async fn empty_pages<S: Store>(store: &S, full: &Full, tenant: TenantId) -> [bool; 12] {
    fn none<T>(page: Result<Page<T>, PortError>) -> bool {
        page.unwrap().items.is_empty()
    }
    let page = PageRequest::default;
    let campaign = Some(full.bed.campaign.id);
    let tasks = TaskFilter {
        campaign,
        open_only: false,
        ..TaskFilter::default()
    };
    let reviews = ReviewFilter {
        campaign,
        ..ReviewFilter::default()
    };
    let records = AuditFilter::default();
    [
        none(store.tasks(tenant, tasks, page()).await),
        none(store.tasks(tenant, TaskFilter::default(), page()).await),
        none(store.reviews(tenant, reviews, page()).await),
        none(store.reviews(tenant, ReviewFilter::default(), page()).await),
        none(store.effects(tenant, None, page()).await),
        none(store.effects(tenant, campaign, page()).await),
        none(store.contents(tenant, campaign, page()).await),
        none(store.publications(tenant, campaign, page()).await),
        none(store.trends(tenant, page()).await),
        none(store.audit(tenant, records, page()).await),
        none(store.alerts(tenant, page()).await),
        none(
            store
                .incidents(tenant, IncidentFilter::default(), page())
                .await,
        ),
    ]
}

/// Lists show one's own rows only, also when they are asked for by another's ids.
pub async fn another_tenants_lists_are_empty<S: Store>(store: &S) {
    let full = full(store).await;
    let (owner, other) = (full.bed.campaign.tenant, intruder(store, &full).await);
    assert_eq!(empty_lists(store, &full, owner).await, [false; 10]);
    assert_eq!(empty_pages(store, &full, owner).await, [false; 12]);
    assert_eq!(empty_lists(store, &full, other).await, [true; 10]);
    assert_eq!(empty_pages(store, &full, other).await, [true; 12]);
    let page = PageRequest::default;
    let campaigns = store.campaigns(other, None, page()).await.unwrap();
    assert_eq!(campaigns.items.len(), 1, "their own");
    assert_eq!(store.agents(other, page()).await.unwrap().items.len(), 1);
    assert_eq!(store.users(other).await.unwrap().len(), 1);
}

/// Writing with another's ids changes nothing.
pub async fn another_tenant_cannot_write<S: Store>(store: &S) {
    let full = full(store).await;
    let (owner, other) = (full.bed.campaign.tenant, intruder(store, &full).await);
    let now = full.bed.world.now();
    let version = || full.bed.world.version();
    let mut theft = full.bed.completion(&full.task);
    theft.tenant = other;
    theft.changes.clear();
    theft.task.as_mut().unwrap().tenant = other;
    assert!(is_missing(store.commit(theft).await));
    let mut campaign = full.bed.campaign.clone();
    campaign.tenant = other;
    // The policy that was added above gave it a new version.
    let current = store.campaign(owner, campaign.id).await.unwrap();
    let update = store.commit(campaign_set(&campaign, current.version, Vec::new()));
    assert!(is_missing(update.await));
    let claim = Some(Claim {
        by: full.bed.user.id,
        until: now + Span::seconds(9),
    });
    let by = full.bed.user.id;
    let review = full.review.review_id;
    let claimed = store.claim_review(other, review, by, claim, now, version());
    assert!(is_missing(claimed.await));
    let mut user = full.bed.user.clone();
    user.tenant = other;
    assert!(is_missing(store.update_user(&user, Vec::new()).await));
    assert!(is_missing(
        store
            .revoke_session(other, full.session.id, now, Vec::new())
            .await
    ));
    assert!(is_missing(
        store
            .acknowledge_alert(other, full.alert, now, Vec::new())
            .await
    ));
    let mut agent = full.bed.agent.clone();
    agent.tenant = other;
    let mut persona = full.bed.world.persona_version(&agent, 2);
    persona.id = chimera_domain::id::PersonaVersionId::from_uuid(full.bed.world.uuid());
    persona.tenant = other;
    let added = store.add_persona_version(&agent, agent.version, &persona, Vec::new());
    assert!(is_missing(added.await));
    let mut plan = full.bed.world.plan(&full.bed.campaign);
    plan.tenant = other;
    assert!(is_missing(store.save_plan(&plan, None, Vec::new()).await));
    assert_eq!(store.campaign(owner, current.id).await.unwrap(), current);
    assert_eq!(store.task(owner, full.task.id).await.unwrap(), full.task);
    assert_eq!(store.review(owner, review).await.unwrap(), full.review);
    assert_ne!(full.task.state, TaskState::Completed);
    let session = store.session(full.session.token, now).await.unwrap();
    assert!(session.is_some());
}

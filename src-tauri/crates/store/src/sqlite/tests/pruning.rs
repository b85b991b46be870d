//! Forgetting by age: bounded, of one tenant, and nothing that is still referred to.

use chimera_domain::{
    campaign::CampaignStatus,
    change::Change,
    id::TenantId,
    retention::Holding,
    task::TaskState,
    time::{Span, Timestamp},
};
use chimera_ports::{
    page::PageRequest,
    store::{Boards, Campaigns, ChainReader, Contents, Log, Pruning, Settings},
};
use chimera_testkit::{World, store_contract::Bed};
use serde_json::json;

use super::fresh;
use crate::SqliteStore;

/// After everything that these tests write.
fn later(bed: &Bed) -> Timestamp {
    bed.world.now() + Span::seconds(60)
}

async fn pruned(store: &SqliteStore, bed: &Bed, holding: Holding, limit: u32) -> u64 {
    let tenant = bed.campaign.tenant;
    store
        .prune(tenant, holding, later(bed), limit)
        .await
        .unwrap()
}

async fn append(store: &SqliteStore, tenant: TenantId, notes: Vec<Change>) {
    store.append(tenant, notes).await.unwrap();
}

/// Ends the bed's campaign.
async fn over(store: &SqliteStore, bed: &mut Bed) {
    let set = bed.change(
        |campaign| campaign.status = CampaignStatus::Cancelled,
        Vec::new(),
    );
    store.commit(set).await.unwrap();
}

#[tokio::test]
async fn alerts_go_when_they_are_acknowledged_and_a_batch_at_a_time() {
    let (store, _folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let alerts: Vec<_> = (0..5).map(|_| bed.world.alert("X")).collect();
    let notes = alerts.iter().cloned().map(Change::Alert).collect();
    append(&store, tenant, notes).await;
    assert_eq!(pruned(&store, &bed, Holding::Alerts, 10).await, 0);
    for alert in &alerts[..3] {
        let at = bed.world.now();
        store
            .acknowledge_alert(tenant, alert.id, at, Vec::new())
            .await
            .unwrap();
    }
    let other = bed.world.other_tenant().tenant().id;
    assert_eq!(
        store
            .prune(other, Holding::Alerts, later(&bed), 10)
            .await
            .unwrap(),
        0,
        "another tenant's"
    );
    let before = store.prune(tenant, Holding::Alerts, alerts[0].created_at, 10);
    assert_eq!(before.await.unwrap(), 0, "not old enough");
    assert_eq!(pruned(&store, &bed, Holding::Alerts, 2).await, 2);
    assert_eq!(pruned(&store, &bed, Holding::Alerts, 2).await, 1);
    let left = store.alerts(tenant, PageRequest::first(10)).await.unwrap();
    assert_eq!(left.items.len(), 2, "what nobody acknowledged stays");
}

#[tokio::test]
async fn an_incident_of_a_campaign_that_is_not_over_stays() {
    let (store, _folder) = fresh().await;
    let mut bed = Bed::in_store(&store, World::default()).await;
    let mut of_campaign = bed.world.incident();
    of_campaign.campaign = Some(bed.campaign.id);
    let mut of_none = bed.world.incident();
    of_none.campaign = None;
    let notes = vec![Change::Incident(of_campaign), Change::Incident(of_none)];
    append(&store, bed.campaign.tenant, notes).await;
    assert_eq!(pruned(&store, &bed, Holding::Incidents, 10).await, 1);
    over(&store, &mut bed).await;
    assert_eq!(pruned(&store, &bed, Holding::Incidents, 10).await, 1);
}

#[tokio::test]
async fn events_that_the_writer_of_memories_has_not_read_stay() {
    let (store, _folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let task = bed.ready_task(&store).await;
    let notes = (0..4)
        .map(|_| Change::Event(bed.world.event(&task)))
        .collect();
    append(&store, tenant, notes).await;
    let all = bed.events(&store).await;
    assert_eq!(pruned(&store, &bed, Holding::Events, 100).await, 0);
    let read = all[1].seq;
    store
        .put_setting(tenant, "memory.followed", json!(read), Vec::new())
        .await
        .unwrap();
    assert_eq!(pruned(&store, &bed, Holding::Events, 100).await, 2);
    assert_eq!(bed.events(&store).await, all[2..]);
    // Numbers go on from where they were.
    append(&store, tenant, vec![Change::Event(bed.world.event(&task))]).await;
    let last = bed.events(&store).await.last().map(|event| event.seq);
    assert_eq!(last, all.last().map(|event| event.seq + 1));
}

#[tokio::test]
async fn a_trend_that_content_names_stays() {
    let (store, _folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let trends: Vec<_> = ["a", "b", "c"].map(|id| bed.world.trend(id)).into();
    store
        .save_trends(tenant, trends.clone(), bed.world.now())
        .await
        .unwrap();
    let task = bed.ready_task(&store).await;
    let (mut content, publication) = bed.world.publication(&task);
    content.trend_id = Some(trends[1].id.to_string());
    let changes = vec![Change::Content(content), Change::Publication(publication)];
    store.commit(bed.set(changes)).await.unwrap();
    assert_eq!(pruned(&store, &bed, Holding::Trends, 10).await, 2);
    assert_eq!(pruned(&store, &bed, Holding::Trends, 10).await, 0);
}

#[tokio::test]
async fn working_texts_go_when_the_campaign_is_over_and_what_proves_a_decision_stays() {
    let (store, _folder) = fresh().await;
    let mut bed = Bed::in_store(&store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let task = bed.ready_task(&store).await;
    let artifact = bed.world.artifact(&task);
    assert!(!artifact.sources.is_empty());
    let (_, attempt) = bed.world.working(&bed.campaign, &task);
    let changes = vec![
        Change::Attempt(attempt),
        Change::Artifact(Box::new(artifact.clone())),
    ];
    bed.go(&store, &task, TaskState::Completed, changes).await;
    assert_eq!(pruned(&store, &bed, Holding::WorkingTexts, 10).await, 0);
    over(&store, &mut bed).await;
    assert_eq!(pruned(&store, &bed, Holding::WorkingTexts, 10).await, 2);
    assert_eq!(pruned(&store, &bed, Holding::WorkingTexts, 10).await, 0);
    let left = store.artifact(tenant, artifact.artifact_id).await.unwrap();
    assert_eq!(left.sources, []);
    assert_eq!(
        (&left.payload, &left.action, left.digest),
        (&artifact.payload, &artifact.action, artifact.digest)
    );
    assert_eq!(store.attempts(tenant, task.id).await.unwrap(), []);
}

#[tokio::test]
async fn records_about_work_that_is_not_done_are_named() {
    let (store, _folder) = fresh().await;
    let mut bed = Bed::in_store(&store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let mut about = bed.world.audit("campaign.pause");
    about.campaign = Some(bed.campaign.id);
    let mut plain = bed.world.audit("session.begin");
    (plain.campaign, plain.task) = (None, None);
    append(
        &store,
        tenant,
        vec![Change::Audit(about.clone()), Change::Audit(plain)],
    )
    .await;
    let waiting = ChainReader::unsealed(&store, tenant, 100).await.unwrap();
    let places: Vec<u64> = waiting.iter().map(|record| record.seq).collect();
    let of_campaign: Vec<u64> = waiting
        .iter()
        .filter(|record| record.stored.record.id == about.id)
        .map(|record| record.seq)
        .collect();
    assert_eq!(
        store.still_needed(tenant, &places).await.unwrap(),
        of_campaign
    );
    over(&store, &mut bed).await;
    let needed = store.still_needed(tenant, &places).await.unwrap();
    assert_eq!(needed, Vec::<u64>::new());
}

#[tokio::test]
async fn what_goes_by_another_port_is_refused() {
    let (store, _folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    for holding in [Holding::Audit, Holding::FinanceAudit, Holding::Traces] {
        let refused = store.prune(bed.campaign.tenant, holding, later(&bed), 1);
        assert!(refused.await.is_err(), "{holding:?}");
    }
}

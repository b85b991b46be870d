//! A person in stored texts: found where they are named, taken out where that may be, and nowhere of another tenant.

use chimera_domain::{
    action::EffectState, campaign::CampaignStatus, change::Change, person::Identifier,
    task::TaskState,
};
use chimera_ports::{
    error::PortError,
    page::PageRequest,
    store::{Boards, Campaigns, Contents, Log, People, PersonErasure, Persons, Session, Settings},
};
use chimera_testkit::{World, store_contract::Bed};
use serde_json::json;

use super::fresh;
use crate::SqliteStore;

fn wanted(texts: &[&str]) -> Vec<Identifier> {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    Identifier::parse_all(&texts).unwrap()
}

fn erasure(identifiers: Vec<Identifier>) -> PersonErasure {
    PersonErasure {
        identifiers,
        tombstone: "[erased]".to_owned(),
        account: None,
        marker: "person.erasing".to_owned(),
    }
}

/// A tenant whose trend, alert, incident and audit log name Jane.
async fn naming(store: &SqliteStore, world: World) -> Bed {
    let bed = Bed::in_store(store, world).await;
    let tenant = bed.campaign.tenant;
    let mut trend = bed.world.trend("t1");
    trend.title = "Jane Roe opens a roastery; Janet does not".to_owned();
    store
        .save_trends(tenant, vec![trend], bed.world.now())
        .await
        .unwrap();
    let mut alert = bed.world.alert("X");
    alert.detail = "JANE ROE wrote".to_owned();
    let mut record = bed.world.audit("review.reject");
    record.output = json!({ "note": "Ask Jane Roe" });
    let notes = vec![Change::Alert(alert), Change::Audit(record)];
    store.append(tenant, notes).await.unwrap();
    bed
}

#[tokio::test]
async fn feeds_and_servers_and_rules_are_looked_through_and_what_stays_says_why() {
    let (store, _folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let written = store.writer().run(move |conn| {
        Box::pin(async move {
            for change in [
                "UPDATE campaigns SET feeds = '[\"https://x.example/@jane_roe.rss\"]', status = 'CANCELLED'",
                "INSERT INTO mcp_servers SELECT id, 'x', 1, '{\"url\":\"https://x.example/jane_roe\"}', 0 FROM tenants",
                "INSERT INTO settings SELECT id, 'connections.feeds', \
                    '[{\"id\":\"a\",\"url\":\"https://x.example/a\",\"title\":\"A\"}, \
                      {\"id\":\"b\",\"url\":\"https://x.example/b\",\"title\":\"By @jane_roe\"}]' FROM tenants",
                "INSERT INTO policies SELECT id, 99, '{\"never\":[\"jane_roe\"]}', 'mara', 0 FROM tenants",
            ] {
                sqlx::query(change).execute(&mut *conn).await?;
            }
            Ok(())
        })
    });
    written.await.unwrap();
    let jane = wanted(&["@jane_roe"]);
    let found = store.find_person(tenant, &jane, 100).await.unwrap();
    let places: Vec<(&str, bool)> = found
        .places
        .iter()
        .map(|place| (place.shelf.as_str(), place.stays.is_some()))
        .collect();
    assert_eq!(
        places,
        [
            ("campaigns", false),
            ("MCP servers", true),
            ("connected feeds", true),
            ("policies", true)
        ]
    );
    let feed = &found.places[2];
    assert_eq!(
        (feed.key.as_str(), feed.column.as_str(), feed.text.as_str()),
        ("b", "title", "By @jane_roe")
    );
    let changed = store.erase_person(tenant, erasure(jane), Vec::new());
    let changed = changed.await.unwrap().into_iter();
    let shelves: Vec<_> = changed.map(|(shelf, _)| shelf).collect();
    assert_eq!(shelves, ["campaigns"]);
}

#[tokio::test]
async fn a_person_is_taken_out_of_what_may_change_and_of_one_tenant_alone() {
    let (store, _folder) = fresh().await;
    let world = World::default();
    let other = naming(&store, world.other_tenant()).await;
    let bed = naming(&store, world).await;
    let tenant = bed.campaign.tenant;
    let jane = wanted(&["Jane Roe"]);
    let found = store.find_person(tenant, &jane, 100).await.unwrap();
    let shelves: Vec<&str> = found
        .places
        .iter()
        .map(|place| place.shelf.as_str())
        .collect();
    assert_eq!(shelves, ["trends", "alerts", "audit log"]);
    assert!(found.places[2].stays.is_some() && found.places[0].stays.is_none());
    let few = store.find_person(tenant, &jane, 1).await.unwrap();
    assert_eq!((few.places.len(), few.more), (1, true));

    let marker = json!({ "under": "way" });
    store
        .put_setting(tenant, "person.erasing", marker, Vec::new())
        .await
        .unwrap();
    let note = Change::Audit(bed.world.audit("person.erase"));
    let changed = store
        .erase_person(tenant, erasure(jane.clone()), vec![note])
        .await
        .unwrap();
    let told: Vec<_> = changed
        .iter()
        .map(|(shelf, rows)| (shelf.as_str(), *rows))
        .collect();
    assert_eq!(told, [("alerts", 1), ("trends", 1)]);
    assert_eq!(store.setting(tenant, "person.erasing").await.unwrap(), None);
    let trends = store.trends(tenant, PageRequest::first(9)).await.unwrap();
    assert_eq!(
        trends.items[0].title,
        "[erased] opens a roastery; Janet does not"
    );
    let left = store.find_person(tenant, &jane, 100).await.unwrap();
    assert_eq!(left.places.len(), 1, "the chain stays");
    let again = store
        .erase_person(tenant, erasure(jane.clone()), Vec::new())
        .await
        .unwrap();
    assert!(again.is_empty(), "{again:?}");
    let foreign = store.find_person(other.campaign.tenant, &jane, 100).await;
    assert_eq!(foreign.unwrap().places.len(), 3, "another tenant's stay");
}

#[tokio::test]
async fn open_work_stays_until_it_is_over() {
    let (store, _folder) = fresh().await;
    let mut bed = Bed::in_store(&store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let task = bed.ready_task(&store).await;
    let mut artifact = bed.world.artifact(&task);
    artifact.payload = json!({ "text": "As Jane Roe says" });
    let changes = vec![Change::Artifact(Box::new(artifact.clone()))];
    bed.go(&store, &task, TaskState::Completed, changes).await;
    let jane = wanted(&["jane roe"]);
    let ask = || store.find_person(tenant, &jane, 9);
    let stays = ask().await.unwrap().places[0].stays.clone().unwrap();
    assert!(stays.contains("open work"), "{stays}");
    let changed = store.erase_person(tenant, erasure(jane.clone()), Vec::new());
    assert!(changed.await.unwrap().is_empty());
    let set = bed.change(
        |campaign| campaign.status = CampaignStatus::Cancelled,
        Vec::new(),
    );
    store.commit(set).await.unwrap();
    assert_eq!(ask().await.unwrap().places[0].stays, None);
    let changed = store.erase_person(tenant, erasure(jane.clone()), Vec::new());
    assert_eq!(changed.await.unwrap().len(), 1);
    let left = store.artifact(tenant, artifact.artifact_id).await.unwrap();
    assert_eq!(left.payload, json!({ "text": "As [erased] says" }));
}

#[tokio::test]
async fn a_draft_that_was_approved_stays_as_it_was() {
    let (store, _folder) = fresh().await;
    let mut bed = Bed::in_store(&store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let task = bed.ready_task(&store).await;
    let mut artifact = bed.world.artifact(&task);
    artifact.payload = json!({ "text": "As Jane Roe says" });
    let mut draft = bed.world.artifact(&task);
    draft.payload = artifact.payload.clone();
    let mut effect = bed.world.effect(&artifact);
    effect.state = EffectState::Sent;
    let changes = vec![
        Change::Artifact(Box::new(artifact.clone())),
        Change::Artifact(Box::new(draft.clone())),
        Change::Effect {
            effect: Box::new(effect),
            expected: None,
        },
    ];
    bed.go(&store, &task, TaskState::Completed, changes).await;
    let set = bed.change(
        |campaign| campaign.status = CampaignStatus::Cancelled,
        Vec::new(),
    );
    store.commit(set).await.unwrap();
    let jane = wanted(&["jane roe"]);
    let found = store.find_person(tenant, &jane, 9).await.unwrap();
    let stays: Vec<_> = found
        .places
        .iter()
        .map(|place| (place.shelf.as_str(), place.stays.is_some()))
        .collect();
    assert_eq!(
        stays,
        [("drafts", true), ("drafts", false), ("actions", true)]
    );
    store
        .erase_person(tenant, erasure(jane), Vec::new())
        .await
        .unwrap();
    let text = async |id| store.artifact(tenant, id).await.unwrap().payload["text"].clone();
    assert_eq!(text(artifact.artifact_id).await, "As Jane Roe says");
    assert_eq!(text(draft.artifact_id).await, "As [erased] says");
}

#[tokio::test]
async fn an_account_is_closed_and_keeps_its_key_alone() {
    let (store, _folder) = fresh().await;
    let bed = Bed::in_store(&store, World::default()).await;
    let (tenant, user) = (bed.campaign.tenant, bed.user.clone());
    let session: Session = bed.world.session(&user);
    store.create_session(&session, Vec::new()).await.unwrap();
    let mail = wanted(&[&user.email]);
    let found = store.find_person(tenant, &mail, 9).await.unwrap();
    let account = found.account.unwrap();
    assert_eq!((account.user, account.sessions.len()), (user.id, 1));
    let whole = PersonErasure {
        account: Some(user.id),
        ..erasure(mail.clone())
    };
    store.erase_person(tenant, whole, Vec::new()).await.unwrap();
    assert_eq!(
        store.find_person(tenant, &mail, 9).await.unwrap().account,
        None
    );
    let left = store.user(tenant, user.id).await.unwrap();
    assert_eq!(left.name, "[erased]");
    assert_eq!(left.email, format!("{}@erased.invalid", user.id));
    assert!(left.disabled_at.is_some() && left.password_hash.is_empty());
}

#[tokio::test]
async fn an_identifier_that_is_a_word_of_the_forms_is_refused_and_changes_nothing() {
    let (store, _folder) = fresh().await;
    let mut bed = Bed::in_store(&store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let task = bed.ready_task(&store).await;
    let artifact = bed.world.artifact(&task);
    let changes = vec![Change::Artifact(Box::new(artifact.clone()))];
    bed.go(&store, &task, TaskState::Completed, changes).await;
    let set = bed.change(
        |campaign| campaign.status = CampaignStatus::Cancelled,
        Vec::new(),
    );
    store.commit(set).await.unwrap();
    // By this word a source's origin is read; whoever goes by it as a handle would take it along.
    let named = erasure(wanted(&["@untrusted"]));
    let refused = store.try_erasing(tenant, named.clone()).await.unwrap_err();
    assert!(
        matches!(&refused, PortError::Invalid(words) if words.contains("more fully")),
        "{refused}"
    );
    store
        .erase_person(tenant, named, Vec::new())
        .await
        .unwrap_err();
    // What is tried is taken back.
    let grinders = erasure(wanted(&["grinders"]));
    store.try_erasing(tenant, grinders.clone()).await.unwrap();
    let left = store.artifact(tenant, artifact.artifact_id).await.unwrap();
    assert_eq!(left, artifact);
    store
        .erase_person(tenant, grinders, Vec::new())
        .await
        .unwrap();
    let left = store.artifact(tenant, artifact.artifact_id).await.unwrap();
    assert!(left.sources[0].title.starts_with("[erased]"), "{left:?}");
}

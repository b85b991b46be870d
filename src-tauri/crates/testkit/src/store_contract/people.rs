//! Accounts, sessions, agents, settings, policies, plans.

use chimera_domain::{
    campaign::{Campaign, CampaignStatus},
    change::Change,
    digest::Digest,
    event::Fact,
    id::{SessionId, UserId},
    role::Role,
    tenant::Tenant,
    time::Span,
};
use chimera_ports::{
    error::PortError,
    store::{PolicyRecord, Store},
};
use serde_json::json;

use super::Bed;
use crate::World;

fn is_conflict<T>(outcome: Result<T, PortError>) -> bool {
    outcome.is_err_and(|error| error.is_conflict())
}

/// A tenant's name changes and nothing else of it, and only its own.
pub async fn a_tenant_is_renamed<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let other = bed.world.other_tenant().tenant();
    store.create_tenant(&other, Vec::new()).await.unwrap();
    let before = store.tenants().await.unwrap();
    let note = vec![Change::Audit(bed.world.audit("tenant.rename"))];
    store
        .rename_tenant(bed.world.tenant, "Halden Coffee", note)
        .await
        .unwrap();
    let mut expected = before;
    for tenant in &mut expected {
        if tenant.id == bed.world.tenant {
            tenant.name = "Halden Coffee".to_owned();
        }
    }
    assert_eq!(store.tenants().await.unwrap(), expected);
    let unknown = chimera_domain::id::TenantId::from_uuid(bed.world.uuid());
    assert!(matches!(
        store.rename_tenant(unknown, "X", Vec::new()).await,
        Err(PortError::NotFound { .. })
    ));
}

/// Users with their roles; an address is given once in the whole installation.
pub async fn accounts_and_roles<S: Store>(store: &S) {
    assert!(!store.has_users().await.unwrap());
    let bed = Bed::in_store(store, World::default()).await;
    assert!(store.has_users().await.unwrap());
    let tenant = bed.campaign.tenant;
    let twin = Tenant {
        id: bed.world.other_tenant().tenant,
        ..bed.world.tenant()
    };
    assert!(is_conflict(store.create_tenant(&twin, Vec::new()).await));
    let first: Vec<Tenant> = store.tenants().await.unwrap();
    assert_eq!(first, vec![bed.world.tenant()]);
    let mut bo = bed.world.user("bo");
    store.create_user(&bo, Vec::new()).await.unwrap();
    let mut copy = bed.world.user("copy");
    copy.email = bo.email.to_uppercase();
    assert!(is_conflict(store.create_user(&copy, Vec::new()).await));
    bo.roles = vec![Role::Viewer];
    bo.name = "Bo Ä".to_owned();
    bo.disabled_at = Some(bed.world.now());
    let note = vec![Change::Audit(bed.world.audit("user.update"))];
    store.update_user(&bo, note).await.unwrap();
    assert_eq!(store.user(tenant, bo.id).await.unwrap(), bo);
    let by_email = store.user_by_email(&bo.email.to_uppercase()).await;
    assert_eq!(by_email.unwrap(), Some(bo.clone()));
    assert_eq!(store.user_by_email("x@y.z").await.unwrap(), None);
    assert_eq!(
        store.users(tenant).await.unwrap(),
        vec![bo, bed.user.clone()]
    );
    let unknown = bed.world.user("nobody");
    let missing = store.update_user(&unknown, Vec::new()).await;
    assert!(matches!(missing, Err(PortError::NotFound { .. })));
}

/// A new session takes the place of those of the same user and label, and of no others.
pub async fn a_session_replaces_those_of_its_label<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let mut other = bed.world.user("other");
    other.email = "other@example.org".to_owned();
    store.create_user(&other, Vec::new()).await.unwrap();
    let labelled = |label: &str, user| chimera_ports::store::Session {
        label: label.to_owned(),
        ..bed.world.session(user)
    };
    let [old, browser] = ["scripts", "browser"].map(|label| labelled(label, &bed.user));
    let theirs = labelled("scripts", &other);
    for session in [&old, &browser, &theirs] {
        store.create_session(session, Vec::new()).await.unwrap();
    }
    bed.world.pass(5);
    let now = bed.world.now();
    let new = labelled("scripts", &bed.user);
    store.replace_sessions(&new, Vec::new()).await.unwrap();
    for (session, good) in [
        (&old, false),
        (&browser, true),
        (&theirs, true),
        (&new, true),
    ] {
        let found = store.session(session.token, now).await.unwrap();
        assert_eq!(found.is_some(), good, "{}", session.label);
    }
}

/// What ended long ago is forgotten: sessions and answers, and of one tenant only.
pub async fn what_ended_long_ago_is_forgotten<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.world.tenant;
    let [expired, revoked, good] = [(); 3].map(|()| bed.world.session(&bed.user));
    for session in [&expired, &revoked, &good] {
        store.create_session(session, Vec::new()).await.unwrap();
    }
    let began = bed.world.now();
    store
        .revoke_session(tenant, revoked.id, began, Vec::new())
        .await
        .unwrap();
    let answer = |key: &str, created_at| chimera_domain::change::IdempotencyRecord {
        tenant,
        key: key.to_owned(),
        request: Digest::plain(b"POST /x"),
        status: 201,
        body: "{}".to_owned(),
        created_at,
    };
    bed.world.pass(60);
    let later = bed.world.now();
    for record in [answer("old", began), answer("new", later)] {
        store.remember_answer(&record).await.unwrap();
    }
    // Begun long ago and never answered: nobody may ever act on it again.
    let in_doubt = chimera_domain::change::IdempotencyRecord {
        status: chimera_domain::change::IdempotencyRecord::BEGUN,
        body: String::new(),
        ..answer("in doubt", began)
    };
    assert_eq!(store.begin_answer(&in_doubt).await.unwrap(), None);
    store.forget(tenant, began, began).await.unwrap();
    assert!(
        store
            .revoke_session(tenant, revoked.id, later, Vec::new())
            .await
            .is_ok()
    );
    store.forget(tenant, later, later).await.unwrap();
    let gone = store
        .revoke_session(tenant, revoked.id, later, Vec::new())
        .await;
    assert!(matches!(gone, Err(PortError::NotFound { .. })));
    assert!(store.session(good.token, later).await.unwrap().is_some());
    assert_eq!(store.answered(tenant, "old").await.unwrap(), None);
    assert!(store.answered(tenant, "new").await.unwrap().is_some());
    assert_eq!(store.begin_answer(&in_doubt).await.unwrap(), Some(in_doubt));
    let over = expired.expires_at + Span::seconds(1);
    store.forget(tenant, over, later).await.unwrap();
    let gone = store
        .revoke_session(tenant, expired.id, later, Vec::new())
        .await;
    assert!(matches!(gone, Err(PortError::NotFound { .. })));
}

/// A session is good until it ends, is ended, or its user is closed.
pub async fn sessions_end<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let session = bed.world.session(&bed.user);
    store.create_session(&session, Vec::new()).await.unwrap();
    let now = bed.world.now();
    let found = store.session(session.token, now).await.unwrap();
    assert_eq!(found, Some((session.clone(), bed.user.clone())));
    let stolen = Digest::plain(b"guess");
    assert_eq!(store.session(stolen, now).await.unwrap(), None);
    let expired = store.session(session.token, session.expires_at).await;
    assert_eq!(expired.unwrap(), None);
    let closed = chimera_ports::store::User {
        disabled_at: Some(now),
        ..bed.user.clone()
    };
    store.update_user(&closed, Vec::new()).await.unwrap();
    assert_eq!(store.session(session.token, now).await.unwrap(), None);
    store.update_user(&bed.user, Vec::new()).await.unwrap();
    assert!(store.session(session.token, now).await.unwrap().is_some());
    store
        .revoke_session(tenant, session.id, now, Vec::new())
        .await
        .unwrap();
    assert_eq!(store.session(session.token, now).await.unwrap(), None);
    let unknown = SessionId::from_uuid(bed.world.uuid());
    let missing = store.revoke_session(tenant, unknown, now, Vec::new()).await;
    assert!(matches!(missing, Err(PortError::NotFound { .. })));
    let mut orphan = bed.world.session(&bed.user);
    orphan.user = UserId::from_uuid(bed.world.uuid());
    let missing = store.create_session(&orphan, Vec::new()).await;
    assert!(matches!(missing, Err(PortError::NotFound { .. })));
}

/// Campaigns of the agent in every status, stored; the bed's own first.
async fn campaigns_of_every_status<S: Store>(store: &S, bed: &Bed) -> Vec<Campaign> {
    let mut campaigns = vec![bed.campaign.clone()];
    for status in [
        CampaignStatus::Draft,
        CampaignStatus::Paused,
        CampaignStatus::Completed,
        CampaignStatus::Failed,
        CampaignStatus::Cancelled,
    ] {
        let campaign = Campaign {
            status,
            ..bed.world.campaign(&bed.agent)
        };
        store.create_campaign(&campaign, Vec::new()).await.unwrap();
        campaigns.push(campaign);
    }
    campaigns
}

/// Those that have not ended were changed as `edit` says, under a new version, and said so; the others not.
async fn check_handed_on<S: Store>(
    store: &S,
    bed: &Bed,
    before: Vec<Campaign>,
    edit: impl Fn(&mut Campaign),
) {
    let told = bed.events(store).await;
    for was in before {
        let is = store.campaign(was.tenant, was.id).await.unwrap();
        let told = told.iter().any(
            |event| matches!(&event.fact, Fact::CampaignChanged { campaign, .. } if *campaign == was.id),
        );
        let ended = was.status.is_over();
        let mut expected = was.clone();
        if !ended {
            edit(&mut expected);
            expected.state_version += 1;
            expected.version = is.version;
            expected.updated_at = bed.world.now();
            assert_ne!(is.version, was.version, "work in flight must notice");
        }
        assert_eq!(is, expected);
        assert_eq!(told, !ended);
    }
}

/// A new persona is the agent's and its campaigns'; two editors are told of each other.
pub async fn persona_versions_reach_the_campaigns<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let campaigns = campaigns_of_every_status(store, &bed).await;
    let first = store
        .persona(tenant, bed.agent.persona_version)
        .await
        .unwrap();
    let expected = bed.agent.version;
    let mut agent = bed.agent.clone();
    agent.persona_version = chimera_domain::id::PersonaVersionId::from_uuid(bed.world.uuid());
    agent.version = bed.world.version();
    bed.world.pass(1);
    let second = bed.world.persona_version(&agent, 2);
    let note = vec![Change::Audit(bed.world.audit("persona.edit"))];
    store
        .add_persona_version(&agent, expected, &second, note)
        .await
        .unwrap();
    assert_eq!(store.agent(tenant, agent.id).await.unwrap(), agent);
    assert_eq!(
        store.persona_versions(tenant, agent.id).await.unwrap(),
        vec![second, first]
    );
    let persona = agent.persona_version;
    check_handed_on(store, &bed, campaigns, |campaign| {
        campaign.persona_version = persona
    })
    .await;
    let mut late = agent.clone();
    late.persona_version = chimera_domain::id::PersonaVersionId::from_uuid(bed.world.uuid());
    let third = bed.world.persona_version(&late, 3);
    let lost = store
        .add_persona_version(&late, expected, &third, Vec::new())
        .await;
    assert!(is_conflict(lost));
    assert!(store.persona(tenant, third.id).await.is_err());
    let (twin, persona) = bed.world.agent(&agent.name);
    assert!(is_conflict(
        store.create_agent(&twin, &persona, Vec::new()).await
    ));
}

/// A new policy is every running campaign's; a number is given once.
pub async fn policies_reach_the_campaigns<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    assert_eq!(store.current_policy(tenant).await.unwrap(), None);
    let campaigns = campaigns_of_every_status(store, &bed).await;
    bed.world.pass(1);
    let record = PolicyRecord {
        tenant,
        version: 2,
        document: json!({"bands": {"auto": 0.9}}),
        author: "mara".to_owned(),
        created_at: bed.world.now(),
    };
    store.add_policy(&record, Vec::new()).await.unwrap();
    check_handed_on(store, &bed, campaigns, |campaign| {
        campaign.policy_version = 2
    })
    .await;
    assert!(is_conflict(store.add_policy(&record, Vec::new()).await));
    let newer = PolicyRecord {
        version: 3,
        document: json!({"bands": {"auto": 0.95}}),
        ..record.clone()
    };
    store.add_policy(&newer, Vec::new()).await.unwrap();
    let current = store.current_policy(tenant).await.unwrap();
    assert_eq!(current.as_ref(), Some(&newer));
    let (older, unknown) = (store.policy(tenant, 2).await, store.policy(tenant, 1).await);
    assert_eq!((older.unwrap(), unknown.unwrap()), (Some(record), None));
    assert_eq!(store.policy(tenant, 3).await.unwrap(), Some(newer));
}

/// Settings are JSON under a key, the last one counts.
pub async fn settings_are_kept<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    assert_eq!(store.setting(tenant, "provider").await.unwrap(), None);
    for value in [
        json!({"kind": "rehearsal", "n": 1.50}),
        json!(null),
        json!("x\u{0}"),
    ] {
        let note = vec![Change::Audit(bed.world.audit("settings.put"))];
        store
            .put_setting(tenant, "provider", value.clone(), note)
            .await
            .unwrap();
        assert_eq!(
            store.setting(tenant, "provider").await.unwrap(),
            Some(value)
        );
    }
    assert_eq!(store.setting(tenant, "other").await.unwrap(), None);
}

/// Every edit is a revision; the second of two editors is told.
pub async fn plans_are_edited_by_one_at_a_time<S: Store>(store: &S) {
    let bed = Bed::in_store(store, World::default()).await;
    let tenant = bed.campaign.tenant;
    let none = store.plan(tenant, bed.campaign.id).await;
    assert!(matches!(none, Err(PortError::NotFound { .. })));
    let first = bed.world.plan(&bed.campaign);
    store.save_plan(&first, None, Vec::new()).await.unwrap();
    assert!(is_conflict(store.save_plan(&first, None, Vec::new()).await));
    let mut second = first.clone();
    second.revision = 2;
    second.version = bed.world.version();
    second.steps.clear();
    let note = vec![Change::Audit(bed.world.audit("plan.edit"))];
    store
        .save_plan(&second, Some(first.version), note)
        .await
        .unwrap();
    let mut late = second.clone();
    late.version = bed.world.version();
    late.revision = 3;
    assert!(is_conflict(
        store
            .save_plan(&late, Some(first.version), Vec::new())
            .await
    ));
    assert_eq!(store.plan(tenant, bed.campaign.id).await.unwrap(), second);
    let mut nowhere = bed.world.plan(&bed.campaign);
    nowhere.campaign = bed.world.campaign(&bed.agent).id;
    let missing = store.save_plan(&nowhere, None, Vec::new()).await;
    assert!(matches!(missing, Err(PortError::NotFound { .. })));
}

//! Tokens that end, are refused, or are taken back.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use chimera_domain::fault::Fault;
use chimera_ports::authorizing::AuthorizationState;
use chimera_scripted::AuthorizationScript;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::{REDIRECT, World, opened, session_over};
use crate::{
    Challenge, Identity, InMemory, Keeping, Session,
    codes::{OAUTH_TOKEN_REFUSED, OAUTH_UNREACHABLE},
};

fn renewals(world: &World) -> Vec<String> {
    let seen = world.server.seen();
    let tokens = seen.into_iter().filter(|one| one.what == "POST /token");
    tokens
        .filter_map(|one| one.fields.get("refresh_token").cloned())
        .collect()
}

#[tokio::test]
async fn a_token_that_is_about_to_end_is_renewed_once_for_all_who_ask() {
    let world = World::new(AuthorizationScript::default()).await;
    world.authorized().await.unwrap();
    world.clock.set(3_600 - 31);
    assert_eq!(world.bearer().await.as_deref(), Some("access-2"));
    world.clock.set(3_600 - 30);
    let (one, other) = tokio::join!(world.bearer(), world.bearer());
    assert_eq!(
        (one.as_deref(), other.as_deref()),
        (Some("access-3"), Some("access-3"))
    );
    assert_eq!(renewals(&world), ["refresh-2"]);
    let seen = world.server.seen();
    assert_eq!(
        serde_json::to_value(&seen.last().unwrap().fields).unwrap(),
        json!({
            "grant_type": "refresh_token",
            "refresh_token": "refresh-2",
            "resource": world.server.resource(),
            "client_id": "client-1",
        })
    );
    // It is kept: the next process goes on with it.
    let again = world.again();
    world.clock.set(2 * 3_600);
    again.bearer().await.unwrap();
    assert_eq!(renewals(&world), ["refresh-2", "refresh-3"]);
}

#[tokio::test]
async fn a_renewal_without_another_leave_keeps_the_one_there_is() {
    let world = World::new(AuthorizationScript {
        tokens: vec![
            json!({}),
            json!({ "refresh_token": null, "expires_in": 10 }),
        ],
        ..AuthorizationScript::default()
    })
    .await;
    world.authorized().await.unwrap();
    world.clock.set(3_600);
    world.bearer().await;
    world.bearer().await;
    assert_eq!(renewals(&world), ["refresh-2", "refresh-2"]);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_not_again_before_it_was_taken() {
    let world = World::new(AuthorizationScript::default()).await;
    world.authorized().await.unwrap();
    world.session.taken();
    assert_eq!(world.refused().await.as_deref(), Some("access-3"));
    assert_eq!(world.refused().await, None);
    assert_eq!(renewals(&world), ["refresh-2"]);
    assert_eq!(
        world.session.standing().await,
        AuthorizationState::Needed { scopes: Vec::new() }
    );
    world.session.taken();
    assert_eq!(world.refused().await.as_deref(), Some("access-4"));
}

#[tokio::test]
async fn who_was_refused_with_an_older_token_gets_the_present_one() {
    let world = World::new(AuthorizationScript::default()).await;
    world.authorized().await.unwrap();
    world.session.taken();
    let old = world.session.bearer().await.unwrap();
    let (one, other) = tokio::join!(
        world.session.refused(old.as_ref(), Challenge::default()),
        world.session.refused(old.as_ref(), Challenge::default()),
    );
    assert!(one.is_some() && other.is_some());
    assert_eq!(renewals(&world).len(), 1);
}

#[tokio::test]
async fn a_leave_that_was_taken_back_is_not_asked_for_again() {
    let world = World::new(AuthorizationScript {
        tokens: vec![
            json!({}),
            json!({ "status": 400, "error": "invalid_grant" }),
        ],
        ..AuthorizationScript::default()
    })
    .await;
    world.authorized().await.unwrap();
    world.clock.set(3_600);
    // The old token is what there is; the server says whether it is enough.
    assert_eq!(world.bearer().await.as_deref(), Some("access-2"));
    let AuthorizationState::Refused(fault) = world.session.standing().await else {
        panic!("it was refused");
    };
    assert_eq!(fault.code, OAUTH_TOKEN_REFUSED);
    assert!(fault.message.contains("invalid_grant"), "{fault:?}");
    world.bearer().await;
    world.again().bearer().await.unwrap();
    assert_eq!(renewals(&world), ["refresh-2"]);
}

#[tokio::test]
async fn an_authorization_server_in_trouble_takes_no_leave_back() {
    for (trouble, code) in [
        (json!({ "status": 503 }), OAUTH_UNREACHABLE),
        // Whoever stands in between, or a mistake that is put right: only the word that the leave is worth nothing counts.
        (json!({ "status": 403 }), OAUTH_TOKEN_REFUSED),
        (
            json!({ "status": 401, "error": "invalid_client" }),
            OAUTH_TOKEN_REFUSED,
        ),
    ] {
        is_asked_again_after(trouble, code).await;
    }
}

async fn is_asked_again_after(trouble: Value, code: &str) {
    let world = World::new(AuthorizationScript {
        tokens: vec![json!({}), trouble],
        ..AuthorizationScript::default()
    })
    .await;
    world.authorized().await.unwrap();
    world.clock.set(3_600);
    assert_eq!(world.bearer().await.as_deref(), Some("access-2"));
    let AuthorizationState::Refused(fault) = world.session.standing().await else {
        panic!("it was refused");
    };
    assert_eq!(fault.code, code);
    world.clock.set(3_629);
    assert_eq!(world.bearer().await.as_deref(), Some("access-2"));
    assert_eq!(
        renewals(&world),
        ["refresh-2"],
        "it is not asked with every request"
    );
    world.clock.set(3_630);
    assert_eq!(world.bearer().await.as_deref(), Some("access-4"));
    assert_eq!(renewals(&world), ["refresh-2", "refresh-2"]);
}

/// A place that may be locked.
#[derive(Default)]
struct Lockable {
    inner: InMemory,
    is_locked: AtomicBool,
}

#[async_trait]
impl Keeping for Lockable {
    async fn load(&self) -> Result<Option<SecretString>, Fault> {
        self.inner.load().await
    }

    async fn keep(&self, text: SecretString) -> Result<(), Fault> {
        if self.is_locked.load(Ordering::Relaxed) {
            return Err(Fault::of("KEYCHAIN_LOCKED", "locked"));
        }
        self.inner.keep(text).await
    }

    async fn renew(&self, text: SecretString) -> Result<(), Fault> {
        self.keep(text).await
    }

    async fn forget(&self) -> Result<(), Fault> {
        self.inner.forget().await
    }
}

#[tokio::test]
async fn a_renewed_token_that_cannot_be_kept_is_used_and_kept_as_soon_as_it_can_be() {
    let world = World::new(AuthorizationScript::default()).await;
    let keeping = Arc::new(Lockable::default());
    let open = || {
        let keeping = Arc::clone(&keeping) as _;
        session_over(
            &world.server.resource(),
            &world.clock,
            keeping,
            Identity::default(),
        )
    };
    let session = open();
    let query = opened(&session.begin(REDIRECT).await.unwrap()).await;
    session.finish(&query).await.unwrap();
    keeping.is_locked.store(true, Ordering::Relaxed);
    world.clock.set(3_600);
    let bearer = async |session: &Session| {
        let token = session.bearer().await.unwrap().unwrap();
        token.expose_secret().to_owned()
    };
    assert_eq!(bearer(&session).await, "access-3");
    let unkept = async || match session.standing().await {
        AuthorizationState::Authorized { unkept, .. } => unkept.map(|fault| fault.code),
        other => panic!("{other:?}"),
    };
    assert_eq!(unkept().await.as_deref(), Some("KEYCHAIN_LOCKED"));
    keeping.is_locked.store(false, Ordering::Relaxed);
    // Not with every request.
    bearer(&session).await;
    assert!(unkept().await.is_some());
    world.clock.set(3_630);
    assert_eq!(bearer(&session).await, "access-3");
    assert_eq!(unkept().await, None);
    assert_eq!(bearer(&open()).await, "access-3");
    assert_eq!(renewals(&world), ["refresh-2"]);
}

#[tokio::test]
async fn whoever_takes_it_back_waits_for_no_authorization_server_and_what_is_under_way_ends_with_nothing()
 {
    let world = World::new(AuthorizationScript::default()).await;
    world.authorized().await.unwrap();
    world.clock.set(3_600);
    world
        .server
        .tell(|script| script.silent = ["/token".to_owned()].into());
    let taken_back = async {
        while renewals(&world).is_empty() {
            tokio::task::yield_now().await;
        }
        world.session.forget().await.unwrap();
    };
    // One who had waited for the answer would have the old token, which is used where there is no answer.
    let (bearer, ()) = tokio::join!(world.bearer(), taken_back);
    assert_eq!(bearer, None);
    assert_eq!(world.session.standing().await, AuthorizationState::NotAsked);
    assert!(world.keeping.load().await.unwrap().is_none());
}

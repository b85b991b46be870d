//! Rounds that end well: what is asked where, and for what.

use chimera_domain::time::Timestamp;
use chimera_ports::authorizing::AuthorizationState;
use chimera_scripted::{AuthorizationScript, AuthorizationServer};
use serde_json::{Value, json};

use super::{REDIRECT, World, challenge, opened, session};
use crate::{
    Identity, Keeping, Registered,
    codes::{OAUTH_MISMATCH, OAUTH_NOT_BEGUN, OAUTH_ROUNDS_SPENT},
    encode,
};

#[tokio::test]
async fn a_server_is_found_registered_with_and_asked_with_a_protected_code() {
    let world = World::new(AuthorizationScript::default()).await;
    assert_eq!(world.session.standing().await, AuthorizationState::NotAsked);
    assert_eq!(world.bearer().await, None);
    world.authorized().await.unwrap();
    assert_eq!(
        world.server.asked(),
        [
            "GET /.well-known/oauth-protected-resource/mcp",
            "GET /.well-known/oauth-authorization-server",
            "POST /register",
            "GET /authorize",
            "POST /token",
        ]
    );
    let seen = world.server.seen();
    assert_eq!(
        seen[2].json,
        json!({
            "client_name": "Chimera",
            "application_type": "native",
            "redirect_uris": [REDIRECT],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
        })
    );
    let (asked, token) = (&seen[3].fields, &seen[4].fields);
    let verifier = &token["code_verifier"];
    assert_eq!(*verifier, encode::base64_url(&[2; 32]));
    assert_eq!(
        serde_json::to_value(asked).unwrap(),
        json!({
            "response_type": "code",
            "client_id": "client-1",
            "redirect_uri": REDIRECT,
            "state": encode::base64_url(&[1; 32]),
            "code_challenge": encode::challenge(verifier),
            "code_challenge_method": "S256",
            "resource": world.server.resource(),
        })
    );
    assert_eq!(
        serde_json::to_value(token).unwrap(),
        json!({
            "grant_type": "authorization_code",
            "code": "code-1",
            "redirect_uri": REDIRECT,
            "code_verifier": verifier,
            "resource": world.server.resource(),
            "client_id": "client-1",
        })
    );
    assert_eq!(world.bearer().await.as_deref(), Some("access-2"));
    assert_eq!(
        world.session.standing().await,
        AuthorizationState::Authorized {
            issuer: world.server.issuer(),
            scopes: Vec::new(),
            until: Some(Timestamp::from_seconds(3_600)),
            renews: true,
            unkept: None,
        }
    );
}

#[tokio::test]
async fn an_authorization_outlives_the_process_until_it_is_forgotten() {
    let world = World::new(AuthorizationScript::default()).await;
    world.authorized().await.unwrap();
    let again = world.again();
    assert!(again.bearer().await.unwrap().is_some());
    let moved = session(
        &format!("{}/other", world.server.resource()),
        &world.clock,
        &world.keeping,
        Identity::default(),
    );
    assert!(
        moved.bearer().await.unwrap().is_none(),
        "a token for another address"
    );
    again.forget().await.unwrap();
    assert!(again.bearer().await.unwrap().is_none());
    assert!(world.again().bearer().await.unwrap().is_none());
    assert_eq!(world.again().standing().await, AuthorizationState::NotAsked);
}

#[tokio::test]
async fn scopes_are_those_of_the_challenge_else_of_the_resource_else_none() {
    let script = || AuthorizationScript {
        resource: json!({ "scopes_supported": ["all", "more"] }),
        ..AuthorizationScript::default()
    };
    let asked = |world: &World| {
        world
            .server
            .seen()
            .last()
            .unwrap()
            .fields
            .get("scope")
            .cloned()
    };
    let world = World::new(script()).await;
    opened(&world.session.begin(REDIRECT).await.unwrap()).await;
    assert_eq!(asked(&world).as_deref(), Some("all more"));
    world
        .session
        .refused(None, challenge("Bearer scope=\"few\""))
        .await;
    opened(&world.session.begin(REDIRECT).await.unwrap()).await;
    assert_eq!(asked(&world).as_deref(), Some("few"));
    world
        .server
        .tell(|script| script.metadata = json!({ "scopes_supported": ["offline_access"] }));
    opened(&world.session.begin(REDIRECT).await.unwrap()).await;
    assert_eq!(asked(&world).as_deref(), Some("few offline_access"));
}

#[tokio::test]
async fn more_is_asked_for_beside_what_was_given_and_not_without_end() {
    let world = World::new(AuthorizationScript::default()).await;
    world
        .session
        .refused(None, challenge("Bearer scope=\"a\""))
        .await;
    world.authorized().await.unwrap();
    let more = || challenge("Bearer error=\"insufficient_scope\", scope=\"b\"");
    world.session.lacks(more()).await;
    assert_eq!(
        world.session.standing().await,
        AuthorizationState::MoreNeeded {
            scopes: vec!["b".to_owned()]
        }
    );
    // What it has still goes along: it is enough for other things.
    assert!(world.bearer().await.is_some());
    let mut scopes = Vec::new();
    let refused = loop {
        match world.authorized().await {
            Ok(()) => world.session.lacks(more()).await,
            Err(fault) => break fault,
        }
        let seen = world.server.seen();
        let last = seen
            .iter()
            .rfind(|one| one.what == "GET /authorize")
            .unwrap();
        scopes.push(last.fields["scope"].clone());
    };
    assert_eq!(
        scopes, ["a b"; 3],
        "one round that brought something, two that did not"
    );
    assert_eq!(refused.code, OAUTH_ROUNDS_SPENT);
    world.session.forget().await.unwrap();
    world.authorized().await.unwrap();
}

#[tokio::test]
async fn a_server_that_refuses_what_it_was_just_given_is_asked_for_only_so_often() {
    let world = World::new(AuthorizationScript::default()).await;
    world.authorized().await.unwrap();
    for _ in 0..2 {
        assert_eq!(world.refused().await, None, "a new token is not renewed");
        world.authorized().await.unwrap();
    }
    world.refused().await;
    assert_eq!(
        world.authorized().await.unwrap_err().code,
        OAUTH_ROUNDS_SPENT
    );
}

#[tokio::test]
async fn a_client_is_shown_to_no_other_issuer() {
    let world = World::new(AuthorizationScript::default()).await;
    world.authorized().await.unwrap();
    let other = AuthorizationServer::start(AuthorizationScript::default()).await;
    let issuer = other.issuer();
    world
        .server
        .tell(|script| script.resource = json!({ "authorization_servers": [issuer] }));
    world.refused().await;
    let before = world.server.asked().len();
    world.authorized().await.unwrap();
    // The old one hears nothing but that its resource was looked at.
    assert_eq!(
        world.server.asked()[before..],
        ["GET /.well-known/oauth-protected-resource/mcp"]
    );
    assert_eq!(
        other.asked(),
        [
            "GET /.well-known/oauth-authorization-server",
            "POST /register",
            "GET /authorize",
            "POST /token",
        ]
    );
    let said = format!("{:?}", other.seen());
    assert!(
        !said.contains("refresh-") && !said.contains("access-"),
        "{said}"
    );
}

#[tokio::test]
async fn a_client_that_a_person_entered_is_used_and_belongs_to_its_issuer() {
    let world = World::new(AuthorizationScript {
        metadata: json!({
            "registration_endpoint": null,
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }),
        ..AuthorizationScript::default()
    })
    .await;
    assert_eq!(
        world.authorized().await.unwrap_err().code,
        crate::codes::OAUTH_REGISTRATION_REFUSED
    );
    let entered = |issuer: String| {
        let registered = Some(Registered {
            id: "mine".to_owned(),
            secret: Some("hush".into()),
            issuer: Some(issuer),
        });
        let identity = Identity {
            registered,
            ..Identity::default()
        };
        session(
            &world.server.resource(),
            &world.clock,
            &world.keeping,
            identity,
        )
    };
    let session = entered(world.server.issuer());
    let query = opened(&session.begin(REDIRECT).await.unwrap()).await;
    session.finish(&query).await.unwrap();
    let seen = world.server.seen();
    let token = seen.last().unwrap();
    let expected = format!("Basic {}", encode::base64(b"mine:hush"));
    assert_eq!(token.authorization.as_deref(), Some(expected.as_str()));
    assert!(!token.fields.contains_key("client_id"));
    let fault = entered("https://another.example".to_owned())
        .begin(REDIRECT)
        .await
        .unwrap_err();
    assert_eq!(fault.code, crate::codes::OAUTH_MISMATCH);
}

#[tokio::test]
async fn a_document_about_us_is_named_where_it_is_taken() {
    let document = "https://chimera.example/client.json";
    let world = World::new(AuthorizationScript {
        metadata: json!({ "client_id_metadata_document_supported": true }),
        ..AuthorizationScript::default()
    })
    .await;
    let identity = Identity {
        document: Some(document.to_owned()),
        ..Identity::default()
    };
    let session = session(
        &world.server.resource(),
        &world.clock,
        &world.keeping,
        identity,
    );
    opened(&session.begin(REDIRECT).await.unwrap()).await;
    assert_eq!(
        world.server.seen().last().unwrap().fields["client_id"],
        document
    );
    assert!(!world.server.asked().contains(&"POST /register".to_owned()));
}

#[tokio::test]
async fn a_server_without_metadata_of_its_own_is_authorized_by_its_origin() {
    let world = World::new(AuthorizationScript {
        at: [(
            "/.well-known/oauth-protected-resource/mcp".to_owned(),
            (404, Value::Null),
        )]
        .into(),
        ..AuthorizationScript::default()
    })
    .await;
    world.authorized().await.unwrap();
    assert_eq!(
        world.server.asked()[..3],
        [
            "GET /.well-known/oauth-protected-resource/mcp",
            "GET /.well-known/oauth-protected-resource",
            "GET /.well-known/oauth-authorization-server",
        ]
    );
}

#[tokio::test]
async fn a_round_that_is_given_up_takes_no_answer() {
    let world = World::new(AuthorizationScript::default()).await;
    let begun = world.session.begin_as(REDIRECT, None).await.unwrap();
    let query = opened(&begun.address).await;
    assert!(world.session.waits(begun.id).await);
    let stranger = world.session.finish("state=other&code=code-9").await;
    assert_eq!(stranger.unwrap_err().code, OAUTH_MISMATCH);
    assert!(world.session.waits(begun.id).await, "a stranger ended it");
    world.session.abandon(begun.id).await;
    assert!(!world.session.waits(begun.id).await);
    let late = world.session.finish(&query).await;
    assert_eq!(late.unwrap_err().code, OAUTH_NOT_BEGUN);
    assert_eq!(world.session.standing().await, AuthorizationState::NotAsked);
}

#[tokio::test]
async fn whoever_gives_a_round_up_ends_none_that_was_begun_after_it() {
    let world = World::new(AuthorizationScript::default()).await;
    let first = world.session.begin_as(REDIRECT, None).await.unwrap();
    let second = world.session.begin_as(REDIRECT, None).await.unwrap();
    assert!(!world.session.waits(first.id).await);
    world.session.abandon(first.id).await;
    assert!(world.session.waits(second.id).await);
    let query = opened(&second.address).await;
    world.session.finish(&query).await.unwrap();
}

#[tokio::test]
async fn of_rounds_that_are_begun_at_the_same_moment_the_last_goes_on_and_the_others_are_told() {
    let world = World::new(AuthorizationScript::default()).await;
    let begin = || world.session.begin_as(REDIRECT, None);
    let (first, second) = tokio::join!(begin(), begin());
    assert_eq!(first.unwrap_err().code, OAUTH_NOT_BEGUN);
    let query = opened(&second.unwrap().address).await;
    world.session.finish(&query).await.unwrap();
    assert!(world.bearer().await.is_some());
}

#[tokio::test]
async fn a_round_that_is_taken_back_while_it_is_begun_or_ended_leaves_nothing() {
    let world = World::new(AuthorizationScript::default()).await;
    let query = opened(&world.session.begin(REDIRECT).await.unwrap()).await;
    let is_silent_at = |path: &str| {
        let path = path.to_owned();
        world.server.tell(|script| script.silent = [path].into());
    };
    let let_go_after = async |request: &str| {
        while world.server.asked().last().map(String::as_str) != Some(request) {
            tokio::task::yield_now().await;
        }
        world.session.let_go();
    };
    is_silent_at("/token");
    let (ended, ()) = tokio::join!(world.session.finish(&query), let_go_after("POST /token"));
    assert_eq!(ended.unwrap_err().code, OAUTH_NOT_BEGUN);
    is_silent_at("/nowhere");
    let (begun, ()) = tokio::join!(
        world.session.begin(REDIRECT),
        let_go_after("POST /register")
    );
    assert_eq!(begun.unwrap_err().code, OAUTH_NOT_BEGUN);
    assert!(world.keeping.load().await.unwrap().is_none());
    assert_eq!(world.session.standing().await, AuthorizationState::NotAsked);
}

#[tokio::test]
async fn a_client_that_is_entered_for_a_round_is_the_one_that_goes_on() {
    let world = World::new(AuthorizationScript::default()).await;
    let registered = Registered {
        id: "ours".to_owned(),
        secret: None,
        issuer: Some(world.server.issuer()),
    };
    let begun = world.session.begin_as(REDIRECT, Some(registered)).await;
    let query = opened(&begun.unwrap().address).await;
    world.session.finish(&query).await.unwrap();
    let seen = world.server.seen();
    let clients: Vec<_> = seen
        .iter()
        .filter_map(|one| one.fields.get("client_id"))
        .collect();
    assert_eq!(clients, ["ours", "ours"]);
    assert!(seen.iter().all(|one| one.what != "POST /register"));
}

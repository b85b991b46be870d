//! Servers that mean harm, or are in the hands of somebody who does.

use chimera_domain::fault::Fault;
use chimera_ports::authorizing::AuthorizationState;
use chimera_scripted::{AuthorizationScript, AuthorizationServer};
use serde_json::{Value, json};

use super::{REDIRECT, World, challenge, opened};
use crate::{
    MAX_ANSWER_BYTES, ROUND_TIME, Registered,
    codes::{
        OAUTH_ADDRESS_REFUSED, OAUTH_ANSWER_UNUSABLE, OAUTH_DENIED, OAUTH_MISMATCH,
        OAUTH_NOT_BEGUN, OAUTH_TOKEN_REFUSED,
    },
    wire::{Looked, Wire},
};

/// How a round fails, and what was asked meanwhile. Nothing of it is ever kept.
async fn failed(script: AuthorizationScript) -> (Fault, Vec<String>) {
    let world = World::new(script).await;
    let fault = world.authorized().await.unwrap_err();
    assert_eq!(world.bearer().await, None);
    assert_eq!(
        world.session.standing().await,
        AuthorizationState::Refused(fault.clone())
    );
    (fault, world.server.asked())
}

fn never(asked: &[String], what: &str) {
    assert!(!asked.iter().any(|one| one == what), "{asked:?}");
}

#[tokio::test]
async fn metadata_that_speaks_for_somebody_else_is_not_used() {
    for script in [
        AuthorizationScript {
            resource: json!({ "resource": "https://evil.example/mcp" }),
            ..AuthorizationScript::default()
        },
        AuthorizationScript {
            metadata: json!({ "issuer": "https://attacker.example" }),
            ..AuthorizationScript::default()
        },
    ] {
        let (fault, asked) = failed(script).await;
        assert_eq!(fault.code, OAUTH_MISMATCH);
        never(&asked, "POST /register");
        never(&asked, "GET /authorize");
    }
    let world = World::new(AuthorizationScript::default()).await;
    let elsewhere = "Bearer resource_metadata=\"https://evil.example/x\"";
    world.session.refused(None, challenge(elsewhere)).await;
    assert_eq!(world.authorized().await.unwrap_err().code, OAUTH_MISMATCH);
    assert_eq!(world.server.asked(), [""; 0]);
}

#[tokio::test]
async fn addresses_that_no_browser_and_no_request_may_get_are_refused() {
    for change in [
        json!({ "authorization_endpoint": "javascript:alert(document.domain)" }),
        json!({ "authorization_endpoint": "file:///etc/passwd" }),
        json!({ "authorization_endpoint": "http://auth.example/authorize" }),
        json!({ "token_endpoint": "http://10.0.0.1/token" }),
        json!({ "registration_endpoint": "https://me:pw@auth.example/register" }),
    ] {
        let (fault, asked) = failed(AuthorizationScript {
            metadata: change.clone(),
            ..AuthorizationScript::default()
        })
        .await;
        assert_eq!(fault.code, OAUTH_ADDRESS_REFUSED, "{change}");
        never(&asked, "POST /register");
    }
    for named in ["https://10.0.0.1", "https://169.254.169.254/latest"] {
        let (fault, _) = failed(AuthorizationScript {
            resource: json!({ "authorization_servers": [named] }),
            ..AuthorizationScript::default()
        })
        .await;
        assert_eq!(fault.code, OAUTH_ADDRESS_REFUSED, "{named}");
    }
}

#[tokio::test]
async fn a_public_server_leads_to_no_private_host_not_even_to_a_listed_one() {
    let server = AuthorizationServer::start(AuthorizationScript::default()).await;
    let world = World::new(AuthorizationScript::default()).await;
    let wire = &world.session.wire;
    let place = format!("{}/.well-known/oauth-authorization-server", server.issuer());
    let place = place.parse().unwrap();
    let looked = async |wire: Wire| match wire.document::<Value>(&place).await {
        Ok(Looked::There(_, from_inside)) => Ok(from_inside),
        Ok(Looked::Absent(why)) => panic!("{why}"),
        Err(fault) => Err(fault.code),
    };
    assert_eq!(looked(wire.onward(true)).await, Ok(true));
    assert_eq!(
        looked(wire.onward(false)).await,
        Err(OAUTH_ADDRESS_REFUSED.to_owned())
    );
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_its_end() {
    let huge = Value::String("x".repeat(MAX_ANSWER_BYTES + 1));
    for path in [
        "/.well-known/oauth-protected-resource/mcp",
        "/.well-known/oauth-authorization-server",
        "/register",
        "/token",
    ] {
        let (fault, _) = failed(AuthorizationScript {
            at: [(path.to_owned(), (200, huge.clone()))].into(),
            ..AuthorizationScript::default()
        })
        .await;
        assert_eq!(fault.code, OAUTH_ANSWER_UNUSABLE, "{path}");
        assert!(fault.message.len() < 1_000, "{fault:?}");
    }
}

#[tokio::test]
async fn no_code_and_no_secret_follows_a_redirect() {
    let thief = AuthorizationServer::start(AuthorizationScript::default()).await;
    for path in ["/token", "/register"] {
        let (fault, _) = failed(AuthorizationScript {
            leads: [(path.to_owned(), format!("{}{path}", thief.issuer()))].into(),
            ..AuthorizationScript::default()
        })
        .await;
        assert_eq!(fault.code, OAUTH_ADDRESS_REFUSED, "{path}");
    }
    let (fault, _) = failed(AuthorizationScript {
        leads: [(
            "/.well-known/oauth-authorization-server".to_owned(),
            format!("{}/.well-known/oauth-authorization-server", thief.issuer()),
        )]
        .into(),
        ..AuthorizationScript::default()
    })
    .await;
    assert_eq!(fault.code, OAUTH_ANSWER_UNUSABLE);
    assert_eq!(thief.asked(), [""; 0]);
}

#[tokio::test]
async fn an_answer_from_somebody_else_gets_no_code_out_of_us() {
    for (change, code) in [
        (json!({ "iss": "https://evil.example" }), OAUTH_MISMATCH),
        (json!({ "iss": null }), OAUTH_MISMATCH),
        (json!({ "state": "guessed" }), OAUTH_MISMATCH),
        (json!({ "state": null }), OAUTH_MISMATCH),
        (
            json!({ "code": null, "error": "access_denied" }),
            OAUTH_DENIED,
        ),
        (json!({ "code": null }), OAUTH_DENIED),
    ] {
        let world = World::new(AuthorizationScript {
            callback: change.clone(),
            ..AuthorizationScript::default()
        })
        .await;
        assert_eq!(world.authorized().await.unwrap_err().code, code, "{change}");
        assert_eq!(world.bearer().await, None);
        never(&world.server.asked(), "POST /token");
    }
}

#[tokio::test]
async fn an_issuer_that_differs_by_one_sign_is_another() {
    let world = World::new(AuthorizationScript::default()).await;
    let issuer = format!("{}/", world.server.issuer());
    world
        .server
        .tell(|script| script.callback = json!({ "iss": issuer }));
    assert_eq!(world.authorized().await.unwrap_err().code, OAUTH_MISMATCH);
}

#[tokio::test]
async fn a_stranger_ends_no_round_and_an_answer_counts_once_and_in_time() {
    let world = World::new(AuthorizationScript::default()).await;
    let finish = async |query: String| world.session.finish(&query).await.map_err(|f| f.code);
    let mismatch = || Err(OAUTH_MISMATCH.to_owned());
    assert_eq!(finish(String::new()).await, Err(OAUTH_NOT_BEGUN.to_owned()));
    let query = opened(&world.session.begin(REDIRECT).await.unwrap()).await;
    assert_eq!(finish("code=x&state=y".to_owned()).await, mismatch());
    assert_eq!(finish(format!("{query}&code=other")).await, mismatch());
    assert_eq!(
        finish(format!("{query}&x={}", "x".repeat(9_000))).await,
        mismatch()
    );
    assert_eq!(finish(query.clone()).await, Ok(()));
    assert_eq!(finish(query).await, Err(OAUTH_NOT_BEGUN.to_owned()));
    let late = opened(&world.session.begin(REDIRECT).await.unwrap()).await;
    world.clock.set(ROUND_TIME.micros() / 1_000_000 + 1);
    assert_eq!(finish(late).await, Err(OAUTH_NOT_BEGUN.to_owned()));
}

#[tokio::test]
async fn the_page_is_asked_with_our_words_and_not_with_theirs() {
    let world = World::new(AuthorizationScript::default()).await;
    let theirs = "authorize?tenant=1&client_id=theirs&redirect_uri=https://evil.example&request_uri=x&state=s";
    let endpoint = format!("{}/{theirs}", world.server.issuer());
    world
        .server
        .tell(|script| script.metadata = json!({ "authorization_endpoint": endpoint }));
    opened(&world.session.begin(REDIRECT).await.unwrap()).await;
    let seen = world.server.seen();
    let asked = &seen.last().unwrap().fields;
    assert_eq!(asked["tenant"], "1");
    assert_eq!(asked["redirect_uri"], REDIRECT);
    assert_eq!(asked["client_id"], "client-1");
    assert!(!asked.contains_key("request_uri"));
}

#[tokio::test]
async fn what_goes_wrong_is_told_without_what_is_secret() {
    let world = World::new(AuthorizationScript {
        tokens: vec![json!({
            "status": 400, "error": "invalid_grant", "error_description": "no\u{7}", "access_token": "hush",
        })],
        ..AuthorizationScript::default()
    })
    .await;
    let fault = world.authorized().await.unwrap_err();
    assert_eq!(fault.code, OAUTH_TOKEN_REFUSED);
    for secret in ["hush", "code-1", "\u{7}"] {
        assert!(!fault.message.contains(secret), "{fault:?}");
    }
    world.authorized().await.unwrap();
    assert_eq!(format!("{:?}", world.session), "Session { .. }");
}

/// The words of a refusal that says all of these, one of them with a sign in it that is cut away, one over the end of
/// what is shown.
fn repeating(words: &[String]) -> Value {
    let (first, rest) = words.split_first().unwrap();
    let split = format!("{}\u{7}{}", &first[..3], &first[3..]);
    let said = format!("{split} {}", rest.join(" "));
    let filler = "x".repeat(195_usize.saturating_sub(said.len()));
    let description = format!("{said} {filler} {first}");
    json!({ "status": 400, "error": first, "error_description": description })
}

#[tokio::test]
async fn what_an_authorization_server_repeats_of_what_it_was_sent_or_gave_is_not_shown() {
    let world = World::new(AuthorizationScript {
        metadata: json!({ "token_endpoint_auth_methods_supported": ["client_secret_post"] }),
        ..AuthorizationScript::default()
    })
    .await;
    let client = || Registered {
        id: "ours".to_owned(),
        secret: Some("hush/hush".into()),
        issuer: None,
    };
    let finished = async || {
        let begun = world.session.begin_as(REDIRECT, Some(client())).await;
        let query = opened(&begun.unwrap().address).await;
        world.session.finish(&query).await
    };
    let verifier = crate::encode::base64_url(&[2; 32]);
    let code = ["code-1", &verifier, "hush/hush", "hush%2Fhush"].map(str::to_owned);
    world
        .server
        .tell(|script| script.tokens = vec![repeating(&code)]);
    let fault = finished().await.unwrap_err();
    assert_eq!(fault.code, OAUTH_TOKEN_REFUSED);
    told_without(&fault, &code);
    finished().await.unwrap();
    let leave = ["refresh-4", "access-4", "hush/hush"].map(str::to_owned);
    world
        .server
        .tell(|script| script.tokens = vec![repeating(&leave)]);
    world.clock.set(3_600);
    assert_eq!(world.bearer().await.as_deref(), Some("access-4"));
    let AuthorizationState::Refused(fault) = world.session.standing().await else {
        panic!("it was refused");
    };
    told_without(&fault, &leave);
}

fn told_without(fault: &Fault, secrets: &[String]) {
    assert!(fault.message.contains("•••"), "{fault:?}");
    for secret in secrets {
        // Of one that reaches over the end, its beginning.
        let beginning = &secret[..4];
        assert!(!fault.message.contains(beginning), "{fault:?}");
    }
}

#[tokio::test]
async fn a_token_among_the_scopes_that_a_server_asks_for_is_not_shown() {
    let world = World::new(AuthorizationScript::default()).await;
    world.authorized().await.unwrap();
    let more = challenge("Bearer error=\"insufficient_scope\", scope=\"post access-2\"");
    world.session.lacks(more).await;
    assert_eq!(
        world.session.standing().await,
        AuthorizationState::MoreNeeded {
            scopes: vec!["post".to_owned(), "•••".to_owned()]
        }
    );
}

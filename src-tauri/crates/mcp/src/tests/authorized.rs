//! Servers that want to be authorized by a person, behind a scripted authorization server.
//!
//! Never here: what goes between us and the authorization server (`oauth` proves it).

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    body::Body,
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
};
use chimera_domain::fault::FaultClass;
use chimera_net::{HttpClient, HttpSettings, Request as Asking};
use chimera_oauth::{Identity, InMemory, Loopback, Session, SessionOptions};
use chimera_ports::{
    authorizing::AuthorizationState,
    tools::{Outcome, ToolHost},
};
use chimera_scripted::{AuthorizationScript, AuthorizationServer};
use http::{HeaderMap, StatusCode, header::WWW_AUTHENTICATE};
use serde_json::json;

use super::{
    StoodClock,
    far::{Server, replied},
    grant, host, request, tenant,
};
use crate::{McpHost, RemoteServer, ServerSpec, Supply, Transport, codes};

/// What stands before a server.
#[derive(Default)]
struct Gate {
    /// Tokens that it takes; anything else is 401.
    takes: Mutex<BTreeSet<String>>,
    /// Scope that calls want beside a token, if any: 403.
    wants: Mutex<Option<&'static str>>,
    /// Calls that came through to the server.
    calls: AtomicUsize,
    /// What it says to a call, in place of "done".
    says: Mutex<Option<String>>,
}

struct World {
    issuer: AuthorizationServer,
    server: Server,
    gate: Arc<Gate>,
    net: HttpClient,
}

impl World {
    async fn new() -> Self {
        let issuer = AuthorizationServer::start(AuthorizationScript::default()).await;
        let gate = Arc::new(Gate::default());
        let router = Server::by_hand_behind({
            let gate = Arc::clone(&gate);
            move |id| {
                gate.calls.fetch_add(1, Ordering::Relaxed);
                let says = gate.says.lock().unwrap().clone();
                let text = says.unwrap_or_else(|| "done".to_owned());
                let result = json!({ "resultType": "complete", "content": [{ "type": "text", "text": text }] });
                replied(&json!({ "jsonrpc": "2.0", "id": id, "result": result }))
            }
        });
        let (kept, name) = (Arc::clone(&gate), issuer.issuer());
        let router = router.layer(from_fn(move |request: Request, next: Next| {
            let refused = refused(&kept, &name, &request);
            async move {
                match refused {
                    Some(answer) => answer,
                    None => next.run(request).await,
                }
            }
        }));
        let net = HttpClient::new(HttpSettings {
            allow_hosts: vec!["127.0.0.1".parse().unwrap()],
            ..HttpSettings::default()
        });
        Self {
            issuer,
            server: Server::start(router).await,
            gate,
            net: net.unwrap(),
        }
    }

    fn spec(&self, headers: Option<Supply>) -> ServerSpec {
        let session = Session::new(SessionOptions {
            net: self.net.clone(),
            url: self.server.url.clone(),
            identity: Identity::default(),
            keeping: Arc::new(InMemory::default()),
            clock: Arc::new(StoodClock::default()),
            random: Arc::new(|| [7; 32]),
        });
        super::classed(ServerSpec::new(
            "peer",
            Transport::Http(RemoteServer {
                net: self.net.clone(),
                url: self.server.url.clone(),
                headers,
                authorization: Some(Arc::new(session)),
            }),
        ))
    }

    /// What a person does who agrees, with a browser.
    async fn agreed(&self, host: &McpHost) {
        let loopback = Loopback::open().await.unwrap();
        let address = host
            .authorize(tenant(), "peer", loopback.redirect_uri())
            .await;
        let browser = self.net.fetch(Asking::get(address.unwrap()));
        let answered = async {
            let arrival = loopback.arrival().await.unwrap();
            let done = host.authorized(tenant(), "peer", arrival.query()).await;
            arrival.tell(done.is_ok()).await;
            done.unwrap();
        };
        let (page, ()) = tokio::join!(browser, answered);
        assert_eq!(page.unwrap().status, StatusCode::OK);
    }

    /// The bearers that the server was shown, none as empty.
    fn shown(&self) -> Vec<String> {
        self.server
            .asked()
            .iter()
            .map(|one| bearer(&one.headers))
            .collect()
    }

    fn takes(&self, tokens: &[&str]) {
        *self.gate.takes.lock().unwrap() = tokens.iter().map(|&token| token.to_owned()).collect();
    }

    fn calls(&self) -> usize {
        self.gate.calls.load(Ordering::Relaxed)
    }
}

fn bearer(headers: &HeaderMap) -> String {
    let value = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok());
    let token = value.and_then(|value| value.strip_prefix("Bearer "));
    token.unwrap_or_default().to_owned()
}

/// The metadata, or the refusal of whoever may not pass.
fn refused(gate: &Gate, issuer: &str, request: &Request) -> Option<Response> {
    let host = request.headers().get("host").unwrap().to_str().unwrap();
    let metadata = "/.well-known/oauth-protected-resource/mcp";
    if request.uri().path() == metadata {
        let document =
            json!({ "resource": format!("http://{host}/mcp"), "authorization_servers": [issuer] });
        return Some(replied(&document));
    }
    let place = format!("resource_metadata=\"http://{host}{metadata}\"");
    let answer = |status, more: String| {
        let builder = Response::builder().status(status);
        let challenge = format!("Bearer {more}{place}");
        let answer = builder
            .header(WWW_AUTHENTICATE, challenge)
            .body(Body::empty());
        Some(answer.unwrap())
    };
    if !gate
        .takes
        .lock()
        .unwrap()
        .contains(&bearer(request.headers()))
    {
        return answer(StatusCode::UNAUTHORIZED, String::new());
    }
    let is_call = request
        .headers()
        .get("mcp-method")
        .is_some_and(|method| method == "tools/call");
    let wants = *gate.wants.lock().unwrap();
    wants.filter(|_| is_call).and_then(|scope| {
        answer(
            StatusCode::FORBIDDEN,
            format!("error=\"insufficient_scope\", scope=\"{scope}\", "),
        )
    })
}

#[tokio::test]
async fn a_server_that_wants_a_person_says_so_and_works_once_it_is_authorized() {
    let world = World::new().await;
    world.takes(&["access-2"]);
    let (_service, host, _) = host(vec![world.spec(None)]);
    let error = host.read(request("words", json!({}))).await.unwrap_err();
    assert_eq!(error.fault.code, codes::MCP_AUTHORIZATION_NEEDED, "{error}");
    assert_eq!(error.fault.class, FaultClass::Waits);
    assert_eq!(error.outcome, Outcome::NotPerformed);
    assert_eq!(world.shown(), [""]);
    let standing = host.authorization(tenant(), "peer").await;
    assert_eq!(
        standing,
        Some(AuthorizationState::Needed { scopes: Vec::new() })
    );
    world.agreed(&host).await;
    let reply = host.read(request("words", json!({}))).await.unwrap();
    assert_eq!(reply.content, json!({ "text": "done" }));
    // The authorization server is shown no token, and the server none but its own.
    let shown: BTreeSet<String> = world.shown().into_iter().collect();
    assert_eq!(
        shown,
        BTreeSet::from([String::new(), "access-2".to_owned()])
    );
    assert!(
        world
            .issuer
            .seen()
            .iter()
            .all(|one| one.authorization.is_none())
    );
    host.unauthorize(tenant(), "peer").await.unwrap();
    let error = host.read(request("words", json!({}))).await.unwrap_err();
    assert_eq!(error.fault.code, codes::MCP_AUTHORIZATION_NEEDED, "{error}");
}

#[tokio::test]
async fn a_token_that_ended_is_renewed_and_the_call_is_made_once() {
    let world = World::new().await;
    world.takes(&["access-2"]);
    let (_service, host, _) = host(vec![world.spec(None)]);
    host.read(request("words", json!({}))).await.unwrap_err();
    world.agreed(&host).await;
    host.read(request("words", json!({}))).await.unwrap();
    world.takes(&["access-3"]);
    host.perform(request("act", json!({})), &grant("one"))
        .await
        .unwrap();
    assert_eq!(world.calls(), 2);
    assert_eq!(world.shown().last().map(String::as_str), Some("access-3"));
}

#[tokio::test]
async fn tokens_that_a_server_repeats_go_no_further_the_former_ones_included() {
    let world = World::new().await;
    world.takes(&["access-2"]);
    let tokens = "access-2, refresh-2, access-3, refresh-3";
    *world.gate.says.lock().unwrap() = Some(tokens.to_owned());
    let (_service, host, _) = host(vec![world.spec(None)]);
    host.read(request("words", json!({}))).await.unwrap_err();
    world.agreed(&host).await;
    let said = async || {
        let reply = host.read(request("words", json!({}))).await;
        reply.unwrap().content
    };
    // What it was not given yet is no secret of ours.
    let before = "•••, •••, access-3, refresh-3";
    assert_eq!(said().await, json!({ "text": before }));
    world.takes(&["access-3"]);
    // Renewed in the midst of this call, on the same connection.
    assert_eq!(said().await, json!({ "text": "•••, •••, •••, •••" }));
    assert_eq!(world.calls(), 2);
}

#[tokio::test]
async fn a_server_that_refuses_everything_is_not_asked_for_ever() {
    let world = World::new().await;
    let (_service, host, _) = host(vec![world.spec(None)]);
    host.read(request("words", json!({}))).await.unwrap_err();
    world.agreed(&host).await;
    let error = host.read(request("words", json!({}))).await.unwrap_err();
    assert_eq!(error.fault.code, codes::MCP_AUTHORIZATION_NEEDED, "{error}");
    assert_eq!(error.outcome, Outcome::NotPerformed);
    let posted: Vec<String> = world.shown();
    // Once without a token, once for the metadata, once with the token that it refused as well.
    assert_eq!(posted, ["", "", "access-2"]);
    assert_eq!(world.calls(), 0);
}

#[tokio::test]
async fn a_call_that_wants_more_is_told_as_that_and_did_nothing() {
    let world = World::new().await;
    world.takes(&["access-2", "access-4"]);
    *world.gate.wants.lock().unwrap() = Some("post");
    let (_service, host, _) = host(vec![world.spec(None)]);
    host.read(request("words", json!({}))).await.unwrap_err();
    world.agreed(&host).await;
    let act = || async { host.perform(request("act", json!({})), &grant("one")).await };
    let error = act().await.unwrap_err();
    assert_eq!(error.fault.code, codes::MCP_SCOPE_NEEDED, "{error}");
    assert_eq!(error.fault.class, FaultClass::Waits);
    assert_eq!(error.outcome, Outcome::NotPerformed);
    let standing = host.authorization(tenant(), "peer").await;
    assert_eq!(
        standing,
        Some(AuthorizationState::MoreNeeded {
            scopes: vec!["post".to_owned()]
        })
    );
    world.agreed(&host).await;
    *world.gate.wants.lock().unwrap() = None;
    act().await.unwrap();
    let seen = world.issuer.seen();
    let asked = seen
        .iter()
        .rfind(|one| one.what == "GET /authorize")
        .unwrap();
    assert_eq!(asked.fields["scope"], "post");
    assert_eq!(world.calls(), 1);
}

#[tokio::test]
async fn a_key_of_the_operators_own_goes_along_in_place_of_a_persons_authorization() {
    let world = World::new().await;
    world.takes(&["own"]);
    let own = |value: &'static str| {
        Some(Supply::new(move || async move {
            let headers = [("Authorization".to_owned(), value.to_owned())];
            Ok(std::collections::BTreeMap::from(headers))
        }))
    };
    let (_service, good, _) = host(vec![world.spec(own("Bearer own"))]);
    good.read(request("words", json!({}))).await.unwrap();
    let (_service, bad, _) = host(vec![world.spec(own("Bearer stale"))]);
    let error = bad.read(request("words", json!({}))).await.unwrap_err();
    assert_eq!(error.fault.code, codes::MCP_UNAUTHORIZED, "{error}");
}

#[tokio::test]
async fn a_program_is_not_authorized() {
    let (_service, host, _) = host(vec![super::peer_spec(&Arc::default())]);
    let fault = host
        .authorize(tenant(), "peer", "http://127.0.0.1:1/x")
        .await
        .unwrap_err();
    assert_eq!(fault.code, codes::MCP_ENTRY_INVALID);
    assert_eq!(host.authorization(tenant(), "peer").await, None);
    let unknown = host
        .authorize(tenant(), "none", "http://127.0.0.1:1/x")
        .await
        .unwrap_err();
    assert_eq!(unknown.code, codes::MCP_SERVER_UNKNOWN);
}

//! Real HTTP servers on loopback for the tests: the peer behind rmcp's own server, of both ages, and one that answers
//! by hand, as badly as a test wants.
//!
//! Never here: assertions.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
};
use chimera_net::{HttpClient, HttpSettings};
use http::{HeaderMap, Method, StatusCode, header::CONTENT_TYPE};
use rmcp::{
    model::{DiscoverResult, ProtocolVersion, ServerCapabilities},
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};
use serde_json::{Value, json};

use super::peer::{Peer, Shared};
use crate::{RemoteServer, ServerSpec, Supply, Transport};

/// Largest body that a test's server reads.
const MAX_ASKED_BYTES: usize = 1024 * 1024;

/// One request as a server got it.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) http: Method,
    pub(super) headers: HeaderMap,
    /// The method of the message; empty when there is none.
    pub(super) method: String,
}

/// A server on a free port of loopback, with what it was asked.
pub(super) struct Server {
    pub(super) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The peer behind rmcp's own server; `old` ones know nothing of 2026-07-28.
    pub(super) async fn peer(shared: &Arc<Shared>, old: bool) -> Self {
        let router = Self::router(shared);
        let router = if old {
            router.layer(from_fn(without_discover))
        } else {
            router
        };
        Self::start(router).await
    }

    /// An old peer with no stream for what belongs to no request.
    pub(super) async fn without_stream(shared: &Arc<Shared>) -> Self {
        let router = Self::router(shared).layer(from_fn(without_discover));
        let router = router.layer(from_fn(|request: Request, next: Next| async move {
            match *request.method() {
                Method::GET => status(StatusCode::METHOD_NOT_ALLOWED, "no stream"),
                _ => next.run(request).await,
            }
        }));
        Self::start(router).await
    }

    fn router(shared: &Arc<Shared>) -> Router {
        let shared = Arc::clone(shared);
        let service = StreamableHttpService::new(
            move || Ok(Peer::new(Arc::clone(&shared), || {})),
            Arc::new(LocalSessionManager::default()),
            StreamableHttpServerConfig::default().with_sse_keep_alive(None),
        );
        Router::new().fallback_service(service)
    }

    /// A modern server by hand that lists two tools and answers each call with `answer`.
    pub(super) async fn by_hand<F>(answer: F) -> Self
    where
        F: Fn(Value) -> Response + Clone + Send + Sync + 'static,
    {
        Self::start(Self::by_hand_behind(answer)).await
    }

    /// The same, for something to stand before it.
    pub(super) fn by_hand_behind<F>(answer: F) -> Router
    where
        F: Fn(Value) -> Response + Clone + Send + Sync + 'static,
    {
        let handler = move |body: Bytes| {
            let answer = answer.clone();
            async move {
                let message: Value = serde_json::from_slice(&body).unwrap_or_default();
                let result = match message["method"].as_str().unwrap_or_default() {
                    "server/discover" => serde_json::to_value(DiscoverResult::new(
                        vec![ProtocolVersion::V_2026_07_28],
                        ServerCapabilities::builder().enable_tools().build(),
                    ))
                    .unwrap(),
                    "tools/list" => json!({ "resultType": "complete", "tools": [
                        { "name": "words", "inputSchema": { "type": "object" } },
                        { "name": "act", "inputSchema": { "type": "object" } },
                    ]}),
                    _ => return answer(message["id"].clone()),
                };
                replied(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": result }))
            }
        };
        Router::new().fallback(handler)
    }

    pub(super) async fn start(router: Router) -> Self {
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let kept = Arc::clone(&asked);
        let router = router.layer(from_fn(move |request: Request, next: Next| {
            let kept = Arc::clone(&kept);
            async move {
                let (head, body) = request.into_parts();
                let bytes = axum::body::to_bytes(body, MAX_ASKED_BYTES).await.unwrap();
                kept.lock().unwrap().push(Asked {
                    http: head.method.clone(),
                    headers: head.headers.clone(),
                    method: method(&bytes),
                });
                next.run(Request::from_parts(head, Body::from(bytes))).await
            }
        }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            url: format!("http://{address}/mcp"),
            asked,
        }
    }

    /// As an entry of the registry, with a header of the operator's; its host is listed.
    pub(super) fn spec(&self) -> ServerSpec {
        let net = HttpClient::new(HttpSettings {
            allow_hosts: vec!["127.0.0.1".parse().unwrap()],
            ..HttpSettings::default()
        });
        super::classed(ServerSpec::new(
            "peer",
            Transport::Http(RemoteServer {
                net: net.unwrap(),
                url: self.url.clone(),
                authorization: None,
                headers: Some(Supply::new(|| async {
                    Ok(std::collections::BTreeMap::from([(
                        "Authorization".to_owned(),
                        "Bearer hush".to_owned(),
                    )]))
                })),
            }),
        ))
    }
}

fn method(body: &[u8]) -> String {
    serde_json::from_slice::<Value>(body)
        .ok()
        .and_then(|message| Some(message.get("method")?.as_str()?.to_owned()))
        .unwrap_or_default()
}

/// As a server before 2026-07-28 stands to what it does not know, in words that are no message.
async fn without_discover(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, MAX_ASKED_BYTES).await.unwrap();
    if method(&bytes) == "server/discover" {
        return status(StatusCode::BAD_REQUEST, "Bad Request: no session");
    }
    next.run(Request::from_parts(head, Body::from(bytes))).await
}

pub(super) fn status(status: StatusCode, words: &'static str) -> Response {
    Response::builder()
        .status(status)
        .body(Body::from(words))
        .unwrap()
}

pub(super) fn of_kind(kind: &'static str, body: Body) -> Response {
    Response::builder()
        .header(CONTENT_TYPE, kind)
        .body(body)
        .unwrap()
}

pub(super) fn replied(message: &Value) -> Response {
    of_kind("application/json", Body::from(message.to_string()))
}

/// The same piece again and again, with a pause before each, until the client leaves.
pub(super) fn endless(piece: &'static [u8], pause: Duration) -> Body {
    Body::from_stream(futures::stream::unfold((), move |()| async move {
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        Some((Ok::<_, std::io::Error>(Bytes::from_static(piece)), ()))
    }))
}

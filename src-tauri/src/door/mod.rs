//! The page's one door to the API: the same router that serves browsers, asked within the process.
//!
//! Here: what a window may ask, how large, how long, in whose name. Never here: what the answer is, or
//! a stream of events (`events`), which would never end.

mod headers;
mod refusal;
mod route;
mod saving;
mod session;

use std::{collections::BTreeMap, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    http::{Method, Request, Response, header},
};
use serde::{Deserialize, Serialize};
use tokio::{sync::Semaphore, time::timeout};
use tower::ServiceExt;

pub(crate) use refusal::Refusal;

use crate::boot::{Backend, Stage};
use route::Route;
use session::Session;

/// Largest body of a request, in bytes; the API itself takes no more.
const MAX_REQUEST_BYTES: usize = 1024 * 1024;
/// Largest answer, in bytes: a page of the longest list is far below.
const MAX_ANSWER_BYTES: usize = 16 * 1024 * 1024;
/// Requests that are worked on at once; more wait.
const MAX_AT_ONCE: usize = 64;
/// Longest wait for Chimera to have started.
const MAX_START: Duration = Duration::from_secs(120);
/// Longest wait for an answer; the API gives up earlier by itself.
const MAX_ANSWER: Duration = Duration::from_secs(200);
/// The event stream, which has a way of its own.
const EVENTS: &str = "/api/v1/events";

/// What the page asks.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DoorRequest {
    pub(crate) method: String,
    /// Path and query, beginning with `/`.
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Option<String>,
}

/// What it is answered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct DoorResponse {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

/// The door of this program. All windows share one session: they are one person's.
pub(crate) struct Door {
    backend: Backend,
    session: Session,
    places: Semaphore,
}

impl Door {
    pub(crate) fn new(backend: &Backend) -> Self {
        Self {
            backend: backend.clone(),
            session: Session::default(),
            places: Semaphore::new(MAX_AT_ONCE),
        }
    }

    /// Asks for `window`. Whatever goes wrong is an answer in the API's own envelope.
    pub(crate) async fn ask(&self, window: &str, asked: DoorRequest) -> DoorResponse {
        match self.answer(window, asked).await {
            Ok(answer) => answer,
            Err(refusal) => refusal.answer(),
        }
    }

    async fn answer(&self, window: &str, asked: DoorRequest) -> Result<DoorResponse, Refusal> {
        let method = method(&asked.method)?;
        let route = Route::parse(&asked.path)?;
        if !route.is_open_to(window) {
            tracing::warn!(window, path = ?asked.path, "a window asked for what it may not have");
            return Err(Refusal::NotForThisWindow);
        }
        let body = asked.body.unwrap_or_default();
        if body.len() > MAX_REQUEST_BYTES {
            return Err(Refusal::RequestTooLarge {
                limit: MAX_REQUEST_BYTES,
            });
        }
        let request = self.request(method, route, &asked.headers, Body::from(body))?;
        let _place = self.places.acquire().await.map_err(|_| Refusal::Leaving)?;
        let work = async {
            let response = self
                .router()
                .await?
                .oneshot(request)
                .await
                .unwrap_or_else(|never| match never {});
            self.read(response).await
        };
        timeout(MAX_ANSWER, work)
            .await
            .map_err(|_| Refusal::TimedOut)?
    }

    /// Opens the event stream for `window`, after the fact numbered `after`, or from now on. The answer is
    /// not read: whoever asked reads it as it comes.
    pub(crate) async fn events(
        &self,
        window: &str,
        after: Option<u64>,
    ) -> Result<Body, DoorResponse> {
        let open = async {
            if !route::may_watch(window) {
                return Err(Refusal::NotForThisWindow);
            }
            let path = after.map_or_else(
                || EVENTS.to_owned(),
                |after| format!("{EVENTS}?after={after}"),
            );
            let accept = BTreeMap::from([("accept".to_owned(), "text/event-stream".to_owned())]);
            let request =
                self.request(Method::GET, Route::parse(&path)?, &accept, Body::empty())?;
            let router = self.router().await?;
            Ok(router
                .oneshot(request)
                .await
                .unwrap_or_else(|never| match never {}))
        };
        let response = timeout(MAX_ANSWER, open)
            .await
            .unwrap_or(Err(Refusal::TimedOut))
            .map_err(|no| no.answer())?;
        if response.status().is_success() && is_stream(&response) {
            return Ok(response.into_body());
        }
        Err(self
            .read(response)
            .await
            .unwrap_or_else(|refusal| refusal.answer()))
    }

    fn request(
        &self,
        method: Method,
        route: Route,
        given: &BTreeMap<String, String>,
        body: Body,
    ) -> Result<Request<Body>, Refusal> {
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = route.uri;
        *request.headers_mut() = headers::inward(given)?;
        self.session.sign(request.headers_mut());
        Ok(request)
    }

    /// The router, as soon as there is one.
    async fn router(&self) -> Result<Router, Refusal> {
        self.backend.start_again();
        let mut stage = self.backend.watch();
        let there = stage.wait_for(|stage| !matches!(stage, Stage::Starting));
        let stage = timeout(MAX_START, there)
            .await
            .map_err(|_| Refusal::Starting)?;
        match &*stage.map_err(|_| Refusal::Leaving)? {
            Stage::Ready(router) => Ok(router.clone()),
            Stage::Failed { failure, .. } => Err(Refusal::NotStarted(failure.clone())),
            Stage::Starting | Stage::Leaving => Err(Refusal::Leaving),
        }
    }

    async fn read(&self, response: Response<Body>) -> Result<DoorResponse, Refusal> {
        if is_stream(&response) {
            // It would never end: nothing of it is read.
            return Err(Refusal::Stream);
        }
        let (parts, body) = response.into_parts();
        let bytes =
            to_bytes(body, MAX_ANSWER_BYTES)
                .await
                .map_err(|_| Refusal::AnswerTooLarge {
                    limit: MAX_ANSWER_BYTES,
                })?;
        let opened = self.session.follow(&parts.headers);
        let body = if opened {
            session::without_token(&bytes)
        } else {
            text(bytes)?
        };
        Ok(DoorResponse {
            status: parts.status.as_u16(),
            headers: headers::outward(&parts.headers),
            body,
        })
    }
}

fn method(name: &str) -> Result<Method, Refusal> {
    match name {
        "GET" => Ok(Method::GET),
        "POST" => Ok(Method::POST),
        "PUT" => Ok(Method::PUT),
        "PATCH" => Ok(Method::PATCH),
        "DELETE" => Ok(Method::DELETE),
        _ => Err(Refusal::Method),
    }
}

fn is_stream(response: &Response<Body>) -> bool {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| {
        kind.trim_start()
            .to_ascii_lowercase()
            .starts_with("text/event-stream")
    })
}

fn text(bytes: Bytes) -> Result<String, Refusal> {
    String::from_utf8(bytes.into()).map_err(|_| Refusal::NotText)
}

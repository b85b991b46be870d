//! Servers over streamable HTTP, through the one guarded client: every request stays at the address that a person
//! trusted, carries the operator's headers, and is bounded in bytes and in time.
//!
//! Never here: which revision is spoken (rmcp's lifecycle), or which address may be reached (`net`).

mod answer;
mod bearer;
mod events;
mod headers;
mod problem;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chimera_net::{HttpClient, NetError, Request};
use chimera_oauth::Session;
use futures::stream::BoxStream;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{ACCEPT, AUTHORIZATION},
};
use rmcp::{
    model::{ClientJsonRpcMessage, ClientRequest, GetExtensions, JsonRpcMessage},
    transport::{
        StreamableHttpClientTransport,
        common::{
            client_side_sse::ExponentialBackoff,
            http_header::{EVENT_STREAM_MIME_TYPE, JSON_MIME_TYPE},
        },
        streamable_http_client::{
            SseError, StreamableHttpClient, StreamableHttpClientTransportConfig,
            StreamableHttpError, StreamableHttpPostResponse,
        },
    },
};
use sse_stream::Sse;

use crate::{
    codes::cut,
    wire::{Departure, MAX_MESSAGE_BYTES},
};

use answer::{content_type, header, refused, unauthorised, unexpected, whole_body};
pub(crate) use headers::headers;
pub use headers::may_be_set;
pub(crate) use problem::{Kind, Problem};

/// Most bytes of one answer in events, progress and log included.
const MAX_STREAM_BYTES: usize = 2 * MAX_MESSAGE_BYTES;
/// Longest silence on a stream that only listens; it is opened again after it.
const LISTENING_IDLE: Duration = Duration::from_secs(15 * 60);
/// Longest life of a stream that only listens; it is opened again after it.
const LISTENING_TIME: Duration = Duration::from_secs(6 * 60 * 60);
/// Tries to take a broken stream up again where it stopped.
const MAX_RESUMPTIONS: usize = 5;
/// First pause before that; it doubles with each try…
const FIRST_RESUMPTION: Duration = Duration::from_millis(500);
/// …up to this.
const MAX_RESUMPTION: Duration = Duration::from_secs(30);
/// One server at its address. Clones are the same server.
#[derive(Clone)]
pub(crate) struct Far(Arc<Inner>);

struct Inner {
    net: HttpClient,
    /// The operator's; marked so that nobody prints them.
    headers: HeaderMap,
    /// A person's authorization, where the operator gave no key in the headers.
    authorization: Option<Arc<Session>>,
    /// Longest time for one request.
    limit: Duration,
    /// Longest time beyond it in which people may be asked in the middle of a call.
    asking: Duration,
    /// What went wrong last, for those who wait for no particular answer.
    last: Mutex<Option<Problem>>,
    /// Whether there was no stream for what belongs to no request, when it was last tried.
    is_deaf: AtomicBool,
}

impl Far {
    pub(crate) fn new(
        net: HttpClient,
        headers: HeaderMap,
        authorization: Option<Arc<Session>>,
        limit: Duration,
        asking: Duration,
    ) -> Self {
        let authorization = authorization.filter(|_| !headers.contains_key(AUTHORIZATION));
        Self(Arc::new(Inner {
            net,
            headers,
            authorization,
            limit,
            asking,
            last: Mutex::default(),
            is_deaf: AtomicBool::new(false),
        }))
    }

    /// The transport to this server at `url`.
    pub(crate) fn transport(&self, url: &str) -> StreamableHttpClientTransport<Self> {
        let mut again = ExponentialBackoff::default();
        again.max_times = Some(MAX_RESUMPTIONS);
        again.base_duration = FIRST_RESUMPTION;
        again.max_delay = Some(MAX_RESUMPTION);
        let mut config = StreamableHttpClientTransportConfig::with_uri(url)
            .max_sse_event_size(MAX_MESSAGE_BYTES)
            // A new session is a new connection, which the slot makes: a call that acts is never sent twice.
            .reinit_on_expired_session(false);
        config.retry_config = Arc::new(again);
        StreamableHttpClientTransport::with_client(self.clone(), config)
    }

    /// What went wrong last.
    pub(crate) fn last(&self) -> Option<Problem> {
        self.0
            .last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Whether a server up to 2025-11-25 can say something that belongs to no request.
    pub(crate) fn is_listening(&self) -> bool {
        !self.0.is_deaf.load(Ordering::Acquire)
    }

    /// A request with everything that it must carry.
    fn dressed(
        &self,
        mut request: Request,
        session: Option<&str>,
        token: Option<String>,
        headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<Request, NetError> {
        request = request.header(
            ACCEPT,
            HeaderValue::from_static("application/json, text/event-stream"),
        );
        if let Some(token) = token {
            request = request.bearer(&token)?;
        }
        for (name, value) in headers {
            request.headers.insert(name, value);
        }
        for (name, value) in &self.0.headers {
            request.headers.insert(name.clone(), value.clone());
        }
        if let Some(session) = session {
            let value = HeaderValue::from_str(session).map_err(|_| NetError::InvalidRequest {
                reason: "the server's session has signs that no header can have".to_owned(),
            })?;
            request.headers.insert(session_header(), value);
        }
        // Another place is another server than the one that was trusted.
        request.max_redirects = Some(0);
        request.timeout = Some(self.0.limit);
        request.max_body_bytes = Some(MAX_STREAM_BYTES);
        Ok(request)
    }

    async fn post(
        &self,
        uri: &str,
        message: ClientJsonRpcMessage,
        session: Option<Arc<str>>,
        token: Option<String>,
        headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<StreamableHttpPostResponse, StreamableHttpError<NetError>> {
        let told = Told::of(self, &message);
        let body = serde_json::to_vec(&message)?;
        let mut request = self
            .dressed(
                Request::post_json(uri, body),
                session.as_deref(),
                token,
                headers,
            )
            .map_err(|error| told.net(error))?;
        let (idle, whole) = if listens(&message) {
            (LISTENING_IDLE, LISTENING_TIME)
        } else if may_ask(&message) {
            // Whoever waits for the answer keeps its time; this is only how long its stream may be silent.
            let most = self.0.limit + self.0.asking;
            (most, most)
        } else {
            (self.0.limit, self.0.limit)
        };
        request.idle_timeout = Some(idle);
        request.stream_timeout = Some(whole);
        let answer = self.sent(request, &told).await?;
        if !answer.status.is_success() {
            return refused(answer, &message, session.is_some(), &told).await;
        }
        let given = header(&answer.headers, &session_header());
        let awaits = matches!(message, JsonRpcMessage::Request(_));
        if !awaits || matches!(answer.status, StatusCode::ACCEPTED | StatusCode::NO_CONTENT) {
            return Ok(StreamableHttpPostResponse::Accepted);
        }
        match content_type(&answer.headers).as_deref() {
            Some(EVENT_STREAM_MIME_TYPE) => {
                let events = events::events(answer.body, told);
                Ok(StreamableHttpPostResponse::Sse(events, given))
            }
            Some(JSON_MIME_TYPE) => {
                let body = whole_body(answer.body, MAX_MESSAGE_BYTES, &told).await?;
                match serde_json::from_slice(&body) {
                    Ok(message) => Ok(StreamableHttpPostResponse::Json(message, given)),
                    Err(_) => {
                        told.note(Problem::malformed());
                        Err(unexpected("it answered with something that is no message"))
                    }
                }
            }
            other => {
                let kind = other.map(cut);
                told.note(Problem::other(format!(
                    "it answered with {} where JSON or events belong",
                    kind.as_deref().unwrap_or("content of no kind")
                )));
                Err(StreamableHttpError::UnexpectedContentType(kind))
            }
        }
    }

    async fn listen(
        &self,
        uri: &str,
        session: Option<Arc<str>>,
        last_event: Option<String>,
        token: Option<String>,
        headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<BoxStream<'static, Result<Sse, SseError>>, StreamableHttpError<NetError>> {
        let told = Told {
            departure: None,
            far: self.clone(),
        };
        let mut request = self
            .dressed(Request::get(uri), session.as_deref(), token, headers)
            .map_err(|error| told.net(error))?;
        if let Some(value) = last_event.and_then(|id| HeaderValue::from_str(&id).ok()) {
            let name = HeaderName::from_static("last-event-id");
            request.headers.insert(name, value);
        }
        request.idle_timeout = Some(LISTENING_IDLE);
        request.stream_timeout = Some(LISTENING_TIME);
        let answer = self.sent(request, &told).await?;
        if answer.status == StatusCode::METHOD_NOT_ALLOWED {
            return Err(StreamableHttpError::ServerDoesNotSupportSse);
        }
        if let Some(error) = unauthorised(&answer, &told) {
            return Err(error);
        }
        let status = answer.status;
        if !status.is_success()
            || content_type(&answer.headers).as_deref() != Some(EVENT_STREAM_MIME_TYPE)
        {
            return Err(unexpected(&format!("it answered {status} to a listener")));
        }
        Ok(events::events(answer.body, told))
    }
}

/// Whoever must be told what became of a request.
#[derive(Clone)]
struct Told {
    departure: Option<Departure>,
    far: Far,
}

impl Told {
    fn of(far: &Far, message: &ClientJsonRpcMessage) -> Self {
        let departure = match message {
            JsonRpcMessage::Request(request) => {
                request.request.extensions().get::<Departure>().cloned()
            }
            _ => None,
        };
        Self {
            departure,
            far: far.clone(),
        }
    }

    fn leaves(&self) {
        if let Some(departure) = &self.departure {
            departure.mark();
        }
    }

    fn note(&self, problem: Problem) {
        if let Some(departure) = &self.departure {
            if problem.unread {
                departure.take_back();
            }
            departure.note(problem.clone());
        }
        *self
            .far
            .0
            .last
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(problem);
    }

    fn net(&self, error: NetError) -> StreamableHttpError<NetError> {
        self.note(Problem::of(&error));
        StreamableHttpError::Client(error)
    }
}

fn listens(message: &ClientJsonRpcMessage) -> bool {
    matches!(message, JsonRpcMessage::Request(request)
        if matches!(request.request, ClientRequest::SubscriptionsListenRequest(_)))
}

/// Whether a server may ask a person something before it answers this.
fn may_ask(message: &ClientJsonRpcMessage) -> bool {
    matches!(message, JsonRpcMessage::Request(request)
        if matches!(request.request, ClientRequest::CallToolRequest(_)
            | ClientRequest::GetPromptRequest(_)
            | ClientRequest::ReadResourceRequest(_)))
}

fn session_header() -> HeaderName {
    HeaderName::from_static("mcp-session-id")
}

impl StreamableHttpClient for Far {
    type Error = NetError;

    async fn post_message(
        &self,
        uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session_id: Option<Arc<str>>,
        auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<StreamableHttpPostResponse, StreamableHttpError<NetError>> {
        self.post(&uri, message, session_id, auth_header, custom_headers)
            .await
    }

    async fn delete_session(
        &self,
        uri: Arc<str>,
        session_id: Arc<str>,
        auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<(), StreamableHttpError<NetError>> {
        let request = Request::new(Method::DELETE, uri.as_ref());
        let request = self
            .dressed(request, Some(&session_id), auth_header, custom_headers)
            .map_err(StreamableHttpError::Client)?;
        let told = Told {
            departure: None,
            far: self.clone(),
        };
        // A server need not let its sessions be ended.
        self.sent(request, &told).await.map(drop)
    }

    async fn get_stream(
        &self,
        uri: Arc<str>,
        session_id: Option<Arc<str>>,
        last_event_id: Option<String>,
        auth_header: Option<String>,
        custom_headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<BoxStream<'static, Result<Sse, SseError>>, StreamableHttpError<NetError>> {
        let heard = self.listen(&uri, session_id, last_event_id, auth_header, custom_headers);
        let heard = heard.await;
        self.0.is_deaf.store(heard.is_err(), Ordering::Release);
        heard
    }
}

//! The requests of this room: each to an address that was looked at, bounded in time and bytes, none redirected.
//!
//! Never here: what an answer means.

use std::time::Duration;

use chimera_domain::fault::Fault;
use chimera_net::{HttpClient, NetError, Request, Response};
use http::{
    HeaderValue, Method,
    header::{ACCEPT, CONTENT_TYPE},
};
use serde::{Serialize, de::DeserializeOwned};
use url::{Url, form_urlencoded};

use crate::codes::{OAUTH_ADDRESS_REFUSED, OAUTH_UNREACHABLE, cut, unusable};

/// Longest time for one request.
pub const ANSWER_TIME: Duration = Duration::from_secs(10);
/// Most bytes of one answer.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// How the authorization server of one server is asked.
#[derive(Clone)]
pub(crate) struct Wire {
    net: HttpClient,
    /// Whether private hosts that the operator listed may be asked too.
    listed_too: bool,
}

/// A document that was looked for.
pub(crate) enum Looked<T> {
    /// It is there; whether it came from a private host.
    There(T, bool),
    /// It is not, in words.
    Absent(String),
}

impl Wire {
    /// For the server itself, which a person let be reached.
    pub(crate) const fn trusted(net: HttpClient) -> Self {
        Self {
            net,
            listed_too: true,
        }
    }

    /// For those that the server names: a public one cannot lead to a private host.
    pub(crate) fn onward(&self, from_inside: bool) -> Self {
        Self {
            net: self.net.clone(),
            listed_too: self.listed_too && from_inside,
        }
    }

    /// A document in JSON, if there is one at this address.
    pub(crate) async fn document<T: DeserializeOwned>(
        &self,
        url: &Url,
    ) -> Result<Looked<T>, Fault> {
        let answer = match self.sent(Request::get(url.as_str())).await {
            Ok(answer) => answer,
            Err(NetError::TooManyRedirects { .. }) => {
                return Ok(Looked::Absent(format!("{url} leads elsewhere")));
            }
            Err(error) => return Err(fault(url.as_str(), &error)),
        };
        if !answer.status.is_success() {
            return Ok(Looked::Absent(format!("{url} answered {}", answer.status)));
        }
        Ok(match serde_json::from_slice(&answer.body) {
            Ok(document) => Looked::There(document, answer.from_inside),
            Err(error) => Looked::Absent(format!(
                "{url} is not as it must be: {}",
                cut(&error.to_string())
            )),
        })
    }

    /// An answer to content in JSON.
    pub(crate) async fn json(&self, url: &str, body: &impl Serialize) -> Result<Response, Fault> {
        let body = serde_json::to_vec(body).map_err(|error| unusable(error.to_string()))?;
        let sent = self.sent(Request::post_json(url, body)).await;
        sent.map_err(|error| fault(url, &error))
    }

    /// An answer to a form; `credentials` stand in its head.
    pub(crate) async fn form(
        &self,
        url: &str,
        fields: &[(&str, &str)],
        credentials: Option<HeaderValue>,
    ) -> Result<Response, Fault> {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        let mut request = Request::new(Method::POST, url).header(CONTENT_TYPE, form);
        request.body = body.into();
        if let Some(credentials) = credentials {
            request = request.header(http::header::AUTHORIZATION, credentials);
        }
        let sent = self.sent(request).await;
        sent.map_err(|error| fault(url, &error))
    }

    async fn sent(&self, mut request: Request) -> Result<Response, NetError> {
        request.max_redirects = Some(0);
        request.timeout = Some(ANSWER_TIME);
        request.max_body_bytes = Some(MAX_ANSWER_BYTES);
        request.listed_too = self.listed_too;
        let json = HeaderValue::from_static("application/json");
        self.net.fetch(request.header(ACCEPT, json)).await
    }
}

fn fault(url: &str, error: &NetError) -> Fault {
    match error {
        NetError::InvalidUrl { .. }
        | NetError::PrivateAddress { .. }
        | NetError::TooManyRedirects { .. }
        | NetError::RedirectRefused { .. }
        | NetError::RedirectLoop { .. } => Fault::of(
            OAUTH_ADDRESS_REFUSED,
            format!(
                "an address that the server names may not be asked: {error}; nothing was authorized"
            ),
        ),
        error if error.is_transient() || matches!(error, NetError::Tls { .. }) => Fault::of(
            OAUTH_UNREACHABLE,
            format!("{error}; nothing was authorized by this; try again"),
        ),
        error => unusable(format!(
            "{} gave no usable answer: {error}",
            crate::address::shown(url)
        )),
    }
}

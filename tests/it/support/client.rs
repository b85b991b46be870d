//! A client of the API, as a script would write one.
//!
//! Never here: waiting, or knowledge of what an endpoint means.

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

/// A signed-in client.
#[derive(Clone)]
pub(crate) struct Api {
    base: String,
    token: String,
    http: Client,
}

/// An answer of the API.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) etag: Option<String>,
    /// Whether it came from the memory of an idempotency key.
    pub(crate) replayed: bool,
    pub(crate) body: Value,
}

impl Answer {
    /// The body of a success.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert!(
            (200..300).contains(&self.status),
            "refused with {}: {}",
            self.status,
            self.body
        );
        self.body
    }

    /// The `error` of a refusal with this code.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!(
            (self.status, &self.body["error"]["code"]),
            (status, &json!(code)),
            "{}",
            self.body
        );
        assert_eq!(self.body["success"], json!(false));
        self.body["error"].clone()
    }
}

impl Api {
    pub(crate) fn new(base: &str, token: &str) -> Self {
        Self {
            base: base.to_owned(),
            token: token.to_owned(),
            http: Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// Where it is, as `127.0.0.1:7787`.
    pub(crate) fn authority(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// The same server as somebody else.
    pub(crate) fn as_holder_of(&self, token: &str) -> Self {
        Self {
            token: token.to_owned(),
            ..self.clone()
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.base))
            .bearer_auth(&self.token)
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let (status, etag) = (response.status().as_u16(), header("etag"));
        let replayed = header("idempotency-replayed").is_some();
        let text = response.text().await.unwrap();
        let body = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
        };
        Answer {
            status,
            etag,
            replayed,
            body,
        }
    }

    pub(crate) async fn look(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// The body of a successful read.
    pub(crate) async fn get(&self, path: &str) -> Value {
        self.look(path).await.ok()
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body))
            .await
    }

    /// A write that names the version it changes.
    pub(crate) async fn post_if(&self, path: &str, etag: &str, body: Value) -> Answer {
        let request = self.request(Method::POST, path).header("if-match", etag);
        self.send(request.json(&body)).await
    }

    pub(crate) async fn put_if(&self, path: &str, etag: &str, body: Value) -> Answer {
        let request = self.request(Method::PUT, path).header("if-match", etag);
        self.send(request.json(&body)).await
    }

    pub(crate) async fn patch_if(&self, path: &str, etag: &str, body: Value) -> Answer {
        let request = self.request(Method::PATCH, path).header("if-match", etag);
        self.send(request.json(&body)).await
    }

    /// All rows of a list, page by page.
    pub(crate) async fn all(&self, path: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut after = String::new();
        loop {
            let join = if path.contains('?') { '&' } else { '?' };
            let page = self.get(&format!("{path}{join}limit=100{after}")).await;
            rows.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return rows,
            }
        }
    }
}

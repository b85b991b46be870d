//! An authorization server that follows a script, over real HTTP on loopback: metadata of a resource and of itself,
//! registration, codes with PKCE, tokens. It checks what it is asked as a strict one would, unless the script says
//! otherwise.
//!
//! Never here: the resource itself, or a person: whoever asks for a code gets one.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::{Map, Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::http::{RawRequest, read_request, write_whole};

/// What it says instead of what it would say.
#[derive(Default)]
pub struct AuthorizationScript {
    /// Put over the metadata of the resource; null takes a field away.
    pub resource: Value,
    /// Put over its own metadata; null takes a field away.
    pub metadata: Value,
    /// Put over what comes back to the redirect address; null takes a field away.
    pub callback: Value,
    /// Status and content of whatever is answered at a path, as often as it is asked.
    pub at: BTreeMap<String, (u16, Value)>,
    /// Put over the next answers with tokens, one each; a number `status` in it is a refusal.
    pub tokens: Vec<Value>,
    /// Where a path leads, in place of an answer.
    pub leads: BTreeMap<String, String>,
    /// Paths at which whoever asks is never answered.
    pub silent: BTreeSet<String>,
}

/// One request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// Method and path.
    pub what: String,
    /// The query, or the form, by name.
    pub fields: BTreeMap<String, String>,
    /// Content in JSON.
    pub json: Value,
    /// What stands in `Authorization`.
    pub authorization: Option<String>,
}

struct Shared {
    script: AuthorizationScript,
    seen: Vec<AuthorizationRequest>,
    given: u32,
    clients: u32,
}

/// A running authorization server. Dropping it closes the port.
pub struct AuthorizationServer {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
    accepting: JoinHandle<()>,
}

impl Drop for AuthorizationServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl AuthorizationServer {
    /// Starts on a free loopback port.
    pub async fn start(script: AuthorizationScript) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Mutex::new(Shared {
            script,
            seen: Vec::new(),
            given: 0,
            clients: 0,
        }));
        let kept = Arc::clone(&shared);
        let accepting = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, address, Arc::clone(&kept)));
            }
        });
        Self {
            address,
            shared,
            accepting,
        }
    }

    /// What it calls itself.
    #[must_use]
    pub fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The resource that it speaks for, at its own address.
    #[must_use]
    pub fn resource(&self) -> String {
        format!("http://{}/mcp", self.address)
    }

    /// What it was asked, oldest first.
    #[must_use]
    pub fn seen(&self) -> Vec<AuthorizationRequest> {
        self.shared().seen.clone()
    }

    /// Methods and paths of what it was asked.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.seen().into_iter().map(|one| one.what).collect()
    }

    /// Changes what it says from now on.
    pub fn tell(&self, change: impl FnOnce(&mut AuthorizationScript)) {
        change(&mut self.shared().script);
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn serve(mut socket: TcpStream, address: SocketAddr, shared: Arc<Mutex<Shared>>) {
    let Some(raw) = read_request(&mut socket).await else {
        return;
    };
    let answer = {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = shared.answer(&raw, &format!("http://{address}"));
        let path = raw.path.split('?').next().unwrap_or_default();
        (!shared.script.silent.contains(path)).then_some(answer)
    };
    let Some((status, headers, body)) = answer else {
        return std::future::pending().await;
    };
    let body = match body {
        Value::String(text) => text.into_bytes(),
        body => body.to_string().into_bytes(),
    };
    write_whole(&mut socket, status, &headers, &body).await;
}

type Answer = (u16, Vec<(String, String)>, Value);

impl Shared {
    fn answer(&mut self, raw: &RawRequest, own: &str) -> Answer {
        let (path, query) = raw.path.split_once('?').unwrap_or((&raw.path, ""));
        let text = String::from_utf8_lossy(&raw.body).into_owned();
        let is_json = raw.header("content-type") == Some("application/json");
        let request = AuthorizationRequest {
            what: format!("{} {path}", raw.method),
            fields: fields(if query.is_empty() && !is_json {
                &text
            } else {
                query
            }),
            json: serde_json::from_str(&text).unwrap_or_default(),
            authorization: raw.header("authorization").map(str::to_owned),
        };
        self.seen.push(request.clone());
        if let Some(target) = self.script.leads.get(path) {
            return (
                302,
                vec![("location".to_owned(), target.clone())],
                Value::Null,
            );
        }
        if let Some((status, body)) = self.script.at.get(path) {
            return (*status, Vec::new(), body.clone());
        }
        let (status, body) = match path {
            "/.well-known/oauth-protected-resource/mcp" => (200, self.resource(own)),
            "/.well-known/oauth-authorization-server" => (200, self.metadata(own)),
            "/register" => self.registered(&request.json),
            "/authorize" => return self.code(&request.fields, own),
            "/token" => self.token(&request.fields),
            _ => (404, json!({ "error": "not_found" })),
        };
        (status, Vec::new(), body)
    }

    fn resource(&self, own: &str) -> Value {
        let whole = json!({ "resource": format!("{own}/mcp"), "authorization_servers": [own] });
        put_over(whole, &self.script.resource)
    }

    fn metadata(&self, own: &str) -> Value {
        let whole = json!({
            "issuer": own,
            "authorization_endpoint": format!("{own}/authorize"),
            "token_endpoint": format!("{own}/token"),
            "registration_endpoint": format!("{own}/register"),
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "authorization_response_iss_parameter_supported": true,
        });
        put_over(whole, &self.script.metadata)
    }

    fn registered(&mut self, asked: &Value) -> (u16, Value) {
        self.clients += 1;
        let id = format!("client-{}", self.clients);
        (
            201,
            json!({ "client_id": id, "redirect_uris": asked["redirect_uris"] }),
        )
    }

    /// Whoever asks is taken for the person who agrees.
    fn code(&mut self, asked: &BTreeMap<String, String>, own: &str) -> Answer {
        let back = asked.get("redirect_uri").cloned().unwrap_or_default();
        self.given += 1;
        let whole = json!({
            "code": format!("code-{}", self.given),
            "state": asked.get("state"),
            "iss": own,
        });
        let whole = put_over(whole, &self.script.callback);
        let pairs: Vec<String> = whole
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| format!("{name}={}", encoded(value.as_str().unwrap_or_default())))
            .collect();
        let location = format!("{back}?{}", pairs.join("&"));
        (302, vec![("location".to_owned(), location)], Value::Null)
    }

    fn token(&mut self, asked: &BTreeMap<String, String>) -> (u16, Value) {
        self.given += 1;
        let change = if self.script.tokens.is_empty() {
            Value::Null
        } else {
            self.script.tokens.remove(0)
        };
        if let Some(status) = change["status"].as_u64() {
            return (u16::try_from(status).unwrap(), change);
        }
        let needed: &[&str] = match asked.get("grant_type").map(String::as_str) {
            Some("authorization_code") => &["code", "code_verifier", "redirect_uri", "resource"],
            Some("refresh_token") => &["refresh_token", "resource"],
            _ => return (400, json!({ "error": "unsupported_grant_type" })),
        };
        if needed.iter().any(|name| !asked.contains_key(*name)) {
            return (400, json!({ "error": "invalid_request" }));
        }
        let whole = json!({
            "access_token": format!("access-{}", self.given),
            "refresh_token": format!("refresh-{}", self.given),
            "token_type": "Bearer",
            "expires_in": 3600,
        });
        (200, put_over(whole, &change))
    }
}

fn put_over(whole: Value, change: &Value) -> Value {
    let mut whole = whole.as_object().cloned().unwrap_or_else(Map::new);
    for (name, value) in change.as_object().into_iter().flatten() {
        if value.is_null() {
            whole.remove(name);
        } else {
            whole.insert(name.clone(), value.clone());
        }
    }
    Value::Object(whole)
}

fn fields(text: &str) -> BTreeMap<String, String> {
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let two: String = rest.by_ref().take(2).map(char::from).collect();
                bytes.push(u8::from_str_radix(&two, 16).unwrap_or_default());
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

//! Requests that name what is another workspace's (SEC-08). Whoever asks is answered as if there were no such thing, and
//! is told nothing more; the workspace whose thing it is finds a security incident, an audit record and an alert.
//!
//! Never here: answering. What is looked up here never reaches the answer, and is looked up after it, so that no clock
//! tells whether a thing is there.

use std::collections::BTreeSet;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use chimera_contract::{endpoint::Endpoint, error::request};
use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    change::{Alert, Change, Incident},
    event::{Event, Fact},
    id::{AlertId, CampaignId, IncidentId, TaskId},
    role::Actor,
};
use chimera_ports::{
    error::PortError,
    store::{MAX_OWNED, Owned, SessionKind},
};
use http::{Method, StatusCode, Uri};
use serde_json::{Value, json};
use url::form_urlencoded;
use uuid::Uuid;

use crate::{limits::MAX_BODY_BYTES, problem::Problem, signed::Signed, state::Api};

/// Attempts of one account in an hour that are listed one by one; more are in the log of the process.
pub(crate) const LISTED_AN_HOUR: u32 = 120;
/// Code of the alert.
const ALERT: &str = "CROSS_TENANT_ATTEMPT";
/// Action of the audit record.
const ACTION: &str = "security.cross_tenant";
/// Deepest nesting of a body that is looked through.
const MAX_DEPTH: usize = 16;
/// Most words of a body that are looked up: more than any list that a request may carry. An address has its own end, and
/// all that it names is looked up.
const MAX_OF_BODY: usize = 1_024;

/// Looks at what a request named once it is answered.
pub(crate) async fn watched(State(api): State<Api>, request: Request, next: Next) -> Response {
    let signed = request.extensions().get::<Signed>().cloned();
    let endpoint = request.extensions().get::<Endpoint>().copied();
    let (Some(signed), Some(endpoint)) = (signed, endpoint) else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    let uri = parts.uri.clone();
    let (body, kept) = if matches!(parts.method, Method::GET | Method::HEAD) {
        (body, Bytes::new())
    } else {
        match to_bytes(body, MAX_BODY_BYTES).await {
            Ok(bytes) => (Body::from(bytes.clone()), bytes),
            Err(_) => {
                return Problem::new(&request::BODY_TOO_LARGE)
                    .with(json!({ "limit_bytes": MAX_BODY_BYTES }))
                    .into_response();
            }
        }
    };
    let response = next.run(Request::from_parts(parts, body)).await;
    let status = response.status();
    let failed = status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS;
    let mut named = Named::default();
    // A filter by what is another's answers with an empty list, which is no failure.
    named.query(&uri);
    if failed {
        named.path(&uri);
        named.body(&kept);
    }
    look(&api, &signed, &endpoint, named);
    response
}

/// The same for a request that the guard refused; its body was not read.
pub(crate) fn refused(api: &Api, signed: &Signed, endpoint: &Endpoint, uri: &Uri) {
    let mut named = Named::default();
    named.query(uri);
    named.path(uri);
    look(api, signed, endpoint, named);
}

/// What a request named. What its address names is all here, so that nothing can be hidden behind a crowd of others.
#[derive(Default)]
struct Named {
    ids: BTreeSet<Uuid>,
    /// Words that may be the slug of a workspace.
    slugs: BTreeSet<String>,
}

impl Named {
    fn word(&mut self, word: &str) {
        if let Ok(id) = Uuid::parse_str(word) {
            self.ids.insert(id);
        } else if word.starts_with("t_") {
            self.slugs.insert(word.to_owned());
        }
    }

    fn len(&self) -> usize {
        self.ids.len() + self.slugs.len()
    }

    fn path(&mut self, uri: &Uri) {
        for segment in uri.path().split('/') {
            // A percent sign is read as a form reads it; a plus in an address stands in no id.
            for (word, _) in form_urlencoded::parse(segment.as_bytes()) {
                self.word(&word);
            }
        }
    }

    fn query(&mut self, uri: &Uri) {
        for (_, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            self.word(&value);
            if let Some(key) = cursor(&value) {
                self.json(&key, usize::MAX, 0);
            }
        }
    }

    fn body(&mut self, body: &[u8]) {
        if let Ok(value) = serde_json::from_slice(body) {
            self.json(&value, self.len() + MAX_OF_BODY, 0);
        }
    }

    /// Takes the words of a value until so many are known.
    fn json(&mut self, value: &Value, most: usize, depth: usize) {
        if depth > MAX_DEPTH || self.len() >= most {
            return;
        }
        match value {
            Value::String(text) => self.word(text),
            Value::Array(items) => items
                .iter()
                .for_each(|item| self.json(item, most, depth + 1)),
            Value::Object(fields) => fields
                .values()
                .for_each(|item| self.json(item, most, depth + 1)),
            _ => {}
        }
    }
}

/// The sort key in a cursor, as the store writes it: JSON in hexadecimal digits.
fn cursor(text: &str) -> Option<Value> {
    if text.len() < 4 || !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> = (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect();
    serde_json::from_slice(&bytes?).ok()
}

/// Looks beside the request whose it is.
fn look(api: &Api, signed: &Signed, endpoint: &Endpoint, named: Named) {
    if named.ids.is_empty() && named.slugs.is_empty() {
        return;
    }
    let (api, signed, endpoint) = (api.clone(), signed.clone(), *endpoint);
    tokio::spawn(async move {
        if let Err(error) = tell(&api, &signed, &endpoint, named).await {
            tracing::error!(%error, "whose things a request named could not be found out");
        }
    });
}

async fn tell(
    api: &Api,
    signed: &Signed,
    endpoint: &Endpoint,
    named: Named,
) -> Result<(), PortError> {
    let ids: Vec<Uuid> = named.ids.into_iter().collect();
    let mut owned = Vec::new();
    for some in ids.chunks(MAX_OWNED) {
        owned.extend(api.store().owners(some).await?);
    }
    if !named.slugs.is_empty() {
        for tenant in api.store().tenants().await? {
            if named.slugs.contains(&tenant.slug.to_string()) {
                owned.push(Owned {
                    id: *tenant.id.as_uuid(),
                    noun: "workspace".to_owned(),
                    tenant: tenant.id,
                });
            }
        }
    }
    for thing in owned {
        if thing.tenant != signed.caller.tenant {
            report(api, signed, endpoint, &thing).await?;
        }
    }
    Ok(())
}

/// Stores the incident in the workspace whose thing was asked for.
async fn report(
    api: &Api,
    signed: &Signed,
    endpoint: &Endpoint,
    thing: &Owned,
) -> Result<(), PortError> {
    let (who, now) = (signed.caller.user, api.now());
    // Not among the counters of `/metrics`: whoever reads them would learn from them that a thing is there.
    tracing::warn!(
        endpoint = endpoint.id,
        by = %who,
        of = %thing.tenant,
        "somebody asked for what is another workspace's"
    );
    if api.crossings.count(who, now).is_err() {
        return Ok(());
    }
    let detail = words(signed, endpoint, thing);
    let ids = api.runtime.ids();
    let record = AuditRecord {
        status: AuditStatus::Failure,
        ..api.runtime.record(
            thing.tenant,
            Actor::system("door"),
            ACTION,
            json!({
                "asked_for": { "what": thing.noun, "id": thing.id },
                "by": { "workspace": signed.caller.tenant, "account": who, "session": signed.session.id },
                "operation": endpoint.id,
            }),
        )
    };
    let mut notes = vec![
        Change::Audit(record),
        Change::Incident(Incident {
            id: IncidentId::from_uuid(ids.uuid()),
            tenant: thing.tenant,
            kind: "permission".to_owned(),
            severity: "high".to_owned(),
            detail: detail.clone(),
            blocked: true,
            campaign: (thing.noun == "campaign").then(|| CampaignId::from_uuid(thing.id)),
            task: (thing.noun == "task").then(|| TaskId::from_uuid(thing.id)),
            created_at: now,
        }),
    ];
    let first = api.crossing_alerts.count((who, thing.tenant), now).is_ok();
    if first {
        notes.extend(alert(api, thing, &detail));
    }
    api.store().append(thing.tenant, notes).await?;
    api.announce();
    Ok(())
}

/// The alert, and the fact that tells whoever watches.
fn alert(api: &Api, thing: &Owned, detail: &str) -> [Change; 2] {
    let alert = Alert {
        id: AlertId::from_uuid(api.runtime.ids().uuid()),
        tenant: thing.tenant,
        code: ALERT.to_owned(),
        title: "Somebody of another workspace asked for something of this one".to_owned(),
        detail: format!(
            "{detail} More such attempts of the same account are listed as incidents, and raise no further alert for an hour."
        ),
        campaign: None,
        task: None,
        created_at: api.now(),
        acknowledged_at: None,
    };
    let fact = Fact::AlertRaised {
        alert: alert.id,
        code: alert.code.clone(),
        title: alert.title.clone(),
    };
    let event = Event {
        seq: 0,
        tenant: thing.tenant,
        actor: Actor::system("door"),
        at: alert.created_at,
        fact,
    };
    [Change::Alert(alert), Change::Event(event)]
}

fn words(signed: &Signed, endpoint: &Endpoint, thing: &Owned) -> String {
    let whose = match signed.session.kind {
        SessionKind::Key => "An API key",
        SessionKind::Person | SessionKind::Token => "Somebody",
    };
    format!(
        "{whose} of another workspace asked for the {} {} of this one ({} {}). Nothing was shown or changed: the answer was that there is no such thing. The audit log names the account.",
        thing.noun,
        thing.id,
        endpoint.method.as_str(),
        endpoint.path,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0197c0de-0000-7000-8000-000000000001";

    fn named(uri: &str, body: &str) -> Named {
        let uri: Uri = uri.parse().unwrap();
        let mut named = Named::default();
        named.path(&uri);
        named.query(&uri);
        named.body(body.as_bytes());
        named
    }

    #[test]
    fn an_id_is_seen_wherever_a_request_can_put_one() {
        let id = Uuid::parse_str(ID).unwrap();
        let simple = id.simple().to_string().to_uppercase();
        let cursor: String = format!("[1,\"{ID}\"]")
            .bytes()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        for (uri, body) in [
            (format!("/api/v1/campaigns/{ID}/plan"), String::new()),
            (format!("/api/v1/campaigns/{simple}"), String::new()),
            (format!("/api/v1/campaigns/%30{}", &ID[1..]), String::new()),
            (format!("/api/v1/reviews?campaign={ID}"), String::new()),
            (format!("/api/v1/reviews?after={cursor}"), String::new()),
            ("/x".to_owned(), format!("{{\"a\":[{{\"b\":\"{ID}\"}}]}}")),
            (
                "/x".to_owned(),
                format!("{{\"a\":\"\\u0030{}\"}}", &ID[1..]),
            ),
        ] {
            assert_eq!(named(&uri, &body).ids, [id].into(), "{uri} {body}");
        }
        let slug = named("/api/v1/swarm/tenants/t_home/reviews", "");
        assert_eq!(slug.slugs, ["t_home".to_owned()].into());
        let none = named("/api/v1/reviews?limit=50&after=zz", "not json");
        assert!(none.ids.is_empty() && none.slugs.is_empty());
    }

    #[test]
    fn a_crowd_of_other_words_hides_no_id() {
        let id = Uuid::parse_str(ID).unwrap();
        let crowd: Vec<String> = (0..1_000)
            .map(|n| format!("a={}&b=t_{n}", Uuid::from_u128(n)))
            .collect();
        let crowd = crowd.join("&");
        for uri in [
            format!("/api/v1/campaigns/{ID}?{crowd}"),
            format!("/api/v1/reviews?{crowd}&campaign={ID}"),
        ] {
            assert!(named(&uri, "").ids.contains(&id));
        }
        let body = named(&format!("/x?{crowd}"), &json!({ "id": ID }).to_string());
        assert!(body.ids.contains(&id));
    }

    #[test]
    fn what_is_looked_for_in_a_body_is_bounded() {
        let ids: Vec<String> = (0..5_000).map(|n| Uuid::from_u128(n).to_string()).collect();
        let many = named("/x", &json!({ "ids": ids }).to_string());
        assert_eq!(many.ids.len(), MAX_OF_BODY);
        let deep = format!("{}\"{ID}\"{}", "[".repeat(40), "]".repeat(40));
        assert!(named("/x", &deep).ids.is_empty());
    }
}

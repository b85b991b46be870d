//! Weaviate over REST: schema, batches of objects, the Search API (preview since 1.39), deletion.
//!
//! Written from the server's own API document (1.40) and never run against a live server. GraphQL is being switched off
//! and is not used. Never here: which memory fits best, or a text that is shown to anybody: what comes back are numbers
//! of rows, and rows are read from our own store.

use std::{sync::Arc, time::Duration};

use chimera_domain::{
    fault::Fault,
    id::TenantId,
    memory::{Memory, Owner},
};
use chimera_net::{HttpClient, Request};
use http::Method;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    codes::UNAVAILABLE,
    embedder::KeySource,
    rank::{MIN_COSINE, Scored},
};

/// The class of agents' memories (C13).
pub(super) const CLASS: &str = "AgentMemory";
/// The one vector of an object.
const VECTOR: &str = "default";
/// Longest time for one request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
/// Largest answer in bytes: 8 MiB.
const MAX_ANSWER_BYTES: usize = 8 << 20;
/// Most characters of the server's own words that are told.
const MAX_TOLD_CHARS: usize = 300;

/// A Weaviate and the way to it.
pub(super) struct Wire {
    pub(super) base_url: String,
    pub(super) client: HttpClient,
    pub(super) key: Arc<dyn KeySource>,
}

/// What of a class's answer is read.
struct Answered {
    status: u16,
    body: Value,
}

/// What a search gives back.
#[derive(Deserialize)]
struct Found {
    results: Vec<Hit>,
}

#[derive(Deserialize)]
struct Hit {
    properties: Row,
    #[serde(default)]
    metadata: Option<Metadata>,
}

#[derive(Deserialize)]
struct Row {
    row: u64,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    score: Option<f32>,
    #[serde(default)]
    distance: Option<f32>,
}

impl Wire {
    /// The server's version, as it says it.
    pub(super) async fn version(&self, tenant: TenantId) -> Result<String, Fault> {
        let answered = self.send(tenant, Method::GET, "/v1/meta", None).await?;
        let answered = self.well(answered)?;
        let version = answered.get("version").and_then(Value::as_str);
        version
            .map(str::to_owned)
            .ok_or_else(|| self.unusable("what answers there does not say which Weaviate it is"))
    }

    /// Makes the class where it is not there yet. One tenant of it for each tenant of ours, made as it is first written.
    pub(super) async fn ensure_class(&self, tenant: TenantId) -> Result<(), Fault> {
        let path = format!("/v1/schema/{CLASS}");
        let known = self.send(tenant, Method::GET, &path, None).await?;
        if known.status == 404 {
            let made = self
                .send(tenant, Method::POST, "/v1/schema", Some(class()))
                .await?;
            return self.well(made).map(drop);
        }
        let known = self.well(known)?;
        if known["multiTenancyConfig"]["enabled"] != json!(true) {
            return Err(self.unusable(&format!(
                "its class {CLASS} keeps tenants together; give Chimera one of its own, or take that class away"
            )));
        }
        Ok(())
    }

    /// Copies memories of one tenant, each with its row and its vector where it has one. All of them, or a fault.
    pub(super) async fn put(
        &self,
        tenant: TenantId,
        memories: &[(u64, Memory, Vec<f32>)],
    ) -> Result<(), Fault> {
        let objects: Vec<Value> = memories
            .iter()
            .map(|(row, memory, vector)| object(*row, memory, vector))
            .collect();
        let body = json!({ "objects": objects });
        let answered = self
            .send(tenant, Method::POST, "/v1/batch/objects", Some(body))
            .await?;
        let each = self.well(answered)?;
        let each = each.as_array().map(Vec::as_slice).unwrap_or_default();
        // A batch is answered with 200 whatever became of its objects.
        let failed = each.iter().find_map(|one| {
            let errors = one.pointer("/result/errors/error")?.as_array()?;
            Some(told(errors.first()?))
        });
        if let Some(words) = failed {
            return Err(self.unusable(&format!("it did not take a memory: {words}")));
        }
        if each.len() != memories.len() {
            return Err(self.unusable("it does not say of every memory what became of it"));
        }
        Ok(())
    }

    /// The rows that have words of the question, best first.
    pub(super) async fn by_words(
        &self,
        owner: Owner,
        question: &str,
        most: usize,
    ) -> Result<Vec<Scored>, Fault> {
        let mut body = asking(owner, most, "score");
        body["query"] = json!(question);
        body["queryProperties"] = json!(["content", "relevance_tags"]);
        let hits = self.search(owner.tenant, "bm25", body).await?;
        Ok(scored(hits, |metadata| metadata.score))
    }

    /// The rows whose vectors are nearest, nearest first.
    pub(super) async fn by_meaning(
        &self,
        owner: Owner,
        vector: &[f32],
        most: usize,
    ) -> Result<Vec<Scored>, Fault> {
        let mut body = asking(owner, most, "distance");
        body["vector"] = json!(vector);
        body["targetVector"] = json!(VECTOR);
        body["distance"] = json!(1.0 - MIN_COSINE);
        let hits = self.search(owner.tenant, "near-vector", body).await?;
        Ok(scored(hits, |metadata| Some(1.0 - metadata.distance?)))
    }

    async fn search(&self, tenant: TenantId, how: &str, body: Value) -> Result<Vec<Hit>, Fault> {
        let path = format!("/v1/search/{CLASS}/{how}");
        let answered = self.send(tenant, Method::POST, &path, Some(body)).await?;
        let found = self.well(answered)?;
        let found: Found = serde_json::from_value(found)
            .map_err(|_| self.unusable("its answer to a search cannot be read"))?;
        Ok(found.results)
    }

    /// Takes a memory's copy away; one that is not there is no failure.
    pub(super) async fn delete(&self, memory: &Memory) -> Result<(), Fault> {
        let tenant = memory.owner.tenant;
        let path = format!("/v1/objects/{CLASS}/{}?tenant={tenant}", object_id(memory));
        let answered = self.send(tenant, Method::DELETE, &path, None).await?;
        if answered.status == 404 {
            return Ok(());
        }
        self.well(answered).map(drop)
    }

    async fn send(
        &self,
        tenant: TenantId,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Answered, Fault> {
        let url = format!("{}{path}", self.base_url.trim_end_matches('/'));
        let request = match body {
            Some(body) => Request::post_json(url, body.to_string()),
            None => Request::new(method, url),
        };
        let mut request = request
            .timeout(REQUEST_TIMEOUT)
            .max_body_bytes(MAX_ANSWER_BYTES);
        if let Some(key) = self.key.key(tenant).await? {
            request = request.bearer(key.expose_secret()).map_err(|_| {
                self.unusable("its key has characters that no key can have; store it again")
            })?;
        }
        let response = self
            .client
            .fetch(request)
            .await
            .map_err(|error| self.unusable(&error.to_string()))?;
        Ok(Answered {
            status: response.status.as_u16(),
            body: serde_json::from_slice(&response.body).unwrap_or(Value::Null),
        })
    }

    /// The body of a success.
    fn well(&self, answered: Answered) -> Result<Value, Fault> {
        let Answered { status, body } = answered;
        let why = match status {
            200..=299 => return Ok(body),
            401 | 403 => "it does not accept the key".to_owned(),
            422 if words_of(&body).contains("EXPERIMENTAL_REST_SEARCH_ENABLED") => {
                "its REST search is switched off; set EXPERIMENTAL_REST_SEARCH_ENABLED=true there, or use 1.40".to_owned()
            }
            _ => format!("it answers with status {status}: {}", words_of(&body)),
        };
        Err(self.unusable(&why))
    }

    fn unusable(&self, why: &str) -> Fault {
        Fault::of(
            UNAVAILABLE,
            format!(
                "Weaviate at {} is of no use at the moment: {why}. Memories are kept here and found by their words meanwhile; nothing was lost",
                self.base_url
            ),
        )
    }
}

/// The class, with a tenant of its own for each tenant of ours. No module of the server embeds: vectors are brought.
fn class() -> Value {
    let text = |name: &str, tokenization: &str| json!({ "name": name, "dataType": ["text"], "tokenization": tokenization });
    json!({
        "class": CLASS,
        "vectorConfig": { VECTOR: {
            "vectorizer": { "none": {} },
            "vectorIndexType": "hnsw",
            "vectorIndexConfig": { "distance": "cosine" },
        } },
        "multiTenancyConfig": { "enabled": true, "autoTenantCreation": true, "autoTenantActivation": true },
        "properties": [
            text("tenant_id", "field"),
            text("agent_id", "field"),
            text("memory_id", "field"),
            text("kind", "field"),
            text("content", "word"),
            { "name": "relevance_tags", "dataType": ["text[]"], "tokenization": "word" },
            { "name": "importance_score", "dataType": ["int"] },
            { "name": "timestamp", "dataType": ["date"] },
            { "name": "row", "dataType": ["int"] },
        ],
    })
}

fn object(row: u64, memory: &Memory, vector: &[f32]) -> Value {
    let mut object = json!({
        "class": CLASS,
        "id": object_id(memory),
        "tenant": memory.owner.tenant,
        "properties": {
            "tenant_id": memory.owner.tenant,
            "agent_id": memory.owner.agent,
            "memory_id": memory.id,
            "kind": memory.kind,
            "content": memory.text,
            "relevance_tags": memory.tags,
            "importance_score": memory.importance,
            "timestamp": memory.at,
            "row": row,
        },
    });
    if !vector.is_empty() {
        object["vectors"] = json!({ VECTOR: vector });
    }
    object
}

/// The id of a memory's copy: two agents may have memories of the same id.
fn object_id(memory: &Memory) -> Uuid {
    let name = format!("{}/{}", memory.owner.agent, memory.id);
    let digest = chimera_domain::digest::Digest::plain(name.as_bytes()).to_bytes();
    let first = digest.first_chunk::<16>().copied().unwrap_or_default();
    uuid::Builder::from_custom_bytes(first).into_uuid()
}

/// What every search asks: one agent of one tenant, rows only.
fn asking(owner: Owner, most: usize, told: &str) -> Value {
    json!({
        "tenant": owner.tenant,
        "where": { "path": ["agent_id"], "operator": "Equal", "valueText": owner.agent },
        "limit": most,
        "returnProperties": ["row"],
        "returnMetadata": [told],
    })
}

fn scored(hits: Vec<Hit>, score: impl Fn(&Metadata) -> Option<f32>) -> Vec<Scored> {
    let hits = hits.into_iter();
    hits.map(|hit| Scored {
        row: hit.properties.row,
        score: hit.metadata.as_ref().and_then(&score).unwrap_or_default(),
    })
    .collect()
}

fn words_of(body: &Value) -> String {
    let first = body.pointer("/error/0");
    first.map_or_else(|| "it does not say why".to_owned(), told)
}

fn told(error: &Value) -> String {
    let words = error.get("message").and_then(Value::as_str);
    let words = words.unwrap_or("it does not say why");
    words.chars().take(MAX_TOLD_CHARS).collect()
}

//! Weaviate over REST: schema, batches of objects, the Search API (preview since 1.39), deletion.
//!
//! Written from the server's own API document (1.40) and never run against a live server. GraphQL is being switched off
//! and is not used. Never here: which memory fits best, or a text that is shown to anybody: what comes back are numbers
//! of rows, and rows are read from our own store.

use std::sync::Arc;

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

use super::{
    CLASS, MAX_DISTANCE, REQUEST_TIMEOUT, VECTOR, WORDS_IN, object_id,
    trouble::{Refused, away, has_nothing, of_net, of_words, refused, told},
};
use crate::{embedder::KeySource, rank::Scored};

/// Largest answer in bytes: 8 MiB.
const MAX_ANSWER_BYTES: usize = 8 << 20;

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
            .ok_or_else(|| self.refused("what answers there does not say which Weaviate it is"))
    }

    /// Makes the class where it is not there yet. One tenant of it for each tenant of ours, made as it is first written;
    /// in a class that does not make tenants so, it is made here.
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
            return Err(self.refused(&format!(
                "its class {CLASS} keeps tenants together; give Chimera one of its own, or take that class away"
            )));
        }
        if known["multiTenancyConfig"]["autoTenantCreation"] == json!(true) {
            return Ok(());
        }
        // One that is there already is left as it is.
        let path = format!("/v1/schema/{CLASS}/tenants");
        let body = json!([{ "name": tenant }]);
        let made = self.send(tenant, Method::POST, &path, Some(body)).await?;
        self.well(made).map(drop)
    }

    /// Copies memories of one tenant, each with its row and its vector where it has one; answers which were refused.
    pub(super) async fn put(
        &self,
        tenant: TenantId,
        memories: &[(u64, Memory, Vec<f32>)],
    ) -> Result<Refused, Fault> {
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
        if each.len() != memories.len() {
            return Err(self.refused("it does not say of every memory what became of it"));
        }
        // A batch is answered with 200 whatever became of its objects.
        let failed = each.iter().enumerate().filter_map(|(place, one)| {
            let errors = one.pointer("/result/errors/error")?.as_array()?;
            let words = words_in(errors.first()?);
            let fault = of_words(&self.base_url, "it did not take a memory", words);
            Some((place, fault))
        });
        Ok(failed.collect())
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
        body["queryProperties"] = json!(WORDS_IN);
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
        body["distance"] = json!(MAX_DISTANCE);
        let hits = self.search(owner.tenant, "near-vector", body).await?;
        Ok(scored(hits, |metadata| Some(1.0 - metadata.distance?)))
    }

    async fn search(&self, tenant: TenantId, how: &str, body: Value) -> Result<Vec<Hit>, Fault> {
        let path = format!("/v1/search/{CLASS}/{how}");
        let answered = self.send(tenant, Method::POST, &path, Some(body)).await?;
        let found = self.well(answered)?;
        let found: Found = serde_json::from_value(found)
            .map_err(|_| self.refused("its answer to a search cannot be read"))?;
        Ok(found.results)
    }

    /// Takes a memory's copy away; one that is not there is no failure.
    pub(super) async fn delete(&self, memory: &Memory) -> Result<(), Fault> {
        let tenant = memory.owner.tenant;
        let path = format!("/v1/objects/{CLASS}/{}?tenant={tenant}", object_id(memory));
        let answered = self.send(tenant, Method::DELETE, &path, None).await?;
        if answered.status == 404
            || (answered.status == 422 && has_nothing(words_of(&answered.body)))
        {
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
                self.refused("its key has characters that no key can have; store it again")
            })?;
        }
        let response = self
            .client
            .fetch(request)
            .await
            .map_err(|error| of_net(&self.base_url, &error))?;
        Ok(Answered {
            status: response.status.as_u16(),
            body: serde_json::from_slice(&response.body).unwrap_or(Value::Null),
        })
    }

    /// The body of a success.
    fn well(&self, answered: Answered) -> Result<Value, Fault> {
        let Answered { status, body } = answered;
        let words = words_of(&body);
        let why = format!("it answers with status {status}");
        Err(match status {
            200..=299 => return Ok(body),
            401 => self.refused("it does not accept the key"),
            403 => self.refused(&format!("the key may not do this: {}", told(words))),
            422 if words.contains("EXPERIMENTAL_REST_SEARCH_ENABLED") => self.refused(
                "its REST search is switched off; set EXPERIMENTAL_REST_SEARCH_ENABLED=true there, use 1.40, or set WEAVIATE_GRPC_URL",
            ),
            408 | 429 => away(&self.base_url, format_args!("{why}: {}", told(words))),
            500.. => of_words(&self.base_url, &why, words),
            _ => self.refused(&format!("{why}: {}", told(words))),
        })
    }

    fn refused(&self, why: &str) -> Fault {
        refused(&self.base_url, why)
    }
}

/// The class, with a tenant of its own for each tenant of ours. No module of the server embeds: vectors are brought.
pub(crate) fn class() -> Value {
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

fn words_of(body: &Value) -> &str {
    body.pointer("/error/0").map_or("", words_in)
}

fn words_in(error: &Value) -> &str {
    let words = error.get("message").and_then(Value::as_str);
    words.unwrap_or_default()
}

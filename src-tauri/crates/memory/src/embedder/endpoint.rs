//! An embedder behind an address that speaks OpenAI's `/embeddings`, over the one guarded client.
//!
//! Texts leave the machine: whoever sets it up chooses that. Never here: keeping the key longer than a request needs
//! it, or trying again.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chimera_domain::{fault::Fault, id::TenantId};
use chimera_net::{HttpClient, NetError, Request};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::json;

use super::{Embedder, KeySource, TEXTS_AT_ONCE, unit};
use crate::codes::{embedder_refused, embedder_unavailable};

/// Longest time for one request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);
/// Largest answer in bytes: 16 MiB.
const MAX_ANSWER_BYTES: usize = 16 << 20;

/// Which endpoint.
#[derive(Clone, Debug)]
pub struct EndpointSettings {
    /// Address up to and including its version, for example `https://api.openai.com/v1`.
    pub base_url: String,
    /// Model that embeds.
    pub model: String,
}

/// An embedder behind an address.
pub struct EndpointEmbedder {
    name: String,
    settings: EndpointSettings,
    client: HttpClient,
    key: Arc<dyn KeySource>,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    index: usize,
    embedding: Vec<f32>,
}

impl EndpointEmbedder {
    /// An embedder at this address. Nothing is sent yet.
    #[must_use]
    pub fn new(settings: EndpointSettings, client: HttpClient, key: Arc<dyn KeySource>) -> Self {
        let host = url::Url::parse(&settings.base_url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_default();
        Self {
            name: format!("{} at {host}", settings.model),
            settings,
            client,
            key,
        }
    }

    async fn ask(&self, tenant: TenantId, texts: &[String]) -> Result<Vec<Vec<f32>>, Fault> {
        let body =
            json!({ "model": self.settings.model, "input": texts, "encoding_format": "float" });
        let url = format!(
            "{}/embeddings",
            self.settings.base_url.trim_end_matches('/')
        );
        let mut request = Request::post_json(url, body.to_string())
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
            .map_err(|error| self.of_net(&error))?;
        let status = response.status.as_u16();
        match status {
            200..=299 => {}
            401 | 403 => return Err(self.refused("it does not accept the key")),
            404 => return Err(self.refused("it knows no such address or model")),
            408 | 429 | 500.. => {
                return Err(self.unavailable(&format!("it answers with status {status}")));
            }
            _ => return Err(self.refused(&format!("it refuses the request with status {status}"))),
        }
        let answer: Answer = serde_json::from_slice(&response.body)
            .map_err(|_| self.refused("its answer is no list of vectors"))?;
        self.in_order(answer, texts.len())
    }

    /// One vector of one length for each text, or none at all.
    fn in_order(&self, answer: Answer, texts: usize) -> Result<Vec<Vec<f32>>, Fault> {
        let mut vectors: Vec<Option<Vec<f32>>> = vec![None; texts];
        for item in answer.data {
            let place = vectors
                .get_mut(item.index)
                .ok_or_else(|| self.refused("it answers to a text that it was not given"))?;
            *place = unit(item.embedding);
        }
        let vectors: Vec<Vec<f32>> = vectors
            .into_iter()
            .collect::<Option<_>>()
            .ok_or_else(|| self.refused("it gives no usable vector for some text"))?;
        let length = vectors.first().map_or(0, Vec::len);
        if vectors.iter().any(|vector| vector.len() != length) {
            return Err(self.refused("its vectors differ in length"));
        }
        Ok(vectors)
    }

    fn of_net(&self, error: &NetError) -> Fault {
        if error.is_transient() {
            return self.unavailable(&error.to_string());
        }
        self.refused(&error.to_string())
    }

    fn refused(&self, why: &str) -> Fault {
        embedder_refused(format_args!(
            "the embedder {} cannot be used: {why}",
            self.name
        ))
    }

    fn unavailable(&self, why: &str) -> Fault {
        embedder_unavailable(format_args!(
            "the embedder {} does not answer: {why}",
            self.name
        ))
    }
}

#[async_trait]
impl Embedder for EndpointEmbedder {
    fn name(&self) -> &str {
        &self.name
    }

    async fn embed(&self, tenant: TenantId, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Fault> {
        let mut vectors = Vec::with_capacity(texts.len());
        for texts in texts.chunks(TEXTS_AT_ONCE) {
            vectors.extend(self.ask(tenant, texts).await?);
        }
        Ok(vectors)
    }
}

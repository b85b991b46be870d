//! An embedder behind an address that speaks OpenAI's `/embeddings`, over the one guarded client.
//!
//! Texts leave the machine: whoever sets it up chooses that. Each request has its line in the ledger. Never here: keeping the key longer than a request needs
//! it, or trying again.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chimera_domain::{
    fault::Fault,
    id::TenantId,
    spend::{CallOutcome, ToldTokens},
};
use chimera_net::{HttpClient, NetError, Request};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::json;

use super::{
    Embedder, KeySource, TEXTS_AT_ONCE,
    bill::{Bill, Books, Ended},
    unit,
};
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
    host: String,
    settings: EndpointSettings,
    client: HttpClient,
    key: Arc<dyn KeySource>,
    books: Books,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Item>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: Option<u64>,
}

impl Answer {
    /// What it says that it read.
    fn told(&self) -> Option<ToldTokens> {
        let input = self.usage.as_ref()?.prompt_tokens?;
        Some(ToldTokens {
            input,
            ..ToldTokens::default()
        })
    }
}

#[derive(Deserialize)]
struct Item {
    index: usize,
    embedding: Vec<f32>,
}

impl EndpointEmbedder {
    /// An embedder at this address. Nothing is sent yet.
    #[must_use]
    pub fn new(
        settings: EndpointSettings,
        client: HttpClient,
        key: Arc<dyn KeySource>,
        books: Books,
    ) -> Self {
        let host = url::Url::parse(&settings.base_url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_default();
        Self {
            name: format!("{} at {host}", settings.model),
            host,
            settings,
            client,
            key,
            books,
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
        let called = (self.host.as_str(), self.settings.model.as_str());
        let mut bill = Bill::open(&self.books, tenant, called, texts).await?;
        bill.sent();
        match self.exchange(request, texts.len()).await {
            Ok((vectors, ended)) => {
                bill.settle(ended, None).await;
                Ok(vectors)
            }
            Err((fault, ended)) => {
                bill.settle(ended, Some(&fault)).await;
                Err(fault)
            }
        }
    }

    /// Sends it and reads what comes; says how the call ended either way.
    async fn exchange(
        &self,
        request: Request,
        texts: usize,
    ) -> Result<(Vec<Vec<f32>>, Ended), (Fault, Ended)> {
        let response = self.client.fetch(request).await.map_err(|error| {
            let outcome = match &error {
                NetError::Timeout { .. } => CallOutcome::TimedOut,
                error if error.is_transient() => CallOutcome::Failed,
                _ => CallOutcome::Refused,
            };
            (self.of_net(&error), Ended::with(outcome))
        })?;
        let turned_away = |fault| (fault, Ended::with(CallOutcome::Refused));
        let status = response.status.as_u16();
        match status {
            200..=299 => {}
            401 | 403 => return Err(turned_away(self.refused("it does not accept the key"))),
            404 => {
                return Err(turned_away(
                    self.refused("it knows no such address or model"),
                ));
            }
            408 | 429 | 500.. => {
                let outcome = if status == 429 {
                    CallOutcome::Refused
                } else {
                    CallOutcome::Failed
                };
                let fault = self.unavailable(&format!("it answers with status {status}"));
                return Err((fault, Ended::with(outcome)));
            }
            _ => {
                let why = format!("it refuses the request with status {status}");
                return Err(turned_away(self.refused(&why)));
            }
        }
        let unusable = |fault, tokens| {
            let outcome = CallOutcome::Unusable;
            (fault, Ended { outcome, tokens })
        };
        let answer: Answer = serde_json::from_slice(&response.body)
            .map_err(|_| unusable(self.refused("its answer is no list of vectors"), None))?;
        let tokens = answer.told();
        let vectors = self
            .in_order(answer, texts)
            .map_err(|fault| unusable(fault, tokens))?;
        let outcome = CallOutcome::Answered;
        Ok((vectors, Ended { outcome, tokens }))
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

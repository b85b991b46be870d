//! AI providers of four families, at any address.
//!
//! The wire is spoken here, over the one guarded client, and not by genai (0.7.2 was read for it): its mapping of
//! requests and answers is private to it, so it must send itself; a client that it is given can refuse names but not
//! addresses that stand in a URL, and reads bodies, lines and errors without a bound; and it makes room for a tool call
//! at whatever index the far side names. Never here: retries, prompts, or keeping a key longer than a request needs it.

mod anthropic;
mod assemble;
mod chat;
mod family;
mod fault;
mod gemini;
mod names;
mod ollama;
mod openai;
mod schema;
mod settings;
mod turns;

use std::sync::Arc;

use bytes::Bytes;
use chimera_domain::fault::{Fault, FaultClass};
use chimera_net::{HttpClient, Request, StreamResponse};
use chimera_ports::model::ModelError;
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::time::timeout;

pub use self::family::Family;
use self::fault::Refusal;
pub use self::fault::{
    CODE_ADDRESS, CODE_AUTH, CODE_BAD_ANSWER, CODE_CONTEXT, CODE_NO_CREDIT, CODE_NOT_FOUND,
    CODE_RATE_LIMITED, CODE_REFUSED, CODE_STREAM_CUT, CODE_TIMEOUT, CODE_TOO_LARGE, CODE_TOO_LONG,
    CODE_UNAVAILABLE, CODE_UNREACHABLE,
};
pub use self::settings::{
    AnswerFormat, IDLE_TIMEOUT, InvalidProvider, MAX_INPUT_TOKENS, MAX_OUTPUT_TOKENS,
    MAX_RESPONSE_BYTES, ProviderSettings, TOTAL_TIMEOUT, TokenField,
};
use crate::prices::PriceTable;

/// Most bytes of an error's body that are read.
const MAX_ERROR_BYTES: usize = 64 << 10;

/// One provider.
#[derive(Clone, Debug)]
pub struct Provider {
    settings: ProviderSettings,
    client: HttpClient,
    prices: Arc<PriceTable>,
    /// Where it answers, by which its models have a price.
    host: String,
}

impl Provider {
    /// A provider with these settings. Nothing is sent yet.
    ///
    /// # Errors
    /// When the address is no web address or a name is missing.
    pub fn new(
        settings: ProviderSettings,
        client: HttpClient,
        prices: Arc<PriceTable>,
    ) -> Result<Self, InvalidProvider> {
        settings.check()?;
        Ok(Self {
            host: settings.host(),
            settings,
            client,
            prices,
        })
    }

    fn bad(&self, code: &str, what: &str) -> ModelError {
        fault::bad(&self.settings.name, code, what)
    }

    fn secret(&self) -> &str {
        self.settings
            .api_key
            .as_ref()
            .map_or("", |key| key.expose_secret())
    }

    fn authorised(&self, request: Request) -> Result<Request, ModelError> {
        let request = request
            .timeout(self.settings.idle_timeout)
            .max_body_bytes(self.settings.max_response_bytes);
        match &self.settings.api_key {
            None => Ok(request),
            Some(key) => self.settings.family.with_key(request, key.expose_secret()).map_err(|_| {
                ModelError::unsent(Fault::new(
                    FaultClass::Permanent,
                    CODE_AUTH,
                    format!(
                        "The key of {} has characters that no key can have. Nothing was sent. Store the key again.",
                        self.settings.name
                    ),
                ))
            }),
        }
    }

    /// The head of an answer that is none of an error.
    async fn opened(&self, request: Request) -> Result<StreamResponse, ModelError> {
        let response = self
            .client
            .stream(request)
            .await
            .map_err(|error| fault::of_net(&self.settings.name, &error, false))?;
        if response.status.is_success() {
            return Ok(response);
        }
        let status = response.status.as_u16();
        let header = |name: &str| {
            let value = response.headers.get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let retry_after_ms = fault::retry_after_ms(header);
        // An error without a readable body is an error all the same.
        let body = self
            .body(response, MAX_ERROR_BYTES)
            .await
            .unwrap_or_default();
        let body = serde_json::from_slice(&body)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&body).trim().to_owned()));
        Err(self.refusal(Some(status), &body, retry_after_ms))
    }

    fn refusal(
        &self,
        status: Option<u16>,
        body: &Value,
        retry_after_ms: Option<u64>,
    ) -> ModelError {
        Refusal {
            provider: &self.settings.name,
            status,
            body,
            retry_after_ms,
            secret: self.secret(),
        }
        .error()
    }

    /// The whole body, at most `limit` bytes of it.
    async fn body(
        &self,
        mut response: StreamResponse,
        limit: usize,
    ) -> Result<Vec<u8>, ModelError> {
        let mut body = Vec::new();
        while let Some(piece) = self.next_piece(&mut response, !body.is_empty()).await? {
            if body.len() + piece.len() > limit {
                return Err(self.bad(CODE_TOO_LARGE, "the answer is larger than allowed"));
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }

    /// The next piece, before the silence gets too long.
    async fn next_piece(
        &self,
        response: &mut StreamResponse,
        begun: bool,
    ) -> Result<Option<Bytes>, ModelError> {
        let idle = self.settings.idle_timeout;
        match timeout(idle, response.body.next_piece()).await {
            Ok(piece) => piece.map_err(|error| fault::of_net(&self.settings.name, &error, begun)),
            Err(_) => Err(fault::late(&self.settings.name, idle)),
        }
    }
}

#[cfg(test)]
mod tests;

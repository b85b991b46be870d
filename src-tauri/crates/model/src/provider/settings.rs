//! What an operator sets for one provider, with its bounds.
//!
//! Never here: where settings are read from (boot), or a key outside `SecretString`.

use std::time::Duration;

use chimera_ports::model::ModelRole;
use secrecy::SecretString;

use super::family::Family;

/// Most tokens that a request may have by `ChatRequest::most_tokens`, tools and answer schema counted (COG-11).
pub const MAX_INPUT_TOKENS: u64 = 8_000;
/// Most tokens that a turn may write (COG-11).
pub const MAX_OUTPUT_TOKENS: u32 = 2_000;
/// Longest a whole exchange may take (COG-11).
pub const TOTAL_TIMEOUT: Duration = Duration::from_secs(60);
/// Longest silence before or between pieces of an answer.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(45);
/// Largest answer in bytes, as it comes over the wire.
pub const MAX_RESPONSE_BYTES: usize = 2 << 20;

/// How a wanted answer shape is told to the provider.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum AnswerFormat {
    /// As `response_format` with the schema, enforced by the provider.
    #[default]
    JsonSchema,
    /// As `response_format: json_object`; the schema goes into the system text.
    JsonObject,
    /// Only in the system text, for servers that know neither.
    Prompt,
}

/// Under which name the output bound is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenField {
    /// `max_tokens`: most compatible servers.
    MaxTokens,
    /// `max_completion_tokens`: OpenAI itself.
    MaxCompletionTokens,
}

/// One provider.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Which API it speaks.
    pub family: Family,
    /// Name in replies, prices and settings, for example `openai`.
    pub name: String,
    /// Where its API begins, for example `https://api.openai.com/v1` or `http://127.0.0.1:11434`; a query is kept.
    pub base_url: String,
    /// Its key; local servers often want none.
    pub api_key: Option<SecretString>,
    /// Model that plans and judges (COG-12).
    pub strong: String,
    /// Model that works and filters (COG-12).
    pub fast: String,
    /// How a wanted answer shape is told.
    pub answer_format: AnswerFormat,
    /// Under which name the output bound is sent.
    pub token_field: TokenField,
    /// Whether to ask for token counts in streams; a few servers refuse the question.
    pub ask_usage: bool,
    /// Most tokens of a request, by the rule of `ChatRequest::most_tokens`.
    pub max_input_tokens: u64,
    /// Most tokens of an answer.
    pub max_output_tokens: u32,
    /// Largest answer in bytes.
    pub max_response_bytes: usize,
    /// Longest silence before or between pieces of an answer.
    pub idle_timeout: Duration,
    /// Longest a whole exchange may take.
    pub total_timeout: Duration,
}

impl ProviderSettings {
    /// Settings with the usual bounds and no key.
    #[must_use]
    pub fn new(family: Family, name: &str, base_url: &str, strong: &str, fast: &str) -> Self {
        let own = base_url.contains("://api.openai.com");
        Self {
            family,
            name: name.to_owned(),
            base_url: base_url.to_owned(),
            api_key: None,
            strong: strong.to_owned(),
            fast: fast.to_owned(),
            answer_format: AnswerFormat::JsonSchema,
            token_field: if own {
                TokenField::MaxCompletionTokens
            } else {
                TokenField::MaxTokens
            },
            ask_usage: true,
            max_input_tokens: MAX_INPUT_TOKENS,
            max_output_tokens: MAX_OUTPUT_TOKENS,
            max_response_bytes: MAX_RESPONSE_BYTES,
            idle_timeout: IDLE_TIMEOUT,
            total_timeout: TOTAL_TIMEOUT,
        }
    }

    /// The same with a key.
    #[must_use]
    pub fn with_key(self, key: SecretString) -> Self {
        Self {
            api_key: Some(key),
            ..self
        }
    }

    /// The model behind a role.
    #[must_use]
    pub fn model(&self, role: ModelRole) -> &str {
        match role {
            ModelRole::Planner | ModelRole::Judge => &self.strong,
            ModelRole::Worker => &self.fast,
        }
    }

    /// An address under the base, the query of both kept.
    pub(super) fn address(&self, path: &str) -> String {
        let (base, query) = self
            .base_url
            .split_once('?')
            .map_or((self.base_url.as_str(), ""), |(base, query)| (base, query));
        let mut base = base.trim_end_matches('/');
        if self.family == Family::Ollama {
            // People write it with the beginning of one of its two APIs.
            for beginning in ["/api", "/v1"] {
                base = base.strip_suffix(beginning).unwrap_or(base);
            }
        }
        let sign = if path.contains('?') { '&' } else { '?' };
        match query {
            "" => format!("{base}/{path}"),
            query => format!("{base}/{path}{sign}{query}"),
        }
    }

    /// The host at which it answers, in lower case.
    pub(super) fn host(&self) -> String {
        let rest = self.base_url.split_once("://").map_or("", |(_, rest)| rest);
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let place = authority.rsplit('@').next().unwrap_or_default();
        let host = match place.rsplit_once(':') {
            // Not within an address of IPv6.
            Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => host,
            _ => place,
        };
        host.to_ascii_lowercase()
    }

    pub(super) fn check(&self) -> Result<(), InvalidProvider> {
        let web = ["http://", "https://"].iter().any(|scheme| {
            self.base_url
                .strip_prefix(scheme)
                .is_some_and(|rest| !rest.is_empty())
        });
        if !web {
            return Err(InvalidProvider::Address {
                provider: self.name.clone(),
            });
        }
        if self.name.trim().is_empty()
            || self.strong.trim().is_empty()
            || self.fast.trim().is_empty()
        {
            return Err(InvalidProvider::Empty {
                provider: self.name.clone(),
            });
        }
        Ok(())
    }
}

/// Why a provider's settings cannot be used. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProvider {
    /// No web address.
    #[error(
        "the address of provider '{provider}' does not begin with http:// or https://; write it up to and with /v1, for example https://api.openai.com/v1"
    )]
    Address {
        /// The provider.
        provider: String,
    },
    /// No name or model.
    #[error(
        "provider '{provider}' needs a name, a strong model and a fast model; they may be the same model"
    )]
    Empty {
        /// The provider.
        provider: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_goes_by_its_host() {
        for (address, host) in [
            ("https://API.openai.com/v1", "api.openai.com"),
            ("https://api.openai.com:443/v1?a=b:1", "api.openai.com"),
            ("https://a:b@proxy.example/api.openai.com", "proxy.example"),
            ("http://[::1]:8080", "[::1]"),
            ("http://[::1]/", "[::1]"),
        ] {
            let settings = ProviderSettings::new(Family::OpenAi, "openai", address, "a", "b");
            assert_eq!(settings.host(), host);
        }
    }
}

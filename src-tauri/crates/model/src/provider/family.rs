//! The families of providers: how each is addressed, asked and read. A match, and nothing else.
//!
//! Never here: a family's own format (a file each), sending, or failures.

use chimera_net::{Framing, NetError, Request};
use chimera_ports::model::{ChatRequest, ModelError};
use http::{HeaderName, HeaderValue, header::AUTHORIZATION};
use serde_json::Value;

use super::{
    anthropic, assemble::Assembly, gemini, names::ToolNames, ollama, openai,
    settings::ProviderSettings,
};

/// Who speaks which API.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Family {
    /// OpenAI, and every address that speaks its chat API.
    OpenAi,
    /// Anthropic's Messages API.
    Anthropic,
    /// Google's Gemini API.
    Gemini,
    /// Ollama's own API.
    Ollama,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 4] = [Self::OpenAi, Self::Anthropic, Self::Gemini, Self::Ollama];

    /// Its name in settings, replies and prices.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Ollama => "ollama",
        }
    }

    /// The family of that name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    /// Where its API usually is.
    #[must_use]
    pub const fn usual_address(self) -> &'static str {
        match self {
            Self::OpenAi => "https://api.openai.com/v1",
            Self::Anthropic => "https://api.anthropic.com/v1",
            Self::Gemini => "https://generativelanguage.googleapis.com/v1beta",
            Self::Ollama => "http://127.0.0.1:11434",
        }
    }

    /// The environment variable that its key is usually read from; nothing where none is needed.
    #[must_use]
    pub const fn key_variable(self) -> Option<&'static str> {
        match self {
            Self::OpenAi => Some("OPENAI_API_KEY"),
            Self::Anthropic => Some("ANTHROPIC_API_KEY"),
            Self::Gemini => Some("GEMINI_API_KEY"),
            Self::Ollama => None,
        }
    }

    pub(super) const fn framing(self) -> Framing {
        match self {
            Self::OpenAi | Self::Anthropic | Self::Gemini => Framing::Events,
            Self::Ollama => Framing::Lines,
        }
    }

    /// The question as it is sent, without a key.
    pub(super) fn question(
        self,
        settings: &ProviderSettings,
        request: &ChatRequest,
        names: &ToolNames,
    ) -> Request {
        let (path, body) = match self {
            Self::OpenAi => (
                openai::PATH.to_owned(),
                openai::body(settings, request, names),
            ),
            Self::Anthropic => (
                anthropic::PATH.to_owned(),
                anthropic::body(settings, request, names),
            ),
            Self::Gemini => (
                gemini::path(settings.model(request.role)),
                gemini::body(settings, request, names),
            ),
            Self::Ollama => (
                ollama::PATH.to_owned(),
                ollama::body(settings, request, names),
            ),
        };
        let http = Request::post_json(settings.address(&path), body.to_string());
        match self {
            Self::Anthropic => http.header(
                HeaderName::from_static("anthropic-version"),
                HeaderValue::from_static(anthropic::VERSION),
            ),
            _ => http,
        }
    }

    /// The same with its key, which is never logged and never follows to another origin.
    pub(super) fn with_key(self, request: Request, key: &str) -> Result<Request, NetError> {
        let (name, text) = match self {
            Self::OpenAi | Self::Ollama => (AUTHORIZATION, format!("Bearer {key}")),
            Self::Anthropic => (HeaderName::from_static("x-api-key"), key.to_owned()),
            Self::Gemini => (HeaderName::from_static("x-goog-api-key"), key.to_owned()),
        };
        let mut value = HeaderValue::from_str(&text).map_err(|_| NetError::InvalidRequest {
            reason: "the key has characters that no header can have".to_owned(),
        })?;
        value.set_sensitive(true);
        Ok(request.header(name, value))
    }

    /// Takes one piece of the answer; returns the text that it adds.
    pub(super) fn take(
        self,
        assembly: &mut Assembly,
        piece: &Value,
        provider: &str,
    ) -> Result<String, ModelError> {
        match self {
            Self::OpenAi => openai::take(assembly, piece, provider),
            Self::Anthropic => anthropic::take(assembly, piece, provider),
            Self::Gemini => gemini::take(assembly, piece, provider),
            Self::Ollama => ollama::take(assembly, piece, provider),
        }
    }
}

//! What the server was asked, and when a rule takes it.
//!
//! Never here: answers.

use serde_json::Value;

use crate::{http::RawRequest, wire::Speaks};

/// A request as the server saw it.
#[derive(Clone, PartialEq, Debug)]
pub struct ModelRequest {
    /// The method and path, for example `POST /v1/chat/completions`.
    pub line: String,
    /// The key that came with it.
    pub key: Option<String>,
    /// The body; null when it was not JSON.
    pub body: Value,
    /// By whose API it came.
    pub speaks: Speaks,
    model: String,
    /// Role and words, by OpenAI's names of roles.
    said: Vec<(&'static str, String)>,
}

impl ModelRequest {
    pub(super) fn of(raw: &RawRequest) -> Self {
        let speaks = Speaks::of(&raw.path);
        let body: Value = serde_json::from_slice(&raw.body).unwrap_or_default();
        let key = ["authorization", "x-api-key", "x-goog-api-key"]
            .iter()
            .find_map(|name| raw.header(name));
        // Gemini names it in the path.
        let in_path = || {
            let (_, after) = raw.path.split_once("/models/")?;
            Some(after.split(':').next()?.to_owned())
        };
        let model = body["model"].as_str().map(str::to_owned).or_else(in_path);
        Self {
            line: format!("{} {}", raw.method, raw.path),
            key: key.map(|key| key.strip_prefix("Bearer ").unwrap_or(key).to_owned()),
            said: said(speaks, &body),
            body,
            speaks,
            model: model.unwrap_or_default(),
        }
    }

    /// The model that is asked.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.model
    }

    fn contents<'a>(&'a self, role: &'a str) -> impl Iterator<Item = &'a str> {
        self.said
            .iter()
            .filter(move |(said_by, _)| *said_by == role)
            .map(|(_, words)| words.as_str())
    }

    /// The system text.
    #[must_use]
    pub fn system(&self) -> String {
        self.contents("system").collect::<Vec<_>>().join("\n")
    }

    /// What the user turns say.
    #[must_use]
    pub fn user(&self) -> String {
        self.contents("user").collect::<Vec<_>>().join("\n")
    }

    /// What tools returned, in order.
    #[must_use]
    pub fn tool_results(&self) -> Vec<String> {
        self.contents("tool").map(str::to_owned).collect()
    }

    /// Names of the offered tools.
    #[must_use]
    pub fn tools(&self) -> Vec<String> {
        let (list, name) = match self.speaks {
            Speaks::OpenAi | Speaks::Ollama => ("/tools", "/function/name"),
            Speaks::Anthropic => ("/tools", "/name"),
            Speaks::Gemini => ("/tools/0/functionDeclarations", "/name"),
        };
        let tools = self.body.pointer(list).and_then(Value::as_array);
        tools
            .into_iter()
            .flatten()
            .filter_map(|tool| tool.pointer(name)?.as_str().map(str::to_owned))
            .collect()
    }

    /// The word after `ASK:` in the system text, by which prompts say what is asked: `plan`, `draft` …
    #[must_use]
    pub fn ask(&self) -> Option<String> {
        let system = self.system();
        let (_, after) = system.split_once("ASK:")?;
        after.split_whitespace().next().map(|word| {
            word.trim_matches(|letter: char| !letter.is_alphanumeric())
                .to_lowercase()
        })
    }

    /// Every JSON object or list that stands in the messages with this role, outermost ones only: how a
    /// script reads what a prompt or a tool gave.
    #[must_use]
    pub fn json_in(&self, role: &str) -> Vec<Value> {
        let mut found = Vec::new();
        for text in self.contents(role) {
            let mut rest = text;
            while let Some(start) = rest.find(['{', '[']) {
                let mut values =
                    serde_json::Deserializer::from_str(&rest[start..]).into_iter::<Value>();
                match values.next() {
                    Some(Ok(value)) => {
                        found.push(value);
                        rest = &rest[start + values.byte_offset()..];
                    }
                    _ => rest = &rest[start + 1..],
                }
            }
        }
        found
    }
}

/// Everything that stands in the messages, with who says it.
fn said(speaks: Speaks, body: &Value) -> Vec<(&'static str, String)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let role = |name: &str| match name {
        "system" => "system",
        "tool" => "tool",
        "assistant" | "model" => "assistant",
        _ => "user",
    };
    let mut said = Vec::new();
    match speaks {
        Speaks::OpenAi | Speaks::Ollama => {
            for message in list(&body["messages"]) {
                let by = role(message["role"].as_str().unwrap_or_default());
                said.extend(text(&message["content"]).map(|words| (by, words)));
            }
        }
        Speaks::Anthropic => {
            said.extend(text(&body["system"]).map(|words| ("system", words)));
            for message in list(&body["messages"]) {
                let by = role(message["role"].as_str().unwrap_or_default());
                for block in list(&message["content"]) {
                    said.extend(text(&block["text"]).map(|words| (by, words)));
                    said.extend(text(&block["content"]).map(|words| ("tool", words)));
                }
            }
        }
        Speaks::Gemini => {
            let system = body
                .pointer("/systemInstruction/parts/0/text")
                .and_then(text);
            said.extend(system.map(|words| ("system", words)));
            for content in list(&body["contents"]) {
                let by = role(content["role"].as_str().unwrap_or_default());
                for part in list(&content["parts"]) {
                    said.extend(text(&part["text"]).map(|words| (by, words)));
                    let response = &part["functionResponse"]["response"];
                    let result = text(&response["result"]).or_else(|| text(&response["error"]));
                    said.extend(result.map(|words| ("tool", words)));
                }
            }
        }
    }
    said
}

/// When a rule answers: every condition that is set must hold.
#[derive(Clone, Debug, Default)]
pub struct When {
    ask: Option<String>,
    model: Option<String>,
    containing: Vec<String>,
    after_tool: Option<bool>,
    left: Option<u32>,
}

impl When {
    /// Always.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }

    /// When the system text says `ASK: <word>`.
    #[must_use]
    pub fn ask(word: &str) -> Self {
        Self {
            ask: Some(word.to_lowercase()),
            ..Self::default()
        }
    }

    /// And this model is asked.
    #[must_use]
    pub fn of_model(self, model: &str) -> Self {
        Self {
            model: Some(model.to_owned()),
            ..self
        }
    }

    /// And this stands somewhere in the messages.
    #[must_use]
    pub fn containing(mut self, words: &str) -> Self {
        self.containing.push(words.to_owned());
        self
    }

    /// And a tool's result is among the messages, or is not.
    #[must_use]
    pub fn after_tool(self, after: bool) -> Self {
        Self {
            after_tool: Some(after),
            ..self
        }
    }

    /// And it answered fewer than `times` requests so far.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self {
            left: Some(times),
            ..self
        }
    }

    /// Whether it takes this request; a rule with a number of times then has one fewer.
    pub(super) fn takes(&mut self, request: &ModelRequest) -> bool {
        let said = request.body.to_string();
        let fits = self
            .ask
            .as_ref()
            .is_none_or(|ask| request.ask().as_ref() == Some(ask))
            && self
                .model
                .as_ref()
                .is_none_or(|model| request.model() == model)
            && self.containing.iter().all(|words| said.contains(words))
            && self
                .after_tool
                .is_none_or(|after| after != request.tool_results().is_empty())
            && self.left != Some(0);
        if fits {
            self.left = self.left.map(|left| left - 1);
        }
        fits
    }
}

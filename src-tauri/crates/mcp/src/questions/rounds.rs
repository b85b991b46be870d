//! Questions of revision 2026-07-28: a result that wants answers first, and the same request once more with them.
//!
//! Never here: sending it.

use std::{collections::BTreeMap, future::pending, time::Duration};

use futures::future::try_join_all;
use rmcp::model::{InputResponses, ServerResult};
use serde_json::Value;
use tokio::time::sleep;

use super::{Form, MAX_QUESTIONS_PER_CALL, Voice};
use crate::{
    codes::cut,
    progress::{Called, NOBODY_WAITS, QuestionCount},
};

/// Most times that one call is gone on with.
pub(crate) const MAX_ROUNDS: usize = 8;
/// Pause before a call is gone on with where its server asked nothing.
const STATE_PAUSE: Duration = Duration::from_millis(250);

/// One call that may be asked about, and gone on with.
pub(crate) struct Rounds<'a> {
    voice: &'a Voice,
    called: Called<'a>,
    rounds: usize,
    asked: &'a QuestionCount,
}

/// What goes along with the same request, sent once more.
pub(crate) struct Again {
    pub(crate) responses: Option<InputResponses>,
    /// As the server gave it; nobody looks into it.
    pub(crate) state: Option<String>,
}

impl<'a> Rounds<'a> {
    pub(crate) const fn new(
        voice: &'a Voice,
        called: Called<'a>,
        asked: &'a QuestionCount,
    ) -> Self {
        Self {
            voice,
            called,
            rounds: 0,
            asked,
        }
    }

    /// Asks what a server wants to know before it goes on.
    ///
    /// # Errors
    /// In words, when it cannot be gone on with.
    pub(crate) async fn next(&mut self, asked: &Value) -> Result<Again, String> {
        self.rounds += 1;
        if self.rounds > MAX_ROUNDS {
            return Err(format!(
                "asked for input {MAX_ROUNDS} times and did not come to an end"
            ));
        }
        let forms = forms(asked)?;
        if !self.asked.take(forms.len()) {
            return Err(format!(
                "asks more than {MAX_QUESTIONS_PER_CALL} questions in one call"
            ));
        }
        let state = asked["requestState"].as_str().map(str::to_owned);
        if forms.is_empty() {
            sleep(STATE_PAUSE).await;
            return Ok(Again {
                responses: None,
                state,
            });
        }
        let voice = self.voice;
        let Called {
            tenant, tool, asks, ..
        } = self.called;
        if !asks {
            return Err(format!("asks a person something, and {NOBODY_WAITS}"));
        }
        let answers = forms.into_iter().map(|(key, form)| async move {
            let asking = voice.ask(tenant, tool, form, pending());
            let answer = asking
                .await
                .map_err(|why| format!("asks what is put to nobody: {why}"))?;
            let answer = serde_json::to_value(answer)
                .map_err(|error| format!("cannot be answered: {error}"))?;
            Ok::<_, String>((key, answer))
        });
        let responses = try_join_all(answers).await?;
        Ok(Again {
            responses: Some(responses.into_iter().collect()),
            state,
        })
    }
}

/// The result as it came, where it asks for input.
pub(crate) fn wants_input(result: &ServerResult) -> Option<Value> {
    match result {
        ServerResult::InputRequiredResult(asked) => serde_json::to_value(asked).ok(),
        // What the library could not read as a question comes as it is.
        ServerResult::CustomResult(raw) if raw.0["resultType"] == "input_required" => {
            Some(raw.0.clone())
        }
        _ => None,
    }
}

/// The questions by the server's own keys.
fn forms(asked: &Value) -> Result<BTreeMap<String, Form>, String> {
    let none = serde_json::Map::new();
    let requests = match &asked["inputRequests"] {
        Value::Null => &none,
        Value::Object(requests) => requests,
        _ => return Err("asks for input without saying which".to_owned()),
    };
    let form = |(key, request): (&String, &Value)| {
        let refused = |why: &str| Err(format!("asks for {why}; the call was not gone on with"));
        match request["method"].as_str().unwrap_or_default() {
            "elicitation/create" => Form::of(&request["params"])
                .map(|form| (key.clone(), form))
                .map_err(|why| format!("asks what cannot be put to a person: {why}")),
            "sampling/createMessage" => {
                refused("a model's words, and no server is lent a model (sampling)")
            }
            "roots/list" => refused("folders of this machine, which no server is told (roots)"),
            other => refused(&format!("'{}', which nobody here can give", cut(other))),
        }
    };
    requests.iter().map(form).collect()
}

//! Secrets that a server was handed, taken out of whatever it says: into its answers, refusals, notices and last words it
//! may repeat them, and from there they would reach people, logs, models and posts.
//!
//! Never here: secrets that it changes before it repeats them. It has them, and can tell them in any way it likes.

use std::sync::Arc;

use chimera_blotting::Secrets;
use chimera_oauth::Session;
use rmcp::{RoleClient, service::RxJsonRpcMessage};
use secrecy::ExposeSecret;

/// The secrets of one server.
#[derive(Clone, Default)]
pub(crate) struct Blotting {
    secrets: Secrets,
    /// A person's authorization, whose tokens are others after each renewal.
    session: Option<Arc<Session>>,
}

impl Blotting {
    /// Takes out these values.
    pub(crate) fn of(values: impl IntoIterator<Item = String>) -> Self {
        Self {
            secrets: Secrets::of(values),
            session: None,
        }
    }

    /// The same, and the tokens of this authorization whenever something is said.
    pub(crate) fn with(self, session: Option<Arc<Session>>) -> Self {
        Self { session, ..self }
    }

    /// The secrets as they are now.
    fn now(&self) -> Secrets {
        let Some(session) = &self.session else {
            return self.secrets.clone();
        };
        let tokens = session.secrets();
        let tokens = tokens.iter().map(|token| token.expose_secret().to_owned());
        self.secrets.and(tokens)
    }

    /// A text without them.
    pub(crate) fn text(&self, text: String) -> String {
        self.now().text(text)
    }

    /// The length of the longest, in bytes.
    pub(crate) fn longest(&self) -> usize {
        self.now().longest()
    }

    /// A message without them, in its texts. No answer is lost for it: where a word of the protocol itself is the same as
    /// a secret, which is then none, the message stays as it came.
    pub(crate) fn message(
        &self,
        message: RxJsonRpcMessage<RoleClient>,
    ) -> RxJsonRpcMessage<RoleClient> {
        let secrets = self.now();
        if secrets.longest() == 0 {
            return message;
        }
        let Ok(told) = serde_json::to_value(&message) else {
            return message;
        };
        // Each text as it is read, and not as the message writes it: what stands before a sign there is not what it is.
        let mut value = told.clone();
        secrets.blot(&mut value);
        if value == told {
            return message;
        }
        serde_json::from_value(value).unwrap_or_else(|error| {
            tracing::warn!(%error, "a secret of an MCP server is the same as a word of the protocol, and was not taken out");
            message
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn message_without(secrets: &[&str], message: &Value) -> Value {
        let secrets = secrets.iter().map(|one| (*one).to_owned());
        let message = serde_json::from_value(message.clone()).unwrap();
        serde_json::to_value(Blotting::of(secrets).message(message)).unwrap()
    }

    #[test]
    fn a_secret_is_taken_out_of_answers_refusals_and_notices_however_json_writes_it() {
        let secrets = ["se\"cret-1234", "secret-12345", "abc"];
        let error = |message: &str| json!({"jsonrpc": "2.0", "id": 1, "error": {"code": -32_000, "message": message}});
        assert_eq!(
            message_without(&secrets, &error("no se\"cret-1234, no secret-12345, abc")),
            error("no •••, no •••, abc")
        );
        let notice = |message: &str| {
            json!({"jsonrpc": "2.0", "method": "notifications/progress", "params": {
                "progressToken": 1, "progress": 1.0, "message": message,
            }})
        };
        assert_eq!(
            message_without(&secrets, &notice("with secret-12345")),
            notice("with •••")
        );
        for hidden in [
            "sec\u{7}ret-12345",
            "sec\u{200b}ret-12345",
            "se\\\"cret-1234",
        ] {
            assert_eq!(message_without(&secrets, &notice(hidden)), notice("•••"));
        }
        let untouched = notice("with nothing of it");
        assert_eq!(message_without(&secrets, &untouched), untouched);
    }

    #[test]
    fn no_answer_is_lost_for_a_secret_of_digits_or_one_that_is_a_word_of_the_protocol() {
        let answer = json!({"jsonrpc": "2.0", "id": 1, "result": {
            "content": [{"type": "text", "text": "chat 12345678"}],
            "structuredContent": {"chat": 12_345_678, "told": "12345678"},
        }});
        let blotted_answer = message_without(&["12345678"], &answer);
        assert_eq!(
            blotted_answer["result"]["structuredContent"]["chat"],
            12_345_678
        );
        assert_eq!(blotted_answer["result"]["structuredContent"]["told"], "•••");
        assert_eq!(blotted_answer["result"]["content"][0]["text"], "chat •••");
        assert_eq!(message_without(&["text"], &answer)["id"], 1);
    }
}

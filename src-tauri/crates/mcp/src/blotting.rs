//! Secrets that a server was handed, taken out of whatever it says: into its answers, refusals, notices and last words it
//! may repeat them, and from there they would reach people, logs, models and posts.
//!
//! Never here: secrets that it changes before it repeats them. It has them, and can tell them in any way it likes.

use std::sync::Arc;

use rmcp::{RoleClient, service::RxJsonRpcMessage};

/// Values shorter than this are no secrets worth blotting out, and would maim ordinary words.
const MIN_SECRET_CHARS: usize = 4;
/// What stands in the place of one.
const BLOT: &str = "•••";

/// The secrets of one server.
#[derive(Clone, Default)]
pub(crate) struct Blotting(Arc<[Secret]>);

struct Secret {
    plain: String,
    /// As it stands in a text of JSON.
    in_json: String,
}

impl Blotting {
    /// Takes out these values; of one that contains another the whole.
    pub(crate) fn of(values: impl IntoIterator<Item = String>) -> Self {
        let mut values: Vec<String> = values
            .into_iter()
            .filter(|value| value.chars().count() >= MIN_SECRET_CHARS)
            .collect();
        values.sort_by(|one, other| other.len().cmp(&one.len()).then(one.cmp(other)));
        values.dedup();
        let secrets = values.into_iter().map(|plain| {
            let quoted = serde_json::Value::String(plain.clone()).to_string();
            Secret {
                in_json: quoted[1..quoted.len() - 1].to_owned(),
                plain,
            }
        });
        Self(secrets.collect())
    }

    /// A text without them.
    pub(crate) fn text(&self, text: String) -> String {
        self.0
            .iter()
            .fold(text, |text, secret| text.replace(&secret.plain, BLOT))
    }

    /// A message without them; `None` where nothing can be made of it without them.
    pub(crate) fn message(
        &self,
        message: RxJsonRpcMessage<RoleClient>,
    ) -> Option<RxJsonRpcMessage<RoleClient>> {
        if self.0.is_empty() {
            return Some(message);
        }
        let text = serde_json::to_string(&message).ok()?;
        if !self.0.iter().any(|one| text.contains(&one.in_json)) {
            return Some(message);
        }
        let blotted = self
            .0
            .iter()
            .fold(text, |text, secret| text.replace(&secret.in_json, BLOT));
        serde_json::from_str(&blotted)
            .inspect_err(|error| {
                tracing::warn!(%error, "a message that repeats a secret as its own structure was dropped");
            })
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn blotted(secrets: &[&str], message: &Value) -> Value {
        let secrets = secrets.iter().map(|one| (*one).to_owned());
        let message = serde_json::from_value(message.clone()).unwrap();
        serde_json::to_value(Blotting::of(secrets).message(message).unwrap()).unwrap()
    }

    #[test]
    fn a_secret_is_taken_out_of_answers_refusals_and_notices_however_json_writes_it() {
        let secrets = ["se\"cret-1234", "secret-12345", "abc"];
        let error = |message: &str| json!({"jsonrpc": "2.0", "id": 1, "error": {"code": -32_000, "message": message}});
        assert_eq!(
            blotted(&secrets, &error("no se\"cret-1234, no secret-12345, abc")),
            error("no •••, no •••, abc")
        );
        let notice = |message: &str| {
            json!({"jsonrpc": "2.0", "method": "notifications/progress", "params": {
                "progressToken": 1, "progress": 1.0, "message": message,
            }})
        };
        assert_eq!(
            blotted(&secrets, &notice("with secret-12345")),
            notice("with •••")
        );
        let untouched = notice("with nothing of it");
        assert_eq!(blotted(&secrets, &untouched), untouched);
    }

    #[test]
    fn of_a_secret_that_contains_another_nothing_is_left() {
        let blotting = Blotting::of(["token".to_owned(), "Bearer token".to_owned()]);
        assert_eq!(blotting.text("Bearer token, token".to_owned()), "•••, •••");
    }
}

//! Tokens: asked for with a code, and renewed.
//!
//! Never here: when (`session`), or the code (`round`).

use chimera_domain::{
    fault::Fault,
    time::{Span, Timestamp},
};
use chimera_net::Response;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    client::Client,
    codes::{OAUTH_TOKEN_REFUSED, OAUTH_UNREACHABLE, cut},
    hushed::hushed,
    scopes::Scopes,
    wire::Wire,
};

/// Longest token that is taken, in bytes.
const MAX_TOKEN_BYTES: usize = 8 * 1024;
/// Longest life of a token that is believed, in seconds: a year.
const MAX_LIFE_SECONDS: u64 = 365 * 86_400;

/// What an authorization server gave.
pub(crate) struct Granted {
    pub(crate) access: String,
    pub(crate) refresh: Option<String>,
    pub(crate) until: Option<Timestamp>,
    pub(crate) scopes: Option<Scopes>,
}

/// Why there is no token.
pub(crate) enum NotGranted {
    /// What was shown for it is worth nothing any more: a person is needed.
    Gone(Fault),
    /// Anything else; the same may be worth something the next time.
    Now(Fault),
}

impl NotGranted {
    pub(crate) fn fault(self) -> Fault {
        match self {
            Self::Gone(fault) | Self::Now(fault) => fault,
        }
    }
}

#[derive(Deserialize)]
struct Given {
    access_token: String,
    token_type: String,
    expires_in: Option<Value>,
    refresh_token: Option<String>,
    scope: Option<String>,
}

/// Fields of the form whose values are nobody else's to know.
const SECRET_FIELDS: [&str; 3] = ["code", "code_verifier", "refresh_token"];

/// Asks `client`'s issuer for tokens. What it says to that is told without what is secret: what it is sent, and `known`.
pub(crate) async fn asked(
    wire: &Wire,
    client: &Client,
    endpoint: &str,
    fields: &[(&str, &str)],
    known: &[SecretString],
    now: Timestamp,
) -> Result<Granted, NotGranted> {
    let sent = fields
        .iter()
        .filter(|(name, _)| SECRET_FIELDS.contains(name))
        .map(|(_, value)| *value);
    let secrets: Vec<&str> = sent
        .chain(client.secret())
        .chain(known.iter().map(ExposeSecret::expose_secret))
        .collect();
    let mut form = fields.to_vec();
    form.extend(client.fields());
    let answer = wire.form(endpoint, &form, client.credentials()).await;
    let answer = answer.map_err(NotGranted::Now)?;
    let issuer = cut(&client.issuer);
    if answer.status.is_server_error() || answer.status.as_u16() == 429 {
        return Err(NotGranted::Now(Fault::of(
            OAUTH_UNREACHABLE,
            format!("'{issuer}' answered {}; try again later", answer.status),
        )));
    }
    if !answer.status.is_success() {
        let fault = refused(&format!(
            "'{issuer}' gave no token: {}",
            said(&answer, &secrets)
        ));
        // Whoever stands in between refuses as well, and a mistake of theirs passes.
        return Err(match takes_back(&answer) {
            true => NotGranted::Gone(fault),
            false => NotGranted::Now(fault),
        });
    }
    // What it has to say is not repeated: a token may be in it.
    let given: Given = serde_json::from_slice(&answer.body).map_err(|_| {
        NotGranted::Now(refused(&format!(
            "'{issuer}' answered with something that is no token"
        )))
    })?;
    given
        .granted(&issuer, now, &secrets)
        .map_err(NotGranted::Now)
}

/// Whether the authorization server says that what it was shown is worth nothing any more.
fn takes_back(answer: &Response) -> bool {
    serde_json::from_slice::<Said>(&answer.body).is_ok_and(|said| said.error == "invalid_grant")
}

impl Given {
    fn granted(self, issuer: &str, now: Timestamp, secrets: &[&str]) -> Result<Granted, Fault> {
        if !self.token_type.eq_ignore_ascii_case("bearer") {
            let given = [Some(&self.access_token), self.refresh_token.as_ref()];
            let given = given.into_iter().flatten().map(String::as_str);
            let kind = hushed(&self.token_type, given.chain(secrets.iter().copied()));
            return Err(refused(&format!(
                "'{issuer}' gave a token of the kind '{}', and only bearer tokens are known here",
                cut(&kind)
            )));
        }
        let refresh = self.refresh_token.filter(|token| !token.is_empty());
        if !fits(&self.access_token) || refresh.as_deref().is_some_and(|token| !fits(token)) {
            return Err(refused(&format!(
                "'{issuer}' gave a token that is empty, longer than {MAX_TOKEN_BYTES} bytes, or has signs that no header can have"
            )));
        }
        let seconds = match self.expires_in {
            Some(Value::Number(number)) => number.as_u64(),
            Some(Value::String(text)) => text.parse().ok(),
            _ => None,
        };
        let life = seconds.map(|seconds| Span::millis(seconds.min(MAX_LIFE_SECONDS) * 1_000));
        Ok(Granted {
            access: self.access_token,
            refresh,
            until: life.map(|life| now + life),
            scopes: self.scope.as_deref().map(Scopes::parse),
        })
    }
}

fn fits(token: &str) -> bool {
    (1..=MAX_TOKEN_BYTES).contains(&token.len())
        && token.bytes().all(|byte| byte.is_ascii_graphic())
}

fn refused(why: &str) -> Fault {
    Fault::of(
        OAUTH_TOKEN_REFUSED,
        format!("{why}; no new token is kept; authorize the server again"),
    )
}

#[derive(Deserialize)]
struct Said {
    error: String,
    error_description: Option<String>,
}

/// The status of a refusal and what it says in the form that OAuth has for it, without `secrets`; nothing else of it is
/// repeated.
pub(crate) fn said(answer: &Response, secrets: &[&str]) -> String {
    // Before it is cut: of a secret that reaches over the end the beginning would stay.
    let short = |words: &str| cut(&hushed(words, secrets.iter().copied()));
    match serde_json::from_slice::<Said>(&answer.body) {
        Ok(said) => {
            let more = said
                .error_description
                .map(|words| format!(" ({})", short(&words)))
                .unwrap_or_default();
            format!("{}, {}{more}", answer.status, short(&said.error))
        }
        Err(_) => answer.status.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn granted(change: Value) -> Result<Granted, Fault> {
        let mut whole = json!({ "access_token": "t", "token_type": "bEaReR" });
        for (name, value) in change.as_object().unwrap() {
            whole[name] = value.clone();
        }
        let given: Given = serde_json::from_value(whole).unwrap();
        given.granted("https://auth.example", Timestamp::from_seconds(1_000), &[])
    }

    #[test]
    fn a_token_ends_when_its_server_says() {
        for (told, ends) in [
            (json!(60), Some(1_060)),
            (json!("60"), Some(1_060)),
            (json!(null), None),
            (json!(-1), None),
            (json!("soon"), None),
            (json!(u64::MAX), Some(1_000 + 365 * 86_400)),
        ] {
            let token = granted(json!({ "expires_in": told })).unwrap();
            assert_eq!(token.until, ends.map(Timestamp::from_seconds), "{told}");
        }
    }

    #[test]
    fn a_token_in_the_place_of_its_kind_is_not_repeated() {
        let fault = granted(json!({ "access_token": "hush-1", "token_type": "a hush-1" }));
        let message = fault.map(|_| ()).unwrap_err().message;
        assert!(message.contains("of the kind 'a •••'"), "{message}");
    }

    #[test]
    fn what_is_no_bearer_token_is_refused() {
        for change in [
            json!({ "token_type": "DPoP" }),
            json!({ "access_token": "" }),
            json!({ "access_token": "a b" }),
            json!({ "access_token": "a\r\nX-Evil: 1" }),
            json!({ "refresh_token": "x".repeat(MAX_TOKEN_BYTES + 1) }),
        ] {
            let fault = granted(change.clone()).map(|_| ()).unwrap_err();
            assert_eq!(fault.code, OAUTH_TOKEN_REFUSED, "{change}");
            assert!(!fault.message.contains("Evil"), "{fault:?}");
        }
    }
}

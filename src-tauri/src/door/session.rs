//! In whose name the window asks. The token lives here, on this side of the door: the page never sees it,
//! as a browser's page never sees its cookie.
//!
//! Never here: whether the token is good (the API decides that with every request).

use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderValue, header};
use serde_json::Value;

/// The API's cookie.
const COOKIE: &str = "chimera_session";
/// Longest token that is kept, in bytes.
const MAX_TOKEN_BYTES: usize = 512;

/// The session of this program; it ends with it.
#[derive(Default)]
pub(super) struct Session {
    bearer: Mutex<Option<HeaderValue>>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session")
    }
}

impl Session {
    /// Says in a request who asks, if that is known.
    pub(super) fn sign(&self, headers: &mut HeaderMap) {
        if let Some(bearer) = &*self.bearer.lock().unwrap_or_else(PoisonError::into_inner) {
            headers.insert(header::AUTHORIZATION, bearer.clone());
        }
    }

    /// Does what an answer's cookie says: keeps a new session, or forgets the one that ended. True when one
    /// was opened.
    pub(super) fn follow(&self, headers: &HeaderMap) -> bool {
        let cookies = headers
            .get_all(header::SET_COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok());
        let mut named = cookies.filter_map(|line| line.strip_prefix(COOKIE)?.strip_prefix('='));
        let Some(token) = named
            .next_back()
            .map(|rest| rest.split(';').next().unwrap_or_default().trim())
        else {
            return false;
        };
        let bearer = bearer(token);
        let opened = bearer.is_some();
        *self.bearer.lock().unwrap_or_else(PoisonError::into_inner) = bearer;
        opened
    }
}

fn bearer(token: &str) -> Option<HeaderValue> {
    if token.is_empty() || token.len() > MAX_TOKEN_BYTES {
        return None;
    }
    let mut value = HeaderValue::from_str(&format!("Bearer {token}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The answer that opened a session, without its token.
pub(super) fn without_token(body: &[u8]) -> String {
    let Ok(Value::Object(mut answer)) = serde_json::from_slice(body) else {
        // Whatever it was, it came with a session; its status says enough.
        return String::new();
    };
    if let Some(token) = answer.get_mut("token") {
        *token = Value::String(String::new());
    }
    Value::Object(answer).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(cookies: &[&'static str]) -> HeaderMap {
        let cookies = cookies
            .iter()
            .map(|line| (header::SET_COOKIE, HeaderValue::from_static(line)));
        cookies.collect()
    }

    fn signed(session: &Session) -> Option<String> {
        let mut headers = HeaderMap::new();
        session.sign(&mut headers);
        Some(
            headers
                .get(header::AUTHORIZATION)?
                .to_str()
                .unwrap()
                .to_owned(),
        )
    }

    #[test]
    fn a_session_begins_changes_and_ends_with_its_cookie() {
        let session = Session::default();
        assert_eq!(signed(&session), None);
        assert!(session.follow(&answer(&[
            "chimera_session=chs_1; HttpOnly; Path=/; Max-Age=60"
        ])));
        assert_eq!(signed(&session), Some("Bearer chs_1".to_owned()));
        assert!(!session.follow(&answer(&[])));
        assert!(!session.follow(&answer(&["other=chs_9", "chimera_session_b=chs_9"])));
        assert_eq!(signed(&session), Some("Bearer chs_1".to_owned()));
        assert!(session.follow(&answer(&["chimera_session=chs_2"])));
        assert_eq!(signed(&session), Some("Bearer chs_2".to_owned()));
        assert!(!session.follow(&answer(&["chimera_session=; Max-Age=0"])));
        assert_eq!(signed(&session), None);
    }

    #[test]
    fn the_page_gets_the_answer_without_its_secret() {
        let shown = without_token(br#"{"token":"chs_1","me":{"name":"A"}}"#);
        assert_eq!(shown, r#"{"token":"","me":{"name":"A"}}"#);
        assert_eq!(without_token(b"chs_1"), "");
    }
}

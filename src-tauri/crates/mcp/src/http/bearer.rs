//! Requests that carry a person's authorization, where there is one: a token that is refused is renewed once and the
//! request sent again, which its server certainly did not act on.
//!
//! Never here: how a token is got or renewed (`oauth`).

use chimera_net::{NetError, Request, StreamResponse};
use chimera_oauth::Challenge;
use http::StatusCode;
use rmcp::transport::streamable_http_client::StreamableHttpError;
use secrecy::ExposeSecret;

use super::{Far, Problem, Told, answer::unexpected};

impl Far {
    /// Whether a person may authorize this server: it was given no key of its own.
    pub(super) fn may_be_authorized(&self) -> bool {
        self.0.authorization.is_some()
    }

    /// The head of the answer to a request.
    pub(super) async fn sent(
        &self,
        request: Request,
        told: &Told,
    ) -> Result<StreamResponse, StreamableHttpError<NetError>> {
        let Some(session) = &self.0.authorization else {
            let sent = self.0.net.stream(request).await;
            return sent.map_err(|error| told.net(error));
        };
        let mut token = session.bearer().await.map_err(|fault| {
            told.note(Problem::unreadable(&fault));
            unexpected(&fault.message)
        })?;
        let mut may_try_again = true;
        loop {
            let mut one = request.clone();
            if let Some(token) = &token {
                let dressed = one.bearer(token.expose_secret());
                one = dressed.map_err(|error| told.net(error))?;
            }
            let answer = self.0.net.stream(one).await;
            let answer = answer.map_err(|error| told.net(error))?;
            match answer.status {
                StatusCode::UNAUTHORIZED => {
                    let challenge = Challenge::of(&answer.headers);
                    let other = session.refused(token.as_ref(), challenge).await;
                    match other.filter(|_| may_try_again) {
                        Some(other) => (token, may_try_again) = (Some(other), false),
                        None => return Ok(answer),
                    }
                }
                StatusCode::FORBIDDEN => {
                    let challenge = Challenge::of(&answer.headers);
                    if challenge.wants_more() {
                        session.lacks(challenge).await;
                    }
                    return Ok(answer);
                }
                status => {
                    if token.is_some() && status.is_success() {
                        session.taken();
                    }
                    return Ok(answer);
                }
            }
        }
    }
}

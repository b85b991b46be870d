//! Requests that carry a person's authorization, where there is one: a token that is refused is renewed once and the
//! request sent again, which its server certainly did not act on.
//!
//! Never here: how a token is got or renewed (`oauth`).

use std::sync::Arc;

use chimera_domain::fault::Fault;
use chimera_net::{NetError, Request, StreamResponse};
use chimera_oauth::{Challenge, Session};
use http::StatusCode;
use rmcp::transport::streamable_http_client::StreamableHttpError;
use secrecy::ExposeSecret;

use super::{Far, Problem, Told, answer::unexpected};

impl Far {
    /// A person's authorization, where it may go along.
    pub(crate) fn authorization(&self) -> Option<Arc<Session>> {
        self.0.authorization.clone()
    }

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
            told.leaves();
            let sent = self.0.net.stream(request).await;
            return sent.map_err(|error| told.net(error));
        };
        let asked = Arc::clone(session);
        let mut token = whole(async move { asked.bearer().await })
            .await
            .map_err(|fault| {
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
            told.leaves();
            let answer = self.0.net.stream(one).await;
            let answer = answer.map_err(|error| told.net(error))?;
            match answer.status {
                StatusCode::UNAUTHORIZED => {
                    let challenge = Challenge::of(&answer.headers);
                    let (asked, used) = (Arc::clone(session), token.clone());
                    let renewed = async move { Ok(asked.refused(used.as_ref(), challenge).await) };
                    let other = whole(renewed).await.ok().flatten();
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

/// Runs to its end whatever becomes of whoever waits: an authorization server that gave another leave to renew has taken
/// the former one back, and what it gave must not be dropped with a call that nobody waits for any longer.
async fn whole<T: Send + 'static>(
    work: impl Future<Output = Result<T, Fault>> + Send + 'static,
) -> Result<T, Fault> {
    let ended = tokio::spawn(work).await;
    ended.unwrap_or_else(|_| {
        Err(Fault::of(
            crate::codes::MCP_AUTHORIZATION_NEEDED,
            "what authorizes this server could not be looked up; nothing was sent",
        ))
    })
}

#[cfg(test)]
mod tests {
    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn what_is_begun_is_done_although_nobody_waits_any_longer() {
        let (begun, go_on, done) = <(Arc<Notify>, Arc<Notify>, Arc<Notify>)>::default();
        let waiting = tokio::spawn(whole({
            let (begun, go_on, done) = (begun.clone(), go_on.clone(), done.clone());
            async move {
                begun.notify_one();
                go_on.notified().await;
                done.notify_one();
                Ok(())
            }
        }));
        begun.notified().await;
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        go_on.notify_one();
        done.notified().await;
    }
}

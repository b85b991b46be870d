//! Answers that are no result: what their status means, and bodies that are read whole.
//!
//! Never here: sending, or events.

use chimera_net::{BodyStream, NetError, StreamResponse};
use chimera_oauth::Challenge;
use http::{
    HeaderMap, HeaderName, StatusCode,
    header::{CONTENT_TYPE, WWW_AUTHENTICATE},
};
use rmcp::{
    model::{ClientJsonRpcMessage, ClientRequest, ErrorData, JsonRpcMessage, ServerJsonRpcMessage},
    transport::streamable_http_client::{
        AuthRequiredError, InsufficientScopeError, StreamableHttpError, StreamableHttpPostResponse,
    },
};

use super::{Problem, Told};

/// Most bytes of an answer that is an error.
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// An answer whose status is no success.
pub(super) async fn refused(
    answer: StreamResponse,
    message: &ClientJsonRpcMessage,
    in_session: bool,
    told: &Told,
) -> Result<StreamableHttpPostResponse, StreamableHttpError<NetError>> {
    if let Some(error) = unauthorised(&answer, told) {
        return Err(error);
    }
    let status = answer.status;
    if status == StatusCode::NOT_FOUND && in_session {
        told.note(Problem::unread("it does not know the session any more"));
        return Err(StreamableHttpError::SessionExpired);
    }
    let body = whole_body(answer.body, MAX_ERROR_BYTES, told).await;
    if let JsonRpcMessage::Request(request) = message {
        let said = match body.as_deref().map(serde_json::from_slice) {
            Ok(Ok(ServerJsonRpcMessage::Error(said))) => Some(said.error),
            _ => None,
        };
        // Nothing but a wrong address answers like this to somebody who only asks what it is; an older server does.
        let is_older = status.is_client_error()
            && status != StatusCode::TOO_MANY_REQUESTS
            && matches!(request.request, ClientRequest::DiscoverRequest(_));
        let error = said.or_else(|| {
            is_older.then(|| {
                ErrorData::invalid_request(format!("server/discover was answered {status}"), None)
            })
        });
        // Whoever stands before the server cannot know the number of the request.
        if let Some(error) = error {
            return Ok(StreamableHttpPostResponse::Json(
                ServerJsonRpcMessage::error(error, Some(request.id.clone())),
                None,
            ));
        }
    }
    told.note(Problem::other(format!("it answered {status}")));
    Err(unexpected(&format!("it answered {status}")))
}

/// The refusal of whoever has no or the wrong key.
pub(super) fn unauthorised(
    answer: &StreamResponse,
    told: &Told,
) -> Option<StreamableHttpError<NetError>> {
    let status = answer.status;
    if !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        return None;
    }
    told.note(if told.far.may_be_authorized() {
        let more = Challenge::of(&answer.headers).wants_more();
        match status {
            StatusCode::FORBIDDEN if !more => Problem::unauthorised(status),
            _ => Problem::authorization(status, more),
        }
    } else {
        Problem::unauthorised(status)
    });
    // Only whether there is one: the protocol's library writes it into the log, and a server may repeat the key in it.
    let challenge = header(&answer.headers, &WWW_AUTHENTICATE).map(|_| "a challenge".to_owned());
    Some(match (status, challenge) {
        (StatusCode::UNAUTHORIZED, Some(challenge)) => {
            StreamableHttpError::AuthRequired(AuthRequiredError::new(challenge))
        }
        (_, Some(challenge)) => {
            StreamableHttpError::InsufficientScope(InsufficientScopeError::new(challenge, None))
        }
        (_, None) => unexpected(&format!("it answered {status}")),
    })
}

pub(super) async fn whole_body(
    mut body: BodyStream,
    limit: usize,
    told: &Told,
) -> Result<Vec<u8>, StreamableHttpError<NetError>> {
    let mut whole = Vec::new();
    while let Some(piece) = body.next_piece().await.map_err(|error| told.net(error))? {
        if whole.len() + piece.len() > limit {
            told.note(Problem::oversized());
            return Err(StreamableHttpError::ResponseBodyTooLarge { max_size: limit });
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole)
}

pub(super) fn unexpected(why: &str) -> StreamableHttpError<NetError> {
    StreamableHttpError::UnexpectedServerResponse(why.to_owned().into())
}

pub(super) fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

/// The kind of content, without its parameters.
pub(super) fn content_type(headers: &HeaderMap) -> Option<String> {
    let whole = header(headers, &CONTENT_TYPE)?;
    let kind = whole.split(';').next().unwrap_or_default();
    Some(kind.trim().to_ascii_lowercase())
}

//! What stands beside the endpoints for programs: whoever comes holds a token in the header, and is answered in the
//! words of another protocol.
//!
//! Never here: that protocol.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};

use crate::{guard, state::Api};

/// One address beside the endpoints.
#[derive(Clone)]
pub struct Beside {
    /// Where it is.
    pub path: &'static str,
    /// Makes what answers there. It is given the whole API, to be asked with the token of whoever comes.
    pub service: Arc<dyn Fn(Router) -> MethodRouter + Send + Sync>,
}

/// Marks an answer that says in its own protocol what failed, so that no envelope takes its place.
#[derive(Clone, Copy)]
pub(crate) struct OwnWords;

/// The address, open to those who hold a token and to nobody else; no cookie is looked at.
pub fn for_token_holders(beside: &Beside, api_alone: Router, api: &Api) -> Router {
    Router::new()
        .route(beside.path, (beside.service)(api_alone))
        .layer(from_fn_with_state(api.clone(), holds_token))
}

async fn holds_token(State(api): State<Api>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(problem) = guard::token_holder(&api, &parts).await {
        return problem.into_response();
    }
    let mut response = next.run(Request::from_parts(parts, body)).await;
    response.extensions_mut().insert(OwnWords);
    response
}

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
};

use crate::{guard, state::Api};

/// Makes routes beside the endpoints. It is given the whole API, to be asked with the token of whoever comes.
pub type Beside = Arc<dyn Fn(Router) -> Router + Send + Sync>;

/// Marks an answer that says in its own protocol what failed, so that no envelope takes its place.
#[derive(Clone, Copy)]
pub(crate) struct OwnWords;

/// The routes, open to those who hold a token and to nobody else; no cookie is looked at.
pub fn for_token_holders(routes: Router, api: &Api) -> Router {
    routes.layer(from_fn_with_state(api.clone(), holds_token))
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

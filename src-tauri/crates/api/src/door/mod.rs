//! What stands between the wire and the handlers, one concern a file, in the order of `layers`.
//!
//! Never here: what a handler does.

pub(crate) mod address;
pub(crate) mod envelope;
pub(crate) mod extract;
pub(crate) mod guard;
pub(crate) mod host;
pub(crate) mod limits;
pub(crate) mod replay;
pub(crate) mod signed;

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
};

use crate::state::Api;

/// Around the handlers of the contract's endpoints: who, may they, and has it been asked before.
pub(crate) fn around_endpoints(router: Router<Api>, api: &Api) -> Router<Api> {
    // The last one added runs first.
    router
        .layer(from_fn_with_state(api.clone(), replay::answered_before))
        .layer(from_fn(limits::in_time))
        .layer(from_fn_with_state(api.clone(), guard::may_pass))
}

/// Around everything: the envelope, headers, the host's name.
pub(crate) fn around_everything(router: Router, api: &Api) -> Router {
    router
        .layer(from_fn_with_state(api.clone(), host::known_name))
        .layer(from_fn_with_state(api.clone(), envelope::seal))
}

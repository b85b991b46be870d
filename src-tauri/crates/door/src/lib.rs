//! Who is at the door, and how it is answered.
//!
//! Here: what every handler can reach; what stands between the wire and the handlers, one concern a file; secrets
//! of people; what a failure becomes on its way out. Never here: a handler, the document of the API, a rule about
//! content or money (policy), who may what (authz), SQL (store), or opening a port (boot).

pub mod address;
pub mod beside;
pub mod counters;
mod crossing;
mod envelope;
pub mod extract;
pub mod guard;
mod host;
pub mod inside;
mod limits;
pub mod options;
pub mod people;
pub mod problem;
pub mod replay;
pub mod respond;
pub mod serving;
pub mod signed;
pub mod state;
pub mod streams;
pub mod throttle;
pub mod ui;

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
};

use crate::state::Api;

/// Around the handlers of the contract's endpoints: who, may they, and has it been asked before.
pub fn around_endpoints(router: Router<Api>, api: &Api) -> Router<Api> {
    // The last one added runs first.
    router
        .layer(from_fn_with_state(api.clone(), replay::answered_before))
        .layer(from_fn_with_state(api.clone(), crossing::watched))
        .layer(from_fn(limits::in_time))
        .layer(from_fn_with_state(api.clone(), guard::may_pass))
}

/// Around everything: the envelope, headers, the host's name.
pub fn around_everything(router: Router, api: &Api) -> Router {
    router
        .layer(from_fn_with_state(api.clone(), host::known_name))
        .layer(from_fn_with_state(api.clone(), envelope::seal))
}

//! Routes beside the endpoints of the contract that are known by name, so that each can be held against the rules.
//!
//! Never here: an endpoint of the contract (`routes`).

use axum::{Router, handler::Handler, routing::get};
use chimera_door::state::Api;

/// A router that knows its addresses.
#[derive(Default)]
pub(crate) struct Listed {
    pub(crate) router: Router<Api>,
    /// `GET /healthz` …
    pub(crate) addresses: Vec<String>,
}

impl Listed {
    /// The same with one read more.
    pub(crate) fn get<H, T>(mut self, path: &str, handler: H) -> Self
    where
        H: Handler<T, Api>,
        T: 'static,
    {
        self.addresses.push(format!("GET {path}"));
        self.router = self.router.route(path, get(handler));
        self
    }
}

//! The one outgoing HTTP client: every request of every adapter leaves here, bounded in time
//! and size, and never to a private address that the operator did not list.
//!
//! Never here: what is asked or answered (feeds, models, tools), retries (the caller knows
//! what may be repeated), reading the environment.

mod address;
mod allow;
mod body;
mod call;
mod client;
mod error;
mod frames;
mod redirect;
mod request;
mod resolve;
mod settings;
mod tls;
mod transport;

pub use allow::{AllowedHost, AllowedHostError};
pub use body::{BodyStream, Response, StreamResponse};
pub use call::CalledBody;
pub use client::HttpClient;
pub use error::{NetError, Stage};
pub use frames::{Event, EventReader, Framing};
pub use request::Request;
pub use resolve::{Lookup, Resolver, SystemResolver};
pub use settings::{
    DEFAULT_CONNECT_TIMEOUT, DEFAULT_IDLE_TIMEOUT, DEFAULT_MAX_BODY_BYTES, DEFAULT_MAX_REDIRECTS,
    DEFAULT_STREAM_TIMEOUT, DEFAULT_TOTAL_TIMEOUT, HttpSettings, Protocol, Proxy,
};
pub use tls::install_tls_provider;

#[cfg(test)]
mod tests;

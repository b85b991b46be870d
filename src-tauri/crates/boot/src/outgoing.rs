//! The client for what leaves this machine, with the private hosts that the operator listed.
//!
//! Never here: what is asked over it.

use anyhow::{Context, Result};
use chimera_net::{HttpClient, HttpSettings, Protocol};

use crate::settings::Settings;

/// A client that may reach what is public, and what `allow_hosts` lists.
///
/// # Errors
/// When the list cannot be read, or TLS cannot be set up.
pub(crate) fn client(settings: &Settings) -> Result<HttpClient> {
    speaking(settings, Protocol::Negotiated)
}

/// A client that reaches what is public alone, whatever the operator listed: for workspaces whose machine this is not.
///
/// # Errors
/// When TLS cannot be set up.
pub(crate) fn public() -> Result<HttpClient> {
    Ok(HttpClient::new(HttpSettings::default())?)
}

/// The same for calls over HTTP/2, as gRPC makes them.
///
/// # Errors
/// As for [`client`].
pub(crate) fn calling(settings: &Settings) -> Result<HttpClient> {
    speaking(settings, Protocol::Http2)
}

fn speaking(settings: &Settings, protocol: Protocol) -> Result<HttpClient> {
    let allow_hosts = settings
        .allow_hosts
        .iter()
        .map(|host| host.parse())
        .collect::<Result<_, _>>()
        .context("allow_hosts cannot be read")?;
    Ok(HttpClient::new(HttpSettings {
        allow_hosts,
        protocol,
        ..HttpSettings::default()
    })?)
}

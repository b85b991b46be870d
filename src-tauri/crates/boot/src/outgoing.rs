//! The client for what leaves this machine, with the private hosts that the operator listed.
//!
//! Never here: what is asked over it.

use anyhow::{Context, Result};
use chimera_net::{HttpClient, HttpSettings};

use crate::settings::Settings;

/// A client that may reach what is public, and what `allow_hosts` lists.
///
/// # Errors
/// When the list cannot be read, or TLS cannot be set up.
pub(crate) fn client(settings: &Settings) -> Result<HttpClient> {
    let allow_hosts = settings
        .allow_hosts
        .iter()
        .map(|host| host.parse())
        .collect::<Result<_, _>>()
        .context("allow_hosts cannot be read")?;
    Ok(HttpClient::new(HttpSettings {
        allow_hosts,
        ..HttpSettings::default()
    })?)
}

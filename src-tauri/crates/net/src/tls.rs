//! The process-wide TLS provider.
//!
//! Never here: certificates, versions (reqwest's defaults: TLS 1.2 and 1.3, the system's roots).

/// Makes aws-lc-rs the TLS provider of this process, once. Without an explicit choice, rustls
/// panics at the first connection as soon as some dependency brings a second provider in.
/// Harmless to call again; [`HttpClient`](crate::HttpClient) does so itself.
pub fn install_tls_provider() {
    // An error means that a provider is installed already, which is what is wanted.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

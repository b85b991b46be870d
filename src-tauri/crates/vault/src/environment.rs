//! Secrets that the environment supplies: read once by boot, never changed from here.
//!
//! Never here: `std::env`.

use secrecy::SecretString;

/// A secret that came with the environment. It holds for every tenant of this process: whoever sets a
/// server's environment pays for what runs on it.
#[derive(Clone, Debug)]
pub struct EnvironmentSecret {
    /// Name of the secret within a tenant, for example `openai`.
    pub name: String,
    /// The variable that it came from, for example `OPENAI_API_KEY`: shown to people.
    pub variable: String,
    /// Its value.
    pub value: SecretString,
}

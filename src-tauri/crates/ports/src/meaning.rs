//! Vectors for texts, as those need them who find things by what they mean.
//!
//! Never here: comparing vectors, or what makes them (crate `memory`).

use async_trait::async_trait;
use chimera_domain::{fault::Fault, id::TenantId};

/// Gives texts their place in a space of meaning.
#[async_trait]
pub trait Meaning: Send + Sync {
    /// Names the space: two vectors can be compared when both are of the same name.
    fn name(&self) -> &str;

    /// A vector for each text, all of one length.
    ///
    /// # Errors
    /// When there is no vector for each of them; then none is given.
    async fn vectors(&self, tenant: TenantId, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Fault>;
}

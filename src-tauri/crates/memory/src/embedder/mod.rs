//! Embedders: from a text to a vector of length one, in the space that the embedder's name stands for.
//!
//! Never here: keeping or comparing vectors.

mod bill;
mod endpoint;
mod folder;

use async_trait::async_trait;
use chimera_domain::{fault::Fault, id::TenantId};
use secrecy::SecretString;

pub use bill::{Books, DayLimits, RateOf};
pub use endpoint::{EndpointEmbedder, EndpointSettings};
pub use folder::FolderEmbedder;

/// Most numbers of a vector.
pub(crate) const MAX_DIMENSION: usize = 4_096;
/// Texts that are embedded at once.
pub(crate) const TEXTS_AT_ONCE: usize = 64;

/// Gives texts their place in a space of meaning.
#[async_trait]
pub trait Embedder: Send + Sync {
    /// Names the space: two vectors can be compared when both are of the same name and length.
    fn name(&self) -> &str;

    /// A vector of length one for each text; all zero for a text of which nothing is known.
    ///
    /// # Errors
    /// When there is no vector for each of them; then none is given.
    async fn embed(&self, tenant: TenantId, texts: Vec<String>) -> Result<Vec<Vec<f32>>, Fault>;
}

/// Where an embedder's key comes from, asked anew for each call.
#[async_trait]
pub trait KeySource: Send + Sync {
    /// The key, where there is one.
    ///
    /// # Errors
    /// When the place that keeps it cannot be asked.
    async fn key(&self, tenant: TenantId) -> Result<Option<SecretString>, Fault>;
}

/// The vector with length one; `None` for what is no vector.
pub(crate) fn unit(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    if vector.is_empty() || vector.len() > MAX_DIMENSION {
        return None;
    }
    let length = vector
        .iter()
        .map(|number| number * number)
        .sum::<f32>()
        .sqrt();
    if !length.is_finite() {
        return None;
    }
    if length > 0.0 {
        for number in &mut vector {
            *number /= length;
        }
    }
    Some(vector)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vector_gets_length_one_and_what_is_none_is_refused() {
        assert_eq!(unit(vec![3.0, 4.0]), Some(vec![0.6, 0.8]));
        assert_eq!(unit(vec![0.0, 0.0]), Some(vec![0.0, 0.0]));
        for bad in [
            vec![],
            vec![f32::NAN, 1.0],
            vec![f32::INFINITY],
            vec![0.1; MAX_DIMENSION + 1],
        ] {
            assert_eq!(unit(bad.clone()), None, "{bad:.3?}");
        }
    }
}

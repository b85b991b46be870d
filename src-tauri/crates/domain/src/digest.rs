//! The digest and signature types of `canon`, passed on to rooms that know nouns only.

pub use chimera_canon::{CanonError, Digest, Signature, VerifyingKey, canonical_json};

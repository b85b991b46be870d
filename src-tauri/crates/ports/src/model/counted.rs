//! What many requests carry alike, lent to each of them with what reading it takes, counted once.
//!
//! Never here: the rule by which tokens are counted (`tokens`).

use std::{ops::Deref, sync::Arc};

use serde::{Serialize, Serializer};

/// Something that a model reads, made once and lent to every request that carries it: a copy costs nothing, and its
/// tokens are not counted again.
#[derive(Debug, PartialEq, Default)]
pub struct Counted<T>(Arc<Inner<T>>);

#[derive(Debug, PartialEq, Default)]
struct Inner<T> {
    value: T,
    most_tokens: u64,
}

impl<T> Counted<T> {
    pub(super) fn new(value: T, most_tokens: u64) -> Self {
        Self(Arc::new(Inner { value, most_tokens }))
    }

    /// Tokens that reading it takes at most.
    #[must_use]
    pub fn most_tokens(&self) -> u64 {
        self.0.most_tokens
    }
}

impl<T> Clone for Counted<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Counted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.value
    }
}

impl<T: Serialize> Serialize for Counted<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.value.serialize(serializer)
    }
}

//! Recall: which of an agent's memories fit a question, by words and by meaning, and the backends that keep them.
//!
//! Here: embedders, the scan over vectors, the formula that puts both together ([`rank`]), and the backends behind
//! `ports::memory`. Never here: SQL (`store`), tools (`servers`), or what a prompt says of what was recalled
//! (`runtime`).

mod codes;
mod embedded;
mod embedder;
mod found;
mod index;
pub mod rank;
mod rest;
mod scan;
#[cfg(test)]
mod tests;
mod weaviate;
mod words;

pub use codes::CODES;
pub use embedded::{EmbeddedMemory, EmbeddedOptions};
pub use embedder::{
    Books, DayLimits, Embedder, EndpointEmbedder, EndpointSettings, FolderEmbedder, KeySource,
    RateOf,
};
pub use weaviate::{GrpcOptions, WeaviateMemory, WeaviateOptions};

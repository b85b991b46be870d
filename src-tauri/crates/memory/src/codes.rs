//! What memory says when it cannot remember or recall.
//!
//! Never here: trying again.

use chimera_domain::{fault::Fault, memory::InvalidMemory};
use chimera_ports::error::PortError;

/// What was to be remembered, or asked, is out of bounds.
pub(crate) const INVALID: &str = "MEMORY_INVALID";
/// The agent remembers no such thing.
pub(crate) const NOT_FOUND: &str = "MEMORY_NOT_FOUND";
/// The backend cannot be asked now.
pub(crate) const UNAVAILABLE: &str = "MEMORY_UNAVAILABLE";
/// The backend cannot be used until somebody sees to it.
pub(crate) const REFUSED: &str = "MEMORY_REFUSED";
/// The embedder does not answer now.
pub(crate) const EMBEDDER_UNAVAILABLE: &str = "EMBEDDER_UNAVAILABLE";
/// The embedder cannot be used as it is set up.
pub(crate) const EMBEDDER_REFUSED: &str = "EMBEDDER_REFUSED";

/// Every code of memory, for the page and the row that each must have.
pub const CODES: [&str; 6] = [
    INVALID,
    NOT_FOUND,
    UNAVAILABLE,
    REFUSED,
    EMBEDDER_UNAVAILABLE,
    EMBEDDER_REFUSED,
];

/// What cannot be remembered as it is.
pub(crate) fn invalid(error: &InvalidMemory) -> Fault {
    Fault::of(INVALID, format!("{error}; nothing was kept"))
}

/// The store's trouble in the words of memory.
pub(crate) fn of_store(error: PortError) -> Fault {
    match error {
        PortError::NotFound { noun, key } => Fault::of(
            NOT_FOUND,
            format!("there is no {noun} {key} here; nothing was changed"),
        ),
        PortError::Invalid(words) => Fault::of(INVALID, words),
        other => Fault::of(UNAVAILABLE, other.to_string()),
    }
}

/// The embedder is of no use until somebody sees to it.
pub(crate) fn embedder_refused(why: impl std::fmt::Display) -> Fault {
    Fault::of(
        EMBEDDER_REFUSED,
        format!(
            "{why}. Memories are found by their words alone until this is mended; nothing was lost"
        ),
    )
}

/// The embedder is of no use at the moment.
pub(crate) fn embedder_unavailable(why: impl std::fmt::Display) -> Fault {
    Fault::of(
        EMBEDDER_UNAVAILABLE,
        format!("{why}. Memories are found by their words alone meanwhile; nothing was lost"),
    )
}

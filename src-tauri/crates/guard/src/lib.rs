//! The security gateway's pure part: what arrives is normalised, scanned and labelled; what
//! leaves is checked; what is logged is redacted.
//!
//! A finding is a signal with a reason, never an enforcement: what may happen is decided in
//! `policy` from findings and effect class. Never here: IO, time, randomness, permission.

pub mod honesty;
pub mod inbound;
pub mod labels;
pub mod leaving;
pub mod memories;
pub mod names;
pub mod outbound;
pub mod tools;
pub mod trends;
pub mod visible;

mod asked;
mod fold;
mod hidden;
mod records;
mod redact;
mod scripts;
mod sensitive;
mod span;
mod wrap;

pub use asked::{asks_for_secret, suspicion};
pub use hidden::{HiddenKind, make_visible};
pub use records::mask_records;
pub use redact::{redact, redact_json};
pub use span::{MAX_EXCERPT_CHARS, Span};
pub use wrap::{MAX_SOURCE_CHARS, Nonce, wrap_untrusted};

/// Largest text that the scans of this crate read, in bytes. What lies beyond is reported as
/// unread (and cut off by [`redact`]), never passed silently.
pub const MAX_TEXT_BYTES: usize = 1 << 20;

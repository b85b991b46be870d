//! Markdown files with YAML front matter, read strictly: SOUL.md (COG-01, COG-02) and SKILL.md.
//!
//! Here: splitting, spanned YAML, what each file must say, diagnostics with line and column for the
//! person who wrote it, and edits that keep the rest of the file byte for byte.
//! Never here: reading or writing files, watching them, or deciding what a persona may do.

pub mod block;
pub mod diagnostic;
mod hidden;
mod read;
pub mod skill;
pub mod soul;
mod spelling;
pub mod split;
mod yaml;

pub use diagnostic::{Diagnostic, Parsed, Severity};
pub use split::{MAX_FILE_BYTES, Split, split};

//! How the schemas of skills are read.
//!
//! Never here: compiling and checking (`chimera-schema`).

use chimera_schema::{Formats, Reading, Schema};
use serde_json::Value;

/// Skills are ours or the operator's own: what they promise of a format is checked.
const READING: Reading = Reading {
    max_bytes: 128 * 1024,
    formats: Formats::Checked,
};

/// Compiles the schema of a skill.
///
/// # Errors
/// In words, as [`Schema::compile`] has them.
pub(crate) fn compile(schema: &Value) -> Result<Schema, String> {
    Schema::compile(schema, READING)
}

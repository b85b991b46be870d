//! How the schemas of tools are read.
//!
//! Never here: compiling and checking (`chimera-schema`).

use chimera_schema::{Formats, Reading, Schema};
use serde_json::Value;

/// Tools are of many makers, and the protocol makes a format a remark.
const READING: Reading = Reading {
    max_bytes: 256 * 1024,
    formats: Formats::Noted,
};

/// Compiles the schema of a tool.
///
/// # Errors
/// In words, as [`Schema::compile`] has them.
pub(crate) fn compile(schema: &Value) -> Result<Schema, String> {
    Schema::compile(schema, READING)
}

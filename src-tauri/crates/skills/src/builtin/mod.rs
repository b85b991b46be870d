//! The skills that ship with Chimera: their files from the top-level `skills/` folder, and the code of
//! the native ones.
//!
//! Never here: an outward call. `publish_content` prepares; the outbox performs.

mod echo;
mod mcp_tool;
mod normalize_handle;
pub(crate) mod publish_content;
pub(crate) mod trends;

use std::sync::Arc;

use chimera_domain::{fault::Fault, skill::SkillManifest};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{bundle::Bundle, fault::invalid, native::NativeSkill};

/// One built-in skill: its files, and its code where it has any.
pub(crate) struct Source {
    pub(crate) bundle: Bundle<'static>,
    pub(crate) native: Option<fn(SkillManifest) -> Arc<dyn NativeSkill>>,
}

macro_rules! file {
    ($name:literal, $path:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../skills/",
            $name,
            "/",
            $path
        ))
    };
}

macro_rules! source {
    ($name:literal, $native:expr) => {
        Source {
            bundle: Bundle {
                folder: $name,
                skill: file!($name, "SKILL.md"),
                input: file!($name, "references/input.schema.json"),
                output: file!($name, "references/output.schema.json"),
                examples: Some(file!($name, "assets/examples.json")),
            },
            native: $native,
        }
    };
}

/// Every built-in skill.
pub(crate) static ALL: [Source; 7] = [
    source!("echo", Some(echo::make)),
    source!("fetch_trends", Some(trends::fetch::make)),
    source!("mcp_tool", Some(mcp_tool::make)),
    source!("normalize_handle", Some(normalize_handle::make)),
    source!("publish_content", Some(publish_content::make)),
    source!("trend_detection_alerting", Some(trends::detect::make)),
    source!("write_post", None),
];

/// The input as its type. The schema has passed it already, so a failure here names a gap between the two.
fn read<T: DeserializeOwned>(input: Value) -> Result<T, Fault> {
    serde_json::from_value(input).map_err(|error| {
        invalid(format!(
            "the input cannot be read: {error}; nothing was done"
        ))
    })
}

#[cfg(test)]
mod tests;

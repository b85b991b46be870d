//! A person's own settings, kept with the account so that they follow from device to device.
//!
//! Never here: settings of the tenant (policy and connections have their own pages).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Largest size of one person's preferences, in bytes of JSON.
pub const MAX_PREFERENCES_BYTES: usize = 16 * 1024;

/// Preferences as the console wrote them: theme, density, remapped keys, last seen times.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Preferences {
    /// Values by name; the server keeps them and does not look inside. At most 16 KiB.
    pub values: Map<String, Value>,
}

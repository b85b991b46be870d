//! The few scalars that every message is made of, each a plain JSON string or number.
//!
//! Never here: parsing into anything typed (the API does that where a message enters).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A UUID, for example `0199f1c2-7a3e-7cc1-8f00-2b1d5a6e9f10`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(format = "uuid")]
pub struct Id(pub String);

/// A point in time, RFC 3339 in UTC, for example `2026-05-21T14:32:00.000000Z`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(format = DateTime)]
pub struct Time(pub String);

/// US dollars as a decimal string with at most nine decimals, for example `12.50`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(example = "12.50")]
pub struct Usd(pub String);

/// A score from 0 to 1, exact to four decimals. Shown as it is stored, never computed again.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(example = 0.78)]
pub struct Score(pub f64);

/// A SHA-256 digest: `sha256:` and 64 hexadecimal digits.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Digest(pub String);

/// The version of a row; also its `ETag`, and what `If-Match` names.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Version(pub String);

macro_rules! from_text {
    ($($name:ident),+) => {$(
        impl $name {
            /// Takes anything that can be written.
            #[must_use]
            pub fn of(value: impl ToString) -> Self {
                Self(value.to_string())
            }
        }
    )+};
}

from_text!(Id, Time, Usd, Digest, Version);

//! US dollars as whole nano-dollars: no floating point near money (architecture §3).
//!
//! Never here: token amounts of a chain (those are integers of the token's own unit).

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const NANOS: i64 = 1_000_000_000;
/// Digits that may follow the point.
const SCALE: usize = 9;

/// An amount of US dollars, exact to one nano-dollar; a decimal string on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Usd(i64);

impl Usd {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// From nano-dollars, as the store keeps them.
    #[must_use]
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }
    /// From whole cents.
    #[must_use]
    pub const fn from_cents(cents: i64) -> Self {
        Self(cents * (NANOS / 100))
    }
    /// Nano-dollars, for the store.
    #[must_use]
    pub const fn nanos(self) -> i64 {
        self.0
    }
    /// Sum, or `None` past ±9.2 thousand million dollars.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
    /// Difference, or `None` past the same bound.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }
    /// Sum that stops at the bound; for estimates, never for a ledger.
    #[must_use]
    pub fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
    /// True below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
    /// A JSON number for the one contract that demands it (C46: `max_cost_usd`).
    #[must_use]
    pub fn to_json_number(self) -> serde_json::Number {
        // The decimal text is valid JSON; parsing it keeps the shortest exact form.
        self.to_string()
            .parse()
            .unwrap_or_else(|_| serde_json::Number::from(0))
    }
}

impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, nanos) = (
            self.0.unsigned_abs() / NANOS.unsigned_abs(),
            self.0.unsigned_abs() % NANOS.unsigned_abs(),
        );
        let fraction = format!("{nanos:09}");
        let kept = fraction.trim_end_matches('0').len().max(2);
        write!(f, "{sign}{whole}.{}", &fraction[..kept])
    }
}

impl fmt::Debug for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${self}")
    }
}

/// Text that was offered as dollars and is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is not an amount in USD; write digits with at most nine decimals, for example 12.50"
)]
pub struct InvalidUsd(pub String);

impl FromStr for Usd {
    type Err = InvalidUsd;
    fn from_str(text: &str) -> Result<Self, InvalidUsd> {
        let refuse = || InvalidUsd(text.chars().take(40).collect());
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty()
            || fraction.len() > SCALE
            || !plain(whole)
            || !plain(fraction)
            || digits.ends_with('.')
        {
            return Err(refuse());
        }
        let whole: i64 = whole.parse().map_err(|_| refuse())?;
        let nanos: i64 = format!("{fraction:0<9}").parse().map_err(|_| refuse())?;
        let total = whole
            .checked_mul(NANOS)
            .and_then(|value| value.checked_add(nanos))
            .ok_or_else(refuse)?;
        Ok(Self(if negative { -total } else { total }))
    }
}

impl Serialize for Usd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Usd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Usd {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Usd".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": r"^-?[0-9]+(\.[0-9]{1,9})?$",
            "description": "US dollars as a decimal string"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_text_is_exact_both_ways() {
        for (text, nanos, shown) in [
            ("0", 0, "0.00"),
            ("12.5", 12_500_000_000, "12.50"),
            ("-0.000000001", -1, "-0.000000001"),
            ("9223372036.854775807", i64::MAX, "9223372036.854775807"),
        ] {
            let usd: Usd = text.parse().unwrap();
            assert_eq!((usd.nanos(), usd.to_string().as_str()), (nanos, shown));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "1e3",
            "+1",
            "1,5",
            "0.1234567890",
            "9223372036.854775808",
            " 1",
            "--1",
        ] {
            assert!(text.parse::<Usd>().is_err(), "{text:?} was accepted");
        }
    }
}

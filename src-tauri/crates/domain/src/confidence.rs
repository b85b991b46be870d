//! Confidence as basis points: compared exactly, never as raw floats (C02).
//!
//! Never here: the bands. Where a score leads is policy.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A score between 0 and 1, kept as 0…10,000 basis points. A JSON number on the wire (S1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u16);

/// A score outside 0…1, or not a number.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("confidence must be a number from 0 to 1, got {0}")]
pub struct InvalidConfidence(pub f64);

impl Confidence {
    /// Basis points in a whole.
    pub const SCALE: u16 = 10_000;
    /// No confidence at all.
    pub const NONE: Self = Self(0);
    /// Full confidence.
    pub const FULL: Self = Self(Self::SCALE);

    /// From basis points; more than 10,000 counts as 10,000.
    #[must_use]
    pub const fn from_basis_points(points: u16) -> Self {
        Self(if points > Self::SCALE {
            Self::SCALE
        } else {
            points
        })
    }
    /// From hundredths, for thresholds written down in code and settings.
    #[must_use]
    pub const fn from_percent(percent: u16) -> Self {
        Self::from_basis_points(percent.saturating_mul(100))
    }
    /// From a ratio as a model reports it, rounded to the nearest basis point.
    ///
    /// # Errors
    /// When the number is not within 0…1.
    pub fn from_ratio(ratio: f64) -> Result<Self, InvalidConfidence> {
        if !(0.0..=1.0).contains(&ratio) {
            return Err(InvalidConfidence(ratio));
        }
        // In range by the check above: at most 10,000.
        Ok(Self((ratio * f64::from(Self::SCALE)).round() as u16))
    }
    /// Basis points, 0…10,000.
    #[must_use]
    pub const fn basis_points(self) -> u16 {
        self.0
    }
    /// As a ratio for the wire.
    #[must_use]
    pub fn ratio(self) -> f64 {
        f64::from(self.0) / f64::from(Self::SCALE)
    }
}

/// Scores, in basis points, at which something changes for whoever reads one (C02).
const EDGES: [u16; 4] = [5_000, 7_000, 8_000, 9_000];

/// Two digits, and more where two would put the score on the other side of an edge: 0.8999 is never shown
/// as the 0.90 that it did not reach, nor 0.9004 as the 0.90 that it passed.
impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rounded = (self.0 + 50) / 100 * 100;
        let crosses = EDGES
            .iter()
            .any(|edge| self.0.cmp(edge) != rounded.cmp(edge));
        let (digits, unit) = match (crosses, self.0 % 10) {
            (false, _) => (rounded, 100),
            (true, 0) => (self.0, 10),
            (true, _) => (self.0, 1),
        };
        let width = match unit {
            100 => 2,
            10 => 3,
            _ => 4,
        };
        let (whole, part) = (digits / Self::SCALE, digits % Self::SCALE / unit);
        write!(f, "{whole}.{part:0width$}")
    }
}

impl fmt::Debug for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}bp", self.0)
    }
}

impl Serialize for Confidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.ratio())
    }
}

impl<'de> Deserialize<'de> for Confidence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_ratio(f64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Confidence {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Confidence".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number", "minimum": 0, "maximum": 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_round_to_basis_points_and_bad_ones_are_refused() {
        assert_eq!(
            Confidence::from_ratio(0.9).map(Confidence::basis_points),
            Ok(9_000)
        );
        assert_eq!(
            Confidence::from_ratio(0.90004).map(Confidence::basis_points),
            Ok(9_000)
        );
        for bad in [-0.01, 1.01, f64::NAN, f64::INFINITY] {
            assert!(Confidence::from_ratio(bad).is_err());
        }
    }

    #[test]
    fn a_score_is_never_shown_on_the_other_side_of_an_edge() {
        let shown = |points| Confidence::from_basis_points(points).to_string();
        for (points, text) in [
            (10_000, "1.00"),
            (9_000, "0.90"),
            (9_004, "0.9004"),
            (9_013, "0.9013"),
            (9_060, "0.91"),
            (8_999, "0.8999"),
            (8_960, "0.896"),
            (8_875, "0.89"),
            (7_000, "0.70"),
            (4_996, "0.4996"),
            (40, "0.00"),
        ] {
            assert_eq!(shown(points), text);
        }
    }
}

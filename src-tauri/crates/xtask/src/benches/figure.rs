//! One measured figure, as the bench binary prints it. Where it is shown is in
//! `page`.

use serde::Deserialize;

/// One line of a bench, such as `{"bench":"w1","name":"ours","value":52000.0,
/// "unit":"loops/s","ratio_to":"raw tokio"}`.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct Figure {
    /// Bench it belongs to; becomes a heading.
    pub(super) bench: String,
    /// What was measured; unique within the bench.
    pub(super) name: String,
    /// The figure.
    pub(super) value: f64,
    /// Its unit.
    pub(super) unit: String,
    /// Name of another figure of the same bench and run to compare with.
    #[serde(default)]
    pub(super) ratio_to: Option<String>,
    /// What a reader must know about it.
    #[serde(default)]
    pub(super) note: Option<String>,
}

impl Figure {
    /// Reads a line; `None` for anything that is no figure.
    pub(super) fn parse(line: &str) -> Option<Self> {
        serde_json::from_str(line)
            .ok()
            .filter(|figure: &Self| figure.value.is_finite())
    }

    /// The value with three digits that count, or all digits of a large one.
    pub(super) fn shown(&self) -> String {
        match self.value.abs() {
            size if size >= 100.0 => grouped(self.value),
            size if size >= 10.0 => format!("{:.1}", self.value),
            size if size >= 1.0 || size == 0.0 => format!("{:.2}", self.value),
            _ => format!("{:.4}", self.value),
        }
    }
}

/// Whole number with commas between thousands.
fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut shown = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    if value < 0.0 {
        format!("-{shown}")
    } else {
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_figures_are_taken() {
        let line =
            r#"{"bench":"w1","name":"ours","value":52000.5,"unit":"loops/s","ratio_to":"floor"}"#;
        let figure = Figure::parse(line).unwrap();
        assert_eq!(
            (
                figure.name.as_str(),
                figure.value,
                figure.ratio_to.as_deref()
            ),
            ("ours", 52000.5, Some("floor"))
        );
        for bad in [
            "warming up",
            "{}",
            r#"{"bench":"w1","name":"x","value":null,"unit":"s"}"#,
            r#"{"bench":"b","name":"x","value":1,"unit":"s","speed":2}"#,
        ] {
            assert_eq!(Figure::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn values_are_shown_as_exactly_as_they_matter() {
        let shown = |value| {
            Figure {
                bench: String::new(),
                name: String::new(),
                value,
                unit: String::new(),
                ratio_to: None,
                note: None,
            }
            .shown()
        };
        assert_eq!(
            [1_234_567.8, 100.4, 12.345, 1.234, 0.012_34, 0.0, -4321.0].map(shown),
            [
                "1,234,568",
                "100",
                "12.3",
                "1.23",
                "0.0123",
                "0.00",
                "-4,321"
            ]
        );
    }
}

//! One figure, as `cargo xtask bench` reads it.
//!
//! Never here: the page that it is shown on (`xtask` writes that).

use serde_json::json;

/// A figure on its way out.
#[must_use = "print it"]
pub(crate) struct Figure {
    bench: &'static str,
    name: String,
    value: f64,
    unit: &'static str,
    ratio_to: Option<String>,
    notes: Vec<String>,
}

impl Figure {
    pub(crate) fn new(
        bench: &'static str,
        name: impl Into<String>,
        value: f64,
        unit: &'static str,
    ) -> Self {
        Self {
            bench,
            name: name.into(),
            value,
            unit,
            ratio_to: None,
            notes: Vec::new(),
        }
    }

    /// Compares it with another figure of the same bench, run and unit.
    pub(crate) fn beside(mut self, other: impl Into<String>) -> Self {
        self.ratio_to = Some(other.into());
        self
    }

    /// What a reader must know about it.
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The goal that it is measured against.
    pub(crate) fn goal(self, goal: &str, is_met: bool) -> Self {
        let verdict = if is_met { "met" } else { "**not met**" };
        self.note(format!("goal {goal}: {verdict}"))
    }

    /// Hands it in.
    pub(crate) fn print(self) {
        let notes = self.notes.join("; ");
        println!(
            "{}",
            json!({
                "bench": self.bench,
                "name": self.name,
                "value": self.value,
                "unit": self.unit,
                "ratio_to": self.ratio_to,
                "note": Some(notes).filter(|notes| !notes.is_empty()),
            })
        );
    }
}

//! The same vectors and questions in other people's libraries. They look vectors up and nothing else: no words, no
//! ranking, no store that is asked for the texts.
//!
//! Where one cannot be installed all are left out, and said so.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{BENCH, NUMBERS, TOP, WARM};
use crate::{figure::Figure, python};

const PACKAGES: [&str; 4] = [
    "numpy==2.4.6",
    "apsw==3.54.1.0",
    "sqlite-vec==0.1.9",
    "usearch==2.26.6",
];

/// Runs them beside `ours`, the figure of the same number of vectors.
pub(super) fn run(folder: &Path, vectors: &[f32], questions: &[f32], ours: &str) -> Result<()> {
    let said = match asked(folder, vectors, questions) {
        Ok(said) => said,
        Err(error) => {
            eprintln!("other libraries of vectors were not measured: {error:#}");
            return Ok(());
        }
    };
    for line in said.lines() {
        let told: Value = serde_json::from_str(line)?;
        let number = |name: &str| told[name].as_f64();
        let name = told["name"].as_str().context("a peer without a name")?;
        let found = number("found").map_or(1.0, |found| found);
        let built = number("built_s").unwrap_or_default();
        let p50 = number("p50_ms").context("no times")?;
        let p99 = number("p99_ms").context("no times")?;
        Figure::new(BENCH, format!("{name} (Python): p50"), p50, "ms")
            .beside(ours)
            .note(format!(
                "vectors alone, in memory: no words, no texts; p99 {p99:.2} ms; {:.1} % of the exact {TOP}; {built:.1} s to take them in",
                100.0 * found
            ))
            .print();
    }
    Ok(())
}

fn asked(folder: &Path, vectors: &[f32], questions: &[f32]) -> Result<String> {
    let place = python::place("recall")?;
    let python = python::with_packages(&place, &PACKAGES)?;
    let script = place.join("vectors.py");
    fs::write(&script, include_str!("vectors.py"))?;
    let [vectors_file, questions_file] = ["vectors.f32", "questions.f32"].map(|it| folder.join(it));
    fs::write(&vectors_file, bytes(vectors))?;
    fs::write(&questions_file, bytes(questions))?;
    let mut command = Command::new(python);
    command.arg(script).args([vectors_file, questions_file]);
    command.args([NUMBERS, TOP as usize, WARM].map(|number| number.to_string()));
    python::said(&mut command)
}

fn bytes(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|it| it.to_le_bytes()).collect()
}

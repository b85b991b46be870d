//! The published checklist for a trend report: what research is worth.
//!
//! Four lines of equal weight, less the three hundredths that are always withheld: `relevance`, the mean
//! of the kept items; `coverage`, three kept items are enough; `choice`, whether there was anything to
//! leave out; `reasons`, the share of kept items with a reason that names shared words. Nothing kept caps
//! the whole at 30. Never here: posts.

use chimera_domain::{confidence::Confidence, verdict::Criterion};
use chimera_ports::facts::Relevance;

use super::checklist::WITHHELD;

/// Kept items that are enough to draft from.
const ENOUGH_PICKS: usize = 3;
/// What a report with nothing kept gets at most, in hundredths.
const EMPTY_CAP: u32 = 30;

/// What the list says of a trend report.
pub(crate) struct Report {
    /// One per line.
    pub criteria: Vec<Criterion>,
    /// The whole.
    pub total: Confidence,
}

/// Goes through the list; `read` is the number of items there were to choose from.
pub(crate) fn examine(picks: &[Relevance], read: usize, threshold: Confidence) -> Report {
    let kept = picks.len();
    let mean = picks
        .iter()
        .map(|pick| u32::from(pick.relevance.basis_points()))
        .sum::<u32>()
        .checked_div(u32::try_from(kept).unwrap_or(0))
        .unwrap_or(0);
    let part = |count: usize, whole: usize| {
        u32::try_from((count.min(whole) * 10_000).checked_div(whole).unwrap_or(0)).unwrap_or(0)
    };
    let reasoned = picks
        .iter()
        .filter(|pick| pick.why.contains("Shares") && pick.relevance >= threshold)
        .count();
    let choice = match read {
        0 => 0,
        read if read > kept => 10_000,
        _ => 8_000,
    };
    let lines = [
        (
            "relevance",
            mean,
            format!("Mean relevance of {kept} kept items."),
        ),
        (
            "coverage",
            part(kept, ENOUGH_PICKS),
            format!("{kept} kept, {ENOUGH_PICKS} are enough."),
        ),
        ("choice", choice, format!("{read} items to choose from.")),
        (
            "reasons",
            part(reasoned, kept),
            format!("{reasoned} of {kept} with a reason in shared words."),
        ),
    ];
    let sum: u32 = lines.iter().map(|(_, score, _)| score).sum();
    let earned = sum / 4 * (100 - WITHHELD) / 100;
    let total = if kept == 0 {
        earned.min(EMPTY_CAP * 100)
    } else {
        earned
    };
    let points = |score: u32| {
        Confidence::from_basis_points(u16::try_from(score).unwrap_or(Confidence::SCALE))
    };
    Report {
        criteria: lines
            .into_iter()
            .map(|(name, score, note)| Criterion {
                name: name.to_owned(),
                score: points(score),
                note,
            })
            .collect(),
        total: points(total),
    }
}

//! How alike two texts are: the share of three-word runs that they have in common (Jaccard).
//!
//! Never here: what follows from it.

use std::collections::BTreeSet;

use super::words::{stem, words};

/// From this share on, in hundredths, one text repeats the other.
pub(crate) const TOO_CLOSE: u32 = 60;
/// Words of a run.
const RUN: usize = 3;

fn runs(text: &str) -> BTreeSet<Vec<String>> {
    let stems: Vec<String> = words(text).iter().map(|word| stem(word)).collect();
    if stems.len() < RUN {
        return [stems].into_iter().filter(|run| !run.is_empty()).collect();
    }
    stems.windows(RUN).map(<[String]>::to_vec).collect()
}

/// Likeness of two texts in hundredths.
pub(crate) fn likeness(one: &str, other: &str) -> u32 {
    let (one, other) = (runs(one), runs(other));
    let shared = one.intersection(&other).count();
    let all = one.union(&other).count();
    u32::try_from((shared * 100).checked_div(all).unwrap_or(0)).unwrap_or(100)
}

/// Likeness to the nearest of `earlier`, in hundredths; 0 when there is none.
pub(crate) fn nearest(text: &str, earlier: &[String]) -> u32 {
    earlier
        .iter()
        .map(|other| likeness(text, other))
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness_runs_from_nothing_to_the_same() {
        let text = "The harbour opens on Monday, says the port.";
        assert_eq!(likeness(text, text), 100);
        assert_eq!(likeness(text, "Bread rises slowly in winter kitchens."), 0);
        let near = likeness(text, "The harbour opens on Tuesday, says the port.");
        assert!((20..TOO_CLOSE).contains(&near), "{near}");
        assert_eq!(nearest(text, &[]), 0);
        assert_eq!(likeness("", ""), 0);
    }
}

//! How random a text looks. What to do about it is for `patterns`.

use std::collections::BTreeMap;

/// Shannon entropy in bits per character; 0 for an empty text.
pub(super) fn bits_per_character(text: &str) -> f64 {
    let mut counts: BTreeMap<char, u32> = BTreeMap::new();
    for letter in text.chars() {
        *counts.entry(letter).or_default() += 1;
    }
    let total: u32 = counts.values().sum();
    counts
        .values()
        .map(|&count| f64::from(count) / f64::from(total))
        .map(|share| -share * share.log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_grows_with_variety() {
        assert!(bits_per_character("") == 0.0);
        assert!(bits_per_character("aaaaaaaa") == 0.0);
        assert!((bits_per_character("abababab") - 1.0).abs() < 1e-9);
        assert!((bits_per_character("0123456789abcdef") - 4.0).abs() < 1e-9);
    }
}

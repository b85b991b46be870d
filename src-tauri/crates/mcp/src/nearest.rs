//! Names that look like the one that was meant.
//!
//! Never here: meaning; only letters are compared.

/// Most names that are offered.
const MAX_OFFERED: usize = 3;
/// Longest name that is compared, in characters; the rest of a longer one is ignored.
const MAX_COMPARED_CHARS: usize = 64;

/// Up to three of `known` that are closest to `wanted`, best first; none when none is close.
pub(crate) fn nearest<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let wanted = letters(wanted);
    let mut ranked: Vec<(usize, &str)> = known
        .filter_map(|name| {
            let candidate = letters(name);
            let distance = edits(&wanted, &candidate);
            // Half of the longer name may differ; beyond that the hint would mislead.
            (distance * 2 <= wanted.len().max(candidate.len())).then_some((distance, name))
        })
        .collect();
    ranked.sort_unstable();
    ranked
        .into_iter()
        .take(MAX_OFFERED)
        .map(|(_, name)| name.to_owned())
        .collect()
}

fn letters(name: &str) -> Vec<char> {
    name.chars()
        .take(MAX_COMPARED_CHARS)
        .flat_map(char::to_lowercase)
        .collect()
}

/// Levenshtein distance, one row at a time.
fn edits(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(a != b))
                .min(above + 1)
                .min(row[j] + 1);
            diagonal = above;
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOOLS: [&str; 5] = [
        "fetch_feed",
        "get_post",
        "get_engagement",
        "post_content",
        "list_feeds",
    ];

    #[test]
    fn a_slip_is_recognised() {
        assert_eq!(
            nearest("fetch_feeds", TOOLS.into_iter()),
            ["fetch_feed", "list_feeds"]
        );
        assert_eq!(nearest("Post_Contend", TOOLS.into_iter()), ["post_content"]);
    }

    #[test]
    fn a_stranger_is_not() {
        assert_eq!(
            nearest("transfer_money_out", TOOLS.into_iter()),
            Vec::<String>::new()
        );
        assert_eq!(nearest("", TOOLS.into_iter()), Vec::<String>::new());
    }
}

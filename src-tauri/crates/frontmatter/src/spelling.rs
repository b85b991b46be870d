//! "Did you mean": which known word a misspelt one was meant to be.
//!
//! Never here: which words are known.

/// The known word that `word` misspells, when there is exactly one nearest.
pub(crate) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let word = plain(word);
    let mut best: Option<(usize, &str)> = None;
    let mut tied = false;
    for candidate in known {
        let Some(steps) = within_reach(&word, candidate) else {
            continue;
        };
        match best {
            Some((least, _)) if steps > least => {}
            Some((least, _)) if steps == least => tied = true,
            _ => {
                best = Some((steps, candidate));
                tied = false;
            }
        }
    }
    best.filter(|_| !tied).map(|(_, candidate)| candidate)
}

/// `Voice-Traits` and `voice traits` are `voice_traits`.
pub(crate) fn plain(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    let mut before = '_';
    for character in word.trim().chars() {
        if character.is_uppercase() && before.is_lowercase() {
            plain.push('_');
        }
        before = character;
        match character {
            '-' | ' ' => plain.push('_'),
            other => plain.extend(other.to_lowercase()),
        }
    }
    plain
}

fn within_reach(word: &str, candidate: &str) -> Option<usize> {
    const LONG_WORD_CHARS: usize = 6;
    let (length, other) = (word.chars().count(), candidate.chars().count());
    if length.abs_diff(other) > 2 {
        return None;
    }
    // A short word reaches many others by chance; it must at least start alike.
    let reach = if other >= LONG_WORD_CHARS { 2 } else { 1 };
    if reach == 1 && word.chars().next() != candidate.chars().next() {
        return None;
    }
    let steps = distance(word, candidate);
    (steps <= reach).then_some(steps)
}

/// Edits (insert, delete, replace, swap of neighbours) from one word to the other.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut left_before = None;
    for (row, left_char) in left.chars().enumerate() {
        let mut current = vec![row + 1];
        for (column, right_char) in right.iter().enumerate() {
            let replace = last[column] + usize::from(left_char != *right_char);
            let mut least = replace.min(last[column + 1] + 1).min(current[column] + 1);
            if column > 0 && left_before == Some(*right_char) && left_char == right[column - 1] {
                least = least.min(before_last[column - 1] + 1);
            }
            current.push(least);
        }
        before_last = std::mem::replace(&mut last, current);
        left_before = Some(left_char);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_find_their_word_and_other_words_do_not() {
        let known = ["name", "id", "role", "voice_traits", "directives", "values"];
        for (word, meant) in [
            ("nmae", Some("name")),
            ("Name", Some("name")),
            ("voice-traits", Some("voice_traits")),
            ("voiceTraits", Some("voice_traits")),
            ("voice_trait", Some("voice_traits")),
            ("direktives", Some("directives")),
            ("directvies", Some("directives")),
            ("value", Some("values")),
            ("di", None),
            ("ids", Some("id")),
            ("game", None),
            ("homepage", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
    }

    #[test]
    fn a_tie_is_no_answer() {
        assert_eq!(nearest("roles", ["roler", "rolet"]), None);
    }
}

//! The words of a question that say something.
//!
//! Never here: looking them up.

use std::collections::HashSet;

/// Most words that a question is looked up by.
pub(crate) const MAX_WORDS: usize = 96;
/// Most characters of a question that are read.
pub(crate) const MAX_QUERY_CHARS: usize = 4_000;

/// Words that nearly every English text has. They are left out because looking them up costs much and tells nothing.
const COMMON: [&str; 60] = [
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been",
    "but", "by", "can", "do", "for", "from", "had", "has", "have", "how", "if", "in", "into", "is",
    "it", "its", "more", "most", "no", "not", "of", "on", "one", "or", "our", "out", "so", "some",
    "than", "that", "the", "their", "there", "they", "this", "to", "up", "was", "we", "were",
    "what", "when", "which", "who", "will", "with", "you",
];

/// The words of a question, each once, in its order; common ones only where there is nothing else.
pub(crate) fn of(question: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    let every: Vec<String> = question
        .chars()
        .take(MAX_QUERY_CHARS)
        .collect::<String>()
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .filter(|word| seen.insert(word.clone()))
        .collect();
    let mut telling: Vec<String> = every
        .iter()
        .filter(|word| !COMMON.contains(&word.as_str()))
        .cloned()
        .collect();
    if telling.is_empty() {
        telling = every;
    }
    telling.truncate(MAX_WORDS);
    telling
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_once_and_common_ones_are_left_out() {
        assert_eq!(
            of("What did the Bakery do about FOG, and the fog-horn?"),
            ["did", "bakery", "fog", "horn"]
        );
        assert_eq!(of("to be or not to be"), ["to", "be", "or", "not"]);
        assert_eq!(
            of("\"; DROP TABLE memories --"),
            ["drop", "table", "memories"]
        );
        assert_eq!(of(" … "), Vec::<String>::new());
        let many: String = (0..100).map(|number| format!("w{number} ")).collect();
        assert_eq!(of(&many).len(), MAX_WORDS);
    }
}

//! Characters that a reader does not see and a model does: refused in files that steer an agent.
//!
//! Never here: untrusted text from outside, which is normalised and not refused (`guard`).

use crate::diagnostic::{At, Findings};

/// Hidden characters that are reported one by one before the rest is only counted.
const MAX_REPORTED: usize = 10;

/// Reports every hidden character of `text`.
pub(crate) fn check(text: &str, findings: &mut Findings) {
    let mut at = At::START;
    let mut before = '\n';
    let mut found = 0_usize;
    let mut characters = text.chars().enumerate().peekable();
    while let Some((index, character)) = characters.next() {
        let after = characters.peek().map_or('\n', |(_, next)| *next);
        let is_mark = index == 0 && character == '\u{feff}';
        if let Some(kind) = kind(before, character, after).filter(|_| !is_mark) {
            found += 1;
            if found <= MAX_REPORTED {
                findings.error(
                    at,
                    "HIDDEN_CHARACTER",
                    format!(
                        "there is {kind} (U+{:04X}) that nobody sees",
                        u32::from(character)
                    ),
                    "delete it; retype the word by hand if you cannot find it",
                );
            }
        }
        if character == '\n' {
            at = At::line(at.line.saturating_add(1));
        } else if !is_mark {
            at.column = at.column.saturating_add(1);
        }
        before = character;
    }
    if found > MAX_REPORTED {
        findings.error(
            at,
            "HIDDEN_CHARACTER",
            format!("the file has {found} hidden characters in all"),
            "paste the text through a plain-text editor",
        );
    }
}

/// `text` without its hidden characters.
pub(crate) fn removed(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut before = '\n';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let after = characters.peek().copied().unwrap_or('\n');
        // A character that goes must not stand between two that stay: their neighbour is the next kept one.
        if kind(before, character, after).is_none() {
            kept.push(character);
            before = character;
        }
    }
    kept
}

fn kind(before: char, character: char, after: char) -> Option<&'static str> {
    match character {
        '\t' | '\n' => None,
        '\r' if after == '\n' => None,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => Some("a control character"),
        '\u{ad}' => Some("a soft hyphen"),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some("a mark that turns the writing direction")
        }
        // Joiners bind emoji and the letters of several scripts; between other characters they hide.
        '\u{200c}' | '\u{200d}' if joins(before) && joins(after) => None,
        '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{feff}' | '\u{180e}' => {
            Some("a character of no width")
        }
        '\u{2028}' | '\u{2029}' => Some("an invisible line break"),
        '\u{206a}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' => Some("an invisible format character"),
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}' => Some("a blank letter"),
        '\u{e0000}'..='\u{e007f}' => Some("a tag character"),
        '\u{e0100}'..='\u{e01ef}' => Some("a variation selector"),
        _ => None,
    }
}

/// A row of joiners joins nothing; it can spell a message.
fn joins(character: char) -> bool {
    !character.is_ascii()
        && !character.is_whitespace()
        && !matches!(character, '\u{200b}'..='\u{200f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(u32, u32)> {
        let mut findings = Findings::default();
        check(text, &mut findings);
        findings
            .into_list()
            .iter()
            .map(|d| (d.line, d.column))
            .collect()
    }

    #[test]
    fn ordinary_writing_of_many_scripts_and_emoji_pass() {
        for text in [
            "\u{feff}Zürich\r\n\tŁódź",
            "می‌خواهم",
            "👩‍💻 ❤️ 日本語 한국어 العربية",
            "क्‍ष",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn removal_leaves_what_passes_and_keeps_emoji_whole() {
        let text = "a\u{200b}b\u{feff}\r c\u{202e}👩\u{200d}💻\u{200d}\u{200d}\u{0}é\u{200d}";
        let kept = removed(text);
        assert_eq!(found(&kept), [], "{kept:?}");
        assert!(kept.starts_with("ab c👩\u{200d}💻"), "{kept:?}");
    }

    #[test]
    fn hidden_characters_are_found_where_they_stand() {
        assert_eq!(found("ab\nc\u{200b}d\u{202e}"), [(2, 2), (2, 4)]);
        assert_eq!(found("a\u{200d}b"), [(1, 2)]);
        assert_eq!(found("é\u{200d}\u{200c}\u{200d}é").len(), 3);
        assert_eq!(found("x\ry"), [(1, 2)]);
        assert_eq!(found("a\u{feff}"), [(1, 2)]);
        assert_eq!(found("\u{e0041}\u{e0042}"), [(1, 1), (1, 2)]);
        assert_eq!(found(&"\u{2063}".repeat(5_000)).len(), MAX_REPORTED + 1);
    }
}

//! The canonical form of a text from outside: NFC, without hidden characters, bounded; and a
//! record of everything that was changed or looks odd.
//!
//! Never here: judging whether the text is hostile (`scan`).

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::words;
use crate::hidden::{self, HiddenKind, Piece, pieces, tag_ascii};
use crate::span::shorten;

/// Most positions that one change lists; its `count` is always the whole number.
pub const MAX_POSITIONS: usize = 32;

/// Most combining marks on one character; more only cover the lines above and below.
pub const MAX_STACKED_MARKS: usize = 8;

/// Whether a text may have several lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// A title or a name: any white space becomes one space, none at the ends.
    One,
    /// Line breaks of all kinds become line feeds; the rest of the white space stays.
    Many,
}

/// How long a text may be and whether it may have lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest text in characters (Unicode scalar values), the "…" of a cut included; at least 1.
    pub max_chars: usize,
    /// One line or many.
    pub lines: Lines,
}

impl Limits {
    /// A title, a name, a headline: one line of at most 300 characters.
    pub const TITLE: Self = Self {
        max_chars: 300,
        lines: Lines::One,
    };
    /// A summary or a body: at most 20,000 characters.
    pub const BODY: Self = Self {
        max_chars: 20_000,
        lines: Lines::Many,
    };
}

/// What kind of thing was changed or noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Hidden characters of one kind were taken out.
    Hidden(HiddenKind),
    /// Marks beyond [`MAX_STACKED_MARKS`] on one character were taken out.
    StackedMarks,
    /// The end was cut off.
    Truncated,
    /// A word mixes scripts so that letters can be taken for others. Left as it is.
    MixedScript,
    /// A word in another script looks like a Latin word in a Latin text. Left as it is.
    LookAlike,
}

/// One kind of change, with every place counted and the first ones listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it is.
    pub kind: ChangeKind,
    /// How many characters (for words: how many words) it concerns.
    pub count: usize,
    /// Byte offsets of the first [`MAX_POSITIONS`]: in the text as given for hidden characters,
    /// in the resulting text (before its cut) for all else.
    pub at: Vec<usize>,
    /// The change in words, for a person.
    pub why: String,
}

/// A text in canonical form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Normalised {
    /// The text.
    pub text: String,
    /// What was changed or noticed, at most one entry per kind, in the order of the kinds.
    pub changes: Vec<Change>,
}

/// Brings a text from outside into canonical form. Linear in its length; doing it twice
/// changes nothing more.
#[must_use]
pub fn normalise(text: &str, limits: Limits) -> Normalised {
    let mut changes = Vec::new();
    let seen = without_hidden(text, &mut changes);
    let composed: String = seen.nfc().collect();
    let lined = match limits.lines {
        Lines::One => composed.split_whitespace().collect::<Vec<_>>().join(" "),
        Lines::Many => composed,
    };
    let lined = stacked(&lined, &mut changes);
    let text = truncated(lined, limits.max_chars.max(1), &mut changes);
    words::notice(&text, &mut changes);
    changes.sort_by_key(|change| change.kind);
    Normalised { text, changes }
}

/// Counts places, keeping the first.
#[derive(Default)]
pub(super) struct Places {
    count: usize,
    at: Vec<usize>,
}

impl Places {
    pub(super) fn add(&mut self, at: usize) {
        self.count += 1;
        if self.at.len() < MAX_POSITIONS {
            self.at.push(at);
        }
    }

    pub(super) fn report(
        self,
        kind: ChangeKind,
        changes: &mut Vec<Change>,
        why: impl FnOnce(usize) -> String,
    ) {
        if self.count > 0 {
            changes.push(Change {
                kind,
                count: self.count,
                why: why(self.count),
                at: self.at,
            });
        }
    }
}

/// The text without hidden characters and with line feeds for all line breaks.
fn without_hidden(text: &str, changes: &mut Vec<Change>) -> String {
    const KINDS: [HiddenKind; 6] = [
        HiddenKind::Bidi,
        HiddenKind::ZeroWidth,
        HiddenKind::Tag,
        HiddenKind::VariationSelector,
        HiddenKind::Control,
        HiddenKind::Ignorable,
    ];
    let mut places: [Places; KINDS.len()] = Default::default();
    let mut smuggled = String::new();
    let mut kept = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Seen(part) => push_lines(part, &mut kept),
            Piece::Hidden(c, kind, at) => {
                smuggled.extend(tag_ascii(c));
                if let Some(index) = KINDS.iter().position(|&k| k == kind) {
                    places[index].add(at);
                }
            }
        }
    }
    for (kind, places) in KINDS.into_iter().zip(places) {
        places.report(ChangeKind::Hidden(kind), changes, |count| {
            let secret = match kind {
                HiddenKind::Tag if !smuggled.is_empty() => {
                    format!("; they spell {:?}", shorten(&smuggled, 120))
                }
                _ => String::new(),
            };
            format!("took out {count} hidden: {}{secret}", kind.words())
        });
    }
    kept
}

fn push_lines(part: &str, kept: &mut String) {
    let mut chars = part.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\r' || chars.peek() != Some(&'\n') {
            kept.push(if is_line_break(c) { '\n' } else { c });
        }
    }
}

fn is_line_break(c: char) -> bool {
    matches!(
        c,
        '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

fn stacked(text: &str, changes: &mut Vec<Change>) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut places = Places::default();
    let mut run = 0;
    for c in text.chars() {
        run = if is_combining_mark(c) && hidden::kind(c).is_none() {
            run + 1
        } else {
            0
        };
        if run > MAX_STACKED_MARKS {
            places.add(kept.len());
        } else {
            kept.push(c);
        }
    }
    places.report(ChangeKind::StackedMarks, changes, |count| {
        format!("took out {count} combining marks beyond {MAX_STACKED_MARKS} on one character")
    });
    kept
}

fn truncated(mut text: String, max_chars: usize, changes: &mut Vec<Change>) -> String {
    let Some((over, _)) = text.char_indices().nth(max_chars) else {
        return text;
    };
    let chars = text.chars().count();
    let (mut cut, mut after) = (over, text[over..].chars().next());
    // One back for the "…", and further back while the cut would split what belongs together.
    for (at, c) in text[..over].char_indices().rev() {
        let splits = after.is_some_and(belongs_to_the_left);
        if cut < over && !splits && !is_joiner(c) {
            break;
        }
        (cut, after) = (at, Some(c));
    }
    text.truncate(cut);
    text.truncate(text.trim_end().len());
    let mut places = Places::default();
    places.add(text.len());
    text.push('…');
    places.report(ChangeKind::Truncated, changes, |_| {
        format!(
            "cut from {chars} to {} characters (the limit is {max_chars})",
            text.chars().count()
        )
    });
    text
}

fn belongs_to_the_left(c: char) -> bool {
    is_combining_mark(c) || hidden::kind(c).is_some() || matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

fn is_joiner(c: char) -> bool {
    hidden::kind(c) == Some(HiddenKind::ZeroWidth)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn change(kind: ChangeKind, count: usize, at: &[usize], why: &str) -> Change {
        Change {
            kind,
            count,
            at: at.to_vec(),
            why: why.to_owned(),
        }
    }

    #[test]
    fn hidden_characters_are_taken_out_counted_and_told() {
        assert_eq!(
            normalise(
                "Pay\u{200B}Pal\u{202E} now\u{200B}\u{E0068}\u{E0069}",
                Limits::TITLE
            ),
            Normalised {
                text: "PayPal now".to_owned(),
                changes: vec![
                    change(
                        ChangeKind::Hidden(HiddenKind::Bidi),
                        1,
                        &[9],
                        "took out 1 hidden: characters that change the reading direction"
                    ),
                    change(
                        ChangeKind::Hidden(HiddenKind::ZeroWidth),
                        2,
                        &[3, 16],
                        "took out 2 hidden: zero-width characters"
                    ),
                    change(
                        ChangeKind::Hidden(HiddenKind::Tag),
                        2,
                        &[19, 23],
                        "took out 2 hidden: invisible tag characters; they spell \"hi\""
                    ),
                ],
            }
        );
    }

    #[test]
    fn a_title_of_10_000_characters_is_cut_and_reported() {
        let cut = normalise(&"é".repeat(10_000), Limits::TITLE);
        assert_eq!(cut.text, format!("{}…", "é".repeat(299)));
        let why = "cut from 10000 to 300 characters (the limit is 300)";
        assert_eq!(cut.changes, [change(ChangeKind::Truncated, 1, &[598], why)]);
    }

    #[test]
    fn a_cut_splits_no_character_from_its_marks() {
        let limits = Limits {
            max_chars: 4,
            lines: Lines::One,
        };
        for (text, expected) in [
            ("abcdef", "abc…"),
            ("abcd", "abcd"),
            ("ab q\u{308}\u{323}x", "ab…"),
            ("a👨‍👩‍👧b", "a…"),
            ("ab❤️cd", "ab…"),
        ] {
            assert_eq!(normalise(text, limits).text, expected, "{text}");
        }
        assert_eq!(
            normalise(
                "abc",
                Limits {
                    max_chars: 0,
                    lines: Lines::One
                }
            )
            .text,
            "…"
        );
    }

    #[test]
    fn lines_and_forms_become_canonical_without_a_finding() {
        let many = normalise("e\u{301}a\r\nb\rc\u{2028}d\u{85}", Limits::BODY);
        assert_eq!(
            many,
            Normalised {
                text: "éa\nb\nc\nd\n".to_owned(),
                changes: vec![]
            }
        );
        let one = normalise(" \n A \t title\u{A0}\n here ", Limits::TITLE);
        assert_eq!(
            one,
            Normalised {
                text: "A title here".to_owned(),
                changes: vec![]
            }
        );
    }

    #[test]
    fn stacked_marks_are_limited() {
        let zalgo = normalise(&format!("q{}u", "\u{334}".repeat(30)), Limits::TITLE);
        assert_eq!(
            zalgo.text,
            format!("q{}u", "\u{334}".repeat(MAX_STACKED_MARKS))
        );
        assert_eq!(zalgo.changes[0].kind, ChangeKind::StackedMarks);
        assert_eq!(zalgo.changes[0].count, 22);
    }

    #[test]
    fn ordinary_text_of_many_languages_is_left_alone() {
        for text in [
            "Über 1.000 Menschen – „Größe“ zählt nicht",
            "Les élèves d’été",
            "Россия и мир: новости дня",
            "東京でTシャツが人気",
            "서울 날씨 맑음",
            "می‌خواهم بروم",
            "हिन्दी में समाचार",
            "Τα νέα της ημέρας",
            "👨‍👩‍👧 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 done",
        ] {
            assert_eq!(
                normalise(text, Limits::TITLE),
                Normalised {
                    text: text.to_owned(),
                    changes: vec![]
                }
            );
        }
    }

    fn awkward() -> impl Strategy<Value = String> {
        let one = prop_oneof![
            any::<char>(),
            proptest::sample::select(vec![
                'a',
                ' ',
                '\n',
                '\r',
                '\u{85}',
                '\u{301}',
                '\u{323}',
                '\u{200D}',
                '\u{200C}',
                '\u{FE0F}',
                '\u{FE0E}',
                '👨',
                '❤',
                '🏽',
                '🏴',
                '\u{E0067}',
                '\u{E0062}',
                '\u{E0065}',
                '\u{E006E}',
                '\u{E007F}',
                '1',
                '\u{20E3}',
                'ی',
                'م',
                'क',
                '\u{94D}',
                '\u{9C7}',
                '\u{9BE}',
                '\u{1100}',
                '\u{1161}',
                '\u{11A8}',
                '\u{202E}',
                'а',
                '…',
            ]),
        ];
        proptest::collection::vec(one, 0..60).prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #[test]
        fn doing_it_twice_changes_nothing_more(text in awkward(), max_chars in 1_usize..70, one in any::<bool>()) {
            let limits = Limits { max_chars, lines: if one { Lines::One } else { Lines::Many } };
            let once = normalise(&text, limits);
            let twice = normalise(&once.text, limits);
            prop_assert_eq!(&twice.text, &once.text);
            prop_assert!(once.text.chars().count() <= max_chars);
            let kept = twice.changes.iter().all(|c| matches!(c.kind, ChangeKind::MixedScript | ChangeKind::LookAlike));
            prop_assert!(kept, "{:?}", twice.changes);
            for change in &once.changes {
                let of = match change.kind {
                    ChangeKind::Hidden(_) => &text,
                    ChangeKind::StackedMarks => continue,
                    _ => &once.text,
                };
                prop_assert!(change.at.iter().all(|&at| of.is_char_boundary(at)));
            }
        }
    }
}

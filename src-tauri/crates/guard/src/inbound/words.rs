//! Words that can be taken for others: letters of several scripts in one word, or a word of another script than the text
//! that looks Latin.
//!
//! Never here: changing the text, or what one letter is (`reading`).

use unicode_normalization::char::is_combining_mark;

use super::{
    normalise::{Change, ChangeKind, Places},
    reading::{Alphabets, Reading},
};
use crate::{Span, fold::look_alike, scripts::Script};

/// Dots by which the name of a host is written.
const DOTS: [char; 4] = ['.', '。', '．', '｡'];

/// A word that is taken for another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeceptiveWord {
    /// Where it stands, in bytes.
    pub span: Span,
    /// Whether it mixes scripts; otherwise it is of another script as a whole.
    pub mixes: bool,
    /// What a reader takes it for.
    pub reads_like: String,
}

/// The words of a text that are taken for others. A text that is written in one script has none, whatever the script;
/// the name of a host has one where a part of another script looks Latin and the part behind it is Latin.
#[must_use]
pub fn deceptive_words(text: &str) -> Vec<DeceptiveWord> {
    if text.is_ascii() {
        return Vec::new();
    }
    let alphabets = Alphabets::of(text);
    let read: Vec<(Span, Reading<'_>)> = words(text)
        .map(|span| (span, Reading::of(span.of(text), alphabets)))
        .collect();
    let mut letters = Letters::of(text);
    for (_, reading) in read.iter().filter(|(_, word)| word.looks_latin()) {
        letters.leave_out(reading);
    }
    read.iter()
        .filter_map(|(span, word)| {
            let mixes = word.mixes(letters.most());
            let in_disguise = || {
                word.looks_latin()
                    && (!letters.are_mostly(word) || begins_a_latin_host(&text[span.end..]))
            };
            (mixes || in_disguise()).then(|| DeceptiveWord {
                span: *span,
                mixes,
                reads_like: reads_like(span.of(text)),
            })
        })
        .collect()
}

/// Without what only stands between its letters.
fn reads_like(word: &str) -> String {
    word.chars()
        .filter(|&c| !is_combining_mark(c) && !joins(c))
        .map(|c| look_alike(c).unwrap_or(c))
        .collect()
}

/// How many letters of which script a text has, without words that only look Latin: those say nothing of the rest.
struct Letters(Vec<(Script, usize)>);

impl Letters {
    fn of(text: &str) -> Self {
        let mut letters = Self(Vec::new());
        for letter in text.chars().filter(|c| c.is_alphabetic()) {
            let script = match Script::of(letter) {
                Script::Styled => Script::Latin,
                other => other,
            };
            match letters.0.iter_mut().find(|(known, _)| *known == script) {
                Some((_, count)) => *count += 1,
                None => letters.0.push((script, 1)),
            }
        }
        letters
    }

    fn leave_out(&mut self, word: &Reading<'_>) {
        for script in word.scripts() {
            if let Some((_, count)) = self.0.iter_mut().find(|(known, _)| *known == script) {
                *count -= 1;
            }
        }
    }

    /// The script of at least half of them.
    fn most(&self) -> Option<Script> {
        let all: usize = self.0.iter().map(|(_, count)| count).sum();
        let most = self.0.iter().max_by_key(|(_, count)| count)?;
        (most.1 > 0 && 2 * most.1 >= all).then_some(most.0)
    }

    fn are_mostly(&self, word: &Reading<'_>) -> bool {
        let most = self.most();
        most != Some(Script::Latin) && word.scripts().all(|script| Some(script) == most)
    }
}

/// Whether what follows a word makes it a part of a host's name that ends in Latin letters: `-bank.com`, `.co.uk`.
fn begins_a_latin_host(rest: &str) -> bool {
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
    let Some(next) = rest.strip_prefix(DOTS) else {
        return false;
    };
    let label = next.split(|c: char| !c.is_alphanumeric()).next();
    label.is_some_and(|label| {
        label.len() > 1
            && label.chars().all(|c| c.is_ascii_alphanumeric())
            && label.contains(|c: char| c.is_ascii_alphabetic())
    })
}

/// Adds a finding for each kind of deceptive word in `text`.
pub(super) fn notice(text: &str, changes: &mut Vec<Change>) {
    let (mut mixed, mut look_alikes) = (Places::default(), Places::default());
    for word in deceptive_words(text) {
        let places = if word.mixes {
            &mut mixed
        } else {
            &mut look_alikes
        };
        places.add(word.span.start);
    }
    mixed.report(ChangeKind::MixedScript, changes, |count| {
        format!("{count} words mix letters of several scripts that look alike")
    });
    look_alikes.report(ChangeKind::LookAlike, changes, |count| {
        format!("{count} words are written in another script and look like Latin ones")
    });
}

/// What stands within a word and leaves it one to the eye.
fn joins(c: char) -> bool {
    matches!(c, '·' | '‧' | '’' | '\'')
}

/// Whether a word is made of it. Scripts that put no blank between words stand between words here.
fn is_part(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    if !c.is_alphanumeric() {
        return is_combining_mark(c) || look_alike(c).is_some();
    }
    match Script::of(c) {
        Script::EastAsian => false,
        Script::Unspaced => look_alike(c).is_some(),
        _ => true,
    }
}

/// Runs of letters, digits and marks, with what joins two of them, that are not of ASCII alone.
fn words(text: &str) -> impl Iterator<Item = Span> {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        loop {
            let (start, _) = chars.find(|(_, c)| is_part(*c) && !is_combining_mark(*c))?;
            let mut end = start + text[start..].chars().next().map_or(0, char::len_utf8);
            while let Some(&(at, c)) = chars.peek() {
                let goes_on = || {
                    text[at + c.len_utf8()..]
                        .chars()
                        .next()
                        .is_some_and(is_part)
                };
                if !(is_part(c) || joins(c) && goes_on()) {
                    break;
                }
                end = at + c.len_utf8();
                chars.next();
            }
            if !text[start..end].is_ascii() {
                return Some(Span { start, end });
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(ChangeKind, usize, &[usize])]) {
        let mut changes = Vec::new();
        notice(text, &mut changes);
        let got: Vec<_> = changes
            .iter()
            .map(|c| (c.kind, c.count, c.at.as_slice()))
            .collect();
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn a_word_of_several_scripts_is_noticed() {
        check(
            "Log in to pаypal and аpple now",
            &[(ChangeKind::MixedScript, 2, &[10, 22])],
        );
        check("The раур is a word", &[(ChangeKind::LookAlike, 1, &[4])]);
    }

    #[test]
    fn a_host_is_looked_at_in_a_text_of_any_script() {
        let like = |text: &str| -> Vec<String> {
            let found = deceptive_words(text).into_iter();
            found.map(|word| word.reads_like).collect()
        };
        assert_eq!(like("Войти можно на https://сосо.com сегодня"), ["coco"]);
        assert_eq!(like("Войти можно на сосо-shop.co.uk сегодня"), ["coco"]);
        assert_eq!(like("Войти можно на https://сосо.рф сегодня"), [""; 0]);
        assert_eq!(like("Он рос.Потом вырос. В 5 лет"), [""; 0]);
    }

    #[test]
    fn words_that_are_taken_for_latin_ones_are_noticed_however_they_are_written() {
        for (text, expected) in [
            ("Sign in at gօօgle or micrօsօft.", "google microsoft"),
            ("Sign in at \u{578}etflix and \u{570}sbc.", "netflix hsbc"),
            (
                "Sign in at g\u{5e1}\u{5e1}gle, fac\u{10d4}book.",
                "google facebook",
            ),
            (
                "Sign in at g\u{e50}\u{e50}gle, g\u{ed0}\u{ed0}gle.",
                "google google",
            ),
            ("Sign in at g\u{e4f}\u{e4f}gle now.", "google"),
            (
                "Sign in at g\u{665}\u{665}gle, goog\u{627}e.",
                "google google",
            ),
            (
                "Sign in at pɑypɑl and ɡooɡle, ɢoogle.",
                "paypal google google",
            ),
            ("Sign in at paypa\u{217c} and payp𝖺l now.", "paypal paypal"),
            ("Sign in at ᴘᴀʏᴘᴀʟ or payp\u{131}l now.", "paypal paypil"),
            ("Sign in at р\u{323}aypal now.", "paypal"),
            ("Sign in at р\u{332}а\u{332}у\u{332}pal now.", "paypal"),
            ("Sign in at р·aypal or р’aypal now.", "paypal paypal"),
            ("Συνδεθείτε στο раураӏ σήμερα.", "paypal"),
            ("今すぐ раураӏ にログインしてください。", "paypal"),
            ("今すぐраураӏにログイン", "paypal"),
            ("раураӏ", "paypal"),
            ("Войти можно на https://сосо.COM сегодня", "coco"),
            ("Войти можно на https://сосо.x1 сегодня", "coco"),
            ("Войти можно на gооglе сегодня", "google"),
            ("VΙRUS in Greek disguise: ραураl", "virus paypal"),
        ] {
            let found = deceptive_words(text).into_iter();
            let like: Vec<String> = found.map(|word| word.reads_like.to_lowercase()).collect();
            assert_eq!(like.join(" "), expected.replace("virus", "vlrus"), "{text}");
        }
    }

    #[test]
    fn ordinary_posts_of_many_languages_raise_nothing() {
        for post in include_str!("corpus/posts.txt").lines() {
            assert_eq!(deceptive_words(post), [], "{post}");
        }
    }

    #[test]
    fn other_languages_are_not() {
        check("в России рост, сор и она", &[]);
        check("Das Café über der Straße: 10 km² für 5 µm", &[]);
        check("Tシャツ、K팝", &[]);
        check("Ελλάδα and Ё", &[]);
    }
}

//! Where a text leads its readers: links, and names that are called.
//!
//! Found generously: a word with a dot in it that a network could make a link of counts as one. Never here: whether that is
//! good (`flow`).

/// Most aims of one text.
const MAX_AIMS: usize = 32;
/// Dots by which an address is written, also in other scripts.
const DOTS: [char; 4] = ['.', '。', '．', '｡'];
/// What stands around a word and does not belong to it.
const AROUND: &[char] = &[
    '(', ')', '[', ']', '{', '}', '<', '>', '"', '\'', ',', ';', '!', '?', '…', '“', '”', '‘', '’',
    '«', '»', '*', ':', '.', '。', '．', '｡', '`', '|',
];

/// Links, addresses and called names of a text, in order, as they stand there.
#[must_use]
pub fn aims_in(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in text.split(|sign: char| {
        sign.is_whitespace() || matches!(sign, '(' | ')' | '[' | ']' | '<' | '>')
    }) {
        let word = word.trim_matches(AROUND);
        if found.len() < MAX_AIMS && is_aim(word) && !found.iter().any(|known| known == word) {
            found.push(word.to_owned());
        }
    }
    found
}

fn is_aim(word: &str) -> bool {
    word.contains("://") || is_called(word) || is_address(word)
}

/// `@name`, or `name@place`.
fn is_called(word: &str) -> bool {
    word.char_indices().any(|(at, sign)| {
        matches!(sign, '@' | '＠')
            && word[at + sign.len_utf8()..]
                .chars()
                .next()
                .is_some_and(|next| next.is_alphanumeric() || next == '_')
    })
}

/// A host's name, with or without a path: letters or digits, a dot, and at least two letters at its end.
fn is_address(word: &str) -> bool {
    let host = word.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let parts: Vec<&str> = host.split(DOTS).collect();
    let [.., before, top] = parts.as_slice() else {
        return false;
    };
    let named = |part: &&str| {
        !part.is_empty()
            && part
                .chars()
                .all(|sign| sign.is_alphanumeric() || matches!(sign, '-' | '_'))
    };
    let numbers =
        host.split(DOTS).count() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok());
    numbers
        || (named(before)
            && parts.iter().all(named)
            && top.chars().count() >= 2
            && top.chars().all(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_called_names_are_found_however_they_are_written() {
        for (text, found) in [
            (
                "Read https://evil.example/a?b=c now",
                vec!["https://evil.example/a?b=c"],
            ),
            ("Go to evil.example/login.", vec!["evil.example/login"]),
            ("see (evil.example)", vec!["evil.example"]),
            ("[here](http://evil.example)", vec!["http://evil.example"]),
            ("ask @mallory, please", vec!["@mallory"]),
            ("write to me@evil.example", vec!["me@evil.example"]),
            ("at evil。example today", vec!["evil。example"]),
            ("try 203.0.113.7 tonight", vec!["203.0.113.7"]),
            (
                "javascript://x and HTTP://X.Y",
                vec!["javascript://x", "HTTP://X.Y"],
            ),
        ] {
            assert_eq!(aims_in(text), found, "{text}");
        }
    }

    #[test]
    fn plain_words_lead_nowhere() {
        for text in [
            "Cold brew on tap: from 90 to 20 seconds, 0.5 litres, 3.14 or so.",
            "It works, e.g. here, i.e. there... and then some.",
            "Shops open 9-17, 1/2 price; #coldbrew a.m. @ noon",
            "",
        ] {
            assert_eq!(aims_in(text), [] as [String; 0], "{text}");
        }
    }
}

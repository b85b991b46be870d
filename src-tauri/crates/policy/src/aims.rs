//! Where a text leads its readers: links, and names that are called.
//!
//! Found generously: a word with a dot in it that a network could make a link of counts as one. Never here: whether that is
//! good (`flow`).

use std::{collections::BTreeSet, sync::LazyLock};

/// Most aims of one text.
const MAX_AIMS: usize = 32;
/// Dots by which an address is written, also in other scripts.
const DOTS: [char; 4] = ['.', '。', '．', '｡'];
/// Longest name before a stop that is taken for the dot of an address.
const MAX_NAME_CHARS: usize = 10;
/// The tops that the network has, in lower case.
static TOPS: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("tops.txt").split_whitespace().collect());
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
        matches!(sign, '@' | '＠' | '﹫')
            && word[at + sign.len_utf8()..]
                .chars()
                .next()
                .is_some_and(|next| next.is_alphanumeric() || next == '_')
    })
}

/// A host's name, with or without a path, also within a sentence that is written without blanks.
fn is_address(word: &str) -> bool {
    let host = word.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let parts: Vec<&str> = host.split(DOTS).collect();
    let numbers = parts.len() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok());
    numbers
        || host
            .split(|sign| !is_named(sign) && !DOTS.contains(&sign))
            .any(is_host)
}

/// A letter, a digit or a sign that a part of a host's name is made of.
fn is_named(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '-' | '_')
}

/// Parts and dots: whether there are two parts between which a network would see the dot of an address.
fn is_host(run: &str) -> bool {
    run.char_indices()
        .filter(|(_, sign)| DOTS.contains(sign))
        .any(|(at, dot)| {
            let before = run[..at].rsplit(DOTS).next().unwrap_or_default();
            let after = &run[at + dot.len_utf8()..];
            let top = after.split(DOTS).next().unwrap_or_default();
            !before.is_empty()
                && (top.starts_with("xn--") || is_top(top))
                && (dot == '.' || is_no_stop(before, top))
                && !begins_a_sentence(top)
        })
}

/// At least two letters, and nothing else.
fn is_top(label: &str) -> bool {
    label.chars().nth(1).is_some() && label.chars().all(char::is_alphabetic)
}

/// Whether the stop of a sentence in Chinese or Japanese is the dot of an address: where what stands on both sides is of
/// ASCII, as hosts are named, or where a short name stands before a top of the network.
fn is_no_stop(before: &str, top: &str) -> bool {
    let head = ascii_head(top);
    let begins = head.len() > 1 && (before.ends_with(|sign: char| sign.is_ascii()));
    let is_named = before.chars().count() <= MAX_NAME_CHARS && head.len() == top.len();
    begins || is_named && TOPS.contains(top)
}

/// A capital and then small letters, after a dot without a blank: "temps.Trois". Where the network has such a top it is a
/// link all the same, whatever its case.
fn begins_a_sentence(top: &str) -> bool {
    let mut letters = top.chars();
    let capital = letters.next().is_some_and(char::is_uppercase);
    let is_known = |label: &str| TOPS.contains(label.to_lowercase().as_str());
    capital && letters.any(char::is_lowercase) && !is_known(top) && !is_known(ascii_head(top))
}

/// What stands before the first letter that is not of ASCII.
fn ascii_head(label: &str) -> &str {
    label
        .split(|sign: char| !sign.is_ascii())
        .next()
        .unwrap_or_default()
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
    fn an_address_is_found_within_a_sentence_and_in_any_case() {
        for text in [
            "Visit EVIL.COM or Evil.Com",
            "Visit evil.Com",
            "Visit evil.Boutique",
            "Visit evil.xn--p1ai",
            "请看evil.com登录",
            "请看，evil.com！谢谢",
            "请看。evil.com。谢谢",
            "请看evil。com登录",
            "例え。jp",
            "例え.テスト",
            "Вот сайт.рф и сайт.РФ",
            "Вот сайт.Москва",
            "🔥evil.com",
        ] {
            assert_ne!(aims_in(text), [] as [String; 0], "{text}");
        }
    }

    #[test]
    fn a_sentence_without_a_blank_leads_nowhere() {
        for text in [
            "冷萃咖啡节省时间。三家连锁店说从90秒降到20秒。很方便。",
            "コールドブリューで待ち時間が短縮。三つの店で二十秒に。AIが書きました。便利ですね。",
            "便利ですね。Appleの話です。OKです。",
            "Le café froid gagne du temps.Trois chaînes l’ont dit.",
            "Кофе экономит время.Три сети довольны.Вот так",
        ] {
            assert_eq!(aims_in(text), [] as [String; 0], "{text}");
        }
    }

    #[test]
    fn ordinary_posts_lead_nowhere() {
        for post in include_str!("../../guard/src/inbound/corpus/posts.txt").lines() {
            assert_eq!(aims_in(post), [] as [String; 0], "{post}");
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

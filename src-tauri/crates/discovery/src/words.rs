//! The words of a text as they are compared: without case, without endings, and with their kin.
//!
//! Never here: weighing them.

use std::{collections::HashMap, sync::LazyLock};

/// Most words of one text that are read.
const MAX_WORDS: usize = 400;
/// Shortest word that is left after its ending was taken away, in letters.
const SHORTEST_STEM: usize = 3;

/// Words that say nothing of what a tool does.
const EMPTY: &[&str] = &[
    "a", "about", "all", "an", "and", "any", "are", "as", "at", "be", "but", "by", "can", "did",
    "do", "does", "for", "from", "get", "gets", "give", "gives", "has", "have", "how", "i", "if",
    "in", "into", "is", "it", "its", "like", "many", "me", "much", "my", "no", "not", "of", "on",
    "one", "onto", "or", "our", "out", "so", "some", "tell", "tells", "that", "the", "their",
    "them", "then", "there", "these", "they", "this", "those", "to", "too", "up", "us", "use",
    "was", "we", "were", "what", "when", "where", "which", "who", "will", "with", "would", "yet",
    "you", "your",
];

/// Words that are said for one another in the trade. One group a line; a word may stand in several.
const KIN: &[&[&str]] = &[
    &["mail", "email", "inbox", "letter"],
    &["message", "chat", "note", "remark"],
    &["post", "publish", "tweet", "status", "share"],
    &["reply", "answer", "respond", "comment"],
    &["mention", "tag"],
    &["picture", "image", "photo", "drawing", "screenshot"],
    &["video", "clip", "film", "movie", "footage"],
    &["audio", "sound", "recording", "speech", "voice", "aloud"],
    &["subtitle", "caption"],
    &["transcribe", "dictate", "said"],
    &[
        "generate", "make", "create", "draw", "produce", "begin", "open", "new",
    ],
    &[
        "delete", "remove", "cancel", "forget", "take", "drop", "stop", "end",
    ],
    &["cut", "trim", "shorten"],
    &["large", "big", "bigger", "larger", "upscale", "sharp"],
    &["change", "edit", "update", "modify", "fix"],
    &["find", "search", "look", "discover", "query"],
    &["read", "fetch", "load", "see", "show"],
    &[
        "save", "write", "store", "keep", "remember", "record", "log",
    ],
    &["list", "which", "left"],
    &["folder", "directory"],
    &["file", "document", "attachment"],
    &["rename", "move"],
    &["appointment", "event", "meeting", "calendar"],
    &["free", "available"],
    &["bug", "defect", "issue", "ticket", "report"],
    &["repository", "code", "commit", "branch"],
    &[
        "weather",
        "rain",
        "wind",
        "temperature",
        "outside",
        "forecast",
        "sun",
    ],
    &["warning", "alert", "storm"],
    &["tomorrow", "next", "forecast"],
    &["now", "current", "today", "newest", "recent", "latest"],
    &["article", "news", "newspaper"],
    &["paper", "study", "scientific", "academic"],
    &["trend", "trending", "popular"],
    &["page", "website", "site", "web"],
    &["route", "direction", "way"],
    &["near", "nearby", "around", "close"],
    &["shop", "cafe", "store", "restaurant", "business", "place"],
    &["stock", "available", "left"],
    &["product", "article", "item"],
    &["order", "purchase", "bought"],
    &["refund", "back"],
    &["discount", "voucher", "coupon"],
    &["invoice", "bill"],
    &["customer", "client", "buyer"],
    &["money", "payment", "pay", "balance"],
    &["currency", "euro", "dollar", "exchange"],
    &["token", "coin", "usdc", "crypto"],
    &["send", "transfer", "forward", "pass"],
    &["subscription", "monthly", "regular"],
    &["like", "metric", "engagement", "view", "count"],
    &["follower", "follow"],
    &["database", "table", "sql", "statement", "select"],
    &["slow", "explain"],
    &["clock", "time", "zone"],
    &["holiday", "business"],
    &["day", "date", "until", "difference"],
    &[
        "translate",
        "language",
        "spanish",
        "english",
        "german",
        "french",
    ],
    &["chart", "diagram", "graph", "figure"],
    &["spreadsheet", "cell", "range", "table"],
    &["slide", "presentation"],
    &["person", "people", "somebody", "entity"],
    &["knowledge", "fact", "known", "know", "memory"],
    &["assign", "responsible"],
    &["project", "board", "work", "task"],
    &["release", "version"],
    &["emoji", "reaction", "thumb"],
    &["team", "workspace", "channel"],
    &["blog", "feed", "rss"],
    &["field", "form", "type", "fill"],
    &["click", "press"],
];

/// The words of `text`, in order, as stems; without those that say nothing.
pub(super) fn stems(text: &str) -> Vec<String> {
    split(text)
        .filter(|word| !EMPTY.contains(&word.as_str()))
        .map(|word| stem(&word))
        .take(MAX_WORDS)
        .collect()
}

/// Stems that are said for `stem`.
pub(super) fn kin(stem: &str) -> &'static [String] {
    static TABLE: LazyLock<HashMap<String, Vec<String>>> = LazyLock::new(table);
    TABLE.get(stem).map_or(&[], Vec::as_slice)
}

fn table() -> HashMap<String, Vec<String>> {
    let mut table: HashMap<String, Vec<String>> = HashMap::new();
    for group in KIN {
        let stems: Vec<String> = group.iter().map(|word| stem(word)).collect();
        for one in &stems {
            let kin = table.entry(one.clone()).or_default();
            for other in &stems {
                if other != one && !kin.contains(other) {
                    kin.push(other.clone());
                }
            }
        }
    }
    table
}

/// Runs of letters and digits; a name in camel case is several words.
fn split(text: &str) -> impl Iterator<Item = String> + '_ {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|letter: char| !letter.is_alphanumeric());
        let mut chars = rest.char_indices();
        let (_, first) = chars.next()?;
        let mut before = first;
        let end = chars
            .find(|(_, letter)| {
                let humped = before.is_lowercase() && letter.is_uppercase();
                before = *letter;
                humped || !letter.is_alphanumeric()
            })
            .map_or(rest.len(), |(at, _)| at);
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word.chars().flat_map(char::to_lowercase).collect())
    })
}

/// An English word without its ending, so that its forms are one. Rough on purpose: it is only ever compared.
fn stem(word: &str) -> String {
    let cut = |ending: &str| {
        word.strip_suffix(ending)
            .filter(|rest| rest.chars().count() >= SHORTEST_STEM)
    };
    if let Some(rest) = cut("ies") {
        return format!("{rest}y");
    }
    for ending in ["ing", "ed"] {
        if let Some(rest) = cut(ending) {
            return undoubled(rest).to_owned();
        }
    }
    let single = match word.strip_suffix('s') {
        Some(rest) if rest.chars().count() >= SHORTEST_STEM && !rest.ends_with(['s', 'u', 'i']) => {
            rest
        }
        _ => word,
    };
    // make, making and makes are one word.
    single.strip_suffix('e').unwrap_or(single).to_owned()
}

/// `stopp` is `stop`, `fill` stays.
fn undoubled(stem: &str) -> &str {
    let mut back = stem.chars().rev();
    match (back.next(), back.next()) {
        (Some(last), Some(before)) if last == before && !"lszaeiou".contains(last) => {
            &stem[..stem.len() - last.len_utf8()]
        }
        _ => stem.strip_suffix('e').unwrap_or(stem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_are_one() {
        for forms in [
            ["make", "makes", "making"],
            ["stop", "stops", "stopped"],
            ["reply", "replies", "reply"],
            ["search", "searches", "searching"],
        ] {
            let stems: Vec<_> = forms.map(stem).to_vec();
            let alike = stems[1..].iter().filter(|one| **one == stems[0]).count();
            assert!(alike >= 1, "{stems:?}");
        }
    }

    #[test]
    fn names_are_split_into_their_words_and_empty_ones_are_left_out() {
        assert_eq!(stems("getPostMetrics"), ["post", "metric"]);
        assert_eq!(
            stems("read_text_file: Reads a file"),
            ["read", "text", "fil", "read", "fil"]
        );
        assert_eq!(
            stems("ЭТО Über-Straße 東京"),
            ["это", "über", "straß", "東京"]
        );
        assert_eq!(stems(" — …"), [""; 0]);
    }
}

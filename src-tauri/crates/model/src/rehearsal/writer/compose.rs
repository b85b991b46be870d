//! Fills phrases with an item and fits the result into the room there is.
//!
//! Never here: which item, or whether the result may stand.

use super::{
    item::{Item, Quote},
    phrases::{FAVOURED, FURTHER, page},
};
use crate::rehearsal::{
    voice::Manner,
    words::{chars, clipped, is_content, words},
};

/// Room from which a second quotation fits, in characters.
const ROOMY_CHARS: usize = 480;
/// Most quotations of one item in a post.
const MAX_QUOTES: usize = 4;
/// Most characters of a hashtag.
const MAX_TAG_CHARS: usize = 24;
/// Characters to which a quotation is cut when the whole does not fit.
const SHORT_QUOTE_CHARS: usize = 90;

/// What a step may ask to look for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Angle {
    /// Nothing in particular.
    Open,
    /// A figure.
    Figure,
    /// A question to readers.
    Question,
    /// What is not in front.
    Detail,
}

impl Angle {
    /// What the words after "Angle:" ask for.
    pub(crate) fn read(instructions: &str) -> Self {
        let asked = instructions
            .split_once("Angle:")
            .map_or("", |(_, asked)| asked);
        let asked = asked.split('.').next().unwrap_or_default();
        let has = |word: &str| words(asked).iter().any(|found| found == word);
        if has("figure") {
            Self::Figure
        } else if has("question") {
            Self::Question
        } else if has("detail") {
            Self::Detail
        } else {
            Self::Open
        }
    }
}

/// How to write it.
pub(crate) struct Choice<'a> {
    /// Manner of the body.
    pub manner: Manner,
    /// Manner of the last line.
    pub closing: Manner,
    /// Which of the bodies.
    pub body: usize,
    /// Which of the other phrasings.
    pub variant: usize,
    /// How often this item had its turn before.
    pub round: usize,
    /// What the step asks to look for.
    pub angle: Angle,
    /// A favoured word of the persona.
    pub word: Option<&'a String>,
    /// Whether the last line carries that word.
    pub favour_word: bool,
    /// Most hashtags.
    pub hashtags: usize,
}

/// A post.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Composed {
    /// The text.
    pub text: String,
    /// Hashtags without `#`.
    pub hashtags: Vec<String>,
    /// The sentences that it quotes.
    pub quoted: Vec<String>,
}

/// The fullest version that fits into `room` characters, hashtags counted; nothing when even the barest
/// does not.
pub(crate) fn compose(
    item: &Item<'_>,
    choice: &Choice<'_>,
    topic: &str,
    room: usize,
) -> Option<Composed> {
    let hashtags = hashtags(item, topic, choice.hashtags);
    let slots = |quote: &str| Slots {
        headline: item.headline.clone(),
        quote: quote.to_owned(),
        source: item.name.clone(),
        topic: topic.to_owned(),
        word: choice.word.cloned().unwrap_or_default(),
    };
    let closing = closing(choice);
    let bare = page(choice.manner).bare[choice.body % 2];
    let mut versions: Vec<(String, Vec<String>)> = Vec::new();
    if let Some(quote) = pick(&item.quotes, choice) {
        let quoting = page(choice.manner).quoting[choice.body % 4];
        let short = clipped(&quote.text, SHORT_QUOTE_CHARS);
        if room >= ROOMY_CHARS {
            versions.extend(longer(
                item,
                quote,
                quoting,
                closing,
                choice.variant,
                &slots,
            ));
        }
        let said = |quote: &str| vec![quote.to_owned()];
        versions.push((
            slots(&quote.text).fill(&[quoting, closing]),
            said(&quote.text),
        ));
        versions.push((slots(&quote.text).fill(&[quoting]), said(&quote.text)));
        versions.push((slots(&short).fill(&[quoting, closing]), said(&short)));
        versions.push((slots(&short).fill(&[quoting]), said(&short)));
    }
    versions.push((slots("").fill(&[bare, closing]), vec![]));
    versions.push((slots("").fill(&[bare]), vec![]));
    let most_tags = hashtags.len();
    for (text, quoted) in versions {
        for kept in (0..=most_tags).rev() {
            let tags: usize = hashtags[..kept].iter().map(|tag| chars(tag) + 2).sum();
            if chars(&text) + tags <= room {
                return Some(Composed {
                    text,
                    hashtags: hashtags[..kept].to_vec(),
                    quoted,
                });
            }
        }
    }
    None
}

/// Versions with further quotations, longest first.
fn longer(
    item: &Item<'_>,
    first: &Quote,
    quoting: &str,
    closing: &str,
    variant: usize,
    slots: &dyn Fn(&str) -> Slots,
) -> Vec<(String, Vec<String>)> {
    let others: Vec<&Quote> = item
        .quotes
        .iter()
        .filter(|quote| quote.text != first.text)
        .take(MAX_QUOTES - 1)
        .collect();
    (1..=others.len())
        .rev()
        .map(|count| {
            let mut parts = vec![slots(&first.text).fill(&[quoting])];
            let mut quoted = vec![first.text.clone()];
            for (at, quote) in others[..count].iter().enumerate() {
                parts.push(slots(&quote.text).fill(&[FURTHER[(variant + at) % FURTHER.len()]]));
                quoted.push(quote.text.clone());
            }
            parts.push(slots("").fill(&[closing]));
            (parts.join(" "), quoted)
        })
        .collect()
}

/// The best sentence, or the one that the angle asks for; for every third phrasing the best of the other
/// kind (with or without a figure), and in later rounds the ones after it.
fn pick<'a>(quotes: &'a [Quote], choice: &Choice<'_>) -> Option<&'a Quote> {
    let best = quotes.first()?;
    if choice.round > 0 {
        return quotes.get(choice.round % quotes.len());
    }
    let other = quotes
        .iter()
        .find(|quote| quote.has_figure != best.has_figure);
    let picked = match choice.angle {
        Angle::Figure => quotes.iter().find(|quote| quote.has_figure),
        Angle::Detail => quotes.get(1),
        Angle::Open | Angle::Question => other.filter(|_| choice.variant % 3 == 2),
    };
    Some(picked.unwrap_or(best))
}

fn closing(choice: &Choice<'_>) -> &'static str {
    if choice.favour_word && choice.word.is_some() && choice.angle != Angle::Question {
        return FAVOURED[choice.variant % FAVOURED.len()];
    }
    page(choice.closing).closing[choice.variant % 4]
}

/// What fills a phrase.
struct Slots {
    headline: String,
    quote: String,
    source: String,
    topic: String,
    word: String,
}

impl Slots {
    /// Fills `phrases` in one pass: what an item says is never read as a slot itself.
    fn fill(&self, phrases: &[&str]) -> String {
        let mut text = String::new();
        let joined = phrases.join(" ");
        let mut rest = joined.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (slot, beyond) = after.split_once('}').unwrap_or((after, ""));
            let filling = match slot {
                "h" => &self.headline,
                "f" => &self.quote,
                "s" => &self.source,
                "t" => &self.topic,
                _ => &self.word,
            };
            let starts = text.is_empty()
                || text.ends_with(". ")
                || text.ends_with("? ")
                || text.ends_with("! ");
            if starts && slot != "f" {
                text.push_str(&capitalised(filling));
            } else {
                text.push_str(filling);
            }
            // A headline that ends in its own mark needs no point after it.
            rest = match beyond.strip_prefix('.') {
                Some(beyond) if filling.ends_with(['?', '!', '…', '.']) => beyond,
                _ => beyond,
            };
        }
        text.push_str(rest);
        text
    }
}

fn capitalised(text: &str) -> String {
    // A site's name keeps its spelling.
    if text.contains('.') && !text.contains(' ') {
        return text.to_owned();
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn hashtags(item: &Item<'_>, topic: &str, most: usize) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    let candidates = [topic]
        .into_iter()
        .chain(item.trend.tags.iter().map(String::as_str));
    for candidate in candidates {
        let tag: String = candidate
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty() && !matches!(*word, "the" | "our"))
            .map(capitalised)
            .collect();
        let fits = (3..=MAX_TAG_CHARS).contains(&chars(&tag))
            && is_content(&tag.to_lowercase())
            && !tag.chars().all(|letter| letter.is_ascii_digit());
        if fits && !tags.iter().any(|known| known.eq_ignore_ascii_case(&tag)) {
            tags.push(tag);
        }
        if tags.len() >= most {
            break;
        }
    }
    tags.truncate(most);
    tags
}

//! A feed item as the writer uses it: cleaned, with its quotable sentences in order of worth.
//!
//! Never here: the words around them.

use chimera_domain::trend::Trend;

use crate::rehearsal::{
    checklist::Source,
    claims::{ClaimKind, checkable},
    clean::{addresses_a_machine, headline, quotable_sentences},
    goal,
    similar::likeness,
    words::{chars, clipped, stem_set, words},
};

/// Most characters of a headline in a post.
const MAX_HEADLINE_CHARS: usize = 110;
/// Most characters of one quotation.
const MAX_QUOTE_CHARS: usize = 150;
/// Characters of an item's text that are quoted from: what an artifact keeps of its source, so that whoever
/// judges the quotation can find it.
const QUOTED_FROM_CHARS: usize = 400;
/// Fewest characters that make a sentence worth quoting.
const MIN_QUOTE_CHARS: usize = 25;

/// A sentence that may be quoted.
#[derive(Clone, Debug)]
pub(crate) struct Quote {
    /// The words, whole or cut with an ellipsis.
    pub text: String,
    /// Whether it states a figure.
    pub has_figure: bool,
}

/// One item.
#[derive(Clone, Debug)]
pub(crate) struct Item<'a> {
    /// As it came.
    pub trend: &'a Trend,
    /// For a post.
    pub headline: String,
    /// What it is called in a post.
    pub name: String,
    /// Worth quoting, best first.
    pub quotes: Vec<Quote>,
    /// For the checklist.
    pub source: Source,
}

impl<'a> Item<'a> {
    /// The item, unless its headline is empty or gives orders to a machine.
    pub(crate) fn of(trend: &'a Trend, goal_text: &str) -> Option<Self> {
        let headline = headline(&trend.title, MAX_HEADLINE_CHARS);
        if words(&headline).is_empty() || addresses_a_machine(&headline) {
            return None;
        }
        let source = Source::new(&trend.title, &trend.description, &trend.url);
        let has_site = crate::rehearsal::clean::site(&trend.url).is_some();
        Some(Self {
            trend,
            name: if has_site {
                source.name.clone()
            } else {
                "our feed".to_owned()
            },
            quotes: quotes(&trend.description, &headline, goal_text),
            headline,
            source,
        })
    }
}

fn quotes(description: &str, headline: &str, goal_text: &str) -> Vec<Quote> {
    let (topic, rest) = goal::stems(goal_text);
    let kept: String = description.chars().take(QUOTED_FROM_CHARS).collect();
    let mut sentences = quotable_sentences(&kept);
    if kept.len() < description.len() && sentences.len() > 1 {
        // The last one is cut off.
        sentences.pop();
    }
    let mut ranked: Vec<(i32, usize, Quote)> = sentences
        .into_iter()
        .enumerate()
        .filter(|(_, sentence)| {
            chars(sentence) >= MIN_QUOTE_CHARS && likeness(sentence, headline) < 50
        })
        .map(|(at, sentence)| {
            let has_figure = checkable(&sentence)
                .iter()
                .any(|claim| claim.kind == ClaimKind::Figure);
            let stems = stem_set(&sentence);
            let shared = topic.iter().filter(|stem| stems.contains(*stem)).count() * 2
                + rest.iter().filter(|stem| stems.contains(*stem)).count();
            let worth = 3 * i32::from(has_figure) + i32::try_from(shared.min(4)).unwrap_or(4)
                - 2 * i32::from(chars(&sentence) > MAX_QUOTE_CHARS)
                - 3 * i32::from(dangles(&sentence));
            let text = clipped(&inner_marks(&sentence), MAX_QUOTE_CHARS);
            (-worth, at, Quote { text, has_figure })
        })
        .collect();
    ranked.sort_by_key(|(worth, at, _)| (*worth, *at));
    ranked.into_iter().map(|(_, _, quote)| quote).collect()
}

/// Sentences that only make sense after another one.
fn dangles(sentence: &str) -> bool {
    words(sentence).first().is_some_and(|first| {
        [
            "he", "she", "it", "they", "this", "that", "these", "those", "but", "and", "also",
            "however", "his", "her", "their", "such", "so", "then",
        ]
        .contains(&first.as_str())
    })
}

/// Quotation marks inside a quotation become single ones.
fn inner_marks(sentence: &str) -> String {
    let mut open = false;
    sentence
        .chars()
        .map(|letter| match letter {
            '“' | '„' | '«' => '‘',
            '”' | '»' => '’',
            '"' => {
                open = !open;
                if open { '‘' } else { '’' }
            }
            other => other,
        })
        .collect()
}

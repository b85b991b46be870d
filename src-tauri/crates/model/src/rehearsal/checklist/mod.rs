//! The published checklist: how the rehearsal model scores a post, line by line.
//!
//! Every score it gives, as the writer of itself and as the judge of others, is the weighted mean of
//! these lines, less [`WITHHELD`], and never above the lowest cap that the text earned. There is no
//! other source of a score. It counts words; it does not understand them, and says so. Never here: where
//! a score leads.

mod lines;

use chimera_domain::{
    confidence::Confidence,
    persona::Persona,
    verdict::{Criterion, Finding},
};

use self::lines::look;
pub(crate) use self::lines::sensitive_topic;
use super::{
    clean::{headline, quotable, site},
    rules::Rules,
};

/// One line of the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Line {
    /// The criterion's name in a verdict.
    pub name: &'static str,
    /// Its weight in the mean, in points; a line that does not apply leaves the mean.
    pub weight: u32,
    /// What is counted, and what the text loses.
    pub rule: &'static str,
}

/// Hundredths that are always withheld: counting words cannot show that a post is true, apt or kind.
pub const WITHHELD: u32 = 3;

/// The list. Caps stand in the rule of the line that sets them.
pub const LINES: [Line; 12] = [
    Line {
        name: "length",
        weight: 8,
        rule: "Full from 45 % of the bound (or 160 characters, whichever is less) to 92 % of it; below, in proportion; above, down to 80; over the bound 0 and the whole capped at 30.",
    },
    Line {
        name: "claims",
        weight: 18,
        rule: "Share of figures, superlatives and comparisons that stand in a source. 75 when there is nothing to check, 50 when there is no source at all. An unsupported one caps the whole at 65.",
    },
    Line {
        name: "attribution",
        weight: 8,
        rule: "100 when a source is named by its site or title, 30 when there are sources and none is named, 20 when there are none.",
    },
    Line {
        name: "forbidden",
        weight: 12,
        rule: "0 and the whole capped at 20 when a forbidden word or topic of the persona appears.",
    },
    Line {
        name: "voice",
        weight: 16,
        rule: "Mean over the manners that the persona's traits name and its favoured words, each by its countable signs. Leaves the mean when no trait names a manner.",
    },
    Line {
        name: "directives",
        weight: 10,
        rule: "Share of the rules in directives, goal and guidance that words can check and that are kept. A broken one caps the whole at 45. Leaves the mean when none can be checked.",
    },
    Line {
        name: "sensitive",
        weight: 6,
        rule: "0 when the text is on politics, health, finance, law or minors, and the whole capped at 69; such a text belongs before a person.",
    },
    Line {
        name: "originality",
        weight: 8,
        rule: "Falls from 100 with the share of three-word runs common with the nearest earlier post, to 0 at 60 %; from there the whole is capped at 40.",
    },
    Line {
        name: "on_goal",
        weight: 14,
        rule: "Terms of the goal's topic in text and hashtags (two, or all where it has fewer, give 100; one gives 60; none 10), seven parts; the same in the sources, three parts.",
    },
    Line {
        name: "readability",
        weight: 6,
        rule: "100 up to 18 words a sentence, 0 at 36; less 20 for each shouted word, repeated mark or word of more than 18 letters.",
    },
    Line {
        name: "label",
        weight: 6,
        rule: "0 and the whole capped at 30 when what would be posted lacks its AI label. Leaves the mean for a draft that carries none yet.",
    },
    Line {
        name: "findings",
        weight: 6,
        rule: "What policy and guard found already: 50 when a person must look, 0 and a cap of 30 when it fails, of 10 when it is an attack.",
    },
];

/// What is scored, with everything that the list looks at.
pub(crate) struct Work<'a> {
    /// The text.
    pub text: &'a str,
    /// Its hashtags, without `#`.
    pub hashtags: &'a [String],
    /// Who speaks.
    pub persona: &'a Persona,
    /// The goal.
    pub goal: &'a str,
    /// Rules that can be checked; see [`Rules::of_work`].
    pub rules: &'a Rules,
    /// Most characters, when there is such a bound.
    pub max_chars: Option<usize>,
    /// The sources.
    pub sources: &'a [Source],
    /// Earlier posts.
    pub previous: &'a [String],
    /// What policy and guard found.
    pub findings: &'a [Finding],
    /// Whether the AI label is set, where there is a place for one.
    pub label: Option<bool>,
}

/// A source as the list looks at it, cleaned.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Source {
    /// Headline.
    pub title: String,
    /// What it says.
    pub text: String,
    /// What counts as naming it: its site, or its headline where it has no site.
    pub name: String,
}

/// Most characters of a headline that are kept.
const MAX_TITLE_CHARS: usize = 300;

impl Source {
    /// Cleans what a source says of itself.
    pub(crate) fn new(title: &str, text: &str, url: &str) -> Self {
        let title = headline(title, MAX_TITLE_CHARS);
        Self {
            name: site(url).unwrap_or_else(|| title.clone()),
            text: quotable(text),
            title,
        }
    }
}

/// What the list says of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Report {
    /// One per line that applied.
    pub criteria: Vec<Criterion>,
    /// The whole.
    pub total: Confidence,
    /// The line and cap that held the total down, when one did.
    pub held_by: Option<&'static str>,
}

/// Goes through the list.
pub(crate) fn examine(work: &Work<'_>) -> Report {
    let results = LINES.iter().map(|line| (line, look(line.name, work)));
    let mut criteria = Vec::new();
    let (mut sum, mut weights, mut cap, mut held_by) = (0, 0, 100, None);
    for (line, result) in results {
        if result.cap < cap {
            (cap, held_by) = (result.cap, Some(line.name));
        }
        let Some(score) = result.score else { continue };
        sum += score * line.weight;
        weights += line.weight;
        criteria.push(Criterion {
            name: line.name.to_owned(),
            score: percent(score),
            note: result.note,
        });
    }
    // In basis points, so that small differences show: mean less what is withheld.
    let mean = (sum * 100).checked_div(weights).unwrap_or(0);
    let earned = mean * (100 - WITHHELD) / 100;
    Report {
        criteria,
        total: basis_points(earned.min(cap * 100)),
        held_by: held_by.filter(|_| cap * 100 < earned),
    }
}

fn percent(score: u32) -> Confidence {
    basis_points(score.saturating_mul(100))
}

fn basis_points(points: u32) -> Confidence {
    Confidence::from_basis_points(u16::try_from(points).unwrap_or(Confidence::SCALE))
}

#[cfg(test)]
mod tests;

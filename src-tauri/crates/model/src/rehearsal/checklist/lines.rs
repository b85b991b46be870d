//! The lines of the published checklist, one function each; their rules stand in `LINES`.
//!
//! Never here: weights, or the total.

use chimera_domain::verdict::FindingWeight;

use super::Work;
use crate::rehearsal::{
    claims::{ClaimKind, Evidence, checkable},
    goal, similar,
    topics::{self, Topic, Topics},
    voice,
    words::{chars, contains_phrase, sentences, stem_set, words},
};

/// A line's result.
pub(super) struct Looked {
    /// In hundredths; `None` leaves the mean.
    pub score: Option<u32>,
    /// The whole may not be above this, in hundredths.
    pub cap: u32,
    pub note: String,
}

impl Looked {
    fn of(score: u32, note: impl Into<String>) -> Self {
        Self {
            score: Some(score.min(100)),
            cap: 100,
            note: note.into(),
        }
    }
    fn capped(self, cap: u32) -> Self {
        Self { cap, ..self }
    }
    fn not_applicable(note: impl Into<String>) -> Self {
        Self {
            score: None,
            cap: 100,
            note: note.into(),
        }
    }
}

/// Looks at one line by its name.
pub(super) fn look(line: &str, work: &Work<'_>) -> Looked {
    match line {
        "length" => length(work),
        "claims" => claims(work),
        "attribution" => attribution(work),
        "forbidden" => forbidden(work),
        "voice" => voiced(work),
        "directives" => directives(work),
        "sensitive" => sensitive(work),
        "originality" => originality(work),
        "on_goal" => on_goal(work),
        "readability" => readability(work),
        "label" => label(work),
        _ => findings(work),
    }
}

fn length(work: &Work<'_>) -> Looked {
    let tags: usize = work.hashtags.iter().map(|tag| chars(tag) + 2).sum();
    let length = chars(work.text) + tags;
    let Some(bound) = work.max_chars.filter(|bound| *bound > 0) else {
        return Looked::not_applicable("No bound on its length.");
    };
    if length > bound {
        return Looked::of(0, format!("{length} characters, {bound} allowed.")).capped(30);
    }
    let enough = (bound * 45 / 100).min(160);
    let snug = bound * 92 / 100;
    let score = if length < enough {
        share(length, enough)
    } else if length > snug {
        100 - share(length - snug, bound - snug) / 5
    } else {
        100
    };
    Looked::of(score, format!("{length} of {bound} characters."))
}

/// `part` of `whole` in hundredths.
fn share(part: usize, whole: usize) -> u32 {
    u32::try_from((part * 100).checked_div(whole).unwrap_or(100)).unwrap_or(100)
}

fn claims(work: &Work<'_>) -> Looked {
    let evidence = Evidence::of(
        work.sources
            .iter()
            .flat_map(|source| [source.title.as_str(), source.text.as_str()]),
    );
    let all = checkable(work.text);
    let missing: Vec<_> = all
        .iter()
        .filter(|claim| !evidence.supports(claim))
        .collect();
    if let Some(first) = missing.first() {
        let kind = match first.kind {
            ClaimKind::Figure => "figure",
            ClaimKind::Superlative => "superlative",
            ClaimKind::Comparative => "comparison",
        };
        let note = format!(
            "{} of {} claims stand in no source, such as the {kind} “{}”.",
            missing.len(),
            all.len(),
            first.word
        );
        return Looked::of(share(all.len() - missing.len(), all.len()), note).capped(65);
    }
    if work.sources.is_empty() {
        return Looked::of(50, "There is no source to check against.");
    }
    if all.is_empty() {
        return Looked::of(75, "Nothing in it can be checked against the sources.");
    }
    Looked::of(
        100,
        format!("All {} checkable claims stand in a source.", all.len()),
    )
}

fn attribution(work: &Work<'_>) -> Looked {
    if work.sources.is_empty() {
        return Looked::of(20, "There is no source to name.");
    }
    let by_site = work
        .sources
        .iter()
        .map(|source| &source.name)
        .find(|name| !name.is_empty() && contains_phrase(work.text, name))
        .cloned();
    let by_title = || {
        work.sources
            .iter()
            .find(|source| {
                words(&source.title).len() > 2 && contains_phrase(work.text, &source.title)
            })
            .map(|source| source.title.clone())
    };
    match by_site.or_else(by_title) {
        Some(name) => Looked::of(100, format!("Names its source, {name}.")),
        None => Looked::of(30, "Names none of its sources."),
    }
}

fn forbidden(work: &Work<'_>) -> Looked {
    let shown = format!("{} {}", work.text, work.hashtags.join(" "));
    let word = work
        .persona
        .forbidden
        .iter()
        .find(|word| contains_phrase(&shown, word));
    let topic = work.persona.forbidden_topics.iter().find(|topic| {
        contains_phrase(&shown, topic)
            || topics::named_in(topic)
                .into_iter()
                .any(|topic| work.rules.topics.sign_of(&shown, topic).is_some())
    });
    match word.or(topic) {
        Some(found) => {
            Looked::of(0, format!("Has what the persona forbids: “{found}”.")).capped(20)
        }
        None => Looked::of(100, "Nothing that the persona forbids."),
    }
}

fn voiced(work: &Work<'_>) -> Looked {
    let heard = voice::heard(work.persona, work.text);
    match heard.score {
        Some(score) => Looked::of(score, heard.note),
        None => Looked::not_applicable(heard.note),
    }
}

fn directives(work: &Work<'_>) -> Looked {
    let total = work.rules.checkable.len();
    if total == 0 {
        return Looked::not_applicable("No rule that counting words could check.");
    }
    let names: Vec<String> = work
        .sources
        .iter()
        .map(|source| source.name.clone())
        .collect();
    let broken = work.rules.broken(work.text, work.hashtags.len(), &names);
    match broken.first() {
        Some(rule) => Looked::of(
            share(total - broken.len(), total),
            format!(
                "{} of {total} checkable rules broken, such as “{}”.",
                broken.len(),
                rule.source
            ),
        )
        .capped(45),
        None => Looked::of(
            100,
            format!(
                "Keeps all {total} rules that words can check; {} directives are left to people.",
                work.rules.unread
            ),
        ),
    }
}

fn sensitive(work: &Work<'_>) -> Looked {
    match sensitive_topic(work.rules.topics, work.text) {
        Some((topic, sign)) => {
            Looked::of(0, format!("On {}, by the words “{sign}”.", topic.word())).capped(69)
        }
        None => Looked::of(100, "On no sensitive topic."),
    }
}

/// The first sensitive topic of a text with the words that say so.
pub(crate) fn sensitive_topic(topics: Topics, text: &str) -> Option<(Topic, String)> {
    topics.found(text).into_iter().next()
}

fn originality(work: &Work<'_>) -> Looked {
    let nearest = similar::nearest(work.text, work.previous);
    if nearest >= similar::TOO_CLOSE {
        return Looked::of(
            0,
            format!("Shares {nearest} % of its three-word runs with an earlier post."),
        )
        .capped(40);
    }
    let note = if work.previous.is_empty() {
        "There is no earlier post.".to_owned()
    } else {
        format!(
            "Shares {nearest} % of its three-word runs with the nearest of {} earlier posts.",
            work.previous.len()
        )
    };
    Looked::of(100 - nearest * 100 / similar::TOO_CLOSE, note)
}

fn on_goal(work: &Work<'_>) -> Looked {
    let (topic, _) = goal::stems(work.goal);
    if topic.is_empty() {
        return Looked::not_applicable("The goal names no topic.");
    }
    let wanted = topic.len().min(2);
    let points = |found: usize| match found {
        0 => 10,
        found if found >= wanted => 100,
        _ => 60,
    };
    let count = |text: &str| {
        let stems = stem_set(text);
        topic.iter().filter(|stem| stems.contains(*stem)).count()
    };
    let shown = format!("{} {}", work.text, work.hashtags.join(" "));
    let read: String = work
        .sources
        .iter()
        .map(|source| format!("{} {} ", source.title, source.text))
        .collect();
    let (in_text, in_sources) = (count(&shown), count(&read));
    Looked::of(
        (points(in_text) * 7 + points(in_sources) * 3) / 10,
        format!(
            "{in_text} of {} topic terms in the text, {in_sources} in its sources.",
            topic.len()
        ),
    )
}

fn readability(work: &Work<'_>) -> Looked {
    let words = words(work.text);
    let sentences = sentences(work.text).len().max(1);
    let mean = words.len() / sentences;
    let flow = share(36 - mean.clamp(18, 36), 18);
    let shouted = work
        .text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| chars(word) > 5 && word.chars().all(char::is_uppercase))
        .count();
    let repeated = ["!!", "??", "?!", "...."]
        .iter()
        .filter(|mark| work.text.contains(**mark))
        .count();
    let heavy = words.iter().filter(|word| chars(word) > 18).count();
    let faults = u32::try_from(shouted + repeated + heavy).unwrap_or(5);
    Looked::of(
        flow.saturating_sub(faults.saturating_mul(20)),
        format!("{mean} words a sentence, {faults} things that are hard to read."),
    )
}

fn label(work: &Work<'_>) -> Looked {
    match work.label {
        Some(true) => Looked::of(100, "Carries its AI label."),
        Some(false) => Looked::of(0, "Lacks its AI label.").capped(30),
        None => Looked::not_applicable("Not yet a post."),
    }
}

fn findings(work: &Work<'_>) -> Looked {
    let worst = work
        .findings
        .iter()
        .max_by_key(|finding| severity(finding.weight));
    let Some(worst) = worst else {
        return Looked::of(100, "Rules found nothing.");
    };
    let note = format!("{}: {}", worst.rule, worst.message);
    match worst.weight {
        FindingWeight::Note => Looked::of(90, note),
        FindingWeight::NeedsPerson => Looked::of(50, note),
        FindingWeight::Fails => Looked::of(0, note).capped(30),
        FindingWeight::Attack => Looked::of(0, note).capped(10),
    }
}

const fn severity(weight: FindingWeight) -> u8 {
    match weight {
        FindingWeight::Note => 0,
        FindingWeight::NeedsPerson => 1,
        FindingWeight::Fails => 2,
        FindingWeight::Attack => 3,
    }
}

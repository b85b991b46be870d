//! The rehearsal writer: a post from a feed item, in a persona's manner.
//!
//! Everything that states something comes from the item, quoted and with its source; the phrase book
//! only joins it. Item text is data: it fills slots and is never read as an order. Never here: scores
//! (the checklist gives them).

mod compose;
mod item;
mod phrases;

use chimera_ports::facts::{Claim, DraftAnswer, DraftFacts};

use self::{
    compose::{Angle, Choice, Composed, compose},
    item::Item,
};
use super::{
    checklist::{self, Report, Source, Work},
    goal,
    rules::{Rules, is_understood},
    similar,
    topics::{self, Topics},
    voice::{self, Manner},
    words::{chars, contains_phrase, content_stems, fingerprint, stem_set, words},
};

/// Most items that are considered.
const MAX_ITEMS: usize = 24;
/// Ways into one item that are tried before the next item.
const WAYS: usize = 8;
/// From this likeness on, in hundredths, a draft counts as a repetition.
const REPETITION: u32 = 40;
/// Share of the bound that is used after "shorter", in hundredths.
const SHORTER: usize = 60;
/// Phrases of guidance that ask for a shorter post.
const SHORTER_SIGNS: [&str; 5] = ["shorter", "too long", "cut it", "tighten", "trim"];

/// Writes one post.
pub(crate) fn draft(facts: &DraftFacts, topics: Topics) -> DraftAnswer {
    let desk = Desk::of(facts, topics);
    let items: Vec<Item<'_>> = facts
        .picks
        .iter()
        .take(MAX_ITEMS)
        .filter_map(|trend| Item::of(trend, &facts.goal))
        .filter(|item| !desk.is_forbidden(&item.headline))
        .collect();
    let tries = desk.order(&items).into_iter().flat_map(|at| {
        let item = &items[at];
        (0..WAYS).map(move |way| (item, way))
    });
    for (item, way) in tries {
        let composed = compose(
            item,
            &desk.choice(item, way, items.len()),
            &desk.topic,
            desk.room,
        );
        if let Some(composed) = composed.filter(|composed| desk.admits(composed, item)) {
            return desk.answer(composed, item);
        }
    }
    desk.nothing()
}

/// Everything that is the same for every try.
struct Desk<'a> {
    facts: &'a DraftFacts,
    rules: Rules,
    topic: String,
    manners: Vec<Manner>,
    /// Characters for text and hashtags.
    room: usize,
    /// How often another way in was asked for.
    turns: usize,
}

impl<'a> Desk<'a> {
    fn of(facts: &'a DraftFacts, topics: Topics) -> Self {
        let rules = Rules::of_work(
            &facts.persona,
            &facts.goal,
            &facts.instructions,
            &facts.guidance,
            &facts.memories,
            topics,
        );
        let bound = usize::try_from(facts.max_chars).unwrap_or(usize::MAX);
        let bound = rules.max_chars().unwrap_or(bound).min(bound);
        let is_shorter =
            |line: &String| SHORTER_SIGNS.iter().any(|sign| contains_phrase(line, sign));
        let shorter = facts.guidance.iter().any(is_shorter);
        // A complaint that is no rule, whatever it says, is answered by another way in.
        let turns = facts
            .guidance
            .iter()
            .filter(|line| !is_shorter(line) && !is_understood(line))
            .count();
        let mut manners = voice::manners(&facts.persona.voice_traits);
        if manners.is_empty() {
            manners.push(Manner::Plain);
        }
        Self {
            topic: goal::short_topic(&goal::read(&facts.goal).topic),
            room: if shorter {
                bound * SHORTER / 100
            } else {
                bound
            },
            turns,
            manners,
            rules,
            facts,
        }
    }

    /// Which item first: the one that guidance names, else the one whose turn it is.
    fn order(&self, items: &[Item<'_>]) -> Vec<usize> {
        let start = self.number().checked_rem(items.len()).unwrap_or(0);
        let mut order: Vec<usize> = (0..items.len())
            .map(|at| (start + at) % items.len())
            .collect();
        let wanted: Vec<String> = self
            .facts
            .guidance
            .iter()
            .flat_map(|line| content_stems(line))
            .collect();
        let (topic, _) = goal::stems(&self.facts.goal);
        order.sort_by_key(|at| {
            let stems = stem_set(&items[*at].headline);
            let named = wanted
                .iter()
                .filter(|stem| stems.contains(*stem) && !topic.contains(stem))
                .count();
            // A story that this persona has told comes last; a person who names it still gets it. Stable: without
            // either the turn decides.
            (
                std::cmp::Reverse(named),
                self.has_told(&items[*at].headline),
            )
        });
        order
    }

    fn has_told(&self, headline: &str) -> bool {
        let told = &self.facts.previous_posts;
        told.iter().any(|post| contains_phrase(post, headline))
    }

    /// Drafts that come before this one, and the turns that were asked for.
    fn number(&self) -> usize {
        usize::try_from(self.facts.draft_number.max(1) - 1).unwrap_or(0) + self.turns
    }

    fn choice(&self, item: &Item<'_>, way: usize, items: usize) -> Choice<'_> {
        let persona = &self.facts.persona;
        let number = self.number();
        // Bodies take turns from draft to draft; the rest depends on the item.
        let body = fingerprint(&[&persona.id]) + number + way;
        let seed = fingerprint(&[&persona.id, &item.trend.id, &item.trend.title]) + number;
        let lexicon = &persona.lexicon;
        let angle = Angle::read(&self.facts.instructions);
        let closing = self.manners[(way + 1) % self.manners.len()];
        // The second half of the ways lets the question go: a rule may forbid it.
        let asks = angle == Angle::Question && way < WAYS / 2;
        Choice {
            manner: self.manners[(way / 4) % self.manners.len()],
            closing: if asks { Manner::Curious } else { closing },
            angle,
            body,
            variant: seed + way,
            round: number.checked_div(items).unwrap_or(0) + way / 4,
            word: lexicon.get(seed.checked_rem(lexicon.len()).unwrap_or(0)),
            hashtags: self.rules.max_hashtags().unwrap_or(2).min(2),
            favour_word: seed.is_multiple_of(2),
        }
    }

    fn is_forbidden(&self, text: &str) -> bool {
        let persona = &self.facts.persona;
        persona
            .forbidden
            .iter()
            .any(|word| contains_phrase(text, word))
            || persona.forbidden_topics.iter().any(|topic| {
                contains_phrase(text, topic)
                    || topics::named_in(topic)
                        .into_iter()
                        .any(|topic| self.rules.topics.sign_of(text, topic).is_some())
            })
    }

    fn admits(&self, composed: &Composed, item: &Item<'_>) -> bool {
        let shown = format!("{} {}", composed.text, composed.hashtags.join(" "));
        let tags: usize = composed.hashtags.iter().map(|tag| chars(tag) + 2).sum();
        chars(&composed.text) + tags <= self.room
            && !self.is_forbidden(&shown)
            && similar::nearest(&composed.text, &self.facts.previous_posts) < REPETITION
            && self
                .rules
                .broken(
                    &composed.text,
                    composed.hashtags.len(),
                    &[item.source.name.clone(), item.name.clone()],
                )
                .is_empty()
    }

    fn report(&self, text: &str, hashtags: &[String], sources: &[Source]) -> Report {
        checklist::examine(&Work {
            text,
            hashtags,
            persona: &self.facts.persona,
            goal: &self.facts.goal,
            rules: &self.rules,
            max_chars: usize::try_from(self.facts.max_chars).ok(),
            sources,
            previous: &self.facts.previous_posts,
            findings: &[],
            label: None,
        })
    }

    fn answer(&self, composed: Composed, item: &Item<'_>) -> DraftAnswer {
        let report = self.report(
            &composed.text,
            &composed.hashtags,
            std::slice::from_ref(&item.source),
        );
        let claims = composed
            .quoted
            .into_iter()
            .chain([item.headline.clone()])
            .map(|claim| Claim {
                claim,
                source_id: item.trend.id.clone(),
            })
            .collect();
        DraftAnswer {
            text: composed.text,
            hashtags: composed.hashtags,
            based_on: vec![item.trend.id.clone()],
            claims,
            confidence: report.total,
        }
    }

    /// No item can be used under the rules: says so and claims nothing. The checklist keeps it low.
    fn nothing(&self) -> DraftAnswer {
        let line = phrases::NOTHING[self.number() % phrases::NOTHING.len()];
        let text = line.replace(
            "{t}",
            if words(&self.topic).is_empty() {
                "this"
            } else {
                &self.topic
            },
        );
        let text = super::words::clipped(&text, self.room);
        DraftAnswer {
            confidence: self.report(&text, &[], &[]).total,
            text,
            hashtags: vec![],
            based_on: vec![],
            claims: vec![],
        }
    }
}

#[cfg(test)]
mod tests;

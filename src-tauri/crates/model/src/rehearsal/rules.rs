//! Rules that a list of words can check, read from directives, goals and reviewers' guidance.
//!
//! "No hashtags", "never say “cheap”", "no health claims", "under 200 characters", "shorter", "another
//! angle". A rule that is not understood here is left to the judge's other lines and to people; it is
//! counted, never guessed at. Never here: policy.

use chimera_domain::persona::Persona;

use super::{
    claims::{ClaimKind, checkable},
    goal,
    topics::{self, Topic, Topics},
    words::{chars, contains_phrase, listed, sentences, words},
};

/// What one rule forbids or demands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Demand {
    /// Nothing on a topic.
    NoTopic(Topic),
    /// A word or phrase never appears.
    NoPhrase(String),
    /// At most so many hashtags.
    Hashtags(usize),
    /// No emoji.
    NoEmoji,
    /// No exclamation marks.
    NoExclamation,
    /// No questions.
    NoQuestion,
    /// No figures.
    NoFigures,
    /// No web addresses.
    NoLinks,
    /// No superlatives.
    NoSuperlatives,
    /// No "I", "we", "my".
    NoFirstPerson,
    /// No promises.
    NoPromises,
    /// A source is named.
    NameSource,
    /// At most so many characters.
    MaxChars(usize),
    /// At most so many words.
    MaxWords(usize),
    /// At most so many sentences.
    MaxSentences(usize),
}

/// One rule with the words that it was given in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Rule {
    /// As a person wrote it.
    pub source: String,
    /// As it is checked.
    pub demand: Demand,
}

/// The rules of one piece of work.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// Whom to ask for the topics of a text.
    pub topics: Topics,
    /// Rules that can be checked.
    pub checkable: Vec<Rule>,
    /// How many directives hold no rule that can be checked here.
    pub unread: usize,
}

/// Most words of a line that is read as one request.
const MAX_REQUEST_WORDS: usize = 12;

const NEGATIONS: &str = "no not never avoid without dont doesnt refrain ban banned skip drop remove delete nor cannot \
    cant shouldnt mustnt zero";

impl Rules {
    /// Reads a persona's directives, the conditions in goal, instructions and memories, and guidance.
    pub(crate) fn of_work(
        persona: &Persona,
        goal: &str,
        instructions: &str,
        guidance: &[String],
        memories: &[String],
        topics: Topics,
    ) -> Self {
        let mut rules = Self::read(topics, persona.directives.iter().map(String::as_str));
        let conditions = [goal, instructions]
            .into_iter()
            .chain(memories.iter().map(String::as_str))
            .flat_map(goal::constraints);
        for line in conditions.chain(guidance.iter().flat_map(|line| asked_in(line))) {
            for demand in demands(&line) {
                rules.add(&line, demand);
            }
        }
        rules
    }

    /// Reads every line as a directive.
    pub(crate) fn read<'a>(topics: Topics, lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut rules = Self {
            topics,
            checkable: Vec::new(),
            unread: 0,
        };
        for line in lines {
            let demands = demands(line);
            if demands.is_empty() {
                rules.unread += 1;
            }
            for demand in demands {
                rules.add(line, demand);
            }
        }
        rules
    }

    fn add(&mut self, source: &str, demand: Demand) {
        if !self.checkable.iter().any(|rule| rule.demand == demand) {
            self.checkable.push(Rule {
                source: source.trim().to_owned(),
                demand,
            });
        }
    }

    /// The tightest bound on characters, when a rule sets one.
    pub(crate) fn max_chars(&self) -> Option<usize> {
        self.checkable
            .iter()
            .filter_map(|rule| match rule.demand {
                Demand::MaxChars(most) => Some(most),
                _ => None,
            })
            .min()
    }

    /// The tightest bound on hashtags, when a rule sets one.
    pub(crate) fn max_hashtags(&self) -> Option<usize> {
        self.checkable
            .iter()
            .filter_map(|rule| match rule.demand {
                Demand::Hashtags(most) => Some(most),
                _ => None,
            })
            .min()
    }

    /// Rules that `text` with `hashtags` breaks; `sources` are the names that count as naming a source.
    pub(crate) fn broken(&self, text: &str, hashtags: usize, sources: &[String]) -> Vec<&Rule> {
        self.checkable
            .iter()
            .filter(|rule| rule.demand.is_broken(self.topics, text, hashtags, sources))
            .collect()
    }
}

impl Demand {
    fn is_broken(&self, topics: Topics, text: &str, hashtags: usize, sources: &[String]) -> bool {
        let has = |list: &str| words(text).iter().any(|word| listed(list, word));
        match self {
            Self::NoTopic(topic) => topics.sign_of(text, *topic).is_some(),
            Self::NoPhrase(phrase) => contains_phrase(text, phrase),
            Self::Hashtags(most) => hashtags > *most,
            Self::NoEmoji => text.chars().any(is_emoji),
            Self::NoExclamation => text.contains('!'),
            Self::NoQuestion => text.contains('?'),
            Self::NoFigures => checkable(text)
                .iter()
                .any(|claim| claim.kind == ClaimKind::Figure),
            Self::NoLinks => text.contains("://") || text.contains("www."),
            Self::NoSuperlatives => checkable(text)
                .iter()
                .any(|claim| claim.kind == ClaimKind::Superlative),
            Self::NoFirstPerson => has("i me my mine we us our ours im ive"),
            Self::NoPromises => has("promise promises promised guarantee guarantees guaranteed"),
            Self::NameSource => !sources.iter().any(|source| contains_phrase(text, source)),
            Self::MaxChars(most) => chars(text) > *most,
            Self::MaxWords(most) => words(text).len() > *most,
            Self::MaxSentences(most) => sentences(text).len() > *most,
        }
    }
}

/// Whether `letter` is drawn as a picture.
pub(crate) const fn is_emoji(letter: char) -> bool {
    matches!(letter, '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F300}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}'
        | '\u{2B50}' | '\u{2B55}' | '\u{FE0F}')
}

/// What a line of guidance asks for: the whole of a short one, the conditions in a long one. Reasons are
/// often told at length and are no rules.
fn asked_in(line: &str) -> Vec<String> {
    if words(line).len() <= MAX_REQUEST_WORDS {
        vec![line.to_owned()]
    } else {
        goal::constraints(line)
    }
}

/// Whether a line of guidance holds a rule that is understood here.
pub(crate) fn is_understood(line: &str) -> bool {
    asked_in(line).iter().any(|part| !demands(part).is_empty())
}

/// What a forbidding line names, and what it then demands.
const FORBIDDEN_SIGNS: &[(&str, Demand)] = &[
    ("hashtag hashtags", Demand::Hashtags(0)),
    ("emoji emojis emoticon emoticons", Demand::NoEmoji),
    ("exclamation exclamations", Demand::NoExclamation),
    ("question questions", Demand::NoQuestion),
    ("number numbers figures statistics stats", Demand::NoFigures),
    ("link links url urls", Demand::NoLinks),
    ("superlative superlatives hype", Demand::NoSuperlatives),
    ("promise promises guarantee guarantees", Demand::NoPromises),
];
/// Words that may stand between "no" and what it forbids.
const FILLERS: &str = "a add adding an and any ask asking contain end ending have having include including \
                       make making mark marks more more of or other post put rhetorical such text the use \
                       using with write writing";
/// Words after which a sign is not forbidden as such: "no numbers without a source".
const CONDITIONS: &str = "about except from unless unsourced without";
/// Words that forbid what stands before them: "hashtags: never".
const AFTERWARDS: &str = "banned forbidden never no";

/// What the negations of a line govern.
fn forbidden(words: &[String]) -> Vec<Demand> {
    let sign_of = |word: &str| {
        FORBIDDEN_SIGNS
            .iter()
            .find(|(signs, _)| listed(signs, word))
    };
    let next_is = |at: usize, list: &str| words.get(at + 1).is_some_and(|next| listed(list, next));
    let mut found: Vec<Demand> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if sign_of(word).is_some() && next_is(at, AFTERWARDS) && at + 2 == words.len() {
            found.extend(sign_of(word).map(|(_, demand)| demand.clone()));
        }
        if !listed(NEGATIONS, word) {
            continue;
        }
        for (ahead, word) in words.iter().enumerate().skip(at + 1) {
            match sign_of(word) {
                Some((_, demand)) if !next_is(ahead, CONDITIONS) => found.push(demand.clone()),
                Some(_) => {}
                None if listed(FILLERS, word) || listed(NEGATIONS, word) => {}
                None => break,
            }
        }
    }
    found
}

/// The demands in one line of plain words.
fn demands(line: &str) -> Vec<Demand> {
    let words = words(line);
    let has = |list: &str| words.iter().any(|word| listed(list, word));
    let mut found = bounds(&words);
    let tags_bounded = found
        .iter()
        .any(|demand| matches!(demand, Demand::Hashtags(_)));
    if has(NEGATIONS) {
        found.extend(topics::named_in(line).into_iter().map(Demand::NoTopic));
        found.extend(phrases(line).into_iter().map(Demand::NoPhrase));
        let named = forbidden(&words).into_iter();
        found.extend(named.filter(|demand| !tags_bounded || *demand != Demand::Hashtags(0)));
        if contains_phrase(line, "first person") {
            found.push(Demand::NoFirstPerson);
        }
    }
    let citing = has("source sources attribution citation")
        && has("name cite credit give always must every each without missing add");
    if citing {
        found.push(Demand::NameSource);
    }
    found
}

/// "Under 200 characters", "at most two hashtags", "no more than three sentences".
fn bounds(words: &[String]) -> Vec<Demand> {
    const SIGNS: &str = "under most max maximum within below than to up";
    let mut found = Vec::new();
    for (at, pair) in words.windows(2).enumerate() {
        let Some(number) = number(&pair[0]) else {
            continue;
        };
        let bounded = words[at.saturating_sub(2)..at]
            .iter()
            .any(|word| listed(SIGNS, word));
        if !bounded || number == 0 {
            continue;
        }
        match pair[1].as_str() {
            "character" | "characters" | "chars" => found.push(Demand::MaxChars(number)),
            "word" | "words" => found.push(Demand::MaxWords(number)),
            "sentence" | "sentences" => found.push(Demand::MaxSentences(number)),
            "hashtag" | "hashtags" => found.push(Demand::Hashtags(number)),
            _ => {}
        }
    }
    found
}

/// A count in digits or words, up to ten thousand.
pub(crate) fn number(word: &str) -> Option<usize> {
    const NAMES: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    NAMES
        .iter()
        .position(|name| *name == word)
        .or_else(|| word.parse().ok().filter(|number| *number <= 10_000))
}

/// Phrases that a line forbids: those in quotation marks, or what follows "mention".
fn phrases(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((_, after)) = rest.split_once(['"', '“', '”', '«', '»']) {
        let Some((phrase, beyond)) = after.split_once(['"', '“', '”', '«', '»']) else {
            break;
        };
        if !words(phrase).is_empty() {
            found.push(phrase.trim().to_owned());
        }
        rest = beyond;
    }
    if found.is_empty() {
        let lower = line.to_lowercase();
        for verb in ["mention ", "the word ", "the words "] {
            if let Some((_, after)) = lower.split_once(verb) {
                let end = after.find(['.', ',', ';', ':', '!']).unwrap_or(after.len());
                let phrase = after[..end].trim_end_matches(" by name").trim();
                let phrase = ["any ", "the ", "our ", "a "]
                    .iter()
                    .find_map(|article| phrase.strip_prefix(article))
                    .unwrap_or(phrase);
                if (1..=4).contains(&words(phrase).len()) && topics::named_in(phrase).is_empty() {
                    found.push(phrase.to_owned());
                }
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_become_demands() {
        for (line, wanted) in [
            ("No health claims", vec![Demand::NoTopic(Topic::Health)]),
            (
                "Never say “cheap” or \"hack\".",
                vec![
                    Demand::NoPhrase("cheap".into()),
                    Demand::NoPhrase("hack".into()),
                ],
            ),
            (
                "Do not mention the competitors by name",
                vec![Demand::NoPhrase("competitors".into())],
            ),
            (
                "Keep it under 200 characters, no emojis",
                vec![Demand::MaxChars(200), Demand::NoEmoji],
            ),
            ("Use at most two hashtags", vec![Demand::Hashtags(2)]),
            ("No more than 2 hashtags", vec![Demand::Hashtags(2)]),
            ("hashtags: never", vec![Demand::Hashtags(0)]),
            ("Always name the source", vec![Demand::NameSource]),
            ("never publish without a source", vec![Demand::NameSource]),
            ("Please remove the numbers", vec![Demand::NoFigures]),
            (
                "Never use hashtags or emojis",
                vec![Demand::Hashtags(0), Demand::NoEmoji],
            ),
            ("Do not end with a question", vec![Demand::NoQuestion]),
            ("No numbers without a source", vec![Demand::NameSource]),
            ("Never dodge a question about being an AI.", vec![]),
            ("Speak plainly.", vec![]),
        ] {
            assert_eq!(demands(line), wanted, "{line}");
        }
    }

    #[test]
    fn breaking_is_noticed_and_keeping_is_not() {
        let rules = Rules::read(
            crate::rehearsal::testdata::topics(),
            [
                "no exclamation marks",
                "No first person",
                "always cite a source",
                "be kind",
            ],
        );
        let sources = ["news.example".to_owned()];
        assert_eq!(rules.unread, 1);
        assert_eq!(
            rules.broken("Rain is due, says News.example.", 0, &sources),
            Vec::<&Rule>::new()
        );
        let broken: Vec<_> = rules
            .broken("We got soaked!", 0, &sources)
            .into_iter()
            .map(|rule| rule.source.as_str())
            .collect();
        assert_eq!(
            broken,
            [
                "no exclamation marks",
                "No first person",
                "always cite a source"
            ]
        );
    }
}

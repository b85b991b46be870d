//! Reads a goal in plain words: how many posts, where, about what, and under which conditions.
//!
//! Never here: making steps of it (the planner's).

use chimera_domain::platform::Platform;

use super::{
    rules::number,
    words::{clipped, is_campaign, is_content, is_everyday, listed, stem, words},
};

/// Most characters of a topic as it is quoted in instructions and posts.
const MAX_TOPIC_CHARS: usize = 70;

/// What a goal says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Reading {
    /// How many posts, when it tells.
    pub count: Option<usize>,
    /// Networks that it names, in its order.
    pub platforms: Vec<Platform>,
    /// What it is about, in its own words.
    pub topic: String,
    /// Its conditions, in its own words: "no health claims".
    pub constraints: Vec<String>,
}

/// Reads `goal`.
pub(crate) fn read(goal: &str) -> Reading {
    Reading {
        count: count(&words(goal)),
        platforms: platforms(goal),
        topic: topic(goal),
        constraints: constraints(goal),
    }
}

const POST_NOUNS: &str = "post tweet toot draft caption update message note piece teaser";

fn is_post_noun(word: &str) -> bool {
    listed(POST_NOUNS, word)
        || word
            .strip_suffix('s')
            .is_some_and(|one| listed(POST_NOUNS, one))
}

/// "Three short posts", "5 tweets", "daily posts for a week", "one post".
fn count(words: &[String]) -> Option<usize> {
    let has = |word: &str| words.iter().any(|found| found == word);
    for (at, word) in words.iter().enumerate() {
        let wanted = if word == "couple" {
            Some(2)
        } else {
            number(word)
        };
        let Some(wanted) = wanted.filter(|wanted| *wanted > 0) else {
            continue;
        };
        let near = &words[at + 1..words.len().min(at + 5)];
        if near.iter().any(|word| is_post_noun(word)) {
            return Some(wanted);
        }
        if near.first().is_some_and(|word| word == "days") && (has("daily") || has("day")) {
            return Some(wanted);
        }
    }
    if (has("daily") || has("everyday")) && has("week") {
        return Some(7);
    }
    let single = words.windows(2).any(|pair| {
        matches!(pair[0].as_str(), "a" | "an" | "the" | "single") && listed(POST_NOUNS, &pair[1])
    });
    single.then_some(1)
}

fn platform_of(word: &str, before: Option<&str>) -> Option<Platform> {
    let preposed = before.is_some_and(|word| ["on", "to", "for", "via"].contains(&word));
    Some(match word {
        "twitter" | "tweet" | "tweets" => Platform::Twitter,
        "x" if preposed => Platform::Twitter,
        "threads" if preposed => Platform::Threads,
        "instagram" | "insta" => Platform::Instagram,
        "tiktok" => Platform::Tiktok,
        "youtube" => Platform::Youtube,
        "bluesky" => Platform::Bluesky,
        "mastodon" | "toot" | "toots" => Platform::Mastodon,
        "moltbook" => Platform::Moltbook,
        "openclaw" => Platform::Openclaw,
        "sandbox" => Platform::Sandbox,
        _ => return None,
    })
}

fn platforms(goal: &str) -> Vec<Platform> {
    let words = words(goal);
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| words[at].as_str());
        if let Some(platform) = platform_of(word, before)
            && !found.contains(&platform)
        {
            found.push(platform);
        }
    }
    found
}

/// Most words of a topic that nothing opens.
const MAX_RUN_WORDS: usize = 4;
/// What comes before a topic; earlier entries are surer.
const OPENERS: &str = "about regarding concerning covering promoting promote announcing announce introducing introduce \
    explaining explain celebrating celebrate around showing on";

/// What ends a topic.
const CLOSERS: &str = "without with but no not never avoid avoiding using from every each daily today tomorrow this \
    that which while under keep only based publish written so";

fn topic(goal: &str) -> String {
    let tokens: Vec<&str> = goal.split_whitespace().collect();
    let plain: Vec<String> = tokens.iter().map(|token| bare(token)).collect();
    let from_opener = OPENERS.split_whitespace().find_map(|opener| {
        let at = plain.iter().position(|word| word == opener)?;
        let named = named_part(&tokens[at + 1..], &plain[at + 1..]);
        (!named.is_empty()).then_some(named)
    });
    let named = from_opener.unwrap_or_else(|| longest_run(&tokens, &plain));
    if named.is_empty() {
        clipped(goal.trim(), MAX_TOPIC_CHARS)
    } else {
        clipped(&named, MAX_TOPIC_CHARS)
    }
}

/// What a goal begins with when it tells us what to do; no topic.
const IMPERATIVES: &str = "tell get help let show give teach remind make invite convince ask bring find grow raise \
    build spark create";

/// What one wants of people, and no topic either.
const AIMS: &str = "interest awareness attention buzz excitement";

/// The longest run of words with a meaning that stand side by side, the first of equals: words picked from all
/// over a sentence do not read as a topic.
fn longest_run(tokens: &[&str], plain: &[String]) -> String {
    let mut runs: Vec<Vec<&str>> = vec![Vec::new()];
    for (at, (token, word)) in tokens.iter().zip(plain).enumerate() {
        let means = is_content(word)
            && !is_campaign(word)
            && platform_of(word, None).is_none()
            && !listed(AIMS, word)
            && !(at == 0 && listed(IMPERATIVES, word));
        match runs.last_mut() {
            Some(run) if means && run.len() < MAX_RUN_WORDS => run.push(trimmed(token)),
            _ if means => runs.push(vec![trimmed(token)]),
            _ => runs.push(Vec::new()),
        }
        if token.ends_with(['.', ',', ';', ':', '!', '?']) {
            runs.push(Vec::new());
        }
    }
    let longest = runs.iter().rev().max_by_key(|run| run.len());
    longest.map(|run| run.join(" ")).unwrap_or_default()
}

/// The words from here to where the topic ends.
fn named_part(tokens: &[&str], plain: &[String]) -> String {
    let mut named: Vec<&str> = Vec::new();
    for (at, (token, word)) in tokens.iter().zip(plain).enumerate() {
        let next = plain.get(at + 1).map(String::as_str);
        let leads_away = ["on", "to", "for", "in"].contains(&word.as_str())
            && next.is_some_and(|next| {
                platform_of(next, Some("on")).is_some()
                    || ["the", "our", "my", "a", "an", "their"].contains(&next)
            });
        let and_then = word == "and"
            && next.is_some_and(|next| {
                [
                    "publish", "post", "share", "keep", "make", "no", "never", "send",
                ]
                .contains(&next)
            });
        let platform = named.is_empty() && platform_of(word, Some("on")).is_some();
        if listed(CLOSERS, word) || leads_away || and_then || platform {
            break;
        }
        // "The night sky" and "our bakery" read on; "a" and "my" do not.
        let article = named.is_empty() && ["my", "a", "an", "their"].contains(&word.as_str());
        if !article {
            named.push(trimmed(token));
        }
        if token.ends_with(['.', ',', ';', ':', '!', '?']) {
            break;
        }
    }
    named.join(" ")
}

fn bare(token: &str) -> String {
    words(token).concat()
}

fn trimmed(token: &str) -> &str {
    token.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '%')
}

/// The topic in at most four words, for use inside a sentence.
pub(crate) fn short_topic(topic: &str) -> String {
    let head = [" for ", " in ", " at ", " and ", ", "]
        .iter()
        .filter_map(|parting| topic.split_once(parting).map(|(head, _)| head))
        .min_by_key(|head| head.len())
        .unwrap_or(topic);
    let mut kept: Vec<&str> = head.split_whitespace().take(4).collect();
    while kept
        .last()
        .is_some_and(|word| ["and", "of", "the", "or", "to"].contains(word))
    {
        kept.pop();
    }
    kept.join(" ")
}

/// Clauses that forbid or bound something, from their first such word on.
pub(crate) fn constraints(text: &str) -> Vec<String> {
    const STARTS: &str = "no not never avoid without dont only always must max maximum under keep";
    text.split(['.', ';', ',', '!', '?', '\n'])
        .filter_map(|clause| {
            let tokens: Vec<&str> = clause.split_whitespace().collect();
            let at = tokens
                .iter()
                .position(|token| listed(STARTS, &bare(token)))?;
            let clause = tokens[at..].join(" ");
            (tokens.len() - at > 1).then_some(clause)
        })
        .collect()
}

/// Stems of the topic, then stems of the rest of the goal that may matter.
pub(crate) fn stems(goal: &str) -> (Vec<String>, Vec<String>) {
    let reading = read(goal);
    let forbidden = reading.constraints.join(" ");
    let forbidden: Vec<String> = words(&forbidden);
    let wanted = |text: &str| -> Vec<String> {
        let mut stems: Vec<String> = Vec::new();
        for word in words(text) {
            let says =
                is_content(&word) && !is_campaign(&word) && platform_of(&word, None).is_none();
            let stem = stem(&word);
            if says && !stems.contains(&stem) && !forbidden.contains(&word) {
                stems.push(stem);
            }
        }
        stems
    };
    let topic = wanted(&reading.topic);
    let rest = wanted(goal)
        .into_iter()
        .filter(|stem| !topic.contains(stem))
        .collect();
    (topic, rest)
}

/// What ends a subject and leads to where or for whom: the words behind it are no subject.
const ASIDES: &str = "for to in at on with from among via by";

/// What a goal wants items about.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Sought {
    /// Subjects, any of which will do, each as stems; the last stem names the thing, the others narrow it.
    pub subjects: Vec<Vec<String>>,
    /// Stems of the goal's other words: for whom, where.
    pub around: Vec<String>,
}

/// Reads what items are sought. "About cold brew, grinders and home roasters" names three subjects; a goal
/// that names none ("Grow interest in beekeeping") has one for each of its words.
pub(crate) fn sought(goal: &str) -> Sought {
    let tokens: Vec<&str> = goal.split_whitespace().collect();
    let plain: Vec<String> = tokens.iter().map(|token| bare(token)).collect();
    let (topic, rest) = stems(goal);
    let listed = OPENERS.split_whitespace().find_map(|opener| {
        let at = plain.iter().position(|word| word == opener)?;
        let subjects = subjects(&tokens[at + 1..], &plain[at + 1..]);
        (!subjects.is_empty()).then_some(subjects)
    });
    let every_word = || topic.iter().chain(&rest).cloned().collect::<Vec<_>>();
    let subjects = listed.unwrap_or_else(|| {
        telling(every_word())
            .into_iter()
            .map(|stem| vec![stem])
            .collect()
    });
    let around = every_word()
        .into_iter()
        .filter(|stem| !subjects.iter().flatten().any(|known| known == stem))
        .collect();
    Sought { subjects, around }
}

/// The subjects that are listed from here to the end of the sentence.
fn subjects(tokens: &[&str], plain: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut current: Vec<String> = Vec::new();
    let mut aside = false;
    for (token, word) in tokens.iter().zip(plain) {
        if listed(CLOSERS, word) {
            break;
        }
        aside |= listed(ASIDES, word);
        let parts = !aside && ["and", "or", "plus"].contains(&word.as_str());
        if !aside && !parts {
            let says = |word: &String| {
                is_content(word) && !is_campaign(word) && platform_of(word, None).is_none()
            };
            current.extend(
                words(token)
                    .iter()
                    .filter(|word| says(word))
                    .map(|word| stem(word)),
            );
        }
        let comma = token.ends_with(',');
        if parts || comma {
            found.push(std::mem::take(&mut current));
            aside = false;
        }
        if token.ends_with(['.', ';', ':', '!', '?']) {
            break;
        }
    }
    found.push(current);
    found.retain(|subject| !subject.is_empty());
    found.into_iter().map(telling).collect()
}

/// Without the words that are too common, unless there are no others.
fn telling(stems: Vec<String>) -> Vec<String> {
    let rare: Vec<String> = stems
        .iter()
        .filter(|stem| !is_everyday(stem))
        .cloned()
        .collect();
    if rare.is_empty() { stems } else { rare }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_of_many_kinds_are_read() {
        for (goal, count, platforms, topic, constraints) in [
            (
                "Three posts about specialty coffee for home brewers, no health claims.",
                Some(3),
                vec![],
                "specialty coffee for home brewers",
                vec!["no health claims"],
            ),
            (
                "Write 5 short tweets on urban cycling without hashtags",
                Some(5),
                vec![Platform::Twitter],
                "urban cycling",
                vec!["without hashtags"],
            ),
            (
                "Promote our new sourdough bakery on Mastodon and Bluesky; never mention prices",
                None,
                vec![Platform::Mastodon, Platform::Bluesky],
                "our new sourdough bakery",
                vec!["never mention prices"],
            ),
            (
                "Daily posts for a week about the night sky on X",
                Some(7),
                vec![Platform::Twitter],
                "the night sky",
                vec![],
            ),
            (
                "Publish a post to the sandbox about Rust and WebAssembly this week",
                Some(1),
                vec![Platform::Sandbox],
                "Rust and WebAssembly",
                vec![],
            ),
            (
                "Grow interest in beekeeping",
                None,
                vec![],
                "beekeeping",
                vec![],
            ),
            (
                "Tell people who like to repair things what became easier.",
                None,
                vec![],
                "repair things",
                vec![],
            ),
        ] {
            let wanted = Reading {
                count,
                platforms,
                topic: topic.to_owned(),
                constraints: constraints.into_iter().map(str::to_owned).collect(),
            };
            assert_eq!(read(goal), wanted, "{goal}");
        }
    }

    #[test]
    fn what_a_goal_forbids_is_not_what_it_seeks() {
        let (topic, rest) = stems("Three posts about coffee for cafés in Lisbon, no health claims");
        assert_eq!(topic, ["coffee", "cafés", "lisbon"].map(stem));
        assert!(!rest.contains(&stem("health")));
    }

    #[test]
    fn short_topics_fit_in_a_sentence() {
        assert_eq!(
            short_topic("specialty coffee for home brewers"),
            "specialty coffee"
        );
        assert_eq!(
            short_topic("the history of bread and butter"),
            "the history of bread"
        );
        assert_eq!(short_topic("urban cycling and bike lanes"), "urban cycling");
    }

    #[test]
    fn a_goal_may_name_several_subjects_or_none() {
        for (goal, wanted) in [
            (
                "One post about cold brew, grinders and home roasters, no health claims",
                "cold brew|grinder|roaster",
            ),
            (
                "Three posts about specialty coffee for home brewers in Lisbon.",
                "specialty coffee",
            ),
            (
                "Explain the news about trains and cities to busy commuters in two short posts, without advertising.",
                "train|city",
            ),
            (
                "Five posts about urban cycling and bike lanes on Mastodon",
                "urban cycling|bike lane",
            ),
            ("Grow interest in beekeeping", "beekeeping"),
            (
                "Tell people who like to repair things what became easier, in one short post with one exact number.",
                "repair",
            ),
        ] {
            let wanted: Vec<Vec<String>> = wanted
                .split('|')
                .map(|subject| subject.split(' ').map(stem).collect())
                .collect();
            assert_eq!(sought(goal).subjects, wanted, "{goal}");
        }
        let around = sought("Three posts about specialty coffee for home brewers").around;
        assert_eq!(around, ["home", "brewer"].map(stem));
    }
}

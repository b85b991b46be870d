//! Sensitive topics, for the rehearsal model's own caution.
//!
//! Never here: the words that put a text on a topic. Policy has that list, and whoever makes the model says how to ask
//! it.

use std::{fmt, sync::LazyLock};

use super::words::{stem, stem_set};

/// Tells the topics of a text: each with its word, such as `health`, and the words of the text that say so.
pub type FindTopics = fn(&str) -> Vec<(&'static str, String)>;

/// A topic on which a post can do harm.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Topic {
    /// Parties, elections, officials.
    Politics,
    /// Illness, cures, effects on the body.
    Health,
    /// Investing, prices of assets, returns.
    Finance,
    /// Lawsuits, liability, what the law allows.
    Legal,
    /// Children.
    Minors,
}

impl Topic {
    /// Every topic.
    pub(crate) const ALL: [Self; 5] = [
        Self::Politics,
        Self::Health,
        Self::Finance,
        Self::Legal,
        Self::Minors,
    ];

    /// The word for people and risk categories.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Politics => "politics",
            Self::Health => "health",
            Self::Finance => "finance",
            Self::Legal => "legal",
            Self::Minors => "minors",
        }
    }

    /// Words that a person uses to name the topic in a rule.
    const fn names(self) -> &'static str {
        match self {
            Self::Politics => "politics political election party",
            Self::Health => "health medical medicine wellness",
            Self::Finance => "finance financial investment investing crypto cryptocurrency",
            Self::Legal => "legal law",
            Self::Minors => "minors children kids",
        }
    }
}

/// Asks for the topics of texts.
#[derive(Clone, Copy)]
pub(crate) struct Topics(FindTopics);

impl fmt::Debug for Topics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Topics")
    }
}

impl Topics {
    pub(crate) const fn new(find: FindTopics) -> Self {
        Self(find)
    }

    /// Topics that `text` is on, each with the words that say so, in the order of [`Topic::ALL`].
    pub(crate) fn found(self, text: &str) -> Vec<(Topic, String)> {
        let told = (self.0)(text);
        let of = |topic: Topic| {
            let of_topic = told.iter().filter(move |(word, _)| *word == topic.word());
            of_topic.map(move |(_, sign)| (topic, sign.clone()))
        };
        Topic::ALL.into_iter().flat_map(of).collect()
    }

    /// The words of `text` that put it on `topic`, when there are such.
    pub(crate) fn sign_of(self, text: &str, topic: Topic) -> Option<String> {
        self.found(text)
            .into_iter()
            .find(|(found, _)| *found == topic)
            .map(|(_, sign)| sign)
    }
}

/// Stems of the words by which a rule names a topic.
static NAMES: LazyLock<Vec<(Topic, Vec<String>)>> = LazyLock::new(|| {
    Topic::ALL
        .map(|topic| (topic, topic.names().split_whitespace().map(stem).collect()))
        .to_vec()
});

/// The topic that a rule's words name, as in "no health claims".
pub(crate) fn named_in(rule: &str) -> Vec<Topic> {
    let stems = stem_set(rule);
    NAMES
        .iter()
        .filter(|(_, names)| names.iter().any(|name| stems.contains(name)))
        .map(|(topic, _)| *topic)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rehearsal::testdata::topics;

    #[test]
    fn texts_are_put_on_their_topics_with_the_words_that_say_so() {
        for (text, topic, sign) in [
            ("Two cups a day cure migraines.", Topic::Health, "cure"),
            (
                "It lowers your blood pressure",
                Topic::Health,
                "blood pressure",
            ),
            (
                "Investors fled the stock market.",
                Topic::Finance,
                "stock market",
            ),
            (
                "The Prime Minister resigned",
                Topic::Politics,
                "prime minister",
            ),
            ("They sued the roaster", Topic::Legal, "sued"),
        ] {
            assert!(
                topics().found(text).contains(&(topic, sign.to_owned())),
                "{text}: {:?}",
                topics().found(text)
            );
        }
    }

    #[test]
    fn everyday_texts_are_on_no_topic() {
        for text in [
            "A new grinder for the counter.",
            "The river path opens in May.",
            "Healthy competition among bakers.",
            "She stressed the point.",
        ] {
            assert_eq!(topics().found(text), vec![], "{text}");
        }
    }

    #[test]
    fn rules_name_topics() {
        assert_eq!(named_in("No medical or health claims"), [Topic::Health]);
        assert_eq!(
            named_in("never discuss politics or give financial advice"),
            [Topic::Politics, Topic::Finance]
        );
        assert_eq!(named_in("no exclamation marks"), []);
    }
}

//! Sensitive topics by their words, for the rehearsal model's own caution.
//!
//! Never here: the operator's policy. `policy` and `guard` decide what needs a person; this list only
//! keeps the rehearsal model from writing, or scoring highly, what they would stop.

use std::sync::LazyLock;

use super::words::{stem, stem_set, words};

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

    /// Words that put a text on the topic.
    const fn signs(self) -> &'static str {
        match self {
            Self::Politics => {
                "election president parliament senator senate congress minister republican \
                    democrat vote voter ballot referendum politician partisan campaigner lawmaker \
                    legislator"
            }
            Self::Health => {
                "cure heal disease cancer diabetes symptom therapy medicine medication vaccine \
                    detox immune immunity cholesterol antioxidant inflammation diagnosis dosage \
                    obesity depression anxiety dementia migraine insomnia metabolism"
            }
            Self::Finance => {
                "invest investor investment bitcoin crypto cryptocurrency dividend portfolio \
                    stockbroker trader mortgage shareholder hedge"
            }
            Self::Legal => {
                "lawsuit sue sued court attorney lawyer plaintiff defendant liability verdict \
                    litigation illegal settlement indictment"
            }
            Self::Minors => "child children minor toddler teenager underage schoolboy schoolgirl",
        }
    }

    /// Pairs of words that together put a text on the topic.
    const fn pairs(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Health => &[
                ("blood", "pressure"),
                ("weight", "loss"),
                ("lose", "weight"),
                ("heart", "attack"),
                ("mental", "health"),
                ("good", "health"),
                ("health", "benefit"),
                ("live", "longer"),
            ],
            Self::Finance => &[
                ("stock", "market"),
                ("interest", "rate"),
                ("guaranteed", "return"),
                ("share", "price"),
                ("financial", "advice"),
            ],
            Self::Politics => &[("prime", "minister"), ("white", "house")],
            Self::Legal => &[("class", "action"), ("legal", "advice")],
            Self::Minors => &[],
        }
    }
}

/// Stems that put a text on a topic: pairs first, then single words.
static SIGNS: LazyLock<Vec<(Topic, Vec<Vec<String>>)>> = LazyLock::new(|| {
    let of = |topic: Topic| {
        let pairs = topic
            .pairs()
            .iter()
            .map(|(one, other)| vec![stem(one), stem(other)]);
        let signs = topic
            .signs()
            .split_whitespace()
            .map(|sign| vec![stem(sign)]);
        (topic, pairs.chain(signs).collect())
    };
    Topic::ALL.map(of).to_vec()
});

/// Stems of the words by which a rule names a topic.
static NAMES: LazyLock<Vec<(Topic, Vec<String>)>> = LazyLock::new(|| {
    Topic::ALL
        .map(|topic| (topic, topic.names().split_whitespace().map(stem).collect()))
        .to_vec()
});

/// Topics that `text` is on, each with the words that say so.
pub(crate) fn found(text: &str) -> Vec<(Topic, String)> {
    let words = words(text);
    let stems: Vec<String> = words.iter().map(|word| stem(word)).collect();
    SIGNS
        .iter()
        .filter_map(|(topic, signs)| {
            let found = signs.iter().find_map(|sign| {
                let at = stems.windows(sign.len()).position(|run| run == sign)?;
                Some(words[at..at + sign.len()].join(" "))
            });
            Some((*topic, found?))
        })
        .collect()
}

/// The words of `text` that put it on `topic`, when there are such.
pub(crate) fn sign_of(text: &str, topic: Topic) -> Option<String> {
    found(text)
        .into_iter()
        .find(|(found, _)| *found == topic)
        .map(|(_, sign)| sign)
}

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
                found(text).contains(&(topic, sign.to_owned())),
                "{text}: {:?}",
                found(text)
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
            assert_eq!(found(text), vec![], "{text}");
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

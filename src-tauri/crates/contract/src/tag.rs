//! Cache tags: what a read provides, and what a write or an event makes stale (style 12).
//!
//! Never here: fetching. The UI derives every refetch from this table.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::{endpoint, event::FACTS};

macro_rules! topics {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)+) => {
        /// What a piece of cached data is about.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Topic {
            $($(#[$doc])* $name,)+
        }

        impl Topic {
            /// Every topic.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The word in the table.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }
        }
    };
}

topics! {
    /// Whether there is an owner, and who is signed in.
    Session = "session";
    /// Accounts.
    Person = "person";
    /// Agents and what they do.
    Agent = "agent";
    /// SOUL.md and its versions, by agent.
    Persona = "persona";
    /// What agents remember.
    Memory = "memory";
    /// Campaigns.
    Campaign = "campaign";
    /// Plans, by campaign.
    Plan = "plan";
    /// Tasks; lists of a campaign's tasks go by `campaign_tasks`.
    Task = "task";
    /// All tasks of a campaign, its graph and its progress, by campaign.
    CampaignTasks = "campaign_tasks";
    /// Items of the review queue.
    Review = "review";
    /// Outward actions.
    Effect = "effect";
    /// Content and publications.
    Content = "content";
    /// What the sandbox network shows.
    Network = "network";
    /// Runs and their spans.
    Trace = "trace";
    /// Trends.
    Trend = "trend";
    /// Alerts.
    Alert = "alert";
    /// Steps that were given up.
    DeadLetter = "dead_letter";
    /// Security events.
    Incident = "incident";
    /// Audit records.
    Audit = "audit";
    /// The fleet's figures in the frame.
    Gauge = "gauge";
    /// What does not work at the moment and what does.
    Status = "status";
    /// Providers, servers and feeds.
    Connection = "connection";
    /// The policy.
    Policy = "policy";
    /// API keys of the workspace.
    AccessKey = "access_key";
    /// Workspaces of the installation.
    Tenant = "tenant";
    /// A person's own settings.
    Setting = "setting";
    /// Skills.
    Skill = "skill";
}

impl Topic {
    /// Everything under this topic.
    #[must_use]
    pub const fn any(self) -> Tag {
        Tag {
            topic: self,
            key: None,
        }
    }
    /// The one named by the path parameter, or by the fact's field, called `field`.
    #[must_use]
    pub const fn by(self, field: &'static str) -> Tag {
        Tag {
            topic: self,
            key: Some(field),
        }
    }
}

/// A tag. Two tags meet when their topics are equal and their keys are equal or one has none: so a
/// list provides the bare topic and goes stale with each of its rows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Tag {
    /// About what.
    pub topic: Topic,
    /// Path parameter or field of the fact that holds the key; absent for all of the topic.
    pub key: Option<&'static str>,
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.topic.as_str())?;
        self.key.map_or(Ok(()), |key| write!(f, ":{{{key}}}"))
    }
}

fn words(tags: &[Tag]) -> Value {
    tags.iter().map(ToString::to_string).collect()
}

/// The whole table for the UI: topics, endpoints by operation id, facts by type.
#[must_use]
pub fn export() -> Value {
    let topics: Vec<&str> = Topic::ALL.iter().map(|topic| topic.as_str()).collect();
    let endpoints: Map<String, Value> = endpoint::all()
        .map(|one| {
            let row = json!({
                "method": one.method.as_str(),
                "path": one.path,
                "provides": words(one.provides),
                "invalidates": words(one.invalidates),
            });
            (one.id.to_owned(), row)
        })
        .collect();
    let facts: Map<String, Value> = FACTS
        .iter()
        .map(|(fact, tags)| ((*fact).to_owned(), words(tags)))
        .collect();
    json!({
        "rule": "Two tags meet when their topics are equal and their keys are equal or one has none.",
        "topics": topics,
        "endpoints": endpoints,
        "facts": facts,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_reads_as_topic_and_place_of_its_key() {
        assert_eq!(
            Topic::Campaign.by("campaign").to_string(),
            "campaign:{campaign}"
        );
        assert_eq!(Topic::Review.any().to_string(), "review");
    }

    #[test]
    fn every_topic_is_provided_by_a_read_and_made_stale_by_something_that_can_change_it() {
        // Skills change without a write of the API or a fact: with a restart.
        let still = [Topic::Skill];
        for topic in Topic::ALL {
            let about = |tags: &[Tag]| tags.iter().any(|tag| tag.topic == *topic);
            assert!(
                endpoint::all().any(|one| about(one.provides)),
                "nothing reads {topic:?}"
            );
            let stale = endpoint::all().any(|one| about(one.invalidates))
                || FACTS.iter().any(|(_, tags)| about(tags));
            assert_eq!(stale, !still.contains(topic), "{topic:?}");
        }
    }
}

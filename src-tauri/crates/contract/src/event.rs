//! Facts as they are pushed to whoever watches, numbered and resumable.
//!
//! Never here: agent activity, which is a sampled gauge (`swarm::Gauge`).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    scalar::{Id, Time},
    tag::{Tag, Topic},
};

/// What each fact makes stale, by its `type`.
pub const FACTS: &[(&str, &[Tag])] = &[
    (
        "campaign_changed",
        &[
            Topic::Campaign.by("campaign"),
            Topic::Plan.by("campaign"),
            Topic::CampaignTasks.by("campaign"),
            Topic::Effect.any(),
            Topic::Trace.any(),
            Topic::Gauge.any(),
            Topic::Audit.any(),
        ],
    ),
    (
        "task_changed",
        &[
            Topic::Task.by("task"),
            Topic::DeadLetter.any(),
            Topic::Campaign.by("campaign"),
            Topic::CampaignTasks.by("campaign"),
            Topic::Agent.any(),
            Topic::Trace.any(),
            Topic::Gauge.any(),
            Topic::Audit.any(),
            Topic::Trend.any(),
            Topic::Memory.any(),
        ],
    ),
    (
        "review_changed",
        &[
            Topic::Review.by("review"),
            Topic::Memory.any(),
            Topic::Trace.any(),
            Topic::Gauge.any(),
            Topic::Audit.any(),
        ],
    ),
    (
        "effect_changed",
        &[
            Topic::Effect.by("effect"),
            Topic::DeadLetter.any(),
            Topic::Task.by("task"),
            Topic::Content.any(),
            Topic::Network.any(),
            Topic::Memory.any(),
            Topic::Trace.any(),
            Topic::Gauge.any(),
            Topic::Audit.any(),
        ],
    ),
    (
        "persona_changed",
        &[
            Topic::Persona.by("agent"),
            Topic::Agent.by("agent"),
            Topic::Audit.any(),
        ],
    ),
    (
        "alert_raised",
        &[
            Topic::Alert.by("alert"),
            Topic::Incident.any(),
            Topic::Connection.any(),
            Topic::Status.any(),
            Topic::Gauge.any(),
        ],
    ),
    (
        "settings_changed",
        &[
            Topic::Agent.any(),
            Topic::Status.any(),
            Topic::Connection.any(),
            Topic::Person.any(),
            Topic::Session.any(),
            Topic::Policy.any(),
            Topic::Setting.any(),
            Topic::Memory.any(),
            Topic::Gauge.any(),
            Topic::Audit.any(),
        ],
    ),
];

/// Whose act something was.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Actor {
    /// Person, agent, or the runtime itself.
    pub kind: ActorKind,
    /// Key of the person or agent; for the runtime, the part that acted, such as `outbox`.
    pub id: String,
    /// Name for people, where it is known.
    pub name: Option<String>,
}

/// Kinds of actors.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A signed-in person.
    Person,
    /// An agent.
    Agent,
    /// The runtime itself.
    System,
}

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Fact {
    /// A campaign was made, changed its status, or its plan changed.
    CampaignChanged {
        /// Which.
        campaign: Id,
        /// Its status now.
        status: String,
    },
    /// A task changed its state.
    TaskChanged {
        /// Which.
        task: Id,
        /// Its campaign.
        campaign: Id,
        /// Its state now.
        state: String,
    },
    /// A review was opened, claimed, decided or expired.
    ReviewChanged {
        /// Which.
        review: Id,
        /// Its campaign.
        campaign: Id,
        /// Its state now.
        state: String,
    },
    /// An outward action was held, released, sent, undone or failed.
    EffectChanged {
        /// Which.
        effect: Id,
        /// The task behind it.
        task: Id,
        /// Its state now.
        state: String,
    },
    /// A persona has a new version.
    PersonaChanged {
        /// Whose.
        agent: Id,
        /// Its number.
        number: u32,
    },
    /// A person should know.
    AlertRaised {
        /// Which.
        alert: Id,
        /// Stable code.
        code: String,
        /// One line.
        title: String,
    },
    /// Settings, connections or people changed.
    SettingsChanged {
        /// What, for example `connections`.
        area: String,
    },
}

/// A fact with its number, author and time: the data of one server-sent event of type `fact`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct EventFrame {
    /// Number in the log; also the event's `id`, to resume from.
    pub seq: u64,
    /// Who caused it; a window skips what it caused itself.
    pub actor: Actor,
    /// When.
    pub at: Time,
    /// What.
    pub fact: Fact,
}

/// Where to begin.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EventQuery {
    /// Send what came after this number. Without it, and without `Last-Event-ID`, only what comes from
    /// now on is sent.
    pub after: Option<u64>,
}

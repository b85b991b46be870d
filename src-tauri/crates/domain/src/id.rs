//! Typed identifiers: one Rust type per noun, all UUIDs on the wire and in the store.
//!
//! Never here: minting. A new id is an input (see `ports::IdSource`), so that a run can be replayed.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Text that was offered as an id and is not a UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{text}' is not a {noun} id; an id is a UUID such as 0199f1c2-7a3e-7cc1-8f00-2b1d5a6e9f10"
)]
pub struct InvalidId {
    /// What the id was meant to name.
    pub noun: &'static str,
    /// What was offered, cut to 64 characters.
    pub text: String,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $noun:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that is already known to name this noun.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self { Self(uuid) }
            /// The bare UUID, for adapters.
            #[must_use]
            pub const fn as_uuid(&self) -> &Uuid { &self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.hyphenated().fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($noun, ":{}"), self.0.hyphenated())
            }
        }
        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::parse_str(text).map(Self).map_err(|_| InvalidId {
                    noun: $noun,
                    text: text.chars().take(64).collect(),
                })
            }
        }
    )+};
}

ids! {
    /// A customer of this installation; every row and every call belongs to one.
    TenantId = "tenant";
    /// A person with an account.
    UserId = "user";
    /// A signed-in session of a person.
    SessionId = "session";
    /// An agent: persona, memory and wallet under one name.
    AgentId = "agent";
    /// One version of an agent's SOUL.md.
    PersonaVersionId = "persona version";
    /// A campaign: a goal, a plan, and the tasks that pursue it.
    CampaignId = "campaign";
    /// A plan under edit or in execution.
    PlanId = "plan";
    /// One node of a campaign's graph.
    TaskId = "task";
    /// One run of a task by a worker.
    AttemptId = "attempt";
    /// What a worker prepared.
    ArtifactId = "artifact";
    /// A call to a model, one line of the ledger.
    CallId = "model call";
    /// A judge's recorded verdict.
    VerdictId = "verdict";
    /// An item in the review queue.
    ReviewId = "review";
    /// A decision that lets an action happen.
    ApprovalId = "approval";
    /// An outward action in the outbox.
    EffectId = "effect";
    /// A post that left, or tried to.
    PublicationId = "publication";
    /// A piece of content (S4 `content`).
    ContentId = "content";
    /// A row of engagement figures.
    EngagementId = "engagement";
    /// An audit record.
    AuditId = "audit record";
    /// A security event or operational incident.
    IncidentId = "incident";
    /// Something that a person is told and may acknowledge.
    AlertId = "alert";
    /// An external feed, server or provider that the operator connected.
    ConnectionId = "connection";
    /// Something that an agent remembers.
    MemoryId = "memory";
    /// The version of a row, changed at every transition (ORC-06).
    VersionId = "version";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text() {
        let id = TaskId::from_uuid(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse::<TaskId>(), Ok(id));
        assert_eq!(
            format!("{id:?}"),
            "task:00000000-0000-0000-0000-000000000007"
        );
    }

    #[test]
    fn text_that_is_no_uuid_is_refused_with_its_noun() {
        let error = "x'; drop table".parse::<ReviewId>().unwrap_err();
        assert_eq!(error.noun, "review");
        assert!(error.to_string().contains("x'; drop table"));
    }
}

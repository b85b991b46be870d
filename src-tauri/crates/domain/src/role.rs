//! Who a person may be (C20). Never here: what a role may do (that is authorization).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A role of a person; one person may hold several.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// People, roles, connections, policies, secrets.
    Admin,
    /// Watches the fleet, finds out why, stops it.
    #[serde(alias = "network_operator", alias = "OPERATOR")]
    Operator,
    /// Clears the review queue; content only.
    #[serde(alias = "reviewer", alias = "MODERATOR")]
    Moderator,
    /// Personas, campaigns and policy of own agents.
    BrandOwner,
    /// Transactions, budgets, ledger.
    Finance,
    /// Reads, never writes.
    #[serde(alias = "readonly")]
    Viewer,
}

impl Role {
    /// Every role, strongest first.
    pub const ALL: [Self; 6] = [
        Self::Admin,
        Self::Operator,
        Self::Moderator,
        Self::BrandOwner,
        Self::Finance,
        Self::Viewer,
    ];

    /// The word on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Operator => "operator",
            Self::Moderator => "moderator",
            Self::BrandOwner => "brand_owner",
            Self::Finance => "finance",
            Self::Viewer => "viewer",
        }
    }
}

/// Whose act something is: every fact names its author.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(
    tag = "kind",
    content = "id",
    rename_all = "snake_case",
    deny_unknown_fields
)]
pub enum Actor {
    /// A signed-in person.
    Person(crate::id::UserId),
    /// An agent, by the role it acted in.
    Agent(crate::id::AgentId),
    /// The runtime itself, with the part that acted, for example `outbox`.
    System(String),
}

impl Actor {
    /// The runtime's own part `name`.
    #[must_use]
    pub fn system(name: &str) -> Self {
        Self::System(name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seeds_words_are_accepted_and_ours_are_written() {
        for (word, role) in [
            ("OPERATOR", Role::Operator),
            ("reviewer", Role::Moderator),
            ("readonly", Role::Viewer),
        ] {
            let read: Role = serde_json::from_value(word.into()).unwrap();
            assert_eq!(read, role);
        }
        for role in Role::ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
        }
    }
}

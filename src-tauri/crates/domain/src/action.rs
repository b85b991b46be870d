//! An action on the outside world: what it is, what a decision binds it to, where it stands.
//!
//! Never here: performing it (only the outbox executor may).

use chimera_canon::{CanonError, Digest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    fault::Fault,
    id::{
        AgentId, ApprovalId, ArtifactId, CampaignId, EffectId, PersonaVersionId, ReviewId, TaskId,
        TenantId, VersionId,
    },
    platform::Platform,
    role::Actor,
    time::Timestamp,
    trace::TraceContext,
};

/// What calling a tool can do. Set by the operator; a server's own hints are shown, not believed.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum EffectClass {
    /// Reads.
    Read,
    /// Writes what stays inside, such as memories.
    InternalWrite,
    /// Acts on the outside. The default for a tool that nobody classed.
    Outward,
    /// Moves money.
    Money,
}

/// A tool by server and name.
#[derive(
    Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct ToolRef {
    /// The MCP server's name in the registry.
    pub server: String,
    /// The tool's name on it.
    pub tool: String,
}

impl std::fmt::Display for ToolRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.server, self.tool)
    }
}

/// An outward tool call, prepared and not performed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutwardAction {
    /// The tool.
    pub tool: ToolRef,
    /// What calling it does.
    pub effect: EffectClass,
    /// Arguments, exactly as they will be sent.
    pub arguments: Value,
    /// Digest of the tool's schema when the action was prepared.
    #[schemars(with = "String")]
    pub schema_hash: Digest,
    /// Network it acts on, for cooldowns.
    pub platform: Platform,
    /// Account on that network.
    pub account: String,
}

/// Everything that a decision is bound to (architecture §3 rule 2).
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct ApprovalBinding<'a> {
    /// The action.
    pub action: &'a OutwardAction,
    /// Policy in force.
    pub policy_version: u32,
    /// Persona in force.
    pub persona_version: PersonaVersionId,
    /// The artifact that was shown.
    pub shown: Digest,
    /// After this time the decision is void.
    pub expires_at: Timestamp,
}

impl ApprovalBinding<'_> {
    /// Domain tag of the digest.
    pub const TAG: &'static str = "chimera.approval.v1";

    /// The digest that the decision carries and the executor recomputes.
    ///
    /// # Errors
    /// When the arguments cannot be written canonically (a non-finite number).
    pub fn digest(&self) -> Result<Digest, CanonError> {
        Digest::of(Self::TAG, self)
    }
}

/// Who or what let an action go.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalKind {
    /// Policy: sure enough and low risk.
    ByRule,
    /// A person, as it was.
    ByPerson,
    /// A person, after an edit.
    ByPersonEdited,
}

/// A decision that lets one action happen, once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Approval {
    /// Key.
    pub id: ApprovalId,
    /// Owner of the row.
    pub tenant: TenantId,
    /// The task.
    pub task: TaskId,
    /// The review it settled, when a person decided.
    pub review: Option<ReviewId>,
    /// Who or what decided.
    pub kind: ApprovalKind,
    /// The decider.
    pub actor: Actor,
    /// Digest of the [`ApprovalBinding`].
    pub digest: Digest,
    /// Policy in force.
    pub policy_version: u32,
    /// Persona in force.
    pub persona_version: PersonaVersionId,
    /// After this time the decision is void.
    pub expires_at: Timestamp,
    /// When.
    pub created_at: Timestamp,
}

/// Where an outbox entry stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum EffectState {
    /// Decided; waits for the end of the undo time, a cooldown or a schedule.
    Held,
    /// The executor has it: from here on the call may have happened.
    Dispatching {
        /// When the executor took it.
        since: Timestamp,
    },
    /// Done; the receipt is stored.
    Sent,
    /// Refused for good; nothing was sent.
    Failed,
    /// Undone by a person before it left; nothing was sent.
    Undone,
    /// Voided by a change, a pause or a cancellation; nothing was sent.
    Voided,
    /// Nobody knows whether it was sent; a person reconciles. Never tried again by itself.
    PendingReconciliation,
}

impl EffectState {
    /// The word in the store and on the wire.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Dispatching { .. } => "dispatching",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Undone => "undone",
            Self::Voided => "voided",
            Self::PendingReconciliation => "pending_reconciliation",
        }
    }
}

/// What the far side answered to a performed action.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The network's id of the post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post_id: Option<String>,
    /// Where it can be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The answer as it came.
    pub raw: Value,
    /// When it came.
    pub received_at: Timestamp,
}

/// An outward action in the outbox.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Effect {
    /// Key.
    pub id: EffectId,
    /// Owner of the row.
    pub tenant: TenantId,
    /// Its campaign.
    pub campaign: CampaignId,
    /// The task that waits for it.
    pub task: TaskId,
    /// The agent in whose name it acts.
    pub agent: AgentId,
    /// What was decided.
    pub artifact: ArtifactId,
    /// What will be called.
    pub action: OutwardAction,
    /// The decision behind it.
    pub approval: Approval,
    /// Minted before dispatch and sent along; the same for every try of this effect.
    pub intent_key: String,
    /// Earliest time: end of the undo time, the schedule, or the cooldown, whichever is last.
    pub not_before: Timestamp,
    /// End of the undo time.
    pub held_until: Timestamp,
    /// Tries that are known to have had no effect.
    pub attempts: u32,
    /// Where it stands.
    pub state: EffectState,
    /// It waits to be asked again under its key, or is being asked, after a try that may have had effect: nobody can
    /// take it back, void it or call it off any more.
    pub is_unclear: bool,
    /// What the far side answered.
    pub receipt: Option<Receipt>,
    /// Why it waits or failed.
    pub fault: Option<Fault>,
    /// Where it hangs in the trace.
    pub trace: TraceContext,
    /// Row version.
    pub version: VersionId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Leave to perform one effect. Only the engine's dispatch transition makes one, after its re-check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    effect: EffectId,
    digest: Digest,
    intent_key: String,
}

impl Grant {
    /// Leave for `effect`, whose binding was recomputed to `digest`, under the key to send along.
    #[must_use]
    pub const fn after_recheck(effect: EffectId, digest: Digest, intent_key: String) -> Self {
        Self {
            effect,
            digest,
            intent_key,
        }
    }
    /// The effect.
    #[must_use]
    pub const fn effect(&self) -> EffectId {
        self.effect
    }
    /// The digest that was re-checked.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }
    /// The key to send along.
    #[must_use]
    pub fn intent_key(&self) -> &str {
        &self.intent_key
    }
}

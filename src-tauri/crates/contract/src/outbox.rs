//! The outbox: actions that were decided, and what became of them.
//!
//! Never here: deciding (`review`).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    event::Actor,
    scalar::{Digest, Id, Time, Version},
    swarm::AgentRef,
    task::Fault,
    work::Action,
};

/// Where an outbox entry stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EffectState {
    /// Decided; waits for the end of the undo time, a cooldown or a schedule.
    Held,
    /// On its way: the call may have happened.
    Dispatching,
    /// Done.
    Sent,
    /// Refused for good; nothing was sent.
    Failed,
    /// Undone by a person before it left.
    Undone,
    /// Voided by a change, a pause or a cancellation; nothing was sent.
    Voided,
    /// Nobody knows whether it was sent; a person reconciles.
    PendingReconciliation,
}

/// Who or what let an action go.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalKind {
    /// Policy: sure enough and low risk.
    ByRule,
    /// A person, as it was.
    ByPerson,
    /// A person, after an edit.
    ByPersonEdited,
}

/// The decision behind an action.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Approval {
    /// Who or what.
    pub kind: ApprovalKind,
    /// The decider.
    pub actor: Actor,
    /// The review that it settled.
    pub review: Option<Id>,
    /// Digest of all that it is bound to.
    pub digest: Digest,
    /// When.
    pub created_at: Time,
    /// After this time it is void.
    pub expires_at: Time,
}

/// What the network answered.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Receipt {
    /// Its id of the post.
    pub post_id: Option<String>,
    /// Where it can be seen.
    pub url: Option<String>,
    /// When the answer came.
    pub received_at: Time,
}

/// An outward action in the outbox.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Effect {
    /// Key.
    pub id: Id,
    /// Its campaign.
    pub campaign: Id,
    /// The task that waits for it.
    pub task: Id,
    /// In whose name.
    pub agent: AgentRef,
    /// What was decided.
    pub artifact: Id,
    /// True when the rehearsal model wrote it, which is not an AI.
    pub rehearsal: bool,
    /// What will be called.
    pub action: Action,
    /// The decision behind it.
    pub approval: Approval,
    /// Where it stands.
    pub state: EffectState,
    /// Whether it can still be undone: until it is begun, however long it is held.
    pub can_undo: bool,
    /// End of the undo time.
    pub held_until: Time,
    /// Earliest time that it leaves.
    pub not_before: Time,
    /// Tries that are known to have had no effect.
    pub attempts: u32,
    /// What the network answered.
    pub receipt: Option<Receipt>,
    /// Why it waits or failed.
    pub fault: Option<Fault>,
    /// Row version.
    pub version: Version,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

/// What a person found on the account about an action whose outcome nobody knows.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReconcileRequest {
    /// Whether it went out.
    pub sent: bool,
    /// The network's id of the post, when known; with `sent` only.
    #[serde(default)]
    pub post_id: Option<String>,
    /// Where it can be seen, when known; with `sent` only.
    #[serde(default)]
    pub url: Option<String>,
    /// How they know, in own words; may be empty.
    #[serde(default)]
    pub note: String,
}

/// Which actions are wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EffectQuery {
    /// Of one campaign only.
    pub campaign: Option<Id>,
    /// Cursor from the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200; 50 when absent.
    pub limit: Option<u32>,
}

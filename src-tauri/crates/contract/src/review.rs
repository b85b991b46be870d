//! The review queue: rows, the card with all its evidence, decisions.
//!
//! Never here: who may decide, or what becomes of a decision (`outbox`).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    outbox::Effect,
    people::PersonRef,
    plan::Platform,
    policy::Bands,
    scalar::{Digest, Id, Score, Time, Version},
    shown::ShownBytes,
    swarm::AgentRef,
    work::{Artifact, Finding, Risk, Verdict},
};

/// Where a review stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// Waits.
    Open,
    /// Waits for somebody with more say.
    Escalated,
    /// Let go.
    Approved,
    /// Let go after an edit.
    Edited,
    /// Sent back.
    Rejected,
    /// Nobody decided in time; counts as rejected.
    Expired,
    /// No longer needed.
    Withdrawn,
}

/// Why the task came to a person.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewBand {
    /// The agent goes on with other things meanwhile.
    Queue,
    /// Dependents wait.
    MustApprove,
    /// Sent back three times; a person takes over.
    Exhausted,
}

/// Why a person rejects (GOV-21).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// Not how this persona speaks.
    OffBrand,
    /// Says something untrue or unproven.
    FactualError,
    /// Should not be said at all.
    Inappropriate,
    /// Hurts people of a culture or group.
    CulturalInsensitivity,
    /// Uses somebody else's work.
    Copyright,
    /// Something else.
    Other,
}

/// Who looks at it, and until when.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Claim {
    /// Who.
    pub by: PersonRef,
    /// Until when.
    pub until: Time,
    /// Whether it is the signed-in person.
    pub mine: bool,
}

/// What lists show of the content.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct ContentPreview {
    /// `text`, `image` or `video`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The text, whole.
    pub text: String,
}

/// An item of the queue.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct Review {
    /// Key.
    pub id: Id,
    /// Its campaign.
    pub campaign: Id,
    /// That campaign's name.
    pub campaign_name: String,
    /// The task.
    pub task: Id,
    /// In whose name it would act.
    pub agent: AgentRef,
    /// What is to be decided.
    pub artifact: Id,
    /// What lists show.
    pub preview: ContentPreview,
    /// Where it would go.
    pub platform: Option<Platform>,
    /// The score that counts.
    pub confidence: Score,
    /// The maker's estimate.
    pub worker_confidence: Option<Score>,
    /// The judge's score.
    pub judge_confidence: Score,
    /// Risk.
    pub risk: Risk,
    /// Why it is here.
    pub band: ReviewBand,
    /// Why it is here, in words.
    pub reasons: Vec<String>,
    /// Whether a finding sends it to a person whatever the score.
    pub sensitive: bool,
    /// Drawn with a red border: the score lies below 0.80 (UI-03).
    pub high_attention: bool,
    /// Whether text from outside flowed into it.
    pub tainted: bool,
    /// True when the rehearsal model wrote it, which is not an AI.
    pub rehearsal: bool,
    /// `approve`, `edit`, `reject`.
    pub suggested_actions: Vec<String>,
    /// Order in the queue, higher first.
    pub priority: u32,
    /// Where it stands.
    pub state: ReviewState,
    /// Who looks at it now.
    pub claim: Option<Claim>,
    /// Who decided.
    pub decided_by: Option<PersonRef>,
    /// When it was decided.
    pub decided_at: Option<Time>,
    /// The decider's words.
    pub note: Option<String>,
    /// Why it was rejected.
    pub reject_reason: Option<RejectReason>,
    /// When it came here.
    pub created_at: Time,
    /// When it expires; expiry denies.
    pub expires_at: Time,
    /// Digest of what is to be decided; a decision that names it is bound to it.
    pub shown: Digest,
    /// Row version; the `If-Match` of a decision.
    pub version: Version,
}

/// The item as its network will show it.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct NetworkPreview {
    /// The network.
    pub platform: Platform,
    /// The account, once the action is prepared.
    pub account: Option<String>,
    /// Name as readers see it.
    pub author: String,
    /// The text, whole.
    pub text: String,
    /// Characters of the text, as the network counts.
    pub chars: u32,
    /// Most characters that the network takes.
    pub max_chars: u32,
    /// Whether it carries the AI label; null until the post is prepared, which always sets it.
    pub ai_label: Option<bool>,
}

/// The persona on the card.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct PersonaCard {
    /// The agent.
    pub agent: AgentRef,
    /// What it does in the world.
    pub role: Option<String>,
    /// How it speaks.
    pub voice_traits: Vec<String>,
    /// Hard rules.
    pub directives: Vec<String>,
    /// Words that may never appear.
    pub forbidden: Vec<String>,
    /// Number of the version in force.
    pub version: u32,
}

/// A decision on something like it.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct SimilarDecision {
    /// That review.
    pub review: Id,
    /// Its text.
    pub text: String,
    /// True when the rehearsal model wrote that, which is not an AI.
    pub rehearsal: bool,
    /// How it was decided.
    pub state: ReviewState,
    /// Who decided.
    pub decided_by: Option<PersonRef>,
    /// When.
    pub decided_at: Option<Time>,
    /// The decider's words.
    pub note: Option<String>,
    /// Why it was rejected.
    pub reject_reason: Option<RejectReason>,
    /// Its score then.
    pub confidence: Score,
}

/// A reason to reject, with its key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct RejectOption {
    /// The reason.
    pub reason: RejectReason,
    /// In words.
    pub label: String,
    /// Digit on the keyboard, 1 to 6.
    pub key: u8,
}

/// What a decision offers and costs, by the policy in force.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, ToSchema)]
pub struct ReviewOptions {
    /// Reasons, in the order of their digit.
    pub reject_reasons: Vec<RejectOption>,
    /// The reason that a bare rejection takes (C50).
    pub default_reason: RejectReason,
    /// Seconds that an approved action is held for undo.
    pub hold_seconds: u32,
    /// Seconds that a claim lasts.
    pub claim_seconds: u32,
}

/// Everything that a person needs to decide.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct ReviewCard {
    /// The item.
    pub review: Review,
    /// What was found, with places in the text.
    pub findings: Vec<Finding>,
    /// What is decided, with its sources.
    pub artifact: Artifact,
    /// The judge's verdict on it.
    pub verdict: Option<Verdict>,
    /// Bands of the policy that the verdict was routed by, or of the one in force where there is no verdict;
    /// null when that policy cannot be read any more.
    pub bands: Option<Bands>,
    /// As the network will show it.
    pub preview: Option<NetworkPreview>,
    /// In whose voice.
    pub persona: PersonaCard,
    /// The goal that it serves.
    pub goal: String,
    /// The whole line of the task: drafts and edits, oldest first.
    pub history: Vec<Artifact>,
    /// Why earlier drafts were sent back, oldest first.
    pub guidance: Vec<String>,
    /// Earlier tries of the same post that a person rejected, oldest first.
    pub earlier: Vec<SimilarDecision>,
    /// Decisions on content most like it.
    pub similar: Vec<SimilarDecision>,
    /// The decided action, once there is one.
    pub effect: Option<Effect>,
    /// Its run in the traces.
    pub trace: String,
    /// Its span in that run.
    pub span: String,
    /// Digest of what is shown here; the decision is bound to it.
    pub shown: Digest,
    /// What is decided, field by field, rendered from its bytes. Its digest is `shown`; where it is not, the row was
    /// altered, and a decision that names it is refused.
    pub outgoing: ShownBytes,
    /// What a decision offers.
    pub options: ReviewOptions,
}

/// What a person decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// Let it go as it is.
    Approve,
    /// Let it go with `text` instead; judged again first.
    Edit,
    /// Send it back.
    Reject,
    /// Leave it to somebody with more say.
    Escalate,
}

/// A decision.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionRequest {
    /// What.
    pub decision: DecisionKind,
    /// The edited text; with `edit`, and only then.
    #[serde(default)]
    pub text: Option<String>,
    /// Why; with `reject`, and only then. The queue's default when absent.
    #[serde(default)]
    pub reason: Option<RejectReason>,
    /// In own words, at most 2,000 characters.
    #[serde(default)]
    pub note: String,
    /// Digest of what was looked at, from the item's `shown`; another than what waits now is refused.
    #[serde(default)]
    pub shown: Option<Digest>,
}

/// The bare approval of SRS §5.1.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveRequest {
    /// An edited text, judged again first.
    #[serde(default)]
    pub text: Option<String>,
    /// In own words.
    #[serde(default)]
    pub note: String,
    /// Digest of what was looked at, from the item's `shown`; another than what waits now is refused.
    #[serde(default)]
    pub shown: Option<Digest>,
}

/// The bare rejection of SRS §5.1.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RejectRequest {
    /// Why; the queue's default when absent.
    #[serde(default)]
    pub reason: Option<RejectReason>,
    /// In own words.
    #[serde(default)]
    pub note: String,
    /// Digest of what was looked at, from the item's `shown`; another than what waits now is refused.
    #[serde(default)]
    pub shown: Option<Digest>,
}

/// What a decision did.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct DecisionOutcome {
    /// The item as it is now.
    pub review: Review,
    /// The held action, when it was let go.
    pub effect: Option<Effect>,
    /// The verdict on the edit, when it was edited.
    pub verdict: Option<Verdict>,
}

/// An edit to be judged without deciding.
#[derive(Clone, PartialEq, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditDraft {
    /// The edited text.
    pub text: String,
}

/// What the judge says of an edit.
#[derive(Clone, PartialEq, Debug, Serialize, ToSchema)]
pub struct EditCheck {
    /// The verdict; its score is shown and does not route.
    pub verdict: Verdict,
    /// True when policy or safety would refuse it.
    pub blocked: bool,
}

/// Which reviews are wanted.
#[derive(Clone, PartialEq, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReviewQuery {
    /// In this state only; open and escalated ones when absent.
    #[param(inline)]
    pub state: Option<ReviewState>,
    /// Of one campaign only.
    pub campaign: Option<Id>,
    /// Only those that a sensitive topic or word brought here.
    #[serde(default)]
    pub sensitive: bool,
    /// Only those with a score below this.
    #[param(minimum = 0, maximum = 1)]
    pub below: Option<f64>,
    /// Cursor from the page before.
    pub after: Option<String>,
    /// How many rows, 1 to 200; 50 when absent.
    pub limit: Option<u32>,
}

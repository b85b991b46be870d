//! Everything that can be asked of a task.

use std::collections::BTreeMap;

use chimera_domain::{
    action::Receipt,
    artifact::Artifact,
    digest::Digest,
    fault::Fault,
    id::{AttemptId, EffectId, PersonaVersionId, ReviewId, TaskId, VersionId},
    plan::Plan,
    review::RejectReason,
    time::{Span, Timestamp},
    verdict::{Finding, Verdict},
};
use serde::{Deserialize, Serialize};

/// What a person decides about a review.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// Let it go as it is.
    Approve,
    /// Let it go as edited; the edit was judged again, and policy and safety may block it (C21).
    ApproveEdit {
        /// The edited artifact.
        artifact: Box<Artifact>,
        /// The verdict on it; its score is shown, not routed on.
        verdict: Box<Verdict>,
    },
    /// Send it back.
    Reject {
        /// Why.
        reason: RejectReason,
        /// Why, in own words.
        note: String,
    },
    /// Leave it to somebody with more say.
    Escalate {
        /// Why.
        note: String,
    },
}

/// A changed plan, and how it differs from the one in force.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AnotherPlan {
    /// The campaign's version under which the planner was told how things stand.
    pub seen: VersionId,
    /// The next revision: what stays and what is new.
    pub plan: Plan,
    /// Steps that leave; none has begun.
    pub prune: Vec<TaskId>,
    /// Keys of those of `plan`'s steps that are new.
    pub inserted: Vec<String>,
    /// Steps that stay, none begun, with the keys of what they build on from now on.
    pub rewired: Vec<(TaskId, Vec<String>)>,
    /// The tasks behind the keys of the steps that stay.
    pub tasks: BTreeMap<String, TaskId>,
    /// Why, in the planner's words.
    pub reason: String,
}

/// What is asked of a task.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// A worker takes it.
    Assign {
        /// The worker, in words for people.
        worker: String,
        /// How long its lease lasts.
        lease: Span,
    },
    /// The worker is still at it.
    Renew {
        /// The attempt.
        attempt: AttemptId,
        /// How long the lease lasts from now.
        lease: Span,
    },
    /// The worker is done.
    Record {
        /// What it prepared.
        artifact: Box<Artifact>,
    },
    /// The worker, or the judge, could not.
    Fail {
        /// The attempt, for a worker.
        attempt: Option<AttemptId>,
        /// Why.
        fault: Fault,
        /// Random share of the backoff, 0…999 thousandths; passed in so that the engine stays pure.
        jitter: u16,
    },
    /// A judge takes it.
    TakeJudgement {
        /// How long its lease lasts.
        lease: Span,
    },
    /// A judge has decided.
    Judge {
        /// The verdict.
        verdict: Box<Verdict>,
    },
    /// A person decides.
    Resolve {
        /// The review.
        review: ReviewId,
        /// Digest of what the person was shown.
        shown: Digest,
        /// The decision.
        resolution: Resolution,
    },
    /// Nobody decided in time.
    ExpireReview {
        /// The review.
        review: ReviewId,
    },
    /// A person takes a decision back within the undo time.
    Undo {
        /// The effect.
        effect: EffectId,
    },
    /// The executor wants to perform the effect.
    Dispatch {
        /// The effect.
        effect: EffectId,
        /// Everything of the tenant is stopped, or nobody can tell whether it is.
        stopped: bool,
        /// The tool's schema as it is now.
        schema_hash: Digest,
        /// End of the account's cooldown, when one runs.
        cooldown_until: Option<Timestamp>,
        /// End of today, when the campaign's posts of today are used up.
        quota_until: Option<Timestamp>,
        /// What the last look at its words found that bars it, as it was let go.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        barred: Vec<Finding>,
    },
    /// The far side answered.
    Settle {
        /// The effect.
        effect: EffectId,
        /// What it answered.
        receipt: Receipt,
    },
    /// The far side did not do it, or nobody knows.
    FailEffect {
        /// The effect.
        effect: EffectId,
        /// Why.
        fault: Fault,
        /// False when it may have happened all the same.
        certainly_not_performed: bool,
        /// The far side recognises a repeated intent key, so that asking again is safe.
        asks_by_key: bool,
        /// Random share of the backoff, 0…999 thousandths.
        jitter: u16,
    },
    /// A person looked at the account and says whether an effect with an unknown outcome went out.
    Reconcile {
        /// The effect.
        effect: EffectId,
        /// What was found there; absent when it did not go out.
        found: Option<Receipt>,
        /// How they know, in own words.
        note: String,
    },
    /// The planner found another way after steps failed for good.
    Replan {
        /// The attempt.
        attempt: AttemptId,
        /// The other way.
        another: Box<AnotherPlan>,
    },
    /// A worker or a judge hands the task back unfinished: the runtime is shut down, or there is no money for it at
    /// the moment. Costs no try.
    HandBack {
        /// The attempt; absent from a judge.
        attempt: Option<AttemptId>,
        /// How long its task rests before it is due again; zero for at once.
        rest: Span,
    },
    /// A lease ended with nobody renewing it.
    LapseLease {
        /// The holder is known to be gone (a former process): its lease is not waited for.
        holder_is_gone: bool,
    },
    /// A person has a step that was given up done again.
    Replay {
        /// The policy in force, for a campaign that was over.
        policy_version: u32,
        /// The agent's persona in force, for the same.
        persona_version: PersonaVersionId,
    },
    /// Its deadline passed.
    TimeOut,
    /// A person calls it off.
    Cancel {
        /// Why.
        note: String,
    },
}

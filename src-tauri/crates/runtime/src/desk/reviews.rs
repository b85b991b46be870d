//! Reviews: claim, try an edit, decide, take back.

use chimera_domain::{
    action::Effect,
    artifact::{Artifact, generated_by},
    change::{Board, Change},
    digest::Digest,
    fault::Fault,
    id::{ArtifactId, EffectId, ReviewId, VersionId},
    post::DisclosureLevel,
    review::{Claim, RejectReason, Review},
    text::{bounded, written},
    time::Span,
    verdict::{FindingWeight, Verdict},
};
use chimera_engine::{Command, Resolution};
use chimera_guard::labels;
use chimera_ports::error::PortError;
use chimera_skills::PreparedPost;
use serde_json::Value;

use super::Caller;
use crate::{
    act::{ActError, Acted},
    error::{ErrorKind, RuntimeError},
    judging::verdict_on,
    runtime::Runtime,
    worker::{Observation, Words, digest, prepare_post},
};

/// Longest edit of what is bound for no network, in characters.
const MAX_EDIT_CHARS: usize = 10_000;

/// Most characters of a decider's note.
const MAX_NOTE_CHARS: usize = 2_000;

/// What a person decides.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DecisionInput {
    /// Let it go as it is.
    Approve,
    /// Let it go with these words instead.
    ApproveEdit {
        /// The words.
        text: String,
    },
    /// Send it back.
    Reject {
        /// Why; the queue's default when absent (C50).
        reason: Option<RejectReason>,
        /// Why, in own words.
        note: String,
    },
    /// Leave it to somebody with more say.
    Escalate {
        /// Why.
        note: String,
    },
}

/// What the decider had before them: what is named here must still be so, or nothing is decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Seen {
    /// The review's version.
    pub version: Option<VersionId>,
    /// What was to be decided.
    pub shown: Option<Digest>,
}

/// What came of a decision.
#[derive(Clone, PartialEq, Debug)]
pub struct DecisionOutcome {
    /// The review as it is now.
    pub review: Review,
    /// The action in the outbox, held for the undo time, when one was released.
    pub effect: Option<Effect>,
    /// The new judgement, after an edit.
    pub verdict: Option<Verdict>,
}

/// What an edit would be judged as.
#[derive(Clone, PartialEq, Debug)]
pub struct EditCheck {
    /// The judgement.
    pub verdict: Verdict,
    /// Whether policy or safety would block it.
    pub blocked: bool,
}

impl Runtime {
    /// Takes, renews (`hold`) or gives up a claim on a review.
    ///
    /// # Errors
    /// Conflict when somebody else holds it or it is decided.
    pub async fn claim_review(
        &self,
        who: &Caller,
        id: ReviewId,
        hold: bool,
    ) -> Result<Review, RuntimeError> {
        let store = &self.parts().store;
        let review = store.review(who.tenant, id).await?;
        let campaign = store.campaign(who.tenant, review.campaign_id).await?;
        let policy = self.policy(who.tenant, campaign.policy_version).await?;
        let now = self.now();
        let claim = hold.then(|| Claim {
            by: who.user,
            until: now + Span::seconds(policy.claim_seconds),
        });
        let version = VersionId::from_uuid(self.parts().ids.uuid());
        let claimed = store
            .claim_review(who.tenant, id, who.user, claim, now, version)
            .await
            .map_err(|error| {
                if error.is_conflict() {
                    let message =
                        "Somebody else holds this review, or it is decided. Nothing was changed.";
                    return RuntimeError::new(ErrorKind::Conflict, "REVIEW_CLAIMED", message);
                }
                error.into()
            })?;
        self.announce_newest(who.tenant).await;
        Ok(claimed)
    }

    /// Judges an edit without deciding anything.
    ///
    /// # Errors
    /// When the review is unknown or the judge cannot be asked.
    pub async fn check_edit(
        &self,
        who: &Caller,
        id: ReviewId,
        text: &str,
    ) -> Result<EditCheck, RuntimeError> {
        let board = self.board_of(who, id).await?;
        let (_, verdict) = self.edited(&board, text).await?;
        let blocked = verdict.findings.iter().any(|found| blocks(found.weight));
        Ok(EditCheck { verdict, blocked })
    }

    /// Decides a review. A released action is held for the undo time and can be taken back.
    ///
    /// # Errors
    /// When it was decided, expired or changed meanwhile, somebody else holds it, or an edit is blocked.
    pub async fn decide(
        &self,
        who: &Caller,
        id: ReviewId,
        seen: Seen,
        input: DecisionInput,
    ) -> Result<DecisionOutcome, RuntimeError> {
        let board = self.board_of(who, id).await?;
        let Some(review) = board.review.clone().filter(|review| review.review_id == id) else {
            let settled = self.parts().store.review(who.tenant, id).await?;
            return Err(chimera_engine::Refusal::AlreadySettled(settled.state.as_str()).into());
        };
        // Before anybody is asked to judge an edit of something else; the engine looks again.
        if seen.shown.is_some_and(|shown| shown != review.shown) {
            return Err(chimera_engine::Refusal::DigestMismatch.into());
        }
        let resolution = match input {
            DecisionInput::Approve => Resolution::Approve,
            DecisionInput::ApproveEdit { text } => {
                let (artifact, verdict) = self.edited(&board, &text).await?;
                Resolution::ApproveEdit {
                    artifact: Box::new(artifact),
                    verdict: Box::new(verdict),
                }
            }
            DecisionInput::Reject { reason, note } => Resolution::Reject {
                reason: reason.unwrap_or(RejectReason::Other),
                note: written("The note", &note, 0, MAX_NOTE_CHARS)?,
            },
            DecisionInput::Escalate { note } => Resolution::Escalate {
                note: written("The note", &note, 0, MAX_NOTE_CHARS)?,
            },
        };
        let command = Command::Resolve {
            review: id,
            shown: seen.shown.unwrap_or(review.shown),
            resolution,
        };
        let now = self.now();
        let check = |board: &Board| {
            let Some(found) = board.review.as_ref().filter(|found| found.review_id == id) else {
                return Ok(());
            };
            if seen.version.is_some_and(|version| version != found.version) {
                return Err(ActError::Store(PortError::conflict("review", id)));
            }
            match &found.claim {
                Some(claim) if claim.by != who.user && claim.until > now => {
                    Err(ActError::Store(PortError::conflict("review", id)))
                }
                _ => Ok(()),
            }
        };
        let acted = self
            .act_if(who.tenant, review.task_id, who.actor(), command, check)
            .await?;
        Ok(outcome(acted, review))
    }

    /// Takes a decision back within the undo time; the action is put before a person again.
    ///
    /// # Errors
    /// When the undo time is over or the action left already.
    pub async fn undo(&self, who: &Caller, effect: EffectId) -> Result<Review, RuntimeError> {
        let held = self.parts().store.effect(who.tenant, effect).await?;
        let acted = self
            .act(who.tenant, held.task, who.actor(), Command::Undo { effect })
            .await?;
        reviews_in(&acted).last().cloned().ok_or_else(|| {
            RuntimeError::new(
                ErrorKind::Internal,
                "INTERNAL_ERROR",
                "The decision was taken back, but no review was opened.",
            )
        })
    }

    async fn board_of(&self, who: &Caller, id: ReviewId) -> Result<Board, RuntimeError> {
        let review = self.parts().store.review(who.tenant, id).await?;
        Ok(self.parts().store.board(who.tenant, review.task_id).await?)
    }

    /// The edited artifact and the judgement on it (C21): new words, same target, disclosed as assisted.
    async fn edited(&self, board: &Board, text: &str) -> Result<(Artifact, Verdict), RuntimeError> {
        let missing = |what| RuntimeError::from(chimera_engine::Refusal::Missing(what));
        let before = board.artifact.as_ref().ok_or_else(|| missing("artifact"))?;
        if !before.artifact_type.is_text() {
            let message = "This is no text that can be written anew. Nothing was changed; approve it or reject it.";
            return Err(RuntimeError::new(
                ErrorKind::Invalid,
                "EDIT_NOT_TEXT",
                message,
            ));
        }
        let most = before
            .platform
            .map_or(MAX_EDIT_CHARS, |platform| platform.max_text_chars());
        let text = bounded("The post", text, 1, most)?;
        let mut observed = Observation::of(self, &board.campaign, &board.task, board.task.trace)
            .await
            .map_err(from_fault)?;
        // The draft is what the edit replaces, and no earlier post that it repeats.
        if let Some(review) = &board.review {
            observed
                .previous_posts
                .retain(|post| *post != review.content_preview.text);
        }
        let artifact = if before.action.is_some() {
            let source = before
                .payload
                .pointer("/tracking/source")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let words = Words {
                text: &text,
                hashtags: &[],
                source,
                disclosure: DisclosureLevel::Assisted,
            };
            let prepared = prepare_post(self, &observed, words, board.task.trace)
                .await
                .map_err(from_fault)?;
            self.edited_post(before, prepared)?
        } else {
            self.edited_caption(before, &text)?
        };
        let verdict = verdict_on(self, &observed, &artifact)
            .await
            .map_err(from_fault)?;
        Ok((artifact, verdict))
    }

    fn edited_post(
        &self,
        before: &Artifact,
        prepared: PreparedPost,
    ) -> Result<Artifact, RuntimeError> {
        let payload = serde_json::to_value(&prepared.content).map_err(|error| {
            RuntimeError::new(
                ErrorKind::Internal,
                "INTERNAL_ERROR",
                format!("The edit cannot be stored: {error}."),
            )
        })?;
        let digest =
            digest(before.artifact_type, &payload, Some(&prepared.action)).map_err(from_fault)?;
        Ok(Artifact {
            payload,
            action: Some(prepared.action),
            digest,
            ..self.edited_from(before)
        })
    }

    fn edited_caption(&self, before: &Artifact, text: &str) -> Result<Artifact, RuntimeError> {
        let mut payload = before.payload.clone();
        if let Some(object) = payload.as_object_mut() {
            object.insert("text".to_owned(), Value::String(text.to_owned()));
        }
        let digest = digest(before.artifact_type, &payload, None).map_err(from_fault)?;
        Ok(Artifact {
            payload,
            digest,
            ..self.edited_from(before)
        })
    }

    fn edited_from(&self, before: &Artifact) -> Artifact {
        let mut next = before.clone();
        next.artifact_id = ArtifactId::from_uuid(self.parts().ids.uuid());
        next.attempt_id = None;
        next.provenance = before.provenance.as_ref().map(labels::edited);
        next.edited_from = Some(before.artifact_id);
        // A person's words: nobody estimated them.
        next.confidence_score = None;
        let made = generated_by(before.generation_metadata.rehearsal);
        next.generation_metadata.generated_by = format!("{made}, edited by a person");
        next.created_at = self.now();
        next
    }
}

fn outcome(acted: Acted, before: Review) -> DecisionOutcome {
    let review = reviews_in(&acted).first().cloned().unwrap_or(before);
    let mut effect = None;
    let mut verdict = None;
    for change in acted.set.changes {
        match change {
            Change::Effect { effect: made, .. } => effect = Some(*made),
            Change::Verdict(made) => verdict = Some(*made),
            _ => {}
        }
    }
    DecisionOutcome {
        review,
        effect,
        verdict,
    }
}

fn reviews_in(acted: &Acted) -> Vec<Review> {
    acted
        .set
        .changes
        .iter()
        .filter_map(|change| match change {
            Change::Review { review, .. } => Some((**review).clone()),
            _ => None,
        })
        .collect()
}

const fn blocks(weight: FindingWeight) -> bool {
    matches!(weight, FindingWeight::Fails | FindingWeight::Attack)
}

fn from_fault(fault: Fault) -> RuntimeError {
    let kind = match fault.class {
        chimera_domain::fault::FaultClass::Validation => ErrorKind::Invalid,
        chimera_domain::fault::FaultClass::Unknown => ErrorKind::Internal,
        _ => ErrorKind::Unavailable,
    };
    let details = serde_json::json!({ "cause": fault.code, "class": fault.class });
    let mut error = RuntimeError::new(kind, "EDIT_NOT_JUDGED", fault.message).with(details);
    error.retryable = fault.class.is_retryable();
    error
}

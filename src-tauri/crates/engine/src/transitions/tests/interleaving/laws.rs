//! The laws, and a witness who writes down by himself what he needs to tell whether one was broken: he believes no
//! row that the engine wrote.
//!
//! Never here: making anything happen.

use std::collections::{BTreeMap, BTreeSet};

use chimera_domain::id::EffectId;

use super::{super::*, books::Books};
use crate::{Resolution, transitions::dispatch::LATE_AFTER};

/// Nothing leaves that was not decided, and as it was decided.
pub(super) const DECISION: &str = "no effect without a decision";
/// Whatever happened, the goal ends once everybody works on.
pub(super) const ENDS: &str = "every goal ends";
/// Of all who decided on the same version exactly one is stored.
pub(super) const ONE_WINNER: &str = "exactly one winner of every version race";
/// What was begun before a pause does not count after it.
pub(super) const PAUSE: &str = "pause invalidates work in flight";
/// Time passing never lets anything go.
pub(super) const EXPIRY: &str = "expiry never approves";
/// Private data, words from outside and an action come together only before a person; so do words from outside and what
/// an action is aimed at.
pub(super) const PERSON: &str = "what labels forbid leaves only by a person";
/// What was done is done once, and known to be done.
pub(super) const ONCE: &str = "no effect repeats and none is lost";
/// What has ended stays as it ended.
pub(super) const ENDED: &str = "what has ended stays ended";

/// A law was broken.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) law: &'static str,
    pub(super) how: String,
}

/// That `law` holds, unless `holds` is false.
pub(super) fn law(
    law: &'static str,
    holds: bool,
    how: impl FnOnce() -> String,
) -> Result<(), Broken> {
    if holds {
        return Ok(());
    }
    Err(Broken { law, how: how() })
}

/// What was decided about an action.
struct Decided {
    action: OutwardAction,
    policy: u32,
    persona: PersonaVersionId,
    expires_at: Timestamp,
}

/// What stood around a decision when it was taken.
pub(super) struct Around<'a> {
    pub(super) before: &'a Board,
    pub(super) at: Timestamp,
    pub(super) schema: Digest,
    pub(super) stopped: bool,
}

#[derive(Default)]
pub(super) struct Witness {
    decided: BTreeMap<EffectId, Decided>,
    /// The campaign's state version under which each attempt began.
    began: BTreeMap<AttemptId, i64>,
    /// The same of each artifact that an attempt made.
    made: BTreeMap<ArtifactId, i64>,
    /// Artifacts that only a person may let go, by what the witness reads in their labels himself.
    guarded: BTreeSet<ArtifactId>,
    /// Posts of each task, by the key under which they were asked for.
    posts: BTreeMap<TaskId, BTreeMap<String, u32>>,
}

impl Witness {
    /// Looks at what is stored by a command of a task.
    pub(super) fn sees(
        &mut self,
        command: &Command,
        set: &ChangeSet,
        around: &Around<'_>,
    ) -> Result<(), Broken> {
        self.sees_time(command, set, around)?;
        for change in &set.changes {
            match change {
                Change::Attempt(attempt) if attempt.ended_at.is_none() => {
                    self.began
                        .insert(attempt.id, around.before.campaign.state_version);
                }
                Change::Artifact(artifact) => self.sees_artifact(artifact, around)?,
                Change::Verdict(verdict) => self.sees_verdict(verdict, around)?,
                Change::Effect {
                    effect,
                    expected: None,
                } => self.sees_release(command, effect, around)?,
                Change::Effect { effect, .. }
                    if matches!(effect.state, EffectState::Dispatching { .. }) =>
                {
                    self.sees_leaving(command, effect, around)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn sees_time(
        &self,
        command: &Command,
        set: &ChangeSet,
        around: &Around<'_>,
    ) -> Result<(), Broken> {
        let is_clock = matches!(
            command,
            Command::ExpireReview { .. } | Command::TimeOut | Command::LapseLease { .. }
        );
        if is_clock {
            let lets_go = set.changes.iter().any(|change| match change {
                Change::Effect { effect, .. } => effect.state != EffectState::Voided,
                Change::Review { review, .. } => {
                    !matches!(review.state, ReviewState::Expired | ReviewState::Withdrawn)
                }
                Change::ReleaseDependents(_) => true,
                _ => false,
            });
            let done = set
                .task
                .as_ref()
                .is_some_and(|task| task.state == TaskState::Completed);
            law(EXPIRY, !lets_go && !done, || {
                format!("{command:?} let something go")
            })?;
        }
        if let Command::Resolve { .. } = command {
            let review = around.before.review.as_ref();
            let in_time = review.is_some_and(|review| around.at < review.expires_at);
            law(EXPIRY, in_time, || {
                "a person decided after the end".to_owned()
            })?;
        }
        Ok(())
    }

    fn sees_artifact(&mut self, artifact: &Artifact, around: &Around<'_>) -> Result<(), Broken> {
        let labels = artifact.provenance.as_ref().unwrap();
        let is_private = labels.labels.iter().any(|label| label.private.is_some());
        let account = labels
            .arguments
            .iter()
            .find(|argument| argument.at == "account");
        let is_aimed = account.is_some_and(|account| {
            let mut places = account.labels.iter();
            places.any(|place| labels.labels[usize::from(*place)].untrusted)
        });
        if is_private || is_aimed {
            self.guarded.insert(artifact.artifact_id);
        }
        let Some(attempt) = artifact
            .attempt_id
            .filter(|_| artifact.edited_from.is_none())
        else {
            return Ok(());
        };
        let began = self.began.get(&attempt).copied();
        self.made
            .insert(artifact.artifact_id, began.unwrap_or_default());
        let now = around.before.campaign.state_version;
        law(PAUSE, began == Some(now), || {
            format!("work begun under {began:?} counts under {now}")
        })
    }

    fn sees_verdict(&self, verdict: &Verdict, around: &Around<'_>) -> Result<(), Broken> {
        let (made, now) = (
            self.made.get(&verdict.artifact_id),
            around.before.campaign.state_version,
        );
        // A person's edit was made just now, by nobody's attempt.
        law(PAUSE, made.is_none_or(|made| *made == now), || {
            format!("work begun under {made:?} is judged under {now}")
        })
    }

    /// An action is let go: by a person who saw it, or by a rule that is sure.
    fn sees_release(
        &mut self,
        command: &Command,
        effect: &Effect,
        around: &Around<'_>,
    ) -> Result<(), Broken> {
        let before = around.before;
        let decided = match command {
            Command::Judge { verdict } => {
                verdict.artifact_id == effect.artifact
                    && verdict.confidence_score > Confidence::from_percent(90)
                    && verdict.risk_category.level == RiskLevel::Low
                    && verdict.findings.is_empty()
            }
            Command::Resolve {
                shown,
                resolution: Resolution::Approve,
                ..
            } => before.artifact.as_ref().is_some_and(|artifact| {
                artifact.digest == *shown && artifact.artifact_id == effect.artifact
            }),
            Command::Resolve {
                resolution: Resolution::ApproveEdit { artifact, verdict },
                ..
            } => artifact.artifact_id == effect.artifact && verdict.artifact_id == effect.artifact,
            _ => false,
        };
        law(DECISION, decided, || format!("let go by {command:?}"))?;
        let by_rule = matches!(command, Command::Judge { .. });
        let guarded = self.guarded.contains(&effect.artifact);
        law(PERSON, !(by_rule && guarded), || {
            format!("{} was let go by a rule", effect.id)
        })?;
        let decided = Decided {
            action: effect.action.clone(),
            policy: before.campaign.policy_version,
            persona: before.campaign.persona_version,
            expires_at: effect.approval.expires_at,
        };
        self.decided.insert(effect.id, decided);
        Ok(())
    }

    /// An action leaves: while it may, and as it was decided.
    fn sees_leaving(
        &self,
        command: &Command,
        effect: &Effect,
        around: &Around<'_>,
    ) -> Result<(), Broken> {
        let (campaign, at) = (&around.before.campaign, around.at);
        let Some(decided) = self.decided.get(&effect.id) else {
            return law(DECISION, false, || format!("nobody let {} go", effect.id));
        };
        let facts = [
            (
                "asked for by something else",
                matches!(command, Command::Dispatch { .. }),
            ),
            ("everything is stopped", !around.stopped),
            (
                "the campaign does not run",
                campaign.status == CampaignStatus::Active,
            ),
            ("the undo time runs", at >= effect.held_until),
            ("it is late", at < effect.not_before + LATE_AFTER),
            ("the decision has expired", at < decided.expires_at),
            ("another action", effect.action == decided.action),
            ("another tool", effect.action.schema_hash == around.schema),
            ("another policy", campaign.policy_version == decided.policy),
            (
                "another persona",
                campaign.persona_version == decided.persona,
            ),
        ];
        for (what, holds) in facts {
            law(DECISION, holds, || {
                format!("it leaves and {what}: {}", effect.id)
            })?;
        }
        Ok(())
    }

    /// The far side did it. One that knows keys does it once for each.
    pub(super) fn hears_of_post(&mut self, effect: &Effect, is_keyed: bool) -> Result<(), Broken> {
        let posts = self.posts.entry(effect.task).or_default();
        let count = posts.entry(effect.intent_key.clone()).or_default();
        *count += 1;
        if is_keyed {
            *count = 1;
        }
        let all: u32 = posts.values().sum();
        law(ONCE, all == 1, || {
            format!("task {} acted {all} times", effect.task)
        })
    }

    pub(super) fn is_posted(&self, effect: &Effect) -> bool {
        let posts = self.posts.get(&effect.task);
        posts.is_some_and(|posts| posts.contains_key(&effect.intent_key))
    }

    /// What holds between the rows after every commit.
    pub(super) fn looks_at(
        &self,
        books: &Books,
        ended: &BTreeMap<TaskId, TaskState>,
    ) -> Result<(), Broken> {
        for (id, was) in ended {
            let is = &books.rows[id].task.state;
            law(ENDED, is == was, || {
                format!("{id} was {was:?} and is {is:?}")
            })?;
        }
        for row in books.rows.values() {
            let at_work = matches!(row.task.state, TaskState::Working { .. });
            let paused = books.campaign.status == CampaignStatus::Paused;
            law(PAUSE, !(paused && at_work), || {
                format!("{} is worked on", row.task.step)
            })?;
        }
        Ok(())
    }

    /// What holds once the goal has ended: what is said to have gone out has, and the other way about.
    pub(super) fn looks_at_the_end(&self, books: &Books) -> Result<(), Broken> {
        for row in books.rows.values().filter(|row| row.task.kind.is_outward()) {
            let done = row.task.state == TaskState::Completed;
            let posted = self.posts.contains_key(&row.task.id);
            law(ONCE, !done || posted, || {
                format!("{} is done and nothing is there", row.task.step)
            })?;
        }
        for effect in books.effects.values() {
            let (said, is) = (effect.state == EffectState::Sent, self.is_posted(effect));
            law(ONCE, said == is, || {
                format!(
                    "{} is {} and posted: {is}",
                    effect.id,
                    effect.state.as_str()
                )
            })?;
        }
        Ok(())
    }
}

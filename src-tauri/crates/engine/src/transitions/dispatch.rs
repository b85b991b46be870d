//! The last look before an action leaves: digest, expiry, campaign, cooldown (architecture §3 rule 2).

use chimera_domain::{
    action::{ApprovalBinding, ApprovalKind, Effect, EffectState, Grant, OutwardAction},
    agent::Control,
    artifact::Artifact,
    audit::AuditStatus,
    campaign::CampaignStatus,
    change::{Board, ChangeSet},
    digest::Digest,
    fault::{Fault, FaultClass},
    id::EffectId,
    review::ReviewBand,
    task::TaskState,
    time::{Span, Timestamp},
    verdict::Finding,
};
use serde_json::json;

use super::{Decided, fail_effect::leave_to_people, flow};
use crate::{given::Given, refusal::Refusal, review_item::open_review, step::Step};

/// What the executor saw around the action.
pub(super) struct Seen {
    pub(super) schema_hash: Digest,
    pub(super) waits_until: Option<Timestamp>,
    pub(super) barred: Vec<Finding>,
}

pub(super) fn dispatch(
    board: &Board,
    effect: EffectId,
    seen: &Seen,
    given: &mut Given<'_>,
) -> Result<Decided, Refusal> {
    let held = board
        .effect
        .as_ref()
        .filter(|found| found.id == effect)
        .ok_or(Refusal::Missing("action"))?;
    if held.state != EffectState::Held {
        return Err(Refusal::WrongState {
            command: "sending",
            needed: "held",
            found: held.state.as_str(),
        });
    }
    if board.campaign.status != CampaignStatus::Active {
        return Err(Refusal::CampaignNot {
            command: "sending",
            found: board.campaign.status,
        });
    }
    if board.control != Control::Running {
        return Err(Refusal::AgentNot {
            command: "sending",
            found: board.control,
        });
    }
    if held.not_before > given.now {
        return Err(Refusal::TooEarly {
            until: held.not_before,
        });
    }
    if let Some(reason) = void_reason(board, held, seen, given)? {
        return void(board, held, &reason, given).map(Into::into);
    }
    if let Some(until) = seen.waits_until.filter(|until| *until > given.now) {
        return Ok(wait(board, held, until, given).into());
    }
    let mut step = Step::on(board);
    let mut next = held.clone();
    next.state = EffectState::Dispatching { since: given.now };
    if !held.is_unclear {
        next.fault = None;
    }
    let grant = Grant::after_recheck(held.id, held.approval.digest, held.intent_key.clone());
    step.save_effect(given, next, Some(held.version));
    let output = json!({ "effect": held.id, "tool": held.action.tool.to_string(), "intent_key": held.intent_key });
    step.audit(given, "effect.dispatch", output, AuditStatus::Pending);
    Ok(Decided {
        set: step.finish(given),
        grant: Some(grant),
    })
}

/// How long after its time an action still leaves by itself. One that missed it by more (the machine slept, Chimera
/// was closed, the campaign paused) asks a person first, however it was decided (C45).
pub(super) const LATE_AFTER: Span = Span::seconds(15 * 60);

/// Why an approval no longer covers what would run.
enum Void {
    Late {
        due: Timestamp,
    },
    Expired {
        at: Timestamp,
    },
    ToolChanged {
        tool: String,
    },
    PolicyChanged,
    PersonaChanged,
    OtherAction,
    /// A rule let it go, and only a person may.
    NeedsPerson {
        why: String,
    },
    /// The last look at its words bars it.
    Filtered {
        why: String,
    },
}

impl Void {
    /// The call itself has to be prepared anew: deciding again about the old one would not help.
    const fn needs_new_call(&self) -> bool {
        matches!(self, Self::ToolChanged { .. })
    }

    /// No rule may decide it again.
    const fn asks_a_person(&self) -> bool {
        matches!(
            self,
            Self::Late { .. } | Self::NeedsPerson { .. } | Self::Filtered { .. }
        )
    }
}

impl std::fmt::Display for Void {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Late { due } => write!(
                out,
                "Late, needs confirm: it was to leave at {due}, and nobody was there to send it."
            ),
            Self::Expired { at } => write!(out, "The approval expired at {at}."),
            Self::ToolChanged { tool } => {
                write!(out, "The tool {tool} changed after the decision.")
            }
            Self::PolicyChanged => out.write_str("The policy changed after the decision."),
            Self::PersonaChanged => out.write_str("The persona changed after the decision."),
            Self::OtherAction => out.write_str("What would run is not what was decided."),
            Self::NeedsPerson { why } => out.write_str(why),
            Self::Filtered { why } => write!(out, "The output filter stopped it: {why}"),
        }
    }
}

/// Whether the approval still covers what would run, and if not, why.
fn void_reason(
    board: &Board,
    held: &Effect,
    seen: &Seen,
    given: &Given<'_>,
) -> Result<Option<Void>, Refusal> {
    #[cfg(test)]
    if crate::mutation::Mutation::RecheckSkipped.is_in_force() {
        return Ok(None);
    }
    if held.not_before + LATE_AFTER <= given.now {
        return Ok(Some(Void::Late {
            due: held.not_before,
        }));
    }
    if held.approval.expires_at <= given.now {
        return Ok(Some(Void::Expired {
            at: held.approval.expires_at,
        }));
    }
    if held.action.schema_hash != seen.schema_hash {
        return Ok(Some(Void::ToolChanged {
            tool: held.action.tool.to_string(),
        }));
    }
    let artifact = board
        .artifact
        .as_ref()
        .ok_or(Refusal::Missing("artifact"))?;
    let action: &OutwardAction = &held.action;
    let binding = ApprovalBinding {
        action,
        policy_version: board.campaign.policy_version,
        persona_version: board.campaign.persona_version,
        shown: artifact.digest,
        expires_at: held.approval.expires_at,
    };
    let digest = binding
        .digest()
        .map_err(|error| Refusal::Undigestible(error.to_string()))?;
    if digest == held.approval.digest {
        return Ok(filtered(&seen.barred).or_else(|| needs_person(board, held, artifact)));
    }
    let what = if board.campaign.policy_version != held.approval.policy_version {
        Void::PolicyChanged
    } else if board.campaign.persona_version != held.approval.persona_version {
        Void::PersonaChanged
    } else {
        Void::OtherAction
    };
    Ok(Some(what))
}

/// What bars it, in words.
fn filtered(barred: &[Finding]) -> Option<Void> {
    let messages: Vec<&str> = barred.iter().map(|found| found.message.as_str()).collect();
    let why = messages.join(" ");
    (!why.is_empty()).then_some(Void::Filtered { why })
}

/// No rule lets go what only a person may, whichever way it came here.
fn needs_person(board: &Board, held: &Effect, artifact: &Artifact) -> Option<Void> {
    if held.approval.kind != ApprovalKind::ByRule {
        return None;
    }
    let found = flow::held(board, artifact).into_iter().next()?;
    Some(Void::NeedsPerson { why: found.message })
}

fn void(
    board: &Board,
    held: &Effect,
    reason: &Void,
    given: &mut Given<'_>,
) -> Result<ChangeSet, Refusal> {
    let mut step = Step::on(board);
    let is_unclear = held.is_unclear;
    #[cfg(test)]
    let is_unclear = is_unclear && !crate::mutation::Mutation::UnclearVoided.is_in_force();
    if is_unclear {
        // It may be out there already: deciding anew could send it twice, and asking again could send what is no
        // longer decided.
        let output = json!({ "effect": held.id, "reason": reason.to_string() });
        step.audit(given, "effect.unclear", output, AuditStatus::Pending);
        let fault = Fault::new(FaultClass::Permanent, "OUTCOME_UNKNOWN", reason.to_string());
        leave_to_people(&mut step, held.clone(), fault, given);
        return Ok(step.finish(given));
    }
    let mut next = held.clone();
    next.state = EffectState::Voided;
    if matches!(reason, Void::Filtered { .. }) {
        next.fault = Some(Fault::of("OUTPUT_REFUSED", reason.to_string()));
    }
    step.save_effect(given, next, Some(held.version));
    step.audit(
        given,
        "effect.void",
        json!({ "effect": held.id, "reason": reason.to_string() }),
        AuditStatus::Failure,
    );
    let artifact = board
        .artifact
        .as_ref()
        .ok_or(Refusal::Missing("artifact"))?;
    let verdict = board.verdict.as_ref().ok_or(Refusal::Missing("verdict"))?;
    let rule_decides_again = held.approval.kind == ApprovalKind::ByRule && !reason.asks_a_person();
    if rule_decides_again || reason.needs_new_call() {
        // A rule decided, or the call itself has to be prepared anew: done again from the start.
        step.go(
            given,
            TaskState::Ready {
                not_before: given.now,
            },
        );
    } else {
        let reasons = vec![format!("{reason} Nothing was sent; decide again.")];
        open_review(
            &mut step,
            given,
            artifact,
            verdict,
            ReviewBand::Queue,
            reasons,
        );
    }
    Ok(step.finish(given))
}

fn wait(board: &Board, held: &Effect, until: Timestamp, given: &mut Given<'_>) -> ChangeSet {
    let mut step = Step::on(board);
    let mut next = held.clone();
    next.not_before = until;
    step.save_effect(given, next, Some(held.version));
    let output = json!({ "effect": held.id, "until": until });
    step.audit(given, "effect.wait", output, AuditStatus::Pending);
    step.finish(given)
}

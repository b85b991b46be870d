//! The judge: what rules find, what a model thinks, and one verdict from both (ORC-05, COG-08, C33).
//!
//! Never here: where the verdict leads (policy and engine), or what rules find (`rules`).

mod rules;

use std::sync::Arc;

use chimera_domain::{
    artifact::{Artifact, ArtifactType},
    confidence::Confidence,
    fault::Fault,
    id::{TaskId, VerdictId},
    role::Actor,
    spend::CallRole,
    trace::{SpanKind, SpanStatus, TraceContext},
    verdict::{Criterion, Finding, FindingWeight, RiskCategory, Verdict},
};
use chimera_engine::Command;
use chimera_guard::{Nonce, memories, trends, wrap_untrusted};
use chimera_policy::{Assessment, Policy, Route, raised, route};
use chimera_ports::{
    facts::{Ask, JudgeAnswer, JudgeFacts},
    model::ModelRole,
    store::Due,
};
use chimera_prompts::{self as prompts, PromptError};
use chimera_spending::{Account, too_slow};
use serde_json::{Value, json};
use tracing::{debug, warn};

use rules::{finding, rule_findings};

use crate::{
    act::ActError,
    failing, recalling,
    runtime::Runtime,
    worker::{Observation, Question, Shown, ask_once, fitted},
};

/// Judges a due artifact. Whatever happens ends in a stored state.
pub(crate) async fn judge(runtime: &Runtime, due: Due<TaskId>) {
    let actor = Actor::system("judge");
    let take = Command::TakeJudgement {
        lease: runtime.bounds().lease,
    };
    let taken = match runtime.act(due.tenant, due.task, actor.clone(), take).await {
        Ok(taken) => taken,
        Err(ActError::Refused(refusal)) => return debug!(task = %due.task, %refusal, "not judged"),
        Err(error) => return warn!(task = %due.task, %error, "could not take the judgement"),
    };
    let (Some(task), Some(artifact)) = (taken.set.task, taken.before.artifact) else {
        return;
    };
    let campaign = taken.before.campaign;
    let run = campaign.trace.trace;
    let judged = tokio::spawn({
        let runtime = runtime.clone();
        async move {
            let bound = runtime.bounds().reasoning;
            let work = async {
                let observed = Observation::of(&runtime, &campaign, &task, task.trace).await?;
                verdict_on(&runtime, &observed, &artifact).await
            };
            tokio::time::timeout(bound, work)
                .await
                .unwrap_or_else(|_| Err(too_slow(bound)))
        }
    });
    let command = match judged.await {
        Ok(Ok(verdict)) => Command::Judge {
            verdict: Box::new(verdict),
        },
        Ok(Err(fault)) => failing::after(runtime, (due.task, Some(run)), None, fault),
        Err(join) => {
            tracing::error!(%join, "a judge crashed");
            let message = "The judge crashed. Nothing was sent; the artifact is judged again.";
            let fault = Fault::of("JUDGE_CRASHED", message);
            failing::after(runtime, (due.task, Some(run)), None, fault)
        }
    };
    let stored = runtime.act_until_stored(due.tenant, due.task, actor, command);
    if let Err(error) = stored.await {
        debug!(task = %due.task, %error, "the judgement does not count any more");
    }
}

/// A verdict on an artifact, from rules and model. Decides nothing.
pub(crate) async fn verdict_on(
    runtime: &Runtime,
    observed: &Observation,
    artifact: &Artifact,
) -> Result<Verdict, Fault> {
    let mut span = runtime.tracer().open(
        observed.task.tenant,
        observed.trace,
        SpanKind::Judge,
        "evaluate",
    );
    let result = evaluate(runtime, observed, artifact, span.context()).await;
    match result {
        Ok(verdict) => {
            span.set("gen_ai.evaluation.name", "publishable");
            span.set(
                "gen_ai.evaluation.score.value",
                verdict.confidence_score.ratio(),
            );
            span.set(
                "gen_ai.evaluation.score.label",
                String::from(verdict.risk_category.clone()),
            );
            span.set("gen_ai.evaluation.explanation", verdict.rationale.clone());
            span.set("chimera.findings", verdict.findings.len());
            span.end(SpanStatus::Ok);
            Ok(verdict)
        }
        Err(fault) => {
            span.fail(&fault.code, &fault.message);
            Err(fault)
        }
    }
}

async fn evaluate(
    runtime: &Runtime,
    observed: &Observation,
    artifact: &Artifact,
    trace: TraceContext,
) -> Result<Verdict, Fault> {
    let policy = runtime
        .policy(observed.task.tenant, observed.campaign.policy_version)
        .await
        .map_err(|error| Fault::of(error.code, error.message))?;
    let text = text_of(artifact);
    let mut findings = rule_findings(&policy, observed, artifact, &text);
    findings.extend(decided_before(&policy, observed, artifact));
    let opinion = match carried(observed, artifact, &text) {
        Some(opinion) => opinion,
        None => ask_judge(runtime, observed, artifact, &text, &findings, trace).await?,
    };
    let worker = artifact.confidence_score;
    let confidence = worker
        .map_or(opinion.confidence, |worker| worker.min(opinion.confidence))
        .min(opinion.ceiling);
    Ok(Verdict {
        verdict_id: VerdictId::from_uuid(runtime.parts().ids.uuid()),
        tenant_id: observed.task.tenant,
        task_id: observed.task.id,
        artifact_id: artifact.artifact_id,
        worker_confidence: worker,
        judge_confidence: opinion.confidence,
        confidence_score: confidence,
        risk_category: raised(opinion.risk, &findings),
        criteria: opinion.criteria,
        findings,
        rationale: opinion.rationale,
        judge: opinion.judge,
        policy_version: observed.campaign.policy_version,
        judged_by: observed.campaign.judged_by(),
        created_at: runtime.now(),
    })
}

/// What the judge thinks.
struct Opinion {
    confidence: Confidence,
    /// The score can never be above this: what the work it builds on had.
    ceiling: Confidence,
    risk: RiskCategory,
    criteria: Vec<Criterion>,
    rationale: String,
    judge: String,
}

/// A draft that no rule lets pass was let pass by a person. Its score does not speak against them again: the
/// post goes before a person, and is not rewritten (ORC-15, GOV-07).
fn decided_before(policy: &Policy, observed: &Observation, artifact: &Artifact) -> Option<Finding> {
    if artifact.artifact_type != ArtifactType::PostIntent {
        return None;
    }
    let (_, verdict) = observed.input(ArtifactType::Caption)?;
    let verdict = verdict?;
    let by_rule = route(policy, Assessment::of(verdict, false)) == Route::Release;
    (!by_rule).then(|| {
        let message = format!(
            "A person let this draft pass, which scored {}; a person decides about the post as well.",
            verdict.confidence_score
        );
        finding(
            "review.draft_passed",
            FindingWeight::NeedsPerson,
            message,
            None,
        )
    })
}

/// A post whose words were judged as a draft is not paid for twice: the draft's verdict counts, the rules
/// are applied again to its final form. An edit has other words and is judged anew, and so is a draft from
/// before the campaign's goal, persona or policy changed; another budget, or a pause, changes nothing of that.
fn carried(observed: &Observation, artifact: &Artifact, text: &str) -> Option<Opinion> {
    if artifact.artifact_type != ArtifactType::PostIntent {
        return None;
    }
    let (caption, verdict) = observed.input(ArtifactType::Caption)?;
    let verdict = verdict?;
    if verdict.judged_by.is_none() || verdict.judged_by != observed.campaign.judged_by() {
        return None;
    }
    let drafted = caption.payload.get("text").and_then(Value::as_str)?;
    let added = text.strip_prefix(drafted)?;
    if added.split_whitespace().any(|word| !word.starts_with('#')) {
        return None;
    }
    Some(Opinion {
        confidence: verdict.judge_confidence,
        ceiling: verdict.confidence_score,
        risk: verdict.risk_category.clone(),
        criteria: verdict.criteria.clone(),
        rationale: verdict.rationale.clone(),
        judge: verdict.judge.clone(),
    })
}

async fn ask_judge(
    runtime: &Runtime,
    observed: &Observation,
    artifact: &Artifact,
    text: &str,
    findings: &[Finding],
    trace: TraceContext,
) -> Result<Opinion, Fault> {
    let facts = facts_of(observed, artifact, text, findings);
    // The same that its maker had in mind (COG-08).
    let recalled = &artifact.recalled;
    let all = Shown {
        sources: facts.sources.len(),
        posts: facts.previous_posts.len(),
        memories: recalled.len(),
        answers: 0,
    };
    let (question, _) = fitted(runtime.bounds(), all, |shown| {
        let mut facts = facts.clone();
        facts.sources.truncate(shown.sources);
        facts.previous_posts.truncate(shown.posts);
        let recalled = recalled.get(..shown.memories).unwrap_or(recalled);
        facts.memories = memories::lessons(recalled);
        let nonce = Nonce::from_bytes(*runtime.parts().ids.uuid().as_bytes());
        let items = facts.sources.iter();
        let items: Vec<String> = items.map(|source| trends::source(source, &nonce)).collect();
        let judged = wrap_untrusted("the draft", text, &nonce);
        let posts = trends::previous_posts(&facts.previous_posts, &nonce);
        let wrapped = json!({
            "items": items, "judged": judged, "previous_posts": posts,
            "remembered": recalling::shown(recalled, &nonce),
        });
        Ok(Question {
            tenant: observed.task.tenant,
            trace,
            role: ModelRole::Judge,
            system: prompts::system("judge", &facts.persona, "")
                .map_err(PromptError::into_fault)?,
            user: prompts::render("judge", &facts, wrapped).map_err(PromptError::into_fault)?,
            ask: Arc::new(Ask::Judge(facts)),
            account: payer(observed, artifact),
        })
    })?;
    let (answer, spent) = ask_once::<JudgeAnswer>(runtime, question).await?;
    let judge = if spent.rehearsal {
        format!("{} (rehearsal, not an AI)", spent.model)
    } else {
        spent.model
    };
    Ok(Opinion {
        confidence: answer.confidence,
        ceiling: Confidence::FULL,
        risk: answer.risk,
        criteria: answer.criteria,
        rationale: answer.rationale,
        judge,
    })
}

/// What the judge is told.
fn facts_of(
    observed: &Observation,
    artifact: &Artifact,
    text: &str,
    findings: &[Finding],
) -> JudgeFacts {
    JudgeFacts {
        goal: observed.campaign.goal.to_string(),
        persona: Arc::clone(&observed.persona.persona),
        instructions: observed.task.instructions.clone(),
        artifact_type: artifact.artifact_type,
        payload: artifact.payload.clone(),
        platform: artifact.platform,
        max_chars: artifact
            .platform
            .and_then(|platform| u32::try_from(platform.max_text_chars()).ok()),
        sources: artifact.sources.clone(),
        previous_posts: observed
            .previous_posts
            .iter()
            .filter(|post| *post != text)
            .cloned()
            .collect(),
        findings: findings.to_vec(),
        memories: Vec::new(),
    }
}

/// Who pays for a judgement. An edit is a person's, who may try as often as they like: only the campaign's day bounds
/// it, and the step keeps what it was given for its own work.
fn payer(observed: &Observation, artifact: &Artifact) -> Account {
    let edited = artifact.edited_from.is_some();
    let account = observed.account(if edited {
        CallRole::EditCheck
    } else {
        CallRole::Judge
    });
    Account {
        attempt: artifact.attempt_id,
        cap: account.cap.filter(|_| !edited),
        token_cap: account.token_cap.filter(|_| !edited),
        ..account
    }
}

/// The text that people will read.
pub(crate) fn text_of(artifact: &Artifact) -> String {
    ["/content/text", "/text", "/summary"]
        .into_iter()
        .find_map(|pointer| artifact.payload.pointer(pointer).and_then(Value::as_str))
        .unwrap_or_default()
        .to_owned()
}

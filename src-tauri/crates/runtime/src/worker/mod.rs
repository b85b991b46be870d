//! One task, one worker, start to finish: shared-nothing and stateless (ORC-04).
//!
//! Never here: anything outward. A worker prepares; the outbox performs after a decision.

mod account;
mod asking;
mod beside;
pub(crate) mod blocked;
mod draft;
mod fit;
mod observe;
mod prepared;
mod publish;
mod reason;
mod research;

pub(crate) use fit::{Shown, fitted};
pub(crate) use observe::{Observation, waits_for_store};
pub use prepared::Spent;
pub(crate) use prepared::digest;
pub(crate) use publish::{Words, prepare_post};
pub(crate) use reason::ask_once;
pub use reason::{Hands, Question, think};

use std::future::Future;

use chimera_domain::{
    fault::{Fault, FaultClass},
    id::{AttemptId, TaskId},
    role::Actor,
    task::{TaskKind, TaskState},
    time::Span,
    trace::{SpanKind, SpanStatus},
};
use chimera_engine::{Command, Refusal};
use chimera_ports::store::Due;
use chimera_spending::too_slow;
use chimera_tracer::OpenSpan;
use tokio_util::task::AbortOnDropHandle;
use tracing::{debug, error, warn};

use crate::{
    act::{ActError, Acted},
    failing, replanning,
    runtime::Runtime,
};
use prepared::Prepared;

/// Works on a due task under the name `worker`. Whatever happens ends in a stored state.
pub(crate) async fn work(runtime: &Runtime, due: Due<TaskId>, worker: &str) {
    let actor = Actor::System(worker.to_owned());
    let command = Command::Assign {
        worker: worker.to_owned(),
        lease: runtime.bounds().lease,
    };
    let assigned = match runtime
        .act(due.tenant, due.task, actor.clone(), command)
        .await
    {
        Ok(assigned) => assigned,
        // Somebody else took it, or the campaign was paused: nothing to do.
        Err(ActError::Refused(refusal)) => {
            return debug!(task = %due.task, %refusal, "not assigned");
        }
        Err(error) => return warn!(task = %due.task, %error, "could not assign"),
    };
    let Some(attempt) = attempt_of(&assigned) else {
        return;
    };
    let run = Some(assigned.before.campaign.trace.trace);
    let fault = match attempt_under_lease(runtime, assigned, attempt).await {
        Ok(command) => match runtime
            .act_until_stored(due.tenant, due.task, actor.clone(), command.clone())
            .await
        {
            Ok(_) => return,
            Err(error) if matches!(command, Command::Replan { .. }) => {
                debug!(task = %due.task, %error, "the plan was not changed");
                let command = replanning::not_stored(attempt, &error, runtime.jitter());
                if let Err(error) = runtime.act(due.tenant, due.task, actor, command).await {
                    debug!(task = %due.task, %error, "the change of the plan does not count any more");
                }
                return;
            }
            Err(ActError::Refused(Refusal::LeaseLost)) => {
                return debug!(task = %due.task, "the result came too late and does not count");
            }
            Err(error) => {
                return warn!(task = %due.task, %error, "could not record; the lease will lapse");
            }
        },
        Err(fault) => fault,
    };
    let command = failing::after(runtime, (due.task, run), Some(attempt), fault);
    let stored = runtime.act_until_stored(due.tenant, due.task, actor, command);
    if let Err(error) = stored.await {
        debug!(task = %due.task, %error, "the failure does not count any more");
    }
}

const fn attempt_of(assigned: &Acted) -> Option<AttemptId> {
    match &assigned.set.task {
        Some(task) => match task.state {
            TaskState::Working { attempt, .. } => Some(attempt),
            _ => None,
        },
        None => None,
    }
}

/// Runs the attempt in a task of its own (a panic is its own), renewing the lease meanwhile.
async fn attempt_under_lease(
    runtime: &Runtime,
    assigned: Acted,
    attempt: AttemptId,
) -> Result<Command, Fault> {
    let (tenant, task) = (assigned.before.task.tenant, assigned.before.task.id);
    let inner = runtime.clone();
    // Where this here ends before it, by a defect, it ends too: nobody would take what it makes.
    let run = tokio::spawn(async move { attempt_task(&inner, &assigned, attempt).await });
    let mut run = AbortOnDropHandle::new(run);
    let lease = runtime.bounds().lease;
    let mut beat = tokio::time::interval(lease.to_std() / 3);
    beat.tick().await;
    loop {
        tokio::select! {
            ended = &mut run => return ended.unwrap_or_else(|join| Err(crash_fault(&join))),
            _ = beat.tick() => {
                let command = Command::Renew { attempt, lease };
                let renewed = runtime.act(tenant, task, Actor::system("heartbeat"), command).await;
                if matches!(renewed, Err(ActError::Refused(_))) {
                    // A pause or a cancellation took the task away: stop spending on it.
                    run.abort();
                    return Err(Fault::new(FaultClass::Transient, "LEASE_LOST", "The task was taken back while it was worked on."));
                }
            }
            () = runtime.cancel().cancelled() => {
                run.abort();
                return Ok(Command::HandBack { attempt: Some(attempt), rest: Span::ZERO });
            }
        }
    }
}

async fn attempt_task(
    runtime: &Runtime,
    assigned: &Acted,
    attempt: AttemptId,
) -> Result<Command, Fault> {
    let Some(task) = &assigned.set.task else {
        return Err(Fault::new(
            FaultClass::Unknown,
            "INTERNAL_ERROR",
            "An assignment without a task.",
        ));
    };
    let campaign = &assigned.before.campaign;
    let (kind, name) = match task.kind {
        TaskKind::Replan => (SpanKind::Plan, "plan again".to_owned()),
        _ => (SpanKind::Agent, format!("invoke_agent {}", task.title)),
    };
    let mut span = runtime.tracer().open_as(
        task.tenant,
        task.trace,
        Some(campaign.trace.span),
        kind,
        &name,
    );
    describe(&mut span, task, campaign, attempt);
    if task.kind == TaskKind::Replan {
        let asking = replanning::replan(runtime, campaign, task, attempt, span.context());
        let result = within_bounds(runtime, asking).await;
        return end_span(span, result);
    }
    let observed = Observation::of(runtime, campaign, task, span.context())
        .await
        .map(|observed| observed.in_attempt(attempt));
    let result = match observed {
        Ok(observed) => within_bounds(runtime, perform(runtime, observed)).await,
        Err(fault) => Err(fault),
    };
    let result =
        result.and_then(|(prepared, observed)| prepared.into_artifact(runtime, &observed, attempt));
    let result = result.map(|artifact| Command::Record {
        artifact: Box::new(artifact),
    });
    end_span(span, result)
}

async fn within_bounds<T>(
    runtime: &Runtime,
    work: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    let bound = runtime.bounds().reasoning;
    tokio::time::timeout(bound, work)
        .await
        .unwrap_or_else(|_| Err(too_slow(bound)))
}

/// Says in the trace what came of the attempt.
fn end_span(mut span: OpenSpan, result: Result<Command, Fault>) -> Result<Command, Fault> {
    match &result {
        Ok(Command::Record { artifact }) => {
            span.set("chimera.artifact.digest", artifact.digest.to_string());
            if let Some(provenance) = &artifact.provenance {
                span.carries(provenance);
            }
            span.end(SpanStatus::Ok);
        }
        Ok(Command::Replan { another, .. }) => {
            span.set("chimera.plan.revision", another.plan.revision);
            span.set("chimera.plan.inserted", another.inserted.len());
            span.set("chimera.plan.pruned", another.prune.len());
            span.set("chimera.plan.reason", another.reason.clone());
            span.end(SpanStatus::Ok);
        }
        Ok(_) => span.end(SpanStatus::Ok),
        Err(fault) => {
            span.fail(&fault.code, &fault.message);
        }
    }
    result
}

fn describe(
    span: &mut OpenSpan,
    task: &chimera_domain::task::Task,
    campaign: &chimera_domain::campaign::Campaign,
    attempt: AttemptId,
) {
    span.set("gen_ai.operation.name", "invoke_agent");
    span.set("gen_ai.agent.id", task.agent.to_string());
    span.set("chimera.campaign.id", campaign.id.to_string());
    span.set("chimera.task.id", task.id.to_string());
    span.set("chimera.attempt.id", attempt.to_string());
    span.set("chimera.skill", task.skill.clone());
}

/// Observe, think, act. Where nothing is thought, as over a post that was written before, nothing is recalled.
async fn perform(
    runtime: &Runtime,
    observed: Observation,
) -> Result<(Prepared, Observation), Fault> {
    let observed = match observed.task.kind {
        TaskKind::AnalyzeTrends | TaskKind::GenerateCaption => observed.remembering(runtime).await,
        _ => observed,
    };
    let prepared = match observed.task.kind {
        TaskKind::AnalyzeTrends => research::research(runtime, &observed).await,
        TaskKind::GenerateCaption => draft::draft(runtime, &observed).await,
        TaskKind::PublishPost => publish::publish(runtime, &observed).await,
        kind => Err(Fault::new(
            FaultClass::Permanent,
            "SKILL_MISSING",
            format!(
                "No skill here does {kind:?}. Nothing was made; take the step out of the plan or install the skill."
            ),
        )),
    }?;
    Ok((prepared, observed))
}

fn crash_fault(join: &tokio::task::JoinError) -> Fault {
    error!(%join, "a worker crashed");
    Fault::new(
        FaultClass::Transient,
        "WORKER_CRASHED",
        "The worker crashed. Nothing was sent; the task runs again in a new worker.",
    )
}

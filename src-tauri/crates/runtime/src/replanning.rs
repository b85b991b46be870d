//! Planning again: the planner is asked for another way after steps failed for good (ORC-03, C01).
//!
//! Asked within a task under a lease like all other work. Never here: when it is asked, and what a change of the
//! plan does (the engine), or what makes a good one (the model).

use std::{collections::BTreeMap, sync::Arc};

use chimera_domain::{
    campaign::Campaign,
    fault::{Fault, FaultClass},
    id::{AttemptId, PlanId, TenantId, VersionId},
    memory::Recalled,
    persona::Persona,
    plan::{Plan, PlanStep},
    replan::{FailedStep, MAX_REPLAN_COST, MAX_REPLANS, Replanning},
    spend::CallRole,
    task::{Task, TaskKind, TaskState},
    time::Span,
    trace::TraceContext,
};
use chimera_engine::{
    AnotherPlan, Command, Refusal,
    merge::{Change, Plot, merge},
};
use chimera_guard::{Nonce, labels, memories, trends};
use chimera_ports::{
    error::PortError,
    facts::{Ask, PlanFacts, ReplanAnswer, ReplanFacts, StandingStep},
    model::ModelRole,
    page::PageRequest,
    store::TaskFilter,
};
use chimera_prompts::{self as prompts, PromptError};
use chimera_spending::{Account, priced};
use serde_json::json;

use crate::{
    act::ActError,
    planning::offered_skills,
    recalling,
    runtime::Runtime,
    standing_out,
    worker::{Question, ask_once},
};

/// Most tasks of a campaign that are looked at for their standing.
const MAX_TASKS_SEEN: usize = 4_000;
/// Most steps that the planner is shown, so that the question stays within its bound; open ones come first.
const MAX_STEPS_SHOWN: usize = 80;
/// Rest of a request whose answer could not be stored because the store was in trouble.
const STORE_REST: Span = Span::seconds(60);
/// Code of the fault when the planner knows no better.
const DECLINED: &str = "REPLAN_DECLINED";

/// Asks the planner; its change becomes a command.
pub(crate) async fn replan(
    runtime: &Runtime,
    campaign: &Campaign,
    task: &Task,
    attempt: AttemptId,
    trace: TraceContext,
) -> Result<Command, Fault> {
    let open = request(campaign, task)?;
    let store = &runtime.parts().store;
    let plan = store
        .plan(campaign.tenant, campaign.id)
        .await
        .map_err(PortError::into_fault)?;
    let tasks = tasks_of(runtime, campaign).await?;
    let standing = newest_of_each_line(&tasks);
    let facts = facts(runtime, campaign, task, open, &plan, &tasks, &standing).await?;
    let platforms = facts.brief.platforms.clone();
    let question = format!("{}\n{}", campaign.goal, task.title);
    let recalled = recalling::in_mind(runtime, campaign, &question, trace).await;
    let (answer, author) = ask(
        runtime,
        account(runtime, campaign, task, attempt).await?,
        (campaign.tenant, &recalled),
        facts,
        trace,
    )
    .await?;
    if answer.is_empty() {
        return Err(fault(FaultClass::Validation, DECLINED, &answer.rationale));
    }
    let plot = Plot {
        steps: &plan.steps,
        standing: &standing,
        failed: &open.failed,
        platforms: &platforms,
        feeds: &campaign.feeds,
        budget: campaign.daily_budget,
    };
    let rationale = answer.rationale.clone();
    let merged = merge(&plot, &priced_change(runtime, answer)).map_err(|why| refused(&why))?;
    let new: Vec<PlanStep> = merged
        .steps
        .iter()
        .filter(|step| merged.inserted.contains(&step.key))
        .cloned()
        .collect();
    runtime
        .check_skills(&new)
        .map_err(|error| refused(&error.message))?;
    let mut plan = revised(runtime, &plan, merged.steps, author, rationale.clone());
    // The weightiest reason: what is not touched keeps the words that it had.
    plan.private = plan
        .private
        .into_iter()
        .chain(labels::in_mind(&recalled))
        .min();
    let another = AnotherPlan {
        seen: campaign.version,
        tasks: standing
            .iter()
            .map(|(key, task)| (key.clone(), task.id))
            .collect(),
        reason: rationale,
        plan,
        prune: merged.prune,
        inserted: merged.inserted,
        rewired: merged.rewired,
    };
    Ok(Command::Replan {
        attempt,
        another: Box::new(another),
    })
}

/// The planner's answer, its new steps at what they may cost.
fn priced_change(runtime: &Runtime, answer: ReplanAnswer) -> Change {
    let model = &runtime.parts().model;
    let (worker, judge) = (model.info(ModelRole::Worker), model.info(ModelRole::Judge));
    let new = answer.insert.into_iter();
    let moved = answer.rewire.into_iter();
    Change {
        prune: answer.prune,
        insert: new.map(|step| priced(step, &worker, &judge)).collect(),
        rewire: moved.map(|moved| (moved.step, moved.needs)).collect(),
    }
}

/// What this task was made to answer.
fn request<'a>(campaign: &'a Campaign, task: &Task) -> Result<&'a Replanning, Fault> {
    campaign
        .replanning
        .as_ref()
        .filter(|open| open.task == task.id)
        .ok_or_else(|| {
            fault(
                FaultClass::Unknown,
                "INTERNAL_ERROR",
                "Nothing asks for another plan.",
            )
        })
}

/// The next revision of `before`.
fn revised(
    runtime: &Runtime,
    before: &Plan,
    steps: Vec<PlanStep>,
    author: String,
    rationale: String,
) -> Plan {
    let ids = &runtime.parts().ids;
    Plan {
        id: PlanId::from_uuid(ids.uuid()),
        tenant: before.tenant,
        campaign: before.campaign,
        revision: before.revision + 1,
        steps,
        author,
        rationale,
        private: before.private,
        version: VersionId::from_uuid(ids.uuid()),
        updated_at: runtime.now(),
    }
}

/// Who pays for asking: the task within its cap, over all its tries, and the campaign within its day.
async fn account(
    runtime: &Runtime,
    campaign: &Campaign,
    task: &Task,
    attempt: AttemptId,
) -> Result<Account, Fault> {
    Ok(Account {
        role: CallRole::Planner,
        campaign: Some(Box::new(campaign.clone())),
        task: Some(task.id),
        attempt: Some(attempt),
        cap: Some(MAX_REPLAN_COST),
        token_cap: Some(runtime.token_cap(campaign).await?),
    })
}

/// What to do about a change of the plan that could not be stored: nothing of it was. Only what the planner itself got
/// wrong counts as a try.
pub(crate) fn not_stored(attempt: AttemptId, error: &ActError, jitter: u16) -> Command {
    let attempt = Some(attempt);
    let rest = match error {
        // Something else failed or was begun meanwhile, or the campaign changed: asked again with what is so now.
        ActError::Refused(
            Refusal::PlanOutdated | Refusal::LeaseLost | Refusal::CampaignNot { .. },
        )
        | ActError::Store(PortError::Conflict { .. }) => Span::ZERO,
        ActError::Store(
            PortError::Internal(_) | PortError::Trouble { .. } | PortError::NotFound { .. },
        )
        | ActError::Policy(_) => STORE_REST,
        ActError::Refused(_) | ActError::Store(PortError::Invalid(_)) => {
            return Command::Fail {
                attempt,
                fault: refused(&error.to_string()),
                jitter,
            };
        }
    };
    Command::HandBack { attempt, rest }
}

async fn ask(
    runtime: &Runtime,
    account: Account,
    (tenant, recalled): (TenantId, &[Recalled]),
    mut facts: ReplanFacts,
    trace: TraceContext,
) -> Result<(ReplanAnswer, String), Fault> {
    let nonce = Nonce::from_bytes(*runtime.parts().ids.uuid().as_bytes());
    // Why a step failed may quote a stranger.
    let causes = |failed: &[FailedStep]| -> Vec<String> {
        let wrapped = |failed: &FailedStep| {
            format!(
                "{} ({}): {}",
                failed.step,
                failed.fault.code,
                chimera_guard::wrap_untrusted("why it failed", &failed.fault.message, &nonce)
            )
        };
        failed.iter().map(wrapped).collect()
    };
    let more = json!({
        "causes": causes(&facts.failed), "earlier_causes": causes(&facts.earlier),
        "standing_out": trends::clusters(&facts.brief.trends, &nonce),
        "remembered": recalling::shown(recalled, &nonce),
    });
    facts.brief.memories = memories::lessons(recalled);
    let question = Question {
        tenant,
        trace,
        role: ModelRole::Planner,
        system: prompts::system("replan", &facts.brief.persona, "")
            .map_err(PromptError::into_fault)?,
        user: prompts::render("replan", &facts, more).map_err(PromptError::into_fault)?,
        ask: Arc::new(Ask::Replan(facts)),
        account,
    };
    let (answer, spent) = ask_once::<ReplanAnswer>(runtime, question).await?;
    let author = if spent.rehearsal {
        format!("{} (rehearsal, not an AI)", spent.model)
    } else {
        spent.model
    };
    Ok((answer, author))
}

async fn facts(
    runtime: &Runtime,
    campaign: &Campaign,
    task: &Task,
    open: &Replanning,
    plan: &Plan,
    tasks: &[Task],
    standing: &BTreeMap<String, &Task>,
) -> Result<ReplanFacts, Fault> {
    let store = &runtime.parts().store;
    let persona: Arc<Persona> = store
        .persona(campaign.tenant, campaign.persona_version)
        .await
        .map_err(PortError::into_fault)?
        .persona;
    let connected = runtime
        .connected(campaign.tenant, &campaign.platforms)
        .await
        .map_err(|error| Fault::of("MCP_SERVER_DOWN", error.message))?;
    let mut steps: Vec<StandingStep> = plan
        .steps
        .iter()
        .filter_map(|step| Some(standing_step(step, standing.get(&step.key)?)))
        .collect();
    steps.sort_by_key(|step| !step.is_open_to_change);
    steps.truncate(MAX_STEPS_SHOWN);
    let refusal = task
        .fault
        .as_ref()
        .filter(|fault| fault.code == "MODEL_BAD_ANSWER");
    Ok(ReplanFacts {
        brief: PlanFacts {
            goal: campaign.goal.to_string(),
            persona,
            platforms: connected,
            feeds: campaign.feeds.clone(),
            skills: offered_skills(runtime),
            max_posts_per_day: campaign.max_posts_per_day,
            budget: campaign.daily_budget,
            now: runtime.now(),
            trends: standing_out::of_late(runtime, campaign.tenant).await?,
            memories: Vec::new(),
        },
        steps,
        failed: open.failed.clone(),
        earlier: earlier(tasks),
        rounds_left: MAX_REPLANS.saturating_sub(open.round),
        refused: refusal.map(|fault| fault.message.clone()),
    })
}

/// What was answered with another plan before: kept with the tasks in which it was sought.
fn earlier(tasks: &[Task]) -> Vec<FailedStep> {
    tasks
        .iter()
        .filter(|task| task.kind == TaskKind::Replan)
        .filter_map(|task| task.input.get("failed").cloned())
        .filter_map(|failed| serde_json::from_value::<Vec<FailedStep>>(failed).ok())
        .flatten()
        .collect()
}

fn standing_step(step: &PlanStep, task: &Task) -> StandingStep {
    StandingStep {
        key: step.key.clone(),
        title: step.title.clone(),
        kind: step.kind,
        platform: step.platform,
        feeds: task.feeds(),
        needs: step.needs.clone(),
        state: task.state.as_str().to_owned(),
        is_open_to_change: task.is_not_begun(),
        may_be_pruned: task.is_not_begun() && !step.edited,
    }
}

async fn tasks_of(runtime: &Runtime, campaign: &Campaign) -> Result<Vec<Task>, Fault> {
    let filter = TaskFilter {
        campaign: Some(campaign.id),
        open_only: false,
        ..TaskFilter::default()
    };
    let mut tasks = Vec::new();
    let mut page = PageRequest::first(0);
    while tasks.len() < MAX_TASKS_SEEN {
        let found = runtime
            .parts()
            .store
            .tasks(campaign.tenant, filter, page.clone())
            .await
            .map_err(PortError::into_fault)?;
        tasks.extend(found.items);
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok(tasks),
        }
    }
    Err(fault(
        FaultClass::Permanent,
        DECLINED,
        "The campaign has too many steps to be planned again.",
    ))
}

/// How each step of the plan stands: its newest task, since a rewrite takes the place of what it replaces.
fn newest_of_each_line(tasks: &[Task]) -> BTreeMap<String, &Task> {
    let mut newest: BTreeMap<String, &Task> = BTreeMap::new();
    for task in tasks.iter().filter(|task| task.kind != TaskKind::Replan) {
        // Listed oldest first; of two of the same moment the open one counts.
        let known = newest.get(task.line());
        let is_newer = known.is_none_or(|known| {
            task.created_at > known.created_at
                || (known.state.is_terminal() && known.state != TaskState::Completed)
        });
        if is_newer {
            newest.insert(task.line().to_owned(), task);
        }
    }
    newest
}

fn refused(why: &str) -> Fault {
    let message = format!("The planner's change of the plan cannot be made: {why}");
    fault(FaultClass::Transient, "MODEL_BAD_ANSWER", &message)
}

fn fault(class: FaultClass, code: &str, message: &str) -> Fault {
    Fault::new(class, code, message)
}

#[cfg(test)]
mod tests {
    use chimera_engine::plan::PlanError;

    use super::*;
    use crate::error::{ErrorKind, RuntimeError};

    #[test]
    fn only_what_the_planner_got_wrong_counts_as_a_try() {
        let attempt = AttemptId::from_uuid(uuid::Uuid::from_u128(7));
        let asked_again = |error: ActError| match not_stored(attempt, &error, 3) {
            Command::HandBack { attempt: of, rest } => {
                assert_eq!(of, Some(attempt));
                Some(rest)
            }
            Command::Fail { fault, jitter, .. } => {
                assert_eq!((fault.code.as_str(), jitter), ("MODEL_BAD_ANSWER", 3));
                None
            }
            other => panic!("{other:?}"),
        };
        let race = PortError::conflict("task", "t");
        assert_eq!(asked_again(race.into()), Some(Span::ZERO));
        assert_eq!(asked_again(Refusal::PlanOutdated.into()), Some(Span::ZERO));
        let full = PortError::Internal("the disk is full".to_owned());
        assert_eq!(asked_again(full.into()), Some(STORE_REST));
        let unread = RuntimeError::new(ErrorKind::Internal, "POLICY_UNREADABLE", "No.");
        assert_eq!(asked_again(ActError::Policy(unread)), Some(STORE_REST));
        let circle = PlanError::Cycle(vec!["a".to_owned(), "a".to_owned()]);
        assert_eq!(asked_again(Refusal::Plan(circle).into()), None);
    }
}

//! The planner: from a goal to a priced, checked plan (ORC-02). Decides nothing; a person starts it.

use std::{sync::Arc, time::Duration};

use chimera_domain::{
    campaign::Campaign,
    fault::{Fault, FaultClass},
    id::{AttemptId, PlanId, TenantId, VersionId},
    memory::Recalled,
    money::Usd,
    plan::{Plan, PlanStep},
    spend::{CallRole, Rate},
    task::{Priority, Task},
    trace::{SpanKind, SpanStatus},
};
use chimera_engine::plan::{check, divide, keeps_to, reaches};
use chimera_guard::{Nonce, labels, memories, trends};
use chimera_ports::{
    error::PortError,
    facts::{Ask, OfferedSkill, PlanAnswer, PlanFacts, PlannedStep},
    model::{ModelInfo, ModelRole},
};
use chimera_prompts::{self as prompts, PromptError};
use chimera_spending::{Account, too_slow};
use serde_json::{Map, json};
use tracing::debug;

use crate::{
    recalling,
    runtime::Runtime,
    standing_out,
    worker::{Question, ask_once},
};

/// Most tries of a plan, the first included.
const MAX_TRIES: u32 = 4;
/// Pause before the second try; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Most that making a plan may cost.
const MAX_PLANNING_COST: Usd = Usd::from_cents(50);
/// Least cap of a step that comes from an estimate, so that a misjudged one does not strand it.
const MIN_STEP_COST: Usd = Usd::from_cents(5);
/// How far a step may exceed its estimate.
const COST_MARGIN: i64 = 4;
/// Tokens that a step's model calls read, by experience: system words, sources, earlier posts, twice (work, judgement).
const STEP_INPUT_TOKENS: u64 = 6_000;
/// Tokens that a step's model calls write when the planner gives no estimate.
const STEP_OUTPUT_TOKENS: u64 = 800;

/// Asks the planner and checks its answer; what may pass is tried again, all within the bound on thinking
/// (COG-11, ERR-01): a person waits for it.
pub(crate) async fn plan(
    runtime: &Runtime,
    campaign: &Campaign,
    revision: u32,
) -> Result<Plan, Fault> {
    let bound = runtime.bounds().reasoning;
    let account = Account {
        role: CallRole::Planner,
        campaign: Some(Box::new(campaign.clone())),
        task: None,
        // All tries of one plan share what planning may cost.
        attempt: Some(AttemptId::from_uuid(runtime.parts().ids.uuid())),
        cap: Some(MAX_PLANNING_COST),
    };
    let tries = async {
        let mut pause = FIRST_PAUSE;
        for _ in 1..MAX_TRIES {
            match plan_once(runtime, campaign, &account, revision).await {
                Err(fault) if fault.class == FaultClass::Transient => {
                    debug!(campaign = %campaign.id, code = fault.code, "planning is tried again");
                    let asked = fault.retry_after_ms.map(Duration::from_millis);
                    tokio::time::sleep(asked.map_or(pause, |asked| asked.max(pause))).await;
                    pause *= 2;
                }
                ended => return ended,
            }
        }
        plan_once(runtime, campaign, &account, revision).await
    };
    tokio::time::timeout(bound, tries)
        .await
        .unwrap_or_else(|_| Err(too_slow(bound)))
}

async fn plan_once(
    runtime: &Runtime,
    campaign: &Campaign,
    account: &Account,
    revision: u32,
) -> Result<Plan, Fault> {
    let mut span = runtime
        .tracer()
        .open(campaign.tenant, campaign.trace, SpanKind::Plan, "plan");
    let goal = campaign.goal.to_string();
    let recalled = recalling::in_mind(runtime, campaign, &goal, span.context()).await;
    let facts = match brief(runtime, campaign, &recalled).await {
        Ok(facts) => facts,
        Err(fault) => {
            span.fail(&fault.code, &fault.message);
            return Err(fault);
        }
    };
    let asked = ask(
        runtime,
        account,
        (campaign.tenant, facts, &recalled),
        span.context(),
    );
    let result = asked.await;
    let (answer, author) = match result {
        Ok(found) => found,
        Err(fault) => {
            span.fail(&fault.code, &fault.message);
            return Err(fault);
        }
    };
    let info = runtime.parts().model.info(ModelRole::Worker);
    let judge = runtime.parts().model.info(ModelRole::Judge);
    let mut steps: Vec<PlanStep> = answer
        .steps
        .into_iter()
        .map(|step| priced(step, &info, &judge))
        .collect();
    divide(steps.iter_mut(), campaign.daily_budget);
    let checked = check(&steps)
        .and_then(|_| reaches(&steps))
        .and_then(|()| keeps_to(&steps, &campaign.feeds));
    if let Err(error) = checked {
        let fault = Fault::new(
            FaultClass::Transient,
            "MODEL_BAD_ANSWER",
            format!("The planner's plan cannot run: {error}."),
        );
        span.fail(&fault.code, &fault.message);
        return Err(fault);
    }
    span.set("chimera.plan.steps", steps.len());
    span.end(SpanStatus::Ok);
    Ok(Plan {
        id: PlanId::from_uuid(runtime.parts().ids.uuid()),
        tenant: campaign.tenant,
        campaign: campaign.id,
        revision,
        steps,
        author,
        rationale: format!("{}{}", answer.rationale, unpriced(&[&info, &judge])),
        private: labels::in_mind(&recalled),
        version: VersionId::from_uuid(runtime.parts().ids.uuid()),
        updated_at: runtime.now(),
    })
}

/// What the planner is told.
async fn brief(
    runtime: &Runtime,
    campaign: &Campaign,
    recalled: &[Recalled],
) -> Result<PlanFacts, Fault> {
    let store = &runtime.parts().store;
    let persona = store
        .persona(campaign.tenant, campaign.persona_version)
        .await
        .map_err(PortError::into_fault)?
        .persona;
    Ok(PlanFacts {
        goal: campaign.goal.to_string(),
        persona,
        platforms: campaign.platforms.clone(),
        feeds: campaign.feeds.clone(),
        skills: offered_skills(runtime),
        max_posts_per_day: campaign.max_posts_per_day,
        budget: campaign.daily_budget,
        now: runtime.now(),
        trends: standing_out::of_late(runtime, campaign.tenant).await?,
        memories: memories::lessons(recalled),
    })
}

/// Skills that a step may name, as the planner is told of them.
pub(crate) fn offered_skills(runtime: &Runtime) -> Vec<OfferedSkill> {
    runtime
        .plannable_skills()
        .map(|manifest| OfferedSkill {
            name: manifest.name.clone(),
            task_kind: manifest.task_kind,
            description: manifest.description.clone(),
        })
        .collect()
}

async fn ask(
    runtime: &Runtime,
    account: &Account,
    (tenant, facts, recalled): (TenantId, PlanFacts, &[Recalled]),
    trace: chimera_domain::trace::TraceContext,
) -> Result<(PlanAnswer, String), Fault> {
    let nonce = Nonce::from_bytes(*runtime.parts().ids.uuid().as_bytes());
    let shown = json!({
        "standing_out": trends::clusters(&facts.trends, &nonce),
        "remembered": recalling::shown(recalled, &nonce),
    });
    let question = Question {
        tenant,
        trace,
        role: ModelRole::Planner,
        system: prompts::system("plan", &facts.persona, "").map_err(PromptError::into_fault)?,
        user: prompts::render("plan", &facts, shown).map_err(PromptError::into_fault)?,
        ask: Arc::new(Ask::Plan(facts)),
        account: account.clone(),
    };
    let (answer, spent) = ask_once::<PlanAnswer>(runtime, question).await?;
    let author = if spent.rehearsal {
        format!("{} (rehearsal, not an AI)", spent.model)
    } else {
        spent.model
    };
    Ok((answer, author))
}

/// A planned step with its price by the price table; without a known price the estimate is zero. Its cap is a
/// multiple of the estimate. Where there is none, because a model has no price or costs nothing, there is nothing to
/// multiply: the step has no cap of its own then, and a price that is entered later ends nothing.
pub(crate) fn priced(step: PlannedStep, worker: &ModelInfo, judge: &ModelInfo) -> PlanStep {
    let asks_model = !step.kind.is_outward();
    let written = step
        .estimated_output_tokens
        .map_or(STEP_OUTPUT_TOKENS, u64::from);
    let judged = price(judge.rate, STEP_OUTPUT_TOKENS);
    // A post keeps its draft's verdict and likely costs nothing; under another persona or policy it is judged anew.
    let worked = if asks_model {
        price(worker.rate, written)
    } else {
        Some(Usd::ZERO)
    };
    let dearest = worked
        .zip(judged)
        .map(|(worked, judged)| worked.saturating_add(judged));
    let estimated_cost = if asks_model {
        worked
            .unwrap_or_default()
            .saturating_add(judged.unwrap_or_default())
    } else {
        Usd::ZERO
    };
    let generous = |dearest: Usd| Usd::from_nanos(dearest.nanos().saturating_mul(COST_MARGIN));
    let mut input = Map::new();
    if let Some(feeds) = step.feeds.filter(|feeds| !feeds.is_empty()) {
        input.insert(Task::FEEDS.to_owned(), json!(feeds));
    }
    PlanStep {
        key: step.key,
        title: step.title,
        kind: step.kind,
        skill: step.skill,
        instructions: step.instructions,
        input,
        platform: step.platform,
        priority: step
            .priority
            .map_or(Priority::NORMAL, |urgency| Priority::new(urgency.get())),
        max_cost: dearest
            .filter(|dearest| *dearest > Usd::ZERO)
            .map(|dearest| generous(dearest).max(MIN_STEP_COST)),
        estimated_cost,
        deadline: None,
        publish_at: None,
        needs: step.needs,
        edited: false,
    }
}

/// What a plan says when nobody can say what it costs: its estimates are zero then, and mean nothing.
fn unpriced(models: &[&ModelInfo]) -> String {
    let mut names: Vec<&str> = models
        .iter()
        .filter(|info| info.rate.is_none())
        .map(|info| info.model.as_str())
        .collect();
    names.dedup();
    if names.is_empty() {
        return String::new();
    }
    format!(
        " What this costs is not known: there is no price for {}.",
        names.join(" and ")
    )
}

/// What half of a step's calls cost: those of the worker, or those of the judge; unknown without a price.
fn price(rate: Option<Rate>, written: u64) -> Option<Usd> {
    rate.map(|rate| rate.cost(STEP_INPUT_TOKENS / 2, 0, written))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(name: &str, rate: Option<Rate>) -> ModelInfo {
        ModelInfo {
            provider: "test".to_owned(),
            model: name.to_owned(),
            rehearsal: false,
            rate,
        }
    }

    #[test]
    fn a_step_carries_the_urgency_and_the_feeds_that_the_planner_gave_it() {
        let planned = |priority: serde_json::Value, feeds: serde_json::Value| -> PlannedStep {
            serde_json::from_value(json!({
                "key": "r", "title": "Read", "kind": "analyze_trends", "skill": "fetch_trends", "instructions": "Read.",
                "needs": [], "priority": priority, "feeds": feeds,
            }))
            .unwrap()
        };
        let info = model("free", Some(Rate::FREE));
        for (priority, feeds, urgency, input) in [
            (
                json!(90),
                json!(["a.xml"]),
                90,
                json!({ "feeds": ["a.xml"] }),
            ),
            (json!(null), json!(null), 50, json!({})),
            (json!(250), json!([]), 100, json!({})),
        ] {
            let step = priced(planned(priority, feeds), &info, &info);
            assert_eq!((step.priority.get(), json!(step.input)), (urgency, input));
        }
    }

    #[test]
    fn a_cap_is_a_multiple_of_what_is_known_and_there_is_none_of_what_is_not() {
        let step = |kind: &str| -> PlannedStep {
            serde_json::from_value(json!({
                "key": "s", "title": "S", "kind": kind, "skill": "x", "instructions": "Do.", "needs": [],
                "estimated_output_tokens": 1_000,
            }))
            .unwrap()
        };
        let dear = Some(Rate {
            input_per_million: Usd::from_cents(1_000),
            output_per_million: Usd::from_cents(2_000),
            cached_input_per_million: None,
        });
        let cheap = Some(Rate {
            output_per_million: Usd::from_cents(1),
            ..Rate::FREE
        });
        let usd = |text: &str| Some(text.parse::<Usd>().unwrap());
        for (kind, worker, judge, cap) in [
            // 3,000 tokens read by each; 1,000 written by the worker, 800 by the judge.
            ("generate_caption", dear, dear, usd("0.384")),
            ("publish_post", None, dear, usd("0.184")),
            ("generate_caption", cheap, cheap, Some(MIN_STEP_COST)),
            ("generate_caption", None, dear, None),
            ("generate_caption", dear, None, None),
            ("publish_post", dear, None, None),
            ("generate_caption", Some(Rate::FREE), Some(Rate::FREE), None),
        ] {
            let step = priced(step(kind), &model("worker", worker), &model("judge", judge));
            assert_eq!(step.max_cost, cap, "{kind} {worker:?} {judge:?}");
        }
    }

    #[test]
    fn a_plan_says_which_models_have_no_price() {
        let (free, unknown) = (model("free", Some(Rate::FREE)), model("unknown", None));
        assert_eq!(unpriced(&[&free, &free]), "");
        assert_eq!(
            unpriced(&[&unknown, &unknown]),
            " What this costs is not known: there is no price for unknown."
        );
        assert_eq!(
            unpriced(&[&free, &unknown]),
            " What this costs is not known: there is no price for unknown."
        );
    }
}

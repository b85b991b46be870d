//! The planner: from a goal to a priced, checked plan (ORC-02). Decides nothing; a person starts it.

use std::{sync::Arc, time::Duration};

use chimera_domain::{
    campaign::Campaign,
    fault::{Fault, FaultClass},
    id::{AttemptId, PlanId, TenantId, VersionId},
    memory::Recalled,
    money::Usd,
    plan::{Plan, PlanStep},
    spend::CallRole,
    trace::{SpanKind, SpanStatus},
};
use chimera_engine::plan::{check, divide, keeps_to, reaches};
use chimera_guard::{Nonce, labels, memories, trends};
use chimera_ports::{
    error::PortError,
    facts::{Ask, OfferedSkill, PlanAnswer, PlanFacts},
    model::ModelRole,
};
use chimera_prompts::{self as prompts, PromptError};
use chimera_spending::{Account, priced, too_slow, unpriced};
use serde_json::json;
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
        token_cap: Some(runtime.token_cap(campaign).await?),
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

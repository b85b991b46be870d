//! What a planned step likely costs, and what it may cost at most, by the price table.
//!
//! Never here: a call, or what it really cost (the ledger).

use chimera_domain::{
    money::Usd,
    plan::PlanStep,
    spend::Rate,
    task::{Priority, Task},
};
use chimera_ports::{facts::PlannedStep, model::ModelInfo};
use serde_json::{Map, json};

/// Least cap of a step that comes from an estimate, so that a misjudged one does not strand it.
const MIN_STEP_COST: Usd = Usd::from_cents(5);
/// How far a step may exceed its estimate.
const COST_MARGIN: i64 = 4;
/// Tokens that a step's model calls read, by experience: system words, sources, earlier posts, twice (work, judgement).
const STEP_INPUT_TOKENS: u64 = 6_000;
/// Tokens that a step's model calls write when the planner gives no estimate.
const STEP_OUTPUT_TOKENS: u64 = 800;

/// A planned step with its price by the price table; without a known price the estimate is zero. Its cap is a
/// multiple of the estimate. Where there is none, because a model has no price or costs nothing, there is nothing to
/// multiply: the step has no cap of its own then, and a price that is entered later ends nothing.
#[must_use]
pub fn priced(step: PlannedStep, worker: &ModelInfo, judge: &ModelInfo) -> PlanStep {
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
#[must_use]
pub fn unpriced(models: &[&ModelInfo]) -> String {
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

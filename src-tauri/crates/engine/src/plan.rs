//! Checking a plan: known keys, no circles, bounds (ORC-02). The only user of petgraph.
//!
//! Never here: making a plan, or running it.

use std::collections::{BTreeSet, HashMap, HashSet};

use chimera_domain::{
    money::Usd,
    plan::{MAX_PLAN_STEPS, PlanStep},
    replan::MAX_NEW_STEPS,
    task::TaskKind,
};
use petgraph::{
    algo::{tarjan_scc, toposort},
    graph::{DiGraph, NodeIndex},
};

/// What a share of a budget is a multiple of, in nano-dollars: a hundredth of a cent, so that it can be read.
const SMALLEST_SHARE: i128 = 100_000;

/// Why a plan cannot start. Nothing was queued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// No steps.
    #[error("the plan has no steps; nothing was queued")]
    Empty,
    /// Too many steps.
    #[error("the plan has {found} steps; {MAX_PLAN_STEPS} is the most. Nothing was queued")]
    TooLarge {
        /// How many.
        found: usize,
    },
    /// Too many new steps at once.
    #[error(
        "{found} steps are new; {MAX_NEW_STEPS} is the most that one change may add. Nothing was queued"
    )]
    TooManyNew {
        /// How many.
        found: usize,
    },
    /// A step that no plan may have.
    #[error("step '{0}' is a change of the plan itself, which no plan holds. Nothing was queued")]
    NotAStep(String),
    /// A key that is used twice.
    #[error("two steps are called '{0}'; give each its own key. Nothing was queued")]
    DuplicateKey(String),
    /// A key that is not made of a–z, 0–9 and hyphens.
    #[error("'{0}' is not a step key; use 1 to 64 of a–z, 0–9 and '-'. Nothing was queued")]
    InvalidKey(String),
    /// A step that needs one that is not there.
    #[error("step '{step}' needs '{needs}', which is not in the plan. Nothing was queued")]
    UnknownStep {
        /// The step.
        step: String,
        /// What it needs.
        needs: String,
    },
    /// Steps that wait for each other.
    #[error("these steps wait for each other in a circle: {}. Take one connection away. Nothing was queued", .0.join(" → "))]
    Cycle(Vec<String>),
    /// A publishing step without a draft to publish.
    #[error(
        "step '{0}' acts on the outside but needs no other step: there is nothing for it to send. Nothing was queued"
    )]
    NothingToSend(String),
    /// A step whose result nobody uses, in a plan that acts on the outside.
    #[error(
        "step '{0}' leads nowhere: no other step takes its result, and nobody would see it. Connect it or take it away. Nothing was queued"
    )]
    LeadsNowhere(String),
    /// A step confined to a feed that its campaign does not read.
    #[error(
        "step '{step}' reads {feed}, which is not among the campaign's feeds. Take the feed out of the step, or begin a campaign that reads it. Nothing was queued"
    )]
    ForeignFeed {
        /// The step.
        step: String,
        /// The feed.
        feed: String,
    },
    /// Caps of steps that together are more than their campaign has for a day.
    #[error(
        "the steps may cost {caps} USD together, and the campaign's day has {budget}: a budget divides among its steps. Lower the caps of steps, or raise the daily budget. Nothing was queued"
    )]
    BeyondBudget {
        /// The sum of the caps.
        caps: Usd,
        /// What the day has.
        budget: Usd,
    },
}

/// Checks a plan's steps and returns their keys in an order in which each follows what it needs.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(steps: &[PlanStep]) -> Result<Vec<String>, PlanError> {
    if steps.is_empty() {
        return Err(PlanError::Empty);
    }
    if steps.len() > MAX_PLAN_STEPS {
        return Err(PlanError::TooLarge { found: steps.len() });
    }
    let mut graph: DiGraph<&str, ()> = DiGraph::with_capacity(steps.len(), steps.len());
    let mut nodes: HashMap<&str, NodeIndex> = HashMap::with_capacity(steps.len());
    for step in steps {
        if !is_key(&step.key) {
            return Err(PlanError::InvalidKey(step.key.chars().take(64).collect()));
        }
        if step.kind == TaskKind::Replan {
            return Err(PlanError::NotAStep(step.key.clone()));
        }
        if nodes.insert(&step.key, graph.add_node(&step.key)).is_some() {
            return Err(PlanError::DuplicateKey(step.key.clone()));
        }
    }
    for step in steps {
        let mut seen = HashSet::new();
        for needs in &step.needs {
            let (Some(from), Some(to)) = (nodes.get(needs.as_str()), nodes.get(step.key.as_str()))
            else {
                return Err(PlanError::UnknownStep {
                    step: step.key.clone(),
                    needs: needs.clone(),
                });
            };
            if seen.insert(needs) {
                graph.add_edge(*from, *to, ());
            }
        }
        if step.kind.is_outward() && step.needs.is_empty() {
            return Err(PlanError::NothingToSend(step.key.clone()));
        }
    }
    match toposort(&graph, None) {
        Ok(order) => Ok(order
            .into_iter()
            .map(|node| graph[node].to_owned())
            .collect()),
        Err(at) => Err(PlanError::Cycle(circle(&graph, at.node_id()))),
    }
}

/// Refuses a step whose result nobody takes. A plan without any act on the outside is research for its own sake, and
/// may end where it likes.
///
/// # Errors
/// Names the first step that leads nowhere.
pub fn reaches(steps: &[PlanStep]) -> Result<(), PlanError> {
    if !steps.iter().any(|step| step.kind.is_outward()) {
        return Ok(());
    }
    lost(steps).next().map_or(Ok(()), |step| {
        Err(PlanError::LeadsNowhere(step.key.clone()))
    })
}

/// Steps whose result nobody takes, those that act on the outside left out.
pub fn lost(steps: &[PlanStep]) -> impl Iterator<Item = &PlanStep> {
    let taken: HashSet<&str> = steps
        .iter()
        .flat_map(|step| step.needs.iter().map(String::as_str))
        .collect();
    steps
        .iter()
        .filter(move |step| !step.kind.is_outward() && !taken.contains(step.key.as_str()))
}

/// Refuses a step that is confined to a feed which is none of its campaign's `feeds`.
///
/// # Errors
/// Names the first such step and its feed.
pub fn keeps_to(steps: &[PlanStep], feeds: &[String]) -> Result<(), PlanError> {
    for step in steps {
        if let Some(feed) = step.feeds().into_iter().find(|feed| !feeds.contains(feed)) {
            return Err(PlanError::ForeignFeed {
                step: step.key.clone(),
                feed,
            });
        }
    }
    Ok(())
}

/// Refuses steps whose caps together are more than their campaign's day has (architecture §3 rule 6). A step without
/// a cap is bound by the day itself.
///
/// # Errors
/// Names both sums.
pub fn fits(steps: &[PlanStep], budget: Usd) -> Result<(), PlanError> {
    let caps = sum(steps.iter().filter_map(|step| step.max_cost));
    if caps <= budget {
        return Ok(());
    }
    Err(PlanError::BeyondBudget { caps, budget })
}

/// Divides `room` among the caps of steps where they are too much together: each keeps what its step likely costs, and
/// the rest in proportion to what it had beyond. Where even the likely costs are too much, they stay.
pub fn divide<'s>(steps: impl Iterator<Item = &'s mut PlanStep>, room: Usd) {
    let mut capped: Vec<(&mut Usd, Usd)> = steps
        .filter_map(|step| {
            let cap = step.max_cost.as_mut()?;
            let likely = step.estimated_cost.min(*cap);
            Some((cap, likely))
        })
        .collect();
    let caps = sum(capped.iter().map(|(cap, _)| **cap));
    if caps <= room {
        return;
    }
    let likely = sum(capped.iter().map(|(_, likely)| *likely));
    let nanos = |usd: Usd| i128::from(usd.nanos());
    let spare = (nanos(room) - nanos(likely)).max(0);
    // More than nothing: the caps are more than the room, or the likely costs are the caps and there is nothing to add.
    let beyond = (nanos(caps) - nanos(likely)).max(1);
    for (cap, likely) in &mut capped {
        let more = (nanos(**cap) - nanos(*likely)) * spare / beyond;
        let more = i64::try_from(more - more % SMALLEST_SHARE).unwrap_or(i64::MAX);
        **cap = likely.saturating_add(Usd::from_nanos(more));
    }
}

/// Gives the `new` steps of a running plan what those that are still to do leave of the day.
///
/// # Errors
/// When what the new ones likely cost is more than that.
pub fn share(
    steps: &mut [PlanStep],
    new: &BTreeSet<&str>,
    is_over: impl Fn(&str) -> bool,
    budget: Usd,
) -> Result<(), PlanError> {
    let is_new = |step: &PlanStep| new.contains(step.key.as_str());
    let open = steps
        .iter()
        .filter(|step| !is_new(step) && !is_over(&step.key));
    let taken = sum(open.filter_map(|step| step.max_cost));
    let room = Usd::from_nanos(budget.nanos().saturating_sub(taken.nanos()).max(0));
    divide(steps.iter_mut().filter(|step| is_new(step)), room);
    let added: Vec<PlanStep> = steps.iter().filter(|step| is_new(step)).cloned().collect();
    fits(&added, room)
}

fn sum(amounts: impl Iterator<Item = Usd>) -> Usd {
    amounts.fold(Usd::ZERO, Usd::saturating_add)
}

fn circle(graph: &DiGraph<&str, ()>, at: NodeIndex) -> Vec<String> {
    let members: HashSet<NodeIndex> = tarjan_scc(graph)
        .into_iter()
        .find(|group| group.contains(&at))
        .map(|group| group.into_iter().collect())
        .unwrap_or_default();
    // Walk along the circle from where it was found, so that the steps are named in their order.
    let mut path = vec![graph[at].to_owned()];
    let mut seen = HashSet::from([at]);
    let mut here = at;
    while let Some(next) = graph
        .neighbors(here)
        .find(|next| members.contains(next) && !seen.contains(next))
    {
        path.push(graph[next].to_owned());
        seen.insert(next);
        here = next;
    }
    path.push(graph[at].to_owned());
    path
}

fn is_key(key: &str) -> bool {
    (1..=64).contains(&key.len())
        && key
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use chimera_domain::task::{Priority, TaskKind};
    use proptest::prelude::*;

    use super::*;

    fn step(key: &str, needs: &[&str]) -> PlanStep {
        PlanStep {
            key: key.to_owned(),
            title: key.to_owned(),
            kind: TaskKind::GenerateCaption,
            skill: "write_post".to_owned(),
            instructions: String::new(),
            input: serde_json::Map::new(),
            platform: None,
            priority: Priority::NORMAL,
            max_cost: Some(Usd::ZERO),
            estimated_cost: Usd::ZERO,
            deadline: None,
            publish_at: None,
            edited: false,
            needs: needs.iter().map(|key| (*key).to_owned()).collect(),
        }
    }

    /// Steps by cap and likely cost, in cents.
    fn priced(parts: &[(Option<i64>, i64)]) -> Vec<PlanStep> {
        let price = |(cap, likely): &(Option<i64>, i64)| PlanStep {
            max_cost: cap.map(Usd::from_cents),
            estimated_cost: Usd::from_cents(*likely),
            ..step("s", &[])
        };
        parts.iter().map(price).collect()
    }

    #[test]
    fn caps_together_are_no_more_than_the_day_has() {
        let steps = priced(&[(Some(60), 10), (None, 500), (Some(40), 0)]);
        assert_eq!(fits(&steps, Usd::from_cents(100)), Ok(()));
        let refused = fits(&steps, Usd::from_cents(99)).unwrap_err();
        assert!(
            refused.to_string().contains("1.00 USD together")
                && refused.to_string().contains("day has 0.99"),
            "{refused}"
        );
    }

    #[test]
    fn a_budget_divides_among_caps_and_leaves_each_its_likely_cost() {
        for (parts, room, caps) in [
            // Enough for all: nothing changes.
            (
                vec![(Some(60), 10), (Some(40), 0)],
                100,
                vec![Some(60), Some(40)],
            ),
            // Forty to divide beyond ten: five parts of nine, and four.
            (
                vec![(Some(60), 10), (Some(40), 0)],
                100 - 46,
                vec![Some(10 + 50 * 44 / 90), Some(40 * 44 / 90)],
            ),
            (
                vec![(Some(60), 20), (None, 9), (Some(40), 20)],
                70,
                vec![Some(40), None, Some(30)],
            ),
            // Not even the likely costs: they stay, and the plan does not fit.
            (
                vec![(Some(60), 20), (Some(40), 20)],
                30,
                vec![Some(20), Some(20)],
            ),
        ] {
            let mut steps = priced(&parts);
            divide(steps.iter_mut(), Usd::from_cents(room));
            let found: Vec<Option<i64>> = steps
                .iter()
                .map(|step| {
                    step.max_cost
                        .map(|cap| cap.nanos() / Usd::from_cents(1).nanos())
                })
                .collect();
            assert_eq!(found, caps, "{parts:?} in {room}");
            let likely: i64 = parts.iter().map(|(_, likely)| likely).sum();
            assert_eq!(
                fits(&steps, Usd::from_cents(room)).is_ok(),
                room != 30,
                "{likely} likely"
            );
        }
    }

    #[test]
    fn a_circle_is_refused_and_named_in_its_order() {
        let steps = [
            step("a", &["c"]),
            step("b", &["a"]),
            step("c", &["b"]),
            step("d", &["a"]),
        ];
        let Err(PlanError::Cycle(circle)) = check(&steps) else {
            panic!("the circle was not seen")
        };
        assert_eq!(circle.len(), 4);
        assert_eq!(circle.first(), circle.last());
        assert!(!circle.contains(&"d".to_owned()));
        assert_eq!(
            check(&[step("a", &["a"])]),
            Err(PlanError::Cycle(vec!["a".into(), "a".into()]))
        );
    }

    #[test]
    fn a_step_whose_result_nobody_takes_is_named_where_something_goes_out() {
        let publish = |needs: &[&str]| PlanStep {
            kind: TaskKind::PublishPost,
            ..step("out", needs)
        };
        let lost = [
            step("read", &[]),
            step("draft", &["read"]),
            publish(&["draft"]),
        ];
        assert_eq!(reaches(&lost), Ok(()));
        let lost = [step("read", &[]), step("draft", &[]), publish(&["draft"])];
        assert_eq!(reaches(&lost), Err(PlanError::LeadsNowhere("read".into())));
        assert_eq!(
            reaches(&[step("read", &[])]),
            Ok(()),
            "research for its own sake"
        );
    }

    #[test]
    fn a_step_may_be_confined_to_feeds_of_its_campaign_only() {
        let confined = |feeds: serde_json::Value| {
            let mut step = step("read", &[]);
            step.input.insert("feeds".to_owned(), feeds);
            [step]
        };
        let own = ["a.xml".to_owned(), "b.xml".to_owned()];
        assert_eq!(keeps_to(&[step("read", &[])], &own), Ok(()));
        assert_eq!(
            keeps_to(&confined(serde_json::json!(["b.xml"])), &own),
            Ok(())
        );
        assert_eq!(
            keeps_to(&confined(serde_json::json!(["b.xml", "c.xml"])), &own),
            Err(PlanError::ForeignFeed {
                step: "read".into(),
                feed: "c.xml".into()
            })
        );
    }

    #[test]
    fn other_mistakes_are_named() {
        assert_eq!(check(&[]), Err(PlanError::Empty));
        assert_eq!(
            check(&[step("a", &[]), step("a", &[])]),
            Err(PlanError::DuplicateKey("a".into()))
        );
        assert_eq!(
            check(&[step("A b", &[])]),
            Err(PlanError::InvalidKey("A b".into()))
        );
        let unknown = PlanError::UnknownStep {
            step: "a".into(),
            needs: "z".into(),
        };
        assert_eq!(check(&[step("a", &["z"])]), Err(unknown));
        let mut publish = step("p", &[]);
        publish.kind = TaskKind::PublishPost;
        assert_eq!(check(&[publish]), Err(PlanError::NothingToSend("p".into())));
    }

    proptest! {
        /// Steps that only need earlier ones are always accepted, and each comes after what it needs.
        #[test]
        fn an_acyclic_plan_gets_an_order(edges in proptest::collection::vec((0usize..30, 0usize..30), 0..80)) {
            let mut steps: Vec<PlanStep> = (0..30).map(|index| step(&format!("s{index}"), &[])).collect();
            for (a, b) in edges {
                if a < b {
                    steps[b].needs.push(format!("s{a}"));
                }
            }
            let order = check(&steps).unwrap();
            let place = |key: &str| order.iter().position(|found| found == key).unwrap();
            for step in &steps {
                for needs in &step.needs {
                    prop_assert!(place(needs) < place(&step.key));
                }
            }
        }
    }
}

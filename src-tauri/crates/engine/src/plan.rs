//! Checking a plan: known keys, no circles, bounds (ORC-02). The only user of petgraph.
//!
//! Never here: making a plan, or running it.

use std::collections::{HashMap, HashSet};

use chimera_domain::plan::{MAX_PLAN_STEPS, PlanStep};
use petgraph::{
    algo::{tarjan_scc, toposort},
    graph::{DiGraph, NodeIndex},
};

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

//! What the rehearsal planner does about failures follows from the facts, and from nothing else.

use chimera_domain::{fault::Fault, money::Usd, time::Timestamp};
use chimera_ports::facts::PlanFacts;

use super::{super::testdata::personas, *};

fn step(key: &str, kind: TaskKind, needs: &[&str], state: &str) -> StandingStep {
    StandingStep {
        key: key.to_owned(),
        title: format!("Step {key}"),
        kind,
        platform: kind.is_outward().then_some(Platform::Sandbox),
        feeds: Vec::new(),
        needs: needs.iter().map(|key| (*key).to_owned()).collect(),
        state: state.to_owned(),
        is_open_to_change: matches!(state, "blocked" | "ready"),
        may_be_pruned: matches!(state, "blocked" | "ready"),
    }
}

fn failed(step: &StandingStep, code: &str) -> FailedStep {
    FailedStep {
        task: "00000000-0000-4000-8000-000000000001".parse().unwrap(),
        step: step.key.clone(),
        title: step.title.clone(),
        kind: step.kind,
        platform: step.platform,
        feeds: step.feeds.clone(),
        fault: Fault::of(code, "It was so."),
        is_told: false,
    }
}

fn facts(steps: Vec<StandingStep>, code: &str) -> ReplanFacts {
    let now = steps.iter().filter(|step| step.state == "failed");
    let failed = now.map(|step| failed(step, code)).collect();
    ReplanFacts {
        brief: PlanFacts {
            goal: "Two posts about coffee".to_owned(),
            persona: personas().remove(0).into(),
            platforms: vec![Platform::Sandbox],
            feeds: vec!["a.xml".to_owned(), "b.xml".to_owned()],
            skills: Vec::new(),
            max_posts_per_day: 3,
            budget: Usd::from_cents(500),
            now: Timestamp::from_seconds(1_790_000_000),
            trends: Vec::new(),
            memories: Vec::new(),
        },
        steps,
        failed,
        earlier: Vec::new(),
        rounds_left: 2,
        refused: None,
    }
}

/// Research, a draft of it and its publication, with another draft and publication beside them.
fn usual(research: &str, draft: &str, publish: &str) -> Vec<StandingStep> {
    use TaskKind::{AnalyzeTrends, GenerateCaption, PublishPost};
    vec![
        step("research", AnalyzeTrends, &[], research),
        step("draft-1", GenerateCaption, &["research"], draft),
        step("publish-1", PublishPost, &["draft-1"], publish),
        step("draft-2", GenerateCaption, &["research"], "completed"),
        step("publish-2", PublishPost, &["draft-2"], "working"),
    ]
}

/// A step that takes from others now, and from which.
type Rewired = (String, Vec<String>);

/// New steps, rewired steps with their needs, pruned steps.
fn done(facts: &ReplanFacts) -> (Vec<String>, Vec<Rewired>, Vec<String>) {
    let answer = replan(facts);
    assert!(!answer.rationale.is_empty());
    let inserted = answer.insert.into_iter().map(|step| step.key).collect();
    let rewired = answer
        .rewire
        .into_iter()
        .map(|step| (step.step, step.needs));
    (inserted, rewired.collect(), answer.prune)
}

#[test]
fn research_goes_on_with_the_sources_that_were_not_read() {
    let mut steps = usual("failed", "blocked", "blocked");
    steps[0].feeds = vec!["a.xml".to_owned()];
    let facts = facts(steps, "SOURCES_UNREADABLE");
    let answer = replan(&facts);
    assert_eq!(answer.insert[0].key, "research-2");
    assert_eq!(answer.insert[0].feeds, Some(vec!["b.xml".to_owned()]));
    let rewired = [RewiredStep {
        step: "draft-1".to_owned(),
        needs: vec!["research-2".to_owned()],
    }];
    assert_eq!(answer.rewire, rewired, "what has begun keeps what it has");
    assert!(answer.rationale.contains("SOURCES_UNREADABLE") && answer.rationale.contains("b.xml"));
}

#[test]
fn without_another_source_other_research_is_built_on_or_nothing_is_done() {
    let mut steps = usual("failed", "blocked", "blocked");
    let nothing = facts(steps.clone(), "NOTHING_RELEVANT");
    assert!(replan(&nothing).is_empty());
    assert!(replan(&nothing).rationale.contains("No source is left"));
    steps.push(step("more", TaskKind::AnalyzeTrends, &[], "completed"));
    let (inserted, rewired, _) = done(&facts(steps, "NOTHING_RELEVANT"));
    assert!(inserted.is_empty());
    assert_eq!(rewired, [("draft-1".to_owned(), vec!["more".to_owned()])]);
}

#[test]
fn a_draft_is_written_once_more_and_left_out_when_that_fails_too() {
    let mut facts = facts(usual("completed", "failed", "blocked"), "MODEL_BAD_ANSWER");
    let (inserted, rewired, pruned) = done(&facts);
    assert_eq!(inserted, ["draft-3"]);
    assert_eq!(
        rewired,
        [("publish-1".to_owned(), vec!["draft-3".to_owned()])]
    );
    assert!(pruned.is_empty());
    let other = step("draft-9", TaskKind::GenerateCaption, &[], "failed");
    facts.earlier = vec![FailedStep {
        platform: Some(Platform::Bluesky),
        ..failed(&other, "MODEL_BAD_ANSWER")
    }];
    assert_eq!(done(&facts), (vec![], vec![], vec!["publish-1".to_owned()]));
    facts.steps.truncate(3);
    assert!(replan(&facts).is_empty(), "it was the only post");
}

#[test]
fn a_post_that_a_network_refuses_goes_to_another_that_is_connected() {
    let mut facts = facts(usual("completed", "completed", "failed"), "TOOL_REFUSED");
    assert!(replan(&facts).is_empty(), "there is no other network");
    facts.brief.platforms.push(Platform::Mastodon);
    let answer = replan(&facts);
    let made: Vec<_> = answer
        .insert
        .iter()
        .map(|step| (step.key.as_str(), step.platform, step.needs.clone()))
        .collect();
    let there = Some(Platform::Mastodon);
    let expected = [
        ("draft-3", there, vec!["research".to_owned()]),
        ("publish-3", there, vec!["draft-3".to_owned()]),
    ];
    assert_eq!(made, expected);
}

#[test]
fn what_failed_in_the_same_way_before_is_not_tried_again() {
    let mut steps = usual("failed", "blocked", "blocked");
    steps[0].feeds = vec!["a.xml".to_owned()];
    let mut facts = facts(steps, "SOURCES_UNREADABLE");
    facts.earlier = facts.failed.clone();
    let answer = replan(&facts);
    assert!(answer.is_empty());
    assert!(
        answer.rationale.contains("in the same way before"),
        "{}",
        answer.rationale
    );
}

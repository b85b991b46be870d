//! Every limit has a place that enforces it and a test that drives it there (architecture §3 rule 6). A field that is
//! added to one of the types without a row here does not compile; a row whose place or test is gone fails.
//!
//! Never here: the limits' effects (each row names the test that has them), or constants, which live where they bind.

use std::path::{Path, PathBuf};

use chimera_domain::campaign::Amendment;
use chimera_policy::{Bands, Policy};
use chimera_runtime::Bounds;
use serde_json::{Value, json};

use crate::support::{Item, SOON, World, until};

/// One limit: where it is enforced, by which words of the code, and the test that fails without them.
#[derive(Clone)]
struct Row {
    limit: &'static str,
    file: &'static str,
    words: &'static str,
    test: (&'static str, &'static str),
}

/// Rows of a type; every field of it is named, or nothing compiles.
macro_rules! limits {
    ($type:ident, $value:expr; $($field:ident: $file:literal has $words:literal, $in:literal tests $test:ident;)* ;; $($other:ident is $why:literal;)*) => {{
        let $type { $($field: _,)* $($other: _,)* } = $value;
        let not_limits: &[(&str, &str)] = &[$((stringify!($other), $why)),*];
        assert!(not_limits.iter().all(|(_, why)| !why.is_empty()));
        vec![$(Row {
            limit: concat!(stringify!($type), ".", stringify!($field)),
            file: $file,
            words: $words,
            test: ($in, stringify!($test)),
        }),*]
    }};
}

fn of_the_runtime() -> Vec<Row> {
    limits! { Bounds, Bounds::default();
        workers: "runtime/src/services/pools.rs" has "let slots = runtime.bounds().workers",
            "crates/runtime/src/services/limit_tests.rs" tests no_more_workers_than_may_work_at_once;
        judges: "runtime/src/services/pools.rs" has "let slots = runtime.bounds().judges",
            "crates/runtime/src/services/limit_tests.rs" tests no_more_judges_than_may_judge_at_once_and_none_holds_a_shutdown_up;
        senders: "runtime/src/services/outbox.rs" has "Crew::of(runtime.bounds().senders)",
            "crates/crew/src/crew.rs" tests a_crew_has_so_many_places_and_no_more;
        lease: "runtime/src/worker/mod.rs" has "lease: runtime.bounds().lease",
            "crates/engine/src/transitions/tests/failing.rs" tests a_worker_that_is_lost_for_the_last_time_fails_its_step;
        reasoning: "runtime/src/worker/mod.rs" has "let bound = runtime.bounds().reasoning",
            "crates/runtime/src/services/limit_tests.rs" tests thinking_that_never_ends_is_stopped_and_a_try_is_counted;
        max_turns: "runtime/src/worker/reason.rs" has "for _ in 0..bounds.max_turns",
            "it/bad_answers.rs" tests a_researcher_that_never_makes_sense_ends_the_campaign;
        max_tool_calls: "runtime/src/worker/reason.rs" has "if calls > bounds.max_tool_calls",
            "it/bounds.rs" tests a_model_that_never_stops_calling_tools_ends_its_step;
        max_input_tokens: "runtime/src/worker/reason.rs" has "fits_turn(talk.read, most)?",
            "it/bounds.rs" tests what_no_turn_holds_is_refused_before_anything_is_asked;
        max_output_tokens: "runtime/src/worker/reason.rs" has "hands.offered(), bounds.max_output_tokens",
            "it/bounds.rs" tests a_long_feed_in_japanese_is_shown_as_far_as_a_turn_holds_and_becomes_a_post;
        recorded_chars: "runtime/src/runtime.rs" has "Recorded::of(bounds.recorded_chars)",
            "crates/tracer/src/recorded.rs" tests a_text_is_redacted_before_it_is_cut;
        tool_call: "runtime/src/services/outbox.rs" has "timeout: runtime.bounds().tool_call",
            "crates/mcp/src/tests/reading.rs" tests no_answer_in_time_is_transient_and_the_server_is_told;
        idle: "runtime/src/runtime.rs" has "let idle = self.0.bounds.idle",
            "it/decisions.rs" tests what_nobody_decides_is_denied;
        conflict_tries: "runtime/src/act.rs" has "for _ in 0..self.bounds().conflict_tries",
            "crates/runtime/src/services/limit_tests.rs" tests a_command_is_tried_as_often_as_it_may_and_then_refused;
        drain: "runtime/src/runtime.rs" has "timeout(self.0.bounds.drain",
            "crates/runtime/src/services/limit_tests.rs" tests no_more_judges_than_may_judge_at_once_and_none_holds_a_shutdown_up;
        ;;
        sole_process is "says who else works on the store, and bounds nothing";
    }
}

fn of_the_policy() -> Vec<Row> {
    let policy = Policy::default();
    let mut rows = limits! { Bands, policy.bands;
        auto_above: "policy/src/route.rs" has "confidence <= bands.auto_above",
            "crates/policy/src/route.rs" tests the_edges_of_the_bands_are_exact;
        review_from: "policy/src/route.rs" has "confidence < bands.review_from",
            "crates/policy/src/route.rs" tests the_edges_of_the_bands_are_exact;
        must_approve_from: "policy/src/route.rs" has "confidence < bands.must_approve_from",
            "crates/policy/src/route.rs" tests the_edges_of_the_bands_are_exact;
        ;;
    };
    rows.extend(limits! { Policy, policy;
        low_band_action: "policy/src/route.rs" has "match policy.low_band_action",
            "crates/policy/src/route.rs" tests the_edges_of_the_bands_are_exact;
        sensitive: "policy/src/topics.rs" has "detect(text, &policy.sensitive)",
            "it/nothing_early.rs" tests a_sensitive_topic_waits_however_sure_the_judge_is;
        hold_seconds: "engine/src/transitions/release.rs" has "given.policy.hold()",
            "crates/engine/src/transitions/tests/flow.rs" tests undo_puts_the_action_before_a_person_again_until_somebody_begins_it;
        review_ttl_seconds: "engine/src/review_item.rs" has "given.policy.review_ttl()",
            "it/decisions.rs" tests what_nobody_decides_is_denied;
        approval_ttl_seconds: "engine/src/transitions/dispatch.rs" has "if held.approval.expires_at <= given.now",
            "crates/engine/src/transitions/tests/flow.rs" tests an_approval_is_void_when_persona_policy_or_arguments_change;
        claim_seconds: "runtime/src/desk/reviews.rs" has "claim_seconds",
            "it/people.rs" tests a_lapsed_claim_holds_nobody_up;
        max_rejections: "engine/src/transitions/judge.rs" has "step.task.rejections >= given.policy.max_rejections",
            "crates/engine/src/transitions/tests/flow.rs" tests the_third_rejection_by_a_judge_asks_a_person;
        max_retries: "engine/src/transitions/fail.rs" has "board.task.attempts < given.policy.max_retries",
            "crates/engine/src/transitions/tests/flow.rs" tests transient_failures_are_tried_three_times_and_others_not_at_all;
        max_step_tokens: "runtime/src/worker/observe.rs" has "token_cap: Some(self.token_cap)",
            "it/caps.rs" tests a_step_ends_before_the_call_that_its_tokens_do_not_hold;
        ;;
        bands is "is three limits, and has its own rows";
    });
    rows
}

/// What a person may set for one campaign, with what its plan divides.
fn of_a_campaign() -> Vec<Row> {
    let mut rows = limits! { Amendment, Amendment::default();
        daily_budget: "domain/src/spend.rs" has "DaySpent",
            "it/spending.rs" tests a_used_up_day_holds_the_campaign_until_its_budget_is_raised;
        max_posts_per_day: "runtime/src/services/outbox.rs" has "sent >= campaign.max_posts_per_day",
            "it/limits.rs" tests the_days_last_post_is_followed_by_the_next_days_first;
        relevance_threshold_percent: "runtime/src/worker/research.rs" has "pick.relevance >= threshold",
            "crates/runtime/src/worker/research.rs" tests what_a_model_calls_relevant_must_reach_the_threshold_and_must_have_been_read;
        ;;
        name is "words for people";
        goal is "words for the planner, of a bounded length by their type";
    };
    // No field of its own type, and limits all the same: those of a plan's steps.
    rows.push(Row {
        limit: "PlanStep.max_cost, over all tries",
        file: "domain/src/spend.rs",
        words: "StepSpent",
        test: ("it/spending.rs", "a_steps_cap_counts_all_its_tries"),
    });
    rows.push(Row {
        limit: "PlanStep.max_cost, all together",
        file: "engine/src/campaign/start.rs",
        words: "fits(&plan.steps, campaign.daily_budget)?",
        test: (
            "it/caps.rs",
            "caps_divide_the_day_when_a_plan_is_made_changed_and_started",
        ),
    });
    rows
}

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/crates")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The code of a file, without its tests and without what its comments say.
fn code(text: &str) -> String {
    let own = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let lines = own
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_limit_is_enforced_somewhere_and_driven_by_a_test() {
    let rows = [of_the_runtime(), of_the_policy(), of_a_campaign()].concat();
    for Row {
        limit,
        file,
        words,
        test: (tests, name),
    } in rows
    {
        let enforced = code(&read(&crates().join(file)));
        assert!(
            enforced.contains(words),
            "{limit}: {file} has no '{words}' any more"
        );
        let tests = match tests.strip_prefix("crates/") {
            Some(own) => crates().join(own),
            None => Path::new(env!("CARGO_MANIFEST_DIR")).join(tests),
        };
        let text = read(&tests);
        let (before, _) = text
            .split_once(&format!("fn {name}()"))
            .unwrap_or_else(|| panic!("{limit}: {} has no test {name}", tests.display()));
        let above = before.lines().rev().take(3).collect::<String>();
        assert!(above.contains("test"), "{limit}: {name} is no test");
        assert!(!above.contains("ignore"), "{limit}: {name} is left out");
    }
}

#[tokio::test]
async fn the_days_last_post_is_followed_by_the_next_days_first() {
    let world = World::careful().await;
    let news = |key: &str, title: &str, text: &str| Item::new(key, title, text, 2);
    let feed = world.feed_file(&[
        news(
            "tap",
            "Cafes turn to cold brew on tap as summer queues grow",
            "Three chains report that tap systems cut serving time from 90 to 20 seconds.",
        ),
        news(
            "jars",
            "Cold brew in returnable jars",
            "A cafe chain took back 8,000 jars of cold brew in May, nine of ten that it sold.",
        ),
    ]);
    let new = json!({
        "agent": world.agent(), "goal": "Two posts about cold brew", "feeds": [feed], "platforms": ["sandbox"],
        "daily_budget": "5.00", "max_posts_per_day": 1,
    });
    let made = world.api().post("/api/v1/campaigns", new).await.ok();
    let campaign = made["id"].as_str().unwrap().to_owned();
    for verb in ["plan", "start"] {
        let path = format!("/api/v1/campaigns/{campaign}/{verb}");
        world.api().post(&path, json!({})).await.ok();
    }
    let path = format!("/api/v1/effects?campaign={campaign}");
    let effects = until("one post is out and one waits", SOON, || async {
        for review in world.open_reviews(&campaign).await {
            let task = review["task"].as_str().unwrap();
            // Another look may have decided it already.
            let path = format!("/api/approve/{task}");
            drop(world.api().post(&path, json!({})).await);
        }
        let effects = world.api().all(&path).await;
        let sent = effects.iter().any(|effect| effect["state"] == "sent");
        let waits = effects
            .iter()
            .any(|effect| effect["state"] == "held" && tomorrow(effect));
        (sent && waits).then_some(effects)
    })
    .await;
    assert_eq!(effects.len(), 2, "{effects:#?}");
    assert_eq!(world.home().posts().len(), 1);
}

/// It leaves when the next day (UTC) begins, which no cooldown does.
fn tomorrow(effect: &Value) -> bool {
    let at = effect["not_before"].as_str().unwrap();
    at.contains("T00:00:00")
}

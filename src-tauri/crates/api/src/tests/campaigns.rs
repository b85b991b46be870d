//! Campaigns and tasks: what is stored is what is shown, also in the seeds' forms.

use axum::http::StatusCode;
use chimera_domain::{
    campaign::CampaignStatus,
    change::Change,
    fault::{Fault, FaultClass},
    task::Task,
};
use chimera_ports::store::Boards;
use chimera_testkit::store_contract::Bed;
use serde_json::{Value, json};

use super::bench::{ALL_ROLES, Bench, Call};

/// A campaign with a task at work and one that waits for it, and an owner's token.
async fn two_tasks(bench: &Bench) -> (Bed, Task, Task, String) {
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let store = bench.store.as_ref();
    let one = bed.world.task(&bed.campaign);
    let two = bed.world.blocked_task(&bed.campaign, 1);
    bed.add(store, &[(&one, &[]), (&two, &[&one])]).await;
    let (state, attempt) = bed.world.working(&bed.campaign, &one);
    bed.go(store, &one, state, vec![Change::Attempt(attempt)])
        .await;
    (bed, one, two, token)
}

#[tokio::test]
async fn a_campaign_shows_its_graph_and_its_progress() {
    let bench = Bench::new().await;
    let (bed, one, two, token) = two_tasks(&bench).await;
    let path = |rest: &str| format!("/api/v1/campaigns/{}/{rest}", bed.campaign.id);
    let none_done =
        json!({ "open": 2, "completed": 0, "failed": 0, "rejected": 0, "cancelled": 0 });
    assert_eq!(bench.get(&token, path("progress")).await, none_done);
    let graph = bench.get(&token, path("graph")).await;
    assert_eq!(graph["edges"], json!([{ "task": two.id, "needs": one.id }]));
    assert_eq!(
        (&graph["nodes"][0]["state"], &graph["nodes"][1]["state"]),
        (&json!("working"), &json!("blocked"))
    );
    assert_eq!(
        (&graph["nodes"][0]["worker"], &graph["complete"]),
        (&json!("worker-1"), &json!(true))
    );
    let cancel = Call::post(format!("/api/v1/tasks/{}/cancel", one.id)).token(&token);
    let called_off = bench
        .call(cancel.json(&json!({ "note": "No more." })))
        .await
        .ok();
    assert_eq!(called_off.body["state"], "cancelled");
    let progress = bench.get(&token, path("progress")).await;
    assert_eq!(progress["cancelled"], 2, "what depended on it went with it");
}

#[tokio::test]
async fn tasks_are_listed_by_status_and_type_in_the_words_of_every_source() {
    let bench = Bench::new().await;
    let (bed, one, two, token) = two_tasks(&bench).await;
    for (asked, found) in [
        ("status=IN_PROGRESS", vec![&one]),
        ("status=running", vec![&one]),
        ("status=queued", vec![&two]),
        ("status=needs_review", vec![]),
        ("type=CONTENT", vec![&one, &two]),
        ("type=generate_content&status=running", vec![&one]),
        ("type=FINANCE", vec![]),
    ] {
        let path = format!("/api/v1/campaigns/{}/tasks?{asked}", bed.campaign.id);
        let tasks = bench.get(&token, path).await["items"].clone();
        let ids: Vec<Value> = found.iter().map(|task| json!(task.id)).collect();
        let listed: Vec<&Value> = tasks.as_array().unwrap().iter().collect();
        let listed: Vec<Value> = listed.iter().map(|task| task["id"].clone()).collect();
        assert_eq!(listed, ids, "{asked}");
    }
    let wrong = format!(
        "/api/v1/campaigns/{}/tasks?status=approved",
        bed.campaign.id
    );
    let refused = bench.call(Call::get(wrong).token(&token)).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.body);
}

#[tokio::test]
async fn a_task_shows_what_it_hangs_on_and_its_agent_is_at_work() {
    let bench = Bench::new().await;
    let (_, one, two, token) = two_tasks(&bench).await;
    let detail = bench.get(&token, format!("/api/v1/tasks/{}", two.id)).await;
    assert_eq!(
        (&detail["needs"], &detail["task"]["type"]),
        (&json!([one.id]), &json!("CONTENT_GEN"))
    );
    let detail = bench.get(&token, format!("/api/v1/tasks/{}", one.id)).await;
    assert_eq!(
        (&detail["feeds"], &detail["attempts"][0]["outcome"]),
        (&json!([two.id]), &json!("open"))
    );
    let agents = bench.get(&token, "/api/v1/swarm/agents").await;
    let agent = &agents["items"][0];
    assert_eq!(
        (&agent["activity"], &agent["open_tasks"]),
        (&json!("working"), &json!(2))
    );
    assert_eq!(agent["current"][0]["id"], json!(one.id));
}

#[tokio::test]
async fn a_task_has_the_seeds_form_and_a_result() {
    let bench = Bench::new().await;
    let (bed, one, _, token) = two_tasks(&bench).await;
    let slug = bed.world.tenant().slug.to_string();
    let path = format!("/api/v1/swarm/tenants/{slug}/tasks/{}", one.id);
    let seed = bench.get(&token, &path).await;
    assert_eq!(
        (&seed["status"], &seed["parent_goal_id"]),
        (&json!("IN_PROGRESS"), &json!(bed.campaign.id))
    );
    let result = bench.get(&token, format!("{path}/result")).await;
    assert_eq!(
        (&result["status"], &result["output"]),
        (&json!("IN_PROGRESS"), &Value::Null)
    );
    assert_eq!(result["tenant_id"], json!(slug));
}

#[tokio::test]
async fn a_session_of_the_tenant_form_is_a_campaign() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let slug = bed.world.tenant().slug.to_string();
    let body = json!({ "agent": bed.agent.id, "goal": "Win friends for slow coffee", "feeds": ["https://example.org/feed.xml"],
        "daily_budget": "1", "max_posts_per_day": 1 });
    let sessions = format!("/api/v1/swarm/tenants/{slug}/sessions");
    let made = bench
        .call(Call::post(&sessions).token(&token).json(&body))
        .await
        .ok();
    assert_eq!(
        (made.status, &made.body["status"]),
        (StatusCode::CREATED, &json!("created"))
    );
    let id = made.body["session_id"].as_str().unwrap();
    let read = bench
        .call(Call::get(format!("{sessions}/{id}")).token(&token))
        .await
        .ok();
    assert_eq!(read.body, made.body);
    bench
        .call(Call::get(format!("/api/v1/campaigns/{id}")).token(&token))
        .await
        .ok();
    let strange = Call::post("/api/v1/swarm/tenants/t_stranger/sessions")
        .token(&token)
        .json(&body);
    assert_eq!(bench.call(strange).await.code(), "NOT_FOUND");
}

fn new_campaign(agent: impl serde::Serialize) -> Value {
    json!({ "agent": agent, "goal": "Win friends for slow coffee", "feeds": ["https://example.org/feed.xml"],
        "daily_budget": "1", "max_posts_per_day": 1 })
}

#[tokio::test]
async fn a_network_that_nothing_can_post_to_is_refused_with_those_that_are_connected() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let mut body = new_campaign(bed.agent.id);
    body["platforms"] = json!(["twitter", "sandbox", "mastodon"]);
    let refused = bench
        .call(Call::post("/api/v1/campaigns").token(&token).json(&body))
        .await;
    assert_eq!(refused.code(), "PLATFORM_NOT_CONNECTED");
    assert_eq!(
        refused.body["error"]["details"],
        json!({ "missing": ["twitter", "mastodon"], "connected": ["sandbox"] })
    );
    let all = bench.get(&token, "/api/v1/campaigns").await;
    assert_eq!(
        all["items"].as_array().map(Vec::len),
        Some(1),
        "only the bed's own"
    );
}

#[tokio::test]
async fn a_campaign_without_a_name_is_called_by_the_whole_words_its_goal_begins_with() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let mut body = new_campaign(bed.agent.id);
    body["goal"] =
        json!("Win friends for slow coffee among the people of Leipzig who never asked for it");
    let made = bench
        .call(Call::post("/api/v1/campaigns").token(&token).json(&body))
        .await
        .ok();
    assert_eq!(
        made.body["name"],
        "Win friends for slow coffee among the people of Leipzig who…"
    );
}

#[tokio::test]
async fn a_campaign_that_came_to_nothing_says_why() {
    let bench = Bench::new().await;
    let mut bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let why = Fault::new(
        FaultClass::Validation,
        "CAMPAIGN_FAILED",
        "Its one post did not go out.",
    );
    let end = bed.change(
        |campaign| {
            campaign.status = CampaignStatus::Failed;
            campaign.fault = Some(why);
        },
        Vec::new(),
    );
    bench.store.commit(end).await.unwrap();
    let failed = bench.get(&token, "/api/v1/campaigns?status=FAILED").await;
    let row = &failed["items"][0];
    assert_eq!(
        (&row["status"], &row["fault"]["message"]),
        (&json!("FAILED"), &json!("Its one post did not go out."))
    );
}

//! Every endpoint, swept: without a token, with a role that may not, with another tenant's ids.

use std::collections::BTreeMap;

use chimera_contract::endpoint::{self, Endpoint, Group, Precondition};
use chimera_domain::{
    change::Change,
    role::Role,
    server::{Limits, Reach, RegisteredServer, ServerEntry},
};
use chimera_door::options::Options;
use chimera_ports::store::{Log, Memories, Registry, Reviews};
use chimera_testkit::World;
use serde_json::{Value, json};

use super::bench::{ALL_ROLES, Bench, Call};
use chimera_authz as authz;

/// A call that would pass everything but the guard, with ids out of `ids`.
fn call(one: &Endpoint, ids: &BTreeMap<&str, String>) -> Call {
    let mut path = one.path.to_owned();
    for (name, value) in ids {
        path = path.replace(&format!("{{{name}}}"), value);
    }
    assert!(
        !path.contains('{'),
        "{}: say what to put into {path}",
        one.id
    );
    path.push_str(match one.id {
        "diff_persona" => "?from=1&to=1",
        "search_memories" => "?query=fog",
        _ => "",
    });
    let mut call = Call::new(one.method.as_str(), path);
    if one.precondition == Precondition::Required {
        call = call.with("if-match", &format!("\"{}\"", uuid::Uuid::nil()));
    }
    match body(one, ids) {
        Some(body) => call.json(&body),
        None => call,
    }
}

fn body(one: &Endpoint, ids: &BTreeMap<&str, String>) -> Option<Value> {
    let campaign = json!({ "agent": ids["agent"], "goal": "Win friends for slow coffee",
        "feeds": ["https://example.org/feed.xml"], "daily_budget": "1", "max_posts_per_day": 1 });
    Some(match one.id {
        "create_campaign" | "open_swarm_session" => campaign,
        "edit_plan" => json!({ "steps": [] }),
        "amend_campaign" => json!({ "name": "X" }),
        "change_user" => json!({ "name": "X", "roles": ["viewer"], "disabled": false }),
        "check_edit" => json!({ "text": "Grind slower." }),
        "reconcile_effect" => json!({ "sent": true }),
        "decide_review" => json!({ "decision": "approve" }),
        "decide_swarm_review" => json!({ "status": "APPROVED" }),
        "edit_soul_field" => {
            json!({ "soul": "---\nname: X\n---\n", "field": "name", "value": ["Y"] })
        }
        "save_persona" | "create_persona" | "lint_soul" => json!({ "soul": "---\nname: X\n---\n" }),
        "store_key" => json!({ "name": "openai", "key": "fake" }),
        "put_prices" => json!({ "items": [] }),
        "register_server" => json!({ "name": "own", "program": { "command": "notes" } }),
        "import_servers" => json!({ "text": "{}" }),
        "change_registered" => json!({ "program": { "command": "notes" }, "enabled": true }),
        "trust_server" => json!({ "launch": format!("sha256:{}", "0".repeat(64)) }),
        "pin_server" => json!({ "listing": format!("sha256:{}", "0".repeat(64)) }),
        "class_tool" => json!({ "tool": "look", "effect": "read" }),
        "forget_memory" => json!({ "reason": "a test" }),
        "stop_everything" => json!({ "reason": "a test" }),
        _ => return None,
    })
}

struct Swept {
    bench: Bench,
    ids: BTreeMap<&'static str, String>,
}

fn registered(world: &World) -> RegisteredServer {
    RegisteredServer {
        tenant: world.tenant,
        name: "theirs".to_owned(),
        version: 1,
        entry: ServerEntry {
            reach: Reach::Stdio {
                command: "notes".to_owned(),
                args: Vec::new(),
                cwd: None,
                env: BTreeMap::new(),
            },
            enabled: true,
            limits: Limits::default(),
            documentation_url: None,
            classes: BTreeMap::new(),
            trust: None,
            pins: None,
            told: None,
        },
        changed_at: world.now(),
    }
}

/// One tenant with a row of everything that an address can name.
async fn swept() -> Swept {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (review, task) = bench.waiting_post(&bed).await;
    let (_, other) = bench.waiting_post(&bed).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let held = bench
        .call(Call::post(format!("/api/approve/{}", other.id)).token(&token))
        .await
        .ok();
    let feed = Call::post("/api/v1/connections/feeds")
        .token(&token)
        .json(&json!({ "url": "https://example.org/feed.xml" }));
    let feed = bench.call(feed).await.ok();
    let alert = bed.world.alert("WORKER_CRASHED");
    bench
        .store
        .append(bed.world.tenant, vec![Change::Alert(alert.clone())])
        .await
        .unwrap();
    let registered = registered(&bed.world);
    bench
        .store
        .add_server(&registered, Vec::new())
        .await
        .unwrap();
    let memory = super::memories::memory(&bed, "Fog sells.");
    bench
        .store
        .keep(memory.owner, vec![memory.clone()], Vec::new())
        .await
        .unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let ids = BTreeMap::from([
        ("tenant", bed.world.tenant().slug.to_string()),
        ("campaign", bed.campaign.id.to_string()),
        ("session", bed.campaign.id.to_string()),
        ("task", task.id.to_string()),
        ("review", review.review_id.to_string()),
        ("effect", text(&held.body["effect"]["id"])),
        ("agent", bed.agent.id.to_string()),
        ("number", "1".to_owned()),
        ("user", bed.user.id.to_string()),
        ("alert", alert.id.to_string()),
        ("memory", memory.id.to_string()),
        ("feed", text(&feed.body["id"])),
        ("trace", task.trace.trace.to_string()),
        ("post", "p-1".to_owned()),
        ("key", "openai".to_owned()),
        // Of shipped servers there are no rows; who sees which is held by the host (`mcp`).
        ("server", registered.name),
    ]);
    Swept { bench, ids }
}

#[tokio::test]
async fn without_a_token_nothing_but_the_first_steps_is_open() {
    let Swept { bench, ids } = swept().await;
    for one in endpoint::all().filter(|one| one.group != Group::Open) {
        for call in [
            call(one, &ids),
            call(one, &ids).token("chs_"),
            call(one, &ids).token(&format!("chs_{}", "0".repeat(64))),
        ] {
            assert_eq!(
                bench.call(call).await.code(),
                "UNAUTHENTICATED",
                "{}",
                one.id
            );
        }
    }
}

#[tokio::test]
async fn a_role_that_is_not_in_the_table_is_refused_everywhere() {
    let Swept { bench, ids } = swept().await;
    let world = bench.world.clone();
    let mut refused = 0;
    for role in Role::ALL {
        let (_, token) = bench.person(&world, role.as_str(), &[role]).await;
        for one in endpoint::all().filter(|one| !authz::may(&[role], one.group)) {
            let reply = bench.call(call(one, &ids).token(&token)).await;
            assert_eq!(reply.code(), "FORBIDDEN", "{role:?} on {}", one.id);
            assert_eq!(
                reply.body["error"]["details"]["roles"],
                json!(authz::who_may(one.group))
            );
            refused += 1;
        }
    }
    assert!(refused > 100, "the sweep was empty: {refused}");
}

#[tokio::test]
async fn another_tenants_ids_name_nothing() {
    let Swept { bench, ids } = swept().await;
    let stranger = bench.bed(bench.world.other_tenant()).await;
    let (_, token) = bench.person(&stranger.world, "stranger", ALL_ROLES).await;
    bench.release(&token).await;
    let before = bench
        .store
        .review(bench.world.tenant, ids["review"].parse().unwrap())
        .await
        .unwrap();
    // The sandbox keeps its own accounts apart by tenant; its posts are not rows of ours.
    let elsewhere = ["get_sandbox_post"];
    let mut swept = 0;
    for one in endpoint::all().filter(|one| one.path.contains('{') && !elsewhere.contains(&one.id))
    {
        let reply = bench.call(call(one, &ids).token(&token)).await;
        assert_eq!(reply.code(), "NOT_FOUND", "{}: {}", one.id, reply.text);
        swept += 1;
    }
    assert!(swept > 35, "the sweep was empty: {swept}");
    let after = bench
        .store
        .review(bench.world.tenant, before.review_id)
        .await
        .unwrap();
    assert_eq!(after, before, "nothing was touched");
    for list in [
        "campaigns",
        "reviews",
        "effects",
        "alerts",
        "publications",
        "content",
        "traces",
        "swarm/agents",
    ] {
        let reply = bench
            .call(Call::get(format!("/api/v1/{list}")).token(&token))
            .await
            .ok();
        for foreign in ids.values().filter(|id| id.len() > 30) {
            assert!(
                !reply.text.contains(foreign.as_str()),
                "{list} shows {foreign}"
            );
        }
    }
    let own = json!({ "agent": ids["agent"], "goal": "Win friends for slow coffee", "feeds": ["https://example.org/feed.xml"],
        "daily_budget": "1", "max_posts_per_day": 1 });
    let theirs = bench
        .call(Call::post("/api/v1/campaigns").token(&token).json(&own))
        .await;
    assert_eq!(
        theirs.code(),
        "NOT_FOUND",
        "a body cannot borrow another tenant's agent either"
    );
}

#[tokio::test]
async fn a_tenant_has_a_rate_and_is_told_when_to_come_back() {
    let options = Options {
        tenant_requests_per_minute: 3,
        ..Options::default()
    };
    let bench = Bench::with(options).await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    for _ in 0..3 {
        bench
            .call(Call::get("/api/v1/session").token(&token))
            .await
            .ok();
    }
    let held = bench.call(Call::get("/api/v1/session").token(&token)).await;
    assert_eq!(
        (
            held.code().as_str(),
            held.headers["retry-after"].to_str().unwrap()
        ),
        ("RATE_LIMITED", "21")
    );
    bench.world.pass(21);
    bench
        .call(Call::get("/api/v1/session").token(&token))
        .await
        .ok();
}

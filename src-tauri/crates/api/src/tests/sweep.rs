//! Every endpoint, swept without a token; what the sweeps put into an address and a body.
//!
//! Never here: which role may what (`access`), or another tenant's ids (`crossing`).

use std::collections::BTreeMap;

use chimera_contract::endpoint::{self, Endpoint, Group, Precondition};
use chimera_domain::{
    change::Change,
    server::{Limits, Reach, RegisteredServer, ServerEntry},
};
use chimera_door::options::Options;
use chimera_ports::store::{Log, Memories, Registry};
use chimera_testkit::World;
use serde_json::{Value, json};

use super::{
    bench::{ALL_ROLES, Bench, Call},
    questions,
};

/// What stands for each parameter of an address.
pub(super) type Ids = BTreeMap<&'static str, String>;

/// A call that would pass everything but the guard, with ids out of `ids`.
pub(super) fn call(one: &Endpoint, ids: &Ids) -> Call {
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

pub(super) fn body(one: &Endpoint, ids: &Ids) -> Option<Value> {
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
        "put_prices" | "put_retention" => json!({ "items": [] }),
        "register_server" => json!({ "name": "own", "program": { "command": "notes" } }),
        "import_servers" => json!({ "text": "{}" }),
        "change_registered" => json!({ "program": { "command": "notes" }, "enabled": true }),
        "authorize_server" => json!({}),
        "answer_question" => json!({ "action": "decline" }),
        "get_server_prompt" => json!({ "prompt": "summary" }),
        "read_server_resource" | "follow_server_resource" => json!({ "uri": "notes://all" }),
        "trust_server" => json!({ "launch": format!("sha256:{}", "0".repeat(64)) }),
        "pin_server" => json!({ "listing": format!("sha256:{}", "0".repeat(64)) }),
        "class_tool" => json!({ "tool": "look", "effect": "read" }),
        "forget_memory" => json!({ "reason": "a test" }),
        "stop_everything" => json!({ "reason": "a test" }),
        "export_person" => json!({ "identifiers": ["jane@example.org"] }),
        "erase_person" => {
            json!({ "identifiers": ["jane@example.org"], "reason": "a test", "confirm": "00" })
        }
        "make_api_key" => json!({ "name": "nightly report", "roles": ["viewer"] }),
        "make_tenant" => json!({ "tenant_id": "t_elsewhere",
            "owner": { "name": "Olga", "email": "olga@elsewhere.example", "password": "seventeen quiet teapots" } }),
        _ => return None,
    })
}

pub(super) struct Swept {
    pub(super) bench: Bench,
    pub(super) ids: Ids,
}

fn registered(world: &World, admin: &str) -> RegisteredServer {
    RegisteredServer {
        tenant: world.tenant,
        name: format!("notes-{admin}"),
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
            group: None,
            trust: None,
            pins: None,
            told: None,
            editions: Default::default(),
        },
        changed_at: world.now(),
    }
}

/// One tenant with a row of everything that an address can name.
pub(super) async fn swept() -> Swept {
    let bench = Bench::with(questions::asking_everybody()).await;
    let ids = rows(&bench, bench.world.clone(), "tomas").await;
    Swept { bench, ids }
}

/// A row of everything that an address can name, in the tenant of `world`, whose admin is `admin`.
pub(super) async fn rows(bench: &Bench, world: World, admin: &str) -> Ids {
    let bed = bench.bed(world).await;
    let (review, task) = bench.waiting_post(&bed).await;
    let (_, other) = bench.waiting_post(&bed).await;
    let (_, token) = bench.person(&bed.world, admin, ALL_ROLES).await;
    let held = bench
        .call(Call::post(format!("/api/approve/{}", other.id)).token(&token))
        .await
        .ok();
    let feed = Call::post("/api/v1/connections/feeds")
        .token(&token)
        .json(&json!({ "url": "https://example.org/feed.xml" }));
    let feed = bench.call(feed).await.ok();
    let key = Call::post("/api/v1/keys")
        .token(&token)
        .json(&json!({ "name": "report", "roles": ["viewer"] }));
    let key = bench.call(key).await.ok();
    let alert = bed.world.alert("WORKER_CRASHED");
    bench
        .store
        .append(bed.world.tenant, vec![Change::Alert(alert.clone())])
        .await
        .unwrap();
    let registered = registered(&bed.world, admin);
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
    BTreeMap::from([
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
        ("trace", bed.campaign.trace.trace.to_string()),
        (
            "post",
            match bed.world.tenant == bench.world.tenant {
                true => "p-1",
                false => "p-2",
            }
            .to_owned(),
        ),
        ("key", "openai".to_owned()),
        ("access_key", text(&key.body["key"]["id"])),
        // Of shipped servers there are no rows; who sees which is held by the host (`mcp`).
        ("server", registered.name),
        ("question", questions::waiting_for(bed.world.tenant).id),
    ])
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

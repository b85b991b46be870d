//! First run, signing in and out, other sites' pages, other names' pages, accounts.

use axum::http::{StatusCode, header};
use chimera_domain::role::Role;
use chimera_door::options::Options;
use chimera_ports::store::{People, User};
use serde_json::json;

use super::bench::{ALL_ROLES, Bench, Call};

const PASSWORD: &str = "correct horse battery";

fn owner() -> serde_json::Value {
    json!({ "name": "Tomas Ekholm", "email": "Tomas@Halden.example", "password": PASSWORD, "starter_agent": true })
}

fn sign_in(email: &str, password: &str) -> Call {
    Call::post("/api/v1/session").json(&json!({ "email": email, "password": password }))
}

#[tokio::test]
async fn the_first_run_makes_an_owner_once_and_signs_in() {
    let bench = Bench::new().await;
    let before = bench.call(Call::get("/api/v1/setup")).await.ok();
    assert_eq!(before.body["needs_owner"], true);
    assert_eq!(before.body["providers"][0]["is_ai"], false);
    let done = bench
        .call(Call::post("/api/v1/setup").json(&owner()))
        .await
        .ok();
    assert_eq!(done.status, StatusCode::CREATED);
    let me = &done.body["me"];
    assert_eq!(
        (&me["solo"], &me["tenant"]["name"]),
        (&json!(true), &json!("Tomas Ekholm's workspace"))
    );
    assert_eq!(
        me["user"]["roles"].as_array().unwrap().len(),
        Role::ALL.len()
    );
    let cookie = done.headers[header::SET_COOKIE].to_str().unwrap();
    for word in [
        "chimera_session=chs_",
        "HttpOnly",
        "SameSite=Strict",
        "Path=/",
        "Max-Age=1209600",
    ] {
        assert!(cookie.contains(word), "{cookie}");
    }
    let token = done.body["token"].as_str().unwrap();
    let agents = bench
        .call(Call::get("/api/v1/swarm/agents").token(token))
        .await
        .ok();
    assert_eq!(agents.body["items"][0]["id"], done.body["starter_agent"]);
    assert_eq!(
        (
            &agents.body["items"][0]["name"],
            &agents.body["items"][0]["activity"]
        ),
        (&json!("Mara Voss"), &json!("sleeping"))
    );
    assert_eq!(
        bench.call(Call::get("/api/v1/setup")).await.body["needs_owner"],
        false
    );
    let again = bench.call(Call::post("/api/v1/setup").json(&owner())).await;
    assert_eq!(again.code(), "SETUP_DONE");
}

/// The account in whose name this machine's command line acts.
async fn command_line(bench: &Bench) -> User {
    bench
        .store
        .create_tenant(&bench.world.tenant(), Vec::new())
        .await
        .unwrap();
    let user = User {
        password_hash: String::new(),
        roles: ALL_ROLES.to_vec(),
        ..bench.world.user("Local operator")
    };
    bench.store.create_user(&user, Vec::new()).await.unwrap();
    user
}

#[tokio::test]
async fn a_workspace_that_the_command_line_made_gets_the_owners_name_for_it() {
    let bench = Bench::new().await;
    let service = command_line(&bench).await;
    let mut asked = owner();
    asked["workspace"] = json!("Halden Coffee");
    let done = bench
        .call(Call::post("/api/v1/setup").json(&asked))
        .await
        .ok();
    let token = done.body["token"].as_str().unwrap();
    let me = bench.get(token, "/api/v1/session").await;
    assert_eq!(
        me["tenant"],
        json!({ "id": bench.world.tenant, "slug": bench.world.tenant().slug, "name": "Halden Coffee" })
    );
    let records = bench.get(token, "/api/v1/audit").await;
    let renamed = records["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|record| record["action"] == "tenant.rename");
    assert_eq!(renamed.unwrap()["output"]["name"], "Halden Coffee");

    let users = bench.get(token, "/api/v1/users").await;
    let kinds: Vec<_> = users["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| (&user["name"], &user["kind"]))
        .collect();
    assert_eq!(
        kinds,
        [
            (&json!("Local operator"), &json!("service")),
            (&json!("Tomas Ekholm"), &json!("person")),
        ]
    );
    let path = format!("/api/v1/users/{}", me["user"]["id"].as_str().unwrap());
    let demoted = json!({ "name": "Tomas Ekholm", "roles": ["viewer"], "disabled": false });
    let refused = bench
        .call(Call::put(&path).token(token).json(&demoted))
        .await;
    assert_eq!(
        refused.code(),
        "LAST_ADMIN",
        "{} is no person",
        service.name
    );
}

#[tokio::test]
async fn of_two_first_runs_at_once_one_wins() {
    let bench = Bench::new().await;
    let other = json!({ "name": "Inga", "email": "inga@halden.example", "password": "another good phrase" });
    let (one, two) = tokio::join!(
        bench.call(Call::post("/api/v1/setup").json(&owner())),
        bench.call(Call::post("/api/v1/setup").json(&other)),
    );
    let mut statuses = [one.status, two.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::CREATED, StatusCode::CONFLICT]);
}

#[tokio::test]
async fn signing_in_tells_nobody_which_accounts_exist_and_signing_out_ends_it() {
    let bench = Bench::new().await;
    bench
        .call(Call::post("/api/v1/setup").json(&owner()))
        .await
        .ok();
    let wrong = bench.call(sign_in("tomas@halden.example", "wrong")).await;
    let unknown = bench.call(sign_in("nobody@halden.example", "wrong")).await;
    assert_eq!(
        (wrong.code(), unknown.code()),
        ("SIGN_IN_FAILED".into(), "SIGN_IN_FAILED".into())
    );
    assert_eq!(
        wrong.body["error"]["message"],
        unknown.body["error"]["message"]
    );
    let opened = bench
        .call(sign_in(" TOMAS@halden.example ", PASSWORD))
        .await
        .ok();
    let token = opened.body["token"].as_str().unwrap();
    let me = bench
        .call(Call::get("/api/v1/session").token(token))
        .await
        .ok();
    assert_eq!(me.body["session"]["label"], "browser");
    assert_eq!(me.body["user"]["email"], "tomas@halden.example");
    bench
        .call(Call::new("DELETE", "/api/v1/session").token(token))
        .await
        .ok();
    assert_eq!(
        bench
            .call(Call::get("/api/v1/session").token(token))
            .await
            .code(),
        "UNAUTHENTICATED"
    );
}

#[tokio::test]
async fn guessing_is_slowed_down_by_account_and_a_success_forgives() {
    let bench = Bench::new().await;
    bench
        .call(Call::post("/api/v1/setup").json(&owner()))
        .await
        .ok();
    for _ in 0..7 {
        assert_eq!(
            bench
                .call(sign_in("tomas@halden.example", "wrong"))
                .await
                .code(),
            "SIGN_IN_FAILED"
        );
    }
    bench
        .call(sign_in("tomas@halden.example", PASSWORD))
        .await
        .ok();
    for _ in 0..8 {
        assert_eq!(
            bench
                .call(sign_in("tomas@halden.example", "wrong"))
                .await
                .code(),
            "SIGN_IN_FAILED"
        );
    }
    let held = bench.call(sign_in("tomas@halden.example", PASSWORD)).await;
    assert_eq!(held.code(), "SIGN_IN_THROTTLED");
    let seconds: u32 = held.headers[header::RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=15 * 60).contains(&seconds), "{seconds}");
    assert_eq!(
        bench
            .call(sign_in("nobody@halden.example", "wrong"))
            .await
            .code(),
        "SIGN_IN_FAILED"
    );
    bench.world.pass(seconds);
    bench
        .call(sign_in("tomas@halden.example", PASSWORD))
        .await
        .ok();
}

#[tokio::test]
async fn a_session_ends_with_its_time_and_with_its_account() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, admin) = bench.person(&bed.world, "admin", &[Role::Admin]).await;
    let (inga, token) = bench.person(&bed.world, "inga", &[Role::Moderator]).await;
    let change = json!({ "name": "Inga", "roles": ["reviewer"], "disabled": true });
    let path = format!("/api/v1/users/{}", inga.id);
    let changed = bench
        .call(Call::put(&path).token(&admin).json(&change))
        .await
        .ok();
    assert_eq!(
        changed.body["roles"],
        json!(["moderator"]),
        "the seeds' word is read, ours is written"
    );
    assert_eq!(
        bench
            .call(Call::get("/api/v1/session").token(&token))
            .await
            .code(),
        "UNAUTHENTICATED"
    );
    bench.world.pass(3_601);
    assert_eq!(
        bench
            .call(Call::get("/api/v1/session").token(&admin))
            .await
            .code(),
        "UNAUTHENTICATED"
    );
}

#[tokio::test]
async fn the_last_admin_stays_and_an_address_is_taken_once() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    // The bed's own person is an admin too; here only one shall be.
    let first = User {
        roles: vec![Role::Viewer],
        ..bed.user.clone()
    };
    bench.store.update_user(&first, Vec::new()).await.unwrap();
    let (tomas, token) = bench.person(&bed.world, "tomas", &[Role::Admin]).await;
    let path = format!("/api/v1/users/{}", tomas.id);
    for change in [
        json!({ "name": "Tomas", "roles": ["viewer"], "disabled": false }),
        json!({ "name": "Tomas", "roles": ["admin"], "disabled": true }),
    ] {
        assert_eq!(
            bench
                .call(Call::put(&path).token(&token).json(&change))
                .await
                .code(),
            "LAST_ADMIN"
        );
    }
    let new = json!({ "name": "Inga", "email": "Inga@halden.example", "password": PASSWORD, "roles": ["moderator", "moderator"] });
    let made = bench
        .call(Call::post("/api/v1/users").token(&token).json(&new))
        .await
        .ok();
    assert_eq!(
        (made.status, &made.body["roles"]),
        (StatusCode::CREATED, &json!(["moderator"]))
    );
    assert!(!made.text.contains("argon2"), "no hash leaves");
    let twice = bench
        .call(Call::post("/api/v1/users").token(&token).json(&new))
        .await;
    assert_eq!(twice.code(), "EMAIL_TAKEN");
    let weak = json!({ "name": "X", "email": "x@halden.example", "password": "short", "roles": ["viewer"] });
    assert_eq!(
        bench
            .call(Call::post("/api/v1/users").token(&token).json(&weak))
            .await
            .code(),
        "PASSWORD_WEAK"
    );
}

#[tokio::test]
async fn another_sites_page_cannot_write_in_a_persons_name() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let cookie = format!("chimera_session={token}");
    let write = || {
        Call::put("/api/v1/preferences")
            .with("cookie", &cookie)
            .json(&json!({ "values": {} }))
    };
    for (origin, passes) in [
        (Some("http://localhost:7787"), true),
        (Some("http://evil.example"), false),
        (Some("http://localhost:9999"), false),
        (Some("null"), false),
        (None, false),
    ] {
        let call = origin.map_or_else(write, |origin| write().with("origin", origin));
        let reply = bench.call(call).await;
        if passes {
            assert!(reply.status.is_success(), "{origin:?}: {}", reply.text);
        } else {
            assert_eq!(reply.code(), "ORIGIN_REFUSED", "{origin:?}");
        }
    }
    bench
        .call(Call::get("/api/v1/preferences").with("cookie", &cookie))
        .await
        .ok();
    let script = Call::put("/api/v1/preferences")
        .token(&token)
        .json(&json!({ "values": {} }));
    bench.call(script).await.ok();
    let login = sign_in("a@b.c", "x").with("origin", "http://evil.example");
    assert_eq!(
        bench.call(login).await.code(),
        "ORIGIN_REFUSED",
        "nobody is signed in by another site"
    );
}

#[tokio::test]
async fn a_name_that_was_pointed_at_this_machine_is_not_answered() {
    let bench = Bench::with(Options {
        allowed_hosts: vec!["chimera.halden.example".into()],
        ..Options::default()
    })
    .await;
    for (host, passes) in [
        ("localhost:7787", true),
        ("127.0.0.1", true),
        ("[::1]:7787", true),
        ("chimera.halden.example", true),
        ("rebound.evil.example:7787", false),
    ] {
        let reply = bench
            .call(Call::get("/api/v1/setup").with("host", host))
            .await;
        if passes {
            assert_eq!(reply.status, StatusCode::OK, "{host}");
        } else {
            assert_eq!(reply.code(), "HOST_REFUSED", "{host}");
        }
    }
}

#[tokio::test]
async fn the_own_password_is_changed_with_the_old_one_only() {
    let bench = Bench::new().await;
    let done = bench
        .call(Call::post("/api/v1/setup").json(&owner()))
        .await
        .ok();
    let token = done.body["token"].as_str().unwrap();
    let change = |current: &str, new: &str| {
        Call::put("/api/v1/session/password")
            .token(token)
            .json(&json!({ "current": current, "new": new }))
    };
    assert_eq!(
        bench
            .call(change("wrong", "a whole new phrase"))
            .await
            .code(),
        "SIGN_IN_FAILED"
    );
    assert_eq!(
        bench.call(change(PASSWORD, "short")).await.code(),
        "PASSWORD_WEAK"
    );
    assert_eq!(
        bench
            .call(change(PASSWORD, "a whole new phrase"))
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        bench
            .call(sign_in("tomas@halden.example", PASSWORD))
            .await
            .code(),
        "SIGN_IN_FAILED"
    );
    bench
        .call(sign_in("tomas@halden.example", "a whole new phrase"))
        .await
        .ok();
}

#[tokio::test]
async fn preferences_are_each_persons_own_and_bounded() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, one) = bench.person(&bed.world, "one", &[Role::Viewer]).await;
    let (_, two) = bench.person(&bed.world, "two", &[Role::Finance]).await;
    let mine = json!({ "values": { "theme": "light" } });
    bench
        .call(Call::put("/api/v1/preferences").token(&one).json(&mine))
        .await
        .ok();
    assert_eq!(
        bench
            .call(Call::get("/api/v1/preferences").token(&one))
            .await
            .body,
        mine
    );
    assert_eq!(
        bench
            .call(Call::get("/api/v1/preferences").token(&two))
            .await
            .body,
        json!({ "values": {} })
    );
    let huge = json!({ "values": { "x": "y".repeat(20_000) } });
    assert_eq!(
        bench
            .call(Call::put("/api/v1/preferences").token(&one).json(&huge))
            .await
            .code(),
        "VALIDATION_ERROR"
    );
}

#[tokio::test]
async fn signing_in_out_and_a_refusal_are_on_record() {
    let bench = Bench::new().await;
    let done = bench
        .call(Call::post("/api/v1/setup").json(&owner()))
        .await
        .ok();
    let user = done.body["me"]["user"]["id"].clone();
    for email in ["tomas@halden.example", "nobody@halden.example"] {
        let refused = bench.call(sign_in(email, "wrong wrong wrong")).await;
        assert_eq!(refused.code(), "SIGN_IN_FAILED");
    }
    let first = bench
        .call(sign_in("tomas@halden.example", PASSWORD))
        .await
        .ok();
    let first = first.body["token"].as_str().unwrap();
    bench
        .call(Call::new("DELETE", "/api/v1/session").token(first))
        .await
        .ok();
    let second = bench
        .call(sign_in("tomas@halden.example", PASSWORD))
        .await
        .ok();
    let token = second.body["token"].as_str().unwrap();
    let records = bench.get(token, "/api/v1/audit?action=session.").await;
    let records = records["items"].as_array().unwrap();
    let told: Vec<_> = records
        .iter()
        .rev()
        .map(|record| {
            (
                &record["action"],
                &record["status"],
                &record["output"]["user"],
            )
        })
        .map(|(action, status, user)| (action.as_str().unwrap(), status.as_str().unwrap(), user))
        .collect();
    let none = serde_json::Value::Null;
    assert_eq!(
        told,
        [
            ("session.begin", "success", &none),
            ("session.refuse", "failure", &user),
            // Nobody's: the address itself is not kept.
            ("session.refuse", "failure", &none),
            ("session.begin", "success", &none),
            ("session.end", "success", &none),
            ("session.begin", "success", &none),
        ]
    );
    assert!(!serde_json::to_string(records).unwrap().contains("nobody@"));
    let made = bench.get(token, "/api/v1/audit?action=tenant.create").await;
    assert_eq!(made["items"].as_array().unwrap().len(), 1, "{made:#}");
}

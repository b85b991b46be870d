//! API keys of a workspace, workspaces, and being signed in at many places.

use chimera_contract::scalar::Time;
use chimera_domain::{digest::Digest, role::Role, time::Span};
use chimera_door::people::token;
use chimera_ports::store::{People, Session, SessionKind};
use serde_json::{Value, json};

use super::bench::{ALL_ROLES, Bench, Call};

async fn made(bench: &Bench, token: &str, roles: &[&str]) -> Value {
    let call = Call::post("/api/v1/keys")
        .token(token)
        .json(&json!({ "name": "nightly report", "roles": roles }));
    bench.call(call).await.ok().body
}

#[tokio::test]
async fn a_key_is_shown_once_kept_as_a_digest_and_listed_by_its_first_signs() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let made = made(&bench, &token, &["viewer"]).await;
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("chk_") && secret.len() == 68, "{secret}");
    assert_eq!(made["key"]["prefix"], secret[..12]);
    assert_eq!(made["key"]["last_used_at"], Value::Null);

    let listed = bench.get(&token, "/api/v1/keys").await;
    assert_eq!(listed["items"], json!([made["key"]]));
    assert!(!listed.to_string().contains(&secret[12..]));
    assert_eq!(bench.files_with(secret), Vec::<String>::new());
    let digest = Digest::plain(secret.as_bytes()).to_string();
    assert!(!bench.files_with(&digest).is_empty());
    // The audit log names the act and the first signs, and nobody finds the account among people.
    let audit = bench.get(&token, "/api/v1/audit?action=key.").await;
    assert_eq!(audit["items"][0]["action"], "key.make");
    assert!(!audit.to_string().contains(&secret[12..]));
    let people = bench.get(&token, "/api/v1/users").await;
    assert!(!people.to_string().contains("nightly report"));
}

#[tokio::test]
async fn a_key_reads_what_its_roles_read_decides_nothing_and_ends_when_it_is_revoked() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let (_, task) = bench.waiting_post(&bed).await;
    let made = made(&bench, &token, &["admin", "operator", "moderator"]).await;
    let secret = made["secret"].as_str().unwrap();

    let campaigns = bench.get(secret, "/api/v1/campaigns").await;
    assert_eq!(campaigns["items"].as_array().unwrap().len(), 1);
    for refused in [
        Call::post(format!("/api/approve/{}", task.id)),
        Call::get("/api/v1/users"),
        Call::get("/api/v1/keys"),
        Call::get("/api/v1/swarm/tenants"),
    ] {
        let reply = bench.call(refused.token(secret)).await;
        assert_eq!(reply.code(), "FORBIDDEN");
        assert!(
            reply.text.contains("No API key may do this"),
            "{}",
            reply.text
        );
    }
    let path = format!("/api/v1/keys/{}", made["key"]["id"].as_str().unwrap());
    let used = until_used(&bench, &token).await;
    assert_eq!(used, json!(Time::of(bench.world.now())));
    bench
        .call(Call::new("DELETE", &path).token(&token))
        .await
        .ok();
    let ended = bench
        .call(Call::get("/api/v1/campaigns").token(secret))
        .await;
    assert_eq!(ended.code(), "UNAUTHENTICATED");
    let listed = bench.get(&token, "/api/v1/keys").await;
    assert_ne!(listed["items"][0]["revoked_at"], Value::Null);
    // Once more changes nothing, and is on record once.
    bench
        .call(Call::new("DELETE", &path).token(&token))
        .await
        .ok();
    let audit = bench.get(&token, "/api/v1/audit?action=key.revoke").await;
    assert_eq!(audit["items"].as_array().unwrap().len(), 1);
}

/// When the first key of the list was used, once it is written down.
async fn until_used(bench: &Bench, token: &str) -> Value {
    for _ in 0..2_000 {
        let listed = bench.get(token, "/api/v1/keys").await;
        let used = listed["items"][0]["last_used_at"].clone();
        if !used.is_null() {
            return used;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("the use of a key was never written down");
}

#[tokio::test]
async fn a_key_ends_by_itself_and_has_bounds() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    for (name, roles, days) in [
        ("", json!(["viewer"]), 1),
        ("x", json!([]), 1),
        ("x", json!(["viewer"]), 0),
        ("x", json!(["viewer"]), 367),
    ] {
        let body = json!({ "name": name, "roles": roles, "days": days });
        let reply = bench
            .call(Call::post("/api/v1/keys").token(&token).json(&body))
            .await;
        assert_eq!(reply.code(), "VALIDATION_ERROR", "{body}");
    }
    let body = json!({ "name": "x", "roles": ["viewer"], "days": 1 });
    let made = bench
        .call(Call::post("/api/v1/keys").token(&token).json(&body))
        .await
        .ok();
    let secret = made.body["secret"].as_str().unwrap().to_owned();
    bench.get(&secret, "/api/v1/session").await;
    bench.world.pass(86_400);
    let ended = bench
        .call(Call::get("/api/v1/session").token(&secret))
        .await;
    assert_eq!(ended.code(), "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_workspace_is_made_by_the_first_ones_admin_and_its_owner_sees_it_alone() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (_, token) = bench.person(&bed.world, "tomas", &[Role::Admin]).await;
    let new = |slug: &str, email: &str| {
        json!({ "tenant_id": slug, "name": "Halden Tea",
            "owner": { "name": "Olga", "email": email, "password": "seventeen quiet teapots" } })
    };
    let make = |body: &Value| Call::post("/api/v1/swarm/tenants").token(&token).json(body);
    let made = bench
        .call(make(&new("t_tea", "olga@tea.example")))
        .await
        .ok();
    assert_eq!(
        (&made.body["slug"], &made.body["name"]),
        (&json!("t_tea"), &json!("Halden Tea"))
    );
    for (body, code) in [
        (new("t_tea", "else@tea.example"), "TENANT_TAKEN"),
        (new("t_milk", "olga@tea.example"), "EMAIL_TAKEN"),
        (new("tea", "else@tea.example"), "VALIDATION_ERROR"),
    ] {
        assert_eq!(bench.call(make(&body)).await.code(), code, "{body}");
    }
    let listed = bench.get(&token, "/api/v1/swarm/tenants").await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);

    let sign_in = json!({ "email": "olga@tea.example", "password": "seventeen quiet teapots" });
    let olga = bench
        .call(Call::post("/api/v1/session").json(&sign_in))
        .await
        .ok();
    let olga = olga.body["token"].as_str().unwrap().to_owned();
    let me = bench.get(&olga, "/api/v1/session").await;
    assert_eq!(
        (&me["tenant"]["slug"], &me["solo"]),
        (&json!("t_tea"), &json!(true))
    );
    assert!(!me["may"].as_array().unwrap().contains(&json!("tenants")));
    let theirs = bench.get(&olga, "/api/v1/campaigns").await;
    assert_eq!(theirs["items"], json!([]));
    let list = Call::get("/api/v1/swarm/tenants").token(&olga);
    assert_eq!(bench.call(list).await.code(), "FORBIDDEN");
    let audit = bench.get(&olga, "/api/v1/audit").await;
    assert!(audit.to_string().contains("tenant.create"), "{audit}");
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_everywhere_at_once_and_with_the_password() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (user, first) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let here = |token: &str| Call::get("/api/v1/session").token(token);

    // Everywhere at once.
    let second = bench.token(&bed.world, &user).await;
    let places = bench.get(&first, "/api/v1/sessions").await;
    assert_eq!(places["items"].as_array().unwrap().len(), 2);
    let marks: Vec<&Value> = places["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["here"])
        .collect();
    assert!(marks.contains(&&json!(true)) && marks.contains(&&json!(false)));
    let all = bench
        .call(Call::new("DELETE", "/api/v1/sessions").token(&first))
        .await
        .ok();
    let cookie = all.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("Max-Age=0"), "{cookie}");
    for token in [&first, &second] {
        assert_eq!(bench.call(here(token)).await.code(), "UNAUTHENTICATED");
    }
    // A new password set by an admin puts out whoever came in with the one before.
    let third = bench.token(&bed.world, &user).await;
    let (_, admin) = bench.person(&bed.world, "admin", ALL_ROLES).await;
    let change = json!({ "name": "Tomas", "roles": ["viewer"], "disabled": false, "password": "nineteen loud kettles" });
    let path = format!("/api/v1/users/{}", user.id);
    bench
        .call(Call::put(&path).token(&admin).json(&change))
        .await
        .ok();
    assert_eq!(bench.call(here(&third)).await.code(), "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_persons_session_that_nobody_uses_for_a_day_has_ended_and_a_token_of_a_script_has_not() {
    let bench = Bench::new().await;
    let bed = bench.bed(bench.world.clone()).await;
    let (user, _) = bench.person(&bed.world, "tomas", ALL_ROLES).await;
    let mut secrets = Vec::new();
    for kind in [SessionKind::Person, SessionKind::Token] {
        let secret = token::mint().unwrap();
        let session = Session {
            token: token::digest(&secret).unwrap(),
            expires_at: bench.world.now() + Span::seconds(30 * 86_400),
            kind,
            ..bed.world.session(&user)
        };
        let stored = bench.store.create_session(&session, Vec::new());
        stored.await.unwrap();
        secrets.push(secret);
    }
    let here = |token: &str| Call::get("/api/v1/session").token(token);
    for (hours, person) in [(23, true), (25, false)] {
        bench.world.pass(hours * 3_600);
        let found = bench.call(here(&secrets[0])).await.status.is_success();
        assert_eq!(found, person, "after {hours} hours more");
        bench.call(here(&secrets[1])).await.ok();
    }
}

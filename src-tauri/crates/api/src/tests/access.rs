//! Who may what, found out by asking: every address of the router as each role, against the reviewed table in
//! `specs/access.md`. Its rules are `authz/src/access.policy`.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use axum::http::StatusCode;
use chimera_authz as authz;
use chimera_contract::endpoint::{self, Endpoint, Group};
use chimera_domain::role::Role;
use chimera_ports::store::{People, SessionKind};
use chimera_testkit::World;
use tower::ServiceExt;

use super::{
    bench::{Bench, Call},
    sweep::{Ids, Swept, call, rows, swept},
};
use crate::routes::{addresses, check_rules};

const HEAD: &str = "# Who may ask for what\n\n\
    Found out by asking a running router, never written by hand: `yes` means that the guard let the request through, `no` \
    that it answered 403 (401 without a token). The rules that it follows are `src-tauri/crates/authz/src/access.policy`. \
    A test asks again and compares; after a change on purpose, read what it found, and put it here.\n\n\
    *admin+* is an admin of the installation's first workspace, *key* an API key of that workspace with every role, \
    *nobody* comes without a token.\n";

/// Who asks, in the order of the table.
fn columns() -> Vec<(&'static str, Vec<Role>)> {
    let mut columns = vec![("admin+", vec![Role::Admin])];
    columns.extend(Role::ALL.map(|role| (role.as_str(), vec![role])));
    columns.push(("key", Role::ALL.to_vec()));
    columns
}

/// Who asks: the world of the first tenant for `admin+` and `key`, else another's.
struct Asker<'a> {
    bench: &'a Bench,
    elsewhere: World,
    made: u32,
}

impl Asker<'_> {
    /// A token that nobody used: what is asked for may end the session.
    async fn token(&mut self, column: &str, roles: &[Role]) -> String {
        self.made += 1;
        let name = format!("asker{}", self.made);
        let world = match column {
            "admin+" | "key" => &self.bench.world,
            _ => &self.elsewhere,
        };
        if column != "key" {
            return self.bench.person(world, &name, roles).await.1;
        }
        let (user, _) = self.bench.person(world, &name, roles).await;
        let secret = chimera_door::people::token::mint().unwrap();
        let session = chimera_ports::store::Session {
            token: chimera_door::people::token::digest(&secret).unwrap(),
            kind: SessionKind::Key,
            ..world.session(&user)
        };
        let stored = self.bench.store.create_session(&session, Vec::new());
        stored.await.unwrap();
        secret
    }
}

/// Whether the guard lets a request through. Of an answer that does not end, only the beginning is looked at.
async fn lets_through(bench: &Bench, one: &Endpoint, call: Call) -> bool {
    let response = bench.router.clone().oneshot(call.request()).await.unwrap();
    let status = response.status();
    if !matches!(status, StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED) {
        return true;
    }
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await;
    let body: serde_json::Value = serde_json::from_slice(&bytes.unwrap()).unwrap();
    let code = body["error"]["code"].as_str().unwrap().to_owned();
    // A wrong password is no refusal of the guard.
    assert!(
        ["FORBIDDEN", "UNAUTHENTICATED", "SIGN_IN_FAILED"].contains(&code.as_str()),
        "{}: {code}",
        one.id
    );
    code == "SIGN_IN_FAILED"
}

async fn row(asker: &mut Asker<'_>, one: &Endpoint, ids: &BTreeMap<bool, Ids>) -> Vec<bool> {
    let bench = asker.bench;
    let mut cells = Vec::new();
    for (column, roles) in columns() {
        let token = asker.token(column, &roles).await;
        let first = matches!(column, "admin+" | "key");
        let call = call(one, &ids[&first]).token(&token);
        cells.push(lets_through(bench, one, call).await);
    }
    cells.push(lets_through(bench, one, call(one, &ids[&true])).await);
    cells
}

/// The table, and each endpoint's cells.
async fn asked() -> (String, Vec<(&'static Endpoint, Vec<bool>)>) {
    let Swept { bench, ids } = swept().await;
    let elsewhere = bench.world.other_tenant();
    let theirs = rows(&bench, elsewhere.clone(), "their-admin").await;
    let ids = BTreeMap::from([(true, ids), (false, theirs)]);
    let mut asker = Asker {
        bench: &bench,
        elsewhere,
        made: 0,
    };
    let mut text = HEAD.to_owned();
    let names: Vec<&str> = columns().into_iter().map(|(name, _)| name).collect();
    let _ = writeln!(
        text,
        "\n| Address | Rule | {} | nobody |",
        names.join(" | ")
    );
    let _ = writeln!(text, "| --- | --- |{}", " --- |".repeat(names.len() + 1));
    let mut found = Vec::new();
    for address in addresses(&[]) {
        let (method, path) = address.split_once(' ').unwrap();
        let Some(one) = endpoint::find(method, path) else {
            let _ = writeln!(
                text,
                "| `{address}` | open |{}",
                " yes |".repeat(names.len() + 1)
            );
            assert!(
                lets_through_plainly(&bench, path).await,
                "{address} is not open"
            );
            continue;
        };
        let cells = row(&mut asker, one, &ids).await;
        let rule = match one.group {
            Group::Open => "open".to_owned(),
            group => format!("{} {}", group.words().0, group.words().1),
        };
        let shown: Vec<&str> = cells
            .iter()
            .map(|yes| if *yes { "yes" } else { "no" })
            .collect();
        let _ = writeln!(text, "| `{address}` | {rule} | {} |", shown.join(" | "));
        found.push((one, cells));
    }
    (text, found)
}

async fn lets_through_plainly(bench: &Bench, path: &str) -> bool {
    let response = bench
        .router
        .clone()
        .oneshot(Call::get(path).request())
        .await;
    response.unwrap().status().is_success()
}

#[tokio::test]
async fn the_table_of_roles_and_addresses_is_the_one_that_was_reviewed() {
    let (text, found) = asked().await;
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../.."));
    let committed = fs::read_to_string(root.join("specs/access.md")).unwrap_or_default();
    if committed != text {
        let beside = root.join("target/access.md");
        fs::write(&beside, &text).unwrap();
        let changed: Vec<&str> = text
            .lines()
            .filter(|line| !committed.contains(line))
            .collect();
        panic!(
            "who may what has changed:\n{}\nThe whole of it is in {}; if it is meant, it belongs in specs/access.md.",
            changed.join("\n"),
            beside.display()
        );
    }
    // What was found by asking is what the text says, column by column.
    for (one, cells) in found {
        for ((column, roles), yes) in columns().into_iter().zip(&cells) {
            let seat = authz::Seat {
                roles: &roles,
                here_first: matches!(column, "admin+" | "key"),
                key: column == "key",
            };
            assert_eq!(*yes, seat.may(one.group), "{column} on {}", one.id);
        }
        assert_eq!(
            cells.last(),
            Some(&(one.group == Group::Open)),
            "{}",
            one.id
        );
    }
}

#[tokio::test]
async fn a_refusal_names_the_roles_that_may() {
    let Swept { bench, ids } = swept().await;
    let world = bench.world.clone();
    let (_, token) = bench.person(&world, "viewer", &[Role::Viewer]).await;
    let one = endpoint::all()
        .find(|one| one.id == "decide_review")
        .unwrap();
    let reply = bench.call(call(one, &ids).token(&token)).await;
    assert_eq!(reply.code(), "FORBIDDEN");
    assert_eq!(
        reply.body["error"]["details"]["roles"],
        serde_json::json!(["admin", "operator", "moderator"])
    );
}

#[tokio::test]
async fn an_admin_of_another_workspace_is_told_that_it_is_the_workspace_and_not_the_role() {
    let Swept { bench, ids } = swept().await;
    let stranger = bench.world.other_tenant();
    rows(&bench, stranger.clone(), "their-admin").await;
    let reply_to = async |world: &World, id: &str, roles: &[Role]| {
        let (_, token) = bench.person(world, &format!("{id}-{roles:?}"), roles).await;
        let one = endpoint::all().find(|one| one.id == id).unwrap();
        let reply = bench.call(call(one, &ids).token(&token)).await;
        assert_eq!(reply.code(), "FORBIDDEN");
        reply.body["error"]["message"].as_str().unwrap().to_owned()
    };
    let put_model = endpoint::all()
        .find(|one| one.method.as_str() == "PUT" && one.path == "/api/v1/connections/model")
        .unwrap();
    let elsewhere = reply_to(&stranger, put_model.id, &[Role::Admin]).await;
    assert!(
        elsewhere.contains("only its first workspace may"),
        "{elsewhere}"
    );
    for (world, roles) in [(&stranger, [Role::Viewer]), (&bench.world, [Role::Viewer])] {
        let plain = reply_to(world, put_model.id, &roles).await;
        assert!(
            plain.starts_with("Your roles do not allow this."),
            "{plain}"
        );
    }
}

#[test]
fn every_address_of_the_router_has_its_rule_and_one_without_is_refused() {
    assert_eq!(check_rules(&["/mcp"]), Ok(()));
    let mut addresses = addresses(&["/mcp"]);
    assert!(addresses.len() > 100, "{}", addresses.len());
    addresses.push("GET /api/v1/secrets".to_owned());
    let wrong = authz::check(&addresses).unwrap_err();
    assert_eq!(
        wrong,
        [authz::NoRule::Unruled("GET /api/v1/secrets".into())]
    );
}

#[test]
fn the_list_of_endpoints_is_the_routers() {
    let beside = |address: &String| {
        let path = address.split_once(' ').unwrap().1;
        !path.starts_with("/api/v1/") && !path.contains('{')
    };
    let mut routed: Vec<String> = addresses(&[]);
    routed.retain(|address| !beside(address));
    routed.sort();
    let mut declared: Vec<String> = endpoint::all()
        .map(|one| format!("{} {}", one.method.as_str(), one.path))
        .collect();
    declared.sort();
    assert_eq!(routed, declared);
}

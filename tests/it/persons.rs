//! A person's data over the API and the command line: handed out with where each piece lies, erased after it was shown,
//! and erased to the end also by the next process.
//!
//! Never here: what counts as a match (`domain::person`), each kind of row (`store`).

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{
    Api, Daemon, Home, Item, SOON, World,
    audited::{Database, signing_home, verify},
    brew, finished, rss, until,
};

/// Longest run of a command over a small installation.
const RUNS_WITHIN: Duration = Duration::from_secs(60);
const NAME: &str = "Theodora Quill";

async fn kept(api: &Api, identifiers: &[&str]) -> Value {
    let asked = json!({ "identifiers": identifiers });
    api.post("/api/v1/persons/export", asked).await.ok()
}

fn shelves(bundle: &Value, staying: bool) -> Vec<&str> {
    let places = bundle["places"].as_array().unwrap();
    let mut names: Vec<&str> = places
        .iter()
        .filter(|place| place["stays"].is_null() != staying)
        .map(|place| place["shelf"].as_str().unwrap())
        .collect();
    names.dedup();
    names
}

/// A campaign that read of the person, and is over.
async fn read_of(world: &World) {
    let mut items = brew();
    items.push(Item::new(
        "quill",
        &format!("Cold brew on tap: {NAME} opens a bar"),
        &format!("Cold brew on tap, says {NAME}, is here to stay. It saves 40 seconds a glass."),
        1,
    ));
    let feed = world.home().write("feeds/quill.xml", rss(&items));
    let agent = world.agent().to_owned();
    let goal = "One post about cold brew on tap";
    let campaign = world
        .started(&agent, goal, &feed.display().to_string())
        .await;
    world.review(&campaign).await;
    let cancel = format!("/api/v1/campaigns/{campaign}/cancel");
    world.api().post(&cancel, json!({})).await.ok();
}

#[tokio::test]
async fn what_is_kept_is_shown_then_erased_and_what_stays_says_why() {
    let world = World::at(signing_home()).await;
    read_of(&world).await;
    let api = world.api();
    let erase = |confirm: &str| {
        let body =
            json!({ "identifiers": [NAME], "reason": format!("{NAME} asked"), "confirm": confirm });
        async move { api.post("/api/v1/persons/erase", body).await }
    };
    erase("00000000").await.refused(409, "SHOWN_CHANGED");
    // Agents write down what happened a moment behind: what was shown counts, and nothing else.
    let (found, erased) = until("what was shown is erased", SOON, || async {
        let found = kept(api, &[NAME]).await;
        let erased = erase(found["confirm"].as_str().unwrap()).await;
        (erased.status == 200).then_some((found, erased.body))
    })
    .await;
    assert!(shelves(&found, false).contains(&"trends"), "{found:#}");
    assert_eq!(erased["pseudonym"], found["pseudonym"]);
    assert!(erased["changed"]["trends"].as_u64() > Some(0), "{erased:#}");
    let left = kept(api, &[NAME]).await;
    assert_eq!(shelves(&left, false), Vec::<&str>::new(), "{left:#}");
    let acts = api.all("/api/v1/audit?action=person.").await;
    let told = json!(acts).to_string();
    assert!(
        told.contains(found["pseudonym"].as_str().unwrap()) && !told.contains(NAME),
        "{told}"
    );
    let home = world.closed().await;
    let checked = verify(&home, &[]).await;
    assert_eq!((checked.code, checked.kinds()), (Some(0), vec![]));
}

#[tokio::test]
async fn an_account_goes_but_not_the_last_that_can_do_everything() {
    let world = World::at(signing_home()).await;
    let api = world.api();
    let mail = "mod@roastery.example";
    let person = json!({ "name": "Mo Derator", "email": mail, "password": "a long enough one", "roles": ["moderator"] });
    let user = api.post("/api/v1/users", person).await.ok();
    let sign_in = json!({ "email": mail, "password": "a long enough one" });
    api.post("/api/v1/session", sign_in.clone()).await.ok();
    let found = kept(api, &[mail]).await;
    assert_eq!(found["account"]["user"], user["id"]);
    assert_eq!(found["account"]["last_admin"], false);
    let body = json!({ "identifiers": [mail], "reason": "left", "confirm": found["confirm"] });
    api.post("/api/v1/persons/erase", body).await.ok();
    for name in [
        "chimera.db",
        "chimera.db-wal",
        "spans.sqlite",
        "spans.sqlite-wal",
    ] {
        let bytes = std::fs::read(world.home().data().join(name)).unwrap();
        for gone in [mail, "Mo Derator"] {
            let is_there = bytes
                .windows(gone.len())
                .any(|part| part == gone.as_bytes());
            assert!(!is_there, "{gone} is still in {name}");
        }
    }
    api.post("/api/v1/session", sign_in)
        .await
        .refused(401, "SIGN_IN_FAILED");
    let left = api
        .get(&format!("/api/v1/users/{}", user["id"].as_str().unwrap()))
        .await;
    assert!(!left.to_string().contains("Derator") && !left.to_string().contains(mail));
    // Whoever acted stays named, by key.
    let acts = api.all("/api/v1/audit?action=session.begin").await;
    assert!(
        json!(acts)
            .to_string()
            .contains(user["id"].as_str().unwrap())
    );
}

async fn person(home: &Home, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = home.chimerad();
    command.arg("person").args(arguments);
    let (code, said, noted) = finished(command, RUNS_WITHIN).await;
    (code, format!("{said}{noted}"))
}

#[tokio::test]
async fn the_command_line_shows_first_and_a_broken_off_erasure_is_ended_by_the_next_process() {
    let world = World::at(signing_home()).await;
    read_of(&world).await;
    let home = world.closed().await;
    let (code, said) = person(&home, &["erase", NAME, "--reason", "asked"]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("nothing was erased yet") && said.contains("--confirm"),
        "{said}"
    );

    // As a process leaves it that dies between noting and doing.
    let database = Database::of(&home);
    database
        .alter(
            "INSERT INTO settings (tenant_id, key, value) SELECT tenant_id, 'person.erasing', json_object( \
                 'by', id, 'reason', 'asked', 'pseudonym', 'person-000000000000', \
                 'identifiers', json('[{\"kind\":\"name\",\"value\":\"theodora quill\"}]'), \
                 'account', NULL, 'kept', json('{}')) FROM users LIMIT 1",
        )
        .await;
    let daemon = Daemon::start(&home).await;
    until("the erasure is ended", SOON, || async {
        let left = kept(daemon.api(), &[NAME]).await;
        shelves(&left, false).is_empty().then_some(())
    })
    .await;
    let acts = daemon.api().all("/api/v1/audit?action=person.erase").await;
    assert_eq!(acts.len(), 1, "{acts:#?}");
    daemon.stop().await;
    assert_eq!(
        Database::of(&home)
            .number("SELECT count(*) FROM settings WHERE key = 'person.erasing'")
            .await,
        0
    );
    let file = home.at("person.json").display().to_string();
    let (code, said) = person(&home, &["export", NAME, "--to", &file]).await;
    assert_eq!(code, Some(0), "{said}");
    let bundle: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(bundle["identifiers"], json!(["theodora quill"]));
}

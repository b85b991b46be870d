//! Another tenant's ids, everywhere that the router's own list of addresses lets one be put: in the address, the query, a
//! cursor, the body, a version, a repeated write, the stream. The answer is that for an id that does not exist, nothing
//! is touched, and the tenant whose thing it is finds an incident (SEC-08).

use std::{collections::BTreeSet, time::Duration};

use chimera_contract::endpoint::{self, Endpoint, Precondition};
use chimera_domain::{change::Incident, id::TenantId};
use chimera_ports::{
    page::{MAX_PAGE_ROWS, PageRequest},
    store::{IncidentFilter, Log, Reviews},
};
use chimera_testkit::World;
use serde_json::{Value, json};

use super::{
    bench::{ALL_ROLES, Bench, Call, Reply},
    sweep::{Ids, Swept, body, call, rows, swept},
};
use crate::{document, routes::addresses};

/// Names in addresses by which no incident can be reported, because no row of anybody has such an id.
const NO_IDS: [(&str, &str); 5] = [
    ("number", "of a version: each tenant counts its own from 1"),
    ("key", "a tenant's own word, another key in each tenant"),
    (
        "server",
        "a tenant's own word, another server in each tenant",
    ),
    (
        "post",
        "of the sandbox network, which counts from p1 in each tenant: naming one is no sign of having seen it",
    ),
    (
        "question",
        "a time and a count of this process, forgotten with it and kept in no row that could name its owner",
    ),
];
/// Looks for an incident, and the pause between two of them: it is written beside the answer.
const LOOKS: u32 = 2_000;
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What exists nowhere, in the form of `id`.
fn nowhere(name: &str, id: &str) -> String {
    match name {
        "tenant" => "t_nowhere".to_owned(),
        "key" | "server" | "post" | "number" | "question" => "nowhere".to_owned(),
        _ if id.len() == 32 => "f".repeat(32),
        _ => "ffffffff-ffff-7fff-bfff-ffffffffffff".to_owned(),
    }
}

/// An answer with what must differ taken out: the id that was asked for, the time, the request's number.
fn bare(reply: &Reply, asked: &str) -> (u16, String, Vec<String>) {
    let mut body = reply.body.clone();
    if let Some(error) = body.get_mut("error") {
        error["timestamp"] = json!("");
    }
    let mut headers: Vec<String> = reply
        .headers
        .iter()
        .filter(|(name, _)| *name != "x-request-id")
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .filter(|line| !line.starts_with("content-length"))
        .collect();
    headers.sort();
    let text = body.to_string().replace(asked, "ASKED");
    (reply.status.as_u16(), text, headers)
}

struct Case {
    what: String,
    foreign: String,
    nowhere: String,
    with_foreign: Call,
    with_nowhere: Call,
    /// Whether it names a thing of the other tenant, and not a word of one's own.
    is_id: bool,
}

impl Case {
    /// A request in which `name` is theirs, beside the same in which it is nobody's.
    fn new(what: String, name: &str, foreign: &str, with: impl Fn(&str) -> Call) -> Self {
        let nowhere = nowhere(name, foreign);
        Self {
            what,
            with_foreign: with(foreign),
            with_nowhere: with(&nowhere),
            foreign: foreign.to_owned(),
            nowhere,
            is_id: NO_IDS.iter().all(|(word, _)| *word != name),
        }
    }
}

/// Every way to put another tenant's id into a request to `one`. Beside it stand one's own, so that it alone is wrong.
fn cases(one: &'static Endpoint, own: &Ids, theirs: &Ids) -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, foreign) in theirs.iter().filter(|(name, id)| own[*name] != **id) {
        if one.path.contains(&format!("{{{name}}}")) {
            let with = |value: &str| {
                let mut ids = own.clone();
                ids.insert(*name, value.to_owned());
                call(one, &ids)
            };
            let what = format!("{} with their {name}", one.id);
            cases.push(Case::new(what, name, foreign, with));
        }
    }
    let plain = body(one, own).unwrap_or_default().to_string();
    for (name, mine) in own {
        if mine.len() > 30 && plain.contains(mine.as_str()) {
            let with = |value: &str| {
                let body: Value =
                    serde_json::from_str(&plain.replace(mine.as_str(), value)).unwrap();
                call(one, own).json(&body)
            };
            let what = format!("{} with their {name} in the body", one.id);
            cases.push(Case::new(what, name, &theirs[name], with));
        }
    }
    cases.extend(in_query(one, own, theirs));
    cases
}

/// The same in the query, by the parameters that the document of the API names.
fn in_query(one: &'static Endpoint, own: &Ids, theirs: &Ids) -> Vec<Case> {
    let document = document();
    let operation = &document["paths"][one.path][one.method.as_str().to_lowercase()];
    let parameters = operation["parameters"].as_array().cloned();
    let mut cases = Vec::new();
    for parameter in parameters.unwrap_or_default() {
        let Some((name, foreign)) = theirs
            .iter()
            .find(|(name, _)| parameter["in"] == "query" && parameter["name"] == **name)
        else {
            continue;
        };
        let with = |value: &str| call(one, own).query(name, value);
        let what = format!("{} filtered by their {name}", one.id);
        cases.push(Case::new(what, name, foreign, with));
    }
    cases
}

async fn incidents(bench: &Bench, tenant: TenantId) -> Vec<Incident> {
    let page = PageRequest::first(MAX_PAGE_ROWS);
    bench
        .store
        .incidents(tenant, IncidentFilter::default(), page)
        .await
        .unwrap()
        .items
}

/// The incidents once there are more than `before`.
async fn one_more(
    bench: &Bench,
    tenant: TenantId,
    known: &BTreeSet<String>,
    what: &str,
) -> Incident {
    for _ in 0..LOOKS {
        let found = incidents(bench, tenant).await;
        let new = found
            .into_iter()
            .find(|one| !known.contains(&one.id.to_string()));
        if let Some(new) = new {
            return new;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    panic!("{what}: no incident was reported");
}

/// The question and the post that the sweep named are there for their own people, and nobody has answered.
async fn is_asked_still(bench: &Bench, question: &str) {
    let (_, token) = bench.person(&bench.world, "asked", ALL_ROLES).await;
    let post = Call::get("/api/v1/sandbox/posts/p-1").token(&token);
    assert_eq!(bench.call(post).await.ok().body["post"]["post_id"], "p-1");
    let path = "/api/v1/connections/questions";
    let waits = bench.call(Call::get(path).token(&token)).await.ok();
    assert_eq!(waits.body["items"][0]["id"], question, "{}", waits.text);
    let own = Call::post(format!("{path}/{question}")).token(&token);
    bench
        .call(own.json(&json!({ "action": "decline" })))
        .await
        .ok();
    let waits = bench.call(Call::get(path).token(&token)).await.ok();
    assert_eq!(waits.body["items"], json!([]), "that was its answer");
}

#[tokio::test]
async fn another_tenants_ids_are_ids_of_nothing_everywhere_and_each_attempt_is_an_incident() {
    let Swept { bench, ids: theirs } = swept().await;
    let stranger = bench.world.other_tenant();
    let own = rows(&bench, stranger.clone(), "stranger").await;
    let victim = bench.world.tenant;
    let review = theirs["review"].parse().unwrap();
    let before = bench.store.review(victim, review).await.unwrap();
    let (mut swept, mut reported) = (0, 0);
    let mut known = BTreeSet::new();
    for address in addresses(&[]) {
        let (method, path) = address.split_once(' ').unwrap();
        let Some(one) = endpoint::find(method, path) else {
            continue;
        };
        for (at, case) in cases(one, &own, &theirs).into_iter().enumerate() {
            let what = case.what;
            // Somebody new each time: what is asked for may end the session, and each account is listed for a while.
            let who = format!("stranger{at}-{}", one.id);
            let (_, token) = bench.person(&stranger, &who, ALL_ROLES).await;
            bench.release(&token).await;
            let foreign = bench.call(case.with_foreign.token(&token)).await;
            let (_, token) = bench
                .person(&stranger, &format!("{who}-2"), ALL_ROLES)
                .await;
            let none = bench.call(case.with_nowhere.token(&token)).await;
            assert_eq!(
                bare(&foreign, &case.foreign),
                bare(&none, &case.nowhere),
                "{what}: the answer tells that it is there"
            );
            for id in theirs.values().filter(|id| id.len() > 30) {
                let asked = *id == case.foreign;
                assert!(
                    asked || !foreign.text.contains(id.as_str()),
                    "{what} shows {id}"
                );
            }
            swept += 1;
            if case.is_id {
                let incident = one_more(&bench, victim, &known, &what).await;
                assert_eq!(
                    (incident.kind.as_str(), incident.blocked),
                    ("permission", true)
                );
                assert!(
                    incident.detail.contains(one.path),
                    "{what}: {}",
                    incident.detail
                );
                known.insert(incident.id.to_string());
                reported += 1;
            }
        }
    }
    assert!(
        swept > 60 && reported > 50,
        "the sweep was empty: {swept}, {reported}"
    );
    let after = bench.store.review(victim, before.review_id).await.unwrap();
    assert_eq!(after, before, "nothing was touched");
    is_asked_still(&bench, &theirs["question"]).await;
    // The one who tried finds nothing of it in any list of its own.
    assert_eq!(incidents(&bench, stranger.tenant).await, []);
    let page = PageRequest::first(MAX_PAGE_ROWS);
    let audit = bench.store.audit(stranger.tenant, Default::default(), page);
    let told = audit.await.unwrap();
    let told = told.items.iter().map(|entry| entry.record.action.as_str());
    assert!(!told.collect::<Vec<_>>().contains(&"security.cross_tenant"));
}

#[tokio::test]
async fn whoever_may_not_even_ask_is_an_incident_as_well_and_is_told_nothing_else() {
    let Swept { bench, ids: theirs } = swept().await;
    let stranger = bench.world.other_tenant();
    let own = rows(&bench, stranger.clone(), "stranger").await;
    let (_, token) = bench
        .person(&stranger, "viewer", &[chimera_domain::role::Role::Viewer])
        .await;
    let one = endpoint::all()
        .find(|one| one.id == "decide_review")
        .unwrap();
    let with = |review: &str| {
        let mut ids = own.clone();
        ids.insert("review", review.to_owned());
        call(one, &ids).token(&token)
    };
    let foreign = bench.call(with(&theirs["review"])).await;
    assert_eq!(foreign.code(), "FORBIDDEN");
    let none = bench
        .call(with(&nowhere("review", &theirs["review"])))
        .await;
    assert_eq!(bare(&foreign, "\n"), bare(&none, "\n"));
    one_more(&bench, bench.world.tenant, &BTreeSet::new(), "a viewer").await;
    // The alert names the code that has a page, once an hour for the same account.
    let alerts = bench
        .store
        .alerts(bench.world.tenant, PageRequest::first(MAX_PAGE_ROWS))
        .await
        .unwrap();
    let codes: Vec<&str> = alerts.items.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(
        codes
            .iter()
            .filter(|code| **code == "CROSS_TENANT_ATTEMPT")
            .count(),
        1,
        "{codes:?}"
    );
}

#[tokio::test]
async fn an_id_among_a_crowd_of_others_is_an_incident_all_the_same() {
    let Swept { bench, ids: theirs } = swept().await;
    let stranger: World = bench.world.other_tenant();
    rows(&bench, stranger.clone(), "stranger").await;
    let (_, token) = bench.person(&stranger, "sly", ALL_ROLES).await;
    let mut ask = Call::get(format!("/api/v1/campaigns/{}", theirs["campaign"])).token(&token);
    for number in 0..300_u128 {
        let other = uuid::Uuid::from_u128(number).to_string();
        ask = ask
            .query(&format!("a{number}"), &other)
            .query(&format!("b{number}"), "t_x");
    }
    assert_eq!(bench.call(ask).await.code(), "NOT_FOUND");
    let incident = one_more(&bench, bench.world.tenant, &BTreeSet::new(), "a crowd").await;
    assert_eq!(
        incident.campaign.map(|id| id.to_string()),
        Some(theirs["campaign"].clone())
    );
}

#[tokio::test]
async fn a_cursor_a_version_and_a_repeated_write_of_another_tenant_are_worth_nothing() {
    let Swept { bench, ids: theirs } = swept().await;
    let stranger = bench.world.other_tenant();
    let own = rows(&bench, stranger.clone(), "stranger").await;
    let (_, their_token) = bench.person(&bench.world, "owner", ALL_ROLES).await;
    let (_, token) = bench.person(&stranger, "reader", ALL_ROLES).await;
    bench.release(&token).await;
    bench.release(&their_token).await;

    // A cursor: every list that pages, behind a row of theirs.
    let mut cursors = 0;
    for one in endpoint::all().filter(|one| one.method.as_str() == "GET") {
        if matches!(one.id, "events" | "export_audit") {
            continue;
        }
        let first = call(one, &theirs).query("limit", "1").token(&their_token);
        let reply = bench.call(first).await;
        let Some(cursor) = reply.body["next"].as_str().map(str::to_owned) else {
            continue;
        };
        let mine = call(one, &own).query("after", &cursor).token(&token);
        let reply = bench.call(mine).await;
        for id in theirs.values().filter(|id| id.len() > 30) {
            assert!(!reply.text.contains(id.as_str()), "{} shows {id}", one.id);
        }
        cursors += 1;
    }
    assert!(cursors >= 2, "no list had a second page: {cursors}");

    // A version: theirs is as good as none.
    for one in endpoint::all().filter(|one| one.precondition == Precondition::Required) {
        let read = endpoint::find("GET", one.path).map(|read| call(read, &theirs));
        let Some(read) = read else { continue };
        let Some(etag) = bench
            .call(read.token(&their_token))
            .await
            .headers
            .get("etag")
            .map(|etag| etag.to_str().unwrap().to_owned())
        else {
            continue;
        };
        // Policies and price lists count from 0 in each tenant: a number is no id.
        if etag.len() < 30 {
            continue;
        }
        let mine = call(one, &own).with("if-match", &etag).token(&token);
        let none = call(one, &own).token(&token);
        let (mine, none) = (bench.call(mine).await, bench.call(none).await);
        assert_eq!(bare(&mine, "\n"), bare(&none, "\n"), "{}", one.id);
        assert!(!mine.status.is_success(), "{}", one.id);
    }

    // A repeated write: the key of another tenant's answer is a fresh one here.
    let new = |ids: &Ids, token: &str| {
        let one = endpoint::all()
            .find(|one| one.id == "create_campaign")
            .unwrap();
        call(one, ids).with("idempotency-key", "same").token(token)
    };
    let first = bench.call(new(&theirs, &their_token)).await.ok();
    let second = bench.call(new(&own, &token)).await.ok();
    assert!(second.headers.get("idempotency-replayed").is_none());
    assert_ne!(first.body["id"], second.body["id"]);
}

#[tokio::test]
async fn the_listing_of_attempts_is_bounded_for_an_account_and_goes_on_later() {
    let Swept { bench, ids: theirs } = swept().await;
    let stranger: World = bench.world.other_tenant();
    rows(&bench, stranger.clone(), "stranger").await;
    let (_, token) = bench.person(&stranger, "loud", ALL_ROLES).await;
    let ask = || Call::get(format!("/api/v1/campaigns/{}", theirs["campaign"])).token(&token);
    let mut known = BTreeSet::new();
    let tasks = tokio::runtime::Handle::current().metrics();
    let at_rest = tasks.num_alive_tasks();
    for _ in 0..120 {
        assert_eq!(bench.call(ask()).await.code(), "NOT_FOUND");
        let new = one_more(&bench, bench.world.tenant, &known, "within the bound").await;
        known.insert(new.id.to_string());
    }
    for _ in 0..5 {
        assert_eq!(bench.call(ask()).await.code(), "NOT_FOUND");
    }
    // Each is counted beside its answer: one that is still under way would be counted in the next hour.
    for _ in 0..LOOKS {
        if tasks.num_alive_tasks() <= at_rest {
            break;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    assert!(tasks.num_alive_tasks() <= at_rest, "a look never ended");
    bench.world.pass(3_600);
    let (_, token) = bench.person(&stranger, "later", ALL_ROLES).await;
    let again = Call::get(format!("/api/v1/campaigns/{}", theirs["campaign"])).token(&token);
    bench.call(again).await;
    one_more(&bench, bench.world.tenant, &known, "an hour later").await;
    // The five in between are in the log of the process alone.
    assert_eq!(incidents(&bench, bench.world.tenant).await.len(), 121);
}

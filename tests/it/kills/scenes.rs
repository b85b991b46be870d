//! Scenes: whoever plays one looks at how things stand and makes the next move, as a person would after a power cut.
//! What is there is not made again; a connection that breaks is no answer, and is looked after.
//!
//! Never here: who dies where.

use chimera_boot::SystemClock;
use chimera_domain::time::Span;
use chimera_ports::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    aged,
    life::{Answer, Life},
};
use crate::support::{FeedServer, Home, Page, brew, rss, small_embedder};

/// A story that comes by certain steps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Scene {
    /// From nothing to a post, with a person's approval; somebody embeds what is remembered.
    Post,
    /// The same until the network told its figures.
    Figures,
    /// The agent pauses and goes on; pause, new budget, resume, undo, a step called off; another campaign called off.
    Turns,
    /// A review that nobody decides, a deadline that passes, alerts that are acknowledged.
    Waits,
    /// A source is dead: tried again, given up, and planned around; where there is no other, the step is done again by a
    /// person once the source is back.
    Fails,
    /// A post went out and its answer was lost; a person says what the account has.
    Unheard,
    /// Work that takes longer than its lease.
    Slow,
    /// The first owner, sessions, accounts, settings, a persona's next version, a person's data.
    People,
    /// What is there was made long ago, and goes by the clock.
    Aged,
}

impl Scene {
    /// What its lives are started with.
    pub(super) const fn life(self) -> &'static [&'static str] {
        match self {
            Self::Unheard => &["--mute"],
            Self::Slow => &["--lease-ms", "900", "--thinks-ms", "1000"],
            _ => &[],
        }
    }

    /// Where its lives are lived.
    pub(super) fn home(self) -> Home {
        match self {
            Self::Aged => aged::home(),
            Self::Post => {
                let home = Home::new().with_loopback();
                let embedder = small_embedder(&home);
                home.with("CHIMERA_MEMORY__EMBEDDER_FOLDER", embedder.display())
            }
            _ => Home::new().with_loopback(),
        }
    }

    /// What its policy has that the one that ships has not.
    fn policy(self) -> Value {
        let by_rule = json!({ "auto_above": 0.1, "review_from": 0.1, "must_approve_from": 0.1 });
        let by_person = json!({ "auto_above": 1.0, "review_from": 0.1, "must_approve_from": 0.1 });
        match self {
            // Long enough to be taken back in.
            Self::Turns => json!({ "hold_seconds": 600, "bands": by_person }),
            Self::Waits => json!({ "review_ttl_seconds": 1, "bands": by_person }),
            Self::Fails => json!({ "hold_seconds": 1, "bands": by_rule, "max_retries": 1 }),
            // A task that dies with its process is begun again.
            Self::Slow | Self::Unheard => {
                json!({ "hold_seconds": 1, "bands": by_rule, "max_retries": 20 })
            }
            _ => json!({ "hold_seconds": 1, "bands": by_person }),
        }
    }
}

/// Where the feed lies that is dead until it is mended.
const LATE: &str = "/late";

/// The feeds of a scene.
pub(super) struct Feeds {
    sound: String,
    dead: String,
    /// Dead until it is mended.
    late: String,
    server: FeedServer,
}

pub(super) async fn feeds(home: &Home) -> Feeds {
    let server = FeedServer::start(vec![]).await;
    Feeds {
        sound: home
            .write("feeds/brew.xml", rss(&brew()))
            .display()
            .to_string(),
        dead: server.url("/gone"),
        late: server.url(LATE),
        server,
    }
}

impl Feeds {
    /// What was dead at first is there.
    fn mend(&self) {
        self.server.put(LATE, Page::plain(rss(&brew())));
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn is_over(campaign: &Value) -> bool {
    ["COMPLETED", "FAILED", "CANCELLED"].contains(&text(&campaign["status"]))
}

/// Makes the next moves; `Some(true)` when there is nothing left to do.
pub(super) async fn play(scene: Scene, life: &Life, feeds: &Feeds) -> Option<bool> {
    match scene {
        Scene::People => return people(life).await,
        Scene::Aged => return taken_out(life).await,
        _ => {}
    }
    let agent = agent(life).await?;
    policy(life, scene.policy()).await?;
    let first = campaign(life, "first", &agent, scene, feeds).await?;
    if text(&first["status"]) == "DRAFT" {
        return start(life, &first, scene, feeds).await;
    }
    match scene {
        Scene::Turns => turns(life, &agent, &first, feeds).await,
        Scene::Waits => waits(life, &agent, &first, feeds).await,
        Scene::Unheard => unheard(life, &first).await,
        Scene::Figures if is_over(&first) => {
            let posts = life.list("/api/v1/publications").await?;
            Some(posts.iter().all(|post| !post["engagement"].is_null()))
        }
        Scene::Post if is_over(&first) => forgets(life, &agent).await,
        Scene::Post | Scene::Figures => {
            approve(life).await?;
            Some(is_over(&first))
        }
        Scene::Fails => fails(life, &agent, &first, feeds).await,
        Scene::Slow | Scene::People | Scene::Aged => Some(is_over(&first)),
    }
}

/// Whether a worker has a task in hand.
pub(super) async fn somebody_works(life: &Life) -> bool {
    let gauge = life.get("/api/v1/swarm/gauge").await.unwrap_or_default();
    gauge["tasks_working"].as_u64().unwrap_or_default() > 0
}

async fn agent(life: &Life) -> Option<String> {
    let agents = life.list("/api/v1/swarm/agents").await?;
    if let Some(agent) = agents.first() {
        return Some(text(&agent["id"]).to_owned());
    }
    let made = life
        .post(
            "/api/v1/personas",
            json!({ "soul": chimera_boot::starter_soul() }),
        )
        .await?;
    made.body["agent"].as_str().map(str::to_owned)
}

async fn policy(life: &Life, wanted: Value) -> Option<()> {
    let now = life.get("/api/v1/policy").await?;
    let mut document = now["document"].clone();
    for (name, value) in wanted.as_object()? {
        document[name] = value.clone();
    }
    if document == now["document"] {
        return Some(());
    }
    let path = "/api/v1/policy";
    life.change(Method::PUT, path, path, document)
        .await
        .map(drop)
}

/// The campaign of this name, made under a key when there is none.
async fn campaign(
    life: &Life,
    name: &str,
    agent: &str,
    scene: Scene,
    feeds: &Feeds,
) -> Option<Value> {
    let found = life.list("/api/v1/campaigns").await?;
    if let Some(found) = found.into_iter().find(|campaign| campaign["name"] == name) {
        return Some(found);
    }
    let feeds = match scene {
        Scene::Fails if name == "first" => json!([feeds.dead, feeds.sound]),
        Scene::Fails => json!([feeds.late]),
        _ => json!([feeds.sound]),
    };
    let new = json!({
        "agent": agent, "name": name, "goal": "One post about cold brew on tap, no health claims", "feeds": feeds,
        "platforms": ["sandbox"], "daily_budget": "5.00", "max_posts_per_day": 10,
    });
    for key in ["made-1", "made-2", "made-3"] {
        let path = "/api/v1/campaigns";
        let key = format!("{name}-{key}");
        let made = life
            .ask(
                Method::POST,
                path,
                Some(new.clone()),
                &[("idempotency-key", &key)],
            )
            .await?;
        // It is not there, and its key is in doubt: it is asked for under another.
        if made.code() != "IDEMPOTENCY_IN_DOUBT" {
            assert_eq!(made.status, 201, "{made:?}");
            return Some(made.body);
        }
    }
    None
}

/// Plans and starts a campaign in draft.
async fn start(life: &Life, campaign: &Value, scene: Scene, feeds: &Feeds) -> Option<bool> {
    let path = format!("/api/v1/campaigns/{}", text(&campaign["id"]));
    let plan = format!("{path}/plan");
    let planned = life.ask(Method::GET, &plan, None, &[]).await?;
    if planned.status == 404 {
        life.post(&plan, json!({})).await?;
        return Some(false);
    }
    let mut steps = planned.body["steps"].clone();
    let research = |step: &&mut Value| step["kind"] == "analyze_trends";
    for step in steps.as_array_mut()?.iter_mut().filter(research) {
        if scene == Scene::Fails && campaign["name"] == "first" {
            step["input"] = json!({ "feeds": [feeds.dead] });
        }
        if scene == Scene::Waits && campaign["name"] == "second" && step["deadline"].is_null() {
            step["deadline"] = json!((SystemClock.now() + Span::seconds(1)).to_string());
        }
    }
    if steps != planned.body["steps"] {
        let etag = planned.etag?;
        let changed = json!({ "steps": steps });
        life.ask(Method::PUT, &plan, Some(changed), &[("if-match", &etag)])
            .await?;
        return Some(false);
    }
    let overdue = |step: &Value| {
        step["deadline"]
            .as_str()
            .is_none_or(|deadline| deadline.parse().is_ok_and(|at| SystemClock.now() > at))
    };
    if scene != Scene::Waits || steps.as_array()?.iter().all(overdue) {
        life.post(&format!("{path}/start"), json!({})).await?;
    }
    Some(false)
}

/// Approves what waits, under a claim.
async fn approve(life: &Life) -> Option<()> {
    for review in life.list("/api/v1/reviews?state=open").await? {
        let path = format!("/api/v1/reviews/{}", text(&review["id"]));
        life.post(&format!("{path}/claim"), json!({})).await?;
        let decision = json!({ "decision": "approve" });
        life.change(Method::POST, &path, &format!("{path}/decision"), decision)
            .await?;
    }
    Some(())
}

/// Has the agent forget one thing that it remembers, once.
async fn forgets(life: &Life, agent: &str) -> Option<bool> {
    let done = life.list("/api/v1/audit?action=memory.forget").await?;
    let memories = format!("/api/v1/personas/{agent}/memories");
    let known = life.list(&memories).await?;
    if let (true, Some(memory)) = (done.is_empty(), known.first()) {
        let path = format!("{memories}/{}/forget", text(&memory["id"]));
        let why = json!({ "reason": "no longer true" });
        life.post(&path, why).await?;
        return Some(false);
    }
    // What comes of the work is remembered soon after it.
    Some(!done.is_empty() && all_have_vectors(life).await?)
}

/// Whether the agent remembers something, all of it with a vector where somebody embeds.
async fn all_have_vectors(life: &Life) -> Option<bool> {
    let memory = life.get("/api/v1/connections/memory").await?;
    let held = memory["memories"].as_u64()?;
    Some(held > 0 && (memory["embedder"].is_null() || memory["embedded"] == held))
}

/// What has been recorded of a campaign.
async fn recorded(life: &Life, campaign: &Value) -> Option<Vec<String>> {
    let records = life
        .list(&format!("/api/v1/audit?campaign={}", text(&campaign["id"])))
        .await?;
    Some(
        records
            .iter()
            .map(|record| text(&record["action"]).to_owned())
            .collect(),
    )
}

/// Pauses the agent and lets it go on, each once: says whether that is done.
async fn rested(life: &Life, agent: &str) -> Option<bool> {
    let records = life.list("/api/v1/audit?action=agent.").await?;
    let has = |action: &str| records.iter().any(|record| record["action"] == action);
    let path = format!("/api/v1/swarm/agents/{agent}");
    if !has("agent.pause") {
        let why = json!({ "reason": "a rest" });
        life.post(&format!("{path}/pause"), why).await?;
        return Some(false);
    }
    if !has("agent.resume") {
        life.post(&format!("{path}/resume"), json!({})).await?;
        return Some(false);
    }
    Some(true)
}

async fn turns(life: &Life, agent: &str, first: &Value, feeds: &Feeds) -> Option<bool> {
    if !rested(life, agent).await? {
        return Some(false);
    }
    if is_over(first) {
        let second = campaign(life, "second", agent, Scene::Turns, feeds).await?;
        let path = format!("/api/v1/campaigns/{}", text(&second["id"]));
        return match text(&second["status"]) {
            "DRAFT" => start(life, &second, Scene::Turns, feeds).await,
            "CANCELLED" => Some(true),
            _ => {
                life.post(&format!("{path}/cancel"), json!({ "note": "enough" }))
                    .await?;
                Some(false)
            }
        };
    }
    let done = recorded(life, first).await?;
    let has = |action: &str| done.iter().any(|known| known == action);
    let path = format!("/api/v1/campaigns/{}", text(&first["id"]));
    let effects = life.list(&format!("{path}/effects")).await?;
    let held = effects.iter().find(|effect| effect["state"] == "held");
    let paused = text(&first["status"]) == "PAUSED";
    if !has("campaign.pause") {
        life.post(&format!("{path}/pause"), json!({})).await?;
    } else if paused && !has("campaign.amend") {
        let budget = json!({ "daily_budget": "6.00" });
        life.change(Method::PATCH, &path, &path, budget).await?;
    } else if paused {
        life.post(&format!("{path}/resume"), json!({})).await?;
    } else if let Some(effect) = held {
        life.post(
            &format!("/api/v1/effects/{}/undo", text(&effect["id"])),
            json!({}),
        )
        .await?;
    } else if has("effect.undo") {
        for task in life.list(&format!("{path}/tasks")).await? {
            if task["kind"] == "publish_post" && task["state"] == "reviewing" {
                let note = json!({ "note": "not this one" });
                life.post(&format!("/api/v1/tasks/{}/cancel", text(&task["id"])), note)
                    .await?;
            }
        }
    } else {
        approve(life).await?;
    }
    Some(false)
}

async fn fails(life: &Life, agent: &str, first: &Value, feeds: &Feeds) -> Option<bool> {
    if !is_over(first) {
        return Some(false);
    }
    let second = campaign(life, "second", agent, Scene::Fails, feeds).await?;
    match text(&second["status"]) {
        "DRAFT" => return start(life, &second, Scene::Fails, feeds).await,
        "FAILED" => {}
        _ => return Some(is_over(&second)),
    }
    feeds.mend();
    let letters = life.list("/api/v1/dead-letters").await?;
    let own = |letter: &&Value| letter["campaign"] == second["id"];
    for letter in letters.iter().filter(own) {
        assert_eq!(letter["replay"]["today"], 0, "it failed again: {letter:#}");
        let path = format!("/api/v1/dead-letters/{}/replay", text(&letter["task"]));
        life.post(&path, json!({})).await?;
    }
    Some(false)
}

async fn waits(life: &Life, agent: &str, first: &Value, feeds: &Feeds) -> Option<bool> {
    if !is_over(first) {
        return Some(false);
    }
    let second = campaign(life, "second", agent, Scene::Waits, feeds).await?;
    if text(&second["status"]) == "DRAFT" {
        return start(life, &second, Scene::Waits, feeds).await;
    }
    if !is_over(&second) {
        return Some(false);
    }
    let alerts = life.list("/api/v1/alerts").await?;
    let open: Vec<&Value> = alerts
        .iter()
        .filter(|alert| alert["acknowledged_at"].is_null())
        .collect();
    for alert in &open {
        life.post(
            &format!("/api/v1/alerts/{}/acknowledge", text(&alert["id"])),
            json!({}),
        )
        .await?;
    }
    Some(open.is_empty() && !alerts.is_empty())
}

async fn unheard(life: &Life, first: &Value) -> Option<bool> {
    for effect in life.list("/api/v1/effects").await? {
        if effect["state"] != "pending_reconciliation" {
            continue;
        }
        // The person looks at the account now that it is asked for: the newest post is the one, or there is none.
        let known = life.list("/api/v1/sandbox/feed").await?;
        let found = match known.first() {
            Some(post) => json!({ "sent": true, "post_id": post["post_id"] }),
            None => json!({ "sent": false, "note": "nothing there" }),
        };
        let path = format!("/api/v1/effects/{}", text(&effect["id"]));
        life.change(Method::POST, &path, &format!("{path}/reconcile"), found)
            .await?;
    }
    Some(is_over(first))
}

const EMAIL: &str = "ada@halden.example";
const PASSWORD: &str = "Ada likes 17 quiet teapots";

fn went_well(answer: &Answer) -> bool {
    (200..300).contains(&answer.status)
}

/// Sessions end: one by signing out, then all of an account at once.
async fn sessions(life: &Life, has: &impl Fn(&str) -> bool) -> Option<()> {
    for (act, path) in [
        ("session.end", "/api/v1/session"),
        ("session.end_all", "/api/v1/sessions"),
    ] {
        if has(act) {
            continue;
        }
        let sign_in = json!({ "email": EMAIL, "password": PASSWORD, "label": "cli" });
        let opened = life.post("/api/v1/session", sign_in).await?;
        let own = life.api.as_holder_of(text(&opened.body["token"]));
        own.request(Method::DELETE, path).send().await.ok()?;
    }
    Some(())
}

async fn people(life: &Life) -> Option<bool> {
    let setup = life.get("/api/v1/setup").await?;
    if setup["needs_owner"] == true {
        let owner = json!({
            "name": "Ada", "email": EMAIL, "password": PASSWORD, "workspace": "Halden", "starter_agent": false,
        });
        life.post("/api/v1/setup", owner).await?;
        return Some(false);
    }
    let audit = life.list("/api/v1/audit").await?;
    let has = |action: &str| audit.iter().any(|record| record["action"] == action);
    let sign_in = |password: &str| json!({ "email": EMAIL, "password": password, "label": "cli" });
    if !has("session.refuse") {
        life.post("/api/v1/session", sign_in("not this one, surely"))
            .await?;
    }
    sessions(life, &has).await?;
    if has("person.erase") {
        return ended(life, has("session.end")).await;
    }
    let users = life.list("/api/v1/users").await?;
    let Some(ben) = users
        .iter()
        .find(|user| user["email"] == "ben@halden.example")
    else {
        let ben = json!({ "name": "Ben", "email": "ben@halden.example", "password": PASSWORD, "roles": ["viewer"] });
        life.post("/api/v1/users", ben).await?;
        return Some(false);
    };
    if ben["name"] != "Benedict" {
        let change = json!({ "name": "Benedict", "roles": ["moderator"], "disabled": false });
        let path = format!("/api/v1/users/{}", text(&ben["id"]));
        life.ask(Method::PUT, &path, Some(change), &[]).await?;
        return Some(false);
    }
    let values = json!({ "values": { "theme": "dark" } });
    let preferences = life.get("/api/v1/preferences").await?;
    if preferences["values"] != values["values"] {
        life.ask(Method::PUT, "/api/v1/preferences", Some(values), &[])
            .await?;
        return Some(false);
    }
    let agent = agent(life).await?;
    let path = format!("/api/v1/personas/{agent}");
    let persona = life.get(&path).await?;
    if persona["number"]
        .as_u64()
        .or(persona["version"]["number"].as_u64())
        == Some(1)
    {
        let soul = chimera_boot::starter_soul().replace("name: Mara Voss", "name: Mara Voss-Lind");
        life.change(Method::PUT, &path, &path, json!({ "soul": soul }))
            .await?;
        return Some(false);
    }
    if servers(life, &has).await? {
        erased(life, "ben@halden.example").await?;
    }
    Some(false)
}

/// What is kept about a person is looked at, and erased as it was shown.
async fn erased(life: &Life, mail: &str) -> Option<()> {
    let found = life
        .post("/api/v1/persons/export", json!({ "identifiers": [mail] }))
        .await?;
    let asked =
        json!({ "identifiers": [mail], "reason": "left", "confirm": found.body["confirm"] });
    let answer = life.post("/api/v1/persons/erase", asked).await?;
    // An earlier life noted it and did not come to its end: this one ends it first, and then nothing is left.
    assert!(
        went_well(&answer) || answer.code() == "SHOWN_CHANGED",
        "{answer:?}"
    );
    Some(())
}

/// Whether a run over what is old has ended and is on record.
async fn taken_out(life: &Life) -> Option<bool> {
    let kept = life.get("/api/v1/retention").await?;
    let runs = life.list("/api/v1/audit?action=retention.run").await?;
    Some(!kept["last_ended_at"].is_null() && !runs.is_empty())
}

async fn ended(life: &Life, signed_out: bool) -> Option<bool> {
    let agent = agent(life).await?;
    // A write that is refused gives its key back.
    let nothing = json!({ "agent": agent, "goal": "short", "feeds": [], "platforms": [], "daily_budget": "1" });
    let key = [("idempotency-key", "refused")];
    let refused = life
        .ask(Method::POST, "/api/v1/campaigns", Some(nothing), &key)
        .await?;
    Some(!went_well(&refused) && signed_out)
}

/// A server is registered, switched off, and taken out; whether that is done.
async fn servers(life: &Life, has: &impl Fn(&str) -> bool) -> Option<bool> {
    const PATH: &str = "/api/v1/connections/registry";
    if has("server.remove") {
        return Some(true);
    }
    let program = json!({ "command": "nothing-that-is-there", "args": ["--quiet"] });
    let all = life.get(PATH).await?;
    let Some(notes) = all["items"].as_array()?.first() else {
        let new = json!({ "name": "notes", "program": program });
        life.post(PATH, new).await?;
        return Some(false);
    };
    let own = format!("{PATH}/notes");
    if notes["enabled"] == true {
        let off = json!({ "program": program, "enabled": false });
        life.change(Method::PUT, &own, &own, off).await?;
        return Some(false);
    }
    let version = format!("\"{}\"", notes["version"]);
    life.ask(Method::DELETE, &own, None, &[("if-match", &version)])
        .await?;
    Some(false)
}

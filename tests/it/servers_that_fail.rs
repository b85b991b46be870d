//! MCP servers that fail in the middle of a campaign: a process that dies while it answers, an answer over the
//! cap. The whole product stands around them, with its store, its host and its API; only the registry is the
//! test's own, since the product's settings name no servers besides the shipped ones.
//!
//! Never here: the host alone (`mcp` has those tests).

use std::{path::PathBuf, sync::Arc};

use chimera_api::router;
use chimera_boot::{SystemClock, TimeIds};
use chimera_domain::action::EffectClass;
use chimera_door::{options::Options, serving::serve};
use chimera_mcp::{HostOptions, McpHost, ServerSpec};
use chimera_model::rehearsal::RehearsalModel;
use chimera_runtime::{Bounds, Parts, Runtime};
use chimera_servers::{feeds::Feeds, sandbox::Sandbox};
use chimera_skills::SkillRegistry;
use chimera_store::{SqliteSpans, SqliteStore, StoreOptions};
use serde_json::{Value, json};
use tokio::{net::TcpListener, process::Command};

use crate::support::{Accident, Api, Home, Relay, SOON, WHILE, World, chimerad, until};

/// Time by the server's own clock in which the outbox looks many times.
const ROUNDS: chrono::TimeDelta = chrono::TimeDelta::seconds(3);

/// A product over servers of the test's own.
struct Stage {
    world: World,
    parts: Parts,
    runtime: Runtime,
    token: String,
    host: McpHost,
    feeds: Relay,
    network: Relay,
}

/// What goes wrong where, and whether the operator says that the network knows a repeated intent.
struct Plot {
    feeds: Accident,
    network: Accident,
    knows_intents: bool,
}

const NOTHING: Plot = Plot {
    feeds: Accident::None,
    network: Accident::None,
    knows_intents: true,
};

impl Stage {
    async fn set(plot: Plot) -> Self {
        let home = Home::new();
        let feeds = Relay::new(program(&home, "feeds"), "fetch_feed", plot.feeds);
        let network = Relay::new(program(&home, "sandbox"), "post_content", plot.network);
        let (service, host) = chimera_mcp::start(HostOptions {
            servers: vec![
                classed(
                    ServerSpec::new("feeds", feeds.transport()).untrusted_content(),
                    Feeds::suggested_classes(),
                ),
                network_spec(&network, plot.knows_intents),
            ],
            base_env: Default::default(),
            clock: Arc::new(SystemClock),
        })
        .unwrap();
        tokio::spawn(async move { service.run(Default::default()).await });
        let parts = parts(&home, &host).await;
        let (runtime, address) = served(&parts).await;
        let owner = json!({ "name": "Olga", "email": "olga@chimera.test", "password": "crema-lantern-40-boats" });
        let opened = Api::new(&address, "")
            .post("/api/v1/setup", owner)
            .await
            .ok();
        let token = opened["token"].as_str().unwrap().to_owned();
        let world = World::over(home, &address, &token).await;
        Self {
            world,
            parts,
            runtime,
            token,
            host,
            feeds,
            network,
        }
    }

    /// Takes the runtime down and puts another over the same state, which takes up what it finds.
    async fn started_again(&mut self) -> Api {
        self.runtime.shut_down().await;
        let (runtime, address) = served(&self.parts).await;
        self.runtime = runtime;
        Api::new(&address, &self.token)
    }

    /// A campaign of one post whose draft a person let go.
    async fn approved(&self) -> (String, String) {
        self.world
            .policy(|policy| policy["bands"]["auto_above"] = json!(1.0))
            .await;
        let campaign = self.world.one_post().await;
        let effect = self
            .world
            .approve(&self.world.review(&campaign).await)
            .await;
        (campaign, effect["id"].as_str().unwrap().to_owned())
    }

    /// The failed campaign, whose words name all of this; nothing acted.
    async fn failed(&self, campaign: &str, parts: &[&str]) {
        let ended = self.world.campaign_is(campaign, "FAILED", WHILE).await;
        let why = ended["fault"]["message"].as_str().unwrap();
        for part in parts {
            assert!(why.contains(part), "{part} is missing in: {why}");
        }
        assert_eq!(self.host.calls().outward, 0);
        assert_eq!(self.network.calls(), 0);
        let research = &self.world.tasks(campaign).await;
        assert!(
            research.iter().all(|task| task["state"] != "working"),
            "{research:#?}"
        );
    }
}

fn classed(spec: ServerSpec, classes: Vec<(&'static str, EffectClass)>) -> ServerSpec {
    classes
        .into_iter()
        .fold(spec, |spec, (tool, effect)| spec.tool(tool, effect))
}

fn network_spec(network: &Relay, knows_intents: bool) -> ServerSpec {
    let spec = ServerSpec::new("sandbox", network.transport()).with_tenant();
    let spec = classed(spec, Sandbox::suggested_classes());
    if knows_intents {
        spec.recognising_intents("post_content")
    } else {
        spec
    }
}

/// A shipped server as a program of its own, over the state and the feeds of this home.
fn program(home: &Home, server: &'static str) -> impl Fn() -> Command + Send + Sync + 'static {
    let [data, feeds, own]: [PathBuf; 3] = [home.data(), home.at("feeds"), home.at("home")];
    move || {
        let mut command = Command::new(chimerad());
        command
            .env_clear()
            .env("HOME", &own)
            .env("CHIMERA_FEED_ROOTS", &feeds)
            .arg("--data-dir")
            .arg(&data)
            .args(["mcp", server])
            .kill_on_drop(true);
        command
    }
}

async fn parts(home: &Home, host: &McpHost) -> Parts {
    std::fs::create_dir_all(home.data()).unwrap();
    let store = Arc::new(
        SqliteStore::open(StoreOptions::at(home.data().join("chimera.db")))
            .await
            .unwrap(),
    );
    let spans = Arc::new(
        SqliteSpans::open(home.data().join("spans.sqlite"), None)
            .await
            .unwrap(),
    );
    let (skills, _) = SkillRegistry::load(&[]);
    Parts {
        ledger: store.clone(),
        store,
        spans: spans.clone(),
        traces: spans,
        tools: Arc::new(host.clone()),
        model: Arc::new(RehearsalModel::new(chimera_policy::topics_in)),
        skills: Arc::new(skills),
        clock: Arc::new(SystemClock),
        ids: Arc::new(TimeIds),
        recorder: None,
    }
}

/// A started runtime over these parts, and where its API is.
async fn served(parts: &Parts) -> (Runtime, String) {
    let runtime = Runtime::new(parts.clone(), Bounds::default());
    runtime.start().await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let app = router(runtime.clone(), Options::default());
    tokio::spawn(async move { serve(listener, app, std::future::pending()).await });
    (runtime, address)
}

fn time(value: &Value) -> chrono::DateTime<chrono::Utc> {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_server_that_dies_once_is_started_again() {
    let stage = Stage::set(Plot {
        feeds: Accident::KilledAnswering(1),
        ..NOTHING
    })
    .await;
    let (campaign, _) = stage.approved().await;
    stage.world.campaign_is(&campaign, "COMPLETED", SOON).await;
    assert_eq!(stage.feeds.calls(), 2, "once into its death, and once more");
    assert_eq!(stage.world.home().posts().len(), 1);
    assert_eq!(stage.network.calls(), 1);
}

/// The feeds server as Connections shows it.
async fn feeds_server(stage: &Stage) -> Value {
    let servers = stage.world.api().get("/api/v1/connections/servers").await;
    let mut items = servers["items"].as_array().unwrap().clone();
    items.retain(|server| server["name"] == "feeds");
    items.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_server_that_dies_again_and_again_is_left_alone_and_its_work_waits_until_it_is_back()
{
    // Three calls, each with its one repetition, open the circuit; a probe fails as well; the next one finds it back.
    let stage = Stage::set(Plot {
        feeds: Accident::KilledAnswering(8),
        ..NOTHING
    })
    .await;
    let campaign = stage.world.one_post().await;
    let api = stage.world.api();
    let down = until("the server is left alone", WHILE, || async {
        let server = feeds_server(&stage).await;
        (!server["interruption"].is_null()).then_some(server)
    })
    .await;
    assert!(
        ["open", "half_open"].contains(&down["interruption"]["state"].as_str().unwrap()),
        "{down:#}"
    );
    let status = api.get("/api/v1/status").await;
    assert_eq!(status["degraded"], true, "{status:#}");
    let trouble = &status["troubles"][0];
    assert_eq!(trouble["code"], "MCP_CIRCUIT_OPEN", "{status:#}");
    assert_eq!(trouble["waits"], "Steps that read feeds wait.");

    stage.world.review(&campaign).await;
    assert_eq!(stage.feeds.calls(), 9, "eight into its death, and one more");
    let tasks = stage.world.tasks(&campaign).await;
    let research = tasks.iter().find(|task| task["kind"] == "analyze_trends");
    let id = research.unwrap()["id"].as_str().unwrap();
    let seen = api.get(&format!("/api/v1/tasks/{id}")).await;
    let tries = seen["attempts"].as_array().unwrap();
    let failed = tries.iter().filter(|one| one["outcome"] == "failed");
    assert_eq!(failed.count(), 3, "the probes cost a try: {tries:#?}");
    let status = api.get("/api/v1/status").await;
    assert_eq!(status["degraded"], false, "{status:#}");
    assert_eq!(feeds_server(&stage).await["interruption"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_over_the_cap_fails_the_campaign_with_its_reason() {
    let stage = Stage::set(Plot {
        feeds: Accident::Huge,
        ..NOTHING
    })
    .await;
    let campaign = stage.world.one_post().await;
    stage
        .failed(&campaign, &["did not go out", "at most 1048576 are taken"])
        .await;
    assert!(stage.feeds.calls() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_dies_after_it_posted_is_asked_by_its_key_and_posts_once() {
    let stage = Stage::set(Plot {
        network: Accident::KilledAnswering(1),
        ..NOTHING
    })
    .await;
    let (campaign, effect) = stage.approved().await;
    let sent = stage.world.effect_is(&effect, "sent").await;
    stage.world.campaign_is(&campaign, "COMPLETED", SOON).await;
    assert_eq!(
        stage.network.calls(),
        2,
        "the call, and the question with the same key"
    );
    let posts = stage.world.home().posts();
    assert_eq!(posts.len(), 1, "{posts:#?}");
    // The receipt is that of the first call: the answer that was lost.
    assert_eq!(sent["receipt"]["post_id"], "p1", "{sent:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_knows_no_keys_is_never_called_again_and_a_person_says_how_it_was() {
    let network = Accident::KilledAnswering(1);
    let mut stage = Stage::set(Plot {
        network,
        knows_intents: false,
        ..NOTHING
    })
    .await;
    let (campaign, effect) = stage.approved().await;
    stage
        .world
        .effect_is(&effect, "pending_reconciliation")
        .await;
    let alerts = stage.world.api().all("/api/v1/alerts").await;
    assert!(
        alerts
            .iter()
            .any(|alert| alert["code"] == "OUTCOME_UNKNOWN"),
        "{alerts:#?}"
    );

    // Neither a start over the same state nor waiting sends it again.
    let api = stage.started_again().await;
    let began = time(&api.get("/api/v1/swarm/gauge").await["at"]);
    until("many rounds of the outbox", SOON, || async {
        (time(&api.get("/api/v1/swarm/gauge").await["at"]) > began + ROUNDS).then_some(())
    })
    .await;
    let path = format!("/api/v1/effects/{effect}");
    let still = api.look(&path).await;
    assert_eq!(still.body["state"], "pending_reconciliation");
    let posts = stage.world.home().posts();
    assert_eq!((stage.network.calls(), posts.len()), (1, 1));

    let said = json!({ "sent": true, "post_id": "p1" });
    api.post_if(
        &format!("{path}/reconcile"),
        still.etag.as_deref().unwrap(),
        said,
    )
    .await
    .ok();
    let campaign = format!("/api/v1/campaigns/{campaign}");
    until("the campaign is over", SOON, || async {
        (api.get(&campaign).await["status"] == "COMPLETED").then_some(())
    })
    .await;
    assert_eq!(
        (stage.network.calls(), stage.world.home().posts().len()),
        (1, 1)
    );
}

//! Workspaces that share one installation: its keys are handed to nobody, and the machine and the AI provider are the first
//! one's alone.
//!
//! Never here: rows of another workspace (the API's own tests sweep every address for those).

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::support::{Api, Daemon, Home, brew, node, rss};

const REGISTRY: &str = "/api/v1/connections/registry";
const FEEDS: &str = "/api/v1/connections/feeds";
const MODEL: &str = "/api/v1/connections/model";
const PRICES: &str = "/api/v1/prices";
const DATA_KEY: &str = "3f1c5a7e90b2d4683f1c5a7e90b2d4683f1c5a7e90b2d4683f1c5a7e90b2d468";
const AUDIT_KEY: &str = "9d8b7c6a5f4e3d2c9d8b7c6a5f4e3d2c9d8b7c6a5f4e3d2c9d8b7c6a5f4e3d2c";
const PROVIDER_KEY: &str = "sk-it-installation-77c1";
const OF_THE_MACHINE: &str = "of-the-machine-77c1";
const PASSWORD: &str = "a long enough password";

/// A server of a stranger: it refuses everything, repeats the key that it was handed, and hears what it is sent.
struct Ear {
    address: String,
    heard: Arc<Mutex<String>>,
}

impl Ear {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(String::new()));
        let all = heard.clone();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut said = vec![0; 64 << 10];
                let bytes = socket.read(&mut said).await.unwrap_or_default();
                let request = String::from_utf8_lossy(&said[..bytes]).into_owned();
                let handed = request
                    .lines()
                    .find_map(|line| line.strip_prefix("x-handed: "));
                let answer = format!(
                    "HTTP/1.1 401 No\r\nwww-authenticate: Bearer error=\"{}\"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                    handed.unwrap_or_default()
                );
                all.lock().unwrap().push_str(&request);
                // Whoever asked may be gone already.
                let _ = socket.write_all(answer.as_bytes()).await;
            }
        });
        Self { address, heard }
    }

    /// What it heard since it was asked last.
    fn heard(&self) -> String {
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

/// A home with every kind of secret in its environment.
fn home() -> Home {
    Home::new()
        .with_loopback()
        .with("DATA_ENCRYPTION_KEY", DATA_KEY)
        .with("AUDIT_SIGNING_KEY", AUDIT_KEY)
        .with("OPENAI_API_KEY", PROVIDER_KEY)
        .with("OF_THE_MACHINE", OF_THE_MACHINE)
}

/// The owner of a second workspace.
pub(crate) async fn second(api: &Api) -> Api {
    let owner = json!({ "name": "Bo", "email": "bo@second.example", "password": PASSWORD });
    let new = json!({ "tenant_id": "t_second", "name": "Second", "owner": owner });
    api.post("/api/v1/swarm/tenants", new).await.ok();
    let signing_in = json!({ "email": "bo@second.example", "password": PASSWORD });
    let opened = api.post("/api/v1/session", signing_in).await.ok();
    api.as_holder_of(opened["token"].as_str().unwrap())
}

fn handing(ear: &Ear, name: &str, value: &str) -> Value {
    json!({ "name": name, "program": { "url": ear.address, "headers": { "x-handed": value } } })
}

async fn trust(api: &Api, name: &str) -> Value {
    let look = api.get(&format!("{REGISTRY}/{name}")).await;
    let launch = look["server"]["launch"]["digest"].clone();
    let path = format!("{REGISTRY}/{name}/trust");
    api.post(&path, json!({ "launch": launch })).await.ok()
}

fn provider(ear: &Ear, key: &Value) -> Value {
    json!({ "kind": "openai-compatible", "base_url": ear.address, "models": { "worker": "m" }, "key": key })
}

#[tokio::test]
async fn the_installations_own_keys_are_handed_to_no_server_and_no_provider() {
    let ear = Ear::start().await;
    let home = home();
    let daemon = Daemon::start(&home).await;
    let api = daemon.api();
    for (value, code) in [
        ("${DATA_ENCRYPTION_KEY}", "MCP_VARIABLE_UNSET"),
        ("${AUDIT_SIGNING_KEY}", "MCP_VARIABLE_UNSET"),
        ("${secret:data-key}", "MCP_ENTRY_INVALID"),
        ("${secret:audit-signing-key}", "MCP_ENTRY_INVALID"),
    ] {
        let entry = handing(&ear, "ear", value);
        api.post(REGISTRY, entry).await.refused(422, code);
    }
    for name in ["data-key", "audit-signing-key"] {
        let key = json!({ "place": "keychain", "name": name });
        let tried = api
            .post(&format!("{MODEL}/test"), provider(&ear, &key))
            .await
            .ok();
        assert_eq!(tried["ok"], false, "{name}: {tried}");
        let new = json!({ "name": name, "key": "sk-another-one" });
        let refused = api.post("/api/v1/connections/keys", new).await;
        refused.refused(422, "VALIDATION_ERROR");
    }
    assert_eq!(ear.heard(), "", "nothing was sent at all");

    // What the operator means to hand on still goes.
    api.post(REGISTRY, handing(&ear, "ear", "${OF_THE_MACHINE}"))
        .await
        .ok();
    trust(api, "ear").await;
    assert!(ear.heard().contains(OF_THE_MACHINE));
    let log = std::fs::read_to_string(home.at("log")).unwrap();
    assert!(
        !log.contains(OF_THE_MACHINE),
        "a key that a server repeats is in the log"
    );
}

#[tokio::test]
async fn another_workspace_reaches_nothing_of_the_machine_and_chooses_nothing_for_all() {
    let ear = Ear::start().await;
    let home = home();
    let daemon = Daemon::start(&home).await;
    let api = daemon.api();
    let bo = second(api).await;

    let program = json!({ "command": "/bin/sh", "args": ["-c", "cat token"] });
    let entry = json!({ "name": "program", "program": program });
    bo.post(REGISTRY, entry)
        .await
        .refused(422, "MCP_ENTRY_INVALID");
    let file = json!({ "mcpServers": { "program": program } }).to_string();
    let imported = bo
        .post(&format!("{REGISTRY}/import"), json!({ "text": file }))
        .await
        .ok();
    assert_eq!(
        imported["items"][0]["refused"]["code"], "MCP_ENTRY_INVALID",
        "{imported}"
    );
    for set in ["${OF_THE_MACHINE}", "${SET_NOWHERE}"] {
        let refused = bo.post(REGISTRY, handing(&ear, "ear", set)).await;
        let why = refused.refused(422, "MCP_VARIABLE_UNSET");
        let words = why["message"].as_str().unwrap();
        assert!(words.contains("first workspace alone"), "{set}: {words}");
    }
    let ear_by_name = Ear {
        address: ear.address.replace("127.0.0.1", "localhost"),
        heard: ear.heard.clone(),
    };
    for ear in [&ear, &ear_by_name] {
        let refused = bo
            .post(REGISTRY, handing(ear, "ear", "${secret:openai}"))
            .await;
        let why = refused.refused(422, "MCP_ENTRY_INVALID");
        let words = why["message"].as_str().unwrap();
        assert!(words.contains("first workspace alone"), "{words}");
    }
    assert_eq!(ear.heard(), "", "a host that was listed is the first one's");

    let key = json!({ "place": "environment", "name": "OPENAI_API_KEY" });
    let chosen = provider(&ear, &key);
    for (method, path) in [("PUT", MODEL.to_owned()), ("POST", format!("{MODEL}/test"))] {
        let request = bo.request(method.parse().unwrap(), &path).json(&chosen);
        bo.send(request).await.refused(403, "FORBIDDEN");
    }
    let price = json!({ "model": "m", "input_per_million": "1", "output_per_million": "2", "cached_input_per_million": null });
    let prices = json!({ "items": [price] });
    let etag = bo.look(PRICES).await.etag.unwrap();
    bo.put_if(PRICES, &etag, prices.clone())
        .await
        .refused(403, "FORBIDDEN");
    let stored = api.put_if(PRICES, &etag, prices).await.ok();
    assert_eq!(bo.get(PRICES).await, stored, "what is in force is shown");
    assert_eq!(ear.heard(), "");
}

#[tokio::test]
async fn feeds_of_another_workspace_lead_to_no_file_and_no_host_of_the_machine() {
    let ear = Ear::start().await;
    let home = home();
    let daemon = Daemon::start(&home).await;
    let api = daemon.api();
    let bo = second(api).await;
    let file = home.write("feeds/own.xml", rss(&brew()));
    let file = file.display().to_string();
    let found = json!({ "url": file });
    let mine = api.post(&format!("{FEEDS}/test"), found).await.ok();
    assert_eq!(mine["ok"], true, "it is the first one's to read: {mine}");
    let local = ear.address.replace("127.0.0.1", "localhost");
    for (feed, cause) in [
        (file.as_str(), "FEED_FILE_REFUSED"),
        ("own.xml", "FEED_FILE_REFUSED"),
        ("/etc/passwd", "FEED_FILE_REFUSED"),
        (ear.address.as_str(), "FEED_ADDRESS_REFUSED"),
        (local.as_str(), "FEED_ADDRESS_REFUSED"),
    ] {
        let tested = bo
            .post(&format!("{FEEDS}/test"), json!({ "url": feed }))
            .await
            .ok();
        assert_eq!(tested["ok"], false, "{feed}: {tested}");
        let told = tested["problem"].as_str().unwrap();
        assert!(told.contains("first workspace alone"), "{feed}: {told}");
        bo.post(FEEDS, json!({ "url": feed }))
            .await
            .refused(422, "FEED_UNREADABLE");
        let new = json!({
            "agent": "0198f2a0-0000-7000-8000-000000000000", "goal": "One post about cold brew",
            "feeds": [feed], "platforms": ["sandbox"], "daily_budget": "1.00", "max_posts_per_day": 1,
        });
        let why = bo
            .post("/api/v1/campaigns", new)
            .await
            .refused(422, "VALIDATION_ERROR");
        assert_eq!(
            why["details"],
            json!({ "field": "/feeds/0", "cause": cause })
        );
        let words = why["message"].as_str().unwrap();
        assert!(words.contains("first workspace alone"), "{feed}: {words}");
    }
    assert_eq!(ear.heard(), "", "nobody was asked");
}

/// Gives the servers of the first workspace to the second one, as an older version let it have them.
async fn hand_over(home: &Home, to: &Value) {
    let file = SqliteConnectOptions::new().filename(home.data().join("chimera.db"));
    let mut books = file.connect().await.unwrap();
    sqlx::query("UPDATE mcp_servers SET tenant_id = ?1")
        .bind(to["tenant"]["id"].as_str().unwrap())
        .execute(&mut books)
        .await
        .unwrap();
    books.close().await.unwrap();
}

/// The owner of the second workspace, signed in again.
async fn second_again(daemon: &Daemon) -> Api {
    let opened = json!({ "email": "bo@second.example", "password": PASSWORD });
    let opened = daemon.api().post("/api/v1/session", opened).await.ok();
    daemon.api().as_holder_of(opened["token"].as_str().unwrap())
}

#[tokio::test]
async fn a_listed_host_that_another_workspace_reached_before_is_reached_no_more() {
    let ear = Ear::start().await;
    let home = Home::new().with_loopback();
    let daemon = Daemon::start(&home).await;
    let api = daemon.api();
    let me = second(api).await.get("/api/v1/session").await;
    api.post(REGISTRY, handing(&ear, "ear", "plain")).await.ok();
    trust(api, "ear").await;
    assert_ne!(ear.heard(), "", "the first workspace reaches it");
    daemon.stop().await;
    hand_over(&home, &me).await;
    ear.heard();

    let daemon = Daemon::start(&home).await;
    let bo = second_again(&daemon).await;
    let look = bo.get(&format!("{REGISTRY}/ear")).await;
    assert_eq!(look["server"]["standing"], "broken", "{look}");
    let tested = bo
        .post("/api/v1/connections/servers/ear/test", json!({}))
        .await
        .ok();
    assert_eq!(tested["ok"], false, "{tested}");
    let path = format!("{REGISTRY}/ear/read");
    bo.post(&path, json!({ "uri": "note://x" })).await;
    let path = format!("{REGISTRY}/ear/authorization");
    bo.post(&path, json!({})).await;
    assert_eq!(ear.heard(), "", "it was asked");
    daemon.stop().await;
}

#[tokio::test]
async fn a_program_that_another_workspace_had_run_before_is_started_no_more() {
    let home = Home::new();
    let daemon = Daemon::start(&home).await;
    let api = daemon.api();
    let bo = second(api).await;
    let me = bo.get("/api/v1/session").await;
    let touched = home.at("touched");
    let words = "require('fs').writeFileSync(process.argv[1], 'x'); process.stdin.resume()";
    let program = json!({ "command": node(), "args": ["-e", words, touched] });
    api.post(REGISTRY, json!({ "name": "old", "program": program }))
        .await
        .ok();
    trust(api, "old").await;
    assert!(touched.exists(), "the first workspace has it run");
    daemon.stop().await;
    std::fs::remove_file(&touched).unwrap();
    hand_over(&home, &me).await;

    let daemon = Daemon::start(&home).await;
    let bo = second_again(&daemon).await;
    let look = bo.get(&format!("{REGISTRY}/old")).await;
    assert_eq!(look["server"]["standing"], "broken", "{look}");
    let tested = bo
        .post("/api/v1/connections/servers/old/test", json!({}))
        .await
        .ok();
    assert_eq!(tested["ok"], false);
    assert!(!touched.exists(), "it was started");
    daemon.stop().await;
}

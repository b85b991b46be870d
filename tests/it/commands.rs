//! The commands beside `serve` and `campaign run`: the demo, the doctor, the shipped servers over stdio.
//!
//! Never here: the wire of MCP in detail (the servers' own tests have it).

use std::{process::Stdio, time::Duration};

use chimera_scripted::{ModelRequest, ModelServer, Reply, Script};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout},
    time::timeout,
};

use crate::support::{Daemon, Home, brew, finished, rss};

/// Longest that a command may take that only looks.
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);

async fn told(home: &Home, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = home.chimerad();
    command.args(arguments);
    finished(command, ANSWERS_WITHIN).await
}

async fn examined(home: &Home) -> (Option<i32>, Value) {
    let (code, said, noted) = told(home, &["doctor", "--json"]).await;
    let told =
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said} {noted}"));
    (code, told)
}

fn part<'a>(told: &'a Value, name: &str) -> &'a Value {
    let parts = told["parts"].as_array().unwrap();
    let found = parts.iter().find(|part| part["part"] == name);
    found.unwrap_or_else(|| panic!("nothing is said of {name}: {told:#}"))
}

#[tokio::test]
async fn the_demo_needs_nothing_and_touches_nothing() {
    let home = Home::new();
    let (code, said, noted) = told(&home, &["demo", "--json"]).await;
    assert_eq!(code, Some(0), "{noted}");
    let told: Value = serde_json::from_str(&said).unwrap();
    let contracts: Vec<_> = told["contracts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| (&case["case"], &case["accepted"], case["why"].is_null()))
        .collect();
    let of = |case: &str, accepted: bool| (json!(case), json!(accepted), accepted);
    let expected = [
        of("a whole task", true),
        of("another source's words for type and status", true),
        of("no payload", false),
        of("a score above 1", false),
        of("a field that nobody knows", false),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(case, accepted, silent)| (case, accepted, *silent))
        .collect();
    assert_eq!(contracts, expected);
    let routes: Vec<_> = told["routes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|case| json!([case["confidence"], case["risk_category"], case["route"]]))
        .collect();
    assert_eq!(
        routes,
        [
            json!([0.92, "low", "approve"]),
            json!([0.78, "brand_safety_medium", "hitl"]),
            json!([0.65, "high", "reject"]),
        ]
    );
    assert_eq!(told["ok"], json!(true));
    assert!(!home.data().exists(), "the demo made a data folder");
    assert_eq!(std::fs::read_dir(home.at("home")).unwrap().count(), 0);

    let (code, said, _) = told_plainly(&home).await;
    assert_eq!(code, Some(0));
    for line in [
        "approve  confidence 0.92",
        "hitl     confidence 0.78",
        "reject   confidence 0.65",
        "No server, no database and no MCP was used.",
    ] {
        assert!(said.contains(line), "{line} is missing in:\n{said}");
    }
}

async fn told_plainly(home: &Home) -> (Option<i32>, String, String) {
    told(home, &["demo"]).await
}

#[tokio::test]
async fn the_doctor_finds_a_fresh_home_well() {
    let home = Home::new();
    let (code, told) = examined(&home).await;
    assert_eq!((code, &told["ok"]), (Some(0), &json!(true)), "{told:#}");
    for name in ["settings", "state", "feeds", "sandbox", "keychain", "model"] {
        assert_eq!(part(&told, name)["well"], json!(true), "{told:#}");
    }
    for (name, word) in [
        ("feeds", "in-process"),
        ("sandbox", "in-process"),
        ("model", "not an AI"),
    ] {
        let words = part(&told, name)["words"].as_str().unwrap();
        assert!(words.contains(word), "{words}");
    }
    let (code, said, _) = self::told(&home, &["doctor"]).await;
    assert_eq!(code, Some(0));
    assert!(said.lines().all(|line| line.starts_with("ok   ")), "{said}");
}

#[tokio::test]
async fn the_doctor_says_what_is_wrong_with_the_state() {
    let home = Home::new();
    let mut daemon = Daemon::start(&home).await;
    let (code, told) = examined(&home).await;
    assert_eq!((code, &told["ok"]), (Some(1), &json!(false)), "{told:#}");
    let state = part(&told, "state");
    assert_eq!(state["well"], json!(false));
    assert!(
        state["words"].as_str().unwrap().contains("another Chimera"),
        "{state:#}"
    );
    assert!(daemon.is_running());
    daemon.stop().await;

    let home = Home::new();
    home.write("data", "a file");
    let (code, told) = examined(&home).await;
    assert_eq!(
        (code, &part(&told, "state")["well"]),
        (Some(1), &json!(false)),
        "{told:#}"
    );
    let (code, said, _) = self::told(&home, &["doctor"]).await;
    assert_eq!(code, Some(1));
    assert!(said.contains("BAD  state"), "{said}");
}

#[tokio::test]
async fn settings_that_make_no_sense_are_named() {
    let home = Home::new().with("CHIMERA_WORKERS", "many");
    let (code, said, noted) = told(&home, &["doctor"]).await;
    assert_eq!((code, said.as_str()), (Some(1), ""), "{noted}");
    assert!(
        noted.contains("settings cannot be read") && noted.contains("workers"),
        "{noted}"
    );
    for workers in [0, 1_025] {
        let home = Home::new().with("CHIMERA_WORKERS", workers);
        let (code, _, noted) = told(&home, &["doctor"]).await;
        assert_eq!(code, Some(1), "{noted}");
        assert!(noted.contains("from 1 to 1024 are possible"), "{noted}");
    }

    let home = Home::new();
    let config = home.write("config.toml", "portt = 1\n");
    let (code, _, noted) = told(&home, &["--config", config.to_str().unwrap(), "doctor"]).await;
    assert_eq!(code, Some(1), "{noted}");
    assert!(noted.contains("portt"), "{noted}");
    let missing = home.at("nowhere.toml");
    let (code, _, noted) = told(&home, &["--config", missing.to_str().unwrap(), "doctor"]).await;
    assert_eq!(code, Some(1), "{noted}");
    assert!(noted.contains("nowhere.toml"), "{noted}");

    let home = Home::new().with("CHIMERA_MODEL__PROVIDER", "telepathy");
    let (code, told) = examined(&home).await;
    assert_eq!((code, &told["ok"]), (Some(1), &json!(false)), "{told:#}");
    assert!(told.to_string().contains("telepathy"), "{told:#}");
}

#[tokio::test]
async fn the_doctor_asks_a_provider_for_a_word() {
    let at = |address: String| {
        Home::new()
            .with_loopback()
            .with("CHIMERA_MODEL__PROVIDER", "openai")
            .with("OPENAI_BASE_URL", address)
            .with("OPENAI_API_KEY", "sk-it-00000000000000000000")
    };
    let server = ModelServer::start(Script::answering(|_| Reply::text("ready"))).await;
    let (code, told) = examined(&at(server.base_url())).await;
    assert_eq!(
        (code, &part(&told, "model")["well"]),
        (Some(0), &json!(true)),
        "{told:#}"
    );
    assert_eq!(server.requests().len(), 1);

    let refusing = |_: &ModelRequest| Reply::status(401, "Incorrect API key provided.");
    let server = ModelServer::start(Script::answering(refusing)).await;
    let (code, told) = examined(&at(server.base_url())).await;
    let model = part(&told, "model");
    assert_eq!((code, &model["well"]), (Some(1), &json!(false)), "{told:#}");
    assert!(
        model["words"]
            .as_str()
            .unwrap()
            .contains("Incorrect API key"),
        "{model:#}"
    );

    let nobody = server.base_url();
    drop(server);
    let (code, told) = examined(&at(nobody)).await;
    let model = part(&told, "model");
    assert_eq!((code, &model["well"]), (Some(1), &json!(false)), "{told:#}");
    assert!(
        model["words"].as_str().unwrap().contains("does not answer"),
        "{model:#}"
    );
    for name in ["settings", "state", "feeds", "sandbox"] {
        assert_eq!(part(&told, name)["well"], json!(true), "{told:#}");
    }
}

/// A shipped server as a client of another maker sees it: JSON-RPC, a message a line.
struct RawClient {
    child: Child,
    input: ChildStdin,
    out: Lines<BufReader<ChildStdout>>,
    asked: u64,
}

impl RawClient {
    async fn start(home: &Home, server: &str) -> Self {
        let mut child = home
            .chimerad()
            .args(["mcp", server])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (input, out) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut client = Self {
            child,
            input,
            out: BufReader::new(out).lines(),
            asked: 0,
        };
        let hello = json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "raw", "version": "1" } });
        let greeted = client.ask("initialize", hello).await;
        assert_eq!(greeted["protocolVersion"], "2025-06-18", "{greeted:#}");
        assert!(greeted["capabilities"]["tools"].is_object(), "{greeted:#}");
        client
            .send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }))
            .await;
        client
    }

    async fn send(&mut self, message: &Value) {
        self.input
            .write_all(format!("{message}\n").as_bytes())
            .await
            .unwrap();
        self.input.flush().await.unwrap();
    }

    /// The result of a request. Whatever else stands on standard output must be a message too.
    async fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))
            .await;
        loop {
            let line = timeout(ANSWERS_WITHIN, self.out.next_line())
                .await
                .expect("no answer in time");
            let line = line.unwrap().expect("the server left");
            let mut message: Value =
                serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
            assert_eq!(message["jsonrpc"], "2.0");
            if message["id"] == id {
                assert_eq!(message.get("error"), None, "{message:#}");
                return message["result"].take();
            }
        }
    }

    async fn tools(&mut self) -> Vec<String> {
        let listed = self.ask("tools/list", json!({})).await;
        let mut names: Vec<_> = listed["tools"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tool| {
                assert_eq!(tool["inputSchema"]["type"], "object", "{tool:#}");
                tool["name"].as_str().unwrap().to_owned()
            })
            .collect();
        names.sort();
        names
    }

    async fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let mut result = self
            .ask(
                "tools/call",
                json!({ "name": tool, "arguments": arguments }),
            )
            .await;
        assert_ne!(result["isError"], json!(true), "{result:#}");
        result["structuredContent"].take()
    }

    /// Closes its input; it must leave by itself, and well.
    async fn leaves(self) {
        let Self {
            mut child, input, ..
        } = self;
        drop(input);
        let status = timeout(ANSWERS_WITHIN, child.wait())
            .await
            .expect("it stayed")
            .unwrap();
        assert!(status.success(), "{status}");
    }
}

#[tokio::test]
async fn the_feeds_server_serves_any_client() {
    let home = Home::new();
    let items = brew();
    let feed = home.write("feeds/brew.xml", rss(&items));
    let mut client = RawClient::start(&home, "feeds").await;
    assert_eq!(client.tools().await, ["fetch_feed", "list_feeds"]);
    let page = client
        .call("fetch_feed", json!({ "path": feed, "max_items": 2 }))
        .await;
    let titles: Vec<_> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["title"].clone())
        .collect();
    assert_eq!(titles, [json!(items[0].title), json!(items[1].title)]);
    let closed = home.write("elsewhere.xml", rss(&items));
    let refused = client
        .ask(
            "tools/call",
            json!({ "name": "fetch_feed", "arguments": { "path": closed } }),
        )
        .await;
    assert_eq!(
        refused["isError"],
        json!(true),
        "a folder that nobody opened was read: {refused:#}"
    );
    client.leaves().await;
}

#[tokio::test]
async fn the_sandbox_server_serves_any_client() {
    let home = Home::new();
    let mut client = RawClient::start(&home, "sandbox").await;
    let tools = client.tools().await;
    for tool in [
        "delete_post",
        "fetch_feed",
        "get_engagement",
        "get_post",
        "post_content",
        "reply_to_post",
    ] {
        assert!(tools.iter().any(|found| found == tool), "{tools:?}");
    }
    let feed = client.call("fetch_feed", json!({})).await;
    assert_eq!(feed, json!({ "posts": [] }));
    assert_eq!(home.posts(), [] as [Value; 0]);
    client.leaves().await;
}

#[tokio::test]
async fn a_mistyped_folder_is_said_and_no_installation_is_made_there() {
    let home = Home::new();
    for arguments in [
        &["person", "export", "Jane Doe"][..],
        &["retention"],
        &["api-key", "list"],
        &["tenant", "list"],
    ] {
        let (code, said, noted) = told(&home, arguments).await;
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        assert!(noted.contains("none was made"), "{arguments:?}: {noted}");
        assert!(!home.data().join("chimera.db").exists(), "{arguments:?}");
    }
}

/// What is written nowhere is said so; a key that nobody saw opens nothing.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_command_whose_words_go_nowhere_says_so_and_gives_no_key_away() {
    let home = Home::new();
    Daemon::start(&home).await.stop().await;
    let into = async |arguments: &[&str], file: &str| {
        let out = std::fs::OpenOptions::new().write(true).open(file).unwrap();
        let mut command = home.chimerad();
        let ran = command
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output();
        timeout(ANSWERS_WITHIN, ran).await.unwrap().unwrap()
    };
    for arguments in [&["doctor"][..], &["retention"], &["tenant", "list"]] {
        let ran = into(arguments, "/dev/full").await;
        let noted = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(1), "{arguments:?}: {noted}");
        assert!(
            noted.contains("could not be written"),
            "{arguments:?}: {noted}"
        );
        assert!(!noted.contains("nobody foresaw"), "{arguments:?}: {noted}");
    }
    let make = ["api-key", "make", "ci", "--role", "viewer"];
    let ran = into(&make, "/dev/full").await;
    let noted = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(noted.contains("was revoked"), "{noted}");
    let (code, said, noted) = told(&home, &["api-key", "list"]).await;
    assert!(code == Some(0) && said.contains("revoked"), "{said}{noted}");
}

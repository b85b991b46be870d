//! MCP servers that other people wrote, as they are published: each registered as an operator would, trusted, its tools
//! pinned, a reading call made, an error provoked. `tests/servers` has their versions; `cargo xtask test` installs them.
//!
//! Never here: a stand-in for one of them. One that is missing fails its test.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::Duration,
};

use chimera_boot::{Chimera, KeychainSetting, Settings, listen};
use chimera_domain::{
    action::ToolRef,
    trace::{SpanId, TraceContext, TraceId},
};
use chimera_ports::tools::{ToolError, ToolReply, ToolRequest};
use serde_json::{Value, json};

use crate::support::{Api, FeedServer, Home, Page, SOON, until};

const REGISTRY: &str = "/api/v1/connections/registry";
/// A tool of `everything` that takes its time.
const LONG: &str = "trigger-long-running-operation";

/// A program that `cargo xtask test` installed.
fn installed(below: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("servers")
        .join(below);
    assert!(
        file.exists(),
        "{} is missing: `cargo xtask test` installs it, or `cargo xtask servers` alone",
        file.display()
    );
    file
}

fn python(program: &str) -> PathBuf {
    installed(&format!(".venv/bin/{program}"))
}

pub(crate) fn node(program: &str) -> PathBuf {
    installed(&format!("node_modules/.bin/{program}"))
}

/// Chimera in this process over a home that has servers.
pub(crate) struct Ground {
    chimera: Arc<Chimera>,
    pub(crate) api: Api,
    serving: tokio::task::JoinHandle<()>,
}

impl Ground {
    pub(crate) async fn at(home: &Home) -> Self {
        let settings = Settings {
            data_dir: home.data(),
            port: 0,
            keychain: KeychainSetting::None,
            ..Settings::default()
        };
        let listener = listen(&settings).await.unwrap();
        let address = listener.local_addr().unwrap();
        let chimera = Arc::new(Chimera::open(settings).await.unwrap());
        chimera.start().await.unwrap();
        let serving = tokio::spawn({
            let chimera = Arc::clone(&chimera);
            async move { drop(chimera.serve(listener, std::future::pending()).await) }
        });
        let token = std::fs::read_to_string(chimera.token_file()).unwrap();
        let api = Api::new(&format!("http://{address}"), &token);
        Self {
            chimera,
            api,
            serving,
        }
    }

    /// Ends it, so that another one can have its home.
    pub(crate) async fn end(self) {
        self.serving.abort();
        drop(self.serving.await);
        self.chimera.shut_down().await;
    }

    /// Registers a server, trusts it, classes tools, and gives the names of those that are pinned and offered.
    pub(crate) async fn register(
        &self,
        name: &str,
        program: &Path,
        args: Value,
        env: Value,
        classes: &[(&str, &str)],
    ) -> Vec<String> {
        // Nothing of the test's environment is there but where programs lie.
        let mut env = env;
        env["PATH"] = json!(std::env::var_os("PATH").unwrap().into_string().unwrap());
        let program = json!({ "command": program, "args": args, "env": env });
        let new = json!({ "name": name, "program": program });
        let added = self.api.post(REGISTRY, new).await.ok();
        assert_eq!(added["standing"], "untrusted");
        let launch = json!({ "launch": added["launch"]["digest"] });
        let path = format!("{REGISTRY}/{name}");
        let trusted = self.api.post(&format!("{path}/trust"), launch).await.ok();
        assert_eq!(trusted["standing"], "trusted", "{trusted:#}");
        for (tool, effect) in classes {
            let class = json!({ "tool": tool, "effect": effect });
            let path = format!("{path}/classes");
            self.api.put_if(&path, "\"0\"", class).await.ok();
        }
        let look = self.api.get(&path).await;
        assert_eq!(look["server"]["held"], 0, "{look:#}");
        assert_eq!(look["quarantine"], Value::Null);
        let tools = look["tools"].as_array().unwrap().iter();
        tools
            .map(|tool| {
                assert_eq!(tool["state"], "pinned", "{tool:#}");
                tool["tool"].as_str().unwrap().to_owned()
            })
            .collect()
    }

    pub(crate) async fn call(
        &self,
        server: &str,
        tool: &str,
        arguments: Value,
    ) -> Result<ToolReply, ToolError> {
        let request = ToolRequest {
            tenant: self.chimera.tenant(),
            agent: None,
            words_of: None,
            tool: ToolRef {
                server: server.to_owned(),
                tool: tool.to_owned(),
            },
            arguments,
            trace: TraceContext {
                trace: TraceId::from_bits(1),
                span: SpanId::from_bits(2),
            },
            timeout: Duration::from_secs(20),
        };
        self.chimera.runtime().tools().read(request).await
    }

    /// What a tool answered, as text.
    pub(crate) async fn reads(&self, server: &str, tool: &str, arguments: Value) -> String {
        let reply = self.call(server, tool, arguments).await.unwrap();
        assert!(!reply.is_error, "{:#}", reply.content);
        reply.content.to_string()
    }

    /// The words of a tool that refuses by itself.
    async fn refuses(&self, server: &str, tool: &str, arguments: Value) -> String {
        let reply = self.call(server, tool, arguments).await.unwrap();
        assert!(reply.is_error, "{:#}", reply.content);
        reply.content.to_string()
    }

    /// The code with which Chimera refuses, nothing sent.
    async fn is_refused(&self, server: &str, tool: &str, arguments: Value) -> String {
        let error = self.call(server, tool, arguments).await.unwrap_err();
        error.fault.code
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn time_tells_the_time_and_knows_no_zone_that_there_is_not() {
    let home = Home::new();
    let ground = Ground::at(&home).await;
    let program = python("mcp-server-time");
    let classes = [("get_current_time", "read")];
    let tools = ground
        .register("time", &program, json!([]), json!({}), &classes)
        .await;
    assert_eq!(tools, ["convert_time", "get_current_time"]);
    let now = ground
        .reads(
            "time",
            "get_current_time",
            json!({ "timezone": "Asia/Tokyo" }),
        )
        .await;
    assert!(now.contains("+09:00"), "{now}");
    let nowhere = json!({ "timezone": "Nowhere/At_All" });
    let refused = ground.refuses("time", "get_current_time", nowhere).await;
    assert!(refused.contains("Nowhere/At_All"), "{refused}");
    // Nobody classed the other one.
    let convert = json!({ "source_timezone": "UTC", "time": "12:00", "target_timezone": "UTC" });
    let code = ground.is_refused("time", "convert_time", convert).await;
    assert_eq!(code, "TOOL_NEEDS_DECISION");
    ground.end().await;
}

fn git(folder: &Path, args: &[&str]) -> String {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=Olga", "-c", "user.email=olga@example.org"]);
    let output = git.current_dir(folder).args(args).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn git_reads_its_repository_and_no_other_and_commits_nothing_undecided() {
    let home = Home::new();
    for folder in ["notes", "other"] {
        std::fs::create_dir(home.at(folder)).unwrap();
    }
    home.write("notes/brew.txt", "cold brew");
    home.write("other/secret.txt", "not yours");
    for folder in ["notes", "other"] {
        let folder = home.at(folder);
        git(&folder, &["init", "--quiet"]);
        git(&folder, &["add", "."]);
        git(&folder, &["commit", "--quiet", "--message", "First words"]);
    }
    let (notes, other) = (home.at("notes"), home.at("other"));
    let ground = Ground::at(&home).await;
    let program = python("mcp-server-git");
    let args = json!(["--repository", notes]);
    let classes = [("git_log", "read")];
    let tools = ground
        .register("git", &program, args, json!({}), &classes)
        .await;
    assert_eq!(tools.len(), 12, "{tools:?}");
    let log = ground
        .reads(
            "git",
            "git_log",
            json!({ "repo_path": notes, "max_count": 1 }),
        )
        .await;
    assert!(log.contains("First words"), "{log}");
    let outside = json!({ "repo_path": other, "max_count": 1 });
    let refused = ground.refuses("git", "git_log", outside).await;
    assert!(refused.contains("outside"), "{refused}");
    home.write("notes/more.txt", "more");
    let commit = json!({ "repo_path": notes, "message": "Undecided" });
    let code = ground.is_refused("git", "git_commit", commit).await;
    assert_eq!(code, "TOOL_NEEDS_DECISION");
    assert_eq!(git(&notes, &["rev-list", "--count", "HEAD"]).trim(), "1");
    ground.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fetch_reads_a_page_of_this_machine_and_says_when_there_is_none() {
    let page = "<html><body><h1>Cold brew</h1><p>Tap systems cut serving time.</p></body></html>";
    let site = FeedServer::start(vec![("/brew", Page::plain(page.to_owned()))]).await;
    let home = Home::new();
    let ground = Ground::at(&home).await;
    let program = python("mcp-server-fetch");
    let args = json!(["--allow-private-ips", "--ignore-robots-txt"]);
    let classes = [("fetch", "read")];
    let tools = ground
        .register("fetch", &program, args, json!({}), &classes)
        .await;
    assert_eq!(tools, ["fetch"]);
    let read = ground
        // As it is: to simplify a page the server would install programs of its own at its first use.
        .reads(
            "fetch",
            "fetch",
            json!({ "url": site.url("/brew"), "raw": true }),
        )
        .await;
    assert!(read.contains("Tap systems cut serving time."), "{read}");
    assert_eq!(site.hits("/brew").len(), 1);
    let missing = json!({ "url": site.url("/missing") });
    let refused = ground.refuses("fetch", "fetch", missing).await;
    assert!(refused.contains("404"), "{refused}");
    ground.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_answers_and_is_sent_nothing_that_its_schema_refuses() {
    let home = Home::new();
    let ground = Ground::at(&home).await;
    let program = node("mcp-server-everything");
    let classes = [
        ("echo", "read"),
        ("get-sum", "read"),
        ("get-tiny-image", "read"),
        ("toggle-subscriber-updates", "internal_write"),
        (LONG, "read"),
    ];
    let tools = ground
        .register(
            "everything",
            &program,
            json!(["stdio"]),
            json!({}),
            &classes,
        )
        .await;
    assert!(tools.len() >= 10, "{tools:?}");
    let sum = ground
        .reads("everything", "get-sum", json!({ "a": 40, "b": 2 }))
        .await;
    assert!(sum.contains("42"), "{sum}");
    let image = ground
        .reads("everything", "get-tiny-image", json!({}))
        .await;
    assert!(image.contains("image image/png"), "{image}");
    let code = ground
        .is_refused("everything", "get-sum", json!({ "a": "forty" }))
        .await;
    assert_eq!(code, "TOOL_ARGUMENTS_INVALID");
    let code = ground.is_refused("everything", "get-som", json!({})).await;
    assert_eq!(code, "TOOL_UNKNOWN");
    offers_what_it_has(&ground).await;
    tells_how_far_it_is(&ground).await;
    says_that_a_resource_changed(&ground).await;
    ground.end().await;
}

/// What it has beside tools.
async fn offers_what_it_has(ground: &Ground) {
    let offer = ground
        .api
        .get(&format!("{REGISTRY}/everything/offer"))
        .await;
    let names = |kind: &str, part: &str| -> Vec<String> {
        let items = offer[kind].as_array().unwrap().iter();
        let names = items.map(|one| one[part].as_str().unwrap().to_owned());
        names.collect()
    };
    let resources = names("resources", "uri");
    let known = "demo://resource/static/document/features.md".to_owned();
    assert!(resources.contains(&known), "{resources:?}");
    assert_eq!(
        names("templates", "uri"),
        [
            "demo://resource/dynamic/text/{resourceId}",
            "demo://resource/dynamic/blob/{resourceId}"
        ]
    );
    let prompts = names("prompts", "name");
    let at = prompts.iter().position(|name| name == "args-prompt");
    let arguments = &offer["prompts"][at.unwrap()]["arguments"];
    let city = json!({ "name": "city", "description": "Name of the city", "required": true });
    assert_eq!(arguments[0], city);
    assert_eq!(arguments[1]["required"], false);
    assert_eq!(offer["left_out"], json!([]));

    let get = format!("{REGISTRY}/everything/prompt");
    let asked = json!({ "prompt": "args-prompt", "arguments": { "city": "Riga" } });
    let got = ground.api.post(&get, asked).await.ok();
    assert_eq!(got["problem"], Value::Null, "{got:#}");
    let said = got["messages"][0]["text"].as_str().unwrap();
    assert!(said.contains("Riga"), "{said}");
    let asked = json!({ "prompt": "args-prompt" });
    let got = ground.api.post(&get, asked).await.ok();
    assert_eq!(got["problem"]["code"], "MCP_PROMPT_UNKNOWN");

    let read = format!("{REGISTRY}/everything/read");
    let found = ground.api.post(&read, json!({ "uri": known })).await.ok();
    assert_eq!(found["mime_type"], "text/markdown");
    let text = found["text"].as_str().unwrap();
    assert_eq!(found["characters"], text.chars().count());
    assert!(text.contains("Everything Server"), "{text}");
    for (uri, code) in [
        (
            "demo://resource/static/document/nothing.md",
            "MCP_RESOURCE_UNKNOWN",
        ),
        ("demo://resource/dynamic/blob/1", "MCP_RESOURCE_BINARY"),
    ] {
        let found = ground.api.post(&read, json!({ "uri": uri })).await.ok();
        assert_eq!(found["text"], Value::Null);
        assert_eq!(found["problem"]["code"], code, "{found:#}");
    }
}

/// A tool of it that takes its time and tells how far it is.
async fn tells_how_far_it_is(ground: &Ground) {
    let long = ground.call("everything", LONG, json!({ "duration": 3, "steps": 6 }));
    let watched = until("it tells how far it is", SOON, || async {
        let servers = ground.api.get("/api/v1/connections/servers").await;
        let servers = servers["items"].as_array().unwrap();
        let server = servers.iter().find(|one| one["name"] == "everything");
        let call = &server.unwrap()["running"][0];
        (call["tool"] == LONG && call["progress"]["of"] == 6.0).then(|| call["progress"].clone())
    });
    let (reply, progress) = tokio::join!(long, watched);
    let done = progress["done"].as_f64().unwrap();
    assert!((1.0..=6.0).contains(&done), "{progress}");
    let text = reply.unwrap().content.to_string();
    assert!(text.contains("Long running operation completed"), "{text}");
}

/// A resource of it that is followed: it says every five seconds that it changed, and nobody follows for longer than
/// somebody looks.
async fn says_that_a_resource_changed(ground: &Ground) {
    // Its text has the time in it, so that it is another each time.
    let uri = "demo://resource/dynamic/text/1";
    let path = format!("{REGISTRY}/everything/follow");
    let look = |version: Value| {
        let asked = json!({ "uri": uri, "version": version });
        let api = &ground.api;
        let path = &path;
        async move { api.post(path, asked).await.ok() }
    };
    let first = until("it is read", SOON, || async {
        let known = look(Value::Null).await;
        (known["version"] == 1).then_some(known)
    })
    .await;
    assert_eq!(
        (
            &first["is_told"],
            &first["every_seconds"],
            &first["changed_at"]
        ),
        (&json!(true), &json!(600), &Value::Null),
        "{first:#}"
    );
    assert!(
        first["text"].as_str().unwrap().contains("Resource 1"),
        "{first:#}"
    );
    assert_eq!(
        look(json!(1)).await["text"],
        Value::Null,
        "it is here already"
    );
    let begin = ground.call("everything", "toggle-subscriber-updates", json!({}));
    begin.await.unwrap();
    let second = until("it says that it changed", SOON, || async {
        let known = look(json!(1)).await;
        (known["version"] != 1).then_some(known)
    })
    .await;
    assert_ne!(second["text"], first["text"]);
    assert_eq!(second["changed_at"], second["read_at"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn filesystem_stays_in_its_folder_by_name_by_dots_and_by_link() {
    let home = Home::new();
    for folder in ["open", "closed"] {
        std::fs::create_dir(home.at(folder)).unwrap();
    }
    let inside = home.write("open/brew.txt", "cold brew on tap");
    let outside = home.write("closed/secret.txt", "not for agents");
    let link = home.at("open/link.txt");
    std::os::unix::fs::symlink(&outside, &link).unwrap();
    let ground = Ground::at(&home).await;
    let program = node("mcp-server-filesystem");
    let classes = [("read_text_file", "read")];
    let args = json!([home.at("open")]);
    let tools = ground
        .register("files", &program, args, json!({}), &classes)
        .await;
    assert!(tools.len() >= 10, "{tools:?}");
    let read = ground
        .reads("files", "read_text_file", json!({ "path": inside }))
        .await;
    assert!(read.contains("cold brew on tap"), "{read}");
    for path in [outside, home.at("open/../closed/secret.txt"), link] {
        let path = json!({ "path": path });
        let refused = ground.refuses("files", "read_text_file", path).await;
        assert!(
            refused.contains("Access denied") && !refused.contains("not for agents"),
            "{refused}"
        );
    }
    let new = home.at("open/new.txt");
    let write = json!({ "path": new, "content": "undecided" });
    let code = ground.is_refused("files", "write_file", write).await;
    assert_eq!(code, "TOOL_NEEDS_DECISION");
    assert!(!new.exists());
    ground.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_knows_after_a_restart_what_it_was_told_before() {
    let home = Home::new();
    let ground = Ground::at(&home).await;
    let program = node("mcp-server-memory");
    let env = json!({ "MEMORY_FILE_PATH": home.at("graph.jsonl") });
    let classes = [
        ("create_entities", "internal_write"),
        ("search_nodes", "read"),
    ];
    let tools = ground
        .register("graph", &program, json!([]), env, &classes)
        .await;
    assert!(tools.len() >= 9, "{tools:?}");
    let mara = json!({ "name": "Mara", "entityType": "person", "observations": ["likes fog"] });
    ground
        .reads("graph", "create_entities", json!({ "entities": [mara] }))
        .await;
    let code = ground.is_refused("graph", "search_nodes", json!({})).await;
    assert_eq!(code, "TOOL_ARGUMENTS_INVALID");
    ground.end().await;

    // It is trusted as it was, and says the same of itself: nobody is asked again.
    let ground = Ground::at(&home).await;
    let found = ground
        .reads("graph", "search_nodes", json!({ "query": "fog" }))
        .await;
    assert!(found.contains("Mara"), "{found}");
    ground.end().await;
}

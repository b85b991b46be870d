//! MCP servers that a person authorizes, through the real binary: a real keychain, a real MCP server behind a real
//! authorization server, and an answer that comes back over a socket.
//!
//! Never here: the protocol with an authorization server (`oauth` proves it), or the console (the journeys do).

use std::{fs, path::Path, process::Stdio, time::Duration};

use aho_corasick::AhoCorasick;
use reqwest::{Client, Method, redirect::Policy};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use crate::support::{Api, Daemon, Home, Keyring, SOON, finished, node, until};

const REGISTRY: &str = "/api/v1/connections/registry";
const LEDGER: &str = "/api/v1/connections/registry/ledger";
const AUTHORIZATION: &str = "/api/v1/connections/registry/ledger/authorization";
/// What the accounts of tokens have in them.
const TOKENS: &str = "/oauth/";
/// Longest wait for a line of a program.
const A_LINE: Duration = Duration::from_secs(30);

/// The MCP server and its authorization server.
struct Ledger {
    origin: String,
    http: Client,
    _child: Child,
}

impl Ledger {
    async fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let file = root.join("journeys/support/authorizing-server.mjs");
        let mut child = Command::new(node())
            .arg(file)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self {
            origin: line(&mut lines).await,
            http: Client::builder()
                .no_proxy()
                .redirect(Policy::limited(3))
                .build()
                .unwrap(),
            _child: child,
        }
    }

    fn url(&self) -> String {
        format!("{}/mcp", self.origin)
    }

    /// What it was asked so far.
    async fn seen(&self) -> Value {
        let answer = self.http.get(format!("{}/control", self.origin)).send();
        serde_json::from_str(&answer.await.unwrap().text().await.unwrap()).unwrap()
    }

    /// Changes how it behaves.
    async fn is(&self, change: Value) {
        let place = format!("{}/control", self.origin);
        let sent = self.http.post(place).json(&change).send().await.unwrap();
        assert!(sent.status().is_success());
    }

    /// What a person does: opens the address, agrees, and is sent back. The words on the page she ends at.
    async fn opened(&self, address: &str) -> String {
        let page = self.http.get(address).send().await.unwrap();
        page.text().await.unwrap()
    }
}

async fn line(lines: &mut Lines<BufReader<ChildStdout>>) -> String {
    let read = timeout(A_LINE, lines.next_line()).await;
    read.expect("it said nothing in time").unwrap().unwrap()
}

fn home(ring: &Keyring) -> Home {
    // What is logged is searched for secrets, as much of it as there can be.
    ring.of(Home::new().with_loopback().with("RUST_LOG", "debug"))
}

/// Registers the server and trusts it; it answers 401.
async fn registered(api: &Api, url: &str) -> Value {
    let added = json!({ "name": "ledger", "program": { "url": url } });
    let shown = api.post(REGISTRY, added).await.ok();
    trusted(api, &shown).await
}

async fn trusted(api: &Api, shown: &Value) -> Value {
    let launch = json!({ "launch": shown["launch"]["digest"] });
    api.post(&format!("{LEDGER}/trust"), launch).await.ok()
}

async fn standing(api: &Api) -> Value {
    api.get(LEDGER).await["server"]["authorization"].take()
}

async fn stands(api: &Api, state: &str) -> Value {
    until(&format!("the authorization is {state}"), SOON, || async {
        let standing = standing(api).await;
        (standing["state"] == state && standing["waits_until"].is_null()).then_some(standing)
    })
    .await
}

/// Begins a round: its address.
async fn begun(api: &Api) -> String {
    let round = api.post(AUTHORIZATION, json!({})).await.ok();
    round["address"].as_str().unwrap().to_owned()
}

/// The whole round, as a person does it who agrees.
async fn authorized(api: &Api, ledger: &Ledger) -> Value {
    let address = begun(api).await;
    assert!(standing(api).await["waits_until"].is_string());
    let page = ledger.opened(&address).await;
    assert!(page.contains("Authorized."), "{page}");
    let given = stands(api, "authorized").await;
    assert!(given["given_by"].is_string(), "{given}");
    given
}

/// Calls the server's tool as a person who tests it does: the server is asked, and answers or not.
async fn works(api: &Api) -> Result<(), Value> {
    let path = "/api/v1/connections/servers/ledger/test";
    let tried = api.post(path, json!({})).await.ok();
    if tried["ok"] == json!(true) {
        return Ok(());
    }
    Err(tried)
}

async fn delete(api: &Api, path: &str) -> Value {
    until("it is deleted", SOON, || async {
        let etag = api.look(LEDGER).await.etag.unwrap();
        let request = api.request(Method::DELETE, path).header("if-match", etag);
        let answer = api.send(request).await;
        (answer.status != 412).then(|| answer.ok())
    })
    .await
}

async fn recorded(api: &Api, action: &str) -> Vec<Value> {
    let mut records = api.all("/api/v1/audit").await;
    records.retain(|record| record["action"] == action);
    records
}

/// Every file below a folder that has one of these texts in it.
fn with_any(folder: &Path, texts: &[&str]) -> Vec<String> {
    let search = AhoCorasick::new(texts).unwrap();
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if search.is_match(&fs::read(&path).unwrap()) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

#[tokio::test]
async fn a_server_that_wants_a_person_works_once_she_authorized_it_and_until_that_ends() {
    let (ring, ledger) = (Keyring::start().await, Ledger::start().await);
    // In plain, so that what lies on the disk can be searched.
    let home = home(&ring).with("CHIMERA_ENCRYPTION", "off");
    let daemon = Daemon::start(&home).await;
    let api = daemon.api();
    registered(api, &ledger.url()).await;
    stands(api, "needed").await;
    let refused = works(api).await.unwrap_err();
    assert!(
        refused.to_string().contains("wants to be authorized"),
        "{refused}"
    );
    assert_eq!(ring.entries(TOKENS), 0, "nobody authorized anything");
    let told = api.get("/api/v1/status").await.to_string();
    assert!(
        told.contains("wants to be authorized by a person"),
        "{told}"
    );

    let given = authorized(api, &ledger).await;
    assert_eq!(given["issuer"], json!(ledger.origin));
    assert_eq!(given["renews"], json!(true));
    works(api).await.unwrap();
    let look = until("its tools are pinned", SOON, || async {
        let look = api.get(LEDGER).await;
        (look["tools"][0]["tool"] == "read_ledger").then_some(look)
    })
    .await;
    assert_eq!(look["quarantine"], Value::Null);
    // The head, and a token of more than one entry.
    assert_eq!(ring.entries(TOKENS), 3);

    // The token ends: it is renewed, and the person hears nothing of it.
    ledger.is(json!({ "ends": true })).await;
    works(api).await.unwrap();
    assert_eq!(ledger.seen().await["renewed"], 1);
    assert_eq!(standing(api).await["state"], "authorized");

    // The leave to renew is taken back: the person is asked again.
    ledger.is(json!({ "ends": true, "leaves": false })).await;
    works(api).await.unwrap_err();
    let ended = stands(api, "ended").await;
    assert_eq!(ended["problem"]["code"], "OAUTH_TOKEN_REFUSED");
    ledger.is(json!({ "leaves": true })).await;
    authorized(api, &ledger).await;
    works(api).await.unwrap();

    // She refuses, on a page of theirs.
    ledger.is(json!({ "denies": true })).await;
    let page = ledger.opened(&begun(api).await).await;
    assert!(page.contains("Not authorized."), "{page}");
    let ended = stands(api, "ended").await;
    assert_eq!(ended["problem"]["code"], "OAUTH_DENIED");
    works(api).await.unwrap();

    ledger.is(json!({ "denies": false })).await;
    authorized(api, &ledger).await;
    for (action, count) in [
        ("server.authorize", 4),
        ("server.authorized", 3),
        ("server.authorize_failed", 1),
    ] {
        assert_eq!(recorded(api, action).await.len(), count, "{action}");
    }

    let seen = ledger.seen().await;
    daemon.stop().await;
    lies_nowhere(&seen, &home);
}

/// Nothing secret of all that was given lies anywhere but in the keychain.
fn lies_nowhere(seen: &Value, home: &Home) {
    let secrets: Vec<&str> = ["tokens", "codes"]
        .iter()
        .flat_map(|kind| seen[kind].as_array().unwrap())
        .map(|secret| secret.as_str().unwrap())
        .collect();
    assert!(secrets.len() > 8, "{}", secrets.len());
    // Their marks: 64 digits each that stand nowhere else.
    let marks: Vec<&str> = secrets
        .iter()
        .map(|secret| secret.split('-').nth(2).unwrap())
        .collect();
    let whole = home.at("");
    assert_eq!(with_any(&whole, &marks), [""; 0]);
    // What is no secret is found in all of these.
    let readable = with_any(&whole, &["ledger"]);
    for file in ["/chimera.db", "/log"] {
        let is_there = readable.iter().any(|path| path.ends_with(file));
        assert!(is_there, "{file} cannot be searched: {readable:?}");
    }
}

#[tokio::test]
async fn an_authorization_outlives_the_process_and_is_forgotten_when_it_is_to_be() {
    let (ring, ledger) = (Keyring::start().await, Ledger::start().await);
    let home = home(&ring);
    let mut daemon = Daemon::start(&home).await;
    registered(daemon.api(), &ledger.url()).await;
    authorized(daemon.api(), &ledger).await;

    // Killed on the spot, and started again.
    daemon.kill().await;
    daemon = Daemon::start(&home).await;
    let given = stands(daemon.api(), "authorized").await;
    assert!(given["given_at"].is_string());
    until("it works again", SOON, || async {
        works(daemon.api()).await.ok()
    })
    .await;

    // Switched off it is kept and not used.
    let api = daemon.api();
    let off = json!({ "program": { "url": ledger.url() }, "enabled": false });
    assert_eq!(changed(api, &off).await["authorization"], Value::Null);
    api.post(AUTHORIZATION, json!({}))
        .await
        .refused(503, "UNAVAILABLE");
    assert_eq!(ring.entries(TOKENS), 3);
    let on = json!({ "program": { "url": ledger.url() }, "enabled": true });
    changed(api, &on).await;
    stands(api, "authorized").await;

    // Another address: not the one that it was given for.
    let other = json!({ "program": { "url": format!("{}?other", ledger.url()) }, "enabled": true });
    let shown = changed(api, &other).await;
    assert_eq!(shown["standing"], "altered");
    assert_eq!(ring.entries(TOKENS), 0);
    let back = json!({ "program": { "url": ledger.url() }, "enabled": true });
    changed(api, &back).await;
    stands(api, "needed").await;

    // Taken back by a person.
    authorized(api, &ledger).await;
    works(api).await.unwrap();
    let after = delete(api, AUTHORIZATION).await;
    assert_ne!(after["authorization"]["state"], "authorized");
    assert_eq!(ring.entries(TOKENS), 0);
    works(api).await.unwrap_err();
    stands(api, "needed").await;
    assert_eq!(recorded(api, "server.unauthorize").await.len(), 1);

    // A key of the operator's own in its headers, and the server gone.
    authorized(api, &ledger).await;
    let own = json!({ "enabled": true,
        "program": { "url": ledger.url(), "headers": { "Authorization": "Bearer ${secret:own}" } } });
    changed(api, &own).await;
    assert_eq!(ring.entries(TOKENS), 0);
    let bare = json!({ "program": { "url": ledger.url() }, "enabled": true });
    changed(api, &bare).await;
    stands(api, "needed").await;
    authorized(api, &ledger).await;
    delete(api, LEDGER).await;
    assert_eq!(ring.entries(TOKENS), 0);
    registered(api, &ledger.url()).await;
    stands(api, "needed").await;
    daemon.stop().await;
}

#[tokio::test]
async fn what_was_trusted_otherwise_keeps_its_authorization_and_uses_it_only_when_it_is_trusted() {
    let (ring, ledger) = (Keyring::start().await, Ledger::start().await);
    let home = home(&ring);
    let daemon = Daemon::start(&home).await;
    let api = daemon.api();
    registered(api, &ledger.url()).await;
    authorized(api, &ledger).await;
    let calls = async || ledger.seen().await["accepted"].as_u64().unwrap();
    let program = json!({ "url": ledger.url(), "headers": { "X-Team": "ops" } });
    let more = json!({ "program": program, "enabled": true });
    let shown = changed(api, &more).await;
    assert_eq!(
        (&shown["standing"], &shown["authorization"]),
        (&json!("altered"), &Value::Null)
    );
    let before = calls().await;
    works(api).await.unwrap_err();
    let refused = api.post(AUTHORIZATION, json!({})).await;
    let refused = refused.refused(503, "UNAVAILABLE");
    assert_eq!(refused["details"]["cause"], "MCP_SERVER_UNTRUSTED");
    assert_eq!((calls().await, ring.entries(TOKENS)), (before, 3));
    trusted(api, &shown).await;
    stands(api, "authorized").await;
    works(api).await.unwrap();
    assert!(calls().await > before);
    assert_eq!(ledger.seen().await["codes"].as_array().unwrap().len(), 1);
    daemon.stop().await;
}

#[tokio::test]
async fn another_workspace_neither_sees_nor_uses_an_authorization() {
    let (ring, ledger) = (Keyring::start().await, Ledger::start().await);
    let home = home(&ring);
    let daemon = Daemon::start(&home).await;
    let api = daemon.api();
    registered(api, &ledger.url()).await;
    authorized(api, &ledger).await;
    let owner = json!({ "name": "Olga", "email": "olga@beside.example", "password": "seventeen quiet teapots" });
    let new = json!({ "tenant_id": "t_beside", "name": "Beside", "owner": owner });
    api.post("/api/v1/swarm/tenants", new).await.ok();
    let signing_in =
        json!({ "email": "olga@beside.example", "password": "seventeen quiet teapots" });
    let opened = api.post("/api/v1/session", signing_in).await.ok();
    let olga = api.as_holder_of(opened["token"].as_str().unwrap());
    olga.post(AUTHORIZATION, json!({}))
        .await
        .refused(404, "NOT_FOUND");
    let request = olga.request(Method::DELETE, AUTHORIZATION);
    olga.send(request).await.refused(404, "NOT_FOUND");
    // The same server under the same name is on a host of this machine, which is not hers to reach.
    let entry = json!({ "name": "ledger", "program": { "url": ledger.url() } });
    olga.post(REGISTRY, entry)
        .await
        .refused(422, "MCP_ENTRY_INVALID");
    works(api).await.unwrap();
    assert_eq!(standing(api).await["state"], "authorized");
    daemon.stop().await;
}

#[tokio::test]
async fn without_a_keychain_nobody_is_sent_to_a_browser() {
    let ledger = Ledger::start().await;
    let home = Home::new().with_loopback();
    let daemon = Daemon::start(&home).await;
    let api = daemon.api();
    registered(api, &ledger.url()).await;
    stands(api, "needed").await;
    let error = api.post(AUTHORIZATION, json!({})).await;
    let error = error.refused(409, "KEYCHAIN_SWITCHED_OFF");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("Nothing was begun"),
        "{error}"
    );
    assert_eq!(ledger.seen().await["registered"], 0);
    daemon.stop().await;
}

#[tokio::test]
async fn the_command_line_prints_the_address_waits_and_says_how_it_went() {
    let (ring, ledger) = (Keyring::start().await, Ledger::start().await);
    let home = home(&ring).with("RUST_LOG", "error");
    let run = async |args: &[&str]| {
        let mut command = home.chimerad();
        command.arg("mcp").args(args);
        let (code, said, noted) = finished(command, A_LINE).await;
        (code, said + &noted)
    };
    let (_, said) = run(&["add", "ledger", "--url", &ledger.url()]).await;
    assert!(said.contains("registered"), "{said}");
    let (code, said) = run(&["authorize", "ledger"]).await;
    assert!(
        code == Some(1) && said.contains("not trusted"),
        "{code:?} {said}"
    );
    run(&["trust", "ledger", "--yes"]).await;

    // Ended by hand: nothing is half done.
    let (mut child, _) = authorizing(&home).await;
    let id = child.id().unwrap().to_string();
    let asked = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(asked.unwrap().success());
    let left = timeout(A_LINE, child.wait()).await.unwrap().unwrap();
    assert_eq!(left.code(), Some(130));
    assert_eq!(ring.entries(TOKENS), 0);

    let (child, address) = authorizing(&home).await;
    assert!(ledger.opened(&address).await.contains("Authorized."));
    let output = timeout(A_LINE, child.wait_with_output())
        .await
        .unwrap()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && said.contains("authorized by"),
        "{said}"
    );
    let (code, said) = run(&["offer", "ledger"]).await;
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = run(&["unauthorize", "ledger"]).await;
    assert!(code == Some(0) && said.contains("erased"), "{said}");
    assert_eq!(ring.entries(TOKENS), 0);
}

/// Changes the entry, at whatever version it is: what the server tells of itself is written down meanwhile.
async fn changed(api: &Api, entry: &Value) -> Value {
    until("it is changed", SOON, || async {
        let etag = api.look(LEDGER).await.etag.unwrap();
        let answer = api.put_if(LEDGER, &etag, entry.clone()).await;
        (answer.status != 412).then(|| answer.ok())
    })
    .await
}

/// The command that waits, and the address that it printed.
async fn authorizing(home: &Home) -> (Child, String) {
    let mut command = home.chimerad();
    command.args(["mcp", "authorize", "ledger"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let stdout = child.stdout.as_mut().unwrap();
    let mut address = Vec::new();
    // Byte by byte: what comes after the line is read by whoever waits for the end.
    let mut byte = [0];
    loop {
        let read = tokio::io::AsyncReadExt::read(stdout, &mut byte);
        assert_eq!(timeout(A_LINE, read).await.unwrap().unwrap(), 1, "it ended");
        if byte == *b"\n" {
            break;
        }
        address.extend(byte);
    }
    (child, String::from_utf8(address).unwrap())
}

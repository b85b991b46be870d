//! The program behind the tests of child processes: the server of `src/tests/peer.rs` over
//! standard streams (`modern`), or hand-written messages of the older revision (`legacy`,
//! `brittle`: dies of anything before `initialize`), or no server at all (`mute`, `noisy`).
//!
//! Never here: anything that ships.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a server speaks on its standard streams, and this one belongs to the tests"
)]

#[path = "../src/tests/peer.rs"]
mod peer;

use std::io::{BufRead, Write};

use serde_json::{Value, json};

fn main() {
    let mut args = std::env::args().skip(1);
    let mode = args.next().unwrap_or_default();
    eprintln!("peer starts as {mode}");
    for (name, value) in std::env::vars() {
        eprintln!("env {name}={value}");
    }
    match mode.as_str() {
        "modern" => modern(),
        "legacy" => legacy(false),
        "brittle" => legacy(true),
        "mute" => for _ in std::io::stdin().lock().lines() {},
        "noisy" => loop {
            println!("what a lovely day");
        },
        // Ignores the end of its input, and leaves a grandchild that would outlive it.
        "stubborn" => stubborn(),
        other => {
            eprintln!("no such mode: {other}");
            std::process::exit(64);
        }
    }
}

fn modern() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let peer = peer::Peer::new(std::sync::Arc::default(), || {
            eprintln!("peer dies");
            std::process::exit(3);
        });
        let (stdin, stdout) = rmcp::transport::stdio();
        peer.serve(tokio::io::join(stdin, stdout)).await;
    });
}

fn stubborn() {
    let mut grandchild = std::process::Command::new("sleep")
        .arg("600")
        .spawn()
        .unwrap();
    eprintln!("grandchild {}", grandchild.id());
    legacy(false);
    drop(grandchild.wait());
}

/// 2025-11-25 by hand, so that nothing of the client's own library answers it.
fn legacy(brittle: bool) {
    let mut initialized = false;
    for line in std::io::stdin().lock().lines() {
        let Ok(message) = serde_json::from_str::<Value>(&line.unwrap()) else {
            continue;
        };
        let (id, method) = (&message["id"], message["method"].as_str().unwrap_or(""));
        let result = match method {
            "initialize" => {
                initialized = true;
                json!({
                    "protocolVersion": "2025-11-25",
                    "capabilities": {"tools": {"listChanged": true}},
                    "serverInfo": {"name": "old", "version": "0.1"},
                })
            }
            _ if brittle && !initialized => std::process::exit(1),
            "tools/list" => json!({"tools": [
                {"name": "echo", "inputSchema": {"type": "object"}},
                {"name": "pid", "inputSchema": {"type": "object"}},
            ]}),
            "tools/call" => {
                let text = match message["params"]["name"].as_str() {
                    Some("pid") => std::process::id().to_string(),
                    _ => message["params"].to_string(),
                };
                json!({"content": [{"type": "text", "text": text}]})
            }
            _ if id.is_null() => continue,
            _ => {
                let error = json!({"code": -32601, "message": "Method not found"});
                println!("{}", json!({"jsonrpc": "2.0", "id": id, "error": error}));
                continue;
            }
        };
        println!("{}", json!({"jsonrpc": "2.0", "id": id, "result": result}));
        std::io::stdout().flush().unwrap();
    }
}

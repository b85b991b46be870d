//! A shipped MCP server as a real child process, behind a relay that lets a call go wrong: the process is
//! killed while it answers, or its answer is blown up.
//!
//! Never here: what the product makes of it.

use std::{
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use chimera_mcp::Transport;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, split},
    process::Command,
};

/// More than a host takes as a tool's result.
const HUGE_CHARS: usize = 2 << 20;

/// What goes wrong with calls of the tool.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Accident {
    /// Nothing.
    None,
    /// The server did it, and its process is killed before the answer is out; so many times.
    KilledAnswering(usize),
    /// The answer is far too long; always.
    Huge,
}

/// A server, a tool of it, and what happens to calls of that tool.
#[derive(Clone)]
pub(crate) struct Relay {
    start: Arc<dyn Fn() -> Command + Send + Sync>,
    tool: &'static str,
    accident: Accident,
    calls: Arc<AtomicUsize>,
}

impl Relay {
    pub(crate) fn new(
        start: impl Fn() -> Command + Send + Sync + 'static,
        tool: &'static str,
        accident: Accident,
    ) -> Self {
        Self {
            start: Arc::new(start),
            tool,
            accident,
            calls: Arc::default(),
        }
    }

    /// Calls of the tool that reached the server.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Acquire)
    }

    pub(crate) fn transport(&self) -> Transport {
        let relay = self.clone();
        Transport::in_process(move |pipe| relay.clone().serve(pipe))
    }

    /// One connection: a process of its own, until either side ends.
    async fn serve(self, pipe: DuplexStream) {
        let mut child = (self.start)()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut to_server = child.stdin.take().unwrap();
        let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
        let (from_host, mut to_host) = split(pipe);
        let mut asks = BufReader::new(from_host).lines();
        let mut struck = None;
        loop {
            tokio::select! {
                ask = asks.next_line() => {
                    let Ok(Some(line)) = ask else { break };
                    if let Some(id) = self.call_in(&line) {
                        let count = self.calls.fetch_add(1, Ordering::AcqRel);
                        struck = self.strikes(count).then_some(id);
                    }
                    if to_server.write_all(format!("{line}\n").as_bytes()).await.is_err() { break }
                }
                answer = answers.next_line() => {
                    let Ok(Some(line)) = answer else { break };
                    let message: Value = serde_json::from_str(&line).unwrap();
                    let line = if struck.is_some() && struck.as_ref() == message.get("id") {
                        if self.accident != Accident::Huge { break }
                        blown_up(&message["id"])
                    } else {
                        line
                    };
                    if to_host.write_all(format!("{line}\n").as_bytes()).await.is_err() { break }
                }
            }
        }
        child.kill().await.unwrap();
    }

    /// The id of a call of the tool.
    fn call_in(&self, line: &str) -> Option<Value> {
        let message: Value = serde_json::from_str(line).unwrap();
        let is_call = message["method"] == "tools/call" && message["params"]["name"] == self.tool;
        is_call.then(|| message["id"].clone())
    }

    const fn strikes(&self, before: usize) -> bool {
        match self.accident {
            Accident::None => false,
            Accident::KilledAnswering(times) => before < times,
            Accident::Huge => true,
        }
    }
}

fn blown_up(id: &Value) -> String {
    let content = json!([{ "type": "text", "text": "x".repeat(HUGE_CHARS) }]);
    json!({ "jsonrpc": "2.0", "id": id, "result": { "content": content, "isError": false } })
        .to_string()
}

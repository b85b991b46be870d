//! A server by hand, of either age, that asks in the middle of its calls whatever a test wants, also what no library
//! would send.
//!
//! Never here: assertions.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream},
    sync::{mpsc, oneshot},
};
use tokio_util::sync::CancellationToken;

use super::classed;
use crate::{ServerSpec, Transport};

/// Lines that wait to be written.
const LINES: usize = 64;

/// What a test learns of the server, and how it ends it.
#[derive(Clone, Default)]
pub(super) struct Asker {
    /// Whether it speaks 2025-11-25.
    pub(super) old: bool,
    /// Everything that it was sent, in order.
    pub(super) got: Arc<Mutex<Vec<Value>>>,
    /// Cancelled, it hangs up.
    pub(super) end: CancellationToken,
}

type Waiting = Arc<Mutex<HashMap<String, oneshot::Sender<Value>>>>;

impl Asker {
    pub(super) fn new(old: bool) -> Self {
        Self {
            old,
            ..Self::default()
        }
    }

    pub(super) fn spec(&self) -> ServerSpec {
        let asker = self.clone();
        let transport = Transport::in_process(move |pipe| {
            let asker = asker.clone();
            async move {
                tokio::select! {
                    () = asker.serve(pipe) => {}
                    () = asker.end.cancelled() => {}
                }
            }
        });
        classed(ServerSpec::new("peer", transport))
    }

    /// The requests of one method that it was sent.
    pub(super) fn got(&self, method: &str) -> Vec<Value> {
        let got = self.got.lock().unwrap_or_else(PoisonError::into_inner);
        let of = got.iter().filter(|message| message["method"] == method);
        of.cloned().collect()
    }

    async fn serve(&self, pipe: DuplexStream) {
        let (read, mut write) = tokio::io::split(pipe);
        let (out, mut lines) = mpsc::channel::<Value>(LINES);
        let end = self.end.clone();
        tokio::spawn(async move {
            while let Some(Some(message)) = end.run_until_cancelled(lines.recv()).await {
                let line = format!("{message}\n");
                if write.write_all(line.as_bytes()).await.is_err() {
                    return;
                }
            }
        });
        let waiting = Waiting::default();
        let mut read = BufReader::new(read).lines();
        while let Ok(Some(line)) = read.next_line().await {
            let message: Value = serde_json::from_str(&line).unwrap();
            self.got.lock().unwrap().push(message.clone());
            if message.get("method").is_none() {
                let id = message["id"].as_str().unwrap_or_default();
                if let Some(waiting) = waiting.lock().unwrap().remove(id) {
                    drop(waiting.send(message));
                }
                continue;
            }
            if message["id"].is_null() {
                continue;
            }
            let (asker, out, waiting) = (self.clone(), out.clone(), Arc::clone(&waiting));
            tokio::spawn(async move {
                let id = message["id"].clone();
                let answer = asker.answer(&message, &out, &waiting).await;
                let mut reply = json!({ "jsonrpc": "2.0", "id": id });
                match answer {
                    Some(result) => reply["result"] = result,
                    None => reply["error"] = json!({ "code": -32601, "message": "no" }),
                }
                drop(out.send(reply).await);
            });
        }
    }

    async fn answer(
        &self,
        message: &Value,
        out: &mpsc::Sender<Value>,
        waiting: &Waiting,
    ) -> Option<Value> {
        let tools = json!([{ "name": "ask", "inputSchema": { "type": "object" } }]);
        let can = json!({ "tools": {}, "resources": {} });
        Some(match (self.old, message["method"].as_str()?) {
            (true, "initialize") => json!({
                "protocolVersion": "2025-11-25", "capabilities": can,
                "serverInfo": { "name": "asker", "version": "1" },
            }),
            (false, "server/discover") => json!({
                "resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": can,
                "ttlMs": 0, "cacheScope": "private",
            }),
            (_, "tools/list") => {
                json!({ "resultType": "complete", "tools": tools, "ttlMs": 0, "cacheScope": "private" })
            }
            (true, "tools/call") => {
                let mut answers = Vec::new();
                for params in message["params"]["arguments"]["ask"].as_array()? {
                    answers.push(ask(params, out, waiting).await);
                }
                told(&json!({ "answers": answers }))
            }
            (false, "tools/call") => input_or_result(&message["params"]),
            // A resource that asks whose it shall be, and says what it was told.
            (true, "resources/read") => {
                let told = ask(&whose(), out, waiting).await;
                json!({ "contents": [{ "uri": "ask://whose", "text": told.to_string() }] })
            }
            (false, "resources/read") => {
                let whose = json!({ "ask": [whose()] });
                input_or_result(&json!({ "arguments": whose }))
            }
            _ => return None,
        })
    }
}

/// What a resource asks before it is read.
fn whose() -> Value {
    let name = json!({ "name": { "type": "string" } });
    json!({ "message": "Whose?", "requestedSchema": { "type": "object", "properties": name } })
}

/// The parameters with a message of `fill` signs, where a test wants more than it can send here.
fn filled(params: &Value) -> Value {
    let mut params = params.clone();
    if let Some(signs) = params["fill"].as_u64() {
        params["message"] = json!("x".repeat(usize::try_from(signs).unwrap()));
    }
    params
}

/// Asks as 2025-11-25 does: a request of its own, in the middle of the call. `method` beside the parameters is another
/// one.
async fn ask(params: &Value, out: &mpsc::Sender<Value>, waiting: &Waiting) -> Value {
    let id = uuid::Uuid::new_v4().to_string();
    let (answer, answered) = oneshot::channel();
    waiting.lock().unwrap().insert(id.clone(), answer);
    let params = filled(params);
    let method = params["method"].as_str().unwrap_or("elicitation/create");
    let asked = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
    drop(out.send(asked).await);
    let answer = answered.await.unwrap_or_default();
    match answer.get("error") {
        Some(error) => error["message"].clone(),
        None => answer["result"].clone(),
    }
}

/// Asks as 2026-07-28 does: a result that wants input, until there is some. `endless` never has enough.
fn input_or_result(params: &Value) -> Value {
    let arguments = &params["arguments"];
    if params["inputResponses"].is_object() && arguments["endless"] != true {
        let state = &params["requestState"];
        return told(&json!({ "answers": params["inputResponses"], "state": state }));
    }
    let none = Vec::new();
    let asked = arguments["ask"].as_array().unwrap_or(&none);
    let requests: BTreeMap<String, Value> = asked
        .iter()
        .enumerate()
        .map(|(at, params)| {
            let params = filled(params);
            let method = params["method"].as_str().unwrap_or("elicitation/create");
            (
                format!("q{at}"),
                json!({ "method": method, "params": params }),
            )
        })
        .collect();
    let mut result =
        json!({ "resultType": "input_required", "requestState": "state\u{2003}\u{0}\"é" });
    if !requests.is_empty() {
        result["inputRequests"] = json!(requests);
    }
    result
}

fn told(content: &Value) -> Value {
    json!({ "resultType": "complete", "content": [], "structuredContent": content })
}

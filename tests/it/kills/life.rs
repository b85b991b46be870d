//! One life of the breakable server, and a client that takes a broken connection for what it is: no answer.
//!
//! Never here: what is asked.

use std::{os::unix::process::ExitStatusExt, process::Stdio, time::Duration};

use chimera_testkit::breakpoints::{Breakpoint, Step, Write};
use reqwest::Method;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Child,
    time::timeout,
};

use super::scenes::Scene;
use crate::support::{Api, Home};

/// Longest wait for a process to say where it listens, or to leave.
const STARTS_WITHIN: Duration = Duration::from_secs(60);
/// The signal that nobody can catch.
const SIGKILL: i32 = 9;

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) etag: Option<String>,
    pub(super) body: Value,
}

impl Answer {
    pub(super) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }
}

/// A running server.
pub(super) struct Life {
    child: Child,
    pub(super) api: Api,
}

impl Life {
    /// Begins a life; none when it ended before it served.
    pub(super) async fn begin(
        home: &Home,
        scene: Scene,
        ends_at: Option<Breakpoint>,
    ) -> Option<Self> {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(home.at("log"))
            .unwrap();
        let mut command = home.breakable();
        if let Some(breakpoint) = ends_at {
            command.arg("--ends-at").arg(breakpoint.to_string());
            if breakpoint.step == Step::Write(Write::PutSetting) {
                // The first two are those of a run over what is old; it is a person's that is meant.
                command.args(["--passes", "2"]);
            }
        }
        let mut child = command
            .args(scene.life())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = timeout(STARTS_WITHIN, lines.next_line()).await;
        let Some(address) = first.expect("it said nothing in time").unwrap() else {
            let status = timeout(STARTS_WITHIN, child.wait()).await.unwrap().unwrap();
            let said = std::fs::read_to_string(home.at("log")).unwrap();
            assert_eq!(
                status.signal(),
                Some(SIGKILL),
                "{ends_at:?}: {status}: {said}"
            );
            return None;
        };
        let token = std::fs::read_to_string(home.data().join("token")).unwrap();
        Some(Self {
            child,
            api: Api::new(&address, &token),
        })
    }

    pub(super) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// That it ended by the signal, and not by itself.
    pub(super) async fn was_killed(mut self, at: Breakpoint) {
        let status = self.child.wait().await.unwrap();
        assert_eq!(status.signal(), Some(SIGKILL), "at {at}: {status}");
    }

    pub(super) fn ask_to_leave(&self) {
        let Some(id) = self.child.id() else { return };
        drop(
            std::process::Command::new("kill")
                .args(["-TERM", &id.to_string()])
                .status(),
        );
    }

    /// Asks it to leave, and waits until it did in good order.
    pub(super) async fn leave(mut self) {
        self.ask_to_leave();
        let left = timeout(STARTS_WITHIN, self.child.wait()).await;
        let status = left.expect("it did not leave in time").unwrap();
        assert!(status.success(), "it left with {status}");
    }

    /// Asks; no answer when the connection broke.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Option<Answer> {
        let mut request = self.api.request(method, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.ok()?;
        let etag = response.headers().get("etag");
        let etag = etag.and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        let status = response.status().as_u16();
        let text = response.text().await.ok()?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Some(Answer { status, etag, body })
    }

    /// The body of a successful read.
    pub(super) async fn get(&self, path: &str) -> Option<Value> {
        let answer = self.ask(Method::GET, path, None, &[]).await?;
        (answer.status == 200).then_some(answer.body)
    }

    /// The first rows of a list.
    pub(super) async fn list(&self, path: &str) -> Option<Vec<Value>> {
        let join = if path.contains('?') { '&' } else { '?' };
        let mut page = self.get(&format!("{path}{join}limit=200")).await?;
        match page["items"].take() {
            Value::Array(rows) => Some(rows),
            _ => None,
        }
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Option<Answer> {
        self.ask(Method::POST, path, Some(body), &[]).await
    }

    /// Reads what is there, and writes with its version.
    pub(super) async fn change(
        &self,
        method: Method,
        path: &str,
        to: &str,
        body: Value,
    ) -> Option<Answer> {
        let seen = self.ask(Method::GET, path, None, &[]).await?;
        let etag = seen.etag?;
        self.ask(method, to, Some(body), &[("if-match", &etag)])
            .await
    }
}

//! `chimerad campaign run --wait` while it runs: what it said so far, and the API that people decide over.
//!
//! Never here: what it should say, or a decision.

use std::{process::Stdio, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines},
    process::{Child, ChildStdout},
    time::timeout,
};

use super::{client::Api, home::Home, run::Run};

/// Longest wait for the next line, and for the end once everything is decided.
const SAYS_WITHIN: Duration = Duration::from_secs(60);

/// A run that stays until everything is decided. Dropping it kills the process.
pub(crate) struct Following {
    child: Child,
    out: Lines<BufReader<ChildStdout>>,
    said: Vec<Value>,
    api: Api,
}

impl Following {
    /// Starts a run over these feeds; comes back when it serves.
    pub(crate) async fn start(home: &Home, goal: &str, feeds: &[&str]) -> Self {
        let mut command = home.chimerad();
        command.args(["campaign", "run", "--wait", "--json", "--goal", goal]);
        for feed in feeds {
            command.args(["--feed", feed]);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = line(&mut out).await.expect("it ended before it served");
        let data = &first["data"];
        assert_eq!(first["event"], "serving", "{first:#}");
        let token = std::fs::read_to_string(data["token_file"].as_str().unwrap()).unwrap();
        let api = Api::new(data["address"].as_str().unwrap(), &token);
        Self {
            child,
            out,
            said: vec![first],
            api,
        }
    }

    /// The API in the name of the local operator.
    pub(crate) const fn api(&self) -> &Api {
        &self.api
    }

    /// Reads on until a task of this step is in this state; what is said of it comes back.
    pub(crate) async fn hears(&mut self, step: &str, state: &str) -> Value {
        loop {
            let next = line(&mut self.out).await;
            let next = next
                .unwrap_or_else(|| panic!("it ended before {step} was {state}: {:#?}", self.said));
            self.said.push(next.clone());
            let data = &next["data"];
            if next["event"] == "task" && data["step"] == step && data["state"] == state {
                return data.clone();
            }
        }
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for its end.
    pub(crate) async fn ends(mut self) -> Run {
        while let Some(next) = line(&mut self.out).await {
            self.said.push(next);
        }
        let status = timeout(SAYS_WITHIN, self.child.wait()).await;
        let code = status
            .expect("it said its last word and did not leave")
            .unwrap()
            .code();
        let mut noted = String::new();
        let mut err = self.child.stderr.take().unwrap();
        err.read_to_string(&mut noted).await.unwrap();
        Run {
            code,
            lines: self.said,
            noted,
        }
    }
}

async fn line(out: &mut Lines<BufReader<ChildStdout>>) -> Option<Value> {
    let next = timeout(SAYS_WITHIN, out.next_line()).await;
    let text = next.expect("it fell silent").unwrap()?;
    Some(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")))
}

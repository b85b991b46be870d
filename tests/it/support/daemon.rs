//! `chimerad serve` as a process.
//!
//! Never here: what is asked of it.

use std::{process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::Child,
    time::timeout,
};

use super::{client::Api, home::Home};

/// Longest wait for a process to say where it listens, or to leave.
const STARTS_WITHIN: Duration = Duration::from_secs(30);

/// A running server. Dropping it kills the process.
pub(crate) struct Daemon {
    child: Child,
    api: Api,
}

/// How a process ended that did not come to serve.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) code: Option<i32>,
    pub(crate) said: String,
}

impl Daemon {
    /// Starts in this home on a free port.
    pub(crate) async fn start(home: &Home) -> Self {
        Self::try_start(home, 0)
            .await
            .unwrap_or_else(|refused| panic!("chimerad did not start: {refused:?}"))
    }

    /// Starts in this home, or tells how it was refused.
    pub(crate) async fn try_start(home: &Home, port: u16) -> Result<Self, Refused> {
        let mut child = spawn(home, port);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = timeout(STARTS_WITHIN, lines.next_line()).await;
        let first = first.expect("chimerad said nothing in time").unwrap();
        let Some(address) = first else {
            let status = timeout(STARTS_WITHIN, child.wait()).await.unwrap().unwrap();
            return Err(Refused {
                code: status.code(),
                said: std::fs::read_to_string(home.at("log")).unwrap(),
            });
        };
        let token = std::fs::read_to_string(home.data().join("token")).unwrap();
        Ok(Self {
            child,
            api: Api::new(&address, &token),
        })
    }

    /// Starts and kills it so long after, whether it serves by then or not.
    pub(crate) async fn stillborn(home: &Home, life: Duration) {
        let mut child = spawn(home, 0);
        tokio::time::sleep(life).await;
        child.kill().await.unwrap();
    }

    /// The API in the name of the local operator.
    pub(crate) const fn api(&self) -> &Api {
        &self.api
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Ends it without a word, as a power cut would.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Asks it to leave, and waits until it did.
    pub(crate) async fn stop(mut self) {
        let id = self.child.id().unwrap().to_string();
        let asked = std::process::Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap();
        assert!(asked.success());
        let left = timeout(STARTS_WITHIN, self.child.wait()).await;
        let status = left.expect("chimerad did not leave in time").unwrap();
        assert!(status.success(), "chimerad left with {status}");
    }
}

fn spawn(home: &Home, port: u16) -> Child {
    let log = std::fs::File::options()
        .create(true)
        .append(true)
        .open(home.at("log"))
        .unwrap();
    home.chimerad()
        .args(["serve", "--port", &port.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap()
}

/// The output of a command that ends by itself.
pub(crate) async fn finished(
    mut command: tokio::process::Command,
    within: Duration,
) -> (Option<i32>, String, String) {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let (mut said, mut noted) = (String::new(), String::new());
    let all = async {
        let (one, other) = tokio::join!(
            out.read_to_string(&mut said),
            err.read_to_string(&mut noted)
        );
        one.unwrap();
        other.unwrap();
        child.wait().await.unwrap()
    };
    let status = timeout(within, all).await;
    let status = status.unwrap_or_else(|_| panic!("still running after {within:?}"));
    (status.code(), said, noted)
}

//! A model provider that follows a script, on a free loopback port: it answers each family by its own API; and an
//! authorization server that does.
//!
//! It speaks HTTP/1.1 by hand over a socket, so that it can also break it: answers cut off in the middle,
//! slow drips, garbage. Never here: a judgement of what a real model would say.

#![expect(
    clippy::unwrap_used,
    reason = "a server for tests: a panic there is the report"
)]

mod authorization;
mod http;
mod reply;
mod request;
mod wire;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

pub use self::{
    authorization::{AuthorizationRequest, AuthorizationScript, AuthorizationServer},
    reply::Reply,
    request::{ModelRequest, When},
    wire::Speaks,
};

/// Most requests that are remembered.
const MAX_REMEMBERED: usize = 10_000;

/// What the server answers.
pub struct Script {
    rules: Vec<(When, Reply)>,
    otherwise: Arc<dyn Fn(&ModelRequest) -> Reply + Send + Sync>,
}

impl Script {
    /// Answers nothing but what is added; a request without a rule gets status 501.
    #[must_use]
    pub fn new() -> Self {
        Self::answering(|_| Reply::status(501, "the script has no line for this request"))
    }

    /// Answers by a function: a stand-in for a whole model.
    pub fn answering(answer: impl Fn(&ModelRequest) -> Reply + Send + Sync + 'static) -> Self {
        Self {
            rules: Vec::new(),
            otherwise: Arc::new(answer),
        }
    }

    /// Adds a rule. The first that fits, and is not used up, answers.
    #[must_use]
    pub fn on(mut self, when: When, reply: Reply) -> Self {
        self.rules.push((when, reply));
        self
    }

    fn reply(&mut self, request: &ModelRequest) -> Reply {
        for (when, reply) in &mut self.rules {
            if when.takes(request) {
                return reply.clone();
            }
        }
        (self.otherwise)(request)
    }
}

impl Default for Script {
    fn default() -> Self {
        Self::new()
    }
}

/// A running server. Dropping it closes the port and every connection.
pub struct ModelServer {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<ModelRequest>>>,
    _stop: watch::Sender<()>,
    accepting: JoinHandle<()>,
}

impl ModelServer {
    /// Starts on a free loopback port.
    pub async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (stop, stopped) = watch::channel(());
        let script = Arc::new(Mutex::new(script));
        let accepting = tokio::spawn({
            let seen = Arc::clone(&seen);
            async move {
                while let Ok((socket, _)) = listener.accept().await {
                    tokio::spawn(until(
                        stopped.clone(),
                        serve(socket, Arc::clone(&script), Arc::clone(&seen)),
                    ));
                }
            }
        });
        Self {
            address,
            seen,
            _stop: stop,
            accepting,
        }
    }

    /// Where the API begins, for the settings of a provider of any family.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Host and port, for the list of allowed private hosts.
    #[must_use]
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// Every request so far, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<ModelRequest> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Runs `work` until the server is dropped.
async fn until(mut stopped: watch::Receiver<()>, work: impl Future<Output = ()>) {
    tokio::select! {
        () = work => {}
        // The sender is only ever dropped.
        _ = stopped.changed() => {}
    }
}

async fn serve(
    mut socket: TcpStream,
    script: Arc<Mutex<Script>>,
    seen: Arc<Mutex<Vec<ModelRequest>>>,
) {
    let Some(raw) = http::read_request(&mut socket).await else {
        return;
    };
    let request = ModelRequest::of(&raw);
    let reply = script
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .reply(&request);
    {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() < MAX_REMEMBERED {
            seen.push(request.clone());
        }
    }
    reply.send(&mut socket, &request).await;
}

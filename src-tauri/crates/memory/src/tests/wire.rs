//! A scripted HTTP server on loopback: answers by a script, and writes down what it was asked.
//!
//! Never here: what the answers are.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use chimera_net::{HttpClient, HttpSettings};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// One request as it came.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) line: String,
    pub(super) key: Option<String>,
    pub(super) body: Value,
}

type Script = dyn Fn(&Asked) -> Option<(u16, String)> + Send + Sync;

/// The server; ends with the test's runtime.
pub(super) struct Scripted {
    pub(super) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Scripted {
    pub(super) async fn new(
        script: impl Fn(&Asked) -> (u16, String) + Send + Sync + 'static,
    ) -> Self {
        Self::perhaps(move |asked| Some(script(asked))).await
    }

    /// One that reads and never answers.
    pub(super) async fn silent() -> Self {
        Self::perhaps(|_| None).await
    }

    async fn perhaps(
        script: impl Fn(&Asked) -> Option<(u16, String)> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (kept, script): (_, Arc<Script>) = (asked.clone(), Arc::new(script));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, kept.clone(), script.clone()));
            }
        });
        Self { address, asked }
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(super) fn client() -> HttpClient {
        HttpClient::new(HttpSettings {
            allow_hosts: vec!["127.0.0.1".parse().unwrap()],
            ..HttpSettings::default()
        })
        .unwrap()
    }
}

/// Reads one request, answers it, and closes.
async fn answer(mut stream: TcpStream, kept: Arc<Mutex<Vec<Asked>>>, script: Arc<Script>) {
    let mut read = Vec::new();
    let head = loop {
        if let Some(at) = read.windows(4).position(|part| part == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut read).await.unwrap_or(0) == 0 {
            return;
        }
    };
    let text = String::from_utf8_lossy(&read[..head]).into_owned();
    let header = |name: &str| {
        text.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    };
    let length: usize = header("content-length").map_or(0, |length| length.parse().unwrap());
    while read.len() < head + 4 + length {
        if stream.read_buf(&mut read).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let first = text.lines().next().unwrap_or_default();
    let asked = Asked {
        line: first.trim_end_matches(" HTTP/1.1").to_owned(),
        key: header("authorization"),
        body: serde_json::from_slice(&read[head + 4..]).unwrap_or_default(),
    };
    let answer = script(&asked);
    kept.lock().unwrap().push(asked);
    let Some((status, body)) = answer else {
        // Until the other side goes away.
        drop(stream.read_buf(&mut read).await);
        return;
    };
    let reply = format!(
        "HTTP/1.1 {status} Scripted\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    drop(stream.write_all(reply.as_bytes()).await);
}

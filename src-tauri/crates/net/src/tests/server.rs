//! A server that answers byte by byte what a test wrote, and resolvers with made-up names.
//!
//! Never here: assertions.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::{Lookup, Resolver};

/// What the server does after it has read the head of a request.
#[derive(Clone)]
pub(super) enum Reply {
    /// Sends these bytes and closes.
    Bytes(Vec<u8>),
    /// Sends the head, then the piece again and again with a pause before each, until the
    /// client leaves.
    Endless {
        head: String,
        piece: Vec<u8>,
        pause: Duration,
    },
    /// Sends the head, then says nothing and keeps the connection.
    Silent { head: String },
}

impl Reply {
    pub(super) fn ok(body: &str) -> Self {
        Self::with("200 OK", "", body.as_bytes())
    }

    /// An answer with a status, more header lines (each ended by CRLF) and a body.
    pub(super) fn with(status: &str, headers: &str, body: &[u8]) -> Self {
        let head = format!(
            "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        Self::Bytes([head.as_bytes(), body].concat())
    }

    pub(super) fn redirect(status: u16, location: &str) -> Self {
        Self::with(
            &format!("{status} Moved"),
            &format!("location: {location}\r\n"),
            b"",
        )
    }
}

/// A server on a free port, with what it was asked.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers each path with its reply, and any other with 404.
    pub(super) async fn start(replies: &[(&str, Reply)]) -> Self {
        Self::start_on("127.0.0.1", replies).await
    }

    pub(super) async fn start_on(ip: &str, replies: &[(&str, Reply)]) -> Self {
        let listener = TcpListener::bind((ip, 0)).await.unwrap();
        let replies: HashMap<String, Reply> = replies
            .iter()
            .map(|(path, reply)| ((*path).to_owned(), reply.clone()))
            .collect();
        let server = Self {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
        };
        let requests = server.requests.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, replies.clone(), requests.clone()));
            }
        });
        server
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The heads of all requests so far.
    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn answer(
    mut stream: TcpStream,
    replies: HashMap<String, Reply>,
    requests: Arc<Mutex<Vec<String>>>,
) {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap().to_owned();
    requests.lock().unwrap().push(head);
    let missing = Reply::with("404 Not Found", "", b"");
    // The client may leave at any time, which is what some tests are about.
    let _ = send(&mut stream, replies.get(&path).unwrap_or(&missing)).await;
}

async fn send(stream: &mut TcpStream, reply: &Reply) -> io::Result<()> {
    match reply {
        Reply::Bytes(bytes) => stream.write_all(bytes).await?,
        Reply::Endless { head, piece, pause } => {
            stream.write_all(head.as_bytes()).await?;
            loop {
                tokio::time::sleep(*pause).await;
                stream.write_all(piece).await?;
            }
        }
        Reply::Silent { head } => {
            stream.write_all(head.as_bytes()).await?;
            // Until the client closes.
            stream.read_u8().await?;
        }
    }
    stream.shutdown().await
}

/// Made-up names. Each look-up takes the next of a name's answers; the last one stays.
#[derive(Default)]
pub(super) struct Names {
    answers: Mutex<HashMap<String, Vec<Vec<IpAddr>>>>,
    never: Vec<String>,
}

impl Names {
    /// A name that gives these answers in turn, each with these addresses.
    pub(super) fn with(self, name: &str, answers: &[&[&str]]) -> Self {
        let parsed = answers
            .iter()
            .map(|ips| ips.iter().map(|ip| ip.parse().unwrap()).collect())
            .collect();
        self.answers.lock().unwrap().insert(name.to_owned(), parsed);
        self
    }

    /// A name for which the resolver never answers.
    pub(super) fn never(mut self, name: &str) -> Self {
        self.never.push(name.to_owned());
        self
    }
}

impl Resolver for Names {
    fn lookup<'a>(&'a self, host: &'a str) -> Lookup<'a> {
        if self.never.iter().any(|name| name == host) {
            return Box::pin(std::future::pending());
        }
        let mut answers = self.answers.lock().unwrap();
        let answer = match answers.get_mut(host) {
            Some(turns) if turns.len() > 1 => Ok(turns.remove(0)),
            Some(turns) => Ok(turns[0].clone()),
            None => Err(io::Error::other("no such name")),
        };
        Box::pin(std::future::ready(answer))
    }
}

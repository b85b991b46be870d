//! A web server on a free loopback port that serves feeds, and remembers how it was asked.
//!
//! It speaks HTTP/1.1 by hand, so that it can also misbehave: endless bodies, redirects in a circle.
//! Never here: what is in a feed.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// Bytes of one piece of a huge body.
const PIECE_BYTES: usize = 64 << 10;

/// What is at an address.
#[derive(Clone)]
pub(crate) enum Page {
    /// This body; with a tag, whoever names it gets 304.
    Body { body: String, etag: Option<String> },
    /// A redirect to this path.
    Redirect(String),
    /// So many bytes of well-formed beginning, never ending well.
    Huge(usize),
}

impl Page {
    pub(crate) fn plain(body: String) -> Self {
        Self::Body { body, etag: None }
    }

    pub(crate) fn tagged(body: String, etag: &str) -> Self {
        Self::Body {
            body,
            etag: Some(etag.to_owned()),
        }
    }
}

/// One request as it came and what became of it.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    pub(crate) path: String,
    pub(crate) if_none_match: Option<String>,
    pub(crate) status: u16,
    /// Bytes of body that the client took.
    pub(crate) sent: usize,
}

type Pages = Arc<Mutex<HashMap<String, Page>>>;

/// A running server. Dropping it closes the port.
pub(crate) struct FeedServer {
    address: SocketAddr,
    pages: Pages,
    hits: Arc<Mutex<Vec<Hit>>>,
    accepting: JoinHandle<()>,
}

impl FeedServer {
    pub(crate) async fn start(pages: Vec<(&str, Page)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let pages: HashMap<_, _> = pages
            .into_iter()
            .map(|(path, page)| (path.to_owned(), page))
            .collect();
        let pages: Pages = Arc::new(Mutex::new(pages));
        let hits = Arc::new(Mutex::new(Vec::new()));
        let accepting = tokio::spawn({
            let (pages, hits) = (Arc::clone(&pages), Arc::clone(&hits));
            async move {
                while let Ok((socket, _)) = listener.accept().await {
                    tokio::spawn(serve(socket, Arc::clone(&pages), Arc::clone(&hits)));
                }
            }
        });
        Self {
            address,
            pages,
            hits,
            accepting,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// From now on, this is at `path`.
    pub(crate) fn put(&self, path: &str, page: Page) {
        self.pages.lock().unwrap().insert(path.to_owned(), page);
    }

    /// Requests of `path` so far that were answered.
    pub(crate) fn hits(&self, path: &str) -> Vec<Hit> {
        let hits = self.hits.lock().unwrap();
        hits.iter()
            .filter(|hit| hit.path == path)
            .cloned()
            .collect()
    }
}

impl Drop for FeedServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(mut socket: TcpStream, pages: Pages, hits: Arc<Mutex<Vec<Hit>>>) {
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        match socket.read_buf(&mut head).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let if_none_match = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("if-none-match"))
        .map(|(_, value)| value.trim().to_owned());
    let page = pages.lock().unwrap().get(&path).cloned();
    let (status, sent) = answer(&mut socket, page, if_none_match.as_deref()).await;
    hits.lock().unwrap().push(Hit {
        path,
        if_none_match,
        status,
        sent,
    });
    // That the client left already is its own affair.
    drop(socket.shutdown().await);
}

async fn answer(socket: &mut TcpStream, page: Option<Page>, tag: Option<&str>) -> (u16, usize) {
    let (status, headers, body) = match page {
        None => (404, String::new(), String::new()),
        Some(Page::Redirect(to)) => (302, format!("location: {to}\r\n"), String::new()),
        Some(Page::Huge(bytes)) => return (200, huge(socket, bytes).await),
        Some(Page::Body { body, etag }) => match etag {
            Some(etag) if tag == Some(&etag) => (304, format!("etag: {etag}\r\n"), String::new()),
            Some(etag) => (200, format!("etag: {etag}\r\n"), body),
            None => (200, String::new(), body),
        },
    };
    let head = format!(
        "HTTP/1.1 {status} As Asked\r\ncontent-type: application/xml; charset=utf-8\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    );
    let sent = body.len();
    drop(socket.write_all(head.as_bytes()).await);
    drop(socket.write_all(body.as_bytes()).await);
    (status, sent)
}

/// Streams without saying how long it will be, and tells how much was taken.
async fn huge(socket: &mut TcpStream, bytes: usize) -> usize {
    let head = "HTTP/1.1 200 As Asked\r\ncontent-type: application/xml\r\nconnection: close\r\n\r\n<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>";
    if socket.write_all(head.as_bytes()).await.is_err() {
        return 0;
    }
    let piece = vec![b'x'; PIECE_BYTES];
    let mut sent = 0;
    while sent < bytes && socket.write_all(&piece).await.is_ok() {
        sent += piece.len();
    }
    sent
}

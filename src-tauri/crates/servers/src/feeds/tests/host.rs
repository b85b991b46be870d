//! A web server on loopback that answers what a test tells it to, and notes what it was asked.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// What a path answers.
#[derive(Clone)]
pub(super) enum Answer {
    /// Status, headers, body.
    Whole(u16, String, Vec<u8>),
    /// The body, or 304 when asked with this entity tag.
    Tagged(&'static str, String),
    /// A body of so many bytes, with no length told, for as long as somebody reads.
    Endless(usize),
}

/// The server; it ends with the test.
pub(super) struct Host {
    pub(super) port: u16,
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
    pub(super) sent: Arc<AtomicUsize>,
}

impl Host {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = Self {
            port: listener.local_addr().unwrap().port(),
            answers: Arc::default(),
            asked: Arc::default(),
            sent: Arc::default(),
        };
        let (answers, asked, sent) = (host.answers.clone(), host.asked.clone(), host.sent.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answers.clone(), asked.clone(), sent.clone()));
            }
        });
        host
    }

    pub(super) fn answer(&self, path: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    pub(super) fn feed(&self, path: &str, body: impl Into<Vec<u8>>) {
        self.answer(
            path,
            Answer::Whole(
                200,
                "Content-Type: application/rss+xml\r\n".into(),
                body.into(),
            ),
        );
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Every request so far, as it came.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
    sent: Arc<AtomicUsize>,
) {
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read).lines();
    let mut head = String::new();
    while let Ok(Some(line)) = lines.next_line().await {
        if line.is_empty() {
            break;
        }
        head.push_str(&line.to_lowercase());
        head.push('\n');
    }
    let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
    asked.lock().unwrap().push(head.clone());
    let answer = answers.lock().unwrap().get(&path).cloned();
    let whole = |status: u16, headers: &str, body: &[u8]| {
        let head = format!(
            "HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    };
    let bytes = match answer {
        None => whole(404, "", b"nothing here"),
        Some(Answer::Whole(status, headers, body)) => whole(status, &headers, &body),
        Some(Answer::Tagged(tag, _)) if head.contains(&format!("if-none-match: {tag}")) => {
            whole(304, "", b"")
        }
        Some(Answer::Tagged(tag, body)) => {
            let headers =
                format!("ETag: {tag}\r\nLast-Modified: Sat, 21 Nov 2026 09:00:00 GMT\r\n");
            whole(200, &headers, body.as_bytes())
        }
        Some(Answer::Endless(total)) => {
            let piece = [b'x'; 64 * 1024];
            let mut result = write
                .write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<rss>")
                .await;
            let mut left = total;
            while result.is_ok() && left > 0 {
                result = write.write_all(&piece).await;
                left = left.saturating_sub(piece.len());
                sent.fetch_add(piece.len(), Ordering::Relaxed);
            }
            return;
        }
    };
    drop(write.write_all(&bytes).await);
    drop(write.shutdown().await);
}

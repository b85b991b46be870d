//! Where the browser comes back to: an address of this machine that nobody else reaches (RFC 8252), open for one round.
//!
//! Never here: whether what comes back belongs to the round (`session`).

use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

/// Most bytes of a request that are read.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// Longest time for a request to arrive, and for its answer to leave.
const HEAD_TIME: Duration = Duration::from_secs(5);
/// The path that is listened at.
const PATH: &str = "/callback";

/// An open address; closed when it is dropped.
#[derive(Debug)]
pub struct Loopback {
    listener: TcpListener,
    redirect_uri: String,
}

/// Somebody who came back, and waits for a page.
#[derive(Debug)]
pub struct Arrival {
    stream: TcpStream,
    query: String,
}

impl Loopback {
    /// Opens an address that is free.
    ///
    /// # Errors
    /// When there is none.
    pub async fn open() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        Ok(Self {
            listener,
            redirect_uri: format!("http://127.0.0.1:{port}{PATH}"),
        })
    }

    /// The address, as the authorization server is told it.
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Waits for somebody to come back. What asks for anything else is sent away, one after the other: a browser that
    /// asks for an icon too, or a stranger on this machine, ends nothing.
    ///
    /// # Errors
    /// When nobody can come any more.
    pub async fn arrival(&self) -> io::Result<Arrival> {
        loop {
            let (mut stream, _) = self.listener.accept().await?;
            match timeout(HEAD_TIME, query(&mut stream)).await {
                Ok(Ok(Some(query))) => return Ok(Arrival { stream, query }),
                Ok(Ok(None)) => {
                    answer(&mut stream, "404 Not Found", "There is nothing here.").await;
                }
                Ok(Err(_)) | Err(_) => {}
            }
        }
    }
}

impl Arrival {
    /// What came along. It has a secret in it.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.query
    }

    /// Tells whoever looks at the browser how it went. Nothing of the request is repeated.
    pub async fn tell(mut self, done: bool) {
        let (status, words) = if done {
            (
                "200 OK",
                "Authorized. You can close this page and go back to Chimera.",
            )
        } else {
            (
                "400 Bad Request",
                "Not authorized. You can close this page; Chimera says why.",
            )
        };
        answer(&mut self.stream, status, words).await;
    }
}

/// The query of a request for the path, or nothing for any other.
async fn query(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut head = Vec::new();
    let mut piece = [0_u8; 1_024];
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        let read = stream.read(&mut piece).await?;
        if read == 0 || head.len() + read > MAX_HEAD_BYTES {
            return Ok(None);
        }
        head.extend_from_slice(piece.get(..read).unwrap_or_default());
    }
    let head = String::from_utf8_lossy(&head);
    let target = head
        .strip_prefix("GET ")
        .and_then(|rest| rest.split_once(' '))
        .filter(|(_, rest)| rest.starts_with("HTTP/1."))
        .map(|(target, _)| target);
    Ok(target
        .and_then(|target| target.split_once('?'))
        .filter(|(path, _)| *path == PATH)
        .map(|(_, query)| query.to_owned()))
}

/// Whoever went away meanwhile misses nothing that counts.
async fn answer(stream: &mut TcpStream, status: &str, words: &str) {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Chimera</title><p>{words}</p></html>"
    );
    let whole = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
    let written = async {
        stream.write_all(whole.as_bytes()).await?;
        stream.shutdown().await
    };
    drop(timeout(HEAD_TIME, written).await);
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn asked(address: &str, request: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        // A request that was too long is cut off, which may come as a reset.
        let _ = stream.read_to_string(&mut answer).await;
        answer.lines().next().unwrap_or_default().to_owned()
    }

    #[tokio::test]
    async fn only_the_callback_is_an_arrival() {
        let loopback = Loopback::open().await.unwrap();
        let address = loopback.redirect_uri()["http://".len()..]
            .trim_end_matches(PATH)
            .to_owned();
        let visits = tokio::spawn(async move {
            let mut answers = Vec::new();
            for request in [
                "GET /favicon.ico HTTP/1.1\r\n\r\n".to_owned(),
                "POST /callback?code=1 HTTP/1.1\r\n\r\n".to_owned(),
                "GET /callback HTTP/1.1\r\n\r\n".to_owned(),
                format!(
                    "GET /callback?{} HTTP/1.1\r\n\r\n",
                    "x".repeat(MAX_HEAD_BYTES)
                ),
                "GET /callback?code=1&state=2 HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
            ] {
                answers.push(asked(&address, &request).await);
            }
            answers
        });
        let arrival = loopback.arrival().await.unwrap();
        assert_eq!(arrival.query(), "code=1&state=2");
        arrival.tell(true).await;
        let answers = visits.await.unwrap();
        assert_eq!(answers[..3], ["HTTP/1.1 404 Not Found"; 3]);
        assert_eq!(answers[4], "HTTP/1.1 200 OK");
    }
}

//! As much HTTP/1.1 as the scripted server needs, one request a connection.
//!
//! Never here: a general server.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Largest head of a request in bytes.
const MAX_HEAD_BYTES: usize = 64 << 10;
/// Largest body of a request in bytes.
const MAX_BODY_BYTES: usize = 4 << 20;

/// A request as it came.
pub(super) struct RawRequest {
    pub method: String,
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl RawRequest {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Reads one request; nothing when the far side leaves or sends none.
pub(super) async fn read_request(socket: &mut TcpStream) -> Option<RawRequest> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if bytes.len() > MAX_HEAD_BYTES || socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let mut request = RawRequest {
        method: first.next()?.to_owned(),
        path: first.next()?.to_owned(),
        headers: lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
            .collect(),
        body: bytes.split_off(head_end + 4),
    };
    let length: usize = request
        .header("content-length")
        .and_then(|length| length.parse().ok())
        .unwrap_or(0);
    if length > MAX_BODY_BYTES {
        return None;
    }
    while request.body.len() < length {
        if socket.read_buf(&mut request.body).await.ok()? == 0 {
            return None;
        }
    }
    Some(request)
}

/// Writes a whole answer. That the far side left already is its own affair.
pub(super) async fn write_whole(
    socket: &mut TcpStream,
    status: u16,
    headers: &[(String, String)],
    body: &[u8],
) {
    let mut head = format!(
        "HTTP/1.1 {status} Scripted\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let _ = socket.write_all(head.as_bytes()).await;
    let _ = socket.write_all(body).await;
    let _ = socket.shutdown().await;
}

/// Writes the head of a streamed answer.
pub(super) async fn begin_stream(socket: &mut TcpStream, content_type: &str) {
    let head = format!(
        "HTTP/1.1 200 Scripted\r\ncontent-type: {content_type}\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    let _ = socket.write_all(head.as_bytes()).await;
}

/// Writes one piece; false when the far side left.
pub(super) async fn write_piece(socket: &mut TcpStream, piece: &[u8]) -> bool {
    let framed = [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
    socket.write_all(&framed).await.is_ok() && socket.flush().await.is_ok()
}

/// Ends a streamed answer properly.
pub(super) async fn end_stream(socket: &mut TcpStream) {
    let _ = socket.write_all(b"0\r\n\r\n").await;
    let _ = socket.shutdown().await;
}

//! JSON-RPC messages as lines of bytes over a pair of streams: bounded on the way in, marked on
//! the way out.
//!
//! rmcp has a line transport of its own; this one exists for two things that it does not do. An
//! oversized message ends the connection with a reason, where rmcp drops it and lets its caller
//! wait; and a request carries a [`Departure`] that tells afterwards whether any byte of it left,
//! which is what separates "certainly did not act" from "nobody knows".
//!
//! Never here: what a message means.

use std::{
    borrow::Cow,
    fmt,
    io::{self, ErrorKind},
    sync::{
        Arc, Mutex as StdMutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rmcp::{
    RoleClient,
    model::{GetExtensions, JsonRpcMessage},
    service::{RxJsonRpcMessage, TxJsonRpcMessage},
    transport::Transport,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    sync::Mutex,
    task::AbortHandle,
};
use tokio_util::sync::CancellationToken;

use crate::{child::Child, http::Problem};

/// Largest message that is read, in bytes. A result is capped far lower; this is what keeps a
/// server from filling our memory. Text results carry their JSON twice and escaped, hence the
/// distance to [`crate::reply::MAX_TOOL_RESULT_BYTES`].
pub(crate) const MAX_MESSAGE_BYTES: usize = 8 * 1024 * 1024;
/// Lines on standard output that are no messages, before the server counts as broken.
const MAX_STRAY_LINES: usize = 1_000;
/// How long a server that closed its output may take to be gone before we stop looking.
const EXIT_GLANCE: Duration = Duration::from_millis(250);

/// Whether any byte of a request has left, and what went wrong with it. Travels in the request's extensions, which never
/// reach the wire.
#[derive(Clone, Debug, Default)]
pub(crate) struct Departure(Arc<Fate>);

#[derive(Debug, Default)]
struct Fate {
    has_left: AtomicBool,
    problem: StdMutex<Option<Problem>>,
}

impl Departure {
    pub(crate) fn mark(&self) {
        self.0.has_left.store(true, Ordering::Release);
    }

    /// It turned out that the server never acted on it.
    pub(crate) fn take_back(&self) {
        self.0.has_left.store(false, Ordering::Release);
    }

    /// True once the first byte was handed to the stream.
    pub(crate) fn has_left(&self) -> bool {
        self.0.has_left.load(Ordering::Acquire)
    }

    /// Keeps what went wrong with it.
    pub(crate) fn note(&self, problem: Problem) {
        *self
            .0
            .problem
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(problem);
    }

    /// What went wrong with it, where its own answer tells: over HTTP.
    pub(crate) fn problem(&self) -> Option<Problem> {
        self.0
            .problem
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// How a connection ended; written once by the transport, read by whoever waited.
#[derive(Debug, Default)]
pub(crate) struct Ending {
    cause: OnceLock<Cause>,
    exit: OnceLock<String>,
    over: CancellationToken,
}

/// Why no further message came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Cause {
    /// The server closed its output.
    Closed,
    /// A message was larger than [`MAX_MESSAGE_BYTES`].
    Oversized,
    /// A message was broken JSON, so that nobody knows whose answer it was.
    Malformed,
    /// Too many lines that are no messages.
    Noise,
}

impl Ending {
    fn set(&self, cause: Cause) {
        // The first cause is the true one; what follows is its consequence.
        let _later = self.cause.set(cause);
        self.over.cancel();
    }

    /// Returns when no further message comes; over HTTP, where there is no one connection, never.
    pub(crate) async fn is_over(&self) {
        self.over.cancelled().await;
    }

    pub(crate) fn cause(&self) -> Option<Cause> {
        self.cause.get().copied()
    }

    pub(crate) fn note_exit(&self, how: String) {
        let _later = self.exit.set(how);
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cause() {
            Some(Cause::Closed) => f.write_str("it closed the connection")?,
            Some(Cause::Oversized) => {
                write!(
                    f,
                    "it sent a message of more than {MAX_MESSAGE_BYTES} bytes"
                )?;
            }
            Some(Cause::Malformed) => f.write_str("it sent a message that is not JSON")?,
            Some(Cause::Noise) => write!(
                f,
                "it wrote {MAX_STRAY_LINES} lines to its output that are no messages"
            )?,
            None => f.write_str("the connection broke")?,
        }
        match self.exit.get() {
            Some(exit) => write!(f, " and {exit}"),
            None => Ok(()),
        }
    }
}

/// What must end together with the connection.
pub(crate) enum Tail {
    /// The task that serves the other end of an in-memory pipe.
    Task(AbortHandle),
    /// The child process.
    Child(Child),
}

/// The line transport.
pub(crate) struct LineTransport<R, W> {
    read: BufReader<R>,
    line: Vec<u8>,
    stray_lines: usize,
    write: Arc<Mutex<Option<W>>>,
    ending: Arc<Ending>,
    tail: Option<Tail>,
}

impl<R, W> LineTransport<R, W>
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin,
{
    pub(crate) fn new(read: R, write: W, ending: Arc<Ending>, tail: Tail) -> Self {
        Self {
            read: BufReader::new(read),
            line: Vec::new(),
            stray_lines: 0,
            write: Arc::new(Mutex::new(Some(write))),
            ending,
            tail: Some(tail),
        }
    }

    /// Reads into `self.line` up to and including the next newline; false at the end.
    ///
    /// Dropping the future loses nothing: `fill_buf` consumes nothing until the bytes are kept,
    /// and between keeping and consuming there is no await. The service loop depends on this.
    async fn read_line(&mut self) -> Result<bool, Cause> {
        loop {
            let buffer = self.read.fill_buf().await.map_err(|_| Cause::Closed)?;
            if buffer.is_empty() {
                return Ok(false);
            }
            let newline = buffer.iter().position(|byte| *byte == b'\n');
            let taken = newline.map_or(buffer.len(), |at| at + 1);
            if self.line.len() + taken > MAX_MESSAGE_BYTES {
                return Err(Cause::Oversized);
            }
            self.line.extend_from_slice(&buffer[..taken]);
            self.read.consume(taken);
            if newline.is_some() {
                return Ok(true);
            }
        }
    }

    /// The message in `self.line`, when it is one.
    fn parse(&mut self) -> Result<Option<RxJsonRpcMessage<RoleClient>>, Cause> {
        let line = self.line.trim_ascii();
        if line.is_empty() {
            return Ok(None);
        }
        match serde_json::from_slice(line) {
            Ok(message) => Ok(Some(message)),
            // Something was meant as a message and arrived broken: its caller would wait in vain.
            Err(error) if !error.is_data() && is_meant_as_message(line) => Err(Cause::Malformed),
            Err(_) => {
                self.stray_lines += 1;
                if self.stray_lines >= MAX_STRAY_LINES {
                    return Err(Cause::Noise);
                }
                tracing::debug!(
                    bytes = line.len(),
                    "a line on an MCP server's output is no message"
                );
                Ok(None)
            }
        }
    }
}

fn is_meant_as_message(line: &[u8]) -> bool {
    const MARK: &[u8] = b"\"jsonrpc\"";
    line.starts_with(b"{") && line.windows(MARK.len()).any(|window| window == MARK)
}

impl<R, W> Transport<RoleClient> for LineTransport<R, W>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = io::Error;

    fn name() -> Cow<'static, str> {
        "line".into()
    }

    fn send(
        &mut self,
        message: TxJsonRpcMessage<RoleClient>,
    ) -> impl Future<Output = Result<(), io::Error>> + Send + 'static {
        let write = Arc::clone(&self.write);
        async move {
            let departure = match &message {
                JsonRpcMessage::Request(request) => {
                    request.request.extensions().get::<Departure>().cloned()
                }
                _ => None,
            };
            let mut bytes = serde_json::to_vec(&message)?;
            bytes.push(b'\n');
            let mut guard = write.lock().await;
            let stream = guard
                .as_mut()
                .ok_or_else(|| io::Error::from(ErrorKind::NotConnected))?;
            let mut rest = bytes.as_slice();
            while !rest.is_empty() {
                let written = stream.write(rest).await?;
                if written == 0 {
                    return Err(ErrorKind::WriteZero.into());
                }
                if let Some(departure) = &departure {
                    departure.mark();
                }
                rest = &rest[written..];
            }
            stream.flush().await
        }
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleClient>> {
        loop {
            let cause = match self.read_line().await {
                Ok(true) => {
                    let parsed = self.parse();
                    self.line.clear();
                    match parsed {
                        Ok(Some(message)) => return Some(message),
                        Ok(None) => continue,
                        Err(cause) => cause,
                    }
                }
                Ok(false) => Cause::Closed,
                Err(cause) => cause,
            };
            self.ending.set(cause);
            return None;
        }
    }

    async fn close(&mut self) -> Result<(), io::Error> {
        drop(self.write.lock().await.take());
        match self.tail.take() {
            Some(Tail::Task(task)) => task.abort(),
            // Callers are released only after this returns: a glance catches the exit status of
            // a server that died; one that lives on is seen off in the background.
            Some(Tail::Child(child)) => child.see_off(EXIT_GLANCE, Arc::clone(&self.ending)).await,
            None => {}
        }
        Ok(())
    }
}

impl<R, W> Drop for LineTransport<R, W> {
    fn drop(&mut self) {
        if let Some(Tail::Task(task)) = self.tail.take() {
            task.abort();
        }
        // A child kills its group when it is dropped.
    }
}

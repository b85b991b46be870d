//! A scripted gRPC server on loopback, frame by frame: answers by a script, and writes down what it was asked. It shares
//! no code with what is tested but the words of a status.
//!
//! Never here: what the answers are.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use chimera_net::{HttpClient, HttpSettings, Protocol};
use h2::{
    RecvStream, SendStream,
    server::{SendResponse, handshake},
};
use http::{HeaderMap, Request, Response};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Notify,
};
use tonic::{Code, Status};

use crate::GrpcOptions;

/// One call as it came.
#[derive(Clone, Debug)]
pub(super) struct Called {
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) message: Vec<u8>,
}

impl Called {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// What the server does about a call.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    /// A message, and that it went well.
    Message(Vec<u8>),
    /// A status alone.
    Status(Code, &'static str),
    /// A message, and nothing of how it went.
    Unfinished(Vec<u8>),
    /// What the frame of a message says, whatever follows.
    Frame(u8, u32, Vec<u8>),
    /// An answer that is not gRPC's.
    Http(u16),
    /// The head of an answer, then the connection is gone.
    Cut,
    /// Nothing, and the connection stays.
    Silent,
}

type Script = dyn Fn(&Called) -> Reply + Send + Sync;

/// The server; ends with the test's runtime.
pub(super) struct Rpc {
    pub(super) address: SocketAddr,
    called: Arc<Mutex<Vec<Called>>>,
}

impl Rpc {
    pub(super) async fn new(script: impl Fn(&Called) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let called: Arc<Mutex<Vec<Called>>> = Arc::default();
        let (kept, script): (_, Arc<Script>) = (called.clone(), Arc::new(script));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, kept.clone(), script.clone()));
            }
        });
        Self { address, called }
    }

    pub(super) fn called(&self) -> Vec<Called> {
        self.called.lock().unwrap().clone()
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(super) fn options(&self) -> GrpcOptions {
        GrpcOptions {
            base_url: self.url(),
            client: client(&["127.0.0.1"]),
        }
    }
}

/// A client that speaks HTTP/2, and may reach these hosts of this machine.
pub(super) fn client(allow: &[&str]) -> HttpClient {
    HttpClient::new(HttpSettings {
        allow_hosts: allow.iter().map(|host| host.parse().unwrap()).collect(),
        protocol: Protocol::Http2,
        ..HttpSettings::default()
    })
    .unwrap()
}

async fn serve(stream: TcpStream, kept: Arc<Mutex<Vec<Called>>>, script: Arc<Script>) {
    let Ok(mut connection) = handshake(stream).await else {
        return;
    };
    let cut = Arc::new(Notify::new());
    loop {
        let accepted = tokio::select! {
            accepted = connection.accept() => accepted,
            () = cut.notified() => return,
        };
        let Some(Ok((request, respond))) = accepted else {
            return;
        };
        let (kept, script, cut) = (kept.clone(), script.clone(), cut.clone());
        tokio::spawn(async move { answer(request, respond, &kept, &*script, &cut).await });
    }
}

async fn answer(
    request: Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    kept: &Mutex<Vec<Called>>,
    script: &Script,
    cut: &Notify,
) -> Option<()> {
    let (head, mut body) = request.into_parts();
    let mut read = Vec::new();
    while let Some(data) = body.data().await {
        let data = data.ok()?;
        body.flow_control().release_capacity(data.len()).ok()?;
        read.extend_from_slice(&data);
    }
    // One message: not compressed, its length, and it.
    let length = u32::from_be_bytes(read[1..5].try_into().unwrap()) as usize;
    assert_eq!((read[0], length), (0, read.len() - 5));
    let called = Called {
        path: head.uri.path().to_owned(),
        headers: head.headers,
        message: read.split_off(5),
    };
    let reply = script(&called);
    kept.lock().unwrap().push(called);
    let begun = |status: u16| {
        let response = Response::builder().status(status);
        let response = response.header("content-type", "application/grpc");
        response.body(()).unwrap()
    };
    let mut started = |status, end| respond.send_response(begun(status), end);
    match reply {
        Reply::Message(message) => {
            let mut stream = started(200, false).ok()?;
            framed(&mut stream, 0, length_of(&message), message)?;
            let mut trailers = HeaderMap::new();
            Status::ok("").add_header(&mut trailers).unwrap();
            stream.send_trailers(trailers).ok()?;
        }
        Reply::Unfinished(message) => {
            let mut stream = started(200, false).ok()?;
            framed(&mut stream, 0, length_of(&message), message)?;
            stream.send_data(Bytes::new(), true).ok()?;
        }
        Reply::Frame(compressed, length, message) => {
            let mut stream = started(200, false).ok()?;
            framed(&mut stream, compressed, length, message)?;
            let mut trailers = HeaderMap::new();
            Status::ok("").add_header(&mut trailers).unwrap();
            stream.send_trailers(trailers).ok()?;
        }
        Reply::Status(code, words) => {
            let mut response = begun(200);
            let status = Status::new(code, words);
            status.add_header(response.headers_mut()).unwrap();
            respond.send_response(response, true).ok()?;
        }
        Reply::Http(status) => drop(started(status, true).ok()?),
        Reply::Cut => {
            let _stream = started(200, false).ok()?;
            // So that the head is out before the connection goes.
            tokio::task::yield_now().await;
            cut.notify_one();
            std::future::pending::<()>().await;
        }
        Reply::Silent => std::future::pending::<()>().await,
    }
    Some(())
}

fn length_of(message: &[u8]) -> u32 {
    u32::try_from(message.len()).unwrap()
}

fn framed(
    stream: &mut SendStream<Bytes>,
    compressed: u8,
    length: u32,
    message: Vec<u8>,
) -> Option<()> {
    let mut frame = vec![compressed];
    frame.extend(length.to_be_bytes());
    frame.extend(message);
    stream.send_data(frame.into(), false).ok()
}

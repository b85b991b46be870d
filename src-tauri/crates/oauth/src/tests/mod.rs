//! The whole way against a scripted authorization server on loopback.
//!
//! Never here: a fake of our own side.

mod hostile;
mod renewal;
mod rounds;

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU8, Ordering},
};

use chimera_domain::{fault::Fault, time::Timestamp};
use chimera_net::{HttpClient, HttpSettings};
use chimera_ports::clock::Clock;
use chimera_scripted::{AuthorizationScript, AuthorizationServer};
use http::{HeaderMap, HeaderValue, header::WWW_AUTHENTICATE};
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{Challenge, Identity, InMemory, Keeping, Session, SessionOptions};

const REDIRECT: &str = "http://127.0.0.1:7777/callback";

/// A clock that stands still until it is set.
#[derive(Default)]
struct Stood(AtomicI64);

impl Stood {
    fn set(&self, seconds: i64) {
        self.0.store(seconds * 1_000_000, Ordering::Relaxed);
    }
}

impl Clock for Stood {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::Relaxed))
    }
}

/// A session with a server, and what belongs to it.
struct World {
    server: AuthorizationServer,
    session: Session,
    clock: Arc<Stood>,
    keeping: Arc<InMemory>,
}

impl World {
    async fn new(script: AuthorizationScript) -> Self {
        let server = AuthorizationServer::start(script).await;
        let (clock, keeping) = (Arc::default(), Arc::default());
        let session = session(&server.resource(), &clock, &keeping, Identity::default());
        Self {
            server,
            session,
            clock,
            keeping,
        }
    }

    /// The same after the process ended and began again.
    fn again(&self) -> Session {
        let resource = self.server.resource();
        session(&resource, &self.clock, &self.keeping, Identity::default())
    }

    /// One round, as a person does it who agrees.
    async fn authorized(&self) -> Result<(), Fault> {
        let address = self.session.begin(REDIRECT).await?;
        self.session.finish(&opened(&address).await).await
    }

    async fn bearer(&self) -> Option<String> {
        let bearer = self.session.bearer().await.unwrap();
        bearer.map(|token| token.expose_secret().to_owned())
    }

    /// Says that the server refused its present token.
    async fn refused(&self) -> Option<String> {
        let used = self.session.bearer().await.unwrap();
        let other = self.session.refused(used.as_ref(), Challenge::default());
        other
            .await
            .map(|token: SecretString| token.expose_secret().to_owned())
    }
}

fn session(url: &str, clock: &Arc<Stood>, keeping: &Arc<InMemory>, identity: Identity) -> Session {
    session_over(url, clock, Arc::clone(keeping) as _, identity)
}

/// The same, kept anywhere.
fn session_over(
    url: &str,
    clock: &Arc<Stood>,
    keeping: Arc<dyn Keeping>,
    identity: Identity,
) -> Session {
    let net = HttpClient::new(HttpSettings {
        allow_hosts: vec!["127.0.0.1".parse().unwrap()],
        ..HttpSettings::default()
    });
    let counter = AtomicU8::new(1);
    Session::new(SessionOptions {
        net: net.unwrap(),
        url: url.to_owned(),
        identity: Identity {
            name: "Chimera".to_owned(),
            ..identity
        },
        keeping,
        clock: Arc::clone(clock) as _,
        random: Arc::new(move || [counter.fetch_add(1, Ordering::Relaxed); 32]),
    })
}

/// What a browser is redirected with that opens this address: the query of where it is sent.
async fn opened(address: &str) -> String {
    let rest = address.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut socket = TcpStream::connect(host).await.unwrap();
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    let location = answer
        .lines()
        .find_map(|line| line.strip_prefix("location: "));
    let (back, query) = location.unwrap().split_once('?').unwrap();
    assert_eq!(back, REDIRECT);
    query.to_owned()
}

fn challenge(text: &str) -> Challenge {
    let mut headers = HeaderMap::new();
    headers.insert(WWW_AUTHENTICATE, HeaderValue::from_str(text).unwrap());
    Challenge::of(&headers)
}

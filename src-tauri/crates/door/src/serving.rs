//! Serving the router on a socket: so many connections and no more, none that takes for ever to say what it wants, and an
//! orderly end.
//!
//! Never here: what is answered (the router), or who may ask (the guard).

use std::{future::Future, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{Extension, Router, body::Body, extract::ConnectInfo};
use http::Request;
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{sleep, timeout},
};
use tower::ServiceExt;

/// Longest wait for requests that were begun when the server is asked to leave.
const DRAIN: Duration = Duration::from_secs(10);
/// Pause after the system could give no connection, for example because too many files are open.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);

/// What a listener takes on.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    /// Most connections at once, event streams among them; who comes then waits to be let in.
    connections: u32,
    /// Longest time that a connection may take to send the head of a request, also between two of them. Whoever never
    /// ends one holds a place no longer.
    head_within: Duration,
}

/// Below the 1,024 files that a process may have open by default, so that the product's own files always open.
const BOUNDS: Bounds = Bounds {
    connections: 512,
    head_within: Duration::from_secs(15),
};

/// Turns true when the server leaves; whoever answers without end listens to it.
#[derive(Clone)]
pub struct Closing(pub watch::Receiver<bool>);

/// Serves the router on a socket until `until` ends; event streams end then, and requests that were begun
/// are finished, for ten seconds at most. A connection that fails is its caller's matter.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    until: impl Future<Output = ()> + Send + 'static,
) {
    serve_within(BOUNDS, listener, router, until).await;
}

async fn serve_within(
    bounds: Bounds,
    listener: TcpListener,
    router: Router,
    until: impl Future<Output = ()> + Send + 'static,
) {
    let (leaving, left) = watch::channel(false);
    let router = router.layer(Extension(Closing(leaving.subscribe())));
    let places = Arc::new(Semaphore::new(bounds.connections as usize));
    let mut until = pin!(until);
    loop {
        let (socket, peer, place) = tokio::select! {
            () = &mut until => break,
            caller = next(&listener, &places) => caller,
        };
        let answered = answer(
            socket,
            peer,
            router.clone(),
            bounds.head_within,
            left.clone(),
        );
        tokio::spawn(async move {
            answered.await;
            drop(place);
        });
    }
    drop(listener);
    leaving.send_replace(true);
    // Who has not ended by then is cut off: the process leaves.
    drop(timeout(DRAIN, places.acquire_many(bounds.connections)).await);
}

/// The next connection, once there is a place for it.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    loop {
        let Ok(place) = Arc::clone(places).acquire_owned().await else {
            // Nobody closes it while it is served.
            return std::future::pending().await;
        };
        match listener.accept().await {
            Ok((socket, peer)) => return (socket, peer, place),
            Err(error) if is_the_callers(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Whether a caller went away before it was let in.
fn is_the_callers(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

/// Answers one connection until it ends.
async fn answer(
    socket: TcpStream,
    peer: SocketAddr,
    router: Router,
    head_within: Duration,
    mut left: watch::Receiver<bool>,
) {
    let service = router.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    });
    let mut wire = http1::Builder::new();
    wire.timer(TokioTimer::new())
        .header_read_timeout(head_within);
    let service = TowerToHyperService::new(service);
    let mut connection = pin!(wire.serve_connection(TokioIo::new(socket), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = async { drop(left.wait_for(|leaving| *leaving).await) } => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, %peer, "a connection ended before its answer");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        sync::{Notify, oneshot},
        task::JoinHandle,
    };

    use super::*;

    const HALF: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-";
    const WHOLE: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    const KEPT: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const FEW: Bounds = Bounds {
        connections: 2,
        head_within: Duration::from_millis(100),
    };

    async fn served(
        bounds: Bounds,
        router: Router,
    ) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (leave, asked) = oneshot::channel::<()>();
        let until = async { drop(asked.await) };
        let server = tokio::spawn(serve_within(bounds, listener, router, until));
        (address, leave, server)
    }

    fn here() -> Router {
        Router::new().route("/", get(|| async { "here" }))
    }

    async fn said(address: SocketAddr, words: &[u8]) -> TcpStream {
        let mut socket = TcpStream::connect(address).await.unwrap();
        socket.write_all(words).await.unwrap();
        socket
    }

    async fn heard(mut socket: TcpStream) -> String {
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await.unwrap();
        String::from_utf8(answer).unwrap()
    }

    #[tokio::test]
    async fn whoever_never_says_what_it_wants_keeps_nobody_out_for_ever() {
        let (address, _leave, _server) = served(FEW, here()).await;
        let silent = [said(address, HALF).await, said(address, b"").await];
        let answer = heard(said(address, WHOLE).await).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("here"));
        for socket in silent {
            let last = heard(socket).await;
            assert!(!last.contains("200"), "{last}");
        }
    }

    #[tokio::test]
    async fn no_more_are_answered_at_once_than_there_are_places() {
        let (inside, go) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let (entered, gate) = (Arc::clone(&inside), Arc::clone(&go));
        let wait = move || {
            let (entered, gate) = (Arc::clone(&entered), Arc::clone(&gate));
            async move {
                entered.fetch_add(1, Ordering::SeqCst);
                gate.notified().await;
                "here"
            }
        };
        let (address, _leave, _server) = served(FEW, Router::new().route("/", get(wait))).await;
        let mut callers = Vec::new();
        for _ in 0..3 {
            callers.push(said(address, WHOLE).await);
        }
        for _ in 0..50 {
            sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(inside.load(Ordering::SeqCst), 2);
        for caller in callers {
            go.notify_one();
            assert!(heard(caller).await.ends_with("here"));
        }
    }

    #[tokio::test]
    async fn it_leaves_when_it_is_asked_to() {
        let (address, leave, server) = served(BOUNDS, here()).await;
        // One that was answered and stays open: it was surely let in.
        let mut idle = said(address, KEPT).await;
        let mut answer = Vec::new();
        while !answer.ends_with(b"here") {
            assert_ne!(idle.read_buf(&mut answer).await.unwrap(), 0);
        }
        drop(leave);
        server.await.unwrap();
        assert_eq!(heard(idle).await, "");
    }
}

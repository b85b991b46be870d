//! Events on their way from the API to a window.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    response::{IntoResponse, Response},
};
use futures::channel::mpsc;
use serde_json::json;
use tokio::sync::{Mutex, mpsc as batches};

use super::{Script, door, refused};
use crate::events::{Frame, Subscriptions};

type Feed = mpsc::Sender<Result<Bytes, Infallible>>;

/// An API whose stream says what is fed to it.
fn fed() -> (Feed, Script, axum::Router) {
    let (feed, said) = mpsc::channel(8);
    let said = Arc::new(Mutex::new(Some(said)));
    let script = Script::default();
    let router = script.router(move || -> Response {
        let said = said.try_lock().unwrap().take().unwrap();
        (
            [("content-type", "text/event-stream")],
            Body::from_stream(said),
        )
            .into_response()
    });
    (feed, script, router)
}

fn frame(seq: u64) -> Frame {
    Frame {
        event: "fact".to_owned(),
        data: json!({ "seq": seq }),
    }
}

fn say(feed: &mut Feed, seq: u64) {
    feed.try_send(Ok(Bytes::from(format!(
        "event: fact\nid: {seq}\ndata: {{\"seq\":{seq}}}\n\n"
    ))))
    .unwrap();
}

/// Where a window would be; `receive` is what it got.
fn window() -> (
    impl FnMut(Vec<Frame>) -> bool + Send + 'static,
    batches::Receiver<Vec<Frame>>,
) {
    let (send, receive) = batches::channel(16);
    (move |batch| send.try_send(batch).is_ok(), receive)
}

#[tokio::test]
async fn each_event_arrives_before_the_next_one_is_said() {
    let (mut feed, script, router) = fed();
    let (subscriptions, (send, mut receive)) = (Subscriptions::default(), window());
    let stream = door(router).events("main", Some(41)).await.unwrap();
    tokio::spawn(subscriptions.begin("main", 1, stream, send));
    assert_eq!(script.lines(), ["GET /api/v1/events?after=41"]);
    // The stream never ends: whoever buffered it would wait here for ever.
    for seq in 42..45 {
        say(&mut feed, seq);
        assert_eq!(receive.recv().await, Some(vec![frame(seq)]));
    }
    drop(feed);
    let closed = Frame {
        event: "closed".to_owned(),
        data: json!(null),
    };
    assert_eq!(receive.recv().await, Some(vec![closed]));
    assert_eq!(receive.recv().await, None);
}

/// Subscribes a window's channel to a stream of its own.
async fn subscribe(
    subscriptions: &Subscriptions,
    window_label: &str,
    channel: u32,
) -> (Feed, batches::Receiver<Vec<Frame>>) {
    let (feed, _, router) = fed();
    let (send, receive) = window();
    let stream = door(router).events("main", None).await.unwrap();
    tokio::spawn(subscriptions.begin(window_label, channel, stream, send));
    (feed, receive)
}

/// True while the subscription carries what is said.
async fn hears((feed, receive): &mut (Feed, batches::Receiver<Vec<Frame>>)) -> bool {
    if feed
        .try_send(Ok(Bytes::from_static(b"data: 1\n\n")))
        .is_err()
    {
        return false;
    }
    receive.recv().await.is_some()
}

#[tokio::test]
async fn a_subscription_ends_alone_and_a_window_that_leaves_ends_all_of_its_own() {
    let subscriptions = Subscriptions::default();
    let mut first = subscribe(&subscriptions, "main", 1).await;
    let mut second = subscribe(&subscriptions, "main", 2).await;
    let mut other = subscribe(&subscriptions, "other", 1).await;
    subscriptions.end("main", 1);
    until_closed(&first.0).await;
    assert_eq!(
        (
            hears(&mut first).await,
            hears(&mut second).await,
            hears(&mut other).await
        ),
        (false, true, true)
    );
    subscriptions.end_all("main");
    until_closed(&second.0).await;
    assert_eq!(
        (hears(&mut second).await, hears(&mut other).await),
        (false, true)
    );
}

#[tokio::test]
async fn one_subscription_too_many_ends_the_windows_oldest() {
    let subscriptions = Subscriptions::default();
    let mut running = Vec::new();
    for channel in 0..5 {
        running.push(subscribe(&subscriptions, "main", channel).await);
    }
    until_closed(&running[0].0).await;
    let mut heard = Vec::new();
    for subscription in &mut running {
        heard.push(hears(subscription).await);
    }
    assert_eq!(heard, [false, true, true, true, true]);
}

#[tokio::test]
async fn a_window_that_is_gone_ends_its_stream_with_the_next_event() {
    let (mut feed, _, router) = fed();
    let (send, receive) = window();
    drop(receive);
    let stream = door(router).events("main", None).await.unwrap();
    let carrying = tokio::spawn(Subscriptions::default().begin("main", 1, stream, send));
    say(&mut feed, 1);
    carrying.await.unwrap();
    until_closed(&feed).await;
}

#[tokio::test]
async fn a_refusal_is_the_apis_own_answer() {
    let script = Script::default();
    let refuse = || {
        let body =
            "{\"success\":false,\"error\":{\"code\":\"UNAUTHENTICATED\",\"message\":\"Sign in.\"}}";
        (axum::http::StatusCode::UNAUTHORIZED, body).into_response()
    };
    let door = door(script.router(refuse));
    let answer = door.events("main", None).await.unwrap_err();
    assert_eq!(refused(&answer), (401, "UNAUTHENTICATED".to_owned()));
    let answer = door.events("preview", None).await.unwrap_err();
    assert_eq!(refused(&answer), (404, "NOT_FOUND".to_owned()));
    assert_eq!(script.lines(), ["GET /api/v1/events"]);
}

/// Comes back when the other end of the feed was dropped.
async fn until_closed(feed: &Feed) {
    while !feed.is_closed() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

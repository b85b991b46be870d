//! Carries frames from the stream to the page: the first at once, more in batches, never faster than a
//! page can draw.
//!
//! Never here: who subscribes, or when it ends.

use std::{collections::VecDeque, time::Duration};

use axum::{Error, body::Bytes};
use futures::{Stream, StreamExt};
use tokio::{
    pin, select,
    time::{Instant, sleep_until},
};

use super::{Frame, sse::Lines};

/// Most frames that are handed over at once.
pub(super) const MAX_BATCH: usize = 100;
/// Shortest time between two batches, which is also the longest that a frame waits for its batch.
pub(super) const BATCH_EVERY: Duration = Duration::from_millis(20);

/// Carries until the stream ends, which is told, or until `send` returns false: nobody listens.
///
/// While a full batch waits nothing more is read, so that a page that comes back after a long time pulls the
/// log at its own speed.
pub(super) async fn carry(
    stream: impl Stream<Item = Result<Bytes, Error>>,
    mut send: impl FnMut(Vec<Frame>) -> bool,
) {
    pin!(stream);
    let mut lines = Lines::default();
    let mut waiting: VecDeque<Frame> = VecDeque::new();
    let mut due = Instant::now();
    loop {
        select! {
            biased;
            () = sleep_until(due), if !waiting.is_empty() => {
                let batch = waiting.drain(..waiting.len().min(MAX_BATCH)).collect();
                if !send(batch) {
                    return;
                }
                due = Instant::now() + BATCH_EVERY;
            }
            piece = stream.next(), if waiting.len() < MAX_BATCH => {
                let read = match piece {
                    Some(Ok(bytes)) => lines.take(&bytes, &mut waiting).map_err(|error| error.to_string()),
                    Some(Err(error)) => Err(error.to_string()),
                    None => break,
                };
                if let Err(error) = read {
                    tracing::warn!(error, "the event stream broke");
                    break;
                }
            }
        }
    }
    waiting.push_back(Frame::closed());
    while !waiting.is_empty() {
        sleep_until(due).await;
        let batch = waiting.drain(..waiting.len().min(MAX_BATCH)).collect();
        if !send(batch) {
            return;
        }
        due = Instant::now() + BATCH_EVERY;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use futures::{channel::mpsc, stream};
    use serde_json::json;

    use super::*;

    /// What was handed over, with the time since the start in milliseconds.
    type Batches = Arc<Mutex<Vec<(u128, Vec<Frame>)>>>;

    fn collect() -> (Batches, impl FnMut(Vec<Frame>) -> bool) {
        let batches = Batches::default();
        let (kept, began) = (batches.clone(), Instant::now());
        (batches, move |batch| {
            kept.lock()
                .unwrap()
                .push((began.elapsed().as_millis(), batch));
            true
        })
    }

    fn fact(seq: usize) -> Bytes {
        Bytes::from(format!("event: fact\ndata: {{\"seq\":{seq}}}\n\n"))
    }

    fn frame(seq: usize) -> Frame {
        Frame {
            event: "fact".to_owned(),
            data: json!({ "seq": seq }),
        }
    }

    /// Time and size of each batch, and every frame in order.
    fn seen(batches: &Batches) -> (Vec<(u128, usize)>, Vec<Frame>) {
        let batches = batches.lock().unwrap();
        let sizes = batches
            .iter()
            .map(|(at, batch)| (*at, batch.len()))
            .collect();
        (
            sizes,
            batches
                .iter()
                .flat_map(|(_, batch)| batch.clone())
                .collect(),
        )
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_comes_in_order_in_full_batches_with_pauses() {
        let (batches, send) = collect();
        let facts = stream::iter((0..350).map(|seq| Ok(fact(seq))));
        carry(facts, send).await;
        let (sizes, frames) = seen(&batches);
        // The first goes out alone, at once; the last batch holds the end as well.
        assert_eq!(sizes, [(0, 1), (20, 100), (40, 100), (60, 100), (80, 50)]);
        let expected: Vec<Frame> = (0..350).map(frame).chain([Frame::closed()]).collect();
        assert_eq!(frames, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn one_piece_with_many_frames_is_cut_into_batches() {
        let (batches, send) = collect();
        let piece: Vec<u8> = (0..250).flat_map(fact).collect();
        carry(stream::iter([Ok(Bytes::from(piece))]), send).await;
        let (sizes, frames) = seen(&batches);
        assert_eq!(sizes, [(0, 100), (20, 100), (40, 51)]);
        assert_eq!(frames.last(), Some(&Frame::closed()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_single_frame_is_not_held_back_and_none_is_waited_for() {
        let (batches, send) = collect();
        let (mut feed, facts) = mpsc::channel(4);
        let carrying = tokio::spawn(carry(facts, send));
        for at in [5u64, 500] {
            tokio::time::sleep(Duration::from_millis(at)).await;
            feed.try_send(Ok(fact(usize::try_from(at).unwrap())))
                .unwrap();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(seen(&batches).0, [(5, 1), (505, 1)]);
        drop(feed);
        carrying.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn it_stops_when_nobody_listens_and_pulls_no_more_than_a_batch_ahead() {
        let pulled = Arc::new(Mutex::new(0));
        let count = pulled.clone();
        let facts = stream::iter((0..10_000).map(move |seq| {
            *count.lock().unwrap() += 1;
            Ok(fact(seq))
        }));
        let mut batches = 0;
        carry(facts, |_| {
            batches += 1;
            batches < 3
        })
        .await;
        assert_eq!((batches, *pulled.lock().unwrap()), (3, 1 + 100 + 100));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_that_breaks_is_told_as_closed() {
        let (batches, send) = collect();
        let facts = stream::iter([Ok(fact(1)), Err(Error::new("cut")), Ok(fact(2))]);
        carry(facts, send).await;
        assert_eq!(seen(&batches).1, [frame(1), Frame::closed()]);
    }
}

//! A body in events, as the protocol's library reads it: each bounded, each a message.
//!
//! Never here: what a message means, or how a body becomes events (`net`).

use std::collections::VecDeque;

use chimera_net::{BodyStream, Event, EventReader, NetError};
use futures::{StreamExt, stream::BoxStream};
use rmcp::transport::streamable_http_client::SseError;
use serde::de::IgnoredAny;
use sse_stream::Sse;

use super::{Problem, Told};
use crate::wire::MAX_MESSAGE_BYTES;

/// Shortest and longest pause, in milliseconds, that a server may ask for before its stream is taken up again.
const PAUSE_MS: std::ops::RangeInclusive<u64> = 100..=30_000;

/// The events of a body, up to the first that is none.
pub(super) fn events(body: BodyStream, told: Told) -> BoxStream<'static, Result<Sse, SseError>> {
    let reading = Reading {
        body,
        told,
        reader: EventReader::default(),
        ready: VecDeque::new(),
        ended: false,
    };
    futures::stream::unfold(reading, |mut reading| async move {
        let item = reading.next().await?;
        Some((item, reading))
    })
    .boxed()
}

/// What a server sent that cannot be gone on with.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unfit(String);

struct Reading {
    body: BodyStream,
    told: Told,
    reader: EventReader,
    ready: VecDeque<Event>,
    ended: bool,
}

impl Reading {
    async fn next(&mut self) -> Option<Result<Sse, SseError>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(self.checked(event));
            }
            if self.ended {
                return None;
            }
            match self.body.next_piece().await {
                Ok(Some(piece)) => {
                    self.ready.extend(self.reader.take(&piece));
                    if self.reader.held_bytes() > MAX_MESSAGE_BYTES {
                        return Some(Err(self.unfit(Problem::oversized())));
                    }
                }
                // What has no end yet is no event, as the format says.
                Ok(None) => {
                    self.ended = true;
                    self.told
                        .note(Problem::other("it ended its answer before the result"));
                }
                Err(error) => return Some(Err(self.broken(error))),
            }
        }
    }

    fn checked(&mut self, event: Event) -> Result<Sse, SseError> {
        let is_message = matches!(event.name.as_deref(), None | Some("" | "message"));
        // An empty one only moves the place to resume from.
        let data = event.data.filter(|data| !data.trim().is_empty());
        if let Some(data) = data.as_ref().filter(|_| is_message) {
            if data.len() > MAX_MESSAGE_BYTES {
                return Err(self.unfit(Problem::oversized()));
            }
            // Whose answer it was, nobody knows: its caller would wait in vain.
            if serde_json::from_str::<IgnoredAny>(data).is_err() {
                return Err(self.unfit(Problem::malformed()));
            }
        }
        Ok(Sse {
            event: event.name,
            data,
            id: event.id,
            retry: event
                .retry_ms
                .map(|pause| pause.clamp(*PAUSE_MS.start(), *PAUSE_MS.end())),
        })
    }

    fn unfit(&mut self, problem: Problem) -> SseError {
        self.stop();
        let error = Unfit(problem.words.clone());
        self.told.note(problem);
        SseError::Body(Box::new(error))
    }

    fn broken(&mut self, error: NetError) -> SseError {
        self.stop();
        self.told.note(Problem::of(&error));
        SseError::Body(Box::new(error))
    }

    fn stop(&mut self) {
        self.ended = true;
        self.ready.clear();
    }
}

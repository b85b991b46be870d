//! The event stream: numbered facts over server-sent events, resumable from a number.

use std::{convert::Infallible, time::Duration};

use axum::{
    Extension,
    http::HeaderMap,
    response::{
        IntoResponse, Response, Sse,
        sse::{Event as Frame, KeepAlive},
    },
};
use chimera_authz as authz;
use chimera_contract::{
    endpoint::Group,
    error::request,
    event::{EventFrame, EventQuery},
};
use chimera_domain::{
    digest::Digest,
    event::{Event, Fact},
    role::Role,
};
use chimera_door::{
    counters::Counters,
    extract::Query,
    problem::{Answer, Problem},
    serving::Closing,
    signed::{Desk, Signed},
    state::Api,
    streams::{Full, Place},
};
use chimera_wire::ToWire;
use futures::{Stream, stream};
use http::{HeaderValue, header};
use tokio::{sync::watch, time::Instant};

use super::users::PEOPLE;

/// Facts that are read at once.
const BATCH: u32 = 256;
/// Longest silence on the wire; proxies and windows learn that the line stands.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Longest wait before the log is looked at again, and before it is asked whether the session still holds. Changed roles
/// wait for nothing: the fact of their change comes before all that follows it.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// What a browser waits before it comes back.
const COME_BACK: Duration = Duration::from_secs(1);

/// Facts as they happen, each one event of type `fact` whose id is its number. Resumes after
/// `Last-Event-ID`, or after `after`; without either it begins with what comes next.
#[utoipa::path(get, path = "/api/v1/events", tag = "events",
    params(EventQuery),
    responses((status = 200, content_type = "text/event-stream", body = EventFrame)))]
pub(crate) async fn events(
    Desk { api, signed }: Desk,
    closing: Option<Extension<Closing>>,
    headers: HeaderMap,
    Query(asked): Query<EventQuery>,
) -> Answer<Response> {
    let place = api
        .streams
        .take(signed.caller.tenant, signed.caller.user)
        .map_err(no_room)?;
    let last_seen = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let newest = api.store().last_event(signed.caller.tenant).await?;
    // A number from another life of the database would wait for ever.
    let after = last_seen.or(asked.after).unwrap_or(newest).min(newest);
    let watcher = Watcher {
        runtime: api.runtime.events(),
        written: api.written.subscribe(),
        closing: closing.map(|Extension(Closing(leaving))| leaving),
        token: signed.session.token,
        signed,
        api,
        after,
        checked: Instant::now(),
        ready: Vec::new(),
        _place: place,
    };
    let keep_alive = KeepAlive::new().interval(HEARTBEAT).text("still here");
    let mut response = Sse::new(frames(watcher))
        .keep_alive(keep_alive)
        .into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // A proxy that buffers would turn a push into a poll.
    response
        .headers_mut()
        .insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

fn no_room(full: Full) -> Problem {
    let why = match full {
        Full::Account => {
            "You watch in as many windows as one account may. Close one, or let a program that watches with your key end."
        }
        Full::Everybody => "Too many windows watch at once. Close one, or try again in a moment.",
    };
    Problem::saying(&request::UNAVAILABLE, why)
}

/// One open stream.
struct Watcher {
    api: Api,
    signed: Signed,
    token: Digest,
    runtime: watch::Receiver<u64>,
    written: watch::Receiver<u64>,
    /// Where a server that may leave carries this stream.
    closing: Option<watch::Receiver<bool>>,
    after: u64,
    /// When the session was last seen to hold.
    checked: Instant,
    /// Read and not yet sent, newest first.
    ready: Vec<Event>,
    _place: Place,
}

fn frames(watcher: Watcher) -> impl Stream<Item = Result<Frame, Infallible>> {
    let hello = stream::once(async { Ok(Frame::default().retry(COME_BACK).comment("hello")) });
    let facts = stream::unfold(watcher, |mut watcher| async move {
        let frame = watcher.next().await?;
        Some((Ok(frame), watcher))
    });
    futures::StreamExt::chain(hello, facts)
}

impl Watcher {
    /// The next fact; `None` ends the stream, and the browser comes back if it may.
    async fn next(&mut self) -> Option<Frame> {
        loop {
            if self.checked.elapsed() >= LOOK_AGAIN {
                self.still_signed_in().await.then_some(())?;
                self.checked = Instant::now();
            }
            if let Some(event) = self.ready.pop() {
                self.after = event.seq;
                if is_about_people(&event.fact) {
                    // Somebody's roles may have changed: what follows is told by what they are now.
                    self.still_signed_in().await.then_some(())?;
                }
                if !hears(&self.signed.caller.roles, &event.fact) {
                    continue;
                }
                Counters::add(&self.api.counters.events_sent);
                let frame = Frame::default().id(event.seq.to_string()).event("fact");
                return frame.json_data(event.wire()).ok();
            }
            // Seen before reading: what is written meanwhile wakes the wait below.
            self.runtime.borrow_and_update();
            self.written.borrow_and_update();
            let tenant = self.signed.caller.tenant;
            match self
                .api
                .store()
                .events_after(tenant, self.after, BATCH)
                .await
            {
                Ok(found) if found.is_empty() => {}
                Ok(mut found) => {
                    found.reverse();
                    self.ready = found;
                    continue;
                }
                Err(error) => {
                    tracing::error!(%error, "a stream ends: the events cannot be read");
                    return None;
                }
            }
            tokio::select! {
                changed = self.runtime.changed() => changed.ok()?,
                changed = self.written.changed() => changed.ok()?,
                () = leaving(&mut self.closing) => return None,
                () = tokio::time::sleep(LOOK_AGAIN) => {}
            }
        }
    }

    /// Whether the session lasts; the roles are taken anew, since somebody may have changed them meanwhile.
    async fn still_signed_in(&mut self) -> bool {
        match self.api.store().session(self.token, self.api.now()).await {
            Ok(Some((_, user))) => {
                self.signed.caller.roles = user.roles;
                true
            }
            _ => false,
        }
    }
}

/// Nobody hears of what they may not read. Who reads the audit log reads there what became of all work.
fn hears(roles: &[Role], fact: &Fact) -> bool {
    let audited = matches!(
        fact,
        Fact::CampaignChanged { .. }
            | Fact::TaskChanged { .. }
            | Fact::ReviewChanged { .. }
            | Fact::EffectChanged { .. }
            | Fact::PersonaChanged { .. }
    );
    authz::may(roles, group_of(fact)) || (audited && authz::may(roles, Group::AuditRead))
}

/// Whether an account was changed: perhaps that of whoever listens.
fn is_about_people(fact: &Fact) -> bool {
    matches!(fact, Fact::SettingsChanged { area } if area == PEOPLE)
}

/// Whose room a fact belongs to.
const fn group_of(fact: &Fact) -> Group {
    match fact {
        Fact::CampaignChanged { .. } | Fact::TaskChanged { .. } => Group::CampaignRead,
        Fact::ReviewChanged { .. } | Fact::EffectChanged { .. } => Group::ReviewRead,
        Fact::PersonaChanged { .. } => Group::PersonaRead,
        Fact::AlertRaised { .. } => Group::AlertRead,
        // One word of what to read again, such as `stop`: it tells nothing itself.
        Fact::SettingsChanged { .. } => Group::Own,
    }
}

/// Ends when the server leaves; never, where none does.
async fn leaving(closing: &mut Option<watch::Receiver<bool>>) {
    match closing {
        Some(leaving) => {
            // An error means that the server is gone already.
            let _ = leaving.wait_for(|leaving| *leaving).await;
        }
        None => std::future::pending().await,
    }
}

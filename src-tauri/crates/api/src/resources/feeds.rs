//! Feeds that the operator connected, offered to new campaigns.

use axum::{Json, http::StatusCode};
use chimera_contract::{
    connection::{Feed as WireFeed, FeedAddress, FeedTest, Feeds, NewFeed},
    error::{request, work},
    scalar::{Id, Time},
};
use chimera_domain::{
    id::{ConnectionId, TenantId, UserId},
    text::written,
    time::Timestamp,
};
use chimera_door::{
    extract::{Body, Path, id},
    options::SampleFeed,
    problem::{Answer, Problem},
    signed::Desk,
    state::Api,
};
use chimera_runtime::Caller;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::naming::named;

/// Setting under which the feeds are stored.
const SETTING: &str = "connections.feeds";
/// Most connected feeds of a tenant.
const MAX_FEEDS: usize = 200;
/// Most characters of an address.
const MAX_ADDRESS_CHARS: usize = 2_000;
/// Most characters of a name.
const MAX_TITLE_CHARS: usize = 80;

/// A feed as it is stored.
#[derive(Clone, Serialize, Deserialize)]
struct Feed {
    id: ConnectionId,
    url: String,
    title: String,
    added_by: UserId,
    added_at: Timestamp,
}

impl Feed {
    fn wire(&self) -> WireFeed {
        WireFeed {
            id: Id::of(self.id),
            url: self.url.clone(),
            title: self.title.clone(),
            added_by: Id::of(self.added_by),
            added_at: Time::of(self.added_at),
        }
    }
}

/// Connected feeds, by name.
#[utoipa::path(get, path = "/api/v1/connections/feeds", tag = "connections",
    responses((status = 200, body = Feeds)))]
pub(crate) async fn list_feeds(Desk { api, signed }: Desk) -> Answer<Json<Feeds>> {
    let feeds = stored(&api, signed.caller.tenant).await?;
    Ok(Json(Feeds {
        items: feeds.iter().map(Feed::wire).collect(),
    }))
}

/// Connects a feed, after reading it once.
#[utoipa::path(post, path = "/api/v1/connections/feeds", tag = "connections",
    request_body = NewFeed, responses((status = 201, body = WireFeed)))]
pub(crate) async fn add_feed(
    Desk { api, signed }: Desk,
    Body(asked): Body<NewFeed>,
) -> Answer<(StatusCode, Json<WireFeed>)> {
    let who = &signed.caller;
    let url = address(&asked.url)?;
    let own = asked
        .title
        .map(|title| named("The feed's name", &title, MAX_TITLE_CHARS))
        .transpose()
        .map_err(|error| Problem::invalid(error.to_string()))?;
    let found = api.runtime.test_feed(who, &url).await?;
    let title = own.or(found.title).unwrap_or_else(|| url.clone());
    let feed = connect(&api, who, url, &title).await?;
    Ok((StatusCode::CREATED, Json(feed.wire())))
}

/// Connects the feed that a newcomer tries things out with.
pub(crate) async fn connect_sample(api: &Api, who: &Caller, sample: &SampleFeed) -> Answer<()> {
    connect(api, who, sample.url.clone(), &sample.title).await?;
    Ok(())
}

async fn connect(api: &Api, who: &Caller, url: String, title: &str) -> Answer<Feed> {
    let title = title.trim().chars().take(MAX_TITLE_CHARS).collect();
    // Two additions at once: one after the other, or one would be lost.
    let turn = api.setup.lock().await;
    let mut feeds = stored(api, who.tenant).await?;
    if feeds.iter().any(|feed| feed.url == url) {
        return Err(Problem::new(&work::FEED_EXISTS));
    }
    if feeds.len() >= MAX_FEEDS {
        return Err(Problem::invalid(format!(
            "At most {MAX_FEEDS} feeds can be connected. Nothing was stored."
        )));
    }
    let feed = Feed {
        id: ConnectionId::from_uuid(api.runtime.ids().uuid()),
        url,
        title,
        added_by: who.user,
        added_at: api.now(),
    };
    feeds.push(feed.clone());
    store(api, who, feeds, "feed.add", &feed).await?;
    drop(turn);
    Ok(feed)
}

/// Disconnects a feed. Campaigns that read it go on reading it.
#[utoipa::path(delete, path = "/api/v1/connections/feeds/{feed}", tag = "connections",
    responses((status = 204)))]
pub(crate) async fn remove_feed(
    Desk { api, signed }: Desk,
    Path(feed): Path<String>,
) -> Answer<StatusCode> {
    let who = &signed.caller;
    let key: ConnectionId = id("feed", &feed)?;
    let turn = api.setup.lock().await;
    let mut feeds = stored(&api, who.tenant).await?;
    let place = feeds
        .iter()
        .position(|one| one.id == key)
        .ok_or_else(|| Problem::not_found("feed", &feed))?;
    let gone = feeds.remove(place);
    store(&api, who, feeds, "feed.remove", &gone).await?;
    drop(turn);
    Ok(StatusCode::NO_CONTENT)
}

/// Reads a feed once and keeps nothing. A feed that cannot be read is an answer, not a failure.
#[utoipa::path(post, path = "/api/v1/connections/feeds/test", tag = "connections",
    request_body = FeedAddress, responses((status = 200, body = FeedTest)))]
pub(crate) async fn test_feed(
    Desk { api, signed }: Desk,
    Body(asked): Body<FeedAddress>,
) -> Answer<Json<FeedTest>> {
    let url = address(&asked.url)?;
    let began = api.now();
    let read = api.runtime.test_feed(&signed.caller, &url).await;
    let took_ms = u64::try_from(api.now().since(began).to_std().as_millis()).unwrap_or(u64::MAX);
    Ok(Json(match read {
        Ok(found) => FeedTest {
            ok: true,
            title: found.title,
            items: found.items,
            warnings: found.warnings,
            took_ms,
            problem: None,
        },
        Err(error) => FeedTest {
            ok: false,
            title: None,
            items: Vec::new(),
            warnings: Vec::new(),
            took_ms,
            problem: Some(error.message),
        },
    }))
}

fn address(text: &str) -> Answer<String> {
    written("The feed's address", text, 1, MAX_ADDRESS_CHARS)
        .map_err(|error| Problem::invalid(error.to_string()))
}

async fn stored(api: &Api, tenant: TenantId) -> Answer<Vec<Feed>> {
    let Some(value) = api.store().setting(tenant, SETTING).await? else {
        return Ok(Vec::new());
    };
    serde_json::from_value(value).map_err(|error| {
        tracing::error!(%error, "the stored feeds cannot be read");
        Problem::new(&request::STORE_FAILED)
    })
}

async fn store(
    api: &Api,
    who: &Caller,
    mut feeds: Vec<Feed>,
    action: &str,
    feed: &Feed,
) -> Answer<()> {
    feeds.sort_by_key(|feed| feed.title.to_lowercase());
    let notes = api.notes(
        who,
        action,
        json!({ "feed": feed.id, "url": feed.url }),
        "connections",
    );
    api.store()
        .put_setting(who.tenant, SETTING, json!(feeds), notes)
        .await?;
    api.announce();
    Ok(())
}

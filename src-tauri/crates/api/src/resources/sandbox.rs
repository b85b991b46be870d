//! The sandbox network as its readers see it: read through its MCP server like any network.

use std::time::Duration;

use axum::Json;
use chimera_contract::{
    content::{SandboxPost, SandboxQuery, SandboxThread},
    error::work,
    page::Page,
};
use chimera_domain::{action::ToolRef, platform::Platform, trace::TraceContext};
use chimera_door::{
    extract::{Path, Query},
    problem::{Answer, Problem},
    signed::{Desk, Signed},
    state::Api,
};
use chimera_ports::tools::ToolRequest;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// The server's name in the registry.
const SERVER: &str = "sandbox";
/// Posts of a page when nobody says how many.
const DEFAULT_POSTS: u32 = 50;
/// Most posts of a page.
const MAX_POSTS: u32 = 100;
/// Longest wait for the server.
const PATIENCE: Duration = Duration::from_secs(10);

/// The server's answer to `fetch_feed`.
#[derive(Deserialize)]
struct Feed {
    posts: Vec<SandboxPost>,
    #[serde(default)]
    next_cursor: Option<String>,
}

/// The network's posts, newest first.
#[utoipa::path(get, path = "/api/v1/sandbox/feed", tag = "content",
    params(SandboxQuery), responses((status = 200, body = Page<SandboxPost>)))]
pub(crate) async fn get_sandbox_feed(
    Desk { api, signed }: Desk,
    Query(asked): Query<SandboxQuery>,
) -> Answer<Json<Page<SandboxPost>>> {
    let mut arguments =
        json!({ "limit": asked.limit.unwrap_or(DEFAULT_POSTS).clamp(1, MAX_POSTS) });
    if let Some(cursor) = asked.after {
        arguments["cursor"] = json!(cursor);
    }
    if let Some(handle) = asked.handle {
        arguments["handle"] = json!(handle);
    }
    let mut feed: Feed = ask(&api, &signed, "fetch_feed", arguments).await?;
    label(&api, &signed, feed.posts.iter_mut()).await?;
    Ok(Json(Page {
        items: feed.posts,
        next: feed.next_cursor,
    }))
}

/// One post with its replies.
#[utoipa::path(get, path = "/api/v1/sandbox/posts/{post}", tag = "content",
    responses((status = 200, body = SandboxThread)))]
pub(crate) async fn get_sandbox_post(
    Desk { api, signed }: Desk,
    Path(post): Path<String>,
) -> Answer<Json<SandboxThread>> {
    let asked = ask(&api, &signed, "get_post", json!({ "post_id": post })).await;
    let mut thread: SandboxThread = asked.map_err(|problem: Problem| {
        if problem.code.status == 422 {
            Problem::not_found("post", &post)
        } else {
            problem
        }
    })?;
    let posts = std::iter::once(&mut thread.post).chain(&mut thread.replies);
    label(&api, &signed, posts).await?;
    Ok(Json(thread))
}

/// Says of each post whether the rehearsal wrote it, whatever the server claims: the network does not know it.
async fn label<'p>(
    api: &Api,
    signed: &Signed,
    posts: impl Iterator<Item = &'p mut SandboxPost>,
) -> Answer<()> {
    let posts: Vec<&mut SandboxPost> = posts.collect();
    let asked: Vec<String> = posts.iter().map(|post| post.post_id.clone()).collect();
    let rehearsed = api
        .store()
        .rehearsed_posts(signed.caller.tenant, Platform::Sandbox, &asked)
        .await?;
    for post in posts {
        post.rehearsal = rehearsed.contains(&post.post_id);
    }
    Ok(())
}

async fn ask<T: DeserializeOwned>(
    api: &Api,
    signed: &Signed,
    tool: &str,
    arguments: Value,
) -> Answer<T> {
    let ids = api.runtime.ids();
    let request = ToolRequest {
        tenant: signed.caller.tenant,
        agent: None,
        words_of: None,
        tool: ToolRef {
            server: SERVER.to_owned(),
            tool: tool.to_owned(),
        },
        arguments,
        trace: TraceContext {
            trace: ids.trace(),
            span: ids.span(),
        },
        timeout: PATIENCE,
    };
    let reply = api.runtime.tools().read(request).await.map_err(|error| {
        Problem::saying(&work::TOOL_UNAVAILABLE, error.fault.message.clone())
            .with(json!({ "cause": error.fault.code }))
    })?;
    if reply.is_error {
        let said = ["message", "text"]
            .iter()
            .find_map(|field| reply.content.get(field)?.as_str());
        return Err(Problem::invalid(
            said.unwrap_or("The sandbox refused this."),
        ));
    }
    serde_json::from_value(reply.content).map_err(|error| Problem::internal(&error))
}

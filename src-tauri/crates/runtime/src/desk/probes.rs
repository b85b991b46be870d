//! Trying a connection out: what the *test* buttons do.

use std::time::Duration;

use chimera_domain::action::ToolRef;
use chimera_ports::tools::ToolRequest;
use serde::Serialize;
use serde_json::{Value, json};

use super::Caller;
use crate::{error::RuntimeError, runtime::Runtime};

/// Items that a test reads.
const PROBE_ITEMS: u32 = 5;
/// Longest wait of a test.
const PROBE_TIMEOUT: Duration = Duration::from_secs(15);

/// What a feed holds.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FeedProbe {
    /// Its title, when it has one. Untrusted text.
    pub title: Option<String>,
    /// Titles of its first items. Untrusted text.
    pub items: Vec<String>,
    /// What is odd about it.
    pub warnings: Vec<String>,
}

impl Runtime {
    /// Reads a feed once and keeps nothing.
    ///
    /// # Errors
    /// What is wrong with it and what to do, in the words of the feed server.
    pub async fn test_feed(&self, who: &Caller, feed: &str) -> Result<FeedProbe, RuntimeError> {
        let ids = &self.parts().ids;
        let key = if feed.contains("://") { "url" } else { "path" };
        let request = ToolRequest {
            tenant: who.tenant,
            agent: None,
            words_of: None,
            tool: ToolRef {
                server: "feeds".to_owned(),
                tool: "fetch_feed".to_owned(),
            },
            arguments: json!({ key: feed, "max_items": PROBE_ITEMS }),
            trace: chimera_domain::trace::TraceContext {
                trace: ids.trace(),
                span: ids.span(),
            },
            timeout: PROBE_TIMEOUT,
        };
        let reply = self.parts().tools.read(request).await?;
        if reply.is_error {
            // Ours say it under `message`; whoever speaks plain MCP has only a text.
            let message = ["message", "text"]
                .iter()
                .find_map(|field| reply.content.get(field)?.as_str())
                .unwrap_or("The feed could not be read.");
            return Err(
                RuntimeError::new(crate::ErrorKind::Invalid, "FEED_UNREADABLE", message)
                    .with(reply.content.clone()),
            );
        }
        let texts = |pointer: &str, field: Option<&str>| -> Vec<String> {
            let list = reply
                .content
                .pointer(pointer)
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            list.filter_map(|entry| {
                field
                    .map_or(Some(entry), |field| entry.get(field))
                    .and_then(Value::as_str)
            })
            .map(str::to_owned)
            .collect()
        };
        Ok(FeedProbe {
            title: reply
                .content
                .pointer("/feed/title")
                .and_then(Value::as_str)
                .map(str::to_owned),
            items: texts("/items", Some("title")),
            warnings: texts("/warnings", None),
        })
    }
}

//! The audit log's export on its way into a file of the person's: a window has no download of its own.
//!
//! Here: one file, made anew, whole or not there. Never here: what is in it (the API writes that, and records that it
//! did), or a place that the page could name.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use axum::{
    body::Body,
    http::{HeaderMap, Method, header},
};
use futures::StreamExt;
use tokio::{fs::OpenOptions, io::AsyncWriteExt, time::timeout};
use tower::ServiceExt;

use super::{Door, DoorResponse, MAX_ANSWER, Refusal, Route};

/// The export.
const EXPORT: &str = "/api/v1/audit/export";
/// Name of the file where the API gave none that can be one.
const FALLBACK: &str = "chimera-audit.jsonl";
/// Longest name of the file, in bytes.
const MAX_NAME_BYTES: usize = 100;

impl Door {
    /// Writes the export into a new file in `folder`, and says where it is.
    ///
    /// # Errors
    /// The API's answer where it refuses, or why it could not be written. Then there is no file.
    pub(crate) async fn save_audit(
        &self,
        window: &str,
        folder: &Path,
    ) -> Result<PathBuf, DoorResponse> {
        let asked = async {
            let route = Route::parse(EXPORT)?;
            if !route.is_open_to(window) {
                return Err(Refusal::NotForThisWindow);
            }
            let request = self.request(Method::GET, route, &BTreeMap::new(), Body::empty())?;
            let router = self.router().await?;
            let answered = router.oneshot(request).await;
            Ok(answered.unwrap_or_else(|never| match never {}))
        };
        let response = timeout(MAX_ANSWER, asked)
            .await
            .unwrap_or(Err(Refusal::TimedOut))
            .map_err(|refusal| refusal.answer())?;
        if !response.status().is_success() {
            return Err(self
                .read(response)
                .await
                .unwrap_or_else(|refusal| refusal.answer()));
        }
        let (parts, body) = response.into_parts();
        let path = folder.join(name(&parts.headers));
        write(&path, body)
            .await
            .map_err(|why| Refusal::NotSaved(why.to_string()).answer())?;
        Ok(path)
    }
}

/// The name that the API gave, as far as it is a plain one.
fn name(headers: &HeaderMap) -> &str {
    let given = headers
        .get(header::CONTENT_DISPOSITION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once("filename=\""))
        .and_then(|(_, rest)| rest.split_once('"'));
    let plain = |name: &str| {
        let signs = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        (1..=MAX_NAME_BYTES).contains(&name.len())
            && !name.starts_with('.')
            && name.bytes().all(signs)
    };
    given
        .map(|(name, _)| name)
        .filter(|name| plain(name))
        .unwrap_or(FALLBACK)
}

/// Writes all of it, or takes away what was begun. What is there already is not written over.
async fn write(path: &Path, body: Body) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let mut file = options.open(path).await?;
    let written = async {
        let mut parts = body.into_data_stream();
        while let Some(part) = parts.next().await {
            let part = part.map_err(std::io::Error::other)?;
            file.write_all(&part).await?;
        }
        file.sync_all().await
    }
    .await;
    if written.is_err() {
        // An export that breaks off must not pass for one; that it stays is only a nuisance.
        drop(tokio::fs::remove_file(path).await);
    }
    written
}

//! The API document, and a page that shows it to people: plain HTML without a script, so that the strict
//! content policy stays whole and nothing is loaded from elsewhere.
//!
//! Never here: making the document (`document`).

use std::{fmt::Write as _, sync::LazyLock};

use axum::{
    http::header,
    response::{Html, IntoResponse},
};
use serde_json::Value;

use crate::{document::document, listed::Listed};

static DOCUMENT: LazyLock<Value> = LazyLock::new(document);
static TEXT: LazyLock<String> = LazyLock::new(|| DOCUMENT.to_string());
static PAGE: LazyLock<String> = LazyLock::new(|| page(&DOCUMENT));

/// The page's style; the content policy allows files of our own, nothing inline.
const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#d9dee7;background:#0b0e14}\
h1,h2{font-weight:600}a{color:#4cc9e0}code{font-family:ui-monospace,monospace}table{border-collapse:collapse;width:100%}\
td,th{border-bottom:1px solid #232a36;padding:.4rem .6rem;text-align:left;vertical-align:top}td:first-child{white-space:nowrap}";

pub(crate) fn routes() -> Listed {
    Listed::default()
        .get("/api/openapi.json", openapi)
        .get("/api/docs", shown)
        .get("/api/docs/style.css", style)
}

async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], TEXT.as_str())
}

async fn shown() -> Html<&'static str> {
    Html(PAGE.as_str())
}

async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

fn page(document: &Value) -> String {
    let text = |pointer: &str| {
        document
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"/api/docs/style.css\"></head><body><h1>{title} {version}</h1><p>{about}</p>\
         <p>The whole document, for tools: <a href=\"/api/openapi.json\">/api/openapi.json</a></p>",
        title = escaped(text("/info/title")),
        version = escaped(text("/info/version")),
        about = escaped(text("/info/description")),
    );
    let tags = document["tags"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    for tag in tags.iter().filter_map(|tag| tag["name"].as_str()) {
        // Writing to a string cannot fail.
        let _ = write!(
            html,
            "<h2>{}</h2><table><tr><th>Address</th><th>What it does</th><th>Who may</th></tr>",
            escaped(tag)
        );
        for (path, operations) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in operations.as_object().into_iter().flatten() {
                if operation["tags"][0].as_str() == Some(tag) {
                    row(&mut html, method, path, operation);
                }
            }
        }
        html.push_str("</table>");
    }
    html.push_str("</body></html>");
    html
}

fn row(html: &mut String, method: &str, path: &str, operation: &Value) {
    let roles: Vec<&str> = operation["x-roles"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let _ = write!(
        html,
        "<tr><td><code>{} {}</code></td><td>{}</td><td>{}</td></tr>",
        escaped(&method.to_uppercase()),
        escaped(path),
        escaped(operation["summary"].as_str().unwrap_or_default()),
        escaped(&if roles.is_empty() {
            "anybody".to_owned()
        } else {
            roles.join(", ")
        }),
    );
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

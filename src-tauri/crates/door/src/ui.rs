//! The built web UI beside the API, where there is one: files as they are. Its own addresses live after the hash;
//! whoever writes one as a path is led there, because the page's files lie relative to it.
//!
//! Never here: anything under `/api`; what is not there is a failure in the envelope, not a page.

use std::path::Path;

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::{IntoResponse, Redirect, Response},
};
use chimera_contract::error::request;
use http::{HeaderValue, Method, StatusCode, header};
use tower_http::services::ServeDir;

use crate::problem::Problem;

/// Files whose name holds a digest of their content.
const HASHED: &str = "/assets/";

/// The router with the files of `dir` at every address that it does not know itself.
pub fn beside(router: Router, dir: Option<&Path>) -> Router {
    let router =
        router.method_not_allowed_fallback(async || Problem::new(&request::METHOD_NOT_ALLOWED));
    let Some(dir) = dir else {
        return router.fallback(async || Problem::new(&request::NOT_FOUND));
    };
    let files = ServeDir::new(dir);
    let files: Router = Router::new()
        .fallback_service(files)
        .layer(from_fn(of_the_ui));
    router.fallback_service(files)
}

async fn of_the_ui(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") {
        return Problem::new(&request::NOT_FOUND).into_response();
    }
    let hashed = path.starts_with(HASHED);
    let there = place(&request);
    let mut response = next.run(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        return there.map_or_else(
            || Problem::new(&request::NOT_FOUND).into_response(),
            |there| Redirect::to(&there).into_response(),
        );
    }
    // The page is looked at anew each time, and names the files that it wants by digest.
    let keep = if hashed {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    if response.status().is_success() {
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    }
    response
}

/// Where in the UI an address leads that names no file: `/review/x` is the room `#/review/x`. None for what looks like
/// a file, which is missing, and for anything but a look.
fn place(request: &Request) -> Option<String> {
    let path = request.uri().path();
    let is_file = path
        .rsplit('/')
        .next()
        .is_some_and(|last| last.contains('.'));
    if path == "/" || is_file || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let query = request
        .uri()
        .query()
        .map_or_else(String::new, |query| format!("?{query}"));
    Some(format!("/#{path}{query}"))
}

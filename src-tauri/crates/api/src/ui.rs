//! The built web UI beside the API, where there is one: files as they are, and the one page for every
//! address that the UI itself routes.
//!
//! Never here: anything under `/api`; what is not there is a failure in the envelope, not a page.

use std::path::Path;

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use chimera_contract::error::request;
use http::{HeaderValue, header};
use tower_http::services::{ServeDir, ServeFile};

use crate::problem::Problem;

/// Files whose name holds a digest of their content.
const HASHED: &str = "/assets/";

/// The router with the files of `dir` at every address that it does not know itself.
pub(crate) fn beside(router: Router, dir: Option<&Path>) -> Router {
    let router =
        router.method_not_allowed_fallback(async || Problem::new(&request::METHOD_NOT_ALLOWED));
    let Some(dir) = dir else {
        return router.fallback(async || Problem::new(&request::NOT_FOUND));
    };
    let page = ServeFile::new(dir.join("index.html"));
    let files = ServeDir::new(dir).fallback(page);
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
    let mut response = next.run(request).await;
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

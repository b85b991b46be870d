//! What handlers answer with: a body, and where a row has a version, its `ETag`.
//!
//! Never here: failures (`problem`).

use std::fmt::Display;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use chimera_contract::page::{DEFAULT_PAGE_ROWS, Page};
use chimera_ports::page::{self, PageRequest};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

/// A body with the version of what it shows.
pub struct Versioned<T> {
    /// 200, or 201 for something new.
    pub status: StatusCode,
    /// The row's version, as its `ETag`.
    pub version: String,
    /// What is shown.
    pub body: T,
}

impl<T> Versioned<T> {
    /// A body with the version that it shows.
    pub fn of(version: impl ToString, body: T) -> Self {
        Self {
            status: StatusCode::OK,
            version: version.to_string(),
            body,
        }
    }

    /// The same for something new.
    #[must_use]
    pub fn created(mut self) -> Self {
        self.status = StatusCode::CREATED;
        self
    }
}

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        response.headers_mut().extend(etag(self.version));
        response
    }
}

/// A row's version as the header of an answer; none for a version that no header can carry.
pub fn etag(version: impl Display) -> Option<(HeaderName, HeaderValue)> {
    let value = HeaderValue::from_str(&format!("\"{version}\"")).ok()?;
    Some((header::ETAG, value))
}

/// The page that a query asks for, within the bound of a page.
#[must_use]
pub fn page(after: Option<String>, limit: Option<u32>) -> PageRequest {
    PageRequest {
        after,
        limit: limit
            .unwrap_or(DEFAULT_PAGE_ROWS)
            .clamp(1, page::MAX_PAGE_ROWS),
    }
}

/// A store's page with other rows.
pub fn rows<T, U>(page: page::Page<T>, change: impl FnMut(T) -> U) -> Page<U> {
    let page = page.map(change);
    Page {
        items: page.items,
        next: page.next,
    }
}

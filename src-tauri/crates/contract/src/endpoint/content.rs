//! Content, publications, trends, and the sandbox network.

use super::{Endpoint, Group};
use crate::tag::Topic;

const READ: Group = Group::ContentRead;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get("/api/v1/content", "list_content", READ).provides(&[Topic::Content.any()]),
    Endpoint::get("/api/v1/publications", "list_publications", READ)
        .provides(&[Topic::Content.any()]),
    Endpoint::get("/api/v1/trends", "list_trends", READ).provides(&[Topic::Trend.any()]),
    Endpoint::get("/api/v1/sandbox/feed", "get_sandbox_feed", READ)
        .provides(&[Topic::Network.any()]),
    Endpoint::get("/api/v1/sandbox/posts/{post}", "get_sandbox_post", READ)
        .provides(&[Topic::Network.by("post")]),
];
